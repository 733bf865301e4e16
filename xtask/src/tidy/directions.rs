//! Which crate may depend on which, as the table in `ARCHITECTURE.md` says.
//!
//! A dependency that is only a test's (`[dev-dependencies]`) is free: tests may see everything.

use std::collections::{HashMap, HashSet};

use crate::workspace::{Node, Workspace};

struct Rule {
    /// One of our packages.
    package: &'static str,
    /// Our packages that it may name.
    may: &'static [&'static str],
    /// What it may not reach, by whatever way.
    never: &'static [&'static str],
}

const RULES: &[Rule] = &[
    // What the domain, the wire and the engines' failures share, so that none of them knows another.
    Rule { package: "keyfront-error", may: &[], never: &["tokio", "http", "hyper", "serde"] },
    Rule { package: "keyfront-domain", may: &["keyfront-error"], never: &["tokio", "http", "hyper"] },
    Rule { package: "keyfront-wire", may: &["keyfront-error"], never: &[] },
    Rule { package: "keyfront-http", may: &[], never: &["redb", "quick-xml"] },
    // The language without an engine: its users need not compile QuickJS.
    Rule {
        package: "keyfront-njs",
        may: &["keyfront-domain"],
        never: &["rquickjs", "tokio", "http", "hyper"],
    },
    Rule {
        package: "keyfront-functions",
        may: &["keyfront-domain", "keyfront-njs"],
        never: &["http", "hyper"],
    },
    // An engine knows bytes: no record, no rule and no protocol. Its failures are failures inside of a request.
    Rule { package: "keyfront-engine", may: &["keyfront-error"], never: &["http", "hyper", "redb"] },
    Rule { package: "keyfront-engine-redb", may: &["keyfront-engine"], never: &["http", "hyper"] },
    Rule { package: "keyfront-engine-etcd", may: &["keyfront-engine"], never: &[] },
    Rule {
        package: "keyfront-store",
        may: &["keyfront-domain", "keyfront-engine"],
        never: &["http", "hyper", "redb"],
    },
    // Frames and commits: how they are carried is the binary's.
    Rule {
        package: "keyfront-follow",
        may: &["keyfront-domain", "keyfront-store"],
        never: &["keyfront-wire", "http", "hyper", "redb"],
    },
    Rule {
        package: "keyfront-api",
        may: &[
            "keyfront-domain",
            "keyfront-error",
            "keyfront-follow",
            "keyfront-functions",
            "keyfront-store",
            "keyfront-view",
            "keyfront-wire",
        ],
        never: &[],
    },
    Rule {
        package: "keyfront-view",
        may: &["keyfront-domain", "keyfront-functions", "keyfront-store"],
        never: &["keyfront-wire", "http", "hyper"],
    },
    Rule {
        package: "keyfront-edge",
        may: &["keyfront-domain", "keyfront-functions", "keyfront-http", "keyfront-view"],
        never: &["keyfront-api", "keyfront-wire"],
    },
    // Templates, and nothing that is sent or kept.
    Rule {
        package: "keyfront-cfn",
        may: &["keyfront-domain", "keyfront-wire"],
        never: &["tokio", "hyper", "keyfront-store"],
    },
    // A client of any endpoint: what it knows of a server it knows from the wire.
    Rule { package: "keyfront-client", may: &["keyfront-domain"], never: &["keyfront-store"] },
    Rule {
        package: "keyfront",
        may: &[
            "keyfront-api",
            "keyfront-cfn",
            "keyfront-client",
            "keyfront-domain",
            "keyfront-edge",
            "keyfront-engine",
            "keyfront-engine-etcd",
            "keyfront-engine-redb",
            "keyfront-follow",
            "keyfront-functions",
            "keyfront-http",
            "keyfront-njs",
            "keyfront-store",
            "keyfront-view",
            "keyfront-wire",
        ],
        never: &[],
    },
    // It serves tests, so it may see everything below the operations.
    Rule {
        package: "keyfront-testkit",
        may: &["keyfront-domain", "keyfront-engine", "keyfront-wire"],
        never: &["keyfront-api", "keyfront-edge"],
    },
    Rule {
        package: "keyfront-bench",
        may: &[
            "keyfront-domain",
            "keyfront-engine",
            "keyfront-engine-redb",
            "keyfront-store",
            "keyfront-testkit",
            "keyfront-wire",
        ],
        never: &["keyfront-api", "keyfront-edge"],
    },
    // It looks at everything that reads bytes.
    Rule {
        package: "keyfront-fuzz",
        may: &[
            "keyfront-domain",
            "keyfront-engine",
            "keyfront-functions",
            "keyfront-njs",
            "keyfront-store",
            "keyfront-wire",
        ],
        never: &[],
    },
    // A client like any other: it knows nothing of ours.
    Rule { package: "keyfront-rust-sdk-client", may: &[], never: &[] },
    Rule { package: "xtask", may: &[], never: &["tokio", "http", "hyper"] },
];

/// The dependencies that the table does not allow, as sentences.
pub(crate) fn mistakes(workspace: &Workspace) -> Vec<String> {
    let names: HashMap<&str, &str> =
        workspace.packages.iter().map(|package| (package.id.as_str(), package.name.as_str())).collect();
    let nodes: HashMap<&str, &Node> =
        workspace.resolved.iter().map(|node| (node.id.as_str(), node)).collect();
    let name_of = |id: &str| names.get(id).copied().unwrap_or_default().to_owned();

    let mut mistakes = Vec::new();
    for member in &workspace.members {
        let package = name_of(member);
        let Some(rule) = RULES.iter().find(|rule| rule.package == package) else {
            mistakes.push(format!(
                "{package} is in no rule of xtask/src/tidy/directions.rs: say what it may depend on"
            ));
            continue;
        };
        let direct: Vec<String> = normal_dependencies(&nodes, member).map(name_of).collect();
        for own in direct.iter().filter(|name| RULES.iter().any(|rule| rule.package == name.as_str())) {
            if !rule.may.contains(&own.as_str()) {
                mistakes.push(format!("{package} must not depend on {own}"));
            }
        }
        let reached = reached_from(&nodes, member);
        let reached: HashSet<String> = reached.into_iter().map(name_of).collect();
        for never in rule.never.iter().filter(|never| reached.contains(**never)) {
            mistakes.push(format!(
                "{package} must never see {never}, but reaches it (`cargo tree -e normal -p {package} -i {never}`)"
            ));
        }
    }
    mistakes
}

fn normal_dependencies<'a>(
    nodes: &HashMap<&'a str, &'a Node>,
    id: &str,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let node: Option<&'a Node> = nodes.get(id).copied();
    node.into_iter()
        .flat_map(|node| &node.deps)
        .filter(|dependency| dependency.is_normal())
        .map(|dependency| dependency.pkg.as_str())
}

fn reached_from<'a>(nodes: &HashMap<&'a str, &'a Node>, start: &'a str) -> HashSet<&'a str> {
    let mut reached = HashSet::new();
    let mut waiting: Vec<&str> = normal_dependencies(nodes, start).collect();
    while let Some(id) = waiting.pop() {
        if reached.insert(id) {
            waiting.extend(normal_dependencies(nodes, id));
        }
    }
    reached
}
