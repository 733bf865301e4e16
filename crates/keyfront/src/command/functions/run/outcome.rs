//! Renders an invocation: logs, result, changes and cost.

use keyfront_functions::event::{
    Change, Event, Item, OriginDecision, Outgoing, Part, Returned, difference, validate,
};
use keyfront_functions::{Failure, Outcome};
use serde_json::{Value, json};

use crate::terminal::{Output, count, one_line};

/// The longest value that is shown whole, in characters.
const SHOWN: usize = 120;

/// Prints it: text or JSON.
pub(super) fn show(event: &Event, outcome: &Outcome, output: Output) {
    output.print(|| text(event, outcome), || as_json(event, outcome));
}

/// What an edge would refuse of a result that TestFunction lets pass.
fn refused(event: &Event, returned: &Returned) -> Option<Failure> {
    validate(event, returned.clone()).err()
}

fn text(event: &Event, outcome: &Outcome) -> String {
    let mut rows: Vec<(&str, String)> = Vec::new();
    let logs = outcome.logs.iter().flat_map(|log| log.split('\n'));
    rows.extend(logs.map(|line| ("log", one_line(line))));
    match &outcome.result {
        Ok(returned) => {
            rows.push(("result", result(returned)));
            rows.extend(difference(event, returned).iter().map(|change| ("change", describe(change))));
            if let Some(decision) = &returned.origin {
                rows.push(("origin", origin(decision)));
            }
            if let Some(failure) = refused(event, returned) {
                rows.push(("edge", failed(&failure)));
                rows.push(("", failure.message()));
            }
        }
        Err(failure) => {
            rows.push(("result", failed(failure)));
            rows.push(("", failure.message()));
        }
    }
    let used = outcome.used;
    rows.push((
        "used",
        format!(
            "{} µs, {} % of the instruction budget, {}",
            used.time_ns.div_ceil(1_000),
            used.share,
            count(used.store_reads.into(), "store read")
        ),
    ));
    let lines = rows.iter().map(|(word, text)| format!("{word:8}{text}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

fn failed(failure: &Failure) -> String {
    format!("failed with {} {}", failure.status(), failure.result_type())
}

fn result(returned: &Returned) -> String {
    match &returned.outgoing {
        Outgoing::Request(request) => format!("request {} {}", request.method, one_line(&request.uri)),
        Outgoing::Response(response) => {
            let description = response.status_description.as_deref().unwrap_or_default();
            format!("response {} {}", response.status_code, one_line(description)).trim_end().to_owned()
        }
    }
}

fn origin(decision: &OriginDecision) -> String {
    match decision {
        OriginDecision::Update(update) => match &update.domain_name {
            Some(name) => format!("updated: {}", one_line(name)),
            None => "updated".to_owned(),
        },
        OriginDecision::Select { id, .. } => format!("selected: {}", one_line(id)),
        OriginDecision::Group(group) => {
            format!("group: {}, then {}", one_line(&group.primary.id), one_line(&group.secondary.id))
        }
    }
}

fn describe(change: &Change) -> String {
    match change {
        Change::Generated { status_code, .. } => format!("response generated: {status_code}"),
        Change::Uri { from, to } => format!("uri: {} -> {}", quoted(from), quoted(to)),
        Change::QueryText { from, to } => format!("query string: {} -> {}", quoted(from), quoted(to)),
        Change::Added { part, name, values } => {
            format!("{} {}: added {}", word(*part), one_line(name), list(values))
        }
        Change::Removed { part, name, values } => {
            format!("{} {}: removed {}", word(*part), one_line(name), list(values))
        }
        Change::Changed { part, name, from, to } => {
            format!("{} {}: {} -> {}", word(*part), one_line(name), list(from), list(to))
        }
        Change::StatusCode { from, to } => format!("status: {from} -> {to}"),
        Change::StatusDescription { from, to } => {
            let [from, to] = [from, to].map(|text| text.as_deref().map_or_else(|| "none".to_owned(), quoted));
            format!("status description: {from} -> {to}")
        }
        Change::Body { bytes } => {
            format!("body: set, {}", count(u64::try_from(*bytes).unwrap_or(u64::MAX), "byte"))
        }
    }
}

fn word(part: Part) -> &'static str {
    match part {
        Part::Header => "header",
        Part::Cookie => "cookie",
        Part::Parameter => "parameter",
    }
}

fn list(values: &[Item]) -> String {
    let values = values.iter().map(|item| match &item.attributes {
        Some(attributes) => format!("{} ({})", quoted(&item.value), one_line(attributes)),
        None => quoted(&item.value),
    });
    values.collect::<Vec<_>>().join(", ")
}

/// A value in quotes, on one line, and not too long for a terminal.
fn quoted(value: &str) -> String {
    let shown = one_line(value);
    match shown.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("\"{}…\"", shown.get(..end).unwrap_or_default()),
        None => format!("\"{shown}\""),
    }
}

/// TestFunction's answer, and what an edge would refuse.
fn as_json(event: &Event, outcome: &Outcome) -> Value {
    let (result, message) = match &outcome.result {
        Ok(returned) => (serde_json::from_str(&returned.to_json()).unwrap_or(Value::Null), String::new()),
        Err(failure) => (Value::Null, failure.message()),
    };
    let refused = outcome.result.as_ref().ok().and_then(|returned| refused(event, returned));
    json!({
        "ComputeUtilization": outcome.used.share.to_string(),
        "FunctionExecutionLogs": outcome.logs,
        "FunctionErrorMessage": message,
        "FunctionOutput": result,
        "EdgeErrorMessage": refused.map_or_else(String::new, |failure| failure.message()),
        "TimeNs": outcome.used.time_ns,
        "StoreReads": outcome.used.store_reads,
    })
}
