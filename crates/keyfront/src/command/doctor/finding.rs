//! What a check found, for a person and for a script.

use serde_json::{Value, json};

use crate::terminal::{count, one_line};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// As it should be.
    Fine,
    /// It works, but not in every way.
    Note,
    /// It keeps a client from the server.
    Problem,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Level::Fine => "ok",
            Level::Note => "note",
            Level::Problem => "PROBLEM",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Level::Fine => "Fine",
            Level::Note => "Note",
            Level::Problem => "Problem",
        }
    }
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) level: Level,
    /// What was looked at.
    subject: &'static str,
    text: String,
    /// What to do about it.
    fix: Option<String>,
}

impl Finding {
    /// All is well.
    pub(super) fn fine(subject: &'static str, text: impl Into<String>) -> Finding {
        Finding { level: Level::Fine, subject, text: text.into(), fix: None }
    }

    /// Something to know, and what to do about it.
    pub(super) fn note(subject: &'static str, text: impl Into<String>, fix: impl Into<String>) -> Finding {
        Finding { level: Level::Note, subject, text: text.into(), fix: Some(fix.into()) }
    }

    /// What keeps a client from the server, and how to fix it.
    pub(super) fn problem(subject: &'static str, text: impl Into<String>, fix: impl Into<String>) -> Finding {
        Finding { level: Level::Problem, subject, text: text.into(), fix: Some(fix.into()) }
    }

    pub(super) fn as_json(&self) -> Value {
        json!({ "Level": self.level.name(), "Subject": self.subject, "Text": self.text, "Fix": self.fix })
    }
}

/// Findings for a person: a line each, and below it what to do.
pub(super) fn text(findings: &[Finding]) -> String {
    let width = findings.iter().map(|finding| finding.subject.chars().count()).max().unwrap_or_default();
    let mut lines = Vec::new();
    for Finding { level, subject, text, fix } in findings {
        lines.push(format!("{:7}  {subject:width$}  {}", level.word(), one_line(text)));
        lines.extend(fix.iter().map(|fix| format!("{:7}  {:width$}  fix: {}", "", "", one_line(fix))));
    }
    let number = |level| {
        let of_level = findings.iter().filter(|finding| finding.level == level).count();
        u64::try_from(of_level).unwrap_or(u64::MAX)
    };
    lines.push(format!(
        "{}, {}",
        count(number(Level::Problem), "problem"),
        count(number(Level::Note), "note")
    ));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_has_its_fix_below_it_and_moves_no_cursor() {
        let findings = [
            Finding::fine("clock", "is right"),
            Finding::problem("AWS_CA_BUNDLE", "/x\u{1b}[2J is not there", "unset it"),
        ];
        let expected = [
            "ok       clock          is right",
            "PROBLEM  AWS_CA_BUNDLE  /x\\u{1b}[2J is not there",
            "                        fix: unset it",
            "1 problem, 0 notes",
        ];
        assert_eq!(text(&findings), expected.join("\n"));
    }
}
