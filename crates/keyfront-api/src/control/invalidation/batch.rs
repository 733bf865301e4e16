//! What an invalidation batch may say.

use keyfront_domain::Counted;
use keyfront_error::{Code, ServiceError};
use serde::{Deserialize, Serialize};

/// Most characters of a path (AWS: Specifying the objects to invalidate).
const LONGEST_PATH: usize = 4000;

/// `InvalidationBatch`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::control) struct InvalidationBatch {
    pub(super) paths: Counted<String>,
    pub(super) caller_reference: String,
}

/// How a batch is shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shown {
    paths: Paths,
    caller_reference: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Paths {
    quantity: usize,
    items: Vec<String>,
}

impl Shown {
    pub(super) fn new(paths: Vec<String>, caller_reference: String) -> Shown {
        Shown { paths: Paths { quantity: paths.len(), items: paths }, caller_reference }
    }
}

impl InvalidationBatch {
    /// Refuses what cannot be invalidated. A `*` that does not stand at the end is a letter of the path.
    pub(super) fn check(&self) -> Result<(), ServiceError> {
        self.paths.check()?;
        if self.caller_reference.is_empty() {
            return Err(ServiceError::required("CallerReference"));
        }
        let valid = |path: &String| path.starts_with('/') && path.chars().count() <= LONGEST_PATH;
        if self.paths.items.is_empty() || !self.paths.items.iter().all(valid) {
            return Err(ServiceError::new(
                Code::InvalidArgument,
                "Your request contains one or more invalid invalidation paths.",
            ));
        }
        Ok(())
    }

    /// Whether it asks for the same as the paths of an earlier one; their order says nothing.
    pub(super) fn has_paths(&self, earlier: &[String]) -> bool {
        let (mut own, mut earlier) = (self.paths.items.clone(), earlier.to_vec());
        own.sort();
        earlier.sort();
        own == earlier
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(paths: &[&str], quantity: i64, caller_reference: &str) -> String {
        let items = paths.iter().map(|path| (*path).to_owned()).collect();
        let paths = Counted { quantity, items };
        let batch = InvalidationBatch { paths, caller_reference: caller_reference.to_owned() };
        batch.check().map_or_else(|error| format!("{:?}", error.code()), |()| String::new())
    }

    #[test]
    fn paths_begin_with_a_slash_and_are_counted() {
        let long = format!("/{}", "a".repeat(LONGEST_PATH - 1));
        for (path, valid) in [
            ("/", true),
            ("/*", true),
            ("/a*b", true),
            ("/images/~user", true),
            ("/é", true),
            (&*long, true),
            (&*format!("{long}a"), false),
            ("", false),
            ("a", false),
            ("*", false),
        ] {
            let expected = if valid { "" } else { "InvalidArgument" };
            assert_eq!(refusal(&[path], 1, "r"), expected, "{path}");
        }
        assert_eq!(refusal(&["/"], 2, "r"), "InconsistentQuantities");
        assert_eq!(refusal(&[], 0, "r"), "InvalidArgument");
        assert_eq!(refusal(&["/"], 1, ""), "InvalidArgument");
    }
}
