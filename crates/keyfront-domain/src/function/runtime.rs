//! The versions of the JavaScript runtime.

use std::fmt;
use std::str::FromStr;

/// A version of CloudFront's JavaScript runtime, each with its own language and library.
///
/// AWS: "JavaScript runtime features for CloudFront Functions".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Runtime {
    /// `cloudfront-js-1.0`: ES5.1 and some later features.
    Js1,
    /// `cloudfront-js-2.0`: with `let`, `const`, `async` and key value stores.
    Js2,
}

impl Runtime {
    /// Its name in a function's configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Runtime::Js1 => "cloudfront-js-1.0",
            Runtime::Js2 => "cloudfront-js-2.0",
        }
    }
}

impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Runtime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The text names no runtime.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a runtime; there are cloudfront-js-1.0 and cloudfront-js-2.0")]
pub struct UnknownRuntime;

impl FromStr for Runtime {
    type Err = UnknownRuntime;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Runtime::Js1, Runtime::Js2]
            .into_iter()
            .find(|runtime| runtime.as_str() == text)
            .ok_or(UnknownRuntime)
    }
}
