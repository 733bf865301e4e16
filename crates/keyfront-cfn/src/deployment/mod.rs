//! A template with its parameters: which resources there are, in which order they are made, and with which properties.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::Mistake;
use crate::intrinsic::{Known, Resources, Scope, conditions, has_placeholder, references};
use crate::nearest;
use crate::order::order;
use crate::resource_type::{PREFIX, ResourceTypes};
use crate::stack::{StackOutput, StackResource};
use crate::template::{Resource, Template};

/// What a template is deployed with.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Values of parameters.
    pub parameters: BTreeMap<String, String>,
    /// Values of pseudo parameters, such as `AWS::Region`.
    pub pseudo: BTreeMap<&'static str, Value>,
    /// Values of references that are not known here: by logical id, or by logical id and attribute with a dot between.
    pub given: BTreeMap<String, Value>,
    /// Values of exports of other stacks, by name.
    pub imports: BTreeMap<String, Value>,
    /// Files that `cdk` would upload to a bucket, by their keys there.
    pub assets: BTreeMap<String, PathBuf>,
}

/// A template that is ready to be deployed.
#[derive(Debug)]
pub struct Deployment<'t> {
    template: &'t Template,
    types: &'t ResourceTypes,
    inputs: Inputs,
    parameters: BTreeMap<String, Value>,
    conditions: BTreeMap<String, bool>,
    dependencies: BTreeMap<String, BTreeSet<String>>,
    order: Vec<String>,
    skipped: Vec<(String, String)>,
}

impl<'t> Deployment<'t> {
    /// Evaluates parameters and conditions, and orders the resources.
    ///
    /// # Errors
    /// Everything that is wrong with what was given.
    pub fn new(
        template: &'t Template,
        types: &'t ResourceTypes,
        inputs: Inputs,
    ) -> Result<Deployment<'t>, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let known = || template.parameters.keys().map(String::as_str);
        for name in inputs.parameters.keys().filter(|name| !template.parameters.contains_key(*name)) {
            let hint = nearest::hint(name, known());
            mistakes.push(Mistake::new("--parameter", format!("the template has no parameter {name}{hint}")));
        }
        for name in inputs.given.keys() {
            let logical_id = name.split('.').next().unwrap_or_default();
            if !template.resources.contains_key(logical_id) {
                let hint = nearest::hint(logical_id, template.resources.keys().map(String::as_str));
                let message = format!("the template has no resource {logical_id}{hint}");
                mistakes.push(Mistake::new("--output-value", message));
            }
        }
        let used = used(template);
        let mut parameters = BTreeMap::new();
        for (name, parameter) in &template.parameters {
            match parameter.value(name, inputs.parameters.get(name).map(String::as_str)) {
                Ok(value) => {
                    parameters.insert(name.clone(), value);
                }
                // CDK's templates have one for its own checks, which are not made here.
                Err(_) if !used.contains(name) && !inputs.parameters.contains_key(name) => {}
                Err(mistake) => mistakes.push(mistake),
            }
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let conditions = conditions(template, &parameters, &inputs.pseudo, &inputs.imports)?;
        let mut deployment = Deployment {
            template,
            types,
            inputs,
            parameters,
            conditions,
            dependencies: BTreeMap::new(),
            order: Vec::new(),
            skipped: Vec::new(),
        };
        deployment.arrange()?;
        Ok(deployment)
    }

