//! Reads the documents of a seed.

use std::fs;
use std::path::Path;

use keyfront_api::faults::operation_advice;
use keyfront_domain::AccountId;
use keyfront_wire::Service;
use keyfront_wire::model::ModelError;
use serde_json::{Map, Value};

use super::SeedResource;
use super::input::Completion;

/// How the operations begin that make something.
const CREATE: &str = "Create";

/// Reads documents by the model of the control plane.
pub(in crate::seed) struct Documents {
    service: Service,
}

impl Documents {
    /// A reader.
    ///
    /// # Errors
    /// When the model that was compiled in is broken; a test proves that it is not.
    pub(in crate::seed) fn new() -> Result<Documents, ModelError> {
        Ok(Documents { service: Service::cloudfront()? })
    }

    /// The resources of one document, in its order.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with the file and the place.
    pub(in crate::seed) fn read(
        &self,
        account: AccountId,
        file: &Path,
    ) -> Result<Vec<SeedResource>, Vec<String>> {
        let in_file = |problem: String| format!("{}: {problem}", file.display());
        let document = parse(file).map_err(|problem| vec![in_file(problem)])?;
        let (mut resources, mut problems) = (Vec::new(), Vec::new());
        for (name, call) in document {
            match self.resource(account, file, &name, call) {
                Ok(resource) => resources.push(resource),
                Err(found) => problems.extend(found.into_iter().map(in_file)),
            }
        }
        if problems.is_empty() { Ok(resources) } else { Err(problems) }
    }

    fn resource(
        &self,
        account: AccountId,
        file: &Path,
        name: &str,
        call: Value,
    ) -> Result<SeedResource, Vec<String>> {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if name.is_empty() || !name.bytes().all(is_name) {
            return Err(vec![format!("{name:?}: a name has letters, digits, `-` and `_`")]);
        }
        let one_call = || {
            vec![format!(
                "{name}: a resource is one operation and its input, as in {{\"CreateKeyGroup\": {{…}}}}"
            )]
        };
        let Value::Object(call) = call else { return Err(one_call()) };
        let mut calls = call.into_iter();
        let (Some((operation, Value::Object(mut input))), None) = (calls.next(), calls.next()) else {
            return Err(one_call());
        };
        let known = self.service.operations().iter().find(|known| known.name == operation);
        let known = known.filter(|known| known.name.starts_with(CREATE));
        let structure = known.and_then(|known| self.service.shape(known.input.as_ref()?.shape).structure());
        let (Some(known), Some(structure)) = (known, structure) else {
            let names = self.service.operations().iter().map(|known| known.name);
            let advice = operation_advice(&operation, names.filter(|name| name.starts_with(CREATE)));
            return Err(vec![format!(
                "{name}: {operation} is not an operation that creates something; {advice}"
            )]);
        };
        let folder = file.parent().unwrap_or(Path::new("."));
        let mut completion = Completion { service: &self.service, name, folder, problems: Vec::new() };
        completion.members(structure, &mut input, &format!("{name}.{operation}"), 0);
        if !completion.problems.is_empty() {
            return Err(completion.problems);
        }
        let (name, file) = (name.to_owned(), file.to_owned());
        Ok(SeedResource { account, name, file, operation: known.name, input })
    }
}

/// The document in a file, whose extension says how it is written.
fn parse(file: &Path) -> Result<Map<String, Value>, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("it cannot be read: {error}"))?;
    let document = match file.extension().and_then(|extension| extension.to_str()) {
        Some("json") => serde_json::from_str(&text).map_err(|error| error.to_string())?,
        Some("yaml" | "yml") => keyfront_cfn::read_yaml(&text).map_err(|mistake| mistake.to_string())?,
        Some(_) | None => return Err("documents of resources are .json, .yaml or .yml".to_owned()),
    };
    match document {
        Value::Object(resources) => Ok(resources),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err("it must be resources by their names".to_owned())
        }
    }
}
