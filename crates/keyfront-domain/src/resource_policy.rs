//! Resource policies: documents that say which other accounts may use a resource.
//!
//! Keyfront keeps and shows them. Nothing is shared between its accounts, so nothing is decided by one.

use keyfront_error::ServiceError;
use serde_json::Value;

/// Most bytes of a policy. The service states no number; this is that of the policies of its buckets.
const MAX_BYTES: usize = 20 * 1024;

/// Refuses a text that is not a policy: a JSON object with statements.
pub fn check(document: &str) -> Result<(), ServiceError> {
    if document.len() > MAX_BYTES {
        return Err(ServiceError::too_big("PolicyDocument"));
    }
    let is_policy = match serde_json::from_str::<Value>(document) {
        Ok(Value::Object(members)) => {
            members.get("Statement").is_some_and(|statements| statements.is_array() || statements.is_object())
        }
        Ok(_other) => false,
        Err(_malformed) => false,
    };
    if is_policy { Ok(()) } else { Err(ServiceError::invalid("PolicyDocument")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_an_object_with_statements() {
        let invalid = Some("InvalidArgument: The parameter PolicyDocument is invalid.");
        let large = format!(r#"{{"Statement":[{}]}}"#, " ".repeat(MAX_BYTES));
        for (document, expected) in [
            (r#"{"Version":"2012-10-17","Statement":[]}"#, None),
            (r#"{"Statement":{"Effect":"Allow"}}"#, None),
            (r#"{"Statement":"Allow"}"#, invalid),
            ("{}", invalid),
            ("[]", invalid),
            ("", invalid),
            ("{", invalid),
            (&large, Some("InvalidArgument: The parameter PolicyDocument is too big.")),
        ] {
            assert_eq!(
                check(document).err().map(|error| error.to_string()).as_deref(),
                expected,
                "{document:.40}"
            );
        }
    }
}
