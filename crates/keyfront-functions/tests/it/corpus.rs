//! The corpus: functions with an event each and what CloudFront makes of it.
//!
//! A case is a folder of `tests/cases`, and its name says the rule. `function.js` is the code, `event.json` the test
//! event, and `expected.json` what comes of it ([`keyfront_functions::case::Expected`]). Cases of one function are
//! folders beside its `function.js`. Every case says what is logged. `keyfront fn test` reads the same folders.

use std::fs;
use std::path::Path;

use keyfront_functions::case::{Expectation, Oracle};
use serde_json::Value;

/// A case of the corpus.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) event: String,
    pub(crate) read: keyfront_functions::case::Case,
}

impl Case {
    /// The lines that the function logs, which every case of the corpus says.
    fn logs(&self) -> &[String] {
        self.read.expected().logs.as_deref().unwrap_or_default()
    }

    /// Whether njs can tell.
    pub(crate) fn has_oracle(&self) -> bool {
        self.read.expected().oracle == Oracle::Njs
    }
}

/// All cases in the order of their names; or every case that is not in order, and why.
pub(crate) fn load() -> Result<Vec<Case>, Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let (mut cases, mut faults) = (Vec::new(), Vec::new());
    for name in files(&folder) {
        let function = folder.join(&name);
        let own: Vec<String> = files(&function).into_iter().filter(|file| file != "function.js").collect();
        let names = if own.iter().any(|file| function.join(file).is_dir()) {
            own.iter().map(|case| format!("{name}/{case}")).collect()
        } else {
            vec![name]
        };
        for name in names {
            match read(&folder.join(&name), &function, &name) {
                Ok(case) => cases.push(case),
                Err(fault) => faults.push(format!("{name}: {fault}")),
            }
        }
    }
    if faults.is_empty() { Ok(cases) } else { Err(faults) }
}

/// All cases. It fails with every case that is not in order.
pub(crate) fn all() -> Vec<Case> {
    load().unwrap_or_else(|faults| panic!("cases that are not in order:\n{}", faults.join("\n")))
}

/// What is in a folder, by name.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Reads the case in `folder`, whose code is in the folder `function`: the same, or the one above.
fn read(folder: &Path, function: &Path, name: &str) -> Result<Case, String> {
    let words = name.split(['-', '/']).all(|word| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    if !words {
        return Err("a name is words in lower case with a dash between them".to_owned());
    }
    let mut wanted = vec!["event.json", "expected.json"];
    wanted.extend((folder == function).then_some("function.js"));
    let found = files(folder);
    if found != wanted {
        return Err(format!("there should be {wanted:?} and there is {found:?}"));
    }
    let text = |folder: &Path, file: &str| {
        fs::read_to_string(folder.join(file)).map_err(|error| format!("{file}: {error}"))
    };
    let (code, event) = (text(function, "function.js")?, text(folder, "event.json")?);
    let expected = text(folder, "expected.json")?;
    let read = keyfront_functions::case::Case::parse(code.as_bytes(), event.as_bytes(), expected.as_bytes());
    let read = read.map_err(|error| error.to_string())?;
    if read.expected().logs.is_none() {
        return Err("expected.json says what is logged".to_owned());
    }
    Ok(Case { name: name.to_owned(), code, event, read })
}

/// What an engine made of a case.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Seen {
    /// The `FunctionOutput`, or the text of the failure.
    pub(crate) result: Result<Value, Told>,
    pub(crate) logs: Vec<String>,
}

/// The text of a failure.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Told {
    /// The code could not run: what the engine says.
    Execution(String),
    /// What it returned is not accepted: the whole text.
    Validation(String),
}

/// How what was seen differs from what the case wants; empty if it does not.
pub(crate) fn differences(case: &Case, seen: &Seen) -> Vec<String> {
    let mut differences = Vec::new();
    let expectation = case.read.expected().expectation();
    let fits = match (expectation, &seen.result) {
        (Expectation::Output(wanted), Ok(output)) => wanted == output,
        (Expectation::Error(wanted), Err(Told::Execution(text) | Told::Validation(text))) => wanted == text,
        (Expectation::ErrorClass(wanted), Err(told)) => is_of_class(told, wanted),
        (Expectation::Output(_), Err(_)) | (Expectation::Error(_) | Expectation::ErrorClass(_), Ok(_)) => {
            false
        }
    };
    if !fits {
        let got = match &seen.result {
            Ok(output) => format!("output  {output}"),
            Err(Told::Execution(text)) => format!("failure {text:?}"),
            Err(Told::Validation(text)) => format!("refused {text:?}"),
        };
        let wanted = match expectation {
            Expectation::Output(output) => format!("output  {output}"),
            Expectation::Error(text) => format!("failure {text:?}"),
            Expectation::ErrorClass(class) => format!("failure of the class {class:?}"),
        };
        differences.push(format!("got     {got}\n  wanted  {wanted}"));
    }
    if case.logs() != seen.logs {
        differences.push(format!("logged  {:?}\n  wanted  {:?}", seen.logs, case.logs()));
    }
    differences
}

fn is_of_class(told: &Told, wanted: &str) -> bool {
    match told {
        Told::Validation(_) => wanted == "invalid value",
        Told::Execution(text) => wanted == "any" || class(text) == wanted,
    }
}

/// The name of the error that a text begins with; the whole text if it begins with none.
pub(crate) fn class(text: &str) -> &str {
    match text.split_once(": ") {
        Some((name, _)) if name.ends_with("Error") => name,
        _ => text,
    }
}

/// Fails with all cases that differ.
pub(crate) fn verdict(checked: usize, differing: &[String]) {
    assert!(checked > 0, "no case was checked");
    assert!(differing.is_empty(), "{} of {checked} cases differ:\n{}", differing.len(), differing.join("\n"));
}

/// A case that differs, for a person.
pub(crate) fn show(case: &Case, differences: &[String]) -> String {
    format!("{}\n  {}", case.name, differences.join("\n  "))
}
