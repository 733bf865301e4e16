//! Tests of what a deployment would change.

use keyfront_wire::Service;
use serde_json::json;

use super::*;
use crate::deployment::Inputs;
use crate::template::{DeletionPolicy, Template};

fn function(name: &str, comment: &Value) -> Value {
    json!({ "Type": "AWS::CloudFront::Function", "Properties": {
        "Name": name, "FunctionCode": "c", "FunctionConfig": { "Comment": comment, "Runtime": "cloudfront-js-2.0" },
    } })
}

fn store(name: &str, source: &str) -> Value {
    let source = json!({ "SourceType": "S3", "SourceArn": format!("arn:aws:s3:::b/{source}") });
    json!({ "Type": "AWS::CloudFront::KeyValueStore", "Properties": { "Name": name, "ImportSource": source } })
}

/// A stack as a deploy of these resources leaves it.
fn stack_of(resources: &Value) -> Stack {
    let mut stack = Stack::new("s", "id".to_owned(), "e");
    for (id, resource) in resources.as_object().unwrap() {
        let properties = resource["Properties"].as_object().unwrap();
        let made = StackResource {
            kind: resource["Type"].as_str().unwrap().to_owned(),
            key: id.clone(),
            physical_resource_id: format!("arn:{id}"),
            attributes: BTreeMap::new(),
            properties: remembered(&stack, properties),
            depends_on: BTreeSet::new(),
            deletion_policy: DeletionPolicy::Delete,
            caller_reference: None,
        };
        stack.resources.insert(id.clone(), made);
    }
    stack
}

fn changes(resources: &Value, stack: &Stack, missing: &[&str]) -> Result<Vec<Change>, Vec<Mistake>> {
    let (service, types) = (Service::cloudfront().unwrap(), ResourceTypes::new().unwrap());
    let template = Template::read(&json!({ "Resources": resources }).to_string()).unwrap();
    let deployment = Deployment::new(&template, &types, Inputs::default()).unwrap();
    let missing = missing.iter().map(|id| (*id).to_owned()).collect();
    let converter = Converter { service: &service };
    change_set(&deployment, &Comparison { types: &types, converter, stack, missing: &missing })
}

#[test]
fn what_a_deploy_does_follows_from_what_changed() {
    let before = json!({ "A": function("a", &json!("")), "B": function("b", &json!("")) });
    let refers = json!({ "Fn::Sub": "${A}" });
    for (after, missing, expected) in [
        (before.clone(), &[][..], &[][..]),
        (
            json!({ "A": function("a", &json!("new")), "B": function("b", &json!("")) }),
            &[],
            &[("A", Action::Update, &["FunctionConfig.Comment"][..])],
        ),
        // The name is the function's for ever: registry, createOnlyProperties.
        (
            json!({ "A": function("z", &json!("")), "B": function("b", &json!("")) }),
            &[],
            &[("A", Action::Replace, &["Name"])],
        ),
        // What refers to one that is replaced changes with it.
        (
            json!({ "A": function("z", &json!("")), "B": function("b", &refers) }),
            &[],
            &[("A", Action::Replace, &["Name"]), ("B", Action::Update, &["FunctionConfig.Comment"])],
        ),
        (
            json!({ "B": function("b", &json!("")), "C": function("c", &json!("")) }),
            &[],
            &[("C", Action::Create, &[]), ("A", Action::Delete, &[])],
        ),
        (before.clone(), &["A"], &[("A", Action::Create, &[])]),
    ] {
        let found = changes(&after, &stack_of(&before), missing).unwrap();
        let found: Vec<_> = found
            .iter()
            .map(|change| {
                let properties: Vec<&str> = change.properties.iter().map(String::as_str).collect();
                (change.logical_id.as_str(), change.action, properties)
            })
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(id, action, properties)| (*id, *action, properties.to_vec())).collect();
        assert_eq!(found, expected, "{after}");
    }
}

/// A deploy was killed behind the creation.
#[test]
fn a_resource_that_is_not_complete_is_gone_on_with() {
    let resources = json!({ "F": function("f", &json!("")), "S": store("s", "one.json") });
    let types = ResourceTypes::new().unwrap();
    let mut stack = stack_of(&resources);
    for id in ["F", "S"] {
        let kind = types.get(resources[id]["Type"].as_str().unwrap()).unwrap();
        let properties = resources[id]["Properties"].as_object().unwrap();
        let digests = remembered_at_creation(&stack, kind, properties);
        let made = stack.resources.get_mut(id).unwrap();
        made.physical_resource_id.clear();
        made.properties = digests;
    }
    let found = changes(&resources, &stack, &[]).unwrap();
    assert_eq!(found.iter().map(|change| change.action).collect::<Vec<_>>(), [Action::Update; 2]);
    let renamed = json!({ "F": function("g", &json!("")), "S": store("s", "one.json") });
    assert_eq!(changes(&renamed, &stack, &[]).unwrap()[0].action, Action::Replace);
}

#[test]
fn a_resource_that_is_retained_leaves_the_stack_alone() {
    let mut stack = stack_of(&json!({ "A": function("a", &json!("")), "B": function("b", &json!("")) }));
    stack.resources.get_mut("A").unwrap().deletion_policy = DeletionPolicy::Retain;
    let found = changes(&json!({ "B": function("b", &json!("")) }), &stack, &[]).unwrap();
    assert_eq!(found.iter().map(|change| change.action).collect::<Vec<_>>(), [Action::Retain]);
}

#[test]
fn deletions_run_against_the_references() {
    let mut stack = stack_of(&json!({
        "A": function("a", &json!("")), "B": function("b", &json!("")), "C": function("c", &json!("")),
    }));
    stack.resources.get_mut("A").unwrap().depends_on = BTreeSet::from(["B".to_owned(), "C".to_owned()]);
    stack.resources.get_mut("C").unwrap().depends_on = BTreeSet::from(["B".to_owned()]);
    assert_eq!(stack.deletion_order(), ["A", "C", "B"]);
}

/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-keyvaluestore.html:
/// updates of ImportSource are not supported.
#[test]
fn another_import_source_is_refused() {
    let before = json!({ "S": store("s", "one.json") });
    assert_eq!(changes(&before, &stack_of(&before), &[]), Ok(Vec::new()));
    let mistakes = changes(&json!({ "S": store("s", "two.json") }), &stack_of(&before), &[]).unwrap_err();
    assert!(mistakes[0].place.ends_with("ImportSource"), "{mistakes:?}");
    let renamed = changes(&json!({ "S": store("t", "two.json") }), &stack_of(&before), &[]).unwrap();
    assert_eq!(renamed[0].action, Action::Replace);
}
