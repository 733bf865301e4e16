//! The environment variables that lead AWS clients to a server.

use super::node;
use super::server::ServerArguments;
use super::variable::Variable;
use crate::failure::Failure;
use crate::server::PROXIED_NAME;
use crate::terminal::tell;

/// The region of a client without one of its own.
const REGION: &str = "us-east-1";

/// The services that are reached at the endpoint as it is, as the SDKs name them in the environment.
const ENDPOINTS: [&str; 3] = ["AWS_ENDPOINT_URL_CLOUDFRONT", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_IAM"];

/// The data plane, whose host gets an account in front of it.
const DATA_ENDPOINT: &str = "AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE";

/// What no proxy is needed for, so that a command still reaches other servers on this machine.
const DIRECT: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// What would send a client elsewhere or make it sign with other credentials.
const REMOVED: [&str; 5] = [
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
];

impl ServerArguments {
    /// The changes to an environment that lead an AWS client to this server.
    ///
    /// The SDKs put the account in front of the data plane's host. Over plain HTTP the data plane therefore
    /// gets a name of its own, and the server is the proxy that leads there, so that the name need not resolve;
    /// Node, which follows no proxy, is taught that name. Over HTTPS the name must resolve.
    pub(crate) fn changes(&self) -> Result<Vec<Variable>, Failure> {
        let no_proxy = std::env::var_os("NO_PROXY").or_else(|| std::env::var_os("no_proxy"));
        let mut variables = self.variables(no_proxy.and_then(|list| list.into_string().ok()).as_deref())?;
        let (_host, _port, plain) = self.authority()?;
        if plain {
            match node::variables() {
                Ok(more) => variables.extend(more),
                // Other programs need none of it.
                Err(why) => tell(format!("keyfront: Node programs will not find the data plane: {why}")),
            }
        }
        Ok(variables)
    }

    fn variables(&self, no_proxy: Option<&str>) -> Result<Vec<Variable>, Failure> {
        let (host, port, plain) = self.authority()?;
        let endpoint = self.endpoint.trim_end_matches('/').to_owned();
        let region = self.region.as_deref().unwrap_or(REGION);
        let data = if plain { format!("http://{PROXIED_NAME}:{port}") } else { endpoint.clone() };
        let mut variables: Vec<Variable> =
            ENDPOINTS.iter().map(|name| (*name, Some(endpoint.clone()))).collect();
        variables.push((DATA_ENDPOINT, Some(data)));
        variables.extend([
            ("AWS_ACCESS_KEY_ID", Some(self.access_key_id.clone())),
            ("AWS_SECRET_ACCESS_KEY", Some(self.secret_access_key.clone())),
            ("AWS_REGION", Some(region.to_owned())),
            ("AWS_DEFAULT_REGION", Some(region.to_owned())),
            ("AWS_EC2_METADATA_DISABLED", Some("true".to_owned())),
            // For this program's own commands.
            ("KEYFRONT_ENDPOINT", Some(endpoint)),
            ("KEYFRONT_ACCESS_KEY_ID", Some(self.access_key_id.clone())),
            ("KEYFRONT_SECRET_ACCESS_KEY", Some(self.secret_access_key.clone())),
        ]);
        if let Some(ca) = &self.ca {
            // Python, Go and the AWS CLI read the first, Node the second.
            let path = ca.canonicalize().unwrap_or_else(|_absent| ca.clone()).display().to_string();
            variables.extend([("AWS_CA_BUNDLE", Some(path.clone())), ("NODE_EXTRA_CA_CERTS", Some(path))]);
        }
        variables.extend(REMOVED.iter().map(|name| (*name, None)));
        if plain {
            let proxy = Some(format!("http://{host}:{port}"));
            let direct = with_direct(no_proxy.unwrap_or_default(), &host);
            variables.extend([
                ("HTTP_PROXY", proxy.clone()),
                ("http_proxy", proxy),
                ("NO_PROXY", Some(direct.clone())),
                ("no_proxy", Some(direct)),
            ]);
        }
        Ok(variables)
    }
}

/// A NO_PROXY list with what is reached directly, and without what would keep the client from the proxy.
fn with_direct(no_proxy: &str, host: &str) -> String {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let mut entries: Vec<&str> = DIRECT.to_vec();
    for entry in std::iter::once(bare).chain(no_proxy.split(',').map(str::trim)) {
        let name = entry.trim_start_matches('*').trim_start_matches('.');
        let hides = name.is_empty() || PROXIED_NAME == name || PROXIED_NAME.ends_with(&format!(".{name}"));
        if !hides && !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    entries.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(endpoint: &str) -> ServerArguments {
        let text = |text: &str| text.to_owned();
        ServerArguments {
            endpoint: text(endpoint),
            access_key_id: text("test"),
            secret_access_key: text("test"),
            ca: None,
            region: None,
        }
    }

    fn value(endpoint: &str, name: &str, no_proxy: Option<&str>) -> Option<String> {
        let variables = server(endpoint).variables(no_proxy).unwrap();
        variables.into_iter().find(|(n, _)| *n == name).and_then(|(_, value)| value)
    }

    #[test]
    fn over_plain_http_the_data_plane_has_a_name_that_leads_through_the_proxy() {
        let endpoint = "http://127.0.0.1:4700/";
        for name in ENDPOINTS {
            assert_eq!(value(endpoint, name, None).as_deref(), Some("http://127.0.0.1:4700"), "{name}");
        }
        assert_eq!(value(endpoint, DATA_ENDPOINT, None).as_deref(), Some("http://keyfront.internal:4700"));
        assert_eq!(value(endpoint, "HTTP_PROXY", None).as_deref(), Some("http://127.0.0.1:4700"));
    }

    #[test]
    fn a_server_with_tls_is_reached_by_its_name_without_a_proxy() {
        let endpoint = "https://kvs.example.com";
        assert_eq!(value(endpoint, "AWS_ENDPOINT_URL_CLOUDFRONT", None).as_deref(), Some(endpoint));
        assert_eq!(value(endpoint, "HTTP_PROXY", None), None);
    }

    #[test]
    fn other_servers_on_this_machine_and_the_given_exceptions_need_no_proxy() {
        for (given, added) in [
            ("", ""),
            ("example.com, 10.0.0.1:80,localhost", ",example.com,10.0.0.1:80"),
            ("*,.internal,keyfront.internal,.x", ",.x"),
        ] {
            let list = value("http://127.0.0.1:4700", "NO_PROXY", Some(given));
            assert_eq!(list.unwrap(), format!("localhost,127.0.0.1,::1{added}"), "{given}");
        }
        let list = value("http://kvs.lan:4700", "NO_PROXY", None);
        assert_eq!(list.as_deref(), Some("localhost,127.0.0.1,::1,kvs.lan"));
    }

    #[test]
    fn what_is_no_server_is_refused() {
        for endpoint in ["127.0.0.1:4700", "ftp://x", "http://", "http://x/path", ""] {
            assert!(server(endpoint).variables(None).is_err(), "{endpoint}");
        }
    }
}
