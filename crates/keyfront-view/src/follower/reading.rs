//! Reading parts from one snapshot, and what follows it.

use std::sync::Arc;

use keyfront_store::{Changes, Engine, Snapshot, StoreError, Version};

use crate::projection::Projection;

/// A part and what was read of it: nothing if the part does not exist, an error if it cannot be read.
type PartRead<P> = (<P as Projection>::Part, Result<Option<<P as Projection>::Value>, StoreError>);

/// Parts as one snapshot has them.
pub(super) struct Reading<P: Projection> {
    /// The snapshot's version.
    pub(super) version: Version,
    /// Each part that was asked for.
    pub(super) parts: Vec<PartRead<P>>,
    /// What was committed after it.
    pub(super) changes: Changes,
}

/// Reads parts, on a thread that may take its time: a map of 90,000 pairs takes longer than a request may wait.
pub(super) async fn read<P: Projection>(
    engine: Arc<dyn Engine>,
    projection: Arc<P>,
    parts: Vec<P::Part>,
) -> Result<Reading<P>, StoreError> {
    let by_part: Vec<_> = parts.iter().map(|part| projection.ranges(part)).collect();
    let counts: Vec<_> = by_part.iter().map(Vec::len).collect();
    let ranges: Vec<_> = by_part.into_iter().flatten().collect();
    let snapshot = engine.read(&ranges).await?;
    let version = snapshot.version;
    let changes = engine.watch(version).await?;
    let built = tokio::task::spawn_blocking(move || build(&*projection, parts, counts, &snapshot)).await;
    let parts = built.map_err(|error| StoreError::Read {
        message: "the task that read what is followed was ended".to_owned(),
        source: Some(Arc::new(error)),
    })?;
    Ok(Reading { version, parts, changes })
}

fn build<P: Projection>(
    projection: &P,
    parts: Vec<P::Part>,
    counts: Vec<usize>,
    snapshot: &Snapshot,
) -> Vec<PartRead<P>> {
    let mut rest = snapshot.ranges.as_slice();
    let built = parts.into_iter().zip(counts).map(|(part, count)| {
        let (ranges, others) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        rest = others;
        let value = projection.from_snapshot(&part, ranges);
        (part, value)
    });
    built.collect()
}
