//! Renders an invocation: logs, result, changes and cost.

use keyfront_functions::event::{Change, Event, Item, OriginDecision, Outgoing, Part, Returned, difference};
use keyfront_functions::{Failure, Outcome};
use serde_json::{Value, json};

use super::repeated::Times;
use crate::terminal::{Output, count, one_line};

/// The longest value that is shown whole, in characters.
const SHOWN: usize = 120;

/// An invocation, and what is to be shown of it.
pub(super) struct Shown<'a> {
    pub(super) event: &'a Event,
    pub(super) outcome: &'a Outcome,
    /// What an edge refuses of a result that TestFunction lets pass.
    pub(super) refused: Option<Failure>,
    /// The times of several runs.
    pub(super) times: Option<Times>,
    /// The calls under way when the code threw, the innermost first.
    pub(super) stack: Vec<String>,
}

/// Prints it: text or JSON.
pub(super) fn show(run: &Shown<'_>, output: Output) {
    output.print(|| text(run), || as_json(run));
}

fn text(run: &Shown<'_>) -> String {
    let Shown { event, outcome, refused, times, .. } = run;
    let mut rows: Vec<(&str, String)> = Vec::new();
    let logs = outcome.logs.iter().flat_map(|log| log.split('\n'));
    rows.extend(logs.map(|line| ("log", one_line(line))));
    match &outcome.result {
        Ok(returned) => {
            rows.push(("result", result(returned)));
            rows.extend(difference(event, returned).iter().map(|change| ("change", describe(change))));
            if let Some(decision) = &returned.origin {
                rows.push(("origin", one_line(&decision.to_json().to_string())));
            }
            if let Some(failure) = refused {
                rows.push(("edge", failed(failure)));
                rows.push(("", failure.message()));
            }
        }
        Err(failure) => {
            rows.push(("result", failed(failure)));
            rows.push(("", failure.message()));
            rows.extend(run.stack.iter().map(|call| ("", format!("    at {}", one_line(call)))));
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
    if let Some(times) = times {
        let Times { runs, least, median, most } = times;
        let [least, median, most] = [least, median, most].map(|time| time.div_ceil(1_000));
        rows.push((
            "times",
            format!("{runs} runs, {least} µs at least, {median} µs median, {most} µs at most"),
        ));
    }
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

/// TestFunction's answer, what an edge would refuse, and the origin that was chosen.
fn as_json(run: &Shown<'_>) -> Value {
    let Shown { outcome, refused, times, .. } = run;
    let (result, origin, message) = match &outcome.result {
        Ok(returned) => {
            let origin = returned.origin.as_ref().map(OriginDecision::to_json);
            (serde_json::from_str(&returned.to_json()).unwrap_or(Value::Null), origin, String::new())
        }
        Err(failure) => (Value::Null, None, failure.message()),
    };
    let times = times.map(|times| {
        json!({ "Runs": times.runs, "LeastNs": times.least, "MedianNs": times.median, "MostNs": times.most })
    });
    json!({
        "ComputeUtilization": outcome.used.share.to_string(),
        "FunctionExecutionLogs": outcome.logs,
        "FunctionErrorMessage": message,
        "FunctionErrorStack": run.stack,
        "FunctionOutput": result,
        "Origin": origin,
        "EdgeErrorMessage": refused.as_ref().map_or_else(String::new, Failure::message),
        "TimeNs": outcome.used.time_ns,
        "Times": times,
        "StoreReads": outcome.used.store_reads,
    })
}
