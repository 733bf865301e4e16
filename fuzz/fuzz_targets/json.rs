//! Bodies in JSON for every operation of the data plane, as a whole and item by item.
#![no_main]

use http::HeaderMap;
use keyfront_fuzz::SERVICES;
use keyfront_wire::{Incoming, Protocol};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, body)) = bytes.split_first() else { return };
    for service in SERVICES.iter().filter(|service| service.protocol == Protocol::RestJson) {
        let operations = service.operations();
        let operation = &operations[usize::from(choice) % operations.len()];
        if service.streams(operation) {
            let _ = service.each_item(operation, body, |_, item| assert!(item.is_object()));
            continue;
        }
        let request = Incoming { labels: &[], query: "", headers: &HeaderMap::new(), body };
        if let Ok(input) = service.decode(operation, &request) {
            let _ = service.check(operation, &input);
        }
    }
});
