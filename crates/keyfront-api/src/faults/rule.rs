//! Rules of fault injection: which requests get which fault, and how many of them.
//!
//! A rule has two written forms, one line for the command line and an object for JSON, with the same names.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use keyfront_domain::AccountId;
use keyfront_error::{Code, Protocol};
use serde::{Deserialize, Serialize};

use super::operations::Wanted;
use super::{OperationName, Operations, RuleError};

/// Longest latency that a rule can add, in milliseconds: an hour.
pub const MAX_LATENCY_MS: u64 = 60 * 60 * 1000;

/// Longest time that a rule can give a resource to settle, in seconds: a day.
pub const MAX_PROVISIONING_SECONDS: u64 = 24 * 60 * 60;

/// What can go wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The answer to a stale ETag.
    Conflict,
    /// The answer to too many requests.
    Throttle,
    /// The answer to a failure inside, 500.
    InternalError,
    /// The answer of a service that is not available, 503.
    Unavailable,
    /// Time before the operation.
    Latency,
    /// A new store stays PROVISIONING; what else takes a while to settle stays InProgress and the like.
    Provisioning,
    /// The operation is done and the connection ends without an answer.
    Drop,
    /// An error that the operation's model declares.
    Error,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 8] = [
        Kind::Conflict,
        Kind::Throttle,
        Kind::InternalError,
        Kind::Unavailable,
        Kind::Latency,
        Kind::Provisioning,
        Kind::Drop,
        Kind::Error,
    ];

    /// Its name in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Conflict => "conflict",
            Kind::Throttle => "throttle",
            Kind::InternalError => "internal-error",
            Kind::Unavailable => "unavailable",
            Kind::Latency => "latency",
            Kind::Provisioning => "provisioning",
            Kind::Drop => "drop",
            Kind::Error => "error",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Kind::ALL.into_iter().find(|kind| kind.as_str() == text);
        known.ok_or_else(|| RuleError::UnknownFault(text.to_owned()))
    }
}

/// A rule as it is written: `OPERATION=FAULT[,NAME=VALUE]…`, where `error=CODE` is a fault too. Whether it makes sense, [`NewRule::check`] says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct NewRule {
    /// An operation, also with its service in front as in a policy's action, or `*`.
    pub operation: String,
    /// What happens to its requests.
    pub fault: Kind,
    /// For `error`: the code, as the operation's model spells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Only to those of this account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Only to the next ones, so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Only to this share of them, above 0 and at most 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// Which of them it are: the same ones for the same seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// For `latency`: how much, in milliseconds, up to [`MAX_LATENCY_MS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ms: Option<u64>,
    /// For `provisioning`: how long, in seconds, up to [`MAX_PROVISIONING_SECONDS`]; without it until the
    /// rule is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
}

impl FromStr for NewRule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (operation, rest) = text.split_once('=').ok_or_else(|| RuleError::NotARule(text.to_owned()))?;
        let mut parts = rest.split(',');
        let first = parts.next().unwrap_or_default();
        let (fault, error) = match first.split_once('=') {
            Some((fault, code)) if fault == Kind::Error.as_str() => (fault, Some(code.to_owned())),
            Some(_) | None => (first, None),
        };
        let mut rule = NewRule {
            operation: operation.to_owned(),
            fault: fault.parse()?,
            error,
            account: None,
            count: None,
            share: None,
            seed: None,
            ms: None,
            seconds: None,
        };
        for part in parts {
            let (name, value) =
                part.split_once('=').ok_or_else(|| RuleError::NotASetting(part.to_owned()))?;
            match name {
                "account" => set(&mut rule.account, "account", value)?,
                "count" => set(&mut rule.count, "count", value)?,
                "share" => set(&mut rule.share, "share", value)?,
                "seed" => set(&mut rule.seed, "seed", value)?,
                "ms" => set(&mut rule.ms, "ms", value)?,
                "seconds" => set(&mut rule.seconds, "seconds", value)?,
                unknown => return Err(RuleError::UnknownSetting(unknown.to_owned())),
            }
        }
        Ok(rule)
    }
}

fn set<T: FromStr>(place: &mut Option<T>, setting: &'static str, value: &str) -> Result<(), RuleError> {
    let Ok(value) = value.parse() else { return Err(RuleError::Value { setting }) };
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(RuleError::Twice(setting)),
    }
}

