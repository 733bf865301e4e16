//! What the service's model says of a configuration: members, types and constraints.

use keyfront_wire::model::{Kind, ShapeId};
use keyfront_wire::{Operation, Service};
use serde_json::{Map, Value};

use super::finding::Finding;

/// The code that the AWS CLI and the SDKs give to what they do not send.
const NOT_SENT: &str = "ParamValidation";

/// Notes members that the model does not have and values of other types, and takes them out: no client sends them.
pub(super) fn take_out_unknown(
    service: &Service,
    operation: &Operation,
    config: &mut Map<String, Value>,
    findings: &mut Vec<Finding>,
) {
    let input = operation.input.as_ref().and_then(|input| service.shape(input.shape).structure());
    let member =
        input.and_then(|input| input.members.iter().find(|member| member.name == "DistributionConfig"));
    if let Some(member) = member {
        Walk { service, findings }.members(member.shape, config, "");
    }
}

struct Walk<'w> {
    service: &'w Service,
    findings: &'w mut Vec<Finding>,
}

impl Walk<'_> {
    fn members(&mut self, shape: ShapeId, held: &mut Map<String, Value>, place: &str) {
        let Some(structure) = self.service.shape(shape).structure() else { return };
        held.retain(|name, value| {
            let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
            let member = structure.members.iter().find(|member| member.name == name);
            let Some(member) = member else {
                self.refuse(place, format!("Unknown parameter: \"{name}\""));
                return false;
            };
            self.value(member.shape, value, &place)
        });
    }

    /// Whether the value is of the shape's type. Items that are not are taken out.
    fn value(&mut self, shape: ShapeId, value: &mut Value, place: &str) -> bool {
        let wanted = match (&self.service.shape(shape).kind, value) {
            (Kind::Structure(_), Value::Object(held)) => {
                self.members(shape, held, place);
                return true;
            }
            (Kind::List { item, .. }, Value::Array(items)) => {
                let mut index = 0;
                items.retain_mut(|held| {
                    index += 1;
                    self.value(*item, held, &format!("{place}[{}]", index - 1))
                });
                return true;
            }
            (Kind::String | Kind::Blob | Kind::Timestamp, Value::String(_))
            | (Kind::Boolean, Value::Bool(_))
            | (Kind::Float, Value::Number(_)) => return true,
            (Kind::Integer | Kind::Long, Value::Number(number)) if number.is_i64() => return true,
            (Kind::Structure(_), _) => "a structure",
            (Kind::List { .. }, _) => "a list",
            (Kind::String | Kind::Blob | Kind::Timestamp, _) => "a string",
            (Kind::Boolean, _) => "true or false",
            (Kind::Float, _) => "a number",
            (Kind::Integer | Kind::Long, _) => "a whole number",
        };
        self.refuse(place.to_owned(), format!("Invalid type for parameter: it must be {wanted}"));
        false
    }

    fn refuse(&mut self, place: String, message: String) {
        self.findings.push(Finding { place, code: NOT_SENT.to_owned(), message });
    }
}

/// Every constraint of the model that the configuration violates.
pub(super) fn violations(
    service: &Service,
    operation: &Operation,
    config: &Map<String, Value>,
) -> Vec<Finding> {
    let input = Map::from_iter([("DistributionConfig".to_owned(), Value::Object(config.clone()))]);
    let violations = service.violations(operation, &input).into_iter();
    let finding = |violation: keyfront_wire::Violation| Finding {
        place: place(&violation.path),
        code: "MalformedXML".to_owned(),
        message: violation.message,
    };
    violations.map(finding).collect()
}

/// `distributionConfig.origins.items.1.member.id` as `Origins.Items[0].Id`: the names of the model, from zero.
fn place(path: &str) -> String {
    let mut place = String::new();
    let mut words = path.split('.').skip(1).peekable();
    while let Some(word) = words.next() {
        if let Ok(number) = word.parse::<usize>() {
            place.push_str(&format!("[{}]", number.saturating_sub(1)));
            words.next_if_eq(&"member");
            continue;
        }
        if !place.is_empty() {
            place.push('.');
        }
        let mut letters = word.chars();
        place.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        place.push_str(letters.as_str());
    }
    place
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn places_are_written_by_the_names_of_the_model() {
        for (path, expected) in [
            ("distributionConfig.webACLId", "WebACLId"),
            ("distributionConfig.origins.items.1.member.id", "Origins.Items[0].Id"),
            (
                "distributionConfig.tenantConfig.parameterDefinitions.2.member.name",
                "TenantConfig.ParameterDefinitions[1].Name",
            ),
            ("distributionConfig.aliases.items.3.member", "Aliases.Items[2]"),
        ] {
            assert_eq!(place(path), expected);
        }
    }
}
