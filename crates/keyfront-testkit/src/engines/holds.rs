//! Work that one process does for all.

use std::sync::Arc;
use std::time::Duration;

use keyfront_engine::Engine;
use tokio::time::timeout;

/// The time within which a work is taken over.
const TAKEN_OVER: Duration = Duration::from_secs(10);

/// Also while another work is held.
pub async fn a_work_that_was_given_back_is_held_again(engine: Arc<dyn Engine>) {
    let _other = timeout(TAKEN_OVER, engine.hold("other")).await.expect("nothing holds the other one");
    for _ in 0..2 {
        let mut hold = timeout(TAKEN_OVER, engine.hold("work")).await.expect("nothing holds it");
        let lost = timeout(Duration::from_millis(50), hold.lost()).await;
        assert!(lost.is_err(), "it is held until it is given back");
    }
}
