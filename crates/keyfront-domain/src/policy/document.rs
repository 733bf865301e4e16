//! Parses the elements of a policy document and refuses what it does not understand.

use super::PolicyError;
use super::arn;
use super::condition::{self, Test};
use super::json::{Json, Members};
use super::pattern::{Pattern, Syntax};

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) effect: Effect,
    pub(super) actions: Selection,
    pub(super) resources: Selection,
    pub(super) tests: Vec<Test>,
}

/// What a statement does to the requests that it applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Allow,
    Deny,
}

/// `Action` or `Resource`, or all others: `NotAction` or `NotResource`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) patterns: Vec<Pattern>,
    pub(super) all_others: bool,
}

/// Reads the document.
pub(super) fn parse(document: Json) -> Result<Vec<Statement>, PolicyError> {
    let mut members = object(document).map_err(|error| error.within("policy"))?;
    let variables = match members.take("Version") {
        None => false,
        Some(Json::String(version)) if version == "2008-10-17" => false,
        Some(Json::String(version)) if version == "2012-10-17" => true,
        Some(_) => {
            return Err(PolicyError::refused(
                "Version",
                "must be \"2012-10-17\" (or the old \"2008-10-17\")",
            ));
        }
    };
    if let Some(id) = members.take("Id") {
        string(id).map_err(|error| error.within("Id"))?;
    }
    let statements = match members.take("Statement") {
        Some(Json::Array(statements)) => statements,
        Some(one) => vec![one],
        None => Vec::new(),
    };
    if let Some(name) = members.left_over() {
        return Err(unknown_element(name, "a policy", "Version, Id and Statement"));
    }
    if statements.is_empty() {
        return Err(PolicyError::refused(
            "Statement",
            "is missing or empty; a policy has at least one statement",
        ));
    }
    let mut sids = Vec::new();
    let mut parsed = Vec::with_capacity(statements.len());
    for (number, statement) in (1..).zip(statements) {
        let place = format!("statement {number}");
        let mut members = object(statement).map_err(|error| error.within(&place))?;
        let place = match members.take("Sid") {
            None => place,
            Some(json) => {
                let sid = sid(json).map_err(|error| error.within(&place))?;
                let place = format!("{place} ({sid})");
                if sids.contains(&sid) {
                    let reason = "another statement has the same Sid; give each its own";
                    return Err(PolicyError::refused(place, reason));
                }
                sids.push(sid);
                place
            }
        };
        parsed.push(statement_of(members, variables).map_err(|error| error.within(&place))?);
    }
    Ok(parsed)
}

/// Reads what is left of a statement without its Sid.
fn statement_of(mut members: Members, variables: bool) -> Result<Statement, PolicyError> {
    for name in ["Principal", "NotPrincipal"] {
        if members.take(name).is_some() {
            let reason = "belongs to policies of resources; this one speaks for the user it is attached to, so leave it out";
            return Err(PolicyError::refused(name, reason));
        }
    }
    let effect = match members.take("Effect") {
        Some(Json::String(effect)) if effect == "Allow" => Effect::Allow,
        Some(Json::String(effect)) if effect == "Deny" => Effect::Deny,
        Some(_) | None => return Err(PolicyError::refused("Effect", "must be \"Allow\" or \"Deny\"")),
    };
    let actions = selection(&mut members, ["Action", "NotAction"], parse_action)?;
    let resources =
        selection(&mut members, ["Resource", "NotResource"], |text| arn::parse_resource(text, variables))?;
    let tests = match members.take("Condition") {
        Some(condition) => {
            condition::parse(condition, variables).map_err(|error| error.within("Condition"))?
        }
        None => Vec::new(),
    };
    if let Some(name) = members.left_over() {
        let known = "Sid, Effect, Action, NotAction, Resource, NotResource and Condition";
        return Err(unknown_element(name, "a statement", known));
    }
    Ok(Statement { effect, actions, resources, tests })
}

/// Reads the one of two elements that is there.
fn selection(
    members: &mut Members,
    [positive, negative]: [&str; 2],
    parse: impl Fn(&str) -> Result<Pattern, String>,
) -> Result<Selection, PolicyError> {
    let (name, values, all_others) = match (members.take(positive), members.take(negative)) {
        (Some(values), None) => (positive, values, false),
        (None, Some(values)) => (negative, values, true),
        (Some(_), Some(_)) => {
            return Err(PolicyError::refused(
                positive,
                format!("comes together with {negative}; keep one of them"),
            ));
        }
        (None, None) => {
            return Err(PolicyError::refused(
                positive,
                format!("is missing; write {positive} or {negative}, and \"*\" for everything"),
            ));
        }
    };
    let texts = match values {
        Json::Array(texts) => texts,
        one @ (Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_)) => vec![one],
    };
    if texts.is_empty() {
        return Err(PolicyError::refused(name, "is empty; name at least one, or \"*\" for everything"));
    }
    let patterns = texts
        .into_iter()
        .map(|text| parse(&string(text)?).map_err(|reason| PolicyError::refused("", reason)))
        .collect::<Result<_, _>>()
        .map_err(|error| error.within(name))?;
    Ok(Selection { patterns, all_others })
}

/// Reads an action: `*`, or `service:Name` with wildcards in the name.
fn parse_action(text: &str) -> Result<Pattern, String> {
    let well_formed = text.split_once(':').is_some_and(|(service, name)| {
        let service_is_plain = service.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let name_is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '*' | '?'));
        !service.is_empty() && !name.is_empty() && service_is_plain && name_is_plain
    });
    if text != "*" && !well_formed {
        return Err(format!(
            "`{text}` is not an action; write `*`, or service:Action such as cloudfront:GetPublicKey, \
             with `*` and `?` in the action only"
        ));
    }
    Pattern::parse(text, Syntax { wildcards: true, variables: false })
}

fn sid(json: Json) -> Result<String, PolicyError> {
    let sid = string(json).map_err(|error| error.within("Sid"))?;
    if !sid.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(PolicyError::refused(
            "Sid",
            format!("{sid:?} may hold only letters and digits (a-z, A-Z, 0-9)"),
        ));
    }
    Ok(sid)
}

fn object(json: Json) -> Result<Members, PolicyError> {
    match json {
        Json::Object(members) => Ok(members),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
            Err(PolicyError::refused("", format!("is {}; it must be an object", json.kind())))
        }
    }
}

fn string(json: Json) -> Result<String, PolicyError> {
    match json {
        Json::String(text) => Ok(text),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            Err(PolicyError::refused("", format!("has {} where a string belongs", json.kind())))
        }
    }
}

fn unknown_element(name: &str, what: &str, known: &str) -> PolicyError {
    PolicyError::refused(name, format!("is not an element of {what}; it has {known}, spelt exactly so"))
}
