//! `keyfront completions`: the completion script of a shell, made from the definition of the command line, and with the
//! names of the stores where a command of `kvs` takes one.

use std::process::ExitCode;

use clap::Args;
use clap_complete::Shell;

use crate::terminal::content;

/// Print the completions for a shell
///
/// For example: keyfront completions bash > ~/.local/share/bash-completion/completions/keyfront
#[derive(Args)]
pub(super) struct Completions {
    /// The shell that will read them
    shell: Shell,
}

/// Commands of `kvs` whose first argument is a store.
const OF_A_STORE: &str = "describe|delete|get|put|rm|ls|export|sync|diff";

impl Completions {
    /// `program` is the definition of the whole command line.
    pub(super) fn run(self, mut program: clap::Command) -> ExitCode {
        let mut script = Vec::new();
        let name = program.get_name().to_owned();
        clap_complete::generate(self.shell, &mut program, name, &mut script);
        script.truncate(script.trim_ascii_end().len());
        let stores = stores(self.shell).replace("OF_A_STORE", OF_A_STORE);
        script.extend(stores.trim_end().bytes());
        script.push(b'\n');
        content(&script);
        ExitCode::SUCCESS
    }
}

/// What a shell needs beside the definition: the names of the stores, which it asks the server for.
fn stores(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => {
            r#"
_keyfront_with_stores() {
    _keyfront "$@"
    local before="${COMP_WORDS[*]:1:COMP_CWORD-1}" current="${COMP_WORDS[COMP_CWORD]}"
    if [[ "$before" =~ ^kvs\ (OF_A_STORE)$ && "$current" != -* ]]; then
        COMPREPLY=($(compgen -W "$(keyfront kvs list --names-only 2>/dev/null)" -- "$current"))
    fi
}
complete -F _keyfront_with_stores -o bashdefault -o default keyfront
"#
        }
        Shell::Zsh => {
            r#"
_keyfront_with_stores() {
    if [[ $words[2] == kvs && $words[3] == (OF_A_STORE) && $CURRENT == 4 && $words[4] != -* ]]; then
        compadd -- ${(f)"$(keyfront kvs list --names-only 2>/dev/null)"}
    else
        _keyfront "$@"
    fi
}
compdef _keyfront_with_stores keyfront
"#
        }
        Shell::Fish => {
            r#"
complete -c keyfront -n 'string match -qr "^keyfront kvs (OF_A_STORE) *\S*$" -- (commandline -cp)' -f -a '(keyfront kvs list --names-only 2>/dev/null)'
"#
        }
        Shell::Elvish | Shell::PowerShell | _ => "",
    }
}
