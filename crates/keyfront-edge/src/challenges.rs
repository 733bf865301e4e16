//! Proofs to a certificate authority that a name leads here (ACME's HTTP-01, RFC 8555, section 8.3).
//!
//! Who asks the authority for a certificate gives the proof; the edge answers with it while it is there, before any
//! distribution is asked. All other requests below that path are the distributions', whose origins may have certificates
//! of their own.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use bytes::Bytes;
use http::Method;

use crate::message::RequestHead;

/// What the paths of proofs begin with.
const PREFIX: &str = "/.well-known/acme-challenge/";

/// Most bytes of a token. The RFC asks for 22 characters at least and names no limit; authorities send 43.
const MAX_TOKEN: usize = 256;

/// The proofs that are there now. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Challenges(Arc<ArcSwap<HashMap<Asked, Bytes>>>);

/// What an authority asks for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Asked {
    host: String,
    token: String,
}

/// A proof. It is gone when this is dropped.
#[derive(Debug)]
#[must_use = "the proof is there as long as this is"]
pub struct Challenge {
    challenges: Challenges,
    asked: Asked,
}

/// A token that cannot stand in a path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the authority's token is not one: it has letters, digits, - and _")]
pub struct InvalidToken;

impl Challenges {
    /// Answers for a host, in lower case, with what proves that its token was seen.
    ///
    /// # Errors
    /// The token has other characters than base64url's (RFC 8555, section 8.3), or is too long.
    pub fn give(&self, host: &str, token: &str, proof: &str) -> Result<Challenge, InvalidToken> {
        let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if token.is_empty() || token.len() > MAX_TOKEN || !token.bytes().all(is_base64url) {
            return Err(InvalidToken);
        }
        let asked = Asked { host: host.to_owned(), token: token.to_owned() };
        let proof = Bytes::copy_from_slice(proof.as_bytes());
        self.0.rcu(|known| {
            let mut more = HashMap::clone(known);
            more.insert(asked.clone(), proof.clone());
            more
        });
        Ok(Challenge { challenges: self.clone(), asked })
    }

    /// The proof that a request asks for.
    pub(crate) fn proof(&self, request: &RequestHead) -> Option<Bytes> {
        let token = request.path.strip_prefix(PREFIX).filter(|_| request.method == Method::GET)?;
        let asked = Asked { host: request.host.clone(), token: token.to_owned() };
        self.0.load().get(&asked).cloned()
    }
}

impl Drop for Challenge {
    fn drop(&mut self) {
        self.challenges.0.rcu(|known| {
            let mut fewer = HashMap::clone(known);
            fewer.remove(&self.asked);
            fewer
        });
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    #[test]
    fn a_proof_is_for_its_host_and_token_while_it_is_given() {
        let challenges = Challenges::default();
        let asked = |method: Method, host: &str, path: &str| {
            let (host, path) = (host.to_owned(), path.to_owned());
            let request = RequestHead { method, host, path, query: None, headers: HeaderMap::new() };
            challenges.proof(&request)
        };
        let at = "/.well-known/acme-challenge/to_ken-1";
        assert_eq!(asked(Method::GET, "a.example.com", at), None);
        let given = challenges.give("a.example.com", "to_ken-1", "to_ken-1.thumb").unwrap();
        for (method, host, path, expected) in [
            (Method::GET, "a.example.com", at, true),
            (Method::GET, "b.example.com", at, false),
            (Method::HEAD, "a.example.com", at, false),
            (Method::POST, "a.example.com", at, false),
            (Method::GET, "a.example.com", "/.well-known/acme-challenge/", false),
            (Method::GET, "a.example.com", "/.well-known/acme-challenge/to_ken-1/", false),
            (Method::GET, "a.example.com", "/to_ken-1", false),
        ] {
            let found = asked(method.clone(), host, path);
            assert_eq!(found.is_some(), expected, "{method} {host} {path}");
        }
        drop(given);
        assert_eq!(asked(Method::GET, "a.example.com", at), None);
    }

    #[test]
    fn a_token_is_base64url() {
        for (token, valid) in [
            ("a", true),
            ("A-z_09", true),
            ("", false),
            ("a/b", false),
            ("..", false),
            ("a b", false),
            (&*"a".repeat(MAX_TOKEN), true),
            (&*"a".repeat(MAX_TOKEN + 1), false),
        ] {
            assert_eq!(Challenges::default().give("a.example.com", token, "").is_ok(), valid, "{token}");
        }
    }
}
