//! The parser, the lints and the mutation analysis from the outside, with the njs command as the oracle.

// The attribute tells clippy that the functions that tests share are part of tests.
#[cfg(test)]
mod against_njs;
#[cfg(test)]
mod coverage;
#[cfg(test)]
mod depth;
mod first_runtime;
#[cfg(test)]
mod lint;
#[cfg(test)]
mod missing_builtins;
#[cfg(test)]
mod mutation;
#[cfg(test)]
mod probes;
#[cfg(test)]
mod source_index;

/// What Keyfront says of code for the second runtime; `None` where it accepts it.
#[cfg(test)]
fn verdict(code: &str) -> Option<String> {
    let prepared = keyfront_njs::prepare(code, keyfront_domain::function::Runtime::Js2);
    prepared.err().map(|refusal| refusal.to_string())
}
