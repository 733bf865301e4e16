//! Which hosts are buckets of S3.

/// What else is a bucket, beside the hosts of S3 itself: an operator may have a store of objects that stands in for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct S3Hosts {
    /// What the name of a bucket's host ends with, after the bucket and a dot.
    pub suffixes: Vec<String>,
}

impl S3Hosts {
    /// Whether a host is that of a bucket or of an access point. A website of a bucket is neither.
    pub fn is_bucket(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let named = |suffix: &String| {
            let bucket =
                host.strip_suffix(suffix.trim_start_matches('.')).and_then(|rest| rest.strip_suffix('.'));
            bucket.is_some_and(|bucket| !bucket.is_empty())
        };
        is_host_of_s3(&host) || self.suffixes.iter().any(named)
    }
}

/// `BUCKET.s3.amazonaws.com`, with a region after a dot or a hyphen, in China with `.cn`; access points likewise.
fn is_host_of_s3(host: &str) -> bool {
    let name = host.strip_suffix(".cn").unwrap_or(host);
    let Some(name) = name.strip_suffix(".amazonaws.com") else { return false };
    let labels: Vec<_> = name.split('.').collect();
    if labels.iter().any(|label| label.is_empty()) {
        return false;
    }
    match labels.as_slice() {
        [_, .., "s3"] => true,
        [_, .., "s3" | "s3-accesspoint", "dualstack", region]
        | [_, .., "s3" | "s3-accesspoint" | "s3-object-lambda", region] => is_region(region),
        [_, .., last] => {
            last.strip_prefix("s3-").is_some_and(|region| is_region(region) || region == "external-1")
        }
        [_] | [] => false,
    }
}

/// `us-east-1`, `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    let mut words = text.split('-');
    let area = words.next().is_some_and(|word| word.len() == 2);
    let number =
        words.next_back().is_some_and(|word| word.len() == 1 && word.bytes().all(|b| b.is_ascii_digit()));
    let mut between = words.peekable();
    area && number
        && between.peek().is_some()
        && between.all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()))
}
