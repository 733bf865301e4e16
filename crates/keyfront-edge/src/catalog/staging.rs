//! Which requests a staging distribution answers in place of its primary one (AWS: "Use CloudFront continuous
//! deployment").

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use keyfront_domain::continuous_deployment_policy::{
    ContinuousDeploymentPolicyConfig, SESSION_COOKIE, Session, SessionStickinessConfig,
};

/// Which requests a staging distribution answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Staging {
    /// The domain name of the staging distribution.
    pub(crate) domain_name: String,
    /// Which requests.
    traffic: Traffic,
}

/// Which requests go to the staging distribution.
#[derive(Clone, Debug, PartialEq)]
enum Traffic {
    /// Those with a header.
    Header {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// A share of all.
    Weight {
        /// 0 to 0.15.
        share: f64,
        /// How long a viewer stays with the distribution that it had first; `None` where each request is drawn anew.
        stickiness: Option<SessionStickinessConfig>,
    },
}

/// The two distributions that a request may go to, by their ids.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<'i> {
    /// The one that has the host.
    pub(crate) primary: &'i str,
    /// The one that answers in its place.
    pub(crate) staging: &'i str,
}

/// Which of them a request goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// It is the staging distribution.
    pub(crate) staging: bool,
    /// The `Set-Cookie` header that keeps the viewer there.
    pub(crate) cookie: Option<HeaderValue>,
}

impl Staging {
    /// What an enabled policy says; `None` for one that leads no requests.
    pub(crate) fn of(config: &ContinuousDeploymentPolicyConfig) -> Option<Staging> {
        let domain_name = config.staging_domain_name().filter(|_| config.enabled)?.to_owned();
        let traffic = config.traffic_config.as_ref()?;
        let header = traffic.single_header_config.as_ref();
        let header =
            header.map(|header| Traffic::Header { name: header.header.clone(), value: header.value.clone() });
        let weight = traffic.single_weight_config.as_ref().map(|weight| Traffic::Weight {
            share: weight.weight,
            stickiness: weight.session_stickiness_config.clone(),
        });
        Some(Staging { domain_name, traffic: header.or(weight)? })
    }

    /// Where a request goes. `draw` is a random number from 0 to 1, `secure` tells of HTTPS.
    pub(crate) fn choose(
        &self,
        headers: &HeaderMap,
        ids: Pair<'_>,
        (now_s, secure): (i64, bool),
        draw: f64,
    ) -> Chosen {
        let (share, stickiness) = match &self.traffic {
            Traffic::Header { name, value } => {
                let sent = headers.get(name);
                let staging = sent.is_some_and(|sent| sent.as_bytes() == value.as_bytes());
                return Chosen { staging, cookie: None };
            }
            Traffic::Weight { share, stickiness } => (share, stickiness),
        };
        let drawn = draw < *share;
        let Some(limits) = stickiness else { return Chosen { staging: drawn, cookie: None } };
        let session = session(headers)
            .filter(|session| [ids.primary, ids.staging].contains(&&*session.distribution_id));
        let session = session
            .and_then(|session| session.goes_on(limits, now_s))
            .unwrap_or_else(|| Session::begin(if drawn { ids.staging } else { ids.primary }, now_s));
        let staging = session.distribution_id == ids.staging;
        Chosen { staging, cookie: HeaderValue::from_str(&session.cookie(limits, secure)).ok() }
    }
}

/// The session that a viewer is in, by its cookies; the first where it sends several.
fn session(headers: &HeaderMap) -> Option<Session> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        (name.trim() == SESSION_COOKIE).then(|| Session::parse(value.trim()))?
    })
}

