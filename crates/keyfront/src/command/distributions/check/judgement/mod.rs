//! What the service would say of a configuration.

use keyfront_domain::Quotas;
use keyfront_domain::distribution::{self, DistributionConfig, S3Hosts};
use keyfront_wire::{Operation, Service};
use serde_json::{Map, Value};

use super::candidate::Candidate;
use super::difference::{Difference, differences};
use super::finding::Finding;
use super::model;
use crate::failure::Failure;

/// All that the service would say.
pub(super) struct Judgement {
    /// What would be refused, the first as the service would say it first.
    pub(super) findings: Vec<Finding>,
    /// What would be shown otherwise than it is sent.
    pub(super) differences: Vec<Difference>,
}

/// Judges configurations by the service's model and rules.
pub(super) struct Judge {
    service: Service,
}

impl Judge {
    pub(super) fn new() -> Result<Judge, Failure> {
        let service =
            Service::cloudfront().map_err(|error| Failure::because("the model cannot be read", &error))?;
        Ok(Judge { service })
    }

    pub(super) fn judge(&self, candidate: &Candidate) -> Judgement {
        let mut sent = candidate.config.clone();
        let mut findings = Vec::new();
        if let Some(operation) = self.operation() {
            model::take_out_unknown(&self.service, operation, &mut sent, &mut findings);
            findings.extend(model::violations(&self.service, operation, &sent));
        }
        let mut of_rules = by_rules(&sent, candidate.exists);
        of_rules.retain(|finding| !follows(finding, &findings));
        findings.append(&mut of_rules);
        findings.retain(|finding| !is_unknown(finding, &candidate.unknown));
        let mut completed = sent.clone();
        distribution::complete(&mut completed);
        let mut differences = differences(&sent, &completed);
        differences.retain(|difference| !candidate.unknown.contains(&difference.place));
        Judgement { findings, differences }
    }

    /// The operation whose input the model is asked about. That of an update has the same member.
    fn operation(&self) -> Option<&Operation> {
        self.service.operations().iter().find(|operation| operation.name == "CreateDistribution")
    }
}

/// What the rules refuse, in the service's order.
fn by_rules(sent: &Map<String, Value>, exists: bool) -> Vec<Finding> {
    let mut found = Vec::new();
    if exists {
        found.extend(distribution::required_on_update(sent));
    }
    found.extend(distribution::sent(sent));
    let mut completed = sent.clone();
    distribution::complete(&mut completed);
    // The types are those of the model by now, so that it can be read.
    if let Ok(config) = serde_json::from_value::<DistributionConfig>(completed.into()) {
        if !exists {
            found.extend(config.findings_of_create());
        }
        found.extend(config.findings(&Quotas::default(), &S3Hosts::default()));
    }
    let finding = |finding: distribution::Finding| Finding {
        place: finding.place,
        code: format!("{:?}", finding.refusal.code()),
        message: finding.refusal.message().to_owned(),
    };
    let mut findings: Vec<Finding> = Vec::new();
    for finding in found.into_iter().map(finding) {
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
    findings
}

/// Whether a finding of the rules only follows from one of the model: of a member that is missing the rules find that
/// it is empty.
fn follows(finding: &Finding, of_model: &[Finding]) -> bool {
    of_model.iter().any(|model| {
        let within = finding.place.strip_prefix(&model.place);
        let counted = model.place.strip_prefix(&finding.place) == Some(".Quantity");
        counted || within.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Whether a finding is about what is not known yet: a value, or an id that another one names.
fn is_unknown(finding: &Finding, unknown: &[String]) -> bool {
    let of_origins = || {
        let names_origin = |place: &String| place.ends_with("].Id") || place.ends_with("OriginId");
        finding.code == "NoSuchOrigin" && unknown.iter().any(names_origin)
    };
    unknown.contains(&finding.place) || of_origins()
}

#[cfg(test)]
mod tests;
