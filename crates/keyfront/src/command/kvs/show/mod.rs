//! Files, plans and results, as a person sees them.

use std::path::Path;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use keyfront_client::Pairs;
use keyfront_client::document;
use keyfront_client::plan::{Change, Counts, Entry, Ownership, Plan};
use keyfront_client::sync::{Applied, Cause, Unfinished};
use keyfront_domain::Quotas;
use serde_json::{Value, json};

use super::output::{count, number, one_line};
use crate::failure::Failure;

/// The exit code when there are differences and nothing was to be written.
const DIFFERENCES: u8 = 2;

/// Reads a file of pairs, or standard input for `-`, with all its problems at once.
pub(super) fn read(path: &Path, quotas: &Quotas) -> Result<Pairs, Failure> {
    document::load(path, None, quotas)
        .map_err(|problems| Failure::new(format!("nothing was written:\n{problems}")))
}

/// The difference between what a store holds and what it should, if the store has room for it.
pub(super) fn planned<'a>(
    current: &'a Pairs,
    wanted: &'a Pairs,
    ownership: &Ownership,
    quotas: &Quotas,
) -> Result<Plan<'a>, Failure> {
    let plan = Plan::new(current, wanted, ownership);
    let plan = plan.map_err(|error| Failure::new(format!("nothing was written:\n{error}")))?;
    plan.check(quotas).map_err(|error| Failure::new(format!("nothing was written: {error}")))?;
    Ok(plan)
}

/// 2 if there is anything to do.
pub(super) fn exit_code(plan: &Plan<'_>) -> ExitCode {
    if plan.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(DIFFERENCES) }
}

/// A plan as Terraform would show it. `most` entries are listed with long values cut, or all of them whole.
pub(super) fn plan(plan: &Plan<'_>, quotas: &Quotas, most: Option<usize>) -> String {
    if plan.is_empty() {
        let size = size(plan.after().total_size_in_bytes, quotas);
        return format!("Nothing to do: {}, {size}.", count(plan.after().item_count, "pair"));
    }
    let entries = plan.entries();
    let listed = most.unwrap_or(entries.len());
    let widths = entries.iter().take(listed).map(|entry| quoted(entry.key).chars().count());
    let width = widths.filter(|width| *width <= WIDEST).max().unwrap_or_default();
    let long = if most.is_some() { LONGEST } else { usize::MAX };
    let mut text: String = entries.iter().take(listed).map(|entry| line(entry, width, long)).collect();
    let more = entries.len().saturating_sub(listed);
    if more > 0 {
        text.push_str(&format!("    … and {} more; --dry-run shows all\n", number(wide(more))));
    }
    let (counts, before, after) = (plan.counts(), plan.before(), plan.after());
    text.push_str(&format!(
        "\nPlan: {} to add, {} to change, {} to remove; {} unchanged, {} left alone.\n",
        number(wide(counts.added)),
        number(wide(counts.changed)),
        number(wide(counts.removed)),
        number(wide(counts.unchanged)),
        number(wide(counts.kept)),
    ));
    text.push_str(&format!(
        "Then: {}, {} (now {}, {} bytes).",
        count(after.item_count, "pair"),
        size(after.total_size_in_bytes, quotas),
        count(before.item_count, "pair"),
        number(before.total_size_in_bytes),
    ));
    text.push_str(&warning(plan));
    text
}

/// What a person should not overlook: a file that was meant to have pairs and has none.
fn warning(plan: &Plan<'_>) -> String {
    let Counts { added, changed, removed, unchanged, kept } = plan.counts();
    if removed == 0 || added + changed + unchanged > 0 {
        return String::new();
    }
    let of = if kept == 0 { "of the store" } else { "under the prefix" };
    let removed = match removed {
        1 => "the only pair".to_owned(),
        more => format!("all {}", count(wide(more), "pair")),
    };
    format!("\n{REMOVED}The file has no pairs: this removes {removed} {of}.{REMOVED:#}")
}

fn size(bytes: u64, quotas: &Quotas) -> String {
    format!("{} of {} bytes", number(bytes), number(quotas.key_value_store_bytes))
}

/// The characters of a value that are shown where not everything is.
const LONGEST: usize = 80;

