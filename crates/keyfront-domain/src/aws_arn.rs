//! ARNs of other services, whose resources are not looked up: their form alone is checked.

/// Whether `text` is the ARN of a resource of `service`, in any partition, whose resource part begins in this way and
/// goes on.
pub(crate) fn is_arn_of(text: &str, service: &str, resource: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    let mut part = || parts.next().unwrap_or_default();
    let (arn, partition, named, _region, account, rest) = (part(), part(), part(), part(), part(), part());
    arn == "arn"
        && (partition == "aws" || partition.starts_with("aws-"))
        && named == service
        && account.len() == 12
        && account.bytes().all(|b| b.is_ascii_digit())
        && rest.strip_prefix(resource).is_some_and(|id| !id.is_empty())
        && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_of_the_service_and_the_kind_that_are_asked_for() {
        for (text, expected) in [
            ("arn:aws:iam::111122223333:role/logs", true),
            ("arn:aws:iam::111122223333:role/service-role/logs", true),
            ("arn:aws-cn:iam::111122223333:role/logs", true),
            ("arn:aws:iam::111122223333:role/", false),
            ("arn:aws:iam::111122223333:user/logs", false),
            ("arn:aws:sts::111122223333:role/logs", false),
            ("arn:aws:iam::1111:role/logs", false),
            ("arn:other:iam::111122223333:role/logs", false),
            ("arn:aws:iam::111122223333:role/a b", false),
            ("role/logs", false),
            ("", false),
        ] {
            assert_eq!(is_arn_of(text, "iam", "role/"), expected, "{text}");
        }
    }
}
