//! `Math.random` from the invocation's seed, so that an invocation can be repeated exactly.
//!
//! CloudFront's is arc4random, seeded with the time at which the function begins. Code cannot depend on its
//! numbers; these are SplitMix64's.

use rquickjs::{Ctx, Function, Object};

use super::method;
use crate::invocation_state::InvocationState;

pub(super) fn install(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    let math: Object<'_> = ctx.globals().get("Math")?;
    method(&math, "random", 0, Function::new(ctx.clone(), random)?)
}

fn random(ctx: Ctx<'_>) -> f64 {
    let Some(state) = ctx.userdata::<InvocationState>() else { return 0.0 };
    let drawn = state.random_draws.get().wrapping_add(1);
    state.random_draws.set(drawn);
    fraction(mixed(state.seed.wrapping_add(drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15))))
}

fn mixed(state: u64) -> u64 {
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The upper 52 bits as a number from 0 to just below 1.
fn fraction(bits: u64) -> f64 {
    f64::from_bits((bits >> 12) | 0x3ff0_0000_0000_0000) - 1.0
}
