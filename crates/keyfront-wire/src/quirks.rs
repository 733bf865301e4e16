//! Where the service departs from its own model. Everything else follows the model; a departure that is not
//! here does not exist.

/// Under which other name a header is sent too.
///
/// The model spells one header that holds an ETag `ETtag`, and the service sends it so: SDKs that follow the
/// model, and Terraform with them, read nothing else. A client that knows better looks for `ETag`.
pub(crate) fn also_sent_as(header: &str) -> Option<&'static str> {
    header.eq_ignore_ascii_case("ETtag").then_some("ETag")
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
