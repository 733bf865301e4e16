//! What an edge refuses of a result that TestFunction lets pass.

use super::returned::{Outgoing, Returned};
use super::types::Event;
use super::validate::validate;
use crate::Failure;

impl Returned {
    /// The failure of the request at an edge, where it refuses the result. `has_access_control` says whether the origin of
    /// the cache behavior has an enabled origin access control.
    pub fn refused_at_edge(&self, event: &Event, has_access_control: bool) -> Option<Failure> {
        if let Err(failure) = validate(event, self.clone()) {
            return Some(failure);
        }
        match (&self.origin, &self.outgoing) {
            (Some(origin), Outgoing::Request(request)) => {
                origin.validate(has_access_control, |name| request.headers.contains(name)).err()
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Fields;
    use super::super::origin::{OriginDecision, OriginOverrides, OriginUpdate};
    use super::super::returned::{QueryString, ReturnedRequest};
    use super::super::types::{Context, EventType, Request};
    use super::*;

    fn event() -> Event {
        let request = Request {
            method: "GET".to_owned(),
            uri: "/".to_owned(),
            querystring: Fields::new(),
            raw_querystring: None,
            headers: Fields::new(),
            cookies: Fields::new(),
        };
        let context = Context::of(EventType::ViewerRequest);
        Event { context, viewer_ip: "198.51.100.11".to_owned(), request, response: None }
    }

    fn returned(uri: &str, host_header: Option<&str>) -> Returned {
        let overrides =
            OriginOverrides { host_header: host_header.map(str::to_owned), ..OriginOverrides::default() };
        let update = OriginUpdate { overrides, ..OriginUpdate::default() };
        Returned {
            outgoing: Outgoing::Request(ReturnedRequest {
                method: "GET".to_owned(),
                uri: uri.to_owned(),
                querystring: QueryString::Parameters(Fields::new()),
                headers: Fields::new(),
                cookies: Fields::new(),
            }),
            origin: Some(OriginDecision::Update(Box::new(update))),
        }
    }

    #[test]
    fn an_edge_refuses_a_result_or_the_origin_that_was_chosen() {
        for (uri, host_header, has_access_control, refused) in [
            ("/a", None, true, None),
            ("/a", Some("www.example.com"), false, None),
            ("/a", Some("www.example.com"), true, Some("hostHeader cannot be set")),
            ("a", None, false, Some("request.uri")),
        ] {
            let failure = returned(uri, host_header).refused_at_edge(&event(), has_access_control);
            let message = failure.map(|failure| failure.message());
            match refused {
                None => assert_eq!(message, None),
                Some(words) => {
                    assert!(message.clone().is_some_and(|text| text.contains(words)), "{message:?}");
                }
            }
        }
    }
}
