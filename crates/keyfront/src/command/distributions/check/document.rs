//! Reads configurations out of the documents that they come in.

use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::candidate::Candidate;
use super::terraform;
use crate::failure::Failure;

/// The largest document that is read, in bytes. The state of a large project of Terraform has some megabytes.
const MAX_BYTES: u64 = 64 << 20;

/// What a file is called in messages.
pub(super) fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

/// The configurations in a file.
pub(super) fn read(path: &Path) -> Result<Vec<Candidate>, Failure> {
    let name = name(path);
    let text = bytes(path).map_err(|error| Failure::because(format!("{name} cannot be read"), &error))?;
    if u64::try_from(text.len()).is_ok_and(|size| size > MAX_BYTES) {
        return Err(Failure::new(format!("{name} has more than {MAX_BYTES} bytes")));
    }
    let document: Value = serde_json::from_slice(&text)
        .map_err(|error| Failure::because(format!("{name} is not JSON"), &error))?;
    let found = candidates(document).ok_or_else(|| {
        Failure::new(format!(
            "{name} has no configuration of a distribution: neither a DistributionConfig, nor what the AWS CLI prints of \
             one or takes, nor what terraform show -json prints"
        ))
    })?;
    if found.is_empty() {
        return Err(Failure::new(format!("{name} has no aws_cloudfront_distribution")));
    }
    Ok(found)
}

fn bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().take(MAX_BYTES + 1).read_to_end(&mut text)?;
    } else {
        std::fs::File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut text)?;
    }
    Ok(text)
}

/// The configurations in a document of any of the forms; nothing if it is of none.
fn candidates(document: Value) -> Option<Vec<Candidate>> {
    let Value::Object(mut document) = document else { return None };
    if document.contains_key("format_version") {
        return Some(terraform::distributions(&document));
    }
    // An update names the version that it replaces, and what was read says which one it is.
    let exists = ["ETag", "IfMatch"].iter().any(|member| document.contains_key(*member));
    let one = |config, exists| vec![Candidate { resource: None, exists, config, unknown: Vec::new() }];
    for wrapper in ["Distribution", "DistributionConfigWithTags"] {
        if let Some(Value::Object(inner)) = document.remove(wrapper) {
            document = inner;
        }
    }
    match document.remove("DistributionConfig") {
        Some(Value::Object(config)) => Some(one(config, exists)),
        Some(_) => None,
        None => {
            let known = ["CallerReference", "Origins", "DefaultCacheBehavior"];
            known.iter().any(|member| document.contains_key(*member)).then(|| one(document, exists))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::candidates;

    #[test]
    fn a_configuration_is_found_in_each_form() {
        let config = json!({ "CallerReference": "r" });
        for (document, exists) in [
            (config.clone(), false),
            (json!({ "DistributionConfig": config }), false),
            (json!({ "DistributionConfigWithTags": { "DistributionConfig": config, "Tags": {} } }), false),
            (json!({ "ETag": "E", "DistributionConfig": config }), true),
            (json!({ "Id": "E", "IfMatch": "E", "DistributionConfig": config }), true),
            (json!({ "ETag": "E", "Distribution": { "Id": "E", "DistributionConfig": config } }), true),
        ] {
            let found = candidates(document.clone()).unwrap();
            assert_eq!(found.len(), 1, "{document}");
            assert_eq!(serde_json::Value::from(found[0].config.clone()), config, "{document}");
            assert_eq!(found[0].exists, exists, "{document}");
        }
        for other in
            [json!([]), json!({}), json!({ "Name": "n" }), json!({ "DistributionConfig": "file://x" })]
        {
            assert!(candidates(other.clone()).is_none(), "{other}");
        }
    }
}
