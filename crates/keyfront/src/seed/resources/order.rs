//! The order in which resources are made: what one refers to before it.

use std::collections::BTreeMap;

use keyfront_domain::AccountId;
use serde_json::Value;

use super::SeedResource;
use super::reference::resolve_all;

/// How far a resource has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    Done,
}

struct Sorter<'r> {
    resources: &'r [SeedResource],
    places: BTreeMap<(AccountId, &'r str), usize>,
    marks: BTreeMap<usize, Mark>,
    order: Vec<usize>,
    problems: Vec<String>,
}

/// The resources, each after those that it refers to. `stores` says whether the seed has a store of a name.
///
/// # Errors
/// References to what is not there, circles, and names that are there twice; each with its file.
pub(in crate::seed) fn in_order(
    resources: Vec<SeedResource>,
    stores: &dyn Fn(AccountId, &str) -> bool,
) -> Result<Vec<SeedResource>, Vec<String>> {
    let mut sorter = Sorter {
        resources: &resources,
        places: BTreeMap::new(),
        marks: BTreeMap::new(),
        order: Vec::new(),
        problems: Vec::new(),
    };
    for (place, resource) in resources.iter().enumerate() {
        let taken = sorter.places.insert((resource.account, &resource.name), place).is_some();
        if taken || stores(resource.account, &resource.name) {
            sorter.problem(resource, "the seed has another resource or store of this name");
        }
    }
    for place in 0..resources.len() {
        sorter.visit(place, stores);
    }
    let Sorter { order, problems, .. } = sorter;
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut resources: Vec<Option<SeedResource>> = resources.into_iter().map(Some).collect();
    Ok(order.into_iter().filter_map(|place| resources.get_mut(place)?.take()).collect())
}

impl Sorter<'_> {
    fn problem(&mut self, resource: &SeedResource, what: &str) {
        self.problems.push(format!("{}: {}: {what}", resource.file.display(), resource.name));
    }

    /// Puts a resource behind those that it refers to.
    fn visit(&mut self, place: usize, stores: &dyn Fn(AccountId, &str) -> bool) {
        let Some(resource) = self.resources.get(place) else { return };
        match self.marks.insert(place, Mark::Open) {
            None => {}
            Some(Mark::Done) => {
                self.marks.insert(place, Mark::Done);
                return;
            }
            Some(Mark::Open) => {
                return self.problem(resource, "it refers to itself, by way of others perhaps");
            }
        }
        let (mut names, mut problems) = (Vec::new(), Vec::new());
        let mut input = Value::Object(resource.input.clone());
        let mut note = |reference: super::reference::Reference<'_>| {
            names.push(reference.name.to_owned());
            Ok(String::new())
        };
        resolve_all(&mut input, &mut note, &mut |problem| problems.push(problem));
        for problem in problems {
            self.problem(resource, &problem);
        }
        for name in names {
            match self.places.get(&(resource.account, name.as_str())).copied() {
                Some(target) => self.visit(target, stores),
                None if stores(resource.account, &name) => {}
                None => self.problem(resource, &format!("the seed has no resource or store {name}")),
            }
        }
        self.marks.insert(place, Mark::Done);
        self.order.push(place);
    }
}
