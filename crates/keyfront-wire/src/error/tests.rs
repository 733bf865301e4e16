//! Tests of errors as they are encoded for each protocol.

use std::collections::BTreeSet;

use keyfront_error::{Code, ServiceError};

use crate::model::Service;

fn written(service: &Service, code: Code, message: &'static str) -> (u16, String) {
    let response = service.encode_error(&ServiceError::new(code, message), "req-1");
    (response.status().as_u16(), String::from_utf8(response.body().to_vec()).unwrap())
}

fn services() -> [Service; 3] {
    [Service::cloudfront().unwrap(), Service::key_value_store().unwrap(), Service::extensions().unwrap()]
}

#[test]
fn control_plane_errors_are_xml_with_the_side_that_erred() {
    let service = Service::cloudfront().unwrap();
    let (status, body) = written(&service, Code::EntityNotFound, "The entity was <not> found.");
    assert_eq!(status, 404);
    assert_eq!(
        body,
        "<?xml version=\"1.0\"?>\n<ErrorResponse xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Error>\
         <Type>Sender</Type><Code>EntityNotFound</Code><Message>The entity was &lt;not&gt; found.</Message></Error>\
         <RequestId>req-1</RequestId></ErrorResponse>"
    );
    // Captures of CreateVpcOrigin of 2026-10 in MiniStack's tests: a number that cannot be read has no message.
    let (status, body) = written(&service, Code::MalformedInput, "");
    assert!(status == 400 && body.contains("<Code>MalformedInput</Code></Error>"), "{status} {body}");
    let (status, body) = written(&service, Code::InternalFailure, "x");
    assert!(status == 500 && body.contains("<Type>Receiver</Type>"), "{status} {body}");
}

#[test]
fn data_plane_errors_are_json_with_the_type_in_a_header() {
    let service = Service::key_value_store().unwrap();
    let error = ServiceError::new(Code::ServiceQuotaExceededException, "Limit \"exceeded\"");
    let response = service.encode_error(&error, "req-1");
    assert_eq!(response.status(), 402);
    assert_eq!(response.headers().get("x-amzn-errortype").unwrap(), "ServiceQuotaExceededException");
    assert_eq!(response.body(), r#"{"Message":"Limit \"exceeded\""}"#);
}

#[test]
fn a_common_code_is_spelled_as_the_protocol_spells_it() {
    let [control, data, _] = services();
    let spelled = |service: &Service, code: Code| {
        let spelling = service.spell(code).unwrap();
        (spelling.status, spelling.name)
    };
    for (code, xml, json) in [
        (Code::AccessDenied, (403, "AccessDenied"), (403, "AccessDeniedException")),
        (Code::Throttling, (400, "Throttling"), (400, "ThrottlingException")),
        (Code::InvalidURI, (400, "InvalidURI"), (404, "UnknownOperationException")),
        (Code::MalformedXML, (400, "MalformedXML"), (400, "SerializationException")),
        (Code::InternalFailure, (500, "InternalFailure"), (500, "InternalServerException")),
    ] {
        assert_eq!((spelled(&control, code), spelled(&data, code)), (xml, json), "{code:?}");
    }
    assert_eq!(data.spell(Code::NoSuchPublicKey), None);
}

/// So a code that the list has and no model is a failure here, and a code that a model has and the list has not
/// cannot be written down.
#[test]
fn the_codes_are_those_of_the_models_and_the_common_ones() {
    let names = |service: &Service| -> BTreeSet<&str> {
        Code::ALL.iter().map(|code| code.name(service.protocol.spelling())).collect()
    };
    for service in services() {
        let known = names(&service);
        let unknown: Vec<_> = service.error_codes().filter(|code| !known.contains(code)).collect();
        assert!(unknown.is_empty(), "add to keyfront_error::Code: {unknown:?}");
    }
    let all = services();
    for code in Code::ALL {
        let declared = all.iter().any(|service| service.spell(*code).is_some());
        assert!(declared, "{code:?} is declared by no model and not common");
    }
}

#[test]
fn the_models_and_the_common_list_agree_on_statuses() {
    for service in services() {
        for code in Code::ALL {
            let Some(common) = code.common(service.protocol.spelling()) else { continue };
            let declared = service.status_of(common.name);
            assert!(declared.is_none_or(|status| status == common.status), "{code:?}");
        }
    }
}

#[test]
fn errors_of_the_models_have_no_members_beside_the_message() {
    for service in services() {
        for shape in service.shapes().iter().filter(|shape| service.status_of(shape.name).is_some()) {
            let members = shape.structure().into_iter().flat_map(|structure| &structure.members);
            let others: Vec<_> = members
                .map(|member| member.name)
                .filter(|name| !name.eq_ignore_ascii_case("message"))
                .collect();
            assert!(others.is_empty(), "{}: {others:?}", shape.name);
        }
    }
}

#[test]
fn an_operation_declares_its_own_codes() {
    let service = Service::cloudfront().unwrap();
    let operation = service.operations().iter().find(|operation| operation.name == "GetPublicKey").unwrap();
    for (code, declared) in [
        (Code::NoSuchPublicKey, true),
        (Code::Throttling, false),
        (Code::PublicKeyInUse, false),
        (Code::ConflictException, false),
    ] {
        assert_eq!(service.declares(operation, code), declared, "{code:?}");
    }
}
