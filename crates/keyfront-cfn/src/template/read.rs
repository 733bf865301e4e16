//! The sections of a template.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{DeletionPolicy, Output, Parameter, Resource, Template};
use crate::Mistake;
use crate::nearest;

/// The sections that CloudFormation has, in its order.
const SECTIONS: [&str; 10] = [
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Rules",
    "Mappings",
    "Conditions",
    "Transform",
    "Resources",
    "Outputs",
];

/// The members of a resource that CloudFormation has.
const RESOURCE: [&str; 9] = [
    "Type",
    "Properties",
    "Condition",
    "DependsOn",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Metadata",
    "CreationPolicy",
    "UpdatePolicy",
];

pub(super) fn template(document: &Value) -> Result<Template, Vec<Mistake>> {
    let Value::Object(document) = document else {
        return Err(vec![Mistake::new("the template", "it must be an object with the section Resources")]);
    };
    let mut reader = Reader { mistakes: Vec::new() };
    let template = reader.template(document);
    if reader.mistakes.is_empty() { Ok(template) } else { Err(reader.mistakes) }
}

struct Reader {
    mistakes: Vec<Mistake>,
}

impl Reader {
    fn note(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.mistakes.push(Mistake::new(place, message));
    }

    fn template(&mut self, document: &Map<String, Value>) -> Template {
        for name in document.keys().filter(|name| !SECTIONS.contains(&name.as_str())) {
            let hint = nearest::hint(name, SECTIONS);
            self.note(name, format!("a template has no such section{hint}"));
        }
        let mut template = Template {
            description: document.get("Description").and_then(Value::as_str).map(str::to_owned),
            mappings: self.section(document, "Mappings").into_iter().collect(),
            conditions: self.section(document, "Conditions"),
            ..Template::default()
        };
        for (name, value) in self.section(document, "Parameters") {
            if let Some(members) = self.object(&format!("Parameters.{name}"), &value) {
                template.parameters.insert(name, Parameter::read(&members));
            }
        }
        for (name, value) in self.section(document, "Resources") {
            // A loop of the transform AWS::LanguageExtensions stands among the resources.
            let place = format!("Resources.{name}");
            if name.starts_with("Fn::") {
                self.note(place, "loops are not understood here; write the resources out");
            } else if let Some(members) = self.object(&place, &value) {
                let resource = self.resource(&place, &members);
                template.resources.insert(name, resource);
            }
        }
        for (name, value) in self.section(document, "Outputs") {
            let place = format!("Outputs.{name}");
            if let Some(members) = self.object(&place, &value) {
                let output = Output {
                    value: members.get("Value").cloned().unwrap_or_default(),
                    export: members.get("Export").and_then(|export| export.get("Name")).cloned(),
                    condition: self.text(&place, &members, "Condition"),
                };
                template.outputs.insert(name, output);
            }
        }
        if template.resources.is_empty() && self.mistakes.is_empty() {
            self.note("Resources", "a template has at least one resource");
        }
        template
    }

    fn resource(&mut self, place: &str, members: &Map<String, Value>) -> Resource {
        for name in members.keys().filter(|name| !RESOURCE.contains(&name.as_str())) {
            let hint = nearest::hint(name, RESOURCE);
            self.note(format!("{place}.{name}"), format!("a resource has no such member{hint}"));
        }
        let kind = self.text(place, members, "Type").unwrap_or_else(|| {
            self.note(place, "a resource has a Type");
            String::new()
        });
        let properties = match members.get("Properties") {
            None | Some(Value::Null) => Map::new(),
            Some(value) => self.object(&format!("{place}.Properties"), value).unwrap_or_default(),
        };
        let depends_on = match members.get("DependsOn") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::String(name)) => vec![name.clone()],
            Some(value) => {
                let name = |name: &Value| name.as_str().map(str::to_owned);
                let names = value.as_array().and_then(|names| names.iter().map(name).collect());
                names.unwrap_or_else(|| {
                    self.note(format!("{place}.DependsOn"), "it must be a logical id or a list of them");
                    Vec::new()
                })
            }
        };
        let ours = kind.starts_with("AWS::CloudFront::");
        Resource {
            condition: self.text(place, members, "Condition"),
            depends_on,
            deletion_policy: self.policy(place, members, "DeletionPolicy", ours),
            update_replace_policy: self.policy(place, members, "UpdateReplacePolicy", ours),
            kind,
            properties,
        }
    }

    fn policy(
        &mut self,
        place: &str,
        members: &Map<String, Value>,
        name: &str,
        ours: bool,
    ) -> DeletionPolicy {
        match self.text(place, members, name).as_deref() {
            None | Some("Delete") => DeletionPolicy::Delete,
            Some("Retain") => DeletionPolicy::Retain,
            Some("RetainExceptOnCreate") => DeletionPolicy::RetainExceptOnCreate,
            Some(other) => {
                if ours {
                    let known = "it must be Delete, Retain or RetainExceptOnCreate";
                    self.note(format!("{place}.{name}"), format!("{other}: {known}"));
                }
                DeletionPolicy::Delete
            }
        }
    }

    fn section(&mut self, document: &Map<String, Value>, name: &str) -> BTreeMap<String, Value> {
        match document.get(name) {
            None | Some(Value::Null) => BTreeMap::new(),
            Some(value) => self.object(name, value).unwrap_or_default().into_iter().collect(),
        }
    }

    fn object(&mut self, place: &str, value: &Value) -> Option<Map<String, Value>> {
        if let Value::Object(members) = value {
            return Some(members.clone());
        }
        self.note(place, "it must be an object");
        None
    }

    fn text(&mut self, place: &str, members: &Map<String, Value>, name: &str) -> Option<String> {
        match members.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                self.note(format!("{place}.{name}"), "it must be a text");
                None
            }
        }
    }
}
