//! Files, plans and results, as a person sees them.

use std::path::Path;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use keyfront_client::Pairs;
use keyfront_client::document;
use keyfront_client::plan::{Change, Entry, Ownership, Plan};
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

/// A plan as Terraform would show it. `most` entries are listed, or all.
pub(super) fn plan(plan: &Plan<'_>, quotas: &Quotas, most: Option<usize>) -> String {
    if plan.is_empty() {
        let size = size(plan.after().total_size_in_bytes, quotas);
        return format!("Nothing to do: {}, {size}.", count(plan.after().item_count, "pair"));
    }
    let entries = plan.entries();
    let listed = most.unwrap_or(entries.len());
    let width = entries.iter().take(listed).map(|entry| quoted(entry.key).chars().count()).max();
    let mut text: String =
        entries.iter().take(listed).map(|entry| line(entry, width.unwrap_or_default())).collect();
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
    text
}

fn size(bytes: u64, quotas: &Quotas) -> String {
    format!("{} of {} bytes", number(bytes), number(quotas.key_value_store_bytes))
}

const ADDED: Style = AnsiColor::Green.on_default();
const CHANGED: Style = AnsiColor::Yellow.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();

fn line(entry: &Entry<'_>, width: usize) -> String {
    let key = quoted(entry.key);
    let (style, sign, values) = match entry.change {
        Change::Added { value } => (ADDED, '+', quoted(value)),
        Change::Changed { old, new } => (CHANGED, '~', format!("{} -> {}", quoted(old), quoted(new))),
        Change::Removed { old } => (REMOVED, '-', quoted(old)),
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
    format!(
        "{} {how}{conflicts}. {name} holds {}, {} bytes.",
        written(applied),
        count(applied.item_count, "pair"),
        number(applied.total_size_in_bytes)
    )
}

fn written(applied: &Applied) -> String {
    format!(
        "Added {}, changed {}, removed {}",
        number(applied.added),
        number(applied.changed),
        number(applied.removed)
    )
}

/// What was done before it ended, and what to do now.
pub(super) fn unfinished(unfinished: &Unfinished) -> Failure {
    let Unfinished { applied, in_doubt, remaining, cause } = unfinished;
    let done = if applied.changes() == 0 {
        "nothing was written for certain".to_owned()
    } else {
        format!("{} in {}", written(applied), count(applied.requests, "request"))
    };
    let in_doubt = match in_doubt {
        0 => String::new(),
        in_doubt => format!("; {} may be written or not, there was no answer", count(*in_doubt, "pair")),
    };
    let remaining = match remaining {
        0 => String::new(),
        remaining => format!("; {} still to be written", count(*remaining, "pair")),
    };
    let advice = match cause {
        Cause::Interrupted | Cause::Failed(_) => "the same command goes on from there",
        Cause::Unwritable(_) | Cause::NotUnderPrefix(_) => "change the file, or what is in the store",
    };
    Failure::new(format!("{cause}\n{done}{in_doubt}{remaining}; {advice}"))
}
