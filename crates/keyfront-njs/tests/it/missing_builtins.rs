//! The tables of missing builtins.

use std::collections::BTreeSet;

use keyfront_domain::function::Runtime;
use keyfront_njs::missing_builtins;

fn all(runtime: Runtime) -> BTreeSet<(&'static str, &'static str)> {
    missing_builtins(runtime)
        .flat_map(|missing| missing.names.iter().map(move |name| (missing.holder, *name)))
        .collect()
}

#[test]
fn the_first_runtime_misses_all_that_the_second_misses_and_more() {
    let (first, second) = (all(Runtime::Js1), all(Runtime::Js2));
    assert!(second.is_subset(&first));
    for (holder, name) in [("String.prototype", "replaceAll"), ("", "DataView"), ("Promise", "any")] {
        assert!(first.contains(&(holder, name)) && !second.contains(&(holder, name)), "{holder} {name}");
    }
    assert!(second.contains(&("Array.prototype", "flat")) && second.contains(&("", "Reflect")));
}

#[test]
fn properties_come_before_the_object_that_holds_them() {
    for runtime in [Runtime::Js1, Runtime::Js2] {
        let mut removed: BTreeSet<&str> = BTreeSet::new();
        for missing in missing_builtins(runtime) {
            let first = missing.holder.split('.').next().unwrap();
            assert!(!removed.contains(first), "{first} is removed before {:?}", missing.names);
            if missing.holder.is_empty() {
                removed.extend(missing.names);
            }
        }
    }
}
