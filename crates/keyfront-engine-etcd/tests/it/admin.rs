//! Etcd over its JSON gateway, for what tests do beside the engine: so they share no code with it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// One member, and the token of who asks, if etcd wants one.
pub(crate) struct Admin {
    address: String,
    token: Option<String>,
}

impl Admin {
    /// For a URL as settings have it.
    pub(crate) fn of(url: &str) -> Admin {
        Admin { address: url.trim_start_matches("http://").to_owned(), token: None }
    }

    /// The same as a user of etcd's authentication.
    pub(crate) fn authenticated(self, name: &str, password: &str) -> Admin {
        let answer = self.call("auth/authenticate", &json!({"name": name, "password": password}));
        Admin { token: Some(answer["token"].as_str().unwrap().to_owned()), ..self }
    }

    pub(crate) fn put(&self, key: &str, value: &str) {
        self.call("kv/put", &json!({"key": STANDARD.encode(key), "value": STANDARD.encode(value)}));
    }

    pub(crate) fn delete(&self, key: &str) {
        self.call("kv/deleterange", &json!({"key": STANDARD.encode(key)}));
    }

    pub(crate) fn compact(&self, revision: u64) {
        self.call("kv/compaction", &json!({"revision": revision.to_string()}));
    }

    /// How many keys begin with this.
    pub(crate) fn count(&self, prefix: &str) -> u64 {
        let mut end = prefix.as_bytes().to_vec();
        *end.last_mut().unwrap() += 1;
        let range = json!({
            "key": STANDARD.encode(prefix), "range_end": STANDARD.encode(end), "count_only": true,
        });
        // Zero is left out.
        self.call("kv/range", &range)["count"].as_str().map_or(0, |count| count.parse().unwrap())
    }

    /// Whether the member knows a leader and most members answer.
    pub(crate) fn answers(&self) -> bool {
        self.send("kv/range", &json!({"key": STANDARD.encode("any")}))
            .is_some_and(|(status, _)| status == 200)
    }

    /// Makes a call that has to succeed.
    pub(crate) fn call(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.send(path, body).expect("an answer of etcd");
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    fn send(&self, path: &str, body: &Value) -> Option<(u16, Value)> {
        let mut connection = TcpStream::connect(&self.address).ok()?;
        connection.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        let body = body.to_string();
        let token =
            self.token.as_ref().map(|token| format!("Authorization: {token}\r\n")).unwrap_or_default();
        let length = body.len();
        // An answer to this version ends with the connection.
        let request = format!("POST /v3/{path} HTTP/1.0\r\n{token}Content-Length: {length}\r\n\r\n{body}");
        connection.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, serde_json::from_str(body).unwrap_or_default()))
    }
}
