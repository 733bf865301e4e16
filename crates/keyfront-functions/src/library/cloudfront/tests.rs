//! The module in a context of its own, with the state of an invocation.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use keyfront_domain::pairs::StorePairs;
use rquickjs::{CatchResultExt, CaughtError, Context, Promise};

use super::super::modules;
use super::*;
use crate::event::{EventType, OriginDecision};
use crate::pair_reader::AssociatedStore;

const STORE: &str = "54947df8-0e9e-4471-a2f9-9af509fb5889";

pub(super) fn state(event_type: EventType, store: Option<StorePairs>) -> InvocationState {
    InvocationState {
        event_type,
        now_ms: 0,
        seed: 0,
        random_draws: Cell::new(0),
        store: store.map(|pairs| AssociatedStore { id: STORE.to_owned(), pairs: Rc::new(Arc::new(pairs)) }),
        store_reads: Cell::new(0),
        stack: RefCell::default(),
        logs: RefCell::default(),
        log_bytes_left: Cell::new(0),
        origin: RefCell::default(),
    }
}

pub(super) fn context() -> Context {
    let context = Context::full(&rquickjs::Runtime::new().unwrap()).unwrap();
    context.with(|ctx| {
        modules::install(&ctx, Runtime::Js2).unwrap();
        install(&ctx, Runtime::Js2).unwrap();
        ctx.globals().set("cf", module(&ctx).unwrap()).unwrap();
    });
    context
}

/// Runs the body of an async function with a state; gives the text of what it returned or `threw` and what, and the
/// state.
pub(super) fn run(context: &Context, state: InvocationState, body: &str) -> (String, InvocationState) {
    context.with(|ctx| {
        drop(ctx.store_userdata(state).unwrap());
        let code = format!("(async function () {{ {body} }})().then(String)");
        let promise: Promise<'_> = ctx.eval(code).unwrap();
        let text = match promise.finish::<String>().catch(&ctx) {
            Ok(text) => text,
            Err(CaughtError::Exception(thrown)) => {
                format!(
                    "threw {}",
                    thrown.into_value().get::<rquickjs::convert::Coerced<String>>().unwrap().0
                )
            }
            Err(other) => panic!("{other:?}"),
        };
        (text, *ctx.remove_userdata::<InvocationState>().unwrap().unwrap())
    })
}

