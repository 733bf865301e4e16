//! Verification of AWS Signature Version 4 and 4A.
//!
//! Two steps, so that a server can refuse a request before it reads the body:
//! [`Claim::parse`] reads who claims to have signed what, without any cryptography;
//! [`Verifier::verify`] says whether that is true.
//! [`Claim::check`] is the part of the second step that needs neither key nor body, and [`Verifier::prove`] the rest.
//!
//! Sources: "Elements of an AWS API request signature", "Create a signed AWS API request" and "Troubleshoot
//! Signature Version 4 signing" in the IAM user guide; the signing test suite of the AWS Common Runtime;
//! bytes captured from the AWS SDKs for Go, Python and Rust.
//!
//! What is absent on purpose: looking a key up, deciding what a session token is worth, error codes (they differ
//! between the protocols; see [`SignatureError::category`]), chunked payloads and single-encoded paths (both are
//! Amazon S3's alone), the clock, and any I/O.

mod canonical;
mod claim;
mod error;
mod kept_keys;
mod secret;
mod timestamp;
mod v4;
mod v4a;
mod verify;

pub use claim::{Algorithm, Claim, Credential, Form, RequestView};
pub use error::{Category, SignatureError};
pub use secret::Secret;
pub use v4a::{V4aPrivateKey, V4aProof, V4aPublicKey};
pub use verify::{
    Algorithms, CLOCK_WINDOW, CheckedClaim, Expectation, KEPT_KEYS, MAX_PRESIGN, PathStyle, Verifier,
};
