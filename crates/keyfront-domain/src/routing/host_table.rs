//! Values by host name.

use std::sync::Arc;

use immutable_chunkmap::map::Map;

/// Most bytes of a name in a request that is looked up: a domain name (RFC 1035) and a dot behind it.
const MAX_HOST: usize = 254;

/// Names that lie in one piece of memory, at most.
const NAMES_PER_PIECE: usize = 16;

/// Values by host name, among them wildcards such as `*.example.com`.
///
/// A wildcard stands for all names below its own, however many labels they have more, and not for its own (AWS: Use
/// wildcards in alternate domain names). A whole name wins over a wildcard, and a longer wildcard over a shorter one.
/// Case does not matter, and neither does a dot at the end. A lookup costs a search for each label.
///
/// A clone shares everything, and a change of it copies what the change touches.
#[derive(Clone, Debug)]
pub struct HostTable<V: Clone> {
    exact: Names<V>,
    /// By the name behind `*.`.
    wildcards: Names<V>,
}

type Names<V> = Map<Arc<str>, V, NAMES_PER_PIECE>;

/// No names.
impl<V: Clone> Default for HostTable<V> {
    fn default() -> HostTable<V> {
        HostTable { exact: Map::new(), wildcards: Map::new() }
    }
}

impl<V: Clone> HostTable<V> {
    /// Adds a name or a wildcard, and answers the value that it had.
    pub fn insert(&mut self, name: &str, value: V) -> Option<V> {
        let name = without_dot(name).to_ascii_lowercase();
        match name.strip_prefix("*.") {
            Some(parent) => self.wildcards.insert_cow(parent.into(), value),
            None => self.exact.insert_cow(name.into(), value),
        }
    }

    /// Removes a name or a wildcard, and answers the value that it had.
    pub fn remove(&mut self, name: &str) -> Option<V> {
        let name = without_dot(name).to_ascii_lowercase();
        match name.strip_prefix("*.") {
            Some(parent) => self.wildcards.remove_cow::<Arc<str>>(&parent.into()),
            None => self.exact.remove_cow::<Arc<str>>(&name.into()),
        }
    }

    /// The value of the most specific name that stands for a host, given without its port.
    pub fn get(&self, host: &str) -> Option<&V> {
        if host.len() > MAX_HOST {
            return None;
        }
        let host = without_dot(host);
        if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return self.get_lower(&host.to_ascii_lowercase());
        }
        self.get_lower(host)
    }

    fn get_lower(&self, host: &str) -> Option<&V> {
        if let Some(value) = self.exact.get(host) {
            return Some(value);
        }
        if self.wildcards.len() == 0 {
            return None;
        }
        let mut labels = host.split_once('.').filter(|(label, _)| !label.is_empty());
        while let Some((_, parent)) = labels {
            if let Some(value) = self.wildcards.get(parent) {
                return Some(value);
            }
            labels = parent.split_once('.');
        }
        None
    }
}

impl<V: Clone> FromIterator<(String, V)> for HostTable<V> {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(names: I) -> HostTable<V> {
        let mut table = HostTable::default();
        for (name, value) in names {
            table.insert(&name, value);
        }
        table
    }
}

fn without_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}
