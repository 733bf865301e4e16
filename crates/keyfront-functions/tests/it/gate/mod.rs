//! What the gate lets through, with njs as the judge.

mod against_njs;
mod depth;
mod examination;
mod first_runtime;
mod probes;
mod programs;
mod tampering;

use keyfront_domain::function::Runtime;
use keyfront_functions::gate;

/// What the gate says of code for the second runtime; nothing where it lets it through.
fn verdict(code: &str) -> Option<String> {
    gate::admit(code, Runtime::Js2).err().map(|refusal| refusal.to_string())
}
