//! Events of functions in JSON: each is read or refused with a reason.
#![no_main]

use keyfront_functions::event::Event;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    if let Err(refused) = Event::from_json(json) {
        assert!(!refused.to_string().is_empty());
    }
});
