//! Functions in worker processes of the real program: results, reads, and everything that breaks a process.

use std::fs;
use std::sync::Arc;

use keyfront_domain::AccountId;
use keyfront_domain::function::Runtime;
use keyfront_domain::pairs::StorePairs;
use keyfront_functions::event::Event;
use keyfront_functions::{
    Failure, Function, Invocation, Invoker, Limits, Outcome, PoolSettings, ProcessPool, WorkerCommand,
};

const EVENT: &str = r#"{
    "version": "1.0", "context": {"eventType": "viewer-request"}, "viewer": {"ip": "203.0.113.1"},
    "request": {"method": "GET", "uri": "/index", "querystring": {}, "headers": {}, "cookies": {}}
}"#;

pub(crate) fn pool(threads: usize) -> ProcessPool {
    // A busy machine does not change how an invocation ends.
    limited_pool(threads, Limits { time: std::time::Duration::from_mins(1), ..Limits::default() })
}

pub(crate) fn limited_pool(threads: usize, limits: Limits) -> ProcessPool {
    let command = WorkerCommand {
        program: env!("CARGO_BIN_EXE_keyfront").into(),
        arguments: vec!["function-worker".to_owned()],
    };
    ProcessPool::new(command, &PoolSettings { threads, limits, ..PoolSettings::default() })
}

fn passing(body: &str) -> Function {
    Function::new(
        format!("async function handler(event) {{ {body}\n return event.request }}").as_bytes(),
        Runtime::Js2,
    )
}

pub(crate) fn invocation() -> Invocation {
    let event = Event::from_json(EVENT.as_bytes()).unwrap();
    Invocation { event, store: None, now_ms: 1_700_000_000_000, seed: 7 }
}

async fn invoke(pool: &ProcessPool, function: &Function) -> Outcome {
    pool.invoke(AccountId::DEVELOPMENT, function, invocation()).await.unwrap()
}

/// The URI that came back, or what went wrong.
pub(crate) fn told(outcome: &Outcome) -> String {
    match &outcome.result {
        Ok(returned) => {
            let json: serde_json::Value = serde_json::from_str(&returned.to_json()).unwrap();
            json["request"]["uri"].as_str().unwrap().to_owned()
        }
        Err(Failure::Execution(text) | Failure::Validation(text)) => text.clone(),
        Err(Failure::Throttled) => "throttled".to_owned(),
    }
}

pub(crate) async fn assert_well(pool: &ProcessPool, after: &str) {
    let outcome = invoke(pool, &passing("event.request.uri = '/well'")).await;
    assert_eq!(told(&outcome), "/well", "after {after}");
}

/// The worker processes that this test's process has started and that are still there, whichever test started them.
fn workers() -> Vec<u32> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"));
        if parent.and_then(|parent| parent.trim().parse().ok()) == Some(std::process::id()) {
            found.push(pid);
        }
    }
    found
}

#[tokio::test]
async fn many_functions_and_invocations_come_back_each_with_its_own_result() {
    let pool = pool(2);
    let functions: Vec<_> = (0..20).map(|n| passing(&format!("event.request.uri = '/{n}'"))).collect();
    for _ in 0..3 {
        let mut all = Vec::new();
        for function in &functions {
            all.push(invoke(&pool, function));
        }
        for (n, invoked) in all.into_iter().enumerate() {
            assert_eq!(told(&invoked.await), format!("/{n}"));
        }
    }
    assert!(pool.stats().isolates > 0 && pool.stats().isolate_bytes > 0, "{:?}", pool.stats());
}

