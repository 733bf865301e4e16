//! To complete a configuration twice, and to send back what was read.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::bodies;
use super::{Members, completed, members};
use crate::distribution::{complete, required_on_update, sent};

#[test]
fn what_was_read_can_be_sent_back_and_nothing_changes() {
    for body in bodies::all() {
        let read = completed(body);
        assert_eq!(required_on_update(&read), vec![]);
        assert_eq!(sent(&read), vec![]);
        let mut again = read.clone();
        complete(&mut again);
        assert_eq!(again, read);
    }
}

/// Every place in a document.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![],
    };
    for (name, child) in children {
        let place = format!("{at}/{name}");
        places(child, &place, found);
        found.push(place);
    }
}

/// The body with something else at some of its places.
fn disturbed(body: &Value, disturbances: &[(usize, Option<Value>)]) -> Members {
    let mut body = body.clone();
    for (choice, value) in disturbances {
        let mut found = Vec::new();
        places(&body, "", &mut found);
        let Some(place) = found.get(choice % found.len().max(1)) else { continue };
        if let Some(value) = value {
            *body.pointer_mut(place).unwrap() = value.clone();
        } else {
            let (parent, member) = place.rsplit_once('/').unwrap();
            if let Some(parent) = body.pointer_mut(parent).and_then(Value::as_object_mut) {
                parent.remove(member);
            }
        }
    }
    members(body)
}

fn values() -> impl Strategy<Value = Option<Value>> {
    let small = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-1_i64..4).prop_map(Value::from),
        prop_oneof!["", "GET", "HTTP2", "tenant-only", "whitelist", "acm", "iam"].prop_map(Value::from),
        Just(Value::Array(vec![])),
        Just(Value::Object(Map::new())),
    ];
    prop_oneof![2 => Just(None), 3 => small.prop_map(Some)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn to_complete_twice_is_to_complete_once(
        body in 0..4_usize,
        disturbances in proptest::collection::vec((any::<usize>(), values()), 0..8),
    ) {
        let mut once = disturbed(&bodies::all()[body], &disturbances);
        complete(&mut once);
        let mut twice = once.clone();
        complete(&mut twice);
        prop_assert_eq!(&twice, &once);
        // Whatever was sent can be looked at without harm.
        let _findings = (required_on_update(&once), sent(&once));
    }
}
