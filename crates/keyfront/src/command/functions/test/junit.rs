//! Writes results as JUnit XML, which CI systems read.

use std::io::Write;
use std::path::Path;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::result::CaseResult;
use crate::atomic_file;
use crate::failure::Failure;

/// The name of the suite in the document.
const SUITE: &str = "keyfront fn test";

/// Writes the results to a file, which is replaced if it is there.
pub(super) fn write(file: &Path, tested: &[CaseResult]) -> Result<(), Failure> {
    let failed =
        |error: &std::io::Error| Failure::because(format!("{} cannot be written", file.display()), error);
    let document = document(tested).map_err(|error| failed(&error))?;
    let written = atomic_file::replace(file, atomic_file::ORDINARY, |file| file.write_all(&document));
    written.map_err(|error| failed(&error))
}

fn document(tested: &[CaseResult]) -> std::io::Result<Vec<u8>> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let failures = tested.iter().filter(|tested| !tested.wrong.is_empty()).count().to_string();
    let count = tested.len().to_string();
    let time = seconds(tested.iter().map(|tested| tested.time_ns).sum());
    let suite = writer.create_element("testsuite").with_attributes([
        ("name", SUITE),
        ("tests", count.as_str()),
        ("failures", failures.as_str()),
        ("errors", "0"),
        ("time", time.as_str()),
    ]);
    suite.write_inner_content(|writer| {
        for one in tested {
            let time = seconds(one.time_ns);
            let name = printable(&one.name);
            let case = writer.create_element("testcase").with_attributes([
                ("classname", SUITE),
                ("name", name.as_str()),
                ("time", time.as_str()),
            ]);
            if let Some(first) = one.wrong.first() {
                let first = printable(first);
                let all = printable(&one.wrong.join("\n"));
                case.write_inner_content(|writer| {
                    let failure =
                        writer.create_element("failure").with_attribute(("message", first.as_str()));
                    failure.write_text_content(BytesText::new(&all))?;
                    Ok(())
                })?;
            } else {
                case.write_empty()?;
            }
        }
        Ok(())
    })?;
    let mut document = writer.into_inner();
    document.push(b'\n');
    Ok(document)
}

fn seconds(nanoseconds: u64) -> String {
    format!("{}.{:09}", nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000)
}

/// Text without the characters that XML 1.0 cannot hold, not even escaped.
fn printable(text: &str) -> String {
    let allowed = |character: char| !character.is_control() || matches!(character, '\t' | '\n' | '\r');
    text.chars().map(|character| if allowed(character) { character } else { '\u{fffd}' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passed_and_a_failed_case_are_written_for_ci() {
        let passed =
            CaseResult { name: "a".to_owned(), wrong: Vec::new(), time_ns: 21_000, share: 1, updated: false };
        let wrong = vec!["uri: expected \"<\", got \"\u{1}\"".to_owned(), "second".to_owned()];
        let failed =
            CaseResult { name: "b & c".to_owned(), wrong, time_ns: 1_000_000_000, share: 2, updated: false };
        let document = String::from_utf8(document(&[passed, failed]).unwrap()).unwrap();
        assert_eq!(
            document,
            r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="keyfront fn test" tests="2" failures="1" errors="0" time="1.000021000">
  <testcase classname="keyfront fn test" name="a" time="0.000021000"/>
  <testcase classname="keyfront fn test" name="b &amp; c" time="1.000000000">
    <failure message="uri: expected &quot;&lt;&quot;, got &quot;�&quot;">uri: expected &quot;&lt;&quot;, got &quot;�&quot;
second</failure>
  </testcase>
</testsuite>
"#
        );
    }
}
