//! Functions on threads.

use keyfront_domain::AccountId;
use keyfront_functions::{Invoker, Overloaded, PoolSettings, ThreadPool};

use crate::harness::{invocation, passing, prepare, told};

fn pool_of(threads: usize) -> ThreadPool {
    ThreadPool::new(&PoolSettings { threads, ..PoolSettings::default() })
}

#[tokio::test]
async fn many_invocations_of_many_functions_come_back_each_with_its_own_result() {
    let pool = pool_of(2);
    let functions: Vec<_> = (0..20).map(|n| passing(&format!("event.request.uri = '/{n}'"))).collect();
    for _ in 0..3 {
        let mut all = Vec::new();
        for function in &functions {
            all.push(pool.invoke(AccountId::DEVELOPMENT, function, invocation()));
        }
        for (n, invoked) in all.into_iter().enumerate() {
            assert_eq!(told(&invoked.await.unwrap()), format!("/{n}"));
        }
    }
}

#[tokio::test]
async fn hostile_functions_harm_no_neighbour() {
    let pool = pool_of(2);
    let good = passing("event.request.uri = '/good'");
    let bad = ["for (;;);", "var a = []; for (;;) a.push(a.slice())", "throw 1", "function f() { f() } f()"]
        .map(passing);
    for round in 0..20 {
        for bad in &bad {
            let (bad, good) = tokio::join!(
                pool.invoke(AccountId::DEVELOPMENT, bad, invocation()),
                pool.invoke(AccountId::DEVELOPMENT, &good, invocation())
            );
            assert!(bad.unwrap().result.is_err());
            assert_eq!(told(&good.unwrap()), "/good", "round {round}");
        }
    }
}

#[tokio::test]
async fn refused_code_needs_no_thread() {
    let pool = pool_of(1);
    let outcome = pool.invoke(AccountId::DEVELOPMENT, &prepare("function ("), invocation()).await.unwrap();
    assert!(told(&outcome).starts_with("SyntaxError: "));
}

#[tokio::test]
async fn a_caller_that_leaves_harms_nobody() {
    let pool = pool_of(1);
    let function = passing("event.request.uri = '/stayed'");
    for _ in 0..50 {
        let left = pool.invoke(AccountId::DEVELOPMENT, &function, invocation());
        // Polled once, so that it is on its way, and dropped.
        tokio::select! { biased; _ = left => {}, () = std::future::ready(()) => {} }
    }
    assert_eq!(told(&pool.invoke(AccountId::DEVELOPMENT, &function, invocation()).await.unwrap()), "/stayed");
}

#[tokio::test]
async fn who_comes_when_too_many_wait_is_sent_away() {
    let pool = pool_of(1);
    let slow = passing("for (var i = 0; i < 30000; i++) {}");
    let mut waiting = Vec::new();
    let mut refused = 0;
    for _ in 0..600 {
        let mut one = Box::pin(pool.invoke(AccountId::DEVELOPMENT, &slow, invocation()));
        tokio::select! {
            biased;
            done = &mut one => if done.is_err_and(|error| error == Overloaded) { refused += 1 },
            () = std::future::ready(()) => waiting.push(one),
        }
    }
    assert!(refused > 0, "the queue has a limit");
    for one in waiting {
        assert_eq!(told(&one.await.unwrap()), "/index");
    }
    assert_eq!(told(&pool.invoke(AccountId::DEVELOPMENT, &slow, invocation()).await.unwrap()), "/index");
}
