//! What the parts of a request cost, alone and in process.
//!
//! | module   | what                                                                             |
//! |----------|----------------------------------------------------------------------------------|
//! | `verify` | a signed request, beside the elliptic-curve verification that it cannot do without |
//! | `wire`   | routing, decoding, checking and encoding by the service model                    |
//! | `signed_request` | a signed URL, beside the RSA verification that it cannot do without       |
//! | `store`  | reads and durable writes of pairs, by engine and by the size of the store        |
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up has nothing to measure")]

mod signed_request;
mod store;
mod verify;
mod wire;

/// The ARN that requests name.
const ARN: &str =
    "arn%3Aaws%3Acloudfront%3A%3A000000000000%3Akey-value-store%2F54947df8-0e9e-4471-a2f9-9af509fb5889";

fn main() {
    divan::main();
}
