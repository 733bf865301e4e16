//! Calls of CloudFront's API by the service model: what a resource type needs, without a type for each document.

use http::{HeaderMap, HeaderName, HeaderValue};
use keyfront_cfn::convert::Call;
use keyfront_cfn::resource_type::identity::at;
use keyfront_cfn::resource_type::{Found, ResourceType};
use keyfront_client::error::ErrorKind;
use keyfront_client::exchange::Request;
use keyfront_client::{Client, ClientError};
use keyfront_wire::model::{Location, Operation, Structure};
use serde_json::{Map, Value, json};

use crate::failure::Failure;

/// The API at one endpoint.
pub(super) struct Api<'c> {
    service: keyfront_wire::Service,
    client: &'c Client,
}

/// A resource as the API has it.
pub(super) struct Current {
    /// What the answer shows of it.
    pub(super) shown: Value,
    /// The version that a change names.
    pub(super) etag: Option<String>,
}

impl<'c> Api<'c> {
    pub(super) fn new(client: &'c Client) -> Result<Api<'c>, Failure> {
        let service = keyfront_wire::Service::cloudfront()
            .map_err(|error| Failure::because("the service model cannot be read", &error))?;
        Ok(Api { service, client })
    }

    /// The service model.
    pub(super) fn service(&self) -> &keyfront_wire::Service {
        &self.service
    }

    /// The client that sends the calls.
    pub(super) fn client(&self) -> &'c Client {
        self.client
    }

    /// Calls an operation, and gives what its answer shows.
    pub(super) async fn call(&self, name: &str, input: &Map<String, Value>) -> Result<Current, ClientError> {
        let (operation, _) = self.operation(name)?;
        let mut output = self.output(name, input).await?;
        let etag = output.remove("ETag").and_then(|etag| etag.as_str().map(str::to_owned));
        let shape = operation.output.and_then(|output| self.service.shape(output).structure());
        let member = shape.and_then(|shape| shape.payload().or_else(|| shape.body_members().next()));
        let shown = member.and_then(|member| output.remove(member.name)).unwrap_or_default();
        Ok(Current { shown, etag })
    }