    /// Sorts out the resources that are made, and orders them.
    fn arrange(&mut self) -> Result<(), Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let mut made = BTreeMap::new();
        for (id, resource) in &self.template.resources {
            match &resource.condition {
                Some(condition) if !self.conditions.contains_key(condition) => {
                    let hint = nearest::hint(condition, self.conditions.keys().map(String::as_str));
                    let place = format!("Resources.{id}.Condition");
                    mistakes.push(Mistake::new(place, format!("there is no condition {condition}{hint}")));
                }
                Some(condition) if self.conditions.get(condition) == Some(&false) => {}
                Some(_) | None if self.types.get(&resource.kind).is_some() => {
                    made.insert(id.clone(), resource);
                }
                Some(_) | None => {
                    if resource.kind.starts_with(PREFIX) {
                        let hint = nearest::hint(&resource.kind, self.types.names());
                        let message = format!("CloudFront has no resource type {}{hint}", resource.kind);
                        mistakes.push(Mistake::new(format!("Resources.{id}.Type"), message));
                    }
                    self.skipped.push((id.clone(), resource.kind.clone()));
                }
            }
            for name in &resource.depends_on {
                if !self.template.resources.contains_key(name) {
                    let hint = nearest::hint(name, self.template.resources.keys().map(String::as_str));
                    let place = format!("Resources.{id}.DependsOn");
                    mistakes.push(Mistake::new(place, format!("the template has no resource {name}{hint}")));
                }
            }
        }
        for (id, resource) in &made {
            let mut needs = references(&Value::Object(resource.properties.clone()));
            needs.extend(resource.depends_on.iter().cloned());
            needs.retain(|name| made.contains_key(name));
            self.dependencies.insert(id.clone(), needs);
        }
        match order(&self.dependencies) {
            Ok(order) => self.order = order,
            Err(mistake) => mistakes.push(mistake),
        }
        if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
    }

    /// The logical ids of what is made, each behind what it refers to.
    pub fn order(&self) -> &[String] {
        &self.order
    }

    /// Logical ids and types of what is passed over, because another service has it.
    pub fn skipped(&self) -> &[(String, String)] {
        &self.skipped
    }

    /// A resource as the template has it.
    pub fn resource(&self, logical_id: &str) -> Option<&'t Resource> {
        self.template.resources.get(logical_id).filter(|_| self.dependencies.contains_key(logical_id))
    }

    /// What a resource refers to.
    pub fn dependencies(&self, logical_id: &str) -> BTreeSet<String> {
        self.dependencies.get(logical_id).cloned().unwrap_or_default()
    }

    /// The file that an import source names, if it is one that `cdk` would upload.
    pub fn asset(&self, source_arn: &str) -> Option<&Path> {
        let (_, key) = source_arn.rsplit_once(":::")?.1.split_once('/')?;
        self.inputs.assets.get(key).map(PathBuf::as_path)
    }

    /// The properties of a resource. Placeholders stand for what the deploy has yet to make, which are the resources in
    /// `later`.
    ///
    /// # Errors
    /// The first expression that has no value.
    pub fn properties(
        &self,
        logical_id: &str,
        made: &BTreeMap<String, StackResource>,
        later: &BTreeSet<String>,
    ) -> Result<Map<String, Value>, Mistake> {
        let none = Map::new();
        let properties = self.resource(logical_id).map_or(&none, |resource| &resource.properties);
        let references = References { deployment: self, made, later };
        self.scope(&references).members(properties, &format!("Resources.{logical_id}.Properties"))
    }

    /// The ARN that a store is filled from.
    pub(crate) fn import_source(
        &self,
        logical_id: &str,
        made: &BTreeMap<String, StackResource>,
        later: &BTreeSet<String>,
    ) -> Option<String> {
        let properties = self.properties(logical_id, made, later).ok()?;
        Some(properties.get("ImportSource")?.get("SourceArn")?.as_str()?.to_owned())
    }

    /// The outputs, and those that have no value here, each with the reason.
    pub fn outputs(
        &self,
        made: &BTreeMap<String, StackResource>,
    ) -> (BTreeMap<String, StackOutput>, Vec<Mistake>) {
        let later = BTreeSet::new();
        let references = References { deployment: self, made, later: &later };
        let scope = self.scope(&references);
        let (mut outputs, mut unknown) = (BTreeMap::new(), Vec::new());
        for (id, output) in &self.template.outputs {
            let holds = |condition: &String| self.conditions.get(condition) != Some(&false);
            if !output.condition.as_ref().is_none_or(holds) {
                continue;
            }
            let place = format!("Outputs.{id}");
            let value = scope.value(&output.value, &place);
            let export = output.export.as_ref().map(|name| scope.value(name, &format!("{place}.Export")));
            match (value, export.transpose()) {
                (Ok(Some(value)), Ok(export)) if !has_placeholder(&value) => {
                    let export_name = export.flatten().as_ref().and_then(Value::as_str).map(str::to_owned);
                    outputs.insert(id.clone(), StackOutput { value, export_name });
                }
                (Ok(_), Ok(_)) => {}
                (Err(mistake), _) | (_, Err(mistake)) => unknown.push(mistake),
            }
        }
        (outputs, unknown)
    }

    fn scope<'s>(&'s self, resources: &'s dyn Resources) -> Scope<'s> {
        Scope {
            template: self.template,
            parameters: &self.parameters,
            pseudo: &self.inputs.pseudo,
            conditions: &self.conditions,
            imports: &self.inputs.imports,
            resources,
        }
    }
}

