//! How a shell or a file writes that a variable has a value, or none.

use clap::ValueEnum;

/// What reads an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// sh, bash, zsh
    Sh,
    /// fish
    Fish,
    /// PowerShell
    Powershell,
    /// The .envrc of direnv
    Direnv,
    /// A .env file, as Docker Compose and the libraries called dotenv read it
    Dotenv,
    /// The file that $GITHUB_ENV names, in a job of GitHub Actions
    Github,
}

/// The variable that GitHub refuses in that file.
/// <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-environment-variable>
const REFUSED_BY_GITHUB: &str = "NODE_OPTIONS";

/// What ends a value of several lines for GitHub. No value of an environment of Keyfront has such a line.
const END_OF_VALUE: &str = "KEYFRONT-END-OF-VALUE";

impl Format {
    /// The line for a variable with this value, or without one. `is_set` says whether it has one now.
    pub(super) fn line(self, name: &str, value: Option<&str>, is_set: bool) -> Option<String> {
        let line = match (self, value) {
            (Format::Sh | Format::Direnv, Some(value)) => {
                format!("export {name}='{}'", value.replace('\'', r"'\''"))
            }
            (Format::Sh | Format::Direnv, None) => format!("unset {name}"),
            (Format::Fish, Some(value)) => {
                format!("set -gx {name} '{}'", value.replace('\\', r"\\").replace('\'', r"\'"))
            }
            (Format::Fish, None) => format!("set -e {name}"),
            (Format::Powershell, Some(value)) => format!("$env:{name} = '{}'", value.replace('\'', "''")),
            (Format::Powershell, None) => format!("Remove-Item Env:{name} -ErrorAction SilentlyContinue"),
            (Format::Dotenv, Some(value)) => format!("{name}={}", quoted(value)),
            // The form has no way to remove a variable.
            (Format::Dotenv, None) => format!("# {name} must not be set"),
            (Format::Github, Some(_)) if name == REFUSED_BY_GITHUB => return None,
            (Format::Github, Some(value)) if value.contains('\n') => {
                format!("{name}<<{END_OF_VALUE}\n{value}\n{END_OF_VALUE}")
            }
            (Format::Github, Some(value)) => format!("{name}={value}"),
            // The form has no way to remove a variable; the SDKs take an empty one for none.
            (Format::Github, None) if is_set => format!("{name}="),
            (Format::Github, None) => return None,
        };
        Some(line)
    }
}

/// A value in quotes. Between single ones every library reads it as it is.
fn quoted(value: &str) -> String {
    if !value.contains(['\'', '\n']) {
        return format!("'{value}'");
    }
    let escaped = value.replace('\\', r"\\").replace('"', r#"\""#).replace('$', r"\$").replace('\n', r"\n");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_word_in_every_form() {
        for (format, value, expected) in [
            (Format::Sh, "it's $x", r"export A='it'\''s $x'"),
            (Format::Direnv, "it's $x", r"export A='it'\''s $x'"),
            (Format::Fish, r"it's \x", r"set -gx A 'it\'s \\x'"),
            (Format::Powershell, "it's", "$env:A = 'it''s'"),
            (Format::Dotenv, r#"$x "y" #"#, r#"A='$x "y" #'"#),
            (Format::Dotenv, "it's $x", r#"A="it's \$x""#),
            (Format::Github, "it's $x", "A=it's $x"),
            (Format::Github, "a\nb", "A<<KEYFRONT-END-OF-VALUE\na\nb\nKEYFRONT-END-OF-VALUE"),
        ] {
            assert_eq!(format.line("A", Some(value), true).as_deref(), Some(expected), "{format:?}");
        }
    }

    #[test]
    fn a_variable_is_removed_where_the_form_can_and_emptied_where_it_must() {
        for (format, is_set, expected) in [
            (Format::Sh, false, Some("unset A")),
            (Format::Fish, false, Some("set -e A")),
            (Format::Powershell, false, Some("Remove-Item Env:A -ErrorAction SilentlyContinue")),
            (Format::Dotenv, true, Some("# A must not be set")),
            (Format::Github, true, Some("A=")),
            (Format::Github, false, None),
        ] {
            assert_eq!(format.line("A", None, is_set).as_deref(), expected, "{format:?}");
        }
        assert_eq!(Format::Github.line("NODE_OPTIONS", Some("--require x"), false), None);
    }
}
