//! Where the service departs from its own model. Everything else follows the model; a departure that is not
//! here does not exist.

use crate::model::Shape;

/// Under which other name a header is sent too.
///
/// The model spells one header that holds an ETag `ETtag`, and the service sends it so: SDKs that follow the
/// model, and Terraform with them, read nothing else. A client that knows better looks for `ETag`.
pub(crate) fn also_sent_as(header: &str) -> Option<&'static str> {
    header.eq_ignore_ascii_case("ETtag").then_some("ETag")
}

/// The values of an enumeration in the order in which a refusal names them.
///
/// It is the model's, but for one enumeration (captures of CreateVpcOrigin of 2026-10 in MiniStack's tests).
pub(crate) fn named_values(shape: &Shape) -> &[&'static str] {
    match shape.name {
        "OriginProtocolPolicy" => &["https-only", "http-only", "match-viewer"],
        _ => &shape.values,
    }
}

/// Whether the lack of a header that the model requires is one of the violations of the constraints.
///
/// Elsewhere the control plane answers `InvalidIfMatchVersion` without `If-Match`, also where its model requires the
/// header (aws/aws-sdk#576). Of these two it was seen (captures of 2026-10 in MiniStack's tests).
pub(crate) fn misses_headers(operation: &str) -> bool {
    matches!(operation, "UpdateVpcOrigin" | "DeleteVpcOrigin")
}

/// The codes that an operation answers and its model does not declare.
///
/// CreateFunction refuses tags as `InvalidTagging` (captures of 2026-10 in MiniStack's tests).
pub(crate) fn undeclared(operation: &str) -> &'static [&'static str] {
    match operation {
        "CreateFunction" => &["InvalidTagging"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::Service;

    /// As botocore 1.43 parses it: without the misspelt header it finds no ETag.
    #[test]
    fn an_etag_that_the_model_misspells_is_sent_in_both_spellings() {
        let service = Service::cloudfront().unwrap();
        let operation = service.operations().iter().find(|o| o.name == "UpdateFunction").unwrap();
        let summary = json!({"Name": "f", "Status": "UNPUBLISHED"});
        let output = json!({"FunctionSummary": summary, "ETag": "E3UN6WX5RRO2AG"});
        let Value::Object(output) = output else { panic!("an output is an object") };
        let answer = service.encode(operation, &output).unwrap();
        let headers: Vec<_> =
            answer.headers().iter().map(|(k, v)| (k.as_str(), v.to_str().unwrap())).collect();
        assert_eq!(
            headers,
            [("content-type", "text/xml"), ("ettag", "E3UN6WX5RRO2AG"), ("etag", "E3UN6WX5RRO2AG")]
        );
    }

    #[test]
    fn what_departs_from_the_model_is_in_the_model() {
        let service = Service::cloudfront().unwrap();
        for shape in service.shapes() {
            let (mut named, mut known) = (super::named_values(shape).to_vec(), shape.values.clone());
            named.sort_unstable();
            known.sort_unstable();
            assert_eq!(named, known, "{}", shape.name);
        }
        let departs = |operation: &&crate::Operation| {
            super::misses_headers(operation.name) || !super::undeclared(operation.name).is_empty()
        };
        let departing: Vec<_> = service.operations().iter().filter(departs).collect();
        let names: Vec<_> = departing.iter().map(|operation| operation.name).collect();
        assert_eq!(names, ["CreateFunction", "DeleteVpcOrigin", "UpdateVpcOrigin"]);
        for code in departing.iter().flat_map(|operation| super::undeclared(operation.name)) {
            assert!(service.status_of(code).is_some(), "{code}");
        }
    }

    #[test]
    fn no_other_header_of_any_answer_has_a_second_name() {
        let service = Service::cloudfront().unwrap();
        let mut twice = Vec::new();
        for operation in service.operations() {
            let output = operation.output.and_then(|id| service.shape(id).structure());
            for member in output.into_iter().flat_map(|output| &output.members) {
                if super::also_sent_as(member.wire_name).is_some() {
                    twice.push(operation.name);
                }
            }
        }
        assert_eq!(twice, ["UpdateFunction"]);
    }
}
