//! Rules of custom error responses.

use std::collections::BTreeSet;

use keyfront_error::{Code, ServiceError};

use super::super::config::given;
use super::super::finding::Findings;
use super::{CONFIG, DistributionConfig};

/// Statuses of origins that viewers can get something else for (AWS: Error codes that CloudFront caches).
const ERROR_CODES: [i64; 11] = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

const INVALID_ERROR_CODE: ServiceError =
    ServiceError::new(Code::InvalidErrorCode, "An invalid error code was specified.");

pub(super) fn check(config: &DistributionConfig, findings: &mut Findings) {
    let mut codes = BTreeSet::new();
    for (index, response) in config.custom_error_responses.items.iter().enumerate() {
        let place = &CONFIG.item("CustomErrorResponses", index);
        if !ERROR_CODES.contains(&response.error_code) || !codes.insert(response.error_code) {
            findings.refuse(place, "ErrorCode", INVALID_ERROR_CODE);
        }
        let page = given(response.response_page_path.as_ref());
        let code = given(response.response_code.as_ref());
        if page.is_some() != code.is_some() {
            let refusal = ServiceError::new(
                Code::InvalidArgument,
                "Your request must specify both ResponsePagePath and ResponseCode together or none of them.",
            );
            findings.refuse_whole(place, refusal);
        }
        if page.is_some_and(|path| !path.starts_with('/')) {
            let refusal = ServiceError::new(
                Code::InvalidRelativePath,
                "The relative path is too big, is not URL-encoded, or does not begin with a slash (/).",
            );
            findings.refuse(place, "ResponsePagePath", refusal);
        }
        let is_code = |code: &str| code.parse().is_ok_and(|code| code == 200 || ERROR_CODES.contains(&code));
        if code.is_some_and(|code| !is_code(code)) {
            let refusal = ServiceError::new(Code::InvalidResponseCode, "A response code is not valid.");
            findings.refuse(place, "ResponseCode", refusal);
        }
        if response.error_caching_min_ttl < 0 {
            findings.refuse(place, "ErrorCachingMinTTL", ServiceError::invalid("ErrorCachingMinTTL"));
        }
    }
}
