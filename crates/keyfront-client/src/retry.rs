//! Retries of reads and writes that another writer overtook.
//!
//! Failures of the network and of the service are retried by the SDK; here only conflicts are.

use std::future::Future;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};

use crate::error::{ClientError, ErrorKind};

const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PATIENT_PAUSE: Duration = Duration::from_secs(15);

/// Pauses between attempts: each twice as long as the one before, with jitter, so that two writers part.
pub(crate) fn pauses(most: usize) -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(FIRST_PAUSE)
        .with_max_delay(LONGEST_PAUSE)
        .with_max_times(most)
        .with_jitter()
}

/// Pauses between looks at something that will be ready soon, for `limit` in total.
pub(crate) fn polling(limit: Duration) -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_min_delay(FIRST_PAUSE)
        .with_max_delay(LONGEST_PAUSE)
        .without_max_times()
        .with_total_delay(Some(limit))
}

/// Pauses between looks at something that takes minutes at AWS and a moment elsewhere, for `limit` in total.
pub(crate) fn patient(limit: Duration) -> ExponentialBuilder {
    polling(limit).with_max_delay(LONGEST_PATIENT_PAUSE)
}

/// Repeats an attempt while it fails as stale, `attempts` times at most.
pub(crate) async fn while_stale<T, F>(attempts: usize, attempt: impl FnMut() -> F) -> Result<T, ClientError>
where
    F: Future<Output = Result<T, ClientError>>,
{
    let retries = pauses(attempts.saturating_sub(1));
    attempt.retry(retries).when(|error: &ClientError| error.kind == ErrorKind::Stale).await
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn attempts_until(kind: ErrorKind, good_at: usize) -> (usize, Result<usize, ErrorKind>) {
        let mut made = 0;
        let attempt = || {
            made += 1;
            let answer = if made < good_at { Err(ClientError::new(kind, "")) } else { Ok(made) };
            std::future::ready(answer)
        };
        let answer = while_stale(3, attempt).await.map_err(|error| error.kind);
        (made, answer)
    }

    #[tokio::test(start_paused = true)]
    async fn a_conflict_is_tried_again_and_nothing_else() {
        assert_eq!(attempts_until(ErrorKind::Stale, 1).await, (1, Ok(1)));
        assert_eq!(attempts_until(ErrorKind::Stale, 3).await, (3, Ok(3)));
        assert_eq!(attempts_until(ErrorKind::Stale, 4).await, (3, Err(ErrorKind::Stale)));
        assert_eq!(attempts_until(ErrorKind::NotFound, 2).await, (1, Err(ErrorKind::NotFound)));
    }
}
