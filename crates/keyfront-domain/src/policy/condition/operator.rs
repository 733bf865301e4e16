//! Condition operators: their names and what the parts of a name mean.

/// How a value of the request is compared with one of the policy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    String(Likeness),
    Arn,
    Ip,
    Date(Order),
    Numeric(Order),
    Bool,
    Null,
}

/// How strings are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    Exact,
    IgnoreCase,
    Wildcards,
}

/// How numbers and dates are compared: the request's value comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// How many of the request's values have to pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    /// The key has one value.
    One,
    /// `ForAnyValue:`.
    Any,
    /// `ForAllValues:`.
    All,
}

/// An operator, such as `ForAnyValue:StringNotLikeIfExists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operator {
    pub(super) quantifier: Quantifier,
    pub(super) family: Family,
    /// A negated operator passes when the value matches none of the policy's values.
    pub(super) negated: bool,
    /// A key that the request does not have passes.
    pub(super) if_exists: bool,
}

/// All operators (AWS: IAM JSON policy elements, Condition operators), and whether each is negated.
/// `BinaryEquals` is left out, because no key that Keyfront knows is binary.
const OPERATORS: [(&str, Family, bool); 26] = [
    ("StringEquals", Family::String(Likeness::Exact), false),
    ("StringNotEquals", Family::String(Likeness::Exact), true),
    ("StringEqualsIgnoreCase", Family::String(Likeness::IgnoreCase), false),
    ("StringNotEqualsIgnoreCase", Family::String(Likeness::IgnoreCase), true),
    ("StringLike", Family::String(Likeness::Wildcards), false),
    ("StringNotLike", Family::String(Likeness::Wildcards), true),
    // "The ArnEquals and ArnLike condition operators behave identically."
    ("ArnEquals", Family::Arn, false),
    ("ArnNotEquals", Family::Arn, true),
    ("ArnLike", Family::Arn, false),
    ("ArnNotLike", Family::Arn, true),
    ("IpAddress", Family::Ip, false),
    ("NotIpAddress", Family::Ip, true),
    ("DateEquals", Family::Date(Order::Equal), false),
    ("DateNotEquals", Family::Date(Order::Equal), true),
    ("DateLessThan", Family::Date(Order::Less), false),
    ("DateLessThanEquals", Family::Date(Order::LessOrEqual), false),
    ("DateGreaterThan", Family::Date(Order::Greater), false),
    ("DateGreaterThanEquals", Family::Date(Order::GreaterOrEqual), false),
    ("NumericEquals", Family::Numeric(Order::Equal), false),
    ("NumericNotEquals", Family::Numeric(Order::Equal), true),
    ("NumericLessThan", Family::Numeric(Order::Less), false),
    ("NumericLessThanEquals", Family::Numeric(Order::LessOrEqual), false),
    ("NumericGreaterThan", Family::Numeric(Order::Greater), false),
    ("NumericGreaterThanEquals", Family::Numeric(Order::GreaterOrEqual), false),
    ("Bool", Family::Bool, false),
    ("Null", Family::Null, false),
];

impl Operator {
    pub(super) fn parse(text: &str) -> Result<Operator, String> {
        let (quantifier, unqualified) = match text.split_once(':') {
            Some(("ForAllValues", name)) => (Quantifier::All, name),
            Some(("ForAnyValue", name)) => (Quantifier::Any, name),
            Some((other, _)) => {
                return Err(format!("unknown set operator `{other}:`; write ForAllValues: or ForAnyValue:"));
            }
            None => (Quantifier::One, text),
        };
        let (name, if_exists) =
            unqualified.strip_suffix("IfExists").map_or((unqualified, false), |name| (name, true));
        let Some((_, family, negated)) = OPERATORS.into_iter().find(|(known, ..)| *known == name) else {
            return Err(unknown(name));
        };
        if family == Family::Null && (if_exists || quantifier != Quantifier::One) {
            return Err("`Null` asks whether a key is there at all, so it takes neither IfExists nor \
                        ForAllValues: nor ForAnyValue:; write `Null`"
                .to_owned());
        }
        Ok(Operator { quantifier, family, negated, if_exists })
    }
}

fn unknown(name: &str) -> String {
    match OPERATORS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name)) {
        Some((known, ..)) => format!("unknown operator `{name}`; write `{known}`"),
        None => format!(
            "unknown operator `{name}`; Keyfront knows {}",
            OPERATORS.map(|(known, ..)| known).join(", ")
        ),
    }
}

impl Order {
    pub(super) fn holds<T: Ord>(self, value: &T, bound: &T) -> bool {
        match self {
            Order::Equal => value == bound,
            Order::Less => value < bound,
            Order::LessOrEqual => value <= bound,
            Order::Greater => value > bound,
            Order::GreaterOrEqual => value >= bound,
        }
    }
}