impl fmt::Display for NewRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn setting(f: &mut fmt::Formatter<'_>, name: &str, value: Option<impl fmt::Display>) -> fmt::Result {
            value.map_or(Ok(()), |value| write!(f, ",{name}={value}"))
        }
        write!(f, "{}={}", self.operation, self.fault)?;
        if let Some(code) = &self.error {
            write!(f, "={code}")?;
        }
        setting(f, "account", self.account)?;
        setting(f, "count", self.count)?;
        setting(f, "share", self.share)?;
        setting(f, "seed", self.seed)?;
        setting(f, "ms", self.ms)?;
        setting(f, "seconds", self.seconds)
    }
}

impl NewRule {
    /// Makes sense of a rule.
    ///
    /// # Errors
    /// What is wrong with it and what to write instead.
    pub fn check(self, operations: &Operations) -> Result<Rule, RuleError> {
        let code = self.code()?;
        let wanted = Wanted { fault: self.fault, error: code.zip(self.error.as_deref()) };
        let operations = operations.named(&self.operation, &wanted)?;
        if self.count.is_some() && self.share.is_some() {
            return Err(RuleError::CountAndShare);
        }
        if self.count == Some(0) {
            return Err(RuleError::Value { setting: "count" });
        }
        // Also false for NaN.
        if self.share.is_some_and(|share| !(share > 0.0 && share <= 1.0)) {
            return Err(RuleError::Value { setting: "share" });
        }
        if self.seed.is_some() && self.share.is_none() {
            return Err(RuleError::SeedWithoutShare);
        }
        Ok(Rule { fault: self.checked_fault(code)?, operations, written: self })
    }

    /// The code of an `error`.
    fn code(&self) -> Result<Option<Code>, RuleError> {
        match (&self.error, self.fault) {
            (None, Kind::Error) => Err(RuleError::NoCode),
            (None, _) => Ok(None),
            (Some(name), Kind::Error) => {
                let spelled = |code: &&Code| {
                    [Protocol::RestXml, Protocol::RestJson]
                        .iter()
                        .any(|protocol| code.name(*protocol) == name)
                };
                let code = Code::ALL.iter().find(spelled);
                code.copied().map(Some).ok_or_else(|| RuleError::unknown_code(name))
            }
            (Some(_), fault) => Err(RuleError::Misplaced { setting: "error", owner: Kind::Error, fault }),
        }
    }

    fn checked_fault(&self, code: Option<Code>) -> Result<Fault, RuleError> {
        let fault = self.fault;
        for (setting, owner, given) in
            [("ms", Kind::Latency, self.ms), ("seconds", Kind::Provisioning, self.seconds)]
        {
            if given.is_some() && owner != fault {
                return Err(RuleError::Misplaced { setting, owner, fault });
            }
        }
        Ok(match fault {
            Kind::Conflict => Fault::Error(InjectedError::Conflict),
            Kind::Throttle => Fault::Error(InjectedError::Throttle),
            Kind::InternalError => Fault::Error(InjectedError::InternalError),
            Kind::Unavailable => Fault::Error(InjectedError::Unavailable),
            Kind::Drop => Fault::Drop,
            Kind::Error => Fault::Error(InjectedError::Declared(code.ok_or(RuleError::NoCode)?)),
            Kind::Latency => match self.ms {
                Some(ms @ 1..=MAX_LATENCY_MS) => Fault::Latency(Duration::from_millis(ms)),
                Some(_) => return Err(RuleError::Value { setting: "ms" }),
                None => return Err(RuleError::NoLatency),
            },
            Kind::Provisioning => match self.seconds {
                Some(seconds @ 1..=MAX_PROVISIONING_SECONDS) => {
                    Fault::Provisioning(Some(Duration::from_secs(seconds)))
                }
                Some(_) => return Err(RuleError::Value { setting: "seconds" }),
                None => Fault::Provisioning(None),
            },
        })
    }
}

/// A rule that makes sense.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// As it was written.
    pub(super) written: NewRule,
    pub(super) fault: Fault,
    operations: Vec<OperationName>,
}

impl Rule {
    /// Whether it is about a request of this operation and account.
    pub(super) fn covers(&self, operation: OperationName, account: AccountId) -> bool {
        self.written.account.is_none_or(|own| own == account) && self.operations.contains(&operation)
    }
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Error(InjectedError),
    Latency(Duration),
    /// For how long, if not until the rule is removed.
    Provisioning(Option<Duration>),
    Drop,
}

/// The answer that a request gets in place of the operation's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InjectedError {
    /// As for a stale ETag.
    Conflict,
    /// As for too many requests.
    Throttle,
    /// As after a failure inside, 500.
    InternalError,
    /// As of a service that is not available, 503.
    Unavailable,
    /// An error that the operation's model declares.
    Declared(Code),
}
