//! Rules of the functions of a cache behavior: CloudFront Functions and Lambda@Edge.

use std::collections::BTreeSet;

use keyfront_error::{Code, ServiceError};

use super::super::config::{Behavior, LambdaFunctionAssociation};
use super::super::finding::{Findings, Place};
use super::super::references::name_of_function;

const INVALID_LAMBDA: ServiceError = ServiceError::new(
    Code::InvalidLambdaFunctionAssociation,
    "The specified Lambda@Edge function association is invalid.",
);

const INVALID_FUNCTION: ServiceError =
    ServiceError::new(Code::InvalidFunctionAssociation, "A CloudFront function association is invalid.");

/// The refusal of an ARN that names no function of the account that runs.
pub const INVALID_FUNCTION_ARN: ServiceError =
    ServiceError::new(Code::InvalidFunctionAssociation, "The parameter FunctionAssociationArn is invalid");

pub(super) fn check(behavior: &Behavior, place: &Place<'_>, findings: &mut Findings) {
    let mut events = BTreeSet::new();
    for (index, association) in behavior.lambda_function_associations.items.iter().enumerate() {
        let place = &place.item("LambdaFunctionAssociations", index);
        if let Err(refusal) = check_lambda_arn(&association.lambda_function_arn) {
            findings.refuse(place, "LambdaFunctionARN", refusal);
        }
        if !events.insert(association.event_type.as_str()) {
            findings.refuse(place, "EventType", INVALID_LAMBDA);
        }
        if association.include_body && is_of_response(association) {
            findings.refuse(place, "IncludeBody", INVALID_LAMBDA);
        }
    }
    let lambda_for_viewers = events.iter().any(|event| event.starts_with("viewer-"));
    let mut events = BTreeSet::new();
    for (index, association) in behavior.function_associations.items.iter().enumerate() {
        let place = &place.item("FunctionAssociations", index);
        if name_of_function(&association.function_arn).is_none() {
            findings.refuse(place, "FunctionARN", INVALID_FUNCTION_ARN);
        }
        // One function for each event, and not together with Lambda@Edge for viewers.
        if !events.insert(association.event_type.as_str()) || lambda_for_viewers {
            findings.refuse(place, "EventType", INVALID_FUNCTION);
        }
    }
}

fn is_of_response(association: &LambdaFunctionAssociation) -> bool {
    association.event_type.ends_with("-response")
}

/// `arn:aws:lambda:us-east-1:ACCOUNT:function:NAME:VERSION`, where the version is a number.
fn check_lambda_arn(arn: &str) -> Result<(), ServiceError> {
    let parts: Vec<_> = arn.split(':').collect();
    let (region, version) = match parts.as_slice() {
        ["arn", "aws", "lambda", region, _, "function", _] => (*region, None),
        ["arn", "aws", "lambda", region, _, "function", _, version] => (*region, Some(*version)),
        _ => return Err(INVALID_LAMBDA),
    };
    let text = if !version
        .is_some_and(|version| !version.is_empty() && version.bytes().all(|digit| digit.is_ascii_digit()))
    {
        format!(
            "The function ARN must reference a specific function version. (The ARN must end with the version number.) \
             ARN: {arn}"
        )
    } else if region != "us-east-1" {
        format!("The function must be in region 'us-east-1'. ARN: {arn}")
    } else {
        return Ok(());
    };
    Err(ServiceError::with(Code::InvalidLambdaFunctionAssociation, text))
}
