//! Reads the fact files and resolves names to positions.

use std::collections::HashMap;

use serde::Deserialize;

use super::shape::{Kind, Location, Member, Pattern, Shape, ShapeId, Structure};
use super::{Input, Operation, Protocol, Service};
use crate::route::Router;

/// The facts do not hold together.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Not the JSON that `cargo xtask model` writes.
    #[error("the service model cannot be read; write it again with `cargo xtask model`")]
    Json(#[from] serde_json::Error),
    /// A name without a shape, a type or protocol that nobody wrote code for, an impossible route.
    #[error("the service model is inconsistent: {0}; write it again with `cargo xtask model`")]
    Inconsistent(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawService {
    metadata: RawMetadata,
    operations: Vec<RawOperation>,
    shapes: HashMap<String, RawShape>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawMetadata {
    protocol: String,
    signing_name: String,
    #[serde(default)]
    xml_namespace: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawOperation {
    name: String,
    http: RawHttp,
    input: Option<RawReference>,
    output: Option<RawReference>,
    #[serde(default)]
    errors: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawHttp {
    method: String,
    request_uri: String,
    response_code: u16,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawReference {
    shape: String,
    location_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawShape {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    required: Vec<String>,
    #[serde(default)]
    members: Vec<RawMember>,
    payload: Option<String>,
    member: Option<RawReference>,
    #[serde(default)]
    flattened: bool,
    min: Option<f64>,
    max: Option<f64>,
    pattern: Option<String>,
    #[serde(default, rename = "enum")]
    values: Vec<String>,
    #[serde(default)]
    sensitive: bool,
    error: Option<RawError>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawMember {
    name: String,
    shape: String,
    location: Option<String>,
    location_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawError {
    http_status_code: u16,
    code: Option<String>,
}

/// Names of shapes and where they stand.
type Ids = HashMap<String, ShapeId>;

pub(super) fn service(json: &str) -> Result<Service, ModelError> {
    let raw: RawService = serde_json::from_str(json)?;
    let protocol = match raw.metadata.protocol.as_str() {
        "rest-xml" => Protocol::RestXml,
        "rest-json" => Protocol::RestJson,
        other => return Err(ModelError::Inconsistent(format!("unknown protocol {other}"))),
    };
    let mut names: Vec<_> = raw.shapes.keys().cloned().collect();
    names.sort();
    let ids: Ids = names.iter().enumerate().map(|(index, name)| (name.clone(), ShapeId(index))).collect();
    let mut raw_shapes = raw.shapes;
    let mut statuses = HashMap::new();
    let mut shapes = Vec::with_capacity(names.len());
    for name in names {
        let Some(raw_shape) = raw_shapes.remove(&name) else { continue };
        if let Some(error) = &raw_shape.error {
            statuses.insert(error.code.clone().unwrap_or_else(|| name.clone()), error.http_status_code);
        }
        shapes.push(shape(name, raw_shape, &ids)?);
    }
    let operations: Vec<_> =
        raw.operations.into_iter().map(|raw| operation(raw, &ids)).collect::<Result<_, _>>()?;
    let router = Router::new(&operations).map_err(ModelError::Inconsistent)?;
    Ok(Service {
        protocol,
        signing_name: raw.metadata.signing_name,
        xml_namespace: raw.metadata.xml_namespace,
        operations,
        shapes,
        statuses,
        router,
    })
}

fn id(ids: &Ids, name: &str) -> Result<ShapeId, ModelError> {
    ids.get(name).copied().ok_or_else(|| ModelError::Inconsistent(format!("no shape is called {name}")))
}

fn operation(raw: RawOperation, ids: &Ids) -> Result<Operation, ModelError> {
    let method = http::Method::from_bytes(raw.http.method.as_bytes())
        .map_err(|error| ModelError::Inconsistent(format!("method of {}: {error}", raw.name)))?;
    let input = match raw.input {
        Some(reference) => Some(Input { shape: id(ids, &reference.shape)?, root: reference.location_name }),
        None => None,
    };
    let output = raw.output.map(|reference| id(ids, &reference.shape)).transpose()?;
    Ok(Operation {
        name: raw.name,
        method,
        uri: raw.http.request_uri,
        status: raw.http.response_code,
        input,
        output,
        errors: raw.errors,
    })
}

fn shape(name: String, raw: RawShape, ids: &Ids) -> Result<Shape, ModelError> {
    let kind = match raw.kind.as_str() {
        "structure" => Kind::Structure(structure(&name, &raw, ids)?),
        "list" => {
            let reference = raw.member.as_ref();
            let reference = reference
                .ok_or_else(|| ModelError::Inconsistent(format!("the list {name} has no member")))?;
            Kind::List {
                item: id(ids, &reference.shape)?,
                element: reference.location_name.clone().unwrap_or_else(|| "member".to_owned()),
                flattened: raw.flattened,
            }
        }
        "string" => Kind::String,
        "integer" => Kind::Integer,
        "long" => Kind::Long,
        "float" | "double" => Kind::Float,
        "boolean" => Kind::Boolean,
        "blob" => Kind::Blob,
        "timestamp" => Kind::Timestamp,
        other => return Err(ModelError::Inconsistent(format!("{name} has the unknown type {other}"))),
    };
    Ok(Shape {
        name,
        kind,
        min: raw.min,
        max: raw.max,
        pattern: raw.pattern.map(Pattern::new),
        values: raw.values,
        sensitive: raw.sensitive,
    })
}

fn structure(name: &str, raw: &RawShape, ids: &Ids) -> Result<Structure, ModelError> {
    let members: Vec<_> = raw
        .members
        .iter()
        .map(|member| self::member(member, &raw.required, ids))
        .collect::<Result<_, _>>()?;
    let payload = match &raw.payload {
        Some(payload) => Some(members.iter().position(|m| m.name == *payload).ok_or_else(|| {
            ModelError::Inconsistent(format!("the payload {payload} is no member of {name}"))
        })?),
        None => None,
    };
    Ok(Structure { members, payload })
}

fn member(raw: &RawMember, required: &[String], ids: &Ids) -> Result<Member, ModelError> {
    let location = match raw.location.as_deref() {
        None => Location::Body,
        Some("uri") => Location::Uri,
        Some("querystring") => Location::Query,
        Some("header") => Location::Header,
        Some(other) => {
            return Err(ModelError::Inconsistent(format!(
                "{} travels in the unknown place {other}",
                raw.name
            )));
        }
    };
    Ok(Member {
        name: raw.name.clone(),
        shape: id(ids, &raw.shape)?,
        location,
        wire_name: raw.location_name.clone().unwrap_or_else(|| raw.name.clone()),
        required: required.contains(&raw.name),
    })
}
