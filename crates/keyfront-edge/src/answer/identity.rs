//! The headers by which a response tells that CloudFront served it.

use http::header::{AGE, HeaderName, HeaderValue, SERVER, VIA};

use super::{ResultType, via_host};
use crate::message::ResponseHead;

const X_CACHE: HeaderName = HeaderName::from_static("x-cache");
const X_AMZ_CF_POP: HeaderName = HeaderName::from_static("x-amz-cf-pop");
const X_AMZ_CF_ID: HeaderName = HeaderName::from_static("x-amz-cf-id");

/// An edge, as its responses name it. It is made once and shared.
#[derive(Clone, Debug)]
pub struct Identity {
    via: HeaderValue,
    location: HeaderValue,
}

impl Identity {
    /// An edge at a location such as `SEA19-C1`. Its name in `Via` is drawn here and kept.
    ///
    /// # Errors
    /// The location cannot stand in a header.
    pub fn new(location: &str) -> Result<Identity, http::header::InvalidHeaderValue> {
        let via = HeaderValue::try_from(format!("1.1 {} (CloudFront)", via_host()))?;
        Ok(Identity { via, location: HeaderValue::from_str(location)? })
    }

    /// The location.
    pub fn location(&self) -> &str {
        self.location.to_str().unwrap_or_default()
    }

    /// The value of `Via`, which requests to origins have too.
    pub fn via(&self) -> &HeaderValue {
        &self.via
    }

    /// Marks a head. `age` is how long the object has been in the cache, in seconds, and `None` for what does not come
    /// from it. A response without `Server` gets CloudFront's.
    pub fn mark(&self, head: &mut ResponseHead, request_id: &str, result: ResultType, age: Option<u64>) {
        let headers = &mut head.headers;
        if !headers.contains_key(SERVER) {
            headers.insert(SERVER, HeaderValue::from_static("CloudFront"));
        }
        headers.insert(X_CACHE, HeaderValue::from_static(result.x_cache()));
        headers.insert(VIA, self.via.clone());
        headers.insert(X_AMZ_CF_POP, self.location.clone());
        if let Ok(id) = HeaderValue::from_str(request_id) {
            headers.insert(X_AMZ_CF_ID, id);
        }
        if let Some(age) = age {
            headers.insert(AGE, HeaderValue::from(age));
        }
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    #[test]
    fn responses_are_marked() {
        let identity = Identity::new("SEA19-C1").unwrap();
        let mut head = ResponseHead::of(StatusCode::OK);
        for (name, value) in [(VIA, "1.1 proxy"), (X_CACHE, "HIT"), (SERVER, "nginx"), (AGE, "7")] {
            head.headers.insert(name, HeaderValue::from_static(value));
        }
        identity.mark(&mut head, "id==", ResultType::Miss, None);
        let via = head.text(VIA).unwrap();
        assert!(via.starts_with("1.1 ") && via.ends_with(".cloudfront.net (CloudFront)"), "{via}");
        assert_eq!(via, identity.via());
        for (name, value) in [
            (&X_CACHE, "Miss from cloudfront"),
            (&X_AMZ_CF_POP, "SEA19-C1"),
            (&X_AMZ_CF_ID, "id=="),
            (&SERVER, "nginx"),
            (&AGE, "7"),
        ] {
            assert_eq!(head.text(name), Some(value), "{name}");
        }
    }

    #[test]
    fn what_the_cache_serves_has_an_age() {
        let identity = Identity::new("SEA19-C1").unwrap();
        let mut head = ResponseHead::of(StatusCode::OK);
        identity.mark(&mut head, "id==", ResultType::Hit, Some(12));
        assert_eq!(head.text(AGE), Some("12"));
        assert_eq!(head.text(SERVER), Some("CloudFront"));
    }
}
