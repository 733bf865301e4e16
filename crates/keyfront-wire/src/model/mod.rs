//! The service model: which operations, shapes and errors a service has.
//!
//! The facts come from botocore (see `model/*.json` and `cargo xtask model`) and are resolved once, so
//! that routing, decoding, checking and encoding follow indices. Nothing here knows what a resource is.
//! Two files are written by hand, in the same form. `model/extensions.json` has operations that AWS does not have; what
//! it has and no model of AWS needs is `streaming` on a list, for a list that is read item by item.
//! `model/additions.json` has members that the service answers and botocore does not know yet.

mod load;
mod order;
mod shape;

use std::collections::HashMap;

pub use load::ModelError;
pub use shape::{Kind, Location, Member, Pattern, Shape, ShapeId, Structure};

use crate::route::Router;

const CLOUDFRONT: &str = include_str!("../../model/cloudfront.json");
const ADDITIONS: &str = include_str!("../../model/additions.json");
const KEY_VALUE_STORE: &str = include_str!("../../model/cloudfront-keyvaluestore.json");
const EXTENSIONS: &str = include_str!("../../model/extensions.json");

/// The two protocols of CloudFront's APIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// AWS `restXml`, which the control plane speaks.
    RestXml,
    /// AWS `restJson1`, which the data plane of the KeyValueStore speaks.
    RestJson,
}

/// One service: its operations and the shapes they use.
#[derive(Debug)]
pub struct Service {
    /// How its bodies look.
    pub protocol: Protocol,
    /// The service name in a credential scope, which is also the prefix of its IAM actions.
    pub signing_name: &'static str,
    /// The namespace of its XML documents; empty for JSON.
    pub xml_namespace: &'static str,
    operations: Vec<Operation>,
    shapes: Vec<Shape>,
    /// HTTP status of each error code that the model knows.
    statuses: HashMap<&'static str, u16>,
    router: Router,
}

/// One operation as the model describes it.
#[derive(Debug)]
pub struct Operation {
    /// Its name without a version, such as `CreateKeyValueStore`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: http::Method,
    /// The path template with labels in braces, and the query that tells siblings apart.
    pub uri: &'static str,
    /// The template of older models, which SDKs that are still in use send.
    pub former_uri: Option<&'static str>,
    /// The status of success.
    pub status: u16,
    /// What it takes.
    pub input: Option<Input>,
    /// What it gives.
    pub output: Option<ShapeId>,
    /// The error codes that it declares.
    pub errors: Vec<&'static str>,
}

/// The input of an operation.
#[derive(Debug)]
pub struct Input {
    /// The structure with all members, wherever they travel.
    pub shape: ShapeId,
    /// The root element of the body where the members themselves are the body.
    pub root: Option<&'static str>,
}

impl Service {
    /// The control plane: CloudFront 2020-05-31.
    ///
    /// # Errors
    /// When the facts that were compiled in do not hold together; a test proves that they do.
    pub fn cloudfront() -> Result<Service, ModelError> {
        load::service(CLOUDFRONT, Some(ADDITIONS))
    }

    /// The data plane: CloudFront KeyValueStore 2022-07-26.
    ///
    /// # Errors
    /// As [`Service::cloudfront`].
    pub fn key_value_store() -> Result<Service, ModelError> {
        load::service(KEY_VALUE_STORE, None)
    }

    /// Keyfront's extensions: operations that AWS does not have, which speak as the data plane does.
    ///
    /// # Errors
    /// As [`Service::cloudfront`].
    pub fn extensions() -> Result<Service, ModelError> {
        load::service(EXTENSIONS, None)
    }

    /// All operations, in the model's order, which is by name.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The shape behind an id of this service.
    pub fn shape(&self, id: ShapeId) -> &Shape {
        // Ids are made by the loader from positions in this list.
        self.shapes.get(id.0).unwrap_or(&shape::UNKNOWN)
    }

    /// All shapes.
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// The HTTP status of an error code of this service's model.
    pub fn status_of(&self, code: &str) -> Option<u16> {
        self.statuses.get(code).copied()
    }

    /// The error codes that the model declares.
    pub fn error_codes(&self) -> impl Iterator<Item = &'static str> {
        self.statuses.keys().copied()
    }

    /// The routing table.
    pub(crate) fn router(&self) -> &Router {
        &self.router
    }
}

#[cfg(test)]
mod tests;
