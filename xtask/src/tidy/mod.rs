//! Rules of the repository that neither the compiler nor clippy knows.

mod cycles;
mod directions;
mod sources;
mod words;

use crate::command::Failure;
use crate::workspace::Workspace;

/// Checks everything; returns warnings, or all mistakes in one failure.
pub(crate) fn run(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let mut mistakes = directions::mistakes(workspace);
    let findings = sources::check(&workspace.root)
        .map_err(|error| Failure(format!("tidy could not read the source files: {error}")))?;
    mistakes.extend(findings.mistakes);
    let circles = cycles::check(&workspace.root)
        .map_err(|error| Failure(format!("tidy could not read the source files: {error}")))?;
    mistakes.extend(circles);
    if mistakes.is_empty() {
        return Ok(findings.warnings);
    }
    Err(Failure(format!("tidy found:\n  {}", mistakes.join("\n  "))))
}
