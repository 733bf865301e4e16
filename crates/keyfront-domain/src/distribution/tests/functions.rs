//! Rules of the functions of cache behaviors.

use serde_json::{Value, json};

use super::assert_found;
use super::bodies::terraform;

const LAMBDAS: &str = "DefaultCacheBehavior.LambdaFunctionAssociations";
const FUNCTIONS: &str = "DefaultCacheBehavior.FunctionAssociations";
const LAMBDA: &str = "arn:aws:lambda:us-east-1:111122223333:function:f:7";

fn list(items: &[Value]) -> Value {
    json!({ "Quantity": items.len(), "Items": items })
}

fn lambda(arn: &str, event: &str, body: bool) -> Value {
    json!({ "LambdaFunctionARN": arn, "EventType": event, "IncludeBody": body })
}

fn function(name: &str, event: &str) -> Value {
    json!({ "FunctionARN": format!("arn:aws:cloudfront::111122223333:function/{name}"), "EventType": event })
}

#[test]
fn a_function_of_lambda_is_a_version_in_us_east_1() {
    let version = |arn: &str| {
        format!(
            "{LAMBDAS}.Items[0].LambdaFunctionARN: InvalidLambdaFunctionAssociation: The function ARN must reference a \
             specific function version. (The ARN must end with the version number.) ARN: {arn}"
        )
    };
    let invalid = |index: usize, member: &str| {
        format!(
            "{LAMBDAS}.Items[{index}].{member}: InvalidLambdaFunctionAssociation: The specified Lambda@Edge function \
             association is invalid."
        )
    };
    let latest = LAMBDA.replace(":7", ":$LATEST");
    let without = LAMBDA.replace(":7", "");
    let elsewhere = LAMBDA.replace("us-east-1", "eu-west-1");
    let region = format!(
        "{LAMBDAS}.Items[0].LambdaFunctionARN: InvalidLambdaFunctionAssociation: The function must be in region \
         'us-east-1'. ARN: {elsewhere}"
    );
    assert_found(
        &terraform(),
        &[
            (
                &[(
                    LAMBDAS,
                    list(&[lambda(LAMBDA, "origin-request", true), lambda(LAMBDA, "viewer-response", false)]),
                )],
                &[],
            ),
            (&[(LAMBDAS, list(&[lambda(&latest, "origin-request", false)]))], &[&version(&latest)]),
            (&[(LAMBDAS, list(&[lambda(&without, "origin-request", false)]))], &[&version(&without)]),
            (&[(LAMBDAS, list(&[lambda(&elsewhere, "origin-request", false)]))], &[&region]),
            (
                &[(LAMBDAS, list(&[lambda("f", "origin-request", false)]))],
                &[&invalid(0, "LambdaFunctionARN")],
            ),
            (&[(LAMBDAS, list(&[lambda(LAMBDA, "origin-response", true)]))], &[&invalid(0, "IncludeBody")]),
            (
                &[(
                    LAMBDAS,
                    list(&[lambda(LAMBDA, "origin-request", false), lambda(LAMBDA, "origin-request", false)]),
                )],
                &[&invalid(1, "EventType")],
            ),
        ],
    );
}

#[test]
fn one_function_runs_for_an_event_of_viewers() {
    let invalid = |index: usize| {
        format!(
            "{FUNCTIONS}.Items[{index}].EventType: InvalidFunctionAssociation: A CloudFront function association is \
             invalid."
        )
    };
    let no_function = format!(
        "{FUNCTIONS}.Items[0].FunctionARN: InvalidFunctionAssociation: The parameter FunctionAssociationArn is invalid"
    );
    let a = || (FUNCTIONS, list(&[function("a", "viewer-request")]));
    assert_found(
        &terraform(),
        &[
            (&[(FUNCTIONS, list(&[function("a", "viewer-request"), function("a", "viewer-response")]))], &[]),
            (
                &[(FUNCTIONS, list(&[function("a", "viewer-request"), function("b", "viewer-request")]))],
                &[&invalid(1)],
            ),
            (&[(FUNCTIONS, list(&[function("", "viewer-request")]))], &[&no_function]),
            (&[a(), (LAMBDAS, list(&[lambda(LAMBDA, "origin-request", false)]))], &[]),
            (&[a(), (LAMBDAS, list(&[lambda(LAMBDA, "viewer-response", false)]))], &[&invalid(0)]),
        ],
    );
}