/// Whether a deploy of this template needs the value of a parameter or a pseudo parameter.
pub fn refers_to(template: &Template, name: &str) -> bool {
    used(template).contains(name)
}

/// The names that a deploy of a template refers to.
fn used(template: &Template) -> BTreeSet<String> {
    let own = template.resources.values().filter(|resource| resource.kind.starts_with(PREFIX));
    let properties = own.flat_map(|resource| resource.properties.values());
    let outputs = template.outputs.values().flat_map(|output| output.export.iter().chain([&output.value]));
    properties.chain(outputs).chain(template.conditions.values()).flat_map(references).collect()
}

/// What resources of a deployment are known by.
struct References<'d> {
    deployment: &'d Deployment<'d>,
    made: &'d BTreeMap<String, StackResource>,
    later: &'d BTreeSet<String>,
}

impl Resources for References<'_> {
    fn value(&self, logical_id: &str, attribute: Option<&str>) -> Known {
        let name = attribute.map_or(logical_id.to_owned(), |attribute| format!("{logical_id}.{attribute}"));
        let Deployment { inputs, template, types, conditions, .. } = self.deployment;
        if let Some(value) = inputs.given.get(&name) {
            return Known::Value(value.clone());
        }
        let Some(resource) = template.resources.get(logical_id) else {
            return Known::Never(format!("the template has no {logical_id}"));
        };
        if let Some(condition) =
            resource.condition.as_ref().filter(|name| conditions.get(*name) == Some(&false))
        {
            return Known::Never(format!("{logical_id} is not made, because {condition} does not hold"));
        }
        let Some(kind) = types.get(&resource.kind) else {
            return Known::Never(format!(
                "{logical_id} is an {}, which is passed over; give the value with --output-value {name}=VALUE",
                resource.kind
            ));
        };
        let attribute = match attribute {
            None => None,
            Some(attribute) => {
                let is_in = |known: &&String| {
                    attribute
                        .strip_prefix(known.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                };
                let Some(known) = kind.attributes.iter().find(is_in) else {
                    let all = kind.attributes.join(", ");
                    let hint = nearest::hint(attribute, kind.attributes.iter().map(String::as_str));
                    return Known::Never(format!(
                        "{} has no attribute {attribute}{hint}; it has {all}",
                        kind.name
                    ));
                };
                Some((known, attribute.get(known.len()..).unwrap_or_default()))
            }
        };
        match (self.made.get(logical_id).filter(|_| !self.later.contains(logical_id)), attribute) {
            (None, _) => Known::Later,
            (Some(made), None) => Known::Value(made.physical_resource_id.clone().into()),
            (Some(made), Some((known, within))) => {
                let value = made.attributes.get(known);
                let value = value.and_then(|value| value.pointer(&within.replace('.', "/")));
                value.cloned().map_or_else(
                    || {
                        Known::Never(format!(
                            "the service did not tell {name}; give it with --output-value {name}=VALUE"
                        ))
                    },
                    Known::Value,
                )
            }
        }
    }
}

#[cfg(test)]
mod tests;
