//! The conformance suite of storage engines: what `keyfront_engine::Engine` promises, as tests.
//!
//! An engine passes it in one line; the expression makes an empty engine and whatever must live as long
//! as it does:
//!
//! ```ignore
//! keyfront_testkit::engine_conformance!((Arc::new(MemoryEngine::new()), ()));
//! ```
//!
//! [`model`] compares an engine with the memory engine over random operations.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a suite says by panicking that an engine does not conform"
)]

mod checks;
mod holds;
mod limits;
pub mod model;
mod reads;
mod watches;
mod writes;

use keyfront_engine::{Batch, Engine, Outcome, Range, Version};

pub use checks::{
    a_batch_can_rest_on_everything, a_batch_happens_whole_or_not_at_all,
    a_batch_without_writes_asserts_its_checks, a_check_holds_for_exactly_one_version,
    a_guard_key_stands_for_everything_that_is_written_with_it, checks_see_the_state_before_the_batch,
    concurrent_batches_that_rest_on_a_guard_lose_nothing, concurrent_increments_lose_nothing,
    of_batches_that_rest_on_the_same_moment_one_is_made,
};
pub use holds::a_work_that_was_given_back_is_held_again;
pub use limits::{a_batch_at_the_limits_is_committed, a_batch_beyond_the_limits_is_refused_whole};
pub use reads::{
    a_range_brings_its_keys_in_order_up_to_its_limit, a_read_sees_every_answered_commit,
    all_ranges_of_a_read_come_from_one_snapshot, large_values_and_binary_keys_come_back_as_they_were,
};
pub use watches::{
    a_watch_begins_after_the_version_it_names, a_watch_brings_every_batch_in_order,
    a_watch_of_a_version_not_reached_lags, a_watch_that_is_too_late_lags,
};
pub use writes::{
    a_range_is_deleted_up_to_its_end, an_entry_has_the_version_of_the_commit_that_wrote_it,
    the_version_grows_with_every_batch_that_writes, writes_of_a_batch_apply_in_order,
};

/// Makes one test of every function of the suite, each on an engine of its own.
#[macro_export]
macro_rules! engine_conformance {
    ($make:expr) => {
        $crate::engine_conformance! { $make;
            a_batch_can_rest_on_everything,
            a_batch_happens_whole_or_not_at_all,
            a_guard_key_stands_for_everything_that_is_written_with_it,
            a_batch_without_writes_asserts_its_checks,
            a_check_holds_for_exactly_one_version,
            checks_see_the_state_before_the_batch,
            concurrent_batches_that_rest_on_a_guard_lose_nothing,
            concurrent_increments_lose_nothing,
            of_batches_that_rest_on_the_same_moment_one_is_made,
            a_batch_at_the_limits_is_committed,
            a_batch_beyond_the_limits_is_refused_whole,
            a_range_brings_its_keys_in_order_up_to_its_limit,
            a_read_sees_every_answered_commit,
            all_ranges_of_a_read_come_from_one_snapshot,
            large_values_and_binary_keys_come_back_as_they_were,
            a_watch_begins_after_the_version_it_names,
            a_watch_brings_every_batch_in_order,
            a_watch_of_a_version_not_reached_lags,
            a_watch_that_is_too_late_lags,
            a_work_that_was_given_back_is_held_again,
            a_range_is_deleted_up_to_its_end,
            an_entry_has_the_version_of_the_commit_that_wrote_it,
            the_version_grows_with_every_batch_that_writes,
            writes_of_a_batch_apply_in_order,
        }
    };
    ($make:expr; $($name:ident,)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let (engine, _keep) = $make;
                $crate::engines::$name(engine).await;
            }
        )*
    };
}

async fn committed(engine: &dyn Engine, batch: Batch) -> Version {
    let printed = format!("{batch:?}");
    match engine.commit(batch).await.expect("a commit") {
        Outcome::Committed(version) => version,
        Outcome::Conflict => panic!("a conflict of {printed}"),
    }
}

/// Bytes of a large value that a batch of this engine can hold beside others.
fn largest_value(engine: &dyn Engine) -> usize {
    (engine.limits().bytes / 2).min(1 << 20)
}

/// Every entry as text: keys and values of these tests are short words.
async fn contents(engine: &dyn Engine) -> Vec<(String, String)> {
    let snapshot = engine.read(&[Range::prefix("")]).await.expect("a read");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    snapshot.range(0).iter().map(|entry| (text(&entry.key), text(&entry.value))).collect()
}

async fn keys(engine: &dyn Engine) -> String {
    contents(engine).await.into_iter().map(|(key, _)| key).collect::<Vec<_>>().join(" ")
}
