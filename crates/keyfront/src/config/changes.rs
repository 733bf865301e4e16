//! What a running server takes over from a configuration that was read again, and what has to wait for a restart.
//!
//! Safe is what is looked up when it is needed and remembered nowhere else: names, limits, quotas, where origins and
//! objects come from, certificates. What sizes memory or opens something at the start (addresses, the store, caches,
//! processes of functions) needs a restart, and so does what gives rights to those who could not have them before
//! (`[testing]`).

use super::{
    AdminSettings, CertificatesSettings, Config, EdgeSettings, FollowSettings, FunctionsSettings,
    ImportSettings, RelaySettings, ServerSettings, StoreSettings, TestingSettings, TlsSettings,
};
use crate::log;
use keyfront_api::pipeline;

/// The settings that differ, by their section and name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Those that were taken over.
    pub(crate) taken: Vec<String>,
    /// Those that need a restart.
    pub(crate) left: Vec<String>,
}

/// Compares a section field by field. It names every field of the type, so a setting that is in neither list does not
/// compile.
macro_rules! section {
    (
        $changes:ident, $running:expr, $new:expr, $name:literal,
        $kind:path { taken: [$($taken:ident),*], left: [$($left:ident),*], apart: [$($apart:ident),*] }
    ) => {
        let $kind { $($taken: _,)* $($left: _,)* $($apart: _,)* } = &$new;
        $(if $running.$taken != $new.$taken {
            $changes.taken.push(concat!($name, " ", stringify!($taken)).to_owned());
            $running.$taken.clone_from(&$new.$taken);
        })*
        $(if $running.$left != $new.$left {
            $changes.left.push(concat!($name, " ", stringify!($left)).to_owned());
        })*
    };
}

impl Config {
    /// Takes over from a configuration what a running server can change.
    pub(crate) fn take_over(&mut self, new: &Config) -> Changes {
        let mut changes = Changes::default();
        self.take_over_listeners(new, &mut changes);
        self.take_over_rules(new, &mut changes);
        self.take_over_edge(new, &mut changes);
        self.compare_rest(new, &mut changes);
        changes
    }

    fn take_over_listeners(&mut self, new: &Config, changes: &mut Changes) {
        section!(
            changes,
            self.server,
            new.server,
            "[server]",
            ServerSettings {
                taken: [
                    names,
                    max_connections,
                    max_connections_per_address,
                    max_streams_per_connection,
                    max_header_bytes,
                    header_timeout_seconds,
                    idle_timeout_seconds,
                    read_timeout_seconds,
                    write_timeout_seconds,
                    shutdown_timeout_seconds
                ],
                left: [listen],
                apart: [tls]
            }
        );
        take_over_tls("[server.tls]", &mut self.server.tls, new.server.tls.as_ref(), changes);
        section!(
            changes,
            self.relay,
            new.relay,
            "[relay]",
            RelaySettings { taken: [], left: [listen, followers], apart: [tls] }
        );
        take_over_tls("[relay.tls]", &mut self.relay.tls, new.relay.tls.as_ref(), changes);
        section!(
            changes,
            self.log,
            new.log,
            "[log]",
            log::Settings { taken: [filter], left: [format], apart: [] }
        );
    }

    fn take_over_rules(&mut self, new: &Config, changes: &mut Changes) {
        if self.quotas != new.quotas {
            changes.taken.extend(names_of_quotas(self, new));
            self.quotas.clone_from(&new.quotas);
        }
        if self.settling != new.settling {
            changes.taken.push("[settling]".to_owned());
            self.settling = new.settling;
        }
        section!(
            changes,
            self.certificates,
            new.certificates,
            "[certificates]",
            CertificatesSettings { taken: [accept_undeclared, files], left: [], apart: [] }
        );
        section!(
            changes,
            self.import,
            new.import,
            "[import]",
            ImportSettings { taken: [folders, bucket_host_suffixes, s3], left: [], apart: [] }
        );
    }

    fn take_over_edge(&mut self, new: &Config, changes: &mut Changes) {
        section!(
            changes,
            self.edge,
            new.edge,
            "[edge]",
            EdgeSettings {
                taken: [
                    viewer_country,
                    countries,
                    trusted_proxies,
                    certificates,
                    origins,
                    private_origins,
                    reach_unmapped,
                    certificate_authorities,
                    client_certificates,
                    connections_per_origin,
                    s3,
                    max_connections,
                    max_connections_per_address,
                    max_streams_per_connection,
                    header_timeout_seconds,
                    idle_timeout_seconds,
                    read_timeout_seconds,
                    write_timeout_seconds,
                    websocket_idle_timeout_seconds
                ],
                left: [
                    enabled,
                    listen,
                    tls_listen,
                    location,
                    cache_memory_mib,
                    cache,
                    ports,
                    acme,
                    logs,
                    authority
                ],
                apart: []
            }
        );
    }