    /// Calls an operation, and gives the whole of its answer.
    async fn output(
        &self,
        name: &str,
        input: &Map<String, Value>,
    ) -> Result<Map<String, Value>, ClientError> {
        let (operation, _) = self.operation(name)?;
        let unreadable =
            |error: &dyn std::error::Error| ClientError::new(ErrorKind::Refused, format!("{name}: {error}"));
        let request = self.service.encode_request(operation, input).map_err(|error| unreadable(&error))?;
        let (parts, body) = request.into_parts();
        let headers = parts.headers.iter();
        let headers =
            headers.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
        let request = Request {
            method: parts.method.to_string(),
            target: parts.uri.to_string(),
            headers: headers.collect(),
            body: body.to_vec(),
        };
        let answer = self.client.exchange(name, request).await?;
        let mut headers = HeaderMap::new();
        for (name, value) in &answer.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers.insert(name, value);
            }
        }
        self.service.decode_answer(operation, &headers, &answer.body).map_err(|error| {
            let message = format!("{name}: the answer cannot be read: {}", error.message());
            ClientError::new(ErrorKind::Refused, message)
        })
    }

    /// The key of the resource with this identity; nothing if there is none.
    pub(super) async fn find(
        &self,
        kind: &ResourceType,
        identity: &Value,
    ) -> Result<Option<String>, ClientError> {
        let (Found::Listed { list, key, shown } | Found::Read { list, key, shown }) =
            kind.operations.identity.found
        else {
            let key = identity.as_str().unwrap_or_default();
            return Ok(self.read(kind, key).await?.map(|_| key.to_owned()));
        };
        let mut input = Map::new();
        loop {
            let output = self.output(list, &input).await?;
            for item in items(&output) {
                let Some(key) = at(item, key).and_then(Value::as_str) else { continue };
                let found = if matches!(kind.operations.identity.found, Found::Read { .. }) {
                    let read = self.read(kind, key).await?;
                    read.is_some_and(|current| at(&current.shown, shown) == Some(identity))
                } else {
                    at(item, shown) == Some(identity)
                };
                if found {
                    return Ok(Some(key.to_owned()));
                }
            }
            match next_marker(&output) {
                Some(next) if input.get("Marker") != Some(next) => {
                    input.insert("Marker".to_owned(), next.clone());
                }
                _ => return Ok(None),
            }
        }
    }

    /// A resource; nothing if there is none.
    pub(super) async fn read(&self, kind: &ResourceType, key: &str) -> Result<Option<Current>, ClientError> {
        let mut input = self.naming(kind.operations.read, kind, key)?;
        if kind.operations.publish.is_some() {
            input.insert("Stage".to_owned(), "DEVELOPMENT".into());
        }
        absent(self.call(kind.operations.read, &input).await)
    }

    /// Changes a resource of which this version was read.
    pub(super) async fn update(
        &self,
        kind: &ResourceType,
        key: &str,
        etag: Option<&str>,
        call: &Call,
    ) -> Result<Current, ClientError> {
        if call.operation == kind.operations.create {
            // What has no operation that changes it, a monitoring subscription, is made anew. While there is one, another
            // is refused: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateMonitoringSubscription.html
            absent(self.on_version(kind.operations.delete, kind, key, etag).await)?;
        }
        let mut input = self.naming(call.operation, kind, key)?;
        input.extend(call.input.clone());
        with_version(&mut input, etag);
        self.call(call.operation, &input).await
    }

    /// Calls an operation that takes a resource and its version alone.
    pub(super) async fn on_version(
        &self,
        name: &str,
        kind: &ResourceType,
        key: &str,
        etag: Option<&str>,
    ) -> Result<Current, ClientError> {
        let mut input = self.naming(name, kind, key)?;
        with_version(&mut input, etag);
        self.call(name, &input).await
    }

    /// The call that makes a resource as it is now; nothing where the API does not show all that it takes.
    pub(super) async fn as_it_is(
        &self,
        kind: &ResourceType,
        key: &str,
        current: &Current,
    ) -> Result<Option<Call>, ClientError> {
        let operation = kind.operations.update;
        let (_, structure) = self.operation(operation)?;
        let mut input = self.naming(operation, kind, key)?;
        if kind.operations.publish.is_some() {
            let code = kind.operations.read.replacen("Describe", "Get", 1);
            let named = self.naming(&code, kind, key)?;
            let member = if kind.properties.contains_key("FunctionCode") {
                "FunctionCode"
            } else {
                "ConnectionFunctionCode"
            };
            input.insert(member.to_owned(), self.call(&code, &named).await?.shown);
        }
        let named = kind.operations.key.inputs();
        for member in structure.members.iter().filter(|member| member.location == Location::Body) {
            let shown = current.shown.get(member.name);
            if let Some(shown) = shown {
                input.insert(member.name.to_owned(), shown.clone());
            } else if member.name == "MonitoringSubscription" {
                input.insert(member.name.to_owned(), current.shown.clone());
            } else if member.name == "Comment" {
                // A comment that is empty is not shown.
                input.insert(member.name.to_owned(), json!(""));
            } else if member.name == "CaCertificatesBundleSource"
                || (member.required && !input.contains_key(member.name))
            {
                return Ok(None);
            }
        }
        input.retain(|name, _| !named.contains(&name.as_str()));
        Ok(Some(Call { operation, input }))
    }

    /// The members of an operation's input that name a resource.
    fn naming(&self, name: &str, kind: &ResourceType, key: &str) -> Result<Map<String, Value>, ClientError> {
        let (_, structure) = self.operation(name)?;
        let names = kind.operations.key.inputs().iter();
        let names = names.filter(|name| structure.members.iter().any(|member| member.name == **name));
        Ok(names.map(|name| ((*name).to_owned(), json!(key))).collect())
    }

    fn operation(&self, name: &str) -> Result<(&Operation, &Structure), ClientError> {
        let operation = self.service.operations().iter().find(|operation| operation.name == name);
        let structure =
            operation.and_then(|operation| self.service.shape(operation.input.as_ref()?.shape).structure());
        operation.zip(structure).ok_or_else(|| {
            ClientError::new(
                ErrorKind::UnknownOperation,
                format!("the service model has no operation {name}"),
            )
        })
    }
}

/// The items of a list: of the answer itself, or of the one member that has them.
fn items(output: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let members = output.values().filter_map(|member| member.get("Items").or(Some(member)));
    members.filter_map(Value::as_array).flatten()
}

/// Where the list goes on: in the answer itself, or in the member that has the items.
fn next_marker(output: &Map<String, Value>) -> Option<&Value> {
    let inner = || output.values().find_map(|member| member.get("NextMarker"));
    let marker = output.get("NextMarker").or_else(inner);
    marker.filter(|marker| marker.as_str().is_some_and(|marker| !marker.is_empty()))
}

fn with_version(input: &mut Map<String, Value>, etag: Option<&str>) {
    if let Some(etag) = etag {
        input.insert("IfMatch".to_owned(), etag.into());
    }
}

/// An answer, or nothing where there is no such resource.
pub(super) fn absent<T>(answer: Result<T, ClientError>) -> Result<Option<T>, ClientError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The three forms that the service model has of lists.
    #[test]
    fn the_items_of_each_form_of_list_are_found() {
        let page = json!({ "Items": [1, 2], "NextMarker": "m", "MaxItems": 2 });
        for (output, expected) in [
            (json!({ "KeyGroupList": page }), Some("m")),
            (json!({ "ConnectionGroups": [1, 2], "NextMarker": "m" }), Some("m")),
            (json!({ "RealtimeLogConfigs": { "Items": [1, 2], "IsTruncated": false, "Marker": "" } }), None),
            (json!({ "TrustStoreList": [1, 2], "NextMarker": "" }), None),
        ] {
            let output = output.as_object().unwrap();
            assert_eq!(items(output).collect::<Vec<_>>(), [&json!(1), &json!(2)], "{output:?}");
            assert_eq!(next_marker(output).and_then(Value::as_str), expected, "{output:?}");
        }
    }
}
