//! Pieces of code and what njs says of each: the engine of 23 May 2023, which is closest to CloudFront's.

use serde::Deserialize;

use super::verdict;

/// A piece of code.
#[derive(Deserialize)]
pub(super) struct Probe {
    pub(super) code: String,
    /// What njs says; nothing where it takes the code.
    pub(super) njs: Option<String>,
    /// What njs 0.7.9 says, where that is not the same; `accepted` where it takes the code.
    #[serde(rename = "njs 0.7.9")]
    older: Option<String>,
    /// What Keyfront says, where that is not the same: njs takes it, and no other engine does.
    pub(super) keyfront: Option<String>,
}

impl Probe {
    /// What njs 0.7.9 says; nothing where it takes the code.
    pub(super) fn older(&self) -> Option<&str> {
        self.older.as_deref().or(self.njs.as_deref()).filter(|said| *said != "accepted")
    }
}

pub(super) fn all() -> Vec<Probe> {
    serde_json::from_str(include_str!("probes.json")).unwrap()
}

#[test]
fn each_probe_gets_what_njs_says() {
    let mut wrong = Vec::new();
    for Probe { code, njs, keyfront, .. } in all() {
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
