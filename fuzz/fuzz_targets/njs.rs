//! Code of functions in njs's language, in both runtimes: it is admitted or refused with a message, and nothing runs.
#![no_main]

use keyfront_domain::function::Runtime;
use keyfront_functions::gate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|code: &str| {
    for runtime in [Runtime::Js1, Runtime::Js2] {
        if let Err(refusal) = gate::admit(code, runtime) {
            assert!(!refusal.message.is_empty());
        }
    }
});
