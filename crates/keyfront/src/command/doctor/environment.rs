//! The environment: what sends a client elsewhere than to the server.

use std::path::Path;

use super::finding::Finding;
use crate::endpoint::read_certificates;
use crate::server::PROXIED_NAME;

/// The variables that name the endpoint of a service of this server, or of all services.
const ENDPOINTS: [&str; 5] = [
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_CLOUDFRONT",
    "AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_IAM",
];

/// What `keyfront exec` removes, because it gives a client other credentials.
const CREDENTIALS: [&str; 4] =
    ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"];

/// The variables that name files of certificates.
const CERTIFICATES: [&str; 2] = ["AWS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"];

/// What the environment of this process says, for a client of the server at this endpoint.
pub(super) fn findings(
    endpoint: &str,
    host: &str,
    variable: impl Fn(&str) -> Option<String>,
) -> Vec<Finding> {
    let either = |name: &str| variable(name).or_else(|| variable(&name.to_ascii_lowercase()));
    let endpoint = endpoint.trim_end_matches('/');
    let mut findings = proxy(endpoint, host, either("HTTP_PROXY"), &either("NO_PROXY").unwrap_or_default());
    findings.extend(endpoints(endpoint, &variable));
    let credentials: Vec<&str> = CREDENTIALS.into_iter().filter(|name| variable(name).is_some()).collect();
    if !credentials.is_empty() {
        findings.push(Finding::note(
            "credentials",
            format!("{} is set, so a client signs with credentials of AWS", credentials.join(", ")),
            "run it under keyfront exec, which sets the server's",
        ));
    }
    for name in CERTIFICATES {
        let failure = variable(name).and_then(|file| read_certificates(Path::new(&file)).err());
        findings.extend(failure.map(|failure| {
            let fix = format!("unset {name}, or let it name a file of certificates in PEM");
            Finding::problem(name, failure.to_string(), fix)
        }));
    }
    if findings.is_empty() {
        findings.push(Finding::fine("environment", "no variable sends clients elsewhere"));
    }
    findings
}

fn proxy(endpoint: &str, host: &str, proxy: Option<String>, exceptions: &str) -> Vec<Finding> {
    let Some(proxy) = proxy else { return Vec::new() };
    let exceptions: Vec<&str> =
        exceptions.split(',').map(str::trim).filter(|entry| !entry.is_empty()).collect();
    let excepts = |name: &str| {
        exceptions.iter().any(|entry| {
            let entry = entry.trim_start_matches('*').trim_start_matches('.');
            entry.is_empty() || entry == name || name.ends_with(&format!(".{entry}"))
        })
    };
    if proxy.trim_end_matches('/') == endpoint {
        return Vec::from_iter(excepts(PROXIED_NAME).then(|| {
            Finding::problem(
                "NO_PROXY",
                format!("it excepts {PROXIED_NAME}, the name of the data plane, which resolves nowhere"),
                "use the NO_PROXY that keyfront env prints, or run the client under keyfront exec",
            )
        }));
    }
    let fix = "run the client under keyfront exec, which sets HTTP_PROXY and NO_PROXY for it";
    vec![if excepts(host) {
        Finding::note(
            "HTTP_PROXY",
            format!("{proxy}: the data plane of the server is not reached through it"),
            fix,
        )
    } else {
        let text = format!("{proxy}, and NO_PROXY does not except {host}: requests for the server go there");
        Finding::problem("HTTP_PROXY", text, fix)
    }]
}

fn endpoints(endpoint: &str, variable: impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    let proxied = |url: &str| {
        let rest = url.strip_prefix("http://").unwrap_or(url);
        rest.strip_prefix(PROXIED_NAME).is_some_and(|port| port.is_empty() || port.starts_with(':'))
    };
    let elsewhere = ENDPOINTS.into_iter().filter_map(|name| {
        let url = variable(name).filter(|url| url.trim_end_matches('/') != endpoint && !proxied(url))?;
        Some(Finding::problem(
            "endpoint",
            format!("{name} is {url}, and not the server at {endpoint}"),
            format!(
                "unset {name}, name that server with KEYFRONT_ENDPOINT, or run the client under keyfront exec"
            ),
        ))
    });
    let mut findings: Vec<Finding> = elsewhere.collect();
    if variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|value| value.eq_ignore_ascii_case("true"))
    {
        findings.push(Finding::problem(
            "endpoint",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true, so clients ignore AWS_ENDPOINT_URL_* and call AWS",
            "unset AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, or run the client under keyfront exec",
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::doctor::finding::Level;

    const ENDPOINT: &str = "http://127.0.0.1:4700";

    #[test]
    fn what_leads_a_client_elsewhere_is_found() {
        for (variables, expected) in [
            (vec![], Level::Fine),
            (
                vec![("HTTP_PROXY", "http://127.0.0.1:4700/"), ("NO_PROXY", "localhost,127.0.0.1")],
                Level::Fine,
            ),
            (vec![("http_proxy", ENDPOINT), ("NO_PROXY", "localhost,.internal")], Level::Problem),
            (vec![("HTTP_PROXY", ENDPOINT), ("no_proxy", "*")], Level::Problem),
            (vec![("HTTP_PROXY", "http://proxy.lan:3128")], Level::Problem),
            (vec![("HTTP_PROXY", "http://proxy.lan:3128"), ("NO_PROXY", "127.0.0.1")], Level::Note),
            (vec![("AWS_ENDPOINT_URL", "http://localhost:4566")], Level::Problem),
            (vec![("AWS_ENDPOINT_URL_CLOUDFRONT", "http://127.0.0.1:4700/")], Level::Fine),
            (
                vec![("AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE", "http://keyfront.internal:4700")],
                Level::Fine,
            ),
            (
                vec![("AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE", "http://keyfront.internal.lan")],
                Level::Problem,
            ),
            (vec![("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")], Level::Problem),
            (vec![("AWS_PROFILE", "production")], Level::Note),
            (vec![("AWS_CA_BUNDLE", "/nowhere/ca.pem")], Level::Problem),
            (vec![("NODE_EXTRA_CA_CERTS", "/dev/null")], Level::Problem),
        ] {
            let variable = |name: &str| {
                variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
            };
            let findings = findings(ENDPOINT, "127.0.0.1", variable);
            let levels: Vec<Level> = findings.iter().map(|finding| finding.level).collect();
            assert_eq!(levels, [expected], "{variables:?}: {findings:?}");
        }
    }
}
