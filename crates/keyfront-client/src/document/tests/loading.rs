//! Loading: a file becomes pairs, or a list of problems.

use super::*;

#[test]
fn a_file_is_read_by_its_extension_or_by_the_named_format() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pairs.yaml");
    std::fs::write(&file, "key,value: 1").unwrap();
    let quotas = Quotas::default();
    let by_extension = load(&file, None, &quotas).unwrap();
    assert_eq!(by_extension.get("key,value"), Some("1"));
    let problems = load(&file, Some(Format::Csv), &quotas).unwrap_err();
    assert!(problems.to_string().contains("the header has unknown columns: \"value: 1\""), "{problems}");
}

#[test]
fn a_file_that_cannot_be_read_is_one_problem_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let text = |name: &str| {
        let path = folder.path().join(name);
        let problems = load(&path, None, &Quotas::default()).unwrap_err().to_string();
        problems.strip_prefix(&path.display().to_string()).unwrap().to_owned()
    };
    assert!(text("absent.csv").starts_with(": cannot be read: No such file"));
    let known = ".json, .ndjson, .jsonl, .csv, .yaml, .yml";
    let unknown = format!(": the format is not known by the extension; known are {known}");
    assert_eq!(text("pairs.xml"), unknown);
    assert_eq!(text("pairs.csv.gz"), format!(": is compressed; unpack it first (known are {known})"));
}

#[test]
fn a_file_that_is_too_large_is_refused_before_it_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pairs.csv");
    let file = std::fs::File::create(&path).unwrap();
    file.set_len(MAX_FILE_BYTES + 1).unwrap();
    let problems = load(&path, None, &Quotas::default()).unwrap_err();
    assert_eq!(problems.listed(), [Problem { position: None, kind: ProblemKind::FileTooLarge }]);
}
