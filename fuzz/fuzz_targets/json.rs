//! Bodies in JSON for the operation that the first line names, as a whole or item by item.
#![no_main]

use http::HeaderMap;
use keyfront_fuzz::named;
use keyfront_wire::{Incoming, Protocol};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((service, operation, body)) = named(bytes, Protocol::RestJson) else { return };
    if service.streams(operation) {
        let _ = service.each_item(operation, body, |_, item| assert!(item.is_object()));
        return;
    }
    let request = Incoming { labels: &[], query: "", headers: &HeaderMap::new(), body };
    if let Ok(input) = service.decode(operation, &request) {
        let _ = service.check(operation, &input);
    }
});