/// Takes the cookie of a session from a request: it is between the viewer and the edge, and would split the cache.
pub(crate) fn remove_session(headers: &mut HeaderMap) {
    let is_session = |pair: &[u8]| {
        let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
        name.trim_ascii() == SESSION_COOKIE.as_bytes()
    };
    let has_session =
        |line: &HeaderValue| line.as_bytes().split(|byte| *byte == b';').any(|pair| is_session(pair));
    if !headers.get_all(COOKIE).iter().any(has_session) {
        return;
    }
    let lines: Vec<HeaderValue> = headers.get_all(COOKIE).iter().cloned().collect();
    headers.remove(COOKIE);
    for line in lines {
        let others = line.as_bytes().split(|byte| *byte == b';').filter(|pair| !is_session(pair));
        let others = others.map(<[u8]>::trim_ascii).collect::<Vec<_>>().join(&b"; "[..]);
        if let (false, Ok(line)) = (others.is_empty(), HeaderValue::from_bytes(&others)) {
            headers.append(COOKIE, line);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const IDS: Pair<'_> = Pair { primary: "E1", staging: "E2" };
    const NOW: i64 = 1_000_000;

    fn staging(traffic: &Value) -> Staging {
        let policy = json!({
            "StagingDistributionDnsNames": { "Quantity": 1, "Items": ["d2.cloudfront.net"] },
            "Enabled": true,
            "TrafficConfig": traffic,
        });
        Staging::of(&serde_json::from_value(policy).unwrap()).unwrap()
    }

    fn weight(stickiness: Option<Value>) -> Staging {
        let mut weight = json!({ "Weight": 0.1 });
        if let Some(stickiness) = stickiness {
            weight["SessionStickinessConfig"] = stickiness;
        }
        staging(&json!({ "Type": "SingleWeight", "SingleWeightConfig": weight }))
    }

    fn with(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(http::HeaderName::from_static(name), value.parse().unwrap())])
    }

    #[test]
    fn a_policy_that_is_off_leads_no_request() {
        let policy = json!({
            "StagingDistributionDnsNames": { "Quantity": 1, "Items": ["d2.cloudfront.net"] },
            "Enabled": false,
            "TrafficConfig": { "Type": "SingleWeight", "SingleWeightConfig": { "Weight": 0.1 } },
        });
        assert_eq!(Staging::of(&serde_json::from_value(policy).unwrap()), None);
    }

    #[test]
    fn a_header_or_a_draw_leads_to_the_staging_distribution() {
        let header = staging(&json!({
            "Type": "SingleHeader", "SingleHeaderConfig": { "Header": "aws-cf-cd-beta", "Value": "yes" },
        }));
        let weight = weight(None);
        for (policy, headers, draw, staging) in [
            (&header, with("aws-cf-cd-beta", "yes"), 0.9, true),
            (&header, with("aws-cf-cd-beta", "Yes"), 0.0, false),
            (&header, HeaderMap::new(), 0.0, false),
            (&weight, HeaderMap::new(), 0.099, true),
            (&weight, HeaderMap::new(), 0.1, false),
            // A cookie means nothing without sessions.
            (&weight, with("cookie", "aws-cf-cd-session=E2.999999.999999"), 0.5, false),
        ] {
            let expected = Chosen { staging, cookie: None };
            assert_eq!(policy.choose(&headers, IDS, (NOW, true), draw), expected, "{headers:?} {draw}");
        }
    }

    /// AWS: SessionStickinessConfig, `IdleTTL` and `MaximumTTL`.
    #[test]
    fn a_viewer_stays_where_its_session_is() {
        let sticky = weight(Some(json!({ "IdleTTL": 300, "MaximumTTL": 600 })));
        for (cookie, draw, session, max_age) in [
            ("", 0.0, "E2.1000000.1000000", 300),
            ("", 0.5, "E1.1000000.1000000", 300),
            ("a=b; aws-cf-cd-session=E2.999900.999900; c=d", 0.5, "E2.999900.1000000", 300),
            ("aws-cf-cd-session=E1.999900.999900", 0.0, "E1.999900.1000000", 300),
            ("aws-cf-cd-session=E2.999500.999900", 0.5, "E2.999500.1000000", 100),
            // Over: too long without a request, too long in all, of other distributions, from the future, no session.
            ("aws-cf-cd-session=E2.999700.999700", 0.5, "E1.1000000.1000000", 300),
            ("aws-cf-cd-session=E2.999400.999900", 0.5, "E1.1000000.1000000", 300),
            ("aws-cf-cd-session=E3.999900.999900", 0.5, "E1.1000000.1000000", 300),
            ("aws-cf-cd-session=E2.999900.1000001", 0.5, "E1.1000000.1000000", 300),
            ("aws-cf-cd-session=E2.999900.999900.1", 0.5, "E1.1000000.1000000", 300),
            ("aws-cf-cd-session=E2.-9223372036854775808.0", 0.5, "E1.1000000.1000000", 300),
            ("aws-cf-cd-sessions=E2.999900.999900", 0.5, "E1.1000000.1000000", 300),
        ] {
            let headers = if cookie.is_empty() { HeaderMap::new() } else { with("cookie", cookie) };
            for (secure, mark) in [(true, "; Secure"), (false, "")] {
                let chosen = sticky.choose(&headers, IDS, (NOW, secure), draw);
                let line = format!("aws-cf-cd-session={session}; Path=/; Max-Age={max_age}; HttpOnly{mark}");
                assert_eq!(chosen.cookie.unwrap().to_str().unwrap(), line, "{cookie}");
                assert_eq!(chosen.staging, session.starts_with("E2"), "{cookie}");
            }
        }
    }

    #[test]
    fn a_session_is_not_for_the_origin() {
        for (sent, left) in [
            (&["a=b"][..], &["a=b"][..]),
            (&["a=b;c=d ; aws-cf-cd-session=E1.1.1"], &["a=b; c=d"]),
            (&["aws-cf-cd-session=E1.1.1"], &[]),
            (&["a=aws-cf-cd-session", "aws-cf-cd-session=x; e=f"], &["a=aws-cf-cd-session", "e=f"]),
        ] {
            let mut headers = HeaderMap::new();
            for line in sent {
                headers.append(COOKIE, line.parse().unwrap());
            }
            remove_session(&mut headers);
            let lines: Vec<_> = headers.get_all(COOKIE).iter().map(|line| line.to_str().unwrap()).collect();
            assert_eq!(lines, left, "{sent:?}");
        }
    }
}
