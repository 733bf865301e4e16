//! Threads that hang, threads that end, and what threads keep.

use keyfront_domain::function::Runtime;

use super::*;
use crate::event::Event;

/// Takes a second or more without a question to the meter, if the URI says so.
const SLOW: &[u8] = b"function handler(event) {
    var digits = '9'.repeat(500000);
    if (event.request.uri === '/slow') for (var i = 0; i < 1500; i++) +digits;
    return event.request
}";

fn to(uri: &str) -> Invocation {
    let json = serde_json::json!({
        "version": "1.0",
        "context": {"eventType": "viewer-request"},
        "viewer": {"ip": "203.0.113.1"},
        "request": {"method": "GET", "uri": uri, "querystring": {}, "headers": {}, "cookies": {}}
    });
    let event = Event::from_json(json.to_string().as_bytes()).unwrap();
    Invocation { event, store: None, now_ms: 0, seed: 1 }
}

#[tokio::test]
async fn a_thread_that_does_not_come_back_is_replaced_and_its_function_fails_until_it_does() {
    let pool = ThreadPool::with_timeout(&PoolSettings::default(), Duration::from_millis(400));
    let slow = Function::prepare(SLOW, Runtime::Js2);
    let other = Function::prepare(b"function handler(event) { return event.request }", Runtime::Js2);
    // Its isolate is loaded, so that nothing but the loop takes long.
    assert!(pool.invoke(AccountId::DEVELOPMENT, &slow, to("/")).await.unwrap().result.is_ok());

    let (stuck, waiting, neighbour) = tokio::join!(
        pool.invoke(AccountId::DEVELOPMENT, &slow, to("/slow")),
        pool.invoke(AccountId::DEVELOPMENT, &slow, to("/")),
        pool.invoke(AccountId::DEVELOPMENT, &other, to("/")),
    );
    assert_eq!(stuck.unwrap().result, Err(crate::isolate::exceeded()));
    assert_eq!(waiting.unwrap().result, Err(Failure::Throttled), "it would have held another thread");
    assert!(neighbour.unwrap().result.is_ok(), "the only thread was replaced");
    let again = Function::prepare(SLOW, Runtime::Js2);
    assert_eq!(
        pool.invoke(AccountId::DEVELOPMENT, &again, to("/")).await.unwrap().result,
        Err(Failure::Throttled),
        "it is the same code"
    );

    // The thread comes back when the loop is over.
    let back = async {
        while pool.invoke(AccountId::DEVELOPMENT, &slow, to("/")).await.unwrap().result.is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_mins(2), back).await.unwrap();
}

#[tokio::test]
async fn threads_end_when_their_pool_is_dropped() {
    let pool = ThreadPool::new(&PoolSettings { threads: 2, ..PoolSettings::default() });
    let function = Function::prepare(SLOW, Runtime::Js2);
    assert!(pool.invoke(AccountId::DEVELOPMENT, &function, to("/")).await.unwrap().result.is_ok());
    let scheduler = Arc::downgrade(&pool.scheduler);
    drop(pool);
    // The last thread that ends drops the scheduler.
    let ended = async {
        while scheduler.strong_count() > 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(20), ended).await.unwrap();
}
