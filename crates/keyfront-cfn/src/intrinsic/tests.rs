//! Tests of the intrinsic functions.

use serde_json::json;

use super::*;

struct Fixed;

impl Resources for Fixed {
    fn value(&self, logical_id: &str, attribute: Option<&str>) -> Known {
        match (logical_id, attribute) {
            ("Site", None) => Known::Value(json!("E1")),
            ("Site", Some("DomainName")) => Known::Value(json!("d1.cloudfront.net")),
            ("New", _) => Known::Later,
            (id, _) => Known::Never(format!("{id} is not known")),
        }
    }
}

fn template() -> Template {
    Template::read(
        "Mappings: {Regions: {us-east-1: {Class: All, List: [a, b]}}}\nConditions: {Yes: 1, No: 1}\n\
         Resources: {Site: {Type: T}, New: {Type: T}, Bucket: {Type: T}}",
    )
    .unwrap()
}

fn evaluated(value: &Value) -> Result<Option<Value>, Mistake> {
    let template = template();
    let parameters = BTreeMap::from([
        ("P".to_owned(), json!("p")),
        ("L".to_owned(), json!(["x", "y"])),
        ("N".to_owned(), json!("1")),
    ]);
    let pseudo = BTreeMap::from([("AWS::Region", json!("us-east-1")), ("AWS::StackName", json!("s"))]);
    let conditions = BTreeMap::from([("Yes".to_owned(), true), ("No".to_owned(), false)]);
    let imports = BTreeMap::from([("shared-id".to_owned(), json!("E9"))]);
    let scope = Scope {
        template: &template,
        parameters: &parameters,
        pseudo: &pseudo,
        conditions: &conditions,
        imports: &imports,
        resources: &Fixed,
    };
    scope.value(value, "X")
}

/// The examples of the user guide's reference of intrinsic functions, shortened.
#[test]
fn functions_give_what_cloudformation_gives() {
    let no_value = json!({ "Ref": "AWS::NoValue" });
    for (expression, expected) in [
        (json!({ "Ref": "P" }), json!("p")),
        (json!({ "Ref": "Site" }), json!("E1")),
        (json!({ "Ref": "AWS::Region" }), json!("us-east-1")),
        (json!({ "Fn::GetAtt": ["Site", "DomainName"] }), json!("d1.cloudfront.net")),
        (json!({ "Fn::GetAtt": "Site.DomainName" }), json!("d1.cloudfront.net")),
        (json!({ "Fn::Sub": "${P}/${!P}/${Site.DomainName}/$x" }), json!("p/${P}/d1.cloudfront.net/$x")),
        (json!({ "Fn::Sub": ["${V}-${P}", { "V": { "Ref": "Site" } }] }), json!("E1-p")),
        (json!({ "Fn::Sub": "`${js" }), json!("`${js")),
        (json!({ "Fn::Join": ["-", ["a", { "Ref": "P" }, 1]] }), json!("a-p-1")),
        (json!({ "Fn::Join": [",", { "Ref": "L" }] }), json!("x,y")),
        (json!({ "Fn::Select": ["1", { "Ref": "L" }] }), json!("y")),
        (json!({ "Fn::Select": [{ "Ref": "N" }, ["a", "b"]] }), json!("b")),
        (json!({ "Fn::Split": ["/", "a/b"] }), json!(["a", "b"])),
        (json!({ "Fn::Select": [2, { "Fn::Split": ["/", "https://h/p"] }] }), json!("h")),
        (json!({ "Fn::If": ["Yes", "a", { "Ref": "Absent" }] }), json!("a")),
        (json!({ "Fn::If": ["No", "a", { "Ref": "P" }] }), json!("p")),
        (json!({ "Fn::FindInMap": ["Regions", { "Ref": "AWS::Region" }, "Class"] }), json!("All")),
        (json!({ "Fn::FindInMap": ["Regions", "us-east-1", "List"] }), json!(["a", "b"])),
        (json!({ "Fn::FindInMap": ["Regions", "eu", "Class", { "DefaultValue": "d" }] }), json!("d")),
        (json!({ "Fn::ImportValue": { "Fn::Sub": "shared-id" } }), json!("E9")),
        (json!({ "Fn::Base64": "ab" }), json!("YWI=")),
        (json!({ "Fn::ToJsonString": { "a": { "Ref": "P" } } }), json!("{\"a\":\"p\"}")),
        (json!({ "Fn::Length": { "Ref": "L" } }), json!(2)),
        (json!({ "A": no_value, "B": [1, no_value, 2] }), json!({ "B": [1, 2] })),
        (json!({ "A": { "Fn::If": ["No", "x", no_value] } }), json!({})),
        // Not a function, because it has a second member.
        (json!({ "Ref": "P", "x": 1 }), json!({ "Ref": "P", "x": 1 })),
    ] {
        assert_eq!(evaluated(&expression), Ok(Some(expected)), "{expression}");
    }
    assert_eq!(evaluated(&no_value), Ok(None));
}

