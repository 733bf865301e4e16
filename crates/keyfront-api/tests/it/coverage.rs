//! Every operation of every model, without an exception: here, or honestly absent; and never without a
//! signature.

use keyfront_api::registry::Registry;
use keyfront_error::Code;
use keyfront_wire::{Operation, Protocol, Service};

use crate::fixture::{Call, World};

fn registry() -> Registry {
    Registry::new().unwrap()
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
fn the_data_plane_and_the_extensions_are_complete() {
    let registry = registry();
    for registered in [&registry.data, &registry.extensions] {
        for (operation, handler) in registered.operations() {
            assert!(handler.is_some(), "{}", operation.name);
        }
    }
}

/// An operation answers the codes that its model declares, and those that any operation may answer.
#[test]
fn no_operation_refuses_with_a_code_that_its_model_does_not_declare() {
    for registered in registry().services() {
        let service = &registered.service;
        let handlers = registered.operations().filter_map(|(operation, handler)| Some((operation, handler?)));
        let undeclared: Vec<(&str, Code)> = handlers
            .flat_map(|(operation, handler)| {
                let codes = (handler.errors)().into_iter();
                let undeclared =
                    |code: &Code| !service.is_common(*code) && !service.declares(operation, *code);
                codes.filter(undeclared).map(|code| (operation.name, code))
            })
            .collect();
        assert_eq!(undeclared, [], "{}", service.signing_name);
    }
}

/// What Keyfront adds is nowhere near what AWS has: no path of the one is a path of the other, and what a
/// policy must allow is an operation of the data plane, or an action of Keyfront's own.
#[test]
fn extensions_are_apart_from_the_operations_of_aws_and_ask_for_their_permissions() {
    let Registry { control, data, extensions } = registry();
    for (operation, handler) in extensions.operations() {
        assert!(operation.uri.starts_with("/keyfront/"), "{}", operation.uri);
        let handler = handler.unwrap();
        let of_aws = data.operations().any(|(of_aws, _)| of_aws.name == handler.action);
        let of_its_own = handler.service == Some("keyfront") && handler.action == operation.name;
        assert!(of_aws != of_its_own, "{}", handler.action);
    }
    for (operation, handler) in control.operations().chain(data.operations()) {
        assert!(!operation.uri.starts_with("/keyfront"), "{}", operation.uri);
        let clashes = extensions.operations().any(|(extension, _)| extension.name == operation.name);
        assert!(!clashes, "{}", operation.name);
        assert!(handler.is_none_or(|handler| handler.action == operation.name && handler.service.is_none()));
    }
}

#[tokio::test]
async fn every_operation_is_reached_and_one_that_is_not_implemented_says_so_by_name() {
    let world = World::new();
    for registered in registry().services() {
        let service = &registered.service;
        for (operation, handler) in registered.operations() {
            let answer = call(&world, service, operation).send().await;
            let code = if service.protocol == Protocol::RestXml { "" } else { "Exception" };
            let name = &operation.name;
            let absent = format!("501 NotImplemented{code}: Keyfront does not implement {name} yet.");
            assert_eq!(answer.outcome() == absent, handler.is_none(), "{name}: {answer}");
            assert!(!answer.body.contains("InvalidURI") && answer.status != 500, "{name}: {answer}");
        }
    }
}

#[tokio::test]
async fn every_operation_refuses_a_request_without_a_signature() {
    let world = World::new();
    for registered in registry().services() {
        let service = &registered.service;
        for operation in service.operations() {
            let answer = call(&world, service, operation).unsigned().send().await;
            let code = if service.protocol == Protocol::RestXml { "" } else { "Exception" };
            let expected =
                format!("403 MissingAuthenticationToken{code}: Request is missing Authentication Token");
            assert_eq!(answer.refusal(), expected, "{}", operation.name);
        }
    }
}