fn pairs() -> StorePairs {
    StorePairs::empty(1_701_385_675_765, 1_702_612_672_411).with([
        ("a", "1"),
        ("json", r#"{"list":[1,"ü"]}"#),
        ("bad", "{"),
        ("word", "hello"),
        ("text", "ü€😀"),
        ("1", "one"),
        ("undefined", "u"),
    ])
}

fn with_store(body: &str) -> String {
    run(&context(), state(EventType::ViewerRequest, Some(pairs())), body).0
}

#[test]
fn a_store_is_read_in_three_formats() {
    for (body, text) in [
        ("return await cf.kvs().get('a')", "1"),
        ("return typeof await cf.kvs().get('a')", "string"),
        ("return await cf.kvs().get('text', {format: 'string'})", "ü€😀"),
        ("return await cf.kvs().get('text', {format: undefined})", "ü€😀"),
        ("return await cf.kvs().get('text', undefined)", "ü€😀"),
        ("return (await cf.kvs().get('json', {format: 'json'})).list[1]", "ü"),
        ("return typeof await cf.kvs().get('a', {format: 'json'})", "number"),
        (
            "return (await cf.kvs().get('text', {format: 'bytes'})).join()",
            "195,188,226,130,172,240,159,152,128",
        ),
        ("return await cf.kvs().get(1)", "one"),
        ("return await cf.kvs().get()", "u"),
        ("return await cf.kvs().exists('a')", "true"),
        ("return await cf.kvs().exists('b')", "false"),
        ("return await cf.kvs().exists('\\ud800')", "false"),
        ("return cf.kvs().get('a') instanceof Promise", "true"),
        ("return cf.kvs().exists('a') instanceof Promise", "true"),
        ("return cf.kvs().meta() instanceof Promise", "true"),
        ("const get = cf.kvs().get; return await get('a')", "1"),
        ("return (await Promise.all([cf.kvs().get('a'), cf.kvs().get('1')])).join()", "1,one"),
    ] {
        assert_eq!(with_store(body), text, "{body}");
    }
}

#[test]
fn what_cannot_be_read_rejects() {
    for (body, text) in [
        ("return await cf.kvs().get('nothing')", "threw Error: KeyNotFound"),
        ("return await cf.kvs().get('A')", "threw Error: KeyNotFound"),
        ("return await cf.kvs().get('\\ud800')", "threw Error: KeyNotFound"),
        (
            "try { await cf.kvs().get('nothing') } catch (err) { return err.toString() === 'Error: KeyNotFound' }",
            "true",
        ),
        ("try { await cf.kvs().get('nothing') } catch (err) { return err instanceof Error }", "true"),
        ("return await cf.kvs().get('nothing').catch(err => err.message)", "KeyNotFound"),
        (
            "try { cf.kvs().get('bad', {format: 'json'}).catch(() => 0); return 'no throw' } catch (e) { return 'throw' }",
            "no throw",
        ),
        (
            "try { await cf.kvs().get('bad', {format: 'json'}) } catch (err) { return String(err) }",
            "SyntaxError: Unexpected end of input at position 1",
        ),
        (
            "JSON.parse = () => 1; return await cf.kvs().get('word', {format: 'json'})",
            "threw SyntaxError: Unexpected token at position 0",
        ),
        (
            "return await cf.kvs().get('a', {format: 'yaml'})",
            "threw Error: the format yaml is not supported; use \"string\", \"json\" or \"bytes\"",
        ),
        (
            "return await cf.kvs().get({toString() { throw new RangeError('mine') }})",
            "threw RangeError: mine",
        ),
    ] {
        assert_eq!(with_store(body), text, "{body}");
    }
}

#[test]
fn meta_tells_of_the_store() {
    let body = "const meta = await cf.kvs().meta(); \
                return [meta.keyCount, meta.creationDateTime.toISOString(), meta.lastUpdatedDateTime.toISOString(), \
                meta.creationDateTime instanceof Date, Object.keys(meta)].join(' ')";
    let text = "7 2023-11-30T23:07:55.765Z 2023-12-15T03:57:52.411Z true keyCount,creationDateTime,lastUpdatedDateTime";
    assert_eq!(with_store(body), text);
}

#[test]
fn a_store_has_to_be_associated_and_an_id_has_to_be_its_own() {
    let none = "threw Error: no key value store is associated with the function; associate one in its configuration \
                (KeyValueStoreAssociations)";
    let response = |store| state(EventType::ViewerResponse, store);
    assert_eq!(run(&context(), response(None), "cf.kvs()").0, none);
    assert_eq!(run(&context(), response(None), "cf.kvs('x')").0, none);
    let read = |body: &str| run(&context(), response(Some(pairs())), body).0;
    assert_eq!(read(&format!("return await cf.kvs('{STORE}').get('a')")), "1");
    assert_eq!(
        read("return cf.kvs('another')"),
        format!(
            "threw Error: the key value store another is not associated with the function; the one that is \
             associated with it is {STORE}"
        )
    );
}

#[test]
fn reads_are_counted_also_those_that_find_nothing() {
    let body = "const kvs = cf.kvs(); await kvs.get('a'); await kvs.exists('b'); await kvs.meta(); \
                await kvs.get('c').catch(() => 0)";
    let (_, state) = run(&context(), state(EventType::ViewerRequest, Some(pairs())), body);
    assert_eq!(state.store_reads.get(), 4);
}

#[test]
fn the_edge_is_known_to_viewer_requests_and_empty_for_viewer_responses() {
    let body = "return JSON.stringify(cf.edgeLocation)";
    let request = run(&context(), state(EventType::ViewerRequest, None), body).0;
    assert_eq!(request, r#"{"name":"IAD","serverIp":"127.0.0.1","region":"us-east-1"}"#);
    assert_eq!(run(&context(), state(EventType::ViewerResponse, None), body).0, "{}");
}

#[test]
fn a_standard_distribution_has_no_tenant() {
    for body in ["cf.distributionTenant.id", "cf.distributionTenant.parameters.get('key')"] {
        assert_eq!(with_store(body), "threw TypeError: distributionTenant module is not available", "{body}");
    }
}

#[test]
fn nothing_that_an_invocation_does_to_the_module_is_seen_by_the_next() {
    let context = context();
    let leave = "'use strict'; const kvs = cf.kvs(); kvs.mine = 1; const places = [cf, cf.kvs, Object.getPrototypeOf(kvs), \
                 kvs.get, kvs.exists, kvs.meta, cf.updateRequestOrigin, cf.selectRequestOriginById, \
                 cf.createRequestOriginGroup, cf.distributionTenant, cf.distributionTenant.parameters, \
                 cf.distributionTenant.parameters.get]; \
                 let refused = 0; \
                 for (const place of places) { try { place.left = 1 } catch (e) { refused += 1 } } \
                 try { cf.kvs = 1 } catch (e) { refused += 1 } \
                 try { cf.edgeLocation = 1 } catch (e) { refused += 1 } \
                 cf.edgeLocation.left = 1; \
                 return refused - places.length";
    assert_eq!(run(&context, state(EventType::ViewerRequest, Some(pairs())), leave).0, "2");
    let look = "return [cf.left, cf.kvs().mine, cf.edgeLocation.left, await cf.kvs().get('a')].join()";
    let other = StorePairs::empty(0, 0).with([("a", "another")]);
    assert_eq!(run(&context, state(EventType::ViewerRequest, Some(other)), look).0, ",,,another");
    // The getters are reached by their descriptors alone.
    let getters = "const of = (object, name) => Object.getOwnPropertyDescriptor(object, name).get; \
                   return [of(cf, 'edgeLocation'), of(cf.distributionTenant, 'id')].every(Object.isFrozen)";
    assert_eq!(run(&context, state(EventType::ViewerRequest, None), getters).0, "true");
}

#[test]
fn runtime_1_has_no_such_module() {
    let context = Context::full(&rquickjs::Runtime::new().unwrap()).unwrap();
    context.with(|ctx| {
        install(&ctx, Runtime::Js1).unwrap();
        assert!(module(&ctx).unwrap().is_undefined());
    });
}

#[test]
fn a_decision_about_the_origin_is_noted_and_the_last_one_counts() {
    let body =
        "cf.updateRequestOrigin({domainName: 'a.example.com'}); return cf.selectRequestOriginById('b')";
    let (text, state) = run(&context(), state(EventType::ViewerRequest, None), body);
    assert_eq!(text, "undefined");
    let Some(OriginDecision::Select { id, .. }) = state.origin.into_inner() else { panic!("no decision") };
    assert_eq!(id, "b");
}