#[test]
fn what_has_no_value_is_a_mistake_with_its_place() {
    for (expression, place, message) in [
        (json!({ "Ref": "Sit" }), "X.Ref", "the template has no Sit; did you mean Site?"),
        (json!({ "A": [{ "Ref": "Bucket" }] }), "X.A[0].Ref", "Bucket is not known"),
        (json!({ "Fn::GetAtt": "Site" }), "X.Fn::GetAtt", "it takes a logical id and an attribute"),
        (json!({ "Fn::Select": ["2", ["a"]] }), "X.Fn::Select", "there is no item 2 in a list of 1"),
        (json!({ "Fn::If": ["Yess", 1, 2] }), "X.Fn::If", "there is no condition Yess; did you mean Yes?"),
        (
            json!({ "Fn::FindInMap": ["Regions", "eu", "Class"] }),
            "X.Fn::FindInMap",
            "the mappings have no Regions.eu",
        ),
        (json!({ "Fn::ImportValue": "other" }), "X.Fn::ImportValue", "--import-value other=VALUE"),
        (json!({ "Fn::Cidr": ["a", 1, 1] }), "X.Fn::Cidr", "Fn::Cidr is not evaluated here"),
        (json!({ "Fn::Join": ["", [{ "Ref": "L" }]] }), "X.Fn::Join", "a text is needed here"),
        (json!("{{resolve:ssm:/x}}"), "X", "put a parameter in its place"),
    ] {
        let mistake = evaluated(&expression).unwrap_err();
        assert!(mistake.place == place && mistake.message.contains(message), "{expression}: {mistake}");
    }
}

/// A whole expression is known later, and what stands beside it is known now.
#[test]
fn placeholders_stand_for_what_is_made_later() {
    let value =
        json!({ "A": { "Fn::Select": [9, { "Fn::Split": ["/", { "Ref": "New" }] }] }, "B": { "Ref": "P" } });
    let Ok(Some(evaluated)) = evaluated(&value) else { panic!("{value} has no value") };
    assert!(is_placeholder(evaluated["A"].as_str().unwrap()) && evaluated["B"] == "p", "{evaluated}");
    assert!(has_placeholder(&evaluated) && !has_placeholder(&json!([{ "a": "{{x}}" }])));
}

#[test]
fn references_are_found_wherever_they_stand() {
    for (value, expected) in [
        (
            json!({ "A": [{ "Ref": "B" }, { "Fn::GetAtt": "C.D" }, { "Fn::GetAtt": ["E", "F"] }] }),
            &["B", "C", "E"][..],
        ),
        (json!({ "Fn::Sub": "${A.B} ${!C} ${ D }" }), &["A", "D"]),
        (json!({ "Fn::Sub": ["${V} ${W}", { "V": { "Ref": "X" } }] }), &["W", "X"]),
        (json!({ "Fn::Join": ["", ["${A}"]] }), &[]),
    ] {
        let found: Vec<_> = references(&value).into_iter().collect();
        assert_eq!(found, expected, "{value}");
    }
}

#[test]
fn conditions_are_judged_by_parameters_and_mappings() {
    let judged = |conditions: Value| {
        let text = json!({ "Conditions": conditions, "Resources": { "R": { "Type": "T" } } });
        let template = Template::read(&text.to_string()).unwrap();
        let parameters = BTreeMap::from([("Stage".to_owned(), json!("prod"))]);
        super::conditions(&template, &parameters, &BTreeMap::new(), &BTreeMap::new())
    };
    let is = |stage: &str| json!({ "Fn::Equals": [{ "Ref": "Stage" }, stage] });
    for (expression, expected) in [
        (is("prod"), true),
        (is("dev"), false),
        (json!({ "Fn::Equals": [1, "1"] }), true),
        (json!({ "Fn::Not": [is("dev")] }), true),
        (json!({ "Fn::And": [is("prod"), is("dev")] }), false),
        (json!({ "Fn::Or": [is("dev"), { "Condition": "Other" }] }), true),
    ] {
        let judged = judged(json!({ "C": expression, "Other": is("prod") })).unwrap();
        assert_eq!(judged["C"], expected, "{expression}");
    }
    for (conditions, expected) in [
        (json!({ "A": { "Condition": "B" }, "B": { "Condition": "A" } }), "depends on itself"),
        (json!({ "A": { "Condition": "Z" } }), "there is no condition Z"),
        (json!({ "A": { "Fn::And": [is("x")] } }), "from two to ten"),
        (json!({ "A": { "Fn::Equals": [{ "Ref": "R" }, 1] } }), "a condition is judged before R is made"),
        (json!({ "A": true }), "a condition is Fn::Equals"),
    ] {
        let mistakes = judged(conditions.clone()).unwrap_err();
        assert!(
            mistakes.iter().any(|mistake| mistake.message.contains(expected)),
            "{conditions}: {mistakes:?}"
        );
    }
}
