//! How steps are counted.

use keyfront_functions::{Isolate, Limits};

use crate::harness::{invocation, load, passing, told, untimed};

#[test]
fn a_count_is_the_same_each_time_and_tells_one_turn_of_a_loop() {
    let steps = |turns: u32| {
        let mut isolate = load(&passing(&format!("for (var i = 0; i < {turns}; i++) {{}}")));
        let first = isolate.invoke(&invocation()).used.steps;
        let second = isolate.invoke(&invocation()).used.steps;
        assert_eq!(first, second, "{turns} turns");
        first
    };
    let none = steps(0);
    assert!((1..20).contains(&none), "{none}");
    let one = steps(1) - none;
    assert!((1..=3).contains(&one), "{one}");
    for turns in [10, 4_999, 5_000, 5_001, 10_000, 33_333] {
        assert_eq!(steps(turns), none + u64::from(turns) * one, "{turns} turns");
    }
}

#[test]
fn a_budget_is_kept_to_the_step() {
    let body = "for (var i = 0; i < 20000; i++) {}";
    let needed = load(&passing(body)).invoke(&invocation()).used.steps;
    let with =
        |steps: u64| Isolate::load(&passing(body), Limits { steps, ..untimed() }).invoke(&invocation());
    let enough = with(needed);
    assert_eq!((told(&enough).as_str(), enough.used.share), ("/index", 100));
    let short = with(needed - 1);
    assert_eq!((told(&short).as_str(), short.used.share), ("RangeError: Instruction limit exceeded", 100));
}

#[test]
fn the_share_of_the_budget_grows_with_the_work_from_nothing_on() {
    let share = |turns: u32| {
        let body = format!("for (var i = 0; i < {turns}; i++) {{}}");
        u32::from(load(&passing(&body)).invoke(&invocation()).used.share)
    };
    assert_eq!(share(0), 1, "the least that there is");
    // A turn has two or three steps, of 200,000.
    for turns in [2_000, 6_000, 20_000, 50_000] {
        let least = turns * 2 * 100 / 200_000;
        assert!((least..=least * 3 / 2 + 1).contains(&share(turns)), "{turns} turns: {}", share(turns));
    }
}

#[test]
fn what_passes_on_cloudfront_is_within_the_budget_and_much_more_is_not() {
    let passes = [
        "for (var i = 0; i < 1000; i++) { event.request.headers['x-' + i] = {value: 'v'} }",
        "var v = 'a=b; '.repeat(200).split('; ').map(function (p) { return p.split('=') }).length",
        "var u = '/' + 'segment/'.repeat(1000); u.replace(/[^a-z\\/]/g, '').match(/^(\\/[a-z]+)*\\/?$/)",
        "var h = 'text/html,application/xhtml+xml;q=0.9,'.repeat(10), n = 0;
         for (var i = 0; i < h.length; i++) { if (h.charAt(i) === ',') n++; else if (h.charCodeAt(i) > 127) n-- }",
        "for (var i = 0; i < 30000; i++) {}",
    ];
    for body in passes {
        assert_eq!(told(&load(&passing(body)).invoke(&invocation())), "/index", "{body}");
    }
    let body = "for (var i = 0; i < 100000; i++) {}";
    assert_eq!(told(&load(&passing(body)).invoke(&invocation())), "RangeError: Instruction limit exceeded");
}
