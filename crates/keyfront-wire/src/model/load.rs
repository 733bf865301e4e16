//! Reads the fact files and resolves names to positions.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::order;
use super::shape::{Kind, Location, Member, Pattern, Shape, ShapeId, Structure};
use super::{Input, Operation, Protocol, Service};
use crate::route::Router;

/// The facts do not hold together.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Not the JSON that `cargo xtask model` writes.
    #[error("the service model cannot be read; write it again with `cargo xtask model`")]
    Json(#[from] serde_json::Error),
    /// A name without a shape, a type or protocol that has no code, an impossible route.
    #[error("the service model is inconsistent: {0}; write it again with `cargo xtask model`")]
    Inconsistent(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawService<'m> {
    #[serde(borrow)]
    metadata: RawMetadata<'m>,
    #[serde(borrow)]
    operations: Vec<RawOperation<'m>>,
    #[serde(borrow)]
    shapes: BTreeMap<&'m str, RawShape<'m>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawMetadata<'m> {
    protocol: &'m str,
    signing_name: &'m str,
    #[serde(default)]
    xml_namespace: &'m str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawOperation<'m> {
    name: &'m str,
    #[serde(borrow)]
    http: RawHttp<'m>,
    #[serde(borrow)]
    input: Option<RawReference<'m>>,
    #[serde(borrow)]
    output: Option<RawReference<'m>>,
    #[serde(default)]
    errors: Vec<&'m str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawHttp<'m> {
    method: &'m str,
    request_uri: &'m str,
    response_code: u16,
    former_uri: Option<&'m str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawReference<'m> {
    shape: &'m str,
    location_name: Option<&'m str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawShape<'m> {
    #[serde(rename = "type")]
    kind: &'m str,
    #[serde(default)]
    required: Vec<&'m str>,
    #[serde(default, borrow)]
    members: Vec<RawMember<'m>>,
    payload: Option<&'m str>,
    #[serde(borrow)]
    member: Option<RawReference<'m>>,
    #[serde(default)]
    flattened: bool,
    #[serde(default)]
    streaming: bool,
    min: Option<f64>,
    max: Option<f64>,
    #[serde(borrow)]
    pattern: Option<Cow<'m, str>>,
    #[serde(default, rename = "enum")]
    values: Vec<&'m str>,
    #[serde(default)]
    sensitive: bool,
    #[serde(borrow)]
    error: Option<RawError<'m>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawMember<'m> {
    name: &'m str,
    shape: &'m str,
    location: Option<&'m str>,
    location_name: Option<&'m str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawError<'m> {
    http_status_code: u16,
    code: Option<&'m str>,
}

/// What a model does not know yet.
#[derive(Deserialize)]
struct RawAdditions<'m> {
    #[serde(borrow)]
    shapes: BTreeMap<&'m str, RawShape<'m>>,
    /// Members by the structure that has them.
    #[serde(borrow)]
    members: BTreeMap<&'m str, Vec<RawMember<'m>>>,
}

/// Names of shapes and where they stand.
type Ids = HashMap<&'static str, ShapeId>;

pub(super) fn service(json: &'static str, additions: Option<&'static str>) -> Result<Service, ModelError> {
    let mut raw: RawService<'static> = serde_json::from_str(json)?;
    if let Some(additions) = additions {
        add(serde_json::from_str(additions)?, &mut raw.shapes)?;
    }
    let protocol = match raw.metadata.protocol {
        "rest-xml" => Protocol::RestXml,
        "rest-json" => Protocol::RestJson,
        other => return Err(ModelError::Inconsistent(format!("unknown protocol {other}"))),
    };
    let ids: Ids = raw.shapes.keys().enumerate().map(|(index, name)| (*name, ShapeId(index))).collect();
    let errors = raw.shapes.iter().filter_map(|(name, shape)| Some((*name, shape.error.as_ref()?)));
    let statuses = errors.map(|(name, error)| (error.code.unwrap_or(name), error.http_status_code)).collect();
    let shapes = raw
        .shapes
        .into_iter()
        .map(|(name, raw)| shape(name, raw, protocol, &ids))
        .collect::<Result<_, _>>()?;
    let operations: Vec<_> =
        raw.operations.into_iter().map(|raw| operation(raw, &ids)).collect::<Result<_, _>>()?;
    let router = Router::new(&operations).map_err(ModelError::Inconsistent)?;
    let RawMetadata { signing_name, xml_namespace, .. } = raw.metadata;
    Ok(Service { protocol, signing_name, xml_namespace, operations, shapes, statuses, router })
}

/// Adds to a model's shapes what the model does not know yet.
fn add(
    additions: RawAdditions<'static>,
    shapes: &mut BTreeMap<&'static str, RawShape<'static>>,
) -> Result<(), ModelError> {
    let known =
        |what: &str| ModelError::Inconsistent(format!("{what} is in the model and in additions.json"));
    for (name, members) in additions.members {
        let shape = shapes.get_mut(name);
        let shape = shape.ok_or_else(|| ModelError::Inconsistent(format!("no shape is called {name}")))?;
        if let Some(twice) = members.iter().find(|new| shape.members.iter().any(|old| old.name == new.name)) {
            return Err(known(twice.name));
        }
        shape.members.extend(members);
    }
    for (name, shape) in additions.shapes {
        if shapes.insert(name, shape).is_some() {
            return Err(known(name));
        }
    }
    Ok(())
}

fn id(ids: &Ids, name: &str) -> Result<ShapeId, ModelError> {
    ids.get(name).copied().ok_or_else(|| ModelError::Inconsistent(format!("no shape is called {name}")))
}

fn operation(raw: RawOperation<'static>, ids: &Ids) -> Result<Operation, ModelError> {
    let method = http::Method::from_bytes(raw.http.method.as_bytes())
        .map_err(|error| ModelError::Inconsistent(format!("method of {}: {error}", raw.name)))?;
    let input = match raw.input {
        Some(reference) => Some(Input { shape: id(ids, reference.shape)?, root: reference.location_name }),
        None => None,
    };
    let output = raw.output.map(|reference| id(ids, reference.shape)).transpose()?;
    Ok(Operation {
        name: raw.name,
        method,
        uri: raw.http.request_uri,
        former_uri: raw.http.former_uri,
        status: raw.http.response_code,
        input,
        output,
        errors: raw.errors,
    })
}

fn shape(
    name: &'static str,
    raw: RawShape<'static>,
    protocol: Protocol,
    ids: &Ids,
) -> Result<Shape, ModelError> {
    let kind = match raw.kind {
        "structure" => Kind::Structure(structure(name, &raw, protocol, ids)?),
        "list" => {
            let reference = raw.member.as_ref();
            let reference = reference
                .ok_or_else(|| ModelError::Inconsistent(format!("the list {name} has no member")))?;
            Kind::List {
                item: id(ids, reference.shape)?,
                element: reference.location_name.unwrap_or("member"),
                flattened: raw.flattened,
                streaming: raw.streaming,
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

fn structure(
    name: &str,
    raw: &RawShape<'static>,
    protocol: Protocol,
    ids: &Ids,
) -> Result<Structure, ModelError> {
    let members: Vec<_> = raw
        .members
        .iter()
        .map(|member| self::member(member, &raw.required, ids))
        .collect::<Result<_, _>>()?;
    let payload = match raw.payload {
        Some(payload) => Some(members.iter().position(|m| m.name == payload).ok_or_else(|| {
            ModelError::Inconsistent(format!("the payload {payload} is no member of {name}"))
        })?),
        None => None,
    };
    let looked_at = match protocol {
        Protocol::RestXml => order::of_service(&members.iter().map(|member| member.name).collect::<Vec<_>>()),
        // Nothing is known of the data plane's order.
        Protocol::RestJson => (0..members.len()).collect(),
    };
    Ok(Structure { members, looked_at, payload })
}

fn member(raw: &RawMember<'static>, required: &[&str], ids: &Ids) -> Result<Member, ModelError> {
    let location = match raw.location {
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
        name: raw.name,
        shape: id(ids, raw.shape)?,
        location,
        wire_name: raw.location_name.unwrap_or(raw.name),
        required: required.contains(&raw.name),
    })
}
