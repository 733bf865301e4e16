//! Answers with a body of the edge's own.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION, SERVER};
use http::{HeaderMap, StatusCode};
use keyfront_domain::error_page;
use keyfront_domain::signed_request::{Code, Denial};
use keyfront_functions::Failure;

use super::{OriginError, Refusal};
use crate::message::ResponseHead;
use crate::origin::OriginFailure;

/// An answer that comes from no origin and no function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The head, without the marks of [`Identity`](super::Identity).
    pub head: ResponseHead,
    /// The body, whose length the head has.
    pub body: Bytes,
}

impl Page {
    /// CloudFront's error page.
    pub fn error(status: u16, sentence: &str, request_id: &str) -> Page {
        Page::new(status, error_page::CONTENT_TYPE, error_page::render(status, sentence, request_id))
    }

    /// The page of a refused request.
    pub fn refusal(refusal: Refusal, request_id: &str) -> Page {
        Page::error(refusal.status(), refusal.sentence(), request_id)
    }

    /// The page of an origin that gave no answer.
    pub fn origin_failure(failure: &OriginFailure, request_id: &str) -> Page {
        Page::error(failure.status(), OriginError::from(failure).sentence, request_id)
    }

    /// The page of a function that gave no answer.
    pub fn function_failure(failure: &Failure, request_id: &str) -> Page {
        Page::new(failure.status(), error_page::CONTENT_TYPE, failure.page(request_id))
    }

    /// The document of a request whose signature is missing or wrong.
    pub fn denial(denial: &Denial) -> Page {
        Page::new(Code::STATUS, Code::CONTENT_TYPE, denial.code().body())
    }

    /// The redirect to HTTPS: 301, or 307 for methods that must stay what they are. A location that cannot stand in a
    /// header makes it the page of a malformed request.
    pub fn redirect(status: StatusCode, location: &str, request_id: &str) -> Page {
        let Ok(location) = HeaderValue::from_str(location) else {
            return Page::refusal(Refusal::Malformed, request_id);
        };
        let title = status.to_string();
        let body = format!(
            "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
             <hr><center>CloudFront</center>\r\n</body>\r\n</html>\r\n"
        );
        let mut page = Page::new(status.as_u16(), error_page::CONTENT_TYPE, body);
        page.head.headers.insert(LOCATION, location);
        page
    }

