//! Deep code and small stacks.

use keyfront_domain::function::Runtime;
use keyfront_njs::{lint, prepare};

/// The stack of a thread of the standard library and of tokio.
const STACK: usize = 2 * 1024 * 1024;

/// What opens a level, what stands inside, what closes it.
const LEVELS: [(&str, &str, &str); 30] = [
    ("(", "1", ")"),
    ("[", "1", "]"),
    ("({a:", "1", "})"),
    ("(function(){", "", "})"),
    ("({a(){", "", "}})"),
    ("a=>", "1", ""),
    ("{", "", "}"),
    ("if(1)", ";", ""),
    ("if(1);else ", ";", ""),
    ("while(1)", ";", ""),
    ("for(;;)", ";", ""),
    ("switch(1){case 1:", "", "}"),
    ("try{", "", "}catch(e){}"),
    ("1+", "1", ""),
    ("1**", "1", ""),
    ("!", "1", ""),
    ("typeof ", "1", ""),
    ("1?1:", "1", ""),
    ("1?", "1", ":1"),
    ("a=", "1", ""),
    ("a||", "1", ""),
    ("a??", "1", ""),
    ("a.b.", "c", ""),
    ("f()[", "1", "]"),
    ("f(", "1", ")"),
    ("a[", "1", "]"),
    ("new ", "a", ""),
    ("`${", "1", "}`"),
    ("f(function(){", "", "})"),
    ("class A extends (", "B", "){}"),
];

fn nested((opening, inside, closing): (&str, &str, &str), levels: usize) -> String {
    format!("{}{inside}{}", opening.repeat(levels), closing.repeat(levels))
}

fn on_small_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run).unwrap();
        thread.join().unwrap()
    })
}

#[test]
fn the_deepest_code_that_is_taken_fits_a_small_stack() {
    for level in LEVELS {
        for levels in [100, 133, 199, 299, 399, 799, 1_599, 3_199, 10_240] {
            let code = nested(level, levels);
            let said = on_small_stack(|| prepare(&code, Runtime::Js2).err());
            if let Some(refusal) = said.filter(|_| levels == 100) {
                assert!(level.0.starts_with("class"), "{refusal} {code}");
            }
        }
    }
}

#[test]
fn code_of_the_largest_size_that_only_nests_is_refused() {
    for level in ["(", "[", "{", "({a:", "a=>", "!", "`${"] {
        let refusal = prepare(&level.repeat(10_240 / level.len()), Runtime::Js2).unwrap_err();
        assert_eq!(refusal.message, "The code is nested too deeply", "{level}");
    }
}

#[test]
fn long_rows_are_taken() {
    let alternatives = "uri === '/a' || ".repeat(640) + "false";
    let branches = "if (uri === '/a') { uri = '/b' } else ".repeat(280) + "uri = '/c'";
    let sum = "a+".repeat(3_000) + "a";
    for code in [alternatives, branches, sum] {
        assert_eq!(on_small_stack(|| prepare(&code, Runtime::Js2).err()), None);
    }
}

#[test]
fn refused_code_of_any_depth_is_examined() {
    for level in LEVELS {
        let code = format!("class A {{}}\n{}", nested(level, 10_000 / (level.0.len() + level.2.len())));
        let findings = on_small_stack(|| lint(&code, Runtime::Js2));
        assert!(!findings.is_empty(), "{level:?}");
    }
}
