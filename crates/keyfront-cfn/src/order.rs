//! The order in which resources are made: each after what it refers to.

use std::collections::{BTreeMap, BTreeSet};

use crate::Mistake;

/// Logical ids, each behind those that it depends on; alphabetical where that leaves a choice.
///
/// # Errors
/// Resources that depend on each other in a circle, with the circle.
pub(crate) fn order(dependencies: &BTreeMap<String, BTreeSet<String>>) -> Result<Vec<String>, Mistake> {
    let mut order = Vec::new();
    let mut open: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (id, needs) in dependencies {
        let known = needs.iter().filter(|need| dependencies.contains_key(*need));
        open.insert(id, known.map(String::as_str).collect());
    }
    while !open.is_empty() {
        let Some(next) = open.iter().find(|(_, needs)| needs.is_empty()).map(|(id, _)| *id) else {
            let circle = circle(&open).join(" → ");
            return Err(Mistake::new(
                "Resources",
                format!("these depend on each other in a circle: {circle}"),
            ));
        };
        open.remove(next);
        for needs in open.values_mut() {
            needs.remove(next);
        }
        order.push(next.to_owned());
    }
    Ok(order)
}

/// A circle among resources of which each needs another of them.
fn circle<'o>(open: &BTreeMap<&'o str, BTreeSet<&'o str>>) -> Vec<&'o str> {
    let mut path: Vec<&str> = open.keys().copied().take(1).collect();
    while let Some(next) = path.last().and_then(|last| open.get(last)).and_then(BTreeSet::first) {
        if let Some(start) = path.iter().position(|id| id == next) {
            let mut circle = path.split_off(start);
            circle.push(next);
            return circle;
        }
        path.push(next);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &[&str])]) -> BTreeMap<String, BTreeSet<String>> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        edges.iter().map(|(id, needs)| ((*id).to_owned(), owned(needs))).collect()
    }

    #[test]
    fn each_stands_behind_what_it_needs() {
        for (edges, expected) in [
            (&[("b", &[][..]), ("a", &[])][..], &["a", "b"][..]),
            (&[("a", &["z"]), ("z", &[])], &["z", "a"]),
            (&[("a", &["b", "c"]), ("b", &["c"]), ("c", &["elsewhere"])], &["c", "b", "a"]),
        ] {
            assert_eq!(order(&graph(edges)).unwrap(), expected);
        }
    }

    #[test]
    fn a_circle_is_told_with_its_members() {
        for (edges, expected) in [
            (&[("a", &["a"][..])][..], "a → a"),
            (&[("a", &["b"]), ("b", &["c"]), ("c", &["b"]), ("d", &[])], "b → c → b"),
        ] {
            let mistake = order(&graph(edges)).unwrap_err();
            assert!(mistake.message.ends_with(expected), "{mistake}");
        }
    }
}