#[tokio::test]
async fn an_invocation_reads_one_image_of_its_store() {
    let pool = pool(1);
    let long = "v".repeat(200_000);
    let pairs = StorePairs::empty(1_000, 2_000).with([("key", "value"), ("long", long.as_str())]);
    let function = passing(
        "var kvs = require('cloudfront').kvs();
        var value = await kvs.get('key'), exists = await kvs.exists('key'), none = await kvs.exists('none');
        var meta = await kvs.meta(), long = await kvs.get('long');
        var seen = [value, exists, none, meta.keyCount, meta.creationDateTime.getTime(),
            meta.lastUpdatedDateTime.getTime(), long.length];
        try { await kvs.get('none') } catch (e) { seen.push(e.message) }
        event.request.uri = '/' + seen.join();",
    );
    let store = Some(("54947df8-0e9e-4471-a2f9-9af509fb5889".to_owned(), Arc::new(pairs)));
    for _ in 0..2 {
        let with_store = Invocation { store: store.clone(), ..invocation() };
        let outcome = pool.invoke(AccountId::DEVELOPMENT, &function, with_store).await.unwrap();
        assert_eq!(told(&outcome), "/value,true,false,2,1000,2000,200000,KeyNotFound");
        assert_eq!(outcome.used.store_reads, 6);
    }
    let without = told(&invoke(&pool, &function).await);
    assert!(without.contains("no key value store is associated"), "{without}");
}

#[tokio::test]
async fn events_logs_and_results_cross_the_border_whole() {
    let pool = pool(1);
    let event = r#"{
        "version": "1.0",
        "context": {"eventType": "viewer-response", "distributionId": "E1", "requestId": "r"},
        "viewer": {"ip": "203.0.113.1"},
        "request": {"method": "POST", "uri": "/a%20b", "querystring": {"q": {"value": "1", "multiValue": [
            {"value": "1"}, {"value": "2"}]}}, "headers": {"host": {"value": "h"}}, "cookies": {"c": {"value": "d"}}},
        "response": {"statusCode": 200, "headers": {}, "cookies": {"s": {"value": "t", "attributes": "Path=/"}}}
    }"#;
    let body = "x".repeat(20_000);
    let code = format!(
        "function handler(event) {{ console.log(JSON.stringify(event)); var r = event.response;
         r.statusCode = 201; r.body = '{body}'; return r }}"
    );
    // The code is larger than AWS takes, and larger than a piece of the channel once the event is added.
    let function = Function::new(code.as_bytes(), Runtime::Js2);
    let event = Event::from_json(event.as_bytes()).unwrap();
    let across = Invocation { event, ..invocation() };
    let mut here = keyfront_functions::Isolate::load(&function, Limits::default());
    let here = here.invoke(&across);
    let there = pool.invoke(AccountId::DEVELOPMENT, &function, across).await.unwrap();
    assert_eq!(there.result, here.result);
    assert_eq!(there.logs, here.logs);
    assert!(there.logs[0].contains("Path=/"), "{:?}", there.logs);
}

#[tokio::test]
async fn a_fault_of_the_engine_costs_the_invocation_and_nothing_else() {
    let pool = pool(1);
    for body in [
        "try { Promise.any('x'.repeat(9500)) } catch (e) {}",
        "try { Promise.allSettled(new Array(8100).fill(1)) } catch (e) {}",
        "try { Promise.any(new Array(8100).fill(1)) } catch (e) {}",
        "try { Promise.all('x'.repeat(20000)) } catch (e) {}",
        "var f = function () {}; for (;;) f = f.bind(null)",
        "var f = function () {}, a = []; for (;;) { a.push(f.bind(null, 1, 2, 3, a.length)) }",
        "var a = []; for (;;) a.push(a.slice())",
        "var o = {}; for (var i = 0; ; i++) o['k' + i] = i",
        "'x'.repeat(1500000).split('')",
    ] {
        let outcome = invoke(&pool, &passing(body)).await;
        let told = told(&outcome);
        assert!(!told.is_empty() && told != "throttled", "{body}: {told}");
        assert_well(&pool, body).await;
    }
}

#[tokio::test]
async fn a_budget_that_is_used_up_leaves_the_process_as_it_is() {
    let pool = pool(1);
    for _ in 0..3 {
        let outcome = invoke(&pool, &passing("for (;;);")).await;
        assert_eq!(told(&outcome), "RangeError: Instruction limit exceeded");
        assert_well(&pool, "a function that used up its steps").await;
    }
}

