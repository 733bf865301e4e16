//! Sessions: a viewer stays with the distribution that it had first, primary or staging (AWS: "Session stickiness for
//! weight-based configurations").
//!
//! CloudFront keeps a session in a cookie, and documents neither its name nor its value. Here the value names the
//! distribution and two moments, so that no edge has to remember viewers. It is not signed: a viewer that writes one
//! itself chooses between two distributions that it may see anyway.

use super::SessionStickinessConfig;

/// The name of the cookie.
pub const SESSION_COOKIE: &str = "aws-cf-cd-session";

/// A session, as the viewer's cookie has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The id of the distribution that serves it.
    pub distribution_id: String,
    /// When it began, in seconds since the epoch.
    pub began_s: i64,
    /// When its last request was, in seconds since the epoch.
    pub seen_s: i64,
}

impl Session {
    /// A session that begins.
    pub fn begin(distribution_id: &str, now_s: i64) -> Session {
        Session { distribution_id: distribution_id.to_owned(), began_s: now_s, seen_s: now_s }
    }

    /// Reads the value of a cookie; `None` for what is not a session.
    pub fn parse(value: &str) -> Option<Session> {
        let mut parts = value.split('.');
        let id = parts.next().filter(|id| !id.is_empty())?;
        let (began_s, seen_s) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let session = Session { distribution_id: id.to_owned(), began_s, seen_s };
        parts.next().is_none().then_some(session)
    }

    /// The same with one more request; `None` where it has ended: too long ago began, or too long without a request.
    #[must_use]
    pub fn goes_on(self, limits: &SessionStickinessConfig, now_s: i64) -> Option<Session> {
        let lasts = |from_s: i64, most_s: i64| {
            now_s.checked_sub(from_s).is_some_and(|age| (0..most_s).contains(&age))
        };
        let alive = lasts(self.began_s, limits.maximum_ttl) && lasts(self.seen_s, limits.idle_ttl);
        alive.then_some(Session { seen_s: now_s, ..self })
    }

    /// The `Set-Cookie` header that keeps it until it ends. `secure` tells whether the viewer came over HTTPS.
    pub fn cookie(&self, limits: &SessionStickinessConfig, secure: bool) -> String {
        let Session { distribution_id, began_s, seen_s } = self;
        let left_s = limits.maximum_ttl.saturating_sub(seen_s.saturating_sub(*began_s));
        let max_age_s = limits.idle_ttl.min(left_s);
        let secure = if secure { "; Secure" } else { "" };
        format!(
            "{SESSION_COOKIE}={distribution_id}.{began_s}.{seen_s}; Path=/; Max-Age={max_age_s}; HttpOnly{secure}"
        )
    }
}
