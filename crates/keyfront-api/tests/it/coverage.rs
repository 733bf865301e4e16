//! Every operation of every model, without an exception: here, or honestly absent; and never without a
//! signature.

use std::collections::BTreeSet;

use keyfront_api::operation::Handler;
use keyfront_api::{control, data, extensions};
use keyfront_wire::{Operation, Protocol, Service};

use crate::fixture::{Call, World};

fn models() -> [(Service, Vec<&'static Handler>); 3] {
    [
        (Service::cloudfront().unwrap(), control::operations().collect()),
        (Service::key_value_store().unwrap(), data::OPERATIONS.iter().collect()),
        (Service::extensions().unwrap(), extensions::OPERATIONS.iter().collect()),
    ]
}

/// A request that leads to the operation: every label is `x`, every query parameter of the path is there.
fn call<'w>(world: &'w World, service: &Service, operation: &Operation) -> Call<'w> {
    let segments = operation.uri.split_inclusive(['{', '}']);
    let path: String = segments
        .map(|part| match part.strip_suffix('}') {
            Some(_label) => "x",
            None => part.trim_end_matches('{'),
        })
        .collect();
    match service.protocol {
        Protocol::RestXml => world.control(operation.method.as_str(), path),
        Protocol::RestJson => world.data(operation.method.as_str(), path),
    }
}

#[test]
fn every_operation_of_the_tables_is_in_its_model_once() {
    for (service, table) in models() {
        let names: BTreeSet<_> = service.operations().iter().map(|operation| operation.name).collect();
        let known: BTreeSet<_> = table.iter().map(|handler| handler.name).collect();
        assert_eq!(known.len(), table.len());
        assert!(known.is_subset(&names), "{:?}", known.difference(&names));
    }
    assert_eq!(data::OPERATIONS.len(), Service::key_value_store().unwrap().operations().len());
    assert_eq!(extensions::OPERATIONS.len(), Service::extensions().unwrap().operations().len());
}

/// What Keyfront adds is nowhere near what AWS has: no path of the one is a path of the other, and what a
/// policy must allow is an operation of the data plane.
#[test]
fn extensions_are_apart_from_those_of_the_service_and_ask_for_their_permissions() {
    let [(control, control_table), (data, table), (extensions, extensions_table)] = models();
    for operation in extensions.operations() {
        assert!(operation.uri.starts_with("/keyfront/"), "{}", operation.uri);
    }
    for operation in control.operations().iter().chain(data.operations()) {
        assert!(!operation.uri.starts_with("/keyfront"), "{}", operation.uri);
        assert!(
            extensions.operations().iter().all(|extension| extension.name != operation.name),
            "{}",
            operation.name
        );
    }
    for handler in extensions_table {
        assert!(table.iter().any(|of_aws| of_aws.name == handler.action), "{}", handler.action);
    }
    for table in [control_table, table] {
        assert!(table.iter().all(|handler| handler.action == handler.name));
    }
}

#[tokio::test]
async fn every_operation_is_reached_and_one_that_is_not_implemented_says_so_by_name() {
    let world = World::new();
    for (service, table) in models() {
        for operation in service.operations() {
            let answer = call(&world, &service, operation).send().await;
            let code = if service.protocol == Protocol::RestXml { "" } else { "Exception" };
            let name = &operation.name;
            let absent = format!("501 NotImplemented{code}: Keyfront does not implement {name} yet.");
            let implemented = table.iter().any(|handler| handler.name == *name);
            assert_eq!(answer.outcome() == absent, !implemented, "{name}: {answer}");
            assert!(!answer.body.contains("InvalidURI") && answer.status != 500, "{name}: {answer}");
        }
    }
}

#[tokio::test]
async fn every_operation_refuses_a_request_without_a_signature() {
    let world = World::new();
    for (service, _) in models() {
        for operation in service.operations() {
            let answer = call(&world, &service, operation).unsigned().send().await;
            let code = if service.protocol == Protocol::RestXml { "" } else { "Exception" };
            let expected =
                format!("403 MissingAuthenticationToken{code}: Request is missing Authentication Token");
            assert_eq!(answer.refusal(), expected, "{}", operation.name);
        }
    }
}
