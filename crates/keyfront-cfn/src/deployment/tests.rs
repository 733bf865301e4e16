//! Tests of the order of resources, and of their references, outputs and assets.

use serde_json::json;

use super::*;

const FUNCTION: &str = "AWS::CloudFront::Function";

fn deployed<T>(
    template: &Value,
    inputs: Inputs,
    look: impl FnOnce(Result<Deployment<'_>, Vec<Mistake>>) -> T,
) -> T {
    let (template, types) = (Template::read(&template.to_string()).unwrap(), ResourceTypes::new().unwrap());
    look(Deployment::new(&template, &types, inputs))
}

fn made(id: &str) -> BTreeMap<String, StackResource> {
    let resource = StackResource {
        kind: FUNCTION.to_owned(),
        key: id.to_owned(),
        physical_resource_id: format!("arn:{id}"),
        attributes: BTreeMap::from([("Stage".to_owned(), json!("LIVE"))]),
        properties: BTreeMap::new(),
        depends_on: BTreeSet::new(),
        deletion_policy: crate::template::DeletionPolicy::Delete,
        caller_reference: None,
    };
    BTreeMap::from([(id.to_owned(), resource)])
}

#[test]
fn resources_are_made_in_the_order_of_their_references_and_others_are_passed_over() {
    let template = json!({
        "Parameters": { "BootstrapVersion": { "Type": "AWS::SSM::Parameter::Value<String>", "Default": "/x" } },
        "Conditions": { "Never": { "Fn::Equals": [1, 2] } },
        "Resources": {
            "A": { "Type": FUNCTION, "Properties": { "Name": { "Ref": "Z" } } },
            "B": { "Type": FUNCTION, "DependsOn": ["A", "Bucket"] },
            "N": { "Type": FUNCTION, "Condition": "Never" },
            "Z": { "Type": FUNCTION },
            "Bucket": { "Type": "AWS::S3::Bucket", "Properties": { "Name": { "Ref": "A" } } },
        },
    });
    deployed(&template, Inputs::default(), |deployment| {
        let deployment = deployment.unwrap();
        assert_eq!(deployment.order(), ["Z", "A", "B"]);
        assert_eq!(deployment.skipped(), [("Bucket".to_owned(), "AWS::S3::Bucket".to_owned())]);
        assert!(
            deployment.resource("N").is_none()
                && deployment.dependencies("B") == BTreeSet::from(["A".to_owned()])
        );
    });
}

/// What each reference gives, with function A made and function N known later.
#[test]
fn references_are_known_or_say_how_to_give_them() {
    for (expression, expected) in [
        (json!({ "Ref": "A" }), Ok("arn:A")),
        (json!({ "Fn::GetAtt": "A.Stage" }), Ok("LIVE")),
        (json!({ "Fn::GetAtt": "Bucket.RegionalDomainName" }), Ok("b.s3.amazonaws.com")),
        (json!({ "Ref": "N" }), Ok("{{known after N is made}}")),
        (
            json!({ "Ref": "Bucket" }),
            Err(
                "Bucket is an AWS::S3::Bucket, which is passed over; give the value with --output-value Bucket=VALUE",
            ),
        ),
        (json!({ "Fn::GetAtt": "Bucket.Arn" }), Err("--output-value Bucket.Arn=VALUE")),
        (
            json!({ "Fn::GetAtt": "A.Stages" }),
            Err("has no attribute Stages; did you mean Stage?; it has FunctionARN"),
        ),
        (json!({ "Fn::GetAtt": "A.FunctionARN" }), Err("the service did not tell A.FunctionARN")),
        (json!({ "Ref": "Absent" }), Err("Absent is not made, because Never does not hold")),
    ] {
        let template = json!({
            "Conditions": { "Never": { "Fn::Equals": [1, 2] } },
            "Resources": {
                "A": { "Type": FUNCTION }, "N": { "Type": FUNCTION },
                "Absent": { "Type": FUNCTION, "Condition": "Never" },
                "Bucket": { "Type": "AWS::S3::Bucket" },
                "X": { "Type": FUNCTION, "Properties": { "P": expression } },
            },
        });
        let given = BTreeMap::from([("Bucket.RegionalDomainName".to_owned(), json!("b.s3.amazonaws.com"))]);
        deployed(&template, Inputs { given, ..Inputs::default() }, |deployment| {
            let properties =
                deployment.unwrap().properties("X", &made("A"), &BTreeSet::from(["N".to_owned()]));
            match (properties, expected) {
                (Ok(properties), Ok(expected)) => assert_eq!(properties["P"], expected),
                (Err(mistake), Err(expected)) => assert!(mistake.message.contains(expected), "{mistake}"),
                (properties, _) => panic!("{expression}: {properties:?}"),
            }
        });
    }
}

#[test]
fn mistakes_of_what_was_given_are_told() {
    let template =
        json!({ "Resources": { "Site": { "Type": "AWS::CloudFront::Functions", "DependsOn": "Sit" } } });
    let name = |name: &str| BTreeMap::from([(name.to_owned(), "v".to_owned())]);
    let given = BTreeMap::from([("Sites.Arn".to_owned(), json!("v"))]);
    for (inputs, expected) in [
        (
            Inputs { parameters: name("P"), ..Inputs::default() },
            &["--parameter: the template has no parameter P"][..],
        ),
        (
            Inputs { given, ..Inputs::default() },
            &["--output-value: the template has no resource Sites; did you mean Site?"],
        ),
        (
            Inputs::default(),
            &[
                "Resources.Site.Type: CloudFront has no resource type AWS::CloudFront::Functions; did you mean \
                 AWS::CloudFront::Function?",
                "Resources.Site.DependsOn: the template has no resource Sit; did you mean Site?",
            ],
        ),
    ] {
        deployed(&template, inputs, |deployment| {
            let told: Vec<_> = deployment.unwrap_err().iter().map(ToString::to_string).collect();
            assert_eq!(told, expected);
        });
    }
}

#[test]
fn outputs_without_a_value_stop_nothing() {
    let template = json!({
        "Resources": { "A": { "Type": FUNCTION }, "Bucket": { "Type": "AWS::S3::Bucket" } },
        "Outputs": {
            "Arn": { "Value": { "Ref": "A" }, "Export": { "Name": "shared" } },
            "Bucket": { "Value": { "Ref": "Bucket" } },
        },
    });
    deployed(&template, Inputs::default(), |deployment| {
        let (outputs, unknown) = deployment.unwrap().outputs(&made("A"));
        assert_eq!(outputs["Arn"].export_name.as_deref(), Some("shared"));
        assert_eq!((outputs.len(), unknown.len()), (1, 1));
        assert!(unknown[0].to_string().starts_with("Outputs.Bucket"), "{}", unknown[0]);
    });
}

#[test]
fn assets_are_found_by_their_key_in_any_bucket() {
    let template = json!({ "Resources": { "A": { "Type": FUNCTION } } });
    let assets = BTreeMap::from([("ab.json".to_owned(), PathBuf::from("asset.ab.json"))]);
    deployed(&template, Inputs { assets, ..Inputs::default() }, |deployment| {
        let deployment = deployment.unwrap();
        for (arn, found) in [
            ("arn:aws:s3:::cdk-hnb659fds-assets-1-us-east-1/ab.json", true),
            ("arn:aws:s3:::bucket/x/ab.json", false),
            ("arn:aws:s3:::bucket", false),
            ("ab.json", false),
        ] {
            assert_eq!(deployment.asset(arn).is_some(), found, "{arn}");
        }
    });
}
