//! Renders what a synchronization wrote, and why it ended early.

use keyfront_client::sync::{Applied, Cause, Unfinished};

use crate::failure::Failure;
use crate::terminal::{count, number};

/// What was written, in sentences. `name` is the store.
pub(crate) fn text(applied: &Applied, name: &str) -> String {
    let holds = format!(
        "{name} holds {}, {} bytes.",
        count(applied.item_count, "pair"),
        number(applied.total_size_in_bytes)
    );
    if applied.changes() == 0 {
        return format!("Nothing was left to do: other clients wrote meanwhile. {holds}");
    }
    let how = if applied.atomic {
        "in one step".to_owned()
    } else {
        format!("in {}", count(applied.requests, "request"))
    };
    let conflicts = match applied.conflicts {
        0 => String::new(),
        conflicts => {
            format!(
                "; other clients wrote meanwhile, so the difference was computed again {}",
                count(conflicts, "time")
            )
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
pub(crate) fn unfinished(unfinished: &Unfinished, advice: &str) -> Failure {
    let Unfinished { applied, in_doubt, remaining, cause } = unfinished;
    let mut parts = Vec::new();
    match (applied.changes(), in_doubt) {
        (0, 0) => parts.push("nothing was written".to_owned()),
        (0, _) => {}
        (_, _) => parts.push(format!("{} in {}", written(applied), count(applied.requests, "request"))),
    }
    if *in_doubt > 0 {
        let pairs = count(*in_doubt, "pair");
        parts.push(format!("{pairs} may be written or not, the service did not answer"));
    }
    if *remaining > 0 {
        parts.push(format!("{} not written yet", count(*remaining, "pair")));
    }
    parts.push(match cause {
        Cause::Interrupted | Cause::Failed(_) => advice.to_owned(),
        Cause::Unwritable(_) | Cause::NotUnderPrefix(_) => "change the file, or the store".to_owned(),
    });
    Failure::new(format!("{cause}\n{}", parts.join("; ")))
}
