//! What a rule finds, and where.

use std::fmt;

use keyfront_error::ServiceError;

/// Something in a configuration that the service refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The member, from the configuration's root: `Origins.Items[0].DomainName`.
    pub place: String,
    /// How the service refuses it.
    pub refusal: ServiceError,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.refusal)
    }
}

/// A place in a configuration. It is written out only where something is found.
#[derive(Clone, Copy)]
pub(super) enum Place<'p> {
    /// The configuration itself.
    Config,
    /// A member of what is at a place.
    Member(&'p Place<'p>, &'static str),
    /// An item, counted from zero, of the list that is a member of what is at a place.
    Item(&'p Place<'p>, &'static str, usize),
}

impl<'p> Place<'p> {
    pub(super) fn member(&'p self, name: &'static str) -> Place<'p> {
        Place::Member(self, name)
    }

    pub(super) fn item(&'p self, list: &'static str, index: usize) -> Place<'p> {
        Place::Item(self, list, index)
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dot = |f: &mut fmt::Formatter<'_>, parent: &Place<'_>| match parent {
            Place::Config => Ok(()),
            Place::Member(..) | Place::Item(..) => write!(f, "{parent}."),
        };
        match self {
            Place::Config => Ok(()),
            Place::Member(parent, name) => {
                dot(f, parent)?;
                f.write_str(name)
            }
            Place::Item(parent, list, index) => {
                dot(f, parent)?;
                write!(f, "{list}.Items[{index}]")
            }
        }
    }
}

/// What the rules found so far, in the order of the rules.
#[derive(Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    /// Notes that the service refuses a member of what is at a place.
    pub(super) fn refuse(&mut self, place: &Place<'_>, member: &'static str, refusal: ServiceError) {
        self.0.push(Finding { place: place.member(member).to_string(), refusal });
    }

    /// Notes that the service refuses what is at a place.
    pub(super) fn refuse_whole(&mut self, place: &Place<'_>, refusal: ServiceError) {
        self.0.push(Finding { place: place.to_string(), refusal });
    }

    /// Notes what a rule says of a member.
    pub(super) fn take(
        &mut self,
        place: &Place<'_>,
        member: &'static str,
        checked: Result<(), ServiceError>,
    ) {
        if let Err(refusal) = checked {
            self.refuse(place, member, refusal);
        }
    }

    pub(super) fn into_vec(self) -> Vec<Finding> {
        self.0
    }
}

/// What a server answers: the refusal that comes first.
pub(super) fn first(findings: Vec<Finding>) -> Result<(), ServiceError> {
    findings.into_iter().next().map_or(Ok(()), |finding| Err(finding.refusal))
}
