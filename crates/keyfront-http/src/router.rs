//! Finds the route of a method and path, for front ends with fixed paths.

use http::Method;
use matchit::{InsertError, Params};

/// A routing table from method and path to a route of the front end's own type.
#[derive(Debug)]
pub struct Router<R> {
    paths: matchit::Router<Vec<(Method, R)>>,
}

/// What a method and path lead to.
#[derive(Debug)]
pub enum Found<'r, 'p, R> {
    /// A route, and the parameters of its path, as they stand in the path.
    Route(&'r R, Params<'r, 'p>),
    /// The path exists without this method; the methods that it has, as the `Allow` header lists them.
    WrongMethod(String),
    /// No route has such a path.
    UnknownPath,
}

impl<R> Router<R> {
    /// Makes a table of methods, paths and routes. A path may hold parameters: `/snapshots/{name}`.
    ///
    /// # Errors
    /// When a path is malformed, or conflicts with another one.
    pub fn new(
        routes: impl IntoIterator<Item = (Method, &'static str, R)>,
    ) -> Result<Router<R>, InsertError> {
        let mut by_path: Vec<(&'static str, Vec<(Method, R)>)> = Vec::new();
        for (method, path, route) in routes {
            match by_path.iter_mut().find(|(known, _)| *known == path) {
                Some((_, methods)) => methods.push((method, route)),
                None => by_path.push((path, vec![(method, route)])),
            }
        }
        let mut paths = matchit::Router::new();
        for (path, methods) in by_path {
            paths.insert(path, methods)?;
        }
        Ok(Router { paths })
    }

    /// Finds the route of a request. A path with `GET` has `HEAD` too (RFC 9110, section 9.3.2); hyper leaves out
    /// the body of its response.
    pub fn find<'p>(&self, method: &Method, path: &'p str) -> Found<'_, 'p, R> {
        let Ok(matched) = self.paths.at(path) else { return Found::UnknownPath };
        let wanted = if method == Method::HEAD { &Method::GET } else { method };
        match matched.value.iter().find(|(method, _)| method == wanted) {
            Some((_, route)) => Found::Route(route, matched.params),
            None => Found::WrongMethod(allow(matched.value.iter().map(|(method, _)| method))),
        }
    }
}

fn allow<'m>(methods: impl Iterator<Item = &'m Method>) -> String {
    let mut names: Vec<&str> = methods.map(Method::as_str).collect();
    if names.contains(&"GET") {
        names.push("HEAD");
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Router<&'static str> {
        let routes = [
            (Method::GET, "/items", "list"),
            (Method::POST, "/items/{name}", "save"),
            (Method::DELETE, "/items/{name}", "delete"),
            (Method::POST, "/items/{name}/restore", "restore"),
        ];
        Router::new(routes).unwrap()
    }

    fn found(method: &Method, path: &str) -> String {
        match table().find(method, path) {
            Found::Route(route, params) => {
                params.iter().fold((*route).to_owned(), |text, (_, v)| text + " " + v)
            }
            Found::WrongMethod(allow) => format!("allow {allow}"),
            Found::UnknownPath => "unknown".to_owned(),
        }
    }

    #[test]
    fn a_method_and_path_lead_to_a_route_with_its_parameters_as_they_stand() {
        for (method, path, expected) in [
            (Method::GET, "/items", "list"),
            (Method::HEAD, "/items", "list"),
            (Method::POST, "/items/a%2Fb", "save a%2Fb"),
            (Method::DELETE, "/items/x", "delete x"),
            (Method::POST, "/items/x/restore", "restore x"),
            (Method::PUT, "/items", "allow GET, HEAD"),
            (Method::GET, "/items/x", "allow POST, DELETE"),
            (Method::HEAD, "/items/x", "allow POST, DELETE"),
            (Method::GET, "/items/", "unknown"),
            (Method::GET, "/items/x/y", "unknown"),
            (Method::GET, "/", "unknown"),
            (Method::GET, "*", "unknown"),
            (Method::GET, "", "unknown"),
        ] {
            assert_eq!(found(&method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn paths_that_exclude_each_other_are_an_error() {
        assert!(Router::new([(Method::GET, "/{a}", 1), (Method::GET, "/{b}", 2)]).is_err());
    }
}
