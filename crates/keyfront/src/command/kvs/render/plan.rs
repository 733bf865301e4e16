//! Renders the difference between a file and a store.

use anstyle::{AnsiColor, Style};
use keyfront_client::plan::{Change, Counts, Plan, PlannedChange};
use keyfront_domain::Quotas;
use serde_json::{Value, json};

use crate::terminal::{Styled, count, number, one_line};

/// A plan as Terraform would show it. `most` changes are listed with long values cut, or all of them whole.
pub(crate) fn text(plan: &Plan<'_>, quotas: &Quotas, most: Option<usize>) -> Styled {
    if plan.is_empty() {
        let size = size(plan.after().total_size_in_bytes, quotas);
        return Styled::from(format!("Nothing to do: {}, {size}.", count(plan.after().item_count, "pair")));
    }
    let changes = plan.changes();
    let listed = most.unwrap_or(changes.len());
    let widths = changes.iter().take(listed).map(|planned| quoted(planned.key).chars().count());
    let width = widths.filter(|width| *width <= WIDEST).max().unwrap_or_default();
    let long = if most.is_some() { LONGEST } else { usize::MAX };
    let mut text = Styled::default();
    changes.iter().take(listed).for_each(|planned| line(&mut text, planned, width, long));
    let more = changes.len().saturating_sub(listed);
    if more > 0 {
        text.push(format!("    … and {} more; --dry-run shows all\n", number(wide(more))));
    }
    let (counts, before, after) = (plan.counts(), plan.before(), plan.after());
    text.push(format!(
        "\nPlan: {} to add, {} to change, {} to remove; {} unchanged, {} left alone.\n",
        number(wide(counts.added)),
        number(wide(counts.changed)),
        number(wide(counts.removed)),
        number(wide(counts.unchanged)),
        number(wide(counts.kept)),
    ));
    text.push(format!(
        "Then: {}, {} (now {}, {} bytes).",
        count(after.item_count, "pair"),
        size(after.total_size_in_bytes, quotas),
        count(before.item_count, "pair"),
        number(before.total_size_in_bytes),
    ));
    if let Some(warning) = warning(plan) {
        text.push("\n");
        text.push_styled(REMOVED, warning);
    }
    text
}

/// What a person should not overlook: a file that was meant to have pairs and has none.
fn warning(plan: &Plan<'_>) -> Option<String> {
    let Counts { added, changed, removed, unchanged, kept } = plan.counts();
    if removed == 0 || added + changed + unchanged > 0 {
        return None;
    }
    let of = if kept == 0 { "of the store" } else { "under the prefix" };
    let removed = match removed {
        1 => "the only pair".to_owned(),
        more => format!("all {}", count(wide(more), "pair")),
    };
    Some(format!("The file has no pairs: this removes {removed} {of}."))
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

fn line(text: &mut Styled, planned: &PlannedChange<'_>, width: usize, long: usize) {
    let key = quoted(planned.key);
    let shown = |value: &str| match value.char_indices().nth(long) {
        None => quoted(value),
        Some((end, _)) => format!("{}…", quoted(value.get(..end).unwrap_or_default())),
    };
    let (style, sign, values) = match planned.change {
        Change::Added { value } => (ADDED, "+", shown(value)),
        Change::Changed { old, new } => (CHANGED, "~", format!("{} -> {}", shown(old), shown(new))),
        Change::Removed { old } => (REMOVED, "-", shown(old)),
    };
    text.push("  ");
    text.push_styled(style, sign);
    text.push(format!(" {key:width$} = {values}\n"));
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", one_line(&text.replace('\\', r"\\").replace('"', "\\\"")))
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// A plan for a script.
pub(crate) fn as_json(plan: &Plan<'_>) -> Value {
    let changes = plan.changes().iter().map(|planned| {
        let key = planned.key;
        match planned.change {
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
