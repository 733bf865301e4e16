//! What is not read is forgotten after a while, by a clock that tests move.

use std::sync::Arc;
use std::time::Duration;

use keyfront_domain::AccountId;
use keyfront_domain::arn::KeyValueStoreArn;
use keyfront_domain::pairs::StorePairs;
use keyfront_engine::MemoryEngine;
use keyfront_store::Engine;
use keyfront_store::records::TagsRecord;
use keyfront_store::stores::{self, NewKeyValueStore};
use keyfront_view::Pairs;
use tokio::time::advance;
use uuid::Uuid;

const FORGET_AFTER: Duration = Duration::from_mins(10);

async fn create(engine: &dyn Engine, id: u128) -> KeyValueStoreArn {
    let new = NewKeyValueStore {
        account: AccountId::DEVELOPMENT,
        id: Uuid::from_u128(id),
        name: format!("store-{id}"),
        comment: None,
        tags: TagsRecord::default(),
        import: None,
        held: false,
        now_ms: 1,
    };
    let pairs = [("a".to_owned(), "1".to_owned())];
    stores::create_filled(engine, &new, &pairs, u64::MAX).await.unwrap();
    KeyValueStoreArn { account: new.account, id: new.id }
}

/// Lets time pass, in steps in which the follower gets its turns.
async fn pass(time: Duration) {
    let steps = 40;
    for _ in 0..steps {
        advance(time / steps).await;
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_not_read_is_forgotten_and_its_memory_returns() {
    let engine: Arc<dyn Engine> = Arc::new(MemoryEngine::new());
    let (read, unread) = (create(&*engine, 1).await, create(&*engine, 2).await);
    let pairs = Pairs::follow(Arc::clone(&engine), Some(FORGET_AFTER));
    pairs.load(&read).await.unwrap().unwrap();
    let memory: std::sync::Weak<StorePairs> = Arc::downgrade(&pairs.load(&unread).await.unwrap().unwrap());

    for _ in 0..9 {
        pass(FORGET_AFTER / 10).await;
        assert!(pairs.get(&read).is_some());
    }
    assert_eq!(pairs.loaded(), 2, "not before its time");
    for _ in 0..5 {
        pass(FORGET_AFTER / 10).await;
        assert!(pairs.get(&read).is_some());
    }
    assert_eq!(pairs.loaded(), 1);
    assert!(memory.upgrade().is_none());
    assert!(pairs.get(&unread).is_none());
    assert!(pairs.load(&unread).await.unwrap().is_some(), "it can be loaded again");

    pass(FORGET_AFTER * 2).await;
    assert_eq!(pairs.loaded(), 0);
}

#[tokio::test(start_paused = true)]
async fn without_a_time_nothing_is_forgotten() {
    let engine: Arc<dyn Engine> = Arc::new(MemoryEngine::new());
    let store = create(&*engine, 1).await;
    let pairs = Pairs::follow(Arc::clone(&engine), None);
    pairs.load(&store).await.unwrap().unwrap();
    pass(FORGET_AFTER * 100).await;
    assert_eq!(pairs.loaded(), 1);
}
