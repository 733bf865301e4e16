//! Tests of reading templates.

use serde_json::json;

use super::*;

fn resource_of(properties: &str) -> Result<Template, Vec<Mistake>> {
    let indented = properties.replace('\n', "\n      ");
    Template::read(&format!("Resources:\n  R:\n    Type: T\n    Properties:\n      {indented}\n"))
}

/// The short forms of the user guide's reference of intrinsic functions, and YAML 1.2's core schema.
#[test]
fn yaml_is_read_with_its_short_forms() {
    for (yaml, expected) in [
        ("A: !Ref Site", json!({ "Ref": "Site" })),
        ("A: !GetAtt Site.DomainName", json!({ "Fn::GetAtt": "Site.DomainName" })),
        ("A: !GetAtt [Site, DomainName]", json!({ "Fn::GetAtt": ["Site", "DomainName"] })),
        ("A: !Sub '${Site}-x'", json!({ "Fn::Sub": "${Site}-x" })),
        ("A: !Join\n  - ','\n  - [a, !Ref B]", json!({ "Fn::Join": [",", ["a", { "Ref": "B" }]] })),
        ("A: !If [C, !Ref 'AWS::NoValue', 1]", json!({ "Fn::If": ["C", { "Ref": "AWS::NoValue" }, 1] })),
        ("A: !Not [!Condition C]", json!({ "Fn::Not": [{ "Condition": "C" }] })),
        ("A:\n  Fn::Sub: x", json!({ "Fn::Sub": "x" })),
        ("A: [true, false, 1, -2.5, ~, 'true', \"1\"]", json!([true, false, 1, -2.5, null, "true", "1"])),
        // What would not print as it is written stays text: account ids, versions.
        (
            "A: [012345678901, 1e3, 0x10, 2012-10-17, 1.10]",
            json!(["012345678901", "1e3", "0x10", "2012-10-17", "1.10"]),
        ),
        ("A: !!str 1", json!("1")),
        ("A: |\n  function f() {}\n", json!("function f() {}\n")),
    ] {
        let template = resource_of(yaml).unwrap_or_else(|mistakes| panic!("{yaml}: {mistakes:?}"));
        assert_eq!(template.resources["R"].properties["A"], expected, "{yaml}");
    }
}

#[test]
fn what_is_no_template_is_refused_with_its_place() {
    for (text, expected) in [
        ("", "line 1, column 1: the template is empty"),
        ("- a", "the template: it must be an object"),
        ("{", "the template is not JSON"),
        ("a: [", "the template is not YAML"),
        (
            "Resources: {R: {Type: T}}\nResource: {}",
            "Resource: a template has no such section; did you mean Resources?",
        ),
        ("Resources: {}", "Resources: a template has at least one resource"),
        ("Resources: {R: {Typo: T}}", "Resources.R.Typo: a resource has no such member; did you mean Type?"),
        (
            "Resources: {R: {Type: !Reff T}}",
            "!Reff is no intrinsic function that is known here; did you mean Ref?",
        ),
        ("Resources: {R: {Type: T, Type: U}}", "Type stands twice"),
        ("a: &x 1\nb: *x", "CloudFormation takes no YAML aliases"),
        ("Resources: {R: {Type: T}}\n---\na: 1", "line 2, column 1: a template is one document"),
        ("Resources: {R: {Type: T, DependsOn: {}}}", "Resources.R.DependsOn: it must be a logical id"),
        (
            "Resources: {R: {Type: 'AWS::CloudFront::Function', DeletionPolicy: Snapshot}}",
            "Snapshot: it must be Delete",
        ),
    ] {
        let mistakes = Template::read(text).unwrap_err();
        let told: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|told| told.contains(expected)), "{text}: {told:?}");
    }
}

#[test]
fn json_and_yaml_of_a_template_are_the_same() {
    let yaml = "Description: d\nResources:\n  R:\n    Type: T\n    DependsOn: S\n    DeletionPolicy: Retain\n  S: {Type: U}\n\
                Outputs:\n  O: {Value: !Ref R, Export: {Name: e}, Condition: C}\n";
    let json = json!({
        "Description": "d",
        "Resources": {
            "R": { "Type": "T", "DependsOn": ["S"], "DeletionPolicy": "Retain" },
            "S": { "Type": "U" },
        },
        "Outputs": { "O": { "Value": { "Ref": "R" }, "Export": { "Name": "e" }, "Condition": "C" } },
    });
    let template = Template::read(yaml).unwrap();
    assert_eq!(template, Template::read(&json.to_string()).unwrap());
    assert_eq!(template.resources["R"].deletion_policy, DeletionPolicy::Retain);
    assert_eq!(template.resources["R"].depends_on, ["S"]);
}

/// The rules of the user guide's section on parameters.
#[test]
fn parameters_have_the_values_that_they_may_have() {
    let parameter = |members: Value| Parameter::read(members.as_object().unwrap());
    for (members, given, expected) in [
        (json!({ "Type": "String", "Default": 5 }), None, Ok(json!("5"))),
        (json!({ "Type": "String", "Default": "a" }), Some("b"), Ok(json!("b"))),
        (json!({ "Type": "CommaDelimitedList" }), Some("a, b"), Ok(json!(["a", "b"]))),
        (json!({ "Type": "List<Number>" }), Some("1,2"), Ok(json!(["1", "2"]))),
        (json!({ "Type": "String" }), None, Err("it has no default; give it with --parameter P=VALUE")),
        (json!({ "Type": "Number" }), Some("x"), Err("it must be a number")),
        (json!({ "Type": "Number", "MinValue": 1, "MaxValue": "3" }), Some("4"), Err("from 1 to 3")),
        (json!({ "Type": "String", "AllowedValues": ["a", true] }), Some("c"), Err("one of a, true")),
        (json!({ "Type": "String", "AllowedPattern": "[a-z]+" }), Some("a1"), Err("it must match [a-z]+")),
        (json!({ "Type": "String", "MinLength": 2 }), Some("a"), Err("its length must be at least 2")),
        (
            json!({ "Type": "AWS::SSM::Parameter::Value<String>", "Default": "/x" }),
            None,
            Err("is not asked here"),
        ),
    ] {
        match (parameter(members.clone()).value("P", given), expected) {
            (Ok(value), Ok(expected)) => assert_eq!(value, expected, "{members}"),
            (Err(mistake), Err(expected)) => {
                assert!(mistake.message.contains(expected), "{members}: {mistake}");
                let shown = given.is_some_and(|given| given.len() > 1 && mistake.message.contains(given));
                assert!(!shown, "a value may be secret: {mistake}");
            }
            (value, _) => panic!("{members}: {value:?}"),
        }
    }
}
