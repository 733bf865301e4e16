//! Which operation a request is for, by method, raw path and query.
//!
//! The path is split while it is still encoded and each label is decoded once afterwards, so that a key
//! with `/`, `%` or `..` stays one label. Dot segments and empty segments are never normalised away.

use std::collections::HashMap;

use crate::model::{Operation, Service};
use crate::percent::{self, query_pairs};

/// What a method, path and query lead to.
#[derive(Debug)]
pub enum Route<'s, 'r> {
    /// An operation, and the labels of its path, still encoded.
    Operation(&'s Operation, Vec<(&'s str, &'r str)>),
    /// The path exists, but not with this method or query.
    WrongMethod,
    /// No operation has such a path.
    UnknownPath,
}

/// The routing table of a service: a tree over path segments.
#[derive(Debug, Default)]
pub(crate) struct Router {
    root: Node,
}

#[derive(Debug, Default)]
struct Node {
    literals: HashMap<String, Node>,
    label: Option<Box<Node>>,
    /// Operations whose path ends here; those that ask more of the query come first.
    endpoints: Vec<Endpoint>,
}

#[derive(Debug)]
struct Endpoint {
    operation: usize,
    method: http::Method,
    /// Names of the labels on the way, in order.
    labels: Vec<String>,
    /// Query parameters that must be there, some with a value.
    query: Vec<(Vec<u8>, Option<String>)>,
}

impl Router {
    pub(crate) fn new(operations: &[Operation]) -> Result<Router, String> {
        let mut router = Router::default();
        for (index, operation) in operations.iter().enumerate() {
            for uri in std::iter::once(operation.uri).chain(operation.former_uri) {
                router.add(index, operation, uri)?;
            }
        }
        Ok(router)
    }

    /// Leads a URI of the model to the operation at `index`.
    fn add(&mut self, index: usize, operation: &Operation, uri: &str) -> Result<(), String> {
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let mut node = &mut self.root;
        let mut labels = Vec::new();
        for segment in path.split('/').skip(1) {
            let label = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}'));
            node = match label {
                Some(name) if name.ends_with('+') => {
                    return Err(format!("{} has a greedy label, which no operation had", operation.name));
                }
                Some(name) => {
                    labels.push(name.to_owned());
                    node.label.get_or_insert_default()
                }
                None => node.literals.entry(segment.to_owned()).or_default(),
            };
        }
        let query = query_pairs(query)
            .map(|(name, value)| (name.into_owned(), (!value.is_empty()).then(|| value.to_owned())))
            .collect();
        let method = operation.method.clone();
        node.endpoints.push(Endpoint { operation: index, method, labels, query });
        node.endpoints.sort_by_key(|endpoint| std::cmp::Reverse(endpoint.query.len()));
        Ok(())
    }
}

impl Service {
    /// Finds the operation of a request. `path` and `query` are as they stood in the request line.
    pub fn route<'s, 'r>(&'s self, method: &http::Method, path: &'r str, query: &str) -> Route<'s, 'r> {
        let segments: Vec<_> = path.split('/').skip(1).collect();
        let mut found = Vec::new();
        let mut values = Vec::new();
        walk(&self.router().root, &segments, &mut values, &mut found);
        if found.is_empty() {
            return Route::UnknownPath;
        }
        for (node, values) in found {
            let endpoint = node.endpoints.iter().find(|e| e.method == *method && e.accepts(query));
            let operation = endpoint.and_then(|e| Some((e, self.operations().get(e.operation)?)));
            if let Some((endpoint, operation)) = operation {
                let names = endpoint.labels.iter().map(String::as_str);
                return Route::Operation(operation, names.zip(values).collect());
            }
        }
        Route::WrongMethod
    }
}

impl Endpoint {
    fn accepts(&self, query: &str) -> bool {
        self.query.iter().all(|(name, value)| {
            query_pairs(query).any(|(n, v)| {
                n == name.as_slice()
                    && value.as_ref().is_none_or(|value| *percent::decode(v) == *value.as_bytes())
            })
        })
    }
}

/// Collects every node that the segments lead to, literal branches first.
fn walk<'s, 'r>(
    node: &'s Node,
    segments: &[&'r str],
    values: &mut Vec<&'r str>,
    found: &mut Vec<(&'s Node, Vec<&'r str>)>,
) {
    let Some((segment, rest)) = segments.split_first() else {
        if !node.endpoints.is_empty() {
            found.push((node, values.clone()));
        }
        return;
    };
    if let Some(next) = node.literals.get(*segment) {
        walk(next, rest, values, found);
    }
    if let (Some(next), false) = (&node.label, segment.is_empty()) {
        values.push(segment);
        walk(next, rest, values, found);
        values.pop();
    }
}

#[cfg(test)]
mod tests;
