//! Rules for the headers that a function may see, add and change (AWS: "Restrictions on all edge functions").

use super::fields::Fields;
use super::returned::{Outgoing, Returned};
use super::types::{Event, EventType};

/// Headers that functions do not see and may not add.
const DISALLOWED: &[&str] = &[
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "trailer",
    "upgrade",
    "x-accel-buffering",
    "x-accel-charset",
    "x-accel-limit-rate",
    "x-accel-redirect",
    "x-amzn-auth",
    "x-amzn-cf-billing",
    "x-amzn-cf-id",
    "x-amzn-cf-xff",
    "x-amzn-errortype",
    "x-amzn-fle-profile",
    "x-amzn-header-count",
    "x-amzn-header-order",
    "x-amzn-lambda-integration-tag",
    "x-amzn-requestid",
    "x-cache",
    "x-forwarded-proto",
    "x-real-ip",
];

/// How other names that functions do not see begin.
const DISALLOWED_BEGINNINGS: &[&str] = &["x-amz-cf-", "x-edge-"];

/// Headers that a viewer-request function sees and may not add, change or remove.
const READ_ONLY_IN_REQUESTS: &[&str] = &["cdn-loop", "content-length", "host", "transfer-encoding", "via"];

/// Headers that a viewer-response function sees and may not add, change or remove.
const READ_ONLY_IN_RESPONSES: &[&str] = &["via", "warning"];

/// Whether functions neither see nor may add a header. The name is in lower case.
pub fn is_disallowed(name: &str) -> bool {
    DISALLOWED.contains(&name) || DISALLOWED_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

/// Whether a function of an event type may only read a header. The name is in lower case.
pub fn is_read_only(name: &str, event_type: EventType) -> bool {
    match event_type {
        EventType::ViewerRequest => READ_ONLY_IN_REQUESTS.contains(&name),
        EventType::ViewerResponse => READ_ONLY_IN_RESPONSES.contains(&name),
    }
}

/// The name under which a header goes on the wire: the first letter of each word in upper case, where words are what
/// hyphens separate, and nothing but ASCII letters changed.
pub fn wire_name(name: &str) -> String {
    let mut begins = true;
    name.chars()
        .map(|character| {
            let written = if begins { character.to_ascii_uppercase() } else { character };
            begins = character == '-';
            written
        })
        .collect()
}

/// A rule for headers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HeaderRule {
    /// The header may not be added.
    Disallowed,
    /// The header may not be added, changed or removed.
    ReadOnly,
    /// Cookies are not headers: they go into `cookies`.
    Cookie,
}

/// A header with which a function broke a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BrokenRule {
    /// The header's name, in lower case.
    pub header: String,
    /// The rule.
    pub rule: HeaderRule,
}

/// Every header with which a function broke a rule. An edge refuses what was returned if there is one; TestFunction
/// does not look.
///
/// In a response that a viewer-request function generates, the rules of viewer requests hold for what is read-only,
/// except that there is nothing which could be missing.
pub fn broken_header_rules(event: &Event, returned: &Returned) -> Vec<BrokenRule> {
    let nothing = Fields::new();
    let event_type = event.context.event_type;
    let (before, after) = match (&returned.outgoing, event_type, &event.response) {
        (Outgoing::Request(request), _, _) => (&event.request.headers, &request.headers),
        (Outgoing::Response(response), EventType::ViewerResponse, Some(before)) => {
            (&before.headers, &response.headers)
        }
        (Outgoing::Response(response), _, _) => (&nothing, &response.headers),
    };
    let cookie_header = match returned.outgoing {
        Outgoing::Request(_) => "cookie",
        Outgoing::Response(_) => "set-cookie",
    };
    let set = after.iter().filter_map(|(name, entry)| {
        let differs = before.get(name).is_none_or(|was| was.items() != entry.items());
        let rule = if is_disallowed(name) && differs {
            HeaderRule::Disallowed
        } else if is_read_only(name, event_type) && differs {
            HeaderRule::ReadOnly
        } else if name == cookie_header && differs {
            HeaderRule::Cookie
        } else {
            return None;
        };
        Some((name, rule))
    });
    let removed = before
        .iter()
        .filter(|(name, _)| is_read_only(name, event_type) && !after.contains(name))
        .map(|(name, _)| (name, HeaderRule::ReadOnly));
    set.chain(removed).map(|(header, rule)| BrokenRule { header: header.to_owned(), rule }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_disallowed_header_is_known_and_no_other() {
        for name in DISALLOWED.iter().chain(&["x-amz-cf-id", "x-amz-cf-pop", "x-edge-location"]) {
            assert!(is_disallowed(name), "{name}");
        }
        for name in
            ["x-forwarded-for", "x-amz-meta-a", "x-amzn-trace-id", "x-edges", "x-amz-cf", "te", "host"]
        {
            assert!(!is_disallowed(name), "{name}");
        }
    }

    #[test]
    fn what_may_only_be_read_depends_on_the_event() {
        let table = [
            ("host", true, false),
            ("cdn-loop", true, false),
            ("content-length", true, false),
            ("transfer-encoding", true, false),
            ("via", true, true),
            ("warning", false, true),
            ("content-encoding", false, false),
            ("x-host", false, false),
        ];
        for (name, in_requests, in_responses) in table {
            assert_eq!(
                (is_read_only(name, EventType::ViewerRequest), is_read_only(name, EventType::ViewerResponse)),
                (in_requests, in_responses),
                "{name}"
            );
        }
    }

    #[test]
    fn words_of_a_name_begin_with_a_capital_on_the_wire() {
        let table = [
            ("x-my-header", "X-My-Header"),
            ("host", "Host"),
            ("etag", "Etag"),
            ("", ""),
            ("-a--b-", "-A--B-"),
            ("x-1a", "X-1a"),
            ("tÈst-èader", "TÈst-èader"),
        ];
        for (name, written) in table {
            assert_eq!(wire_name(name), written);
        }
    }
}
