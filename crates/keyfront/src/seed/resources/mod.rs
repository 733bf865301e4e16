//! The resources of a seed: calls of creating operations, with references between them by name.
//!
//! A document names resources; each is an operation of the control plane that begins with `Create`, and its input by the
//! names that `--cli-input-json` of the AWS CLI has. So every family that the model can create is here without a line for
//! it. Text can hold `${NAME.Member}`, a member of the answer that made the resource of this name, or of a store of the
//! seed. What is missing and follows from the rest is filled in: quantities, caller references and names.

mod answer;
mod input;
mod make;
mod order;
mod read;
mod reference;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use keyfront_api::operation::Members;
use keyfront_domain::AccountId;

pub(super) use make::{Made, make};
pub(super) use order::in_order;
pub(super) use read::Documents;

/// The folder of a seed, or of an account in it, that holds the documents.
pub(super) const FOLDER: &str = "resources";

/// A resource of a seed.
#[derive(Debug)]
pub(super) struct SeedResource {
    pub(super) account: AccountId,
    /// By which the seed refers to it.
    pub(super) name: String,
    /// The document that it is in.
    pub(super) file: PathBuf,
    /// The operation that makes it.
    pub(super) operation: &'static str,
    /// The input of the operation, whose text still has references.
    pub(super) input: Members,
}
