//! Why a rule is refused: what is wrong, and what to write instead.

use keyfront_error::{Code, Protocol};

use super::Kind;
use super::operations::nearest;

/// A rule that Keyfront refuses. Nothing of it takes effect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// The text is not `OPERATION=FAULT`.
    #[error("{0:?} is no rule; write it as OPERATION=FAULT, such as PutKey=throttle,count=2")]
    NotARule(String),
    /// The fault does not exist.
    #[error("there is no fault {0:?}; there are {names}", names = list(&Kind::ALL.map(Kind::as_str)))]
    UnknownFault(String),
    /// What follows the fault is not `NAME=VALUE`.
    #[error("{0:?} is no setting; write it as NAME=VALUE, such as count=2")]
    NotASetting(String),
    /// The setting does not exist.
    #[error("a rule has no setting {0:?}; it can have account, count, share, seed, ms and seconds")]
    UnknownSetting(String),
    /// A setting is there more than once.
    #[error("{0} is given twice")]
    Twice(&'static str),
    /// A setting's value cannot be used.
    #[error("{setting} must be {must}", must = requirement(setting))]
    Value {
        /// Which setting.
        setting: &'static str,
    },
    /// A setting that means nothing with this fault.
    #[error("{setting} belongs to {owner}, not to {fault}")]
    Misplaced {
        /// Which setting.
        setting: &'static str,
        /// The fault that has it.
        owner: Kind,
        /// The fault of the rule.
        fault: Kind,
    },
    /// `latency` without `ms`.
    #[error("latency needs ms, which must be {must}", must = requirement("ms"))]
    NoLatency,
    /// `error` without a code.
    #[error(
        "error needs the code of an error that the operation's model declares, such as error=AccessDenied"
    )]
    NoCode,
    /// No service has the code.
    #[error("no operation has the error {named}; {}", code_advice(nearest))]
    UnknownCode {
        /// As it was written.
        named: String,
        /// Codes that are much like it, the most similar first.
        nearest: Vec<&'static str>,
    },
    /// The operation's model does not declare the error.
    #[error("{operation} never answers {code}; its model declares {}", capped(declared))]
    Undeclared {
        /// As it was written.
        operation: String,
        /// The code.
        code: String,
        /// What the model declares, in the order of the alphabet.
        declared: Vec<&'static str>,
    },
    /// `count` and `share` in one rule.
    #[error("a rule has count or share, not both: the next requests one by one, or a share of all of them")]
    CountAndShare,
    /// `seed` without `share`.
    #[error("seed makes the choice of a share repeatable, so it needs share")]
    SeedWithoutShare,
    /// What stands before the operation is neither plane.
    #[error(
        "there is no service {0:?}; there are cloudfront and cloudfront-keyvaluestore, as in `keyfront operations`"
    )]
    UnknownService(String),
    /// No model has the operation.
    #[error("there is no operation {named}; {}", advice(nearest))]
    UnknownOperation {
        /// As it was written.
        named: String,
        /// Names that are much like it, the most similar first.
        nearest: Vec<&'static str>,
    },
    /// The operation answers 501 whatever happens.
    #[error("Keyfront does not implement {0} yet, so the fault could never be met")]
    NotImplemented(String),
    /// The fault cannot happen to the operation.
    #[error("{fault} cannot happen to {operation}; it can to {able}", able = capped(able))]
    Impossible {
        /// As it was written.
        operation: String,
        /// The fault of the rule.
        fault: Kind,
        /// The operations that it can happen to.
        able: Vec<&'static str>,
    },
}

/// What a setting's value must be.
fn requirement(setting: &str) -> String {
    match setting {
        "account" => "the twelve digits of an account".to_owned(),
        "share" => "a number above 0 and at most 1".to_owned(),
        "seed" => "a whole number".to_owned(),
        "ms" => format!("a whole number from 1 to {}", super::MAX_LATENCY_MS),
        "seconds" => format!("a whole number from 1 to {}", super::MAX_PROVISIONING_SECONDS),
        _ => "a whole number from 1".to_owned(),
    }
}

/// What to write in place of an operation that is not among `names`.
pub fn operation_advice(operation: &str, names: impl Iterator<Item = &'static str>) -> String {
    advice(&nearest(operation, names))
}

fn advice(nearest: &[&'static str]) -> String {
    if nearest.is_empty() {
        "`keyfront operations --implemented` lists them".to_owned()
    } else {
        format!("did you mean {}?", nearest.join(" or "))
    }
}

fn code_advice(nearest: &[&'static str]) -> String {
    if nearest.is_empty() {
        "a code is written as the service's model has it, such as EntitySizeLimitExceeded".to_owned()
    } else {
        format!("did you mean {}?", nearest.join(" or "))
    }
}

impl RuleError {
    /// The refusal of a code that no service has.
    pub(super) fn unknown_code(named: &str) -> RuleError {
        let protocols = [Protocol::RestXml, Protocol::RestJson];
        let spellings = Code::ALL.iter().flat_map(|code| protocols.map(|protocol| code.name(protocol)));
        RuleError::UnknownCode { named: named.to_owned(), nearest: nearest(named, spellings) }
    }
}

/// Most names that a refusal lists.
const MAX_LISTED: usize = 8;

/// The first names of a list, and how many more there are.
fn capped(names: &[&str]) -> String {
    match names.split_at_checked(MAX_LISTED) {
        Some((first, more)) if !more.is_empty() => format!("{} and {} more", first.join(", "), more.len()),
        Some(_) | None => list(names),
    }
}

/// `a, b and c`.
fn list(names: &[&str]) -> String {
    match names {
        [most @ .., second_last, last] => most
            .iter()
            .rev()
            .fold(format!("{second_last} and {last}"), |text, name| format!("{name}, {text}")),
        names => names.concat(),
    }
}
