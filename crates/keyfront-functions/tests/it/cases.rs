//! Every case of the corpus in the sandbox, the way that TestFunction goes.

use keyfront_domain::AccountId;
use keyfront_functions::{Invoker, Isolate, PoolSettings, ThreadPool};

use crate::corpus::{all, differences, show, verdict};
use crate::harness::untimed;
use crate::sandbox::seen;

#[tokio::test]
async fn every_case_comes_out_as_on_cloudfront() {
    let settings = PoolSettings { threads: 2, limits: untimed(), ..PoolSettings::default() };
    let (cases, pool) = (all(), ThreadPool::new(&settings));
    let mut differing = Vec::new();
    for case in &cases {
        let outcome =
            pool.invoke(AccountId::DEVELOPMENT, &case.read.function(), case.read.invocation()).await.unwrap();
        let differences = differences(case, &seen(&outcome));
        if !differences.is_empty() {
            differing.push(show(case, &differences));
        }
    }
    verdict(cases.len(), &differing);
}

#[test]
fn a_second_invocation_in_the_same_isolate_comes_out_like_the_first() {
    let cases = all();
    let mut differing = Vec::new();
    for case in &cases {
        let mut isolate = Isolate::load(&case.read.function(), untimed());
        let first = seen(&isolate.invoke(&case.read.invocation()));
        let second = seen(&isolate.invoke(&case.read.invocation()));
        if first != second {
            differing.push(format!("{}\n  first  {first:?}\n  second {second:?}", case.name));
        }
    }
    verdict(cases.len(), &differing);
}
