//! Custom error responses of a distribution (AWS: Generate custom error responses).

use std::time::Duration;

use http::StatusCode;
use keyfront_domain::distribution::CustomErrorResponse;

/// How long errors are kept where a distribution does not say (AWS: "Error caching minimum TTL").
const DEFAULT_CACHING_MIN_TTL: Duration = Duration::from_secs(10);

/// What a distribution has in place of errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomErrors(Vec<CustomError>);

/// What stands in place of one status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomError {
    /// The status of the origin, or of the edge in its place.
    pub status: StatusCode,
    /// The page; `None` where only the time differs.
    pub page: Option<CustomErrorPage>,
    /// How long the error is kept at least.
    pub caching_min_ttl: Duration,
}

/// A page in place of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomErrorPage {
    /// Its path, which is asked for through the first behavior that matches it.
    pub path: String,
    /// The status for the viewer.
    pub status: StatusCode,
}

impl CustomErrors {
    /// Prepares a distribution's. What the rules of documents refuse is left out.
    pub fn new(responses: &[CustomErrorResponse]) -> CustomErrors {
        CustomErrors(responses.iter().filter_map(CustomError::new).collect())
    }

    /// What stands in place of a status.
    pub fn find(&self, status: StatusCode) -> Option<&CustomError> {
        self.0.iter().find(|error| error.status == status)
    }

    /// How long an error is kept at least.
    pub fn caching_min_ttl(&self, status: StatusCode) -> Duration {
        self.find(status).map_or(DEFAULT_CACHING_MIN_TTL, |error| error.caching_min_ttl)
    }
}

impl CustomError {
    fn new(response: &CustomErrorResponse) -> Option<CustomError> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let page = given(&response.response_page_path).zip(given(&response.response_code));
        let page = page.and_then(|(path, code)| Some(CustomErrorPage { path, status: code.parse().ok()? }));
        Some(CustomError {
            status: StatusCode::from_u16(u16::try_from(response.error_code).ok()?).ok()?,
            page,
            caching_min_ttl: Duration::from_secs(u64::try_from(response.error_caching_min_ttl).ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(code: i64, page: Option<(&str, &str)>, ttl: i64) -> CustomErrorResponse {
        CustomErrorResponse {
            error_code: code,
            response_page_path: page.map(|(path, _code)| path.to_owned()),
            response_code: page.map(|(_path, code)| code.to_owned()),
            error_caching_min_ttl: ttl,
        }
    }

    #[test]
    fn statuses_have_pages_and_times() {
        let errors = CustomErrors::new(&[
            response(404, Some(("/index.html", "200")), 300),
            response(500, None, 0),
            response(503, Some(("", "")), 5),
            response(-1, None, 5),
        ]);
        for (status, page, seconds) in [
            (404, Some(("/index.html", 200)), 300),
            (500, None, 0),
            (503, None, 5),
            (502, None, 10),
            (403, None, 10),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let found = errors.find(status).and_then(|error| error.page.as_ref());
            assert_eq!(found.map(|page| (page.path.as_str(), page.status.as_u16())), page, "{status}");
            assert_eq!(errors.caching_min_ttl(status), Duration::from_secs(seconds), "{status}");
        }
        assert_eq!(errors.find(StatusCode::BAD_GATEWAY), None);
    }
}
