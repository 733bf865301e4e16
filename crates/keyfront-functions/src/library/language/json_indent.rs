//! Indentation of `JSON.stringify` as in njs, where an empty object or list has lines of its own too.

use rquickjs::function::Opt;
use rquickjs::{Coerced, Ctx, Function, IntoJs, Object, Value};

use super::{method, text};

/// The longest indentation of one level, in characters (ECMA-262, `JSON.stringify`).
const MAX_GAP: usize = 10;

pub(super) fn install(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    let json: Object<'_> = ctx.globals().get("JSON")?;
    method(&json, "stringify", 3, Function::new(ctx.clone(), stringify)?)
}

fn stringify<'js>(
    ctx: Ctx<'js>,
    value: Opt<Value<'js>>,
    replacer: Opt<Value<'js>>,
    space: Opt<Value<'js>>,
) -> rquickjs::Result<Value<'js>> {
    let [value, replacer, space] =
        [value, replacer, space].map(|given| given.0.unwrap_or_else(|| Value::new_undefined(ctx.clone())));
    let gap = gap(&ctx, &space)?;
    let Some(written) = ctx.json_stringify_replacer_space(value, replacer, space)? else {
        return Ok(Value::new_undefined(ctx));
    };
    if gap.is_empty() {
        return Ok(written.into_value());
    }
    let written_text = text::of(&ctx, &written)?;
    if !written_text.contains("{}") && !written_text.contains("[]") {
        return Ok(written.into_value());
    }
    spread(&written_text, &gap).into_js(&ctx)
}

/// The indentation of one level. Empty without indentation, and for what would read like JSON itself.
fn gap<'js>(ctx: &Ctx<'js>, space: &Value<'js>) -> rquickjs::Result<String> {
    if space.is_number() {
        let wide = space.get::<Coerced<f64>>()?.0;
        return Ok((1..=MAX_GAP)
            .zip(1_u32..)
            .take_while(|(_, at)| f64::from(*at) <= wide)
            .map(|_| ' ')
            .collect());
    }
    let Some(space) = space.as_string() else { return Ok(String::new()) };
    let gap: String = text::of(ctx, space)?.chars().take(MAX_GAP).collect();
    let is_clear = gap.chars().all(|character| !matches!(character, '"' | '\\' | '{' | '}' | '[' | ']'));
    Ok(if is_clear { gap } else { String::new() })
}

/// Gives what is empty an empty line. What the engine wrote has as much space before it on its line, so the text
/// becomes three times as long at most.
fn spread(written: &str, gap: &str) -> String {
    let mut spread = String::with_capacity(written.len() * 2);
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut rest = written.chars().peekable();
    while let Some(character) = rest.next() {
        spread.push(character);
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '{' | '[' => {
                depth += 1;
                if matches!(rest.peek(), Some('}' | ']')) {
                    for level in [depth, depth - 1] {
                        spread.push('\n');
                        spread.extend(std::iter::repeat_n(gap, level));
                    }
                }
            }
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    spread
}
