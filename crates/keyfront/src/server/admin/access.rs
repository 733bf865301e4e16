//! Authorizes requests to the admin address.

use aws_lc_rs::constant_time;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Response, StatusCode, header};

use super::Admin;
use super::answer::text;
use super::routes::{Access, Testing};
use crate::server::browser::{from_a_page, to_this_machine};

impl Admin {
    /// Refuses a request that may not use a route of this kind.
    pub(super) fn refuse(&self, access: Access, request: &Parts) -> Option<Response<Bytes>> {
        match access {
            Access::Open => None,
            Access::Operator if bears(request, &self.token) => None,
            Access::Operator => Some(text(
                StatusCode::UNAUTHORIZED,
                "This needs the token in the file \"control\" of the data folder.\n",
            )),
            Access::Testing(testing) => self.refuse_test(testing, request),
        }
    }

    fn refuse_test(&self, testing: Testing, request: &Parts) -> Option<Response<Bytes>> {
        if !testing.allowed(self.testing) {
            let setting = testing.setting();
            return Some(text(
                StatusCode::FORBIDDEN,
                format!(
                    "This is for tests, and off: set {setting} = true in [testing] of the configuration.\n"
                ),
            ));
        }
        if from_a_page(request) {
            return Some(text(StatusCode::FORBIDDEN, "This is not for web pages.\n"));
        }
        // The public token counts only under a name that no web page can have.
        let known = self.development_token.filter(|_| to_this_machine(request));
        if !known.is_some_and(|token| bears(request, token)) && !bears(request, &self.token) {
            return Some(text(
                StatusCode::UNAUTHORIZED,
                "This needs a token, as `Authorization: Bearer TOKEN`: the one in the file \"control\" of the data \
                 folder; `test` is enough for `keyfront dev`, under its address or localhost.\n",
            ));
        }
        None
    }
}

/// Whether a request carries this token.
fn bears(request: &Parts, token: &str) -> bool {
    let given = request.headers.get(header::AUTHORIZATION).map_or(&b""[..], HeaderValue::as_bytes);
    let expected = format!("Bearer {token}");
    constant_time::verify_slices_are_equal(given, expected.as_bytes()).is_ok()
}
