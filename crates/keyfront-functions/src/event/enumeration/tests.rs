//! Tests of the order in which the engine enumerates an event's objects.

use std::process::Command;

use serde::Deserialize;

use super::*;

/// Names in the order in which an object got them, and the order in which njs enumerated them.
#[derive(Deserialize)]
struct Sample {
    inserted: Vec<String>,
    enumerated: Vec<String>,
}

fn samples() -> Vec<Sample> {
    serde_json::from_str(include_str!("samples.json")).unwrap()
}

fn sorted(names: &[String]) -> Vec<String> {
    sort(names.to_vec(), |name| name)
}

#[test]
fn names_are_enumerated_as_njs_enumerates_them() {
    for sample in samples() {
        assert_eq!(sorted(&sample.inserted), sample.enumerated, "{:?}", sample.inserted);
    }
}

#[test]
fn the_samples_are_what_the_njs_command_says() {
    let samples = samples();
    let many: Vec<String> = (0..500).map(|number| format!("name-{number}-é")).collect();
    let many = Sample { enumerated: sorted(&many), inserted: many };
    for sample in samples.iter().chain([&many]) {
        let names = serde_json::to_string(&sample.inserted).unwrap();
        let code = format!(
            "var o = {{}}; {names}.forEach(function (n) {{ o[n] = 1 }}); \
             Object.keys(o).forEach(function (n) {{ console.log(n) }})"
        );
        let output = Command::new("njs")
            .args(["-c", &code])
            .output()
            .expect("this test compares with the njs command, version 0.7.9: apt-get install njs");
        let printed: Vec<String> =
            String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
        assert_eq!(printed, sample.enumerated, "{names}");
    }
}

#[test]
fn names_of_one_hash_stay_in_their_order() {
    // Both pairs have one hash, so all texts of six of them do.
    let names: Vec<String> = (0..40_u32)
        .map(|number| (0..6).map(|bit| if number >> bit & 1 == 0 { "bC" } else { "cb" }).collect())
        .collect();
    assert!(names.windows(2).all(|two| hash(&two[0]) == hash(&two[1])), "{names:?}");
    assert_eq!(sorted(&names), names);
}
