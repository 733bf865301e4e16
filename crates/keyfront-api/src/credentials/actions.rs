//! Actions that a new policy names and that no service has: a misspelt one would grant nothing, or deny nothing.
//!
//! Only actions of CloudFront, of its KeyValueStore and of Keyfront itself are looked at, and services whose names are
//! almost theirs. A policy
//! that was stored before is used as it is.

use keyfront_domain::policy::action_matches;
use serde_json::Value;

use crate::faults::nearest;
use crate::operation::OWN_SERVICE;
use crate::registry::{Registry, RegistryError};

/// Actions of CloudFront that its model does not have as operations (AWS: Service Authorization Reference).
const WITHOUT_OPERATION: [&str; 8] = [
    "AllowVendedLogDeliveryForResource",
    "CreateSavingsPlan",
    "GetSavingsPlan",
    "ListDistributionsByLambdaFunction",
    "ListRateCards",
    "ListSavingsPlans",
    "ListUsages",
    "UpdateSavingsPlan",
];

const SERVICES: [&str; 3] = ["cloudfront", "cloudfront-keyvaluestore", OWN_SERVICE];

/// How much the name of a service must be like one of these to be taken for a mistake: `cloudfront-kvs` is, and
/// `cloudtrail` is not.
const ALMOST: f64 = 0.92;

/// An action that no service has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no service has the action {action}{}", advice(nearest))]
pub struct UnknownAction {
    /// As the policy names it.
    pub action: String,
    /// Actions that are much like it, the most similar first.
    pub nearest: Vec<String>,
}

fn advice(nearest: &[String]) -> String {
    if nearest.is_empty() {
        "; `keyfront operations` lists the operations, which are the actions".to_owned()
    } else {
        format!("; did you mean {}?", nearest.join(" or "))
    }
}

/// The first action of a policy that no service has. The document was parsed before.
pub(super) fn unknown_action(policy: &str) -> Result<Option<UnknownAction>, RegistryError> {
    let known = known_actions(&Registry::new()?);
    let document: Value = serde_json::from_str(policy).unwrap_or_default();
    let statements = one_or_many(document.get("Statement"));
    let mut actions = statements.iter().flat_map(|statement| {
        ["Action", "NotAction"].into_iter().flat_map(|name| one_or_many(statement.get(name)))
    });
    Ok(actions.find_map(|action| action.as_str().and_then(|text| unknown(text, &known))))
}

fn unknown(action: &str, known: &[(&'static str, &'static str)]) -> Option<UnknownAction> {
    let (service, name) = action.split_once(':')?;
    let unknown = |nearest| Some(UnknownAction { action: action.to_owned(), nearest });
    let Some(own) = SERVICES.into_iter().find(|own| own.eq_ignore_ascii_case(service)) else {
        let likeness = |own: &&str| strsim::jaro_winkler(own, &service.to_lowercase());
        let almost = SERVICES.into_iter().filter(|own| likeness(own) >= ALMOST);
        let nearest = almost.max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
        return unknown(vec![format!("{nearest}:{name}")]);
    };
    let mut names = known.iter().filter(|(service, _)| *service == own).map(|(_, name)| *name);
    if names.clone().any(|known| action_matches(name, known)) {
        return None;
    }
    unknown(nearest(name, &mut names).into_iter().map(|name| format!("{own}:{name}")).collect())
}

/// Service and name of every action.
fn known_actions(registry: &Registry) -> Vec<(&'static str, &'static str)> {
    let of_models = registry.services().into_iter().flat_map(|registered| {
        let service = registered.service.signing_name;
        registered.operations().map(move |(operation, handler)| {
            (handler.and_then(|handler| handler.service).unwrap_or(service), operation.name)
        })
    });
    of_models.chain(WITHOUT_OPERATION.map(|name| ("cloudfront", name))).collect()
}

fn one_or_many(value: Option<&Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(many)) => many.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_action_is_found_with_what_it_may_mean() {
        for (actions, expected) in [
            (r#""*""#, None),
            (r#"["cloudfront:*", "cloudfront-keyvaluestore:*"]"#, None),
            (
                r#"["cloudfront:Get*", "cloudfront-keyvaluestore:?etKey", "CloudFront:describekeyvaluestore"]"#,
                None,
            ),
            (r#"["s3:GetObject", "sts:GetCallerIdentity", "cloudtrail:LookupEvents", "cloudwatch:*"]"#, None),
            (r#""cloudfront:ListSavingsPlans""#, None),
            (r#"["keyfront:FollowChanges", "keyfront:*"]"#, None),
            (
                r#""keyfront:FollowChange""#,
                Some("no service has the action keyfront:FollowChange; did you mean keyfront:FollowChanges?"),
            ),
            (
                r#""cloudfront-keyvaluestore:FollowChanges""#,
                Some("no service has the action cloudfront-keyvaluestore:FollowChanges"),
            ),
            (
                r#""cloudfront-keyvaluestore:GetKeys""#,
                Some(
                    "no service has the action cloudfront-keyvaluestore:GetKeys; did you mean cloudfront-keyvaluestore:GetKey",
                ),
            ),
            (
                r#"["*", "cloudfront:GetKey"]"#,
                Some("no service has the action cloudfront:GetKey; did you mean cloudfront:GetKeyGroup"),
            ),
            (
                r#""cloudfront-keyvaluestores:GetKey""#,
                Some(
                    "no service has the action cloudfront-keyvaluestores:GetKey; did you mean cloudfront-keyvaluestore:GetKey?",
                ),
            ),
            (
                r#""cloudfront:Zzz*""#,
                Some(
                    "no service has the action cloudfront:Zzz*; `keyfront operations` lists the operations, which are the \
                     actions",
                ),
            ),
        ] {
            for member in ["Action", "NotAction"] {
                let statement = format!(r#"{{"Effect":"Allow","{member}":{actions},"Resource":"*"}}"#);
                for policy in [
                    format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#),
                    format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#),
                ] {
                    let found = unknown_action(&policy).unwrap().map(|unknown| unknown.to_string());
                    match expected {
                        None => assert_eq!(found, None, "{actions}"),
                        Some(expected) => {
                            assert!(found.as_deref().unwrap().starts_with(expected), "{actions}: {found:?}");
                        }
                    }
                }
            }
        }
    }
}
