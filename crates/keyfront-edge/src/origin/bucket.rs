//! Hosts of buckets of S3: the bucket and the region that their names say.

/// A bucket, as the name of a host says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bucket {
    /// The bucket, or the access point with its account.
    pub(super) name: String,
    /// The region, where the name of the host says it.
    pub(super) region: Option<String>,
    /// The host is the website endpoint of the bucket.
    pub(super) website: bool,
}

impl Bucket {
    /// Reads the name of a host in lower case: `BUCKET.s3.REGION.amazonaws.com` with the older forms, dual-stack,
    /// access points, China and website endpoints (AWS: "Amazon S3 endpoints and quotas"), and the bucket before one of
    /// the operator's own suffixes.
    pub(super) fn of_host(host: &str, suffixes: &[String]) -> Option<Bucket> {
        for suffix in suffixes {
            let suffix = suffix.trim_start_matches('.').to_ascii_lowercase();
            let name = host.strip_suffix(suffix.as_str()).and_then(|rest| rest.strip_suffix('.'));
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                return Some(Bucket { name: name.to_owned(), region: None, website: false });
            }
        }
        let name = host.strip_suffix(".cn").unwrap_or(host).strip_suffix(".amazonaws.com")?;
        let labels: Vec<_> = name.split('.').collect();
        let bucket = |name: &[&str], region: Option<&str>, website| {
            let is_name = !name.is_empty() && name.iter().all(|label| !label.is_empty());
            let region = region.map(str::to_owned);
            is_name.then(|| Bucket { name: name.join("."), region, website })
        };
        match labels.as_slice() {
            [name @ .., "s3"] => bucket(name, None, false),
            [name @ .., "s3" | "s3-accesspoint", "dualstack", region] => bucket(name, Some(region), false),
            [name @ .., "s3" | "s3-accesspoint" | "s3-object-lambda" | "s3-fips", region]
                if is_region(region) =>
            {
                bucket(name, Some(region), false)
            }
            [name @ .., "s3-website", region] => bucket(name, Some(region), true),
            [name @ .., last] => {
                if let Some(region) = last.strip_prefix("s3-website-") {
                    return bucket(name, Some(region), true);
                }
                let region = last.strip_prefix("s3-")?;
                let usual = if region == "external-1" { "us-east-1" } else { region };
                is_region(usual).then(|| bucket(name, Some(usual), false))?
            }
            [] => None,
        }
    }
}

/// `us-east-1`, `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    text.contains('-') && text.ends_with(|last: char| last.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_host_says_bucket_region_and_website() {
        for (host, expected) in [
            ("b.s3.amazonaws.com", Some(("b", None, false))),
            ("b.s3.eu-west-1.amazonaws.com", Some(("b", Some("eu-west-1"), false))),
            (
                "my.dotted.b.s3.us-gov-west-1.amazonaws.com",
                Some(("my.dotted.b", Some("us-gov-west-1"), false)),
            ),
            ("b.s3-eu-west-1.amazonaws.com", Some(("b", Some("eu-west-1"), false))),
            ("b.s3-external-1.amazonaws.com", Some(("b", Some("us-east-1"), false))),
            ("b.s3.dualstack.eu-west-1.amazonaws.com", Some(("b", Some("eu-west-1"), false))),
            ("b.s3.cn-north-1.amazonaws.com.cn", Some(("b", Some("cn-north-1"), false))),
            (
                "ap-123456789012.s3-accesspoint.eu-west-1.amazonaws.com",
                Some(("ap-123456789012", Some("eu-west-1"), false)),
            ),
            ("b.s3-website-us-east-1.amazonaws.com", Some(("b", Some("us-east-1"), true))),
            ("b.s3-website.eu-central-1.amazonaws.com", Some(("b", Some("eu-central-1"), true))),
            ("b.c.objects.example.com", Some(("b.c", None, false))),
            ("objects.example.com", None),
            ("s3.amazonaws.com", None),
            ("s3.eu-west-1.amazonaws.com", None),
            (".s3.amazonaws.com", None),
            ("abc.execute-api.eu-west-1.amazonaws.com", None),
            ("www.example.com", None),
        ] {
            let bucket = Bucket::of_host(host, &[".Objects.example.com".to_owned()]);
            let found = bucket.as_ref().map(|b| (b.name.as_str(), b.region.as_deref(), b.website));
            assert_eq!(found, expected, "{host}");
        }
    }
}
