//! What a configuration is shown as, where that is not what was sent.

use serde_json::{Map, Value};

/// A member that is shown otherwise than it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) place: String,
    /// Nothing where it was left out.
    pub(super) sent: Option<Value>,
    /// Nothing where it is not shown.
    pub(super) shown: Option<Value>,
}

/// What the service fills in, changes and leaves out. Empty items of empty lists are a matter of form and not told.
pub(super) fn differences(sent: &Map<String, Value>, shown: &Map<String, Value>) -> Vec<Difference> {
    let mut found = Vec::new();
    of_members(sent, shown, "", &mut found);
    found
}

fn of_members(
    sent: &Map<String, Value>,
    shown: &Map<String, Value>,
    place: &str,
    found: &mut Vec<Difference>,
) {
    let mut names: Vec<&String> = sent.keys().chain(shown.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
        of_values(sent.get(name), shown.get(name), &place, found);
    }
}

fn of_values(sent: Option<&Value>, shown: Option<&Value>, place: &str, found: &mut Vec<Difference>) {
    match (sent, shown) {
        (Some(Value::Array(items)), None) if items.is_empty() => {}
        (Some(Value::Object(sent)), Some(Value::Object(shown))) => of_members(sent, shown, place, found),
        (Some(Value::Array(sent)), Some(Value::Array(shown)))
            if sent.len() == shown.len() && sent.iter().chain(shown).all(Value::is_object) =>
        {
            for (index, (sent, shown)) in sent.iter().zip(shown).enumerate() {
                of_values(Some(sent), Some(shown), &format!("{place}[{index}]"), found);
            }
        }
        (sent, shown) if sent == shown => {}
        (sent, shown) => {
            found.push(Difference { place: place.to_owned(), sent: sent.cloned(), shown: shown.cloned() });
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Difference, differences};

    #[test]
    fn what_is_filled_in_changed_and_left_out_is_told_by_its_place() {
        let sent = json!({
            "Aliases": { "Quantity": 0, "Items": [] },
            "Origins": { "Quantity": 1, "Items": [{ "Id": "o" }] },
            "DefaultCacheBehavior": { "CachePolicyId": "", "Methods": ["GET", "HEAD"] },
        });
        let shown = json!({
            "Aliases": { "Quantity": 0 },
            "Origins": { "Quantity": 1, "Items": [{ "Id": "o", "OriginPath": "" }] },
            "DefaultCacheBehavior": { "Methods": ["HEAD", "GET"] },
            "Staging": false,
        });
        let members = |value: &Value| value.as_object().unwrap().clone();
        let difference = |place: &str, sent: Option<Value>, shown: Option<Value>| Difference {
            place: place.to_owned(),
            sent,
            shown,
        };
        let expected = [
            difference("DefaultCacheBehavior.CachePolicyId", Some(json!("")), None),
            difference(
                "DefaultCacheBehavior.Methods",
                Some(json!(["GET", "HEAD"])),
                Some(json!(["HEAD", "GET"])),
            ),
            difference("Origins.Items[0].OriginPath", None, Some(json!(""))),
            difference("Staging", None, Some(json!(false))),
        ];
        assert_eq!(differences(&members(&sent), &members(&shown)), expected);
        assert_eq!(differences(&members(&shown), &members(&shown)), []);
    }
}
