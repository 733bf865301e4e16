//! `RegExp`, which in njs knows the flags `g`, `i`, `m` and `y` only. `keyfront-njs` refuses literals with other flags.

use rquickjs::function::{Rest, This};
use rquickjs::{Constructor, Ctx, Exception, Function, Value};

use super::{replace_constructor, text};

pub(super) fn install(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    replace_constructor(ctx, "RegExp", &[], Function::new(ctx.clone(), asked)?).map(drop)
}

fn asked<'js>(
    ctx: Ctx<'js>,
    new_target: This<Value<'js>>,
    original: Constructor<'js>,
    arguments: Rest<Value<'js>>,
) -> rquickjs::Result<Value<'js>> {
    if let Some(flags) = arguments.get(1).filter(|flags| !flags.is_undefined()) {
        let flags = text::coerced(&ctx, flags)?;
        let known = flags.chars().all(|flag| matches!(flag, 'g' | 'i' | 'm' | 'y'));
        let repeated = flags
            .chars()
            .enumerate()
            .any(|(place, flag)| flags.chars().skip(place + 1).any(|more| more == flag));
        if !known || repeated {
            return Err(Exception::throw_syntax(&ctx, &format!("Invalid RegExp flags \"{flags}\"")));
        }
    }
    if new_target.is_function() {
        return original.construct((Rest(arguments.into_inner()),));
    }
    original.call((Rest(arguments.into_inner()),))
}