/// The widest key, as it is shown, that others are lined up with.
const WIDEST: usize = 40;

const ADDED: Style = AnsiColor::Green.on_default();
const CHANGED: Style = AnsiColor::Yellow.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();

fn line(entry: &Entry<'_>, width: usize, long: usize) -> String {
    let key = quoted(entry.key);
    let shown = |value: &str| match value.char_indices().nth(long) {
        None => quoted(value),
        Some((end, _)) => format!("{}…", quoted(value.get(..end).unwrap_or_default())),
    };
    let (style, sign, values) = match entry.change {
        Change::Added { value } => (ADDED, '+', shown(value)),
        Change::Changed { old, new } => (CHANGED, '~', format!("{} -> {}", shown(old), shown(new))),
        Change::Removed { old } => (REMOVED, '-', shown(old)),
    };
    format!("  {style}{sign}{style:#} {key:width$} = {values}\n")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", one_line(&text.replace('\\', r"\\").replace('"', "\\\"")))
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// A plan for a script.
pub(super) fn plan_as_json(plan: &Plan<'_>) -> Value {
    let changes = plan.entries().iter().map(|entry| {
        let key = entry.key;
        match entry.change {
            Change::Added { value } => json!({ "Action": "add", "Key": key, "New": value }),
            Change::Changed { old, new } => {
                json!({ "Action": "change", "Key": key, "Old": old, "New": new })
            }
            Change::Removed { old } => json!({ "Action": "remove", "Key": key, "Old": old }),
        }
    });
    let (counts, before, after) = (plan.counts(), plan.before(), plan.after());
    json!({
        "Add": counts.added,
        "Change": counts.changed,
        "Remove": counts.removed,
        "Unchanged": counts.unchanged,
        "LeftAlone": counts.kept,
        "ItemCountBefore": before.item_count,
        "TotalSizeInBytesBefore": before.total_size_in_bytes,
        "ItemCountAfter": after.item_count,
        "TotalSizeInBytesAfter": after.total_size_in_bytes,
        "Changes": changes.collect::<Vec<_>>(),
    })
}

/// What was done, in words.
pub(super) fn applied(applied: &Applied, name: &str) -> String {
    let holds = format!(
        "{name} holds {}, {} bytes.",
        count(applied.item_count, "pair"),
        number(applied.total_size_in_bytes)
    );
    if applied.changes() == 0 {
        return format!("Nothing is left to do: others wrote meanwhile. {holds}");
    }
    let how = if applied.atomic {
        "in one step".to_owned()
    } else {
        format!("in {}", count(applied.requests, "request"))
    };
    let conflicts = match applied.conflicts {
        0 => String::new(),
        conflicts => {
            format!("; others wrote meanwhile, so it was worked out anew {}", count(conflicts, "time"))
        }
    };
    format!("{} {how}{conflicts}. {holds}", written(applied))
}

fn written(applied: &Applied) -> String {
    format!(
        "Added {}, changed {}, removed {}",
        number(applied.added),
        number(applied.changed),
        number(applied.removed)
    )
}

/// What was done before it ended, and what to do now: `advice` if writing can go on.
pub(super) fn unfinished(unfinished: &Unfinished, advice: &str) -> Failure {
    let Unfinished { applied, in_doubt, remaining, cause } = unfinished;
    let mut parts = Vec::new();
    match (applied.changes(), in_doubt) {
        (0, 0) => parts.push("nothing was written".to_owned()),
        (0, _) => {}
        (_, _) => parts.push(format!("{} in {}", written(applied), count(applied.requests, "request"))),
    }
    if *in_doubt > 0 {
        let pairs = count(*in_doubt, "pair");
        parts.push(format!("{pairs} may be written or not, the service did not say"));
    }
    if *remaining > 0 {
        parts.push(format!("{} not written yet", count(*remaining, "pair")));
    }
    parts.push(match cause {
        Cause::Interrupted | Cause::Failed(_) => advice.to_owned(),
        Cause::Unwritable(_) | Cause::NotUnderPrefix(_) => {
            "change the file, or what is in the store".to_owned()
        }
    });
    Failure::new(format!("{cause}\n{}", parts.join("; ")))
}

#[cfg(test)]
mod tests;
