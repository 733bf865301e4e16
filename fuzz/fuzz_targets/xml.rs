//! Bodies in XML for the operation that the first line names: what is read can be checked.
#![no_main]

use http::HeaderMap;
use keyfront_fuzz::named;
use keyfront_wire::{Incoming, Protocol};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((service, operation, body)) = named(bytes, Protocol::RestXml) else { return };
    let request = Incoming { labels: &[], query: "", headers: &HeaderMap::new(), body };
    if let Ok(input) = service.decode(operation, &request) {
        let _ = service.check(operation, &input);
    }
});
