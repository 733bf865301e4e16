//! Code of functions in njs's language, in both runtimes: the parser accepts it or refuses it with a message; nothing runs.
#![no_main]

use keyfront_domain::function::Runtime;
use keyfront_njs::prepare;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|code: &str| {
    for runtime in [Runtime::Js1, Runtime::Js2] {
        if let Err(refusal) = prepare(code, runtime) {
            assert!(!refusal.message.is_empty());
        }
    }
});
