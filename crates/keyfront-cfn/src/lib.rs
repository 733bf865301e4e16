//! CloudFormation for the resource types `AWS::CloudFront::*`: templates, and what a deploy of one changes.
//!
//! | module | content |
//! |---|---|
//! | [`template`] | templates from JSON and YAML with the short forms of the intrinsic functions |
//! | [`intrinsic`] | intrinsic functions and conditions, evaluated in a scope |
//! | [`deployment`] | a template with its parameters: which resources, in which order, with which properties |
//! | [`resource_type`] | what CloudFormation's registry says of the types, and the operations that make them |
//! | [`convert`] | properties of CloudFormation as inputs of the API, guided by both models |
//! | [`stack`] | what a deploy remembers |
//! | [`change_set`] | the difference between a deployment and a stack |
//! | [`cloud_assembly`] | what `cdk synth` writes, beside templates |
//!
//! Everything is pure: nothing is read, sent or printed here, and no time passes. Resource types of other services are
//! named and passed over, because there is nothing here that could make them.

pub mod change_set;
pub mod cloud_assembly;
pub mod convert;
pub mod deployment;
mod digest;
pub mod intrinsic;
mod mistake;
mod nearest;
mod order;
pub mod resource_type;
pub mod stack;
pub mod template;

pub use mistake::Mistake;
pub use template::read_yaml;