    /// Compares what only a restart changes.
    fn compare_rest(&self, new: &Config, changes: &mut Changes) {
        section!(
            changes,
            self.admin,
            new.admin,
            "[admin]",
            AdminSettings { taken: [], left: [listen], apart: [] }
        );
        section!(
            changes,
            self.store,
            new.store,
            "[store]",
            StoreSettings { taken: [], left: [data, key_file, engine, redb, etcd], apart: [] }
        );
        section!(
            changes,
            self.api,
            new.api,
            "[api]",
            pipeline::Settings {
                taken: [],
                left: [
                    max_body_bytes,
                    max_store_body_bytes,
                    max_bytes_of_bodies,
                    body_timeout_seconds,
                    signature_verification
                ],
                apart: []
            }
        );
        section!(
            changes,
            self.functions,
            new.functions,
            "[functions]",
            FunctionsSettings {
                taken: [],
                left: [
                    isolation,
                    threads,
                    instruction_budget,
                    isolate_memory_mib,
                    prepared_memory_mib,
                    forget_after_seconds
                ],
                apart: []
            }
        );
        section!(
            changes,
            self.follow,
            new.follow,
            "[follow]",
            FollowSettings {
                taken: [],
                left: [servers, certificate_authorities, accounts, environment],
                apart: []
            }
        );
        section!(
            changes,
            self.testing,
            new.testing,
            "[testing]",
            TestingSettings { taken: [], left: [faults, snapshots], apart: [] }
        );
    }
}

/// A listener speaks TLS or it does not; which certificate it has can change.
fn take_over_tls(
    name: &str,
    running: &mut Option<TlsSettings>,
    new: Option<&TlsSettings>,
    changes: &mut Changes,
) {
    match (running.as_mut(), new) {
        (Some(running), Some(new)) if running != new => {
            running.clone_from(new);
            changes.taken.push(name.to_owned());
        }
        (Some(_), None) | (None, Some(_)) => changes.left.push(name.to_owned()),
        (Some(_), Some(_)) | (None, None) => {}
    }
}

/// The quotas that differ. There are too many of them to be listed a second time.
fn names_of_quotas(running: &Config, new: &Config) -> Vec<String> {
    let values = |config: &Config| match serde_json::to_value(&config.quotas) {
        Ok(serde_json::Value::Object(values)) => values,
        Ok(_) | Err(_) => serde_json::Map::new(),
    };
    let before = values(running);
    let changed = values(new).into_iter().filter(|(name, value)| before.get(name) != Some(value));
    changed.map(|(name, _)| format!("[quotas] {name}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_safe_is_taken_over_and_the_rest_is_named() {
        let tls = "certificate = \"/a\"\nprivate_key = \"/b\"";
        let one = |section: &str, setting: &str, value: &str| format!("[{section}]\n{setting} = {value}");
        // The file before, the file after, what is taken over, what needs a restart.
        for (before, after, taken, left) in [
            (String::new(), String::new(), &[][..], &[][..]),
            (String::new(), one("server", "names", "[\"a.test\"]"), &["[server] names"], &[]),
            (one("server", "names", "[\"a.test\"]"), String::new(), &["[server] names"], &[]),
            (String::new(), one("server", "listen", "\"127.0.0.1:1\""), &[], &["[server] listen"]),
            (String::new(), one("admin", "listen", "\"127.0.0.1:1\""), &[], &["[admin] listen"]),
            (
                one("server", "idle_timeout_seconds", "1"),
                format!("{}\nlisten = \"127.0.0.1:1\"", one("server", "idle_timeout_seconds", "2")),
                &["[server] idle_timeout_seconds"],
                &["[server] listen"],
            ),
            (String::new(), format!("[server.tls]\n{tls}"), &[], &["[server.tls]"]),
            (format!("[server.tls]\n{tls}"), String::new(), &[], &["[server.tls]"]),
            (
                format!("[server.tls]\n{tls}"),
                format!("[server.tls]\n{}", tls.replace("/a", "/c")),
                &["[server.tls]"],
                &[],
            ),
            (
                String::new(),
                "[quotas]\nkey_bytes = 10\nvalue_bytes = 20".to_owned(),
                &["[quotas] key_bytes", "[quotas] value_bytes"],
                &[],
            ),
            (String::new(), one("settling", "distribution", "9"), &["[settling]"], &[]),
            (
                String::new(),
                one("certificates", "accept_undeclared", "true"),
                &["[certificates] accept_undeclared"],
                &[],
            ),
            (String::new(), one("import.folders", "a", "\"/tmp\""), &["[import] folders"], &[]),
            (String::new(), one("edge.origins", "\"a.test\"", "\"/tmp\""), &["[edge] origins"], &[]),
            (String::new(), one("edge", "viewer_country", "\"DE\""), &["[edge] viewer_country"], &[]),
            (String::new(), one("edge", "location", "\"FRA56-P1\""), &[], &["[edge] location"]),
            (String::new(), one("edge.logs", "folder", "\"/tmp\""), &[], &["[edge] logs"]),
            (String::new(), one("store", "data", "\"/tmp\""), &[], &["[store] data"]),
            (String::new(), one("api", "body_timeout_seconds", "1"), &[], &["[api] body_timeout_seconds"]),
            (String::new(), one("testing", "faults", "true"), &[], &["[testing] faults"]),
            (String::new(), one("log", "filter", "\"debug\""), &["[log] filter"], &[]),
            (String::new(), one("log", "format", "\"json\""), &[], &["[log] format"]),
        ] {
            let (before, after) = (Config::parse(&before).unwrap(), Config::parse(&after).unwrap());
            let mut running = before.clone();
            let changes = running.take_over(&after);
            assert_eq!((&changes.taken[..], &changes.left[..]), (&owned(taken)[..], &owned(left)[..]));
            // What was taken over is no change the next time, and what was left stays one.
            let again = running.take_over(&after);
            assert_eq!((&again.taken[..], &again.left[..]), (&[][..], &changes.left[..]));
            assert_eq!(running == before, taken.is_empty());
            assert_eq!(running == after, left.is_empty());
        }
    }

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }
}
