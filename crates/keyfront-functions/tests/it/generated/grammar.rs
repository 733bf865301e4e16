//! Writes programs from the words.

use super::dice::Dice;
use super::{calls, values};

/// How deep values are nested in values.
const DEPTH: usize = 3;

/// A function without parameters, as text.
pub(super) fn subject(dice: &mut Dice) -> String {
    if dice.below(5) == 0 {
        let body = dice.pick(calls::BODIES);
        format!("() => {{ {} }}", filled(dice, body, DEPTH))
    } else {
        let expression = dice.pick(calls::EXPRESSIONS);
        format!("() => ({})", filled(dice, expression, DEPTH))
    }
}

/// The template with values in its holes.
fn filled(dice: &mut Dice, template: &str, depth: usize) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, hole)) = rest.split_once('<') {
        text.push_str(before);
        let mut following = hole.chars();
        if let (Some(kind @ 'a'..='z'), Some('>')) = (following.next(), following.next()) {
            text.push_str(&value(dice, kind, depth));
            rest = following.as_str();
        } else {
            text.push('<');
            rest = hole;
        }
    }
    text + rest
}

fn value(dice: &mut Dice, kind: char, depth: usize) -> String {
    let plain = match kind {
        'n' => values::NUMBERS,
        'c' => values::COUNTS,
        's' => values::STRINGS,
        't' => values::DATE_TEXTS,
        'r' => values::REGEXES,
        'e' => values::ENCODINGS,
        'f' => return format!("({})", dice.pick(values::CALLBACKS)),
        'a' => return anything(dice, depth),
        'l' => return nested(dice, values::ARRAYS, depth),
        'o' => return nested(dice, values::OBJECTS, depth),
        'd' => return nested(dice, values::DATES, depth),
        'b' => return nested(dice, values::BUFFERS, depth),
        other => panic!("the words have a hole of an unknown kind: {other}"),
    };
    let plain = dice.pick(plain);
    if plain.starts_with('\'') || kind == 'e' { plain.to_owned() } else { format!("({plain})") }
}

fn anything(dice: &mut Dice, depth: usize) -> String {
    if depth > 0 && dice.below(3) == 0 {
        let expression = dice.pick(calls::EXPRESSIONS);
        return format!("({})", filled(dice, expression, depth - 1));
    }
    let kind = dice.pick(&['n', 'n', 's', 's', 's', 'l', 'o', 'd', 'b', 'r']);
    value(dice, kind, depth.saturating_sub(1))
}

/// One of the templates; of the first two, which have no holes, when it is deep enough.
fn nested(dice: &mut Dice, templates: &[&str], depth: usize) -> String {
    let templates = if depth == 0 { &templates[..2] } else { templates };
    let template = dice.pick(templates);
    format!("({})", filled(dice, template, depth.saturating_sub(1)))
}
