//! A request line and the query of its target: what is routed has the labels of its operation, all of them filled.
#![no_main]

use http::Method;
use keyfront_fuzz::SERVICES;
use keyfront_wire::Route;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &str| {
    let (method, target) = line.split_once(' ').unwrap_or(("GET", line));
    let Ok(method) = method.parse::<Method>() else { return };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    for service in &*SERVICES {
        if let Route::Operation(operation, labels) = service.route(&method, path, query) {
            assert_eq!(operation.method, method);
            assert!(labels.iter().all(|(_, value)| !value.is_empty() && path.contains(value)));
        }
    }
});
