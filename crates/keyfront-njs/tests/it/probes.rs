//! Pieces of code and what njs 0.7.9 says of each.

use serde::Deserialize;

use super::verdict;

/// A piece of code.
#[derive(Deserialize)]
pub(super) struct Probe {
    pub(super) code: String,
    /// What njs says; nothing where it takes the code.
    pub(super) njs: Option<String>,
    /// What Keyfront says, where that is not the same: njs takes it, and no other engine does.
    pub(super) keyfront: Option<String>,
}

pub(super) fn all() -> Vec<Probe> {
    serde_json::from_str(include_str!("probes.json")).unwrap()
}

#[test]
fn each_probe_gets_what_njs_says() {
    let mut wrong = Vec::new();
    for Probe { code, njs, keyfront } in all() {
        let expected = keyfront.or(njs);
        let said = verdict(&code);
        if said != expected {
            wrong.push(format!("{code:?}\n  expected {expected:?}\n  said     {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn code_that_only_njs_would_take_is_all_that_differs() {
    for probe in all().iter().filter(|probe| probe.keyfront.is_some()) {
        assert_eq!(probe.njs, None, "{:?}", probe.code);
    }
}
