//! Which operations a rule can name, from the models and the tables of what Keyfront has.

use std::collections::BTreeSet;

use keyfront_error::Code;
use keyfront_wire::model::Location;
use keyfront_wire::{Operation, Service};

use super::{Kind, RuleError};
use crate::registry::{Registry, RegistryError};

/// Most names that are proposed for a misspelt one, and how much they must be like it.
const PROPOSALS: usize = 3;
const LIKENESS: f64 = 0.8;

/// An operation of one of the planes; both have a `DescribeKeyValueStore`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationName {
    /// `cloudfront` or `cloudfront-keyvaluestore`.
    pub service: &'static str,
    /// Its name in the model.
    pub operation: &'static str,
}

/// The operations of both planes and Keyfront's extensions.
#[derive(Debug)]
pub struct Operations(Vec<Known>);

#[derive(Debug)]
struct Known {
    name: OperationName,
    implemented: bool,
    /// What it makes or changes takes a while to settle.
    settles: bool,
    /// It has an `If-Match`, so its ETag can be stale.
    checks_etag: bool,
    /// The errors that its model declares, as its service spells them.
    errors: Vec<(Code, &'static str)>,
}

/// What a rule wants to happen to operations.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'r> {
    pub(super) fault: Kind,
    /// The error of a fault that names one, and how it is written.
    pub(super) error: Option<(Code, &'r str)>,
}

impl Operations {
    /// The operations of the services that are compiled in.
    ///
    /// # Errors
    /// When those do not fit together; tests prove that they do.
    pub fn of_models() -> Result<Operations, RegistryError> {
        Ok(Operations::of(&Registry::new()?))
    }

    /// The operations of every service.
    pub(crate) fn of(registry: &Registry) -> Operations {
        let known = registry.services().into_iter().flat_map(|registered| {
            let service = &registered.service;
            registered.operations().map(|(operation, handler)| {
                let input = operation.input.as_ref().and_then(|input| service.shape(input.shape).structure());
                let mut members = input.into_iter().flat_map(|input| &input.members);
                Known {
                    name: OperationName { service: service.signing_name, operation: operation.name },
                    implemented: handler.is_some(),
                    settles: handler.is_some_and(|handler| handler.settles),
                    errors: declared(service, operation),
                    checks_etag: members.any(|member| {
                        member.location == Location::Header
                            && member.wire_name.eq_ignore_ascii_case("If-Match")
                    }),
                }
            })
        });
        Operations(known.collect())
    }

    /// The operations that a rule's text means: `PutKey`, `cloudfront:DescribeKeyValueStore`, or `*` for all
    /// that the fault can happen to.
    pub(super) fn named(&self, text: &str, wanted: &Wanted<'_>) -> Result<Vec<OperationName>, RuleError> {
        let (service, operation) = match text.split_once(':') {
            Some((service, operation)) => (Some(service), operation),
            None => (None, text),
        };
        let of_service = |known: &&Known| service.is_none_or(|service| known.name.service == service);
        if let Some(service) = service
            && !self.0.iter().any(|known| of_service(&known))
        {
            return Err(RuleError::UnknownService(service.to_owned()));
        }
        let mut meant: Vec<_> = self.0.iter().filter(of_service).collect();
        if operation != "*" {
            meant.retain(|known| known.name.operation == operation);
        }
        if meant.is_empty() {
            return Err(RuleError::UnknownOperation {
                named: text.to_owned(),
                nearest: self.nearest(operation),
            });
        }
        meant.retain(|known| known.implemented);
        if meant.is_empty() {
            return Err(RuleError::NotImplemented(text.to_owned()));
        }
        let declared: BTreeSet<_> =
            meant.iter().flat_map(|known| &known.errors).map(|(_, spelling)| *spelling).collect();
        meant.retain(|known| known.can_meet(wanted));
        if meant.is_empty() {
            let operation = text.to_owned();
            return Err(match wanted.error {
                Some((_, code)) => RuleError::Undeclared {
                    operation,
                    code: code.to_owned(),
                    declared: declared.into_iter().collect(),
                },
                None => RuleError::Impossible { operation, fault: wanted.fault, able: self.able(wanted) },
            });
        }
        Ok(meant.into_iter().map(|known| known.name).collect())
    }

    fn able(&self, wanted: &Wanted<'_>) -> Vec<&'static str> {
        let able = self.0.iter().filter(|known| known.implemented && known.can_meet(wanted));
        able.map(|known| known.name.operation).collect()
    }

    fn nearest(&self, name: &str) -> Vec<&'static str> {
        let implemented = self.0.iter().filter(|known| known.implemented);
        nearest(name, implemented.map(|known| known.name.operation))
    }
}

/// The names that are much like a misspelt one, the most similar first.
pub(crate) fn nearest(name: &str, names: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let name = name.to_lowercase();
    let mut likeness: Vec<_> = names
        .map(|known| (strsim::jaro_winkler(&known.to_lowercase(), &name), known))
        .filter(|(likeness, _)| *likeness >= LIKENESS)
        .collect();
    likeness.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mut names: Vec<_> = likeness.into_iter().map(|(_, known)| known).collect();
    names.dedup();
    names.truncate(PROPOSALS);
    names
}

/// The errors that an operation's model declares.
fn declared(service: &Service, operation: &Operation) -> Vec<(Code, &'static str)> {
    let declared = Code::ALL.iter().filter(|code| service.declares(operation, **code));
    declared.filter_map(|code| Some((*code, service.spell(*code)?.name))).collect()
}

impl Known {
    fn can_meet(&self, wanted: &Wanted<'_>) -> bool {
        match wanted.fault {
            Kind::Error => {
                wanted.error.is_some_and(|(code, _)| self.errors.iter().any(|(own, _)| *own == code))
            }
            Kind::Conflict => self.checks_etag,
            Kind::Provisioning => self.settles,
            Kind::Throttle | Kind::InternalError | Kind::Unavailable | Kind::Latency | Kind::Drop => true,
        }
    }
}
