//! Bodies in XML for every operation that takes one: what is read satisfies the types of its shape and can be checked.
#![no_main]

use http::HeaderMap;
use keyfront_fuzz::SERVICES;
use keyfront_wire::{Incoming, Protocol};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, body)) = bytes.split_first() else { return };
    let Some(service) = SERVICES.iter().find(|service| service.protocol == Protocol::RestXml) else { return };
    let operations = service.operations();
    let operation = &operations[usize::from(choice) % operations.len()];
    let request = Incoming { labels: &[], query: "", headers: &HeaderMap::new(), body };
    if let Ok(input) = service.decode(operation, &request) {
        let _ = service.check(operation, &input);
    }
});
