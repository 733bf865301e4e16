//! Rules of origin groups.

use std::collections::BTreeSet;

use keyfront_error::{Code, ServiceError};

use super::super::finding::Findings;
use super::{CONFIG, DistributionConfig};

/// Statuses of the first origin for which the second one can be asked (AWS: Create an origin group).
const STATUS_CODES: [i64; 8] = [403, 404, 416, 429, 500, 502, 503, 504];

/// The refusal of an origin, or a group of them, that the configuration does not have.
pub(super) const NO_SUCH_ORIGIN: ServiceError =
    ServiceError::new(Code::NoSuchOrigin, "One or more of your origins or origin groups do not exist.");

pub(super) fn check(config: &DistributionConfig, findings: &mut Findings) {
    let origins: BTreeSet<_> = config.origins.items.iter().map(|origin| origin.id.as_str()).collect();
    let mut ids = origins.clone();
    for (index, group) in config.origin_groups.items.iter().enumerate() {
        let place = &CONFIG.item("OriginGroups", index);
        if group.id.is_empty() {
            findings.refuse(place, "Id", ServiceError::required("Id"));
        } else if !ids.insert(group.id.as_str()) {
            findings.refuse(place, "Id", ServiceError::not_unique("Id"));
        }
        let criteria = &place.member("FailoverCriteria");
        let codes = &group.failover_criteria.status_codes.items;
        if codes.iter().any(|code| !STATUS_CODES.contains(code)) {
            findings.refuse(criteria, "StatusCodes", ServiceError::invalid("StatusCode"));
        }
        let mut members = BTreeSet::new();
        for (index, member) in group.members.items.iter().enumerate() {
            let place = &place.item("Members", index);
            if !origins.contains(member.origin_id.as_str()) {
                findings.refuse(place, "OriginId", NO_SUCH_ORIGIN);
            } else if !members.insert(member.origin_id.as_str()) {
                findings.refuse(place, "OriginId", ServiceError::not_unique("OriginId"));
            }
        }
    }
}