    fn new(status: u16, content_type: &'static str, body: String) -> Page {
        let mut headers = HeaderMap::new();
        headers.insert(SERVER, HeaderValue::from_static("CloudFront"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Page { head: ResponseHead { status, reason: None, headers }, body: Bytes::from(body) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(page: &Page) -> &str {
        std::str::from_utf8(&page.body).unwrap()
    }

    fn checked(page: &Page, status: u16, content_type: &str) {
        let headers = &page.head.headers;
        assert_eq!(page.head.status.as_u16(), status);
        assert_eq!(headers[CONTENT_TYPE], content_type);
        assert_eq!(headers[CONTENT_LENGTH], page.body.len().to_string());
        assert_eq!(headers[SERVER], "CloudFront");
    }

    #[test]
    fn refusals_have_their_status_and_sentence() {
        for (refusal, status, sentence) in [
            // Sentences and statuses as viewers captured them.
            (Refusal::UnknownHost, 403, "Bad request."),
            (Refusal::HttpsOnly, 403, "Bad request."),
            (
                Refusal::Method,
                403,
                "used for this request. The distribution supports only cachable requests.",
            ),
            (Refusal::Country, 403, "is configured to block access from your country."),
            (Refusal::Certificate, 421, "for which the HTTPS connection was established with."),
            // Statuses by AWS ("Viewer protocol policy", "GET requests that include a body", "Maximum length of a URL"),
            // sentences without a capture.
            (Refusal::HttpsOnly, 403, "Bad request."),
            (Refusal::UrlTooLong, 414, "Bad request."),
            (Refusal::HeadersTooLong, 494, "Bad request."),
            (Refusal::BodyOfGet, 403, "Bad request."),
            (Refusal::Malformed, 400, "Bad request."),
            (Refusal::Capacity, 503, "Bad request."),
        ] {
            let page = Page::refusal(refusal, "id==");
            checked(&page, status, "text/html");
            assert!(text(&page).contains(&format!("<H1>{status} ERROR</H1>")), "{refusal:?}");
            assert!(text(&page).contains(&format!("{sentence}\nWe can't connect")), "{refusal:?}");
            assert!(text(&page).contains("Request ID: id==\n"), "{refusal:?}");
        }
    }

    #[test]
    fn failures_of_origins_have_their_sentence_and_their_word() {
        let host = || "o.example".to_owned();
        let why = || "secret reason".to_owned();
        let address = std::net::IpAddr::from([10, 0, 0, 1]);
        for (failure, status, sentence, word) in [
            (
                OriginFailure::Resolve(host()),
                502,
                "wasn't able to resolve the origin domain name.",
                "OriginDnsError",
            ),
            (
                OriginFailure::Connect(host(), why()),
                502,
                "wasn't able to connect to the origin.",
                "OriginConnectError",
            ),
            (
                OriginFailure::Tls(host(), why()),
                502,
                "wasn't able to connect to the origin.",
                "OriginConnectError",
            ),
            (
                OriginFailure::Forbidden { host: host(), address },
                502,
                "wasn't able to connect to the origin.",
                "OriginConnectError",
            ),
            (OriginFailure::Timeout(host()), 504, "or the origin closed the connection.", "OriginCommError"),
            (OriginFailure::Broken(host(), why()), 502, "The origin closed the connection.", "OriginError"),
            (OriginFailure::Overloaded(host()), 503, "Failed to contact the origin.", "OriginConnectError"),
        ] {
            let page = Page::origin_failure(&failure, "id==");
            checked(&page, status, "text/html");
            assert!(text(&page).contains(&format!("{sentence}\nWe can't connect")), "{failure:?}");
            assert_eq!(OriginError::from(&failure).detailed_result_type, word);
            for hidden in ["o.example", "secret reason", "10.0.0.1"] {
                assert!(!text(&page).contains(hidden), "{failure:?}");
            }
        }
    }

    #[test]
    fn a_redirect_is_cloudfronts_byte_for_byte() {
        let page = Page::redirect(StatusCode::MOVED_PERMANENTLY, "https://a.example/x?y=z", "id==");
        checked(&page, 301, "text/html");
        // Captured of several sites: Content-Length 167.
        assert_eq!(page.body.len(), 167);
        assert!(
            text(&page).contains(
                "<center><h1>301 Moved Permanently</h1></center>\r\n<hr><center>CloudFront</center>"
            )
        );
        assert_eq!(page.head.headers[LOCATION], "https://a.example/x?y=z");
        let kept = Page::redirect(StatusCode::TEMPORARY_REDIRECT, "https://a.example/", "id==");
        assert!(text(&kept).contains("<title>307 Temporary Redirect</title>"));
        let broken = Page::redirect(StatusCode::MOVED_PERMANENTLY, "https://a.example/\r\nX: y", "id==");
        checked(&broken, 400, "text/html");
        assert_eq!(broken.head.headers.get(LOCATION), None);
    }

    #[test]
    fn denials_are_xml() {
        let page = Page::denial(&Denial::NotSigned);
        checked(&page, 403, "text/xml");
        assert!(text(&page).contains("<Code>MissingKey</Code>"));
    }

    #[test]
    fn failures_of_functions_are_the_same_page() {
        let page = Page::function_failure(&Failure::Execution("secret".to_owned()), "id==");
        checked(&page, 503, "text/html");
        assert!(text(&page).contains("is invalid or could not run.\nWe can't connect"));
    }
}
