//! Renders what was found as text and as JSON.

use serde_json::{Value, json};

use super::Checked;
use super::difference::Difference;
use super::finding::Finding;
use crate::terminal::{count, one_line};

pub(super) fn text(checked: &[Checked]) -> String {
    let mut lines: Vec<String> = checked.iter().flat_map(of_one).collect();
    let findings: usize = checked.iter().map(|checked| checked.judgement.findings.len()).sum();
    if findings > 0 {
        lines.push(count(u64::try_from(findings).unwrap_or(u64::MAX), "finding"));
    }
    lines.join("\n")
}

fn of_one(Checked { file, resource, judgement }: &Checked) -> Vec<String> {
    let name = resource.as_ref().map_or_else(|| file.clone(), |resource| format!("{file}: {resource}"));
    let mut lines = Vec::new();
    if judgement.findings.is_empty() {
        lines.push(format!("{name}: nothing that CloudFront would refuse"));
    }
    for Finding { place, code, message } in &judgement.findings {
        lines.push(format!("{name}: refused: {place}: {code}: {message}"));
    }
    for Difference { place, sent, shown } in &judgement.differences {
        lines.push(match (sent, shown) {
            (None, Some(shown)) => format!("{name}: filled in: {place}: {shown}"),
            (Some(sent), Some(shown)) => format!("{name}: changed: {place}: {shown}, sent as {sent}"),
            (Some(sent), None) => format!("{name}: left out: {place}, sent as {sent}"),
            (None, None) => continue,
        });
    }
    lines.iter().map(|line| one_line(line)).collect()
}

pub(super) fn json(checked: &[Checked]) -> Value {
    let finding = |finding: &Finding| json!({ "Place": finding.place, "Code": finding.code, "Message": finding.message });
    let difference = |difference: &Difference| json!({ "Place": difference.place, "Sent": difference.sent, "Shown": difference.shown });
    let one = |checked: &Checked| {
        let judgement = &checked.judgement;
        json!({
            "File": checked.file,
            "Resource": checked.resource,
            "Findings": judgement.findings.iter().map(finding).collect::<Vec<_>>(),
            "Differences": judgement.differences.iter().map(difference).collect::<Vec<_>>(),
        })
    };
    checked.iter().map(one).collect()
}