#[tokio::test]
async fn a_caller_that_leaves_harms_no_other() {
    let pool = pool(1);
    let function = passing("event.request.uri = '/stayed'");
    for _ in 0..20 {
        let left = pool.invoke(AccountId::DEVELOPMENT, &function, invocation());
        // Polled once, so that it is on its way, and dropped.
        tokio::select! { biased; _ = left => {}, () = std::future::ready(()) => {} }
    }
    assert_eq!(told(&invoke(&pool, &function).await), "/stayed");
}

#[tokio::test]
async fn a_program_that_is_no_worker_is_an_error_of_the_invocation() {
    let command = WorkerCommand { program: "/nowhere/keyfront".into(), arguments: Vec::new() };
    let pool = ProcessPool::new(command, &PoolSettings::default());
    let told = told(&invoke(&pool, &passing("")).await);
    assert!(told.starts_with("InternalError: no process can be started for the function: "), "{told}");
}

#[tokio::test]
async fn native_loops_that_no_check_reaches_are_ended_and_the_function_is_throttled() {
    let pool = pool(2);
    let hostile = passing("var s = '9'.repeat(1000000); for (;;) +s;");
    assert_well(&pool, "nothing").await;
    let mut eight = Vec::new();
    for _ in 0..8 {
        eight.push(invoke(&pool, &hostile));
    }
    let neighbours = async {
        for _ in 0..20 {
            assert_well(&pool, "while hostile code runs").await;
        }
    };
    let (ends, ()) = tokio::join!(futures_of(eight), neighbours);
    let ends: Vec<_> = ends.iter().map(told).collect();
    let ended = ends.iter().filter(|told| *told == "RangeError: Instruction limit exceeded").count();
    let throttled = ends.iter().filter(|told| *told == "throttled").count();
    assert_eq!((ended, throttled), (1, 7), "{ends:?}");
    assert_eq!(told(&invoke(&pool, &hostile).await), "throttled");
}

/// Runs all at the same time.
pub(crate) async fn futures_of<T>(all: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut outcomes: Vec<Option<T>> = all.iter().map(|_| None).collect();
    let mut all: Vec<_> = all.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|cx| {
        for (future, outcome) in all.iter_mut().zip(&mut outcomes) {
            if outcome.is_none()
                && let std::task::Poll::Ready(ready) = future.as_mut().poll(cx)
            {
                *outcome = Some(ready);
            }
        }
        let done = outcomes.iter().all(Option::is_some);
        if done { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    outcomes.into_iter().flatten().collect()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_worker_has_no_files_no_environment_and_few_system_calls() {
    let pool = pool(1);
    assert_well(&pool, "nothing").await;
    // Workers of other tests may be starting or ending just now; one that has answered is confined and idle.
    let read = |pid: u32, file: &str| fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let seen = workers().into_iter().map(|pid| ["status", "limits", "environ"].map(|file| read(pid, file)));
    let mut confined = seen.filter(|[status, _, environment]| {
        status.contains("Seccomp:\t2") && environment.contains("MIMALLOC")
    });
    let [status, limits, environment] = confined.next().expect("a worker with a filter of system calls");
    assert!(status.contains("NoNewPrivs:\t1"));
    let limit = |name: &str| {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        line.strip_prefix(name).unwrap().split_whitespace().map(str::to_owned).take(2).collect::<Vec<_>>()
    };
    assert_eq!(limit("Max open files"), ["0", "0"]);
    assert_eq!(limit("Max core file size"), ["0", "0"]);
    assert_eq!(limit("Max file size"), ["0", "0"]);
    assert_eq!(limit("Max address space"), ["536870912", "536870912"]);
    let names: Vec<_> =
        environment.split_terminator('\0').filter_map(|pair| pair.split('=').next()).collect();
    assert_eq!(names, ["MIMALLOC_ARENA_RESERVE"]);
}
