//! The builtins of the engine, as the mutation analysis of `keyfront-njs` must know them.

use keyfront_domain::function::Runtime;
use keyfront_njs::prepare;

fn mutates(code: &str) -> bool {
    prepare(code, Runtime::Js2).unwrap_or_else(|refusal| panic!("{refusal}: {code}")).mutates_builtins
}

/// Whether a program with this body of a function mutates builtins. The name `a` is a parameter.
fn mutates_within(body: &str) -> bool {
    mutates(&format!("function handler(a, event) {{ {body} }}"))
}

/// The engine's own objects are asked what they have, so that a newer engine with more of them is noticed.
#[test]
fn every_name_of_the_engine_is_known() {
    let runtime = rquickjs::Runtime::new().unwrap();
    let context = rquickjs::Context::full(&runtime).unwrap();
    let (globals, members): (Vec<String>, Vec<String>) = context.with(|ctx| {
        let lists: Vec<Vec<String>> = ctx
            .eval(
                "(function () {
                    const seen = new Set(), members = new Set();
                    const isObject = v => v !== null && (typeof v === 'object' || typeof v === 'function');
                    const isHolder = o => typeof o === 'function' && o !== Function.prototype
                        || o === globalThis || [Math, JSON, Reflect, Atomics].includes(o);
                    const walk = o => {
                        if (!isObject(o) || seen.has(o)) return;
                        seen.add(o);
                        for (const k of Reflect.ownKeys(o)) {
                            const d = Object.getOwnPropertyDescriptor(o, k);
                            if (isObject(d.value) && typeof k === 'string' && !isHolder(o)) members.add(k);
                            [d.value, d.get, d.set].forEach(walk);
                        }
                        walk(Object.getPrototypeOf(o));
                    };
                    walk(globalThis);
                    [async function () {}, [][Symbol.iterator](), 'x'[Symbol.iterator]()].forEach(walk);
                    const globals = Object.getOwnPropertyNames(globalThis).filter(k => isObject(globalThis[k]));
                    return [globals, [...members]];
                })()",
            )
            .unwrap();
        let mut lists = lists.into_iter();
        (lists.next().unwrap(), lists.next().unwrap())
    });
    assert!(globals.len() > 40 && members.len() > 100);
    for name in globals {
        // A variable of the same name elsewhere hides nothing here.
        assert!(mutates(&format!("function f({name}) {{}} function handler() {{ {name}.x = 1 }}")), "{name}");
    }
    let unknown: Vec<&String> =
        members.iter().filter(|name| !mutates_within(&format!("a.{name}.x = 1"))).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
