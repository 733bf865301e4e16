//! The files of the sample, which are kept beside this module as a person gets them.

use crate::atomic_file::ORDINARY;

/// Where the private key of signed URLs is.
pub(super) const PRIVATE_KEY: &str = "keys/private_key.pem";

/// Where its public key is.
pub(super) const PUBLIC_KEY: &str = "keys/public_key.pem";

/// A file to write.
#[derive(Clone, Copy)]
pub(super) struct SampleFile<'a> {
    /// Its path in the project.
    pub(super) path: &'static str,
    pub(super) content: &'a str,
    /// Its mode, before the umask.
    pub(super) mode: u32,
}

macro_rules! sample {
    ($($path:literal from $source:literal),* $(,)?) => {
        &[$(SampleFile { path: $path, content: include_str!(concat!("sample/", $source)), mode: ORDINARY }),*]
    };
}

/// All files but the keys, which are made anew for each project.
pub(super) const SAMPLE: &[SampleFile<'static>] = sample![
    "README.md" from "README.md",
    ".gitignore" from "gitignore",
    "redirects.json" from "redirects.json",
    "functions/redirects/function.js" from "functions/redirects/function.js",
    "functions/redirects/known/event.json" from "functions/redirects/known/event.json",
    "functions/redirects/known/expected.json" from "functions/redirects/known/expected.json",
    "functions/redirects/unknown/event.json" from "functions/redirects/unknown/event.json",
    "functions/redirects/unknown/expected.json" from "functions/redirects/unknown/expected.json",
    "site/index.html" from "site/index.html",
    "site/new/index.html" from "site/new/index.html",
    "site/private/report.html" from "site/private/report.html",
    "main.tf" from "main.tf",
];
