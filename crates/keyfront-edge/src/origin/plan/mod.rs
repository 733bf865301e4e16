//! Plans: which origin is asked, and which one after it.

use std::collections::HashMap;
use std::sync::Arc;

use http::{Method, StatusCode};
use keyfront_domain::distribution::DistributionConfig;
use keyfront_domain::origin_access_control::OriginAccessControlConfig;
use keyfront_functions::event::{GroupMember, OriginDecision, OriginGroup};

use super::description::{InvalidOrigin, OriginDescription, OriginKind};
use super::exchange::OriginFailure;

/// Which origins are asked for one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The origin that is asked first.
    pub first: Arc<OriginDescription>,
    /// The origin of a group that takes over where the first fails.
    pub second: Option<Arc<OriginDescription>>,
    /// The statuses at which it does.
    pub failover: Vec<u16>,
}

/// The origins and origin groups of a distribution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DistributionOrigins {
    origins: HashMap<String, Arc<OriginDescription>>,
    groups: HashMap<String, Group>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    first: String,
    second: String,
    statuses: Vec<u16>,
}

/// A request for which there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// There is no origin or origin group of this id. Where a function named it, the function's result is not valid.
    #[error("there is no origin {0}")]
    UnknownOrigin(String),
    /// A function updated a VPC origin (AWS: "You can't use updateRequestOrigin() for VPC origins").
    #[error("the origin {0} is a VPC origin, which updateRequestOrigin cannot change")]
    VpcOrigin(String),
    /// A function selected an origin with a client certificate (AWS: "selectRequestOriginById()" is not for origins with
    /// mTLS).
    #[error("the origin {0} has a client certificate, and selectRequestOriginById cannot select it")]
    ClientCertificate(String),
}

impl DistributionOrigins {
    /// Compiles the origins of a completed configuration. `access_control` gives the origin access control of an id.
    ///
    /// # Errors
    /// An origin has a value that the service refuses.
    pub fn compile(
        config: &DistributionConfig,
        access_control: impl Fn(&str) -> Option<OriginAccessControlConfig>,
    ) -> Result<DistributionOrigins, InvalidOrigin> {
        let mut origins = HashMap::new();
        for origin in &config.origins.items {
            let id = origin.origin_access_control_id.as_str();
            let control = if id.is_empty() { None } else { access_control(id) };
            if !id.is_empty() && control.is_none() {
                return Err(InvalidOrigin { id: origin.id.clone(), what: "OriginAccessControlId" });
            }
            let description = OriginDescription::compile(origin, control.as_ref())?;
            origins.insert(origin.id.clone(), Arc::new(description));
        }
        let mut groups = HashMap::new();
        for group in &config.origin_groups.items {
            let [first, second] = group.members.items.as_slice() else {
                return Err(InvalidOrigin { id: group.id.clone(), what: "Members" });
            };
            let statuses = group.failover_criteria.status_codes.items.iter();
            let group_of = Group {
                first: first.origin_id.clone(),
                second: second.origin_id.clone(),
                statuses: statuses.filter_map(|status| u16::try_from(*status).ok()).collect(),
            };
            groups.insert(group.id.clone(), group_of);
        }
        Ok(DistributionOrigins { origins, groups })
    }

    /// Whether the origin that a behavior names, the first one of a group, has an origin access control that signs: a
    /// function may then not give a `Host` header.
    pub fn has_access_control(&self, target: &str) -> bool {
        self.first_of(target).is_ok_and(|origin| origin.access_control.is_some())
    }

