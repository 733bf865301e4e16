//! `--file FILE` names the file of every command that is about one, also where it is an argument.

use std::ffi::{OsStr, OsString};

use clap::Command;

/// The option.
const LONG: &str = "file";

/// What usage lines call an argument that is a file.
const FILES: [&str; 2] = ["FILE", "TEMPLATE"];

/// A command line without the names of files that are arguments: `fn create a --file b.js` is `fn create a b.js`.
pub(super) fn as_arguments(words: Vec<OsString>, keyfront: &Command) -> Vec<OsString> {
    let mut command = keyfront;
    let (mut kept, mut words) = (Vec::new(), words.into_iter());
    kept.extend(words.next());
    for word in words.by_ref() {
        if word == "--" {
            kept.push(word);
            break;
        }
        command = word.to_str().and_then(|name| command.find_subcommand(name)).unwrap_or(command);
        match Word::of(&word) {
            Word::Name if has_file_as_argument(command) => {}
            Word::NameAndFile(file) if has_file_as_argument(command) => kept.push(file.to_owned()),
            Word::Name | Word::NameAndFile(_) | Word::Other => kept.push(word),
        }
    }
    kept.extend(words);
    kept
}

/// What a word is of the option.
enum Word<'a> {
    /// `--file`, which the file follows.
    Name,
    /// `--file=FILE`.
    NameAndFile(&'a OsStr),
    Other,
}

impl Word<'_> {
    fn of(word: &OsStr) -> Word<'_> {
        let option = word.to_str().and_then(|word| word.strip_prefix("--")?.strip_prefix(LONG));
        match option.map(|rest| (rest, rest.strip_prefix('='))) {
            Some(("", _)) => Word::Name,
            Some((_, Some(file))) => Word::NameAndFile(OsStr::new(file)),
            Some((_, None)) | None => Word::Other,
        }
    }
}

fn has_file_as_argument(command: &Command) -> bool {
    let is_named = |argument: &clap::Arg| {
        argument.get_long() == Some(LONG)
            || argument.get_all_aliases().is_some_and(|aliases| aliases.contains(&LONG))
    };
    let is_file = |argument: &clap::Arg| {
        let id = argument.get_id().as_str().to_uppercase();
        match argument.get_value_names() {
            Some(names) => names.iter().any(|name| FILES.contains(&name.as_str())),
            None => FILES.contains(&id.as_str()),
        }
    };
    !command.get_arguments().any(is_named) && command.get_positionals().any(is_file)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::command::Keyfront;

    #[test]
    fn the_name_goes_where_the_file_is_an_argument_and_nowhere_else() {
        for (line, expected) in [
            ("fn create a --file b.js", "fn create a b.js"),
            ("fn create --file=b.js a", "fn create b.js a"),
            ("fn update a --file b.js --publish", "fn update a b.js --publish"),
            ("fn check --strict --file b.js", "fn check --strict b.js"),
            ("--output json check-config --file k.toml", "--output json check-config k.toml"),
            ("distributions check --file d.json", "distributions check d.json"),
            ("cfn deploy --file t.yaml", "cfn deploy t.yaml"),
            // These have the option themselves.
            ("kvs sync a --file b.json", "kvs sync a --file b.json"),
            ("keys create a --file k.pem", "keys create a --file k.pem"),
            // What another program is told is its own.
            ("exec -- tar --file a", "exec -- tar --file a"),
            ("exec tar --file a", "exec tar --file a"),
            ("kvs get a --file", "kvs get a --file"),
            ("fn create a -- --file", "fn create a -- --file"),
            ("fn create a --filed b", "fn create a --filed b"),
        ] {
            let words = |line: &str| {
                std::iter::once("keyfront").chain(line.split(' ')).map(OsString::from).collect::<Vec<_>>()
            };
            assert_eq!(as_arguments(words(line), &Keyfront::command()), words(expected), "{line}");
        }
    }
}
