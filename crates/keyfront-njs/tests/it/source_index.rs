//! What the index of a script tells, which the texts of errors need.

use keyfront_njs::SourceIndex;

fn offset(text: &str, part: &str) -> u32 {
    u32::try_from(text.find(part).unwrap()).unwrap()
}

#[test]
fn calls_are_found_with_property_and_path() {
    let text = "a.b.c(d, e['f' + 1](2)); new G(3);";
    let index = SourceIndex::of(text);
    let calls: Vec<_> = index
        .calls
        .iter()
        .map(|call| (call.callee_at, call.property.as_deref(), call.path.join(".")))
        .collect();
    assert_eq!(
        calls,
        [
            (offset(text, "c("), Some("c"), "a.b.c".to_owned()),
            (offset(text, "e["), Some("'f' + 1"), String::new()),
            (offset(text, "G("), None, "G".to_owned()),
        ]
    );
}

#[test]
fn calls_are_found_by_their_last_name() {
    for (text, last_name, expected) in [
        ("a.b(c, d.e)", "e)", vec!["b"]),
        ("a.b(c, d.e)", "b(", vec![]),
        ("a.b(c.d())", "d(", vec!["b", "d"]),
        ("a.b(c, 1)", "c,", vec!["b"]),
        // What stands in a function is compiled with it.
        ("a.b(x => x < c)", "b(", vec!["b"]),
        ("a.b(x => x < c)", "x =>", vec!["b"]),
        ("a.b(x => x.c(d))", "d)", vec!["c"]),
        ("a.b(function (x) { return x.c(d) })", "b(", vec!["b"]),
        ("a.b(function (x) { return x.c(d) })", "d)", vec!["c"]),
        ("a.b(function (x) { return x.c(d) }, e)", "b(", vec![]),
    ] {
        let index = SourceIndex::of(text);
        let found = index.calls_with_last_name_at(offset(text, last_name));
        let found: Vec<_> = found.map(|call| call.property.clone().unwrap()).collect();
        assert_eq!(found, expected, "{text} at {last_name}");
    }
}

#[test]
fn writes_and_deletions_of_properties_are_found() {
    let index = SourceIndex::of("a.x = 1; delete b['y']; c = 2; d[e] += 3;");
    let properties: Vec<_> = index.property_writes.iter().map(|write| write.property.as_str()).collect();
    assert_eq!(properties, ["x", "y", "e"]);
}

#[test]
fn an_in_expression_tells_a_primitive_operand() {
    let index = SourceIndex::of("'a' in 'b'; 'a' in 1; 'a' in null; 'a' in true; 'a' in b;");
    let types: Vec<_> = index.in_expressions.iter().map(|expression| expression.primitive).collect();
    assert_eq!(types, [Some("string"), Some("number"), Some("null"), Some("boolean"), None]);
}

#[test]
fn constants_and_functions_are_known_by_name() {
    let index =
        SourceIndex::of("const a = 1; let b = 2; function c() { const d = 3; } var e = function f() {};");
    assert_eq!((index.constants.len(), index.functions.len()), (2, 1));
    assert!(index.constants.contains("a") && index.constants.contains("d") && index.functions.contains("c"));
}

#[test]
fn text_that_does_not_parse_gives_an_empty_index() {
    assert!(SourceIndex::of("a.b(").calls.is_empty());
}
