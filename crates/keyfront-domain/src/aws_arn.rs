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

/// The parts of an ARN of a resource that an account owns.
pub(crate) struct OwnedArn<'a> {
    /// Such as `aws`.
    pub(crate) partition: &'a str,
    /// Such as `ec2`.
    pub(crate) service: &'a str,
    /// Such as `us-east-1`.
    pub(crate) region: &'a str,
    /// Twelve digits.
    pub(crate) account: &'a str,
    /// Such as `instance/i-0123456789abcdef0`.
    pub(crate) resource: &'a str,
}

/// What the names of AWS's commercial regions begin with (AWS: Regions and Availability Zones).
const AREAS: [&str; 9] = ["af", "ap", "ca", "eu", "il", "me", "mx", "sa", "us"];

/// The middle of those names.
const DIRECTIONS: [&str; 9] =
    ["central", "east", "north", "northeast", "northwest", "south", "southeast", "southwest", "west"];

impl<'a> OwnedArn<'a> {
    /// The parts of `text`; nothing for what is no such ARN.
    pub(crate) fn parse(text: &'a str) -> Option<OwnedArn<'a>> {
        let mut parts = text.splitn(6, ':');
        let mut part = || parts.next();
        let (arn, partition, service, region, account, resource) =
            (part()?, part()?, part()?, part()?, part()?, part()?);
        let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
        let is_text = !resource.contains(|c: char| c.is_whitespace() || c.is_control());
        (arn == "arn" && is_account && is_text).then_some(OwnedArn {
            partition,
            service,
            region,
            account,
            resource,
        })
    }

    /// Whether its region can be one of AWS's commercial ones. New regions follow the same names, so there is no list.
    pub(crate) fn is_in_a_region(&self) -> bool {
        let mut parts = self.region.split('-');
        let is_known = |part: Option<&str>, known: &[&str]| part.is_some_and(|part| known.contains(&part));
        is_known(parts.next(), &AREAS)
            && is_known(parts.next(), &DIRECTIONS)
            && parts
                .next()
                .is_some_and(|number| number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit()))
            && parts.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_told_by_their_names() {
        for (region, expected) in [
            ("us-east-1", true),
            ("ap-southeast-7", true),
            ("mx-central-1", true),
            ("il-central-1", true),
            ("xx-fake-1", false),
            ("us-gov-west-1", false),
            ("cn-north-1", false),
            ("us-east", false),
            ("us-east-1a", false),
            ("us-east-1-x", false),
            ("", false),
        ] {
            let text = format!("arn:aws:ec2:{region}:111122223333:instance/i-1");
            assert_eq!(OwnedArn::parse(&text).is_some_and(|arn| arn.is_in_a_region()), expected, "{region}");
        }
    }

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
