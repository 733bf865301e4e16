//! Change sets and stacks as text and as JSON. Values of properties are not shown: some are secret.

use anstyle::{AnsiColor, Style};
use keyfront_cfn::Mistake;
use keyfront_cfn::change_set::{Action, Change};
use keyfront_cfn::deployment::Deployment;
use keyfront_cfn::resource_type::PREFIX;
use keyfront_cfn::stack::Stack;
use serde_json::{Value, json};

use crate::terminal::{Styled, one_line};

const CREATED: Style = AnsiColor::Green.on_default();
const CHANGED: Style = AnsiColor::Yellow.on_default();
const DELETED: Style = AnsiColor::Red.on_default();

/// Properties of one resource that are listed.
const LISTED: usize = 8;

/// The changes of a deploy, and what is passed over.
pub(super) fn changes(stack: &Stack, changes: &[Change], deployment: &Deployment<'_>) -> Styled {
    let mut text = Styled::default();
    let width = changes.iter().map(|change| change.logical_id.chars().count()).max().unwrap_or_default();
    let kinds = changes.iter().map(|change| short(&change.kind).chars().count()).max().unwrap_or_default();
    for change in changes {
        let (sign, style) = match change.action {
            Action::Create => ("+", CREATED),
            Action::Update => ("~", CHANGED),
            Action::Replace => ("±", CHANGED),
            Action::Delete => ("-", DELETED),
            Action::Retain => (" ", Style::new()),
        };
        let id = one_line(&change.logical_id);
        let kind = one_line(short(&change.kind));
        let line = format!("  {sign} {id:width$}  {kind:kinds$}  {}", note(change));
        text.push_styled(style, line.trim_end());
        text.push("\n");
    }
    let skipped = deployment.skipped();
    if !skipped.is_empty() {
        let names: Vec<String> =
            skipped.iter().map(|(id, kind)| format!("{} ({})", one_line(id), one_line(kind))).collect();
        let gap = if text.is_empty() { "" } else { "\n" };
        text.push(format!("{gap}Passed over, because another service has it: {}\n", names.join(", ")));
    }
    let count = |action: Action| changes.iter().filter(|change| change.action == action).count();
    let name = &stack.stack_name;
    if changes.is_empty() {
        text.push(format!("No changes: the stack {name} is as the template says."));
        return text;
    }
    if !text.is_empty() {
        text.push("\n");
    }
    text.push(format!(
        "Stack {name} at {}: {} to create, {} to change, {} to replace, {} to delete.",
        stack.endpoint,
        count(Action::Create),
        count(Action::Update),
        count(Action::Replace),
        count(Action::Delete),
    ));
    text
}

/// Why a resource changes.
fn note(change: &Change) -> String {
    if change.missing && change.action == Action::Create {
        return "it is no longer there".to_owned();
    }
    if change.action == Action::Retain {
        return "stays, by its deletion policy".to_owned();
    }
    let listed: Vec<String> = change.properties.iter().take(LISTED).map(|path| one_line(path)).collect();
    let more = change.properties.len().saturating_sub(LISTED);
    let more = if more == 0 { String::new() } else { format!(", and {more} more") };
    format!("{}{more}", listed.join(", "))
}

/// The changes, for scripts.
pub(super) fn changes_as_json(stack: &Stack, changes: &[Change], deployment: &Deployment<'_>) -> Value {
    let change = |change: &Change| {
        let action = match change.action {
            Action::Create => "Create",
            Action::Update => "Update",
            Action::Replace => "Replace",
            Action::Delete => "Delete",
            Action::Retain => "Retain",
        };
        json!({
            "LogicalResourceId": change.logical_id,
            "ResourceType": change.kind,
            "Action": action,
            "Properties": change.properties,
        })
    };
    let skipped = deployment.skipped().iter();
    let skipped = skipped.map(|(id, kind)| json!({ "LogicalResourceId": id, "ResourceType": kind }));
    json!({
        "StackName": stack.stack_name,
        "Changes": changes.iter().map(change).collect::<Vec<_>>(),
        "Skipped": skipped.collect::<Vec<_>>(),
    })
}

/// A stack after a deploy.
pub(super) fn deployed(stack: &Stack, unknown: &[Mistake]) -> String {
    let outputs = stack.outputs.iter().map(|(id, output)| format!("{id} = {}", shown(&output.value)));
    let unknown =
        unknown.iter().map(|mistake| format!("without a value: {}", one_line(&mistake.to_string())));
    let state = std::iter::once(format!("{}: {}", stack.stack_name, stack.status.as_str()));
    state.chain(outputs).chain(unknown).collect::<Vec<_>>().join("\n")
}

/// A stack on one line.
pub(super) fn row(stack: &Stack) -> String {
    let resources = stack.resources.len();
    let plural = if resources == 1 { "" } else { "s" };
    format!(
        "{}  {}  {resources} resource{plural}  {}",
        stack.stack_name,
        stack.status.as_str(),
        one_line(&stack.endpoint)
    )
}

/// The resources of a stack.
pub(super) fn resources(stack: &Stack) -> String {
    let width = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or_default();
    let ids = width(&mut stack.resources.keys().map(String::len));
    let kinds = width(&mut stack.resources.values().map(|resource| short(&resource.kind).len()));
    let lines = stack.resources.iter().map(|(id, resource)| {
        format!("  {id:ids$}  {:kinds$}  {}", short(&resource.kind), one_line(&resource.physical_resource_id))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn short(kind: &str) -> &str {
    kind.strip_prefix(PREFIX).unwrap_or(kind)
}

/// A stack whole.
pub(super) fn described(stack: &Stack) -> String {
    let mut text = row(stack);
    if !stack.resources.is_empty() {
        text.push_str(&format!("\nResources:\n{}", resources(stack)));
    }
    if !stack.outputs.is_empty() {
        let outputs = stack.outputs.iter().map(|(id, output)| format!("\n  {id} = {}", shown(&output.value)));
        text.push_str(&format!("\nOutputs:{}", outputs.collect::<String>()));
    }
    text
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| one_line(&value.to_string()), one_line)
}

/// A stack, for scripts.
pub(super) fn stack_as_json(stack: &Stack) -> Value {
    let resources = stack.resources.iter().map(|(id, resource)| {
        json!({
            "LogicalResourceId": id,
            "PhysicalResourceId": resource.physical_resource_id,
            "ResourceType": resource.kind,
            "Attributes": resource.attributes,
        })
    });
    let outputs = stack.outputs.iter().map(|(id, output)| (id.clone(), output.value.clone()));
    json!({
        "StackName": stack.stack_name,
        "StackStatus": stack.status.as_str(),
        "Endpoint": stack.endpoint,
        "Resources": resources.collect::<Vec<_>>(),
        "Outputs": outputs.collect::<serde_json::Map<_, _>>(),
    })
}