    /// The plan of a request: the origin or the group that its behavior names, as its function changed that.
    ///
    /// # Errors
    /// An id is not one of an origin, or the function did what it may not do.
    pub fn plan(&self, target: &str, decision: Option<&OriginDecision>) -> Result<Plan, PlanError> {
        match decision {
            None => self.plan_of_target(target),
            Some(OriginDecision::Update(update)) => {
                let mut plan = self.plan_of_target(target)?;
                if matches!(plan.first.kind, OriginKind::Vpc { .. }) {
                    return Err(PlanError::VpcOrigin(plan.first.id.to_string()));
                }
                // Only the primary origin of a group is changed (AWS: "updateRequestOrigin()").
                plan.first = Arc::new(plan.first.updated(update));
                Ok(plan)
            }
            Some(OriginDecision::Select { id, overrides }) => {
                let member = GroupMember { id: id.clone(), overrides: overrides.clone() };
                let first = self.member(&member)?;
                if first.client_certificate.is_some() {
                    return Err(PlanError::ClientCertificate(first.id.to_string()));
                }
                Ok(Plan { first, second: None, failover: Vec::new() })
            }
            Some(OriginDecision::Group(OriginGroup { primary, secondary, selection: _, status_codes })) => {
                Ok(Plan {
                    first: self.member(primary)?,
                    second: Some(self.member(secondary)?),
                    failover: status_codes.clone(),
                })
            }
        }
    }

    fn plan_of_target(&self, target: &str) -> Result<Plan, PlanError> {
        let Some(group) = self.groups.get(target) else {
            return Ok(Plan { first: self.origin(target)?, second: None, failover: Vec::new() });
        };
        let (first, second) = (self.origin(&group.first)?, self.origin(&group.second)?);
        Ok(Plan { first, second: Some(second), failover: group.statuses.clone() })
    }

    fn first_of(&self, target: &str) -> Result<Arc<OriginDescription>, PlanError> {
        self.origin(self.groups.get(target).map_or(target, |group| &group.first))
    }

    fn origin(&self, id: &str) -> Result<Arc<OriginDescription>, PlanError> {
        self.origins.get(id).cloned().ok_or_else(|| PlanError::UnknownOrigin(id.to_owned()))
    }

    fn member(&self, member: &GroupMember) -> Result<Arc<OriginDescription>, PlanError> {
        let origin = self.origin(&member.id)?;
        let overrides = &member.overrides;
        let kept = overrides.host_header.is_none()
            && overrides.sni.is_none()
            && overrides.allowed_certificate_names.is_none();
        Ok(if kept { origin } else { Arc::new(OriginDescription::clone(&origin).overridden(overrides)) })
    }
}

impl Plan {
    /// The origin to ask after the first one answered with a status, for a request of this method.
    pub(super) fn after_status(
        &self,
        method: &Method,
        status: StatusCode,
    ) -> Option<&Arc<OriginDescription>> {
        self.second_for(method).filter(|_| self.failover.contains(&status.as_u16()))
    }

    /// The origin to ask after the first one gave no answer (AWS: "Optimize high availability with CloudFront origin
    /// failover": a failed connection counts where 503 is listed, a timeout where 504 is). AWS is silent about the rest:
    /// an answer that is none counts where the status is listed that a viewer gets for it; what an operator's settings
    /// forbid never does, because the second origin would hide it.
    pub(super) fn after_failure(
        &self,
        method: &Method,
        failure: &OriginFailure,
    ) -> Option<&Arc<OriginDescription>> {
        let counts: &[u16] = match failure {
            OriginFailure::Timeout(_) => &[504],
            OriginFailure::ConnectTimeout(_) => &[503, 504],
            OriginFailure::Resolve(_) | OriginFailure::Connect(..) | OriginFailure::Tls(..) => &[503, 502],
            OriginFailure::Broken(..) => &[502],
            OriginFailure::Overloaded(_) => &[503],
            OriginFailure::Forbidden { .. } | OriginFailure::NotReachableHere(_) => &[],
        };
        self.second_for(method).filter(|_| counts.iter().any(|status| self.failover.contains(status)))
    }

    /// Failover is for GET, HEAD and OPTIONS alone.
    fn second_for(&self, method: &Method) -> Option<&Arc<OriginDescription>> {
        let second = self.second.as_ref()?;
        matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS).then_some(second)
    }
}

#[cfg(test)]
mod tests;
