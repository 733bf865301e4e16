//! `console`, which has `log` only (AWS: "Console"): `console.error` is undefined, as on CloudFront.

use rquickjs::atom::PredefinedAtom;
use rquickjs::function::Opt;
use rquickjs::object::Property;
use rquickjs::{Ctx, Function, Object, Value};

use super::print;
use crate::invocation_state::InvocationState;

pub(super) fn install(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    let console = Object::new(ctx.clone())?;
    console.set("log", Function::new(ctx.clone(), log)?.with_name("log")?)?;
    console.prop(PredefinedAtom::SymbolToStringTag, "Console")?;
    ctx.globals().prop("console", Property::from(console).writable().enumerable().configurable())
}

/// Adds a line to the invocation's logs, as long as there is room. Only the first argument counts ("CloudFront
/// Functions doesn't support comma syntax").
fn log<'js>(ctx: Ctx<'js>, value: Opt<Value<'js>>) -> rquickjs::Result<()> {
    // The borrow ends before anything is printed: printing can run code, and that can log.
    let Some(left) = ctx.userdata::<InvocationState>().map(|state| state.log_bytes_left.get()) else {
        return Ok(());
    };
    let line = match value.0 {
        None => String::new(),
        Some(value) => print::line(&ctx, &value, left)?,
    };
    if let Some(state) = ctx.userdata::<InvocationState>() {
        let left = state.log_bytes_left.get();
        if left > 0 {
            let kept = line.floor_char_boundary(left);
            // Nothing follows a line that was cut. An empty line takes room too, or there would be no end of them.
            state.log_bytes_left.set(if kept < line.len() { 0 } else { left - kept.max(1) });
            state.logs.borrow_mut().push(line.get(..kept).unwrap_or_default().to_owned());
        }
    }
    Ok(())
}
