//! Prints values as njs does: `{a:1,b:'x'}`, `[1,<empty>,2]`, `[Function: f]`, `Uint8Array [1,2]`.
//!
//! Accessors are named and not called, except those of an error's name and message.

use rquickjs::atom::PredefinedAtom;
use rquickjs::function::This;
use rquickjs::{Array, Atom, Coerced, Ctx, Filter, Function, Object, Symbol, Value};

use super::text;

/// Values in each other (njs 0.7.9).
const MAX_DEPTH: usize = 32;

/// A value on a line of its own: a string is raw, everything else as it is printed within others. What is longer
/// than `most` bytes need not be whole.
pub(super) fn line<'js>(ctx: &Ctx<'js>, value: &Value<'js>, most: usize) -> rquickjs::Result<String> {
    if let Some(string) = value.as_string() {
        return text::of(ctx, string);
    }
    let mut printer = Printer { ctx, out: String::new(), most, around: Vec::new(), is_too_deep: false };
    printer.value(value)?;
    // njs prints the error that it does not throw.
    Ok(if printer.is_too_deep { String::from(TOO_DEEP) } else { printer.out })
}

const TOO_DEEP: &str = "TypeError: Nested too deep or a cyclic structure";

struct Printer<'a, 'js> {
    ctx: &'a Ctx<'js>,
    out: String,
    most: usize,
    /// The objects that the one being printed is in.
    around: Vec<Object<'js>>,
    is_too_deep: bool,
}

impl<'js> Printer<'_, 'js> {
    fn value(&mut self, value: &Value<'js>) -> rquickjs::Result<()> {
        if let Some(string) = value.as_string() {
            let raw = text::of(self.ctx, string)?;
            self.quoted(&raw);
        } else if let Some(symbol) = value.as_symbol() {
            self.symbol(symbol)?;
        } else if let Some(object) = value.as_object() {
            return self.object(object);
        } else if value.as_number().is_some_and(|number| number == 0.0 && number.is_sign_negative()) {
            self.out.push_str("-0");
        } else {
            self.out.push_str(&text::coerced(self.ctx, value)?);
        }
        Ok(())
    }

    fn quoted(&mut self, raw: &str) {
        self.out.push('\'');
        for character in raw.chars() {
            match character {
                '\u{8}' => self.out.push_str("\\b"),
                '\t' => self.out.push_str("\\t"),
                '\n' => self.out.push_str("\\n"),
                '\u{c}' => self.out.push_str("\\f"),
                '\r' => self.out.push_str("\\r"),
                '\\' => self.out.push_str("\\\\"),
                control if control < ' ' => self.out.push_str(&format!("\\u{:04x}", u32::from(control))),
                other => self.out.push(other),
            }
        }
        self.out.push('\'');
    }

    fn symbol(&mut self, symbol: &Symbol<'js>) -> rquickjs::Result<()> {
        let description: Value<'js> = symbol.description()?;
        self.out.push_str("Symbol(");
        if let Some(description) = description.as_string() {
            self.out.push_str(&text::of(self.ctx, description)?);
        }
        self.out.push(')');
        Ok(())
    }

    fn object(&mut self, object: &Object<'js>) -> rquickjs::Result<()> {
        if self.out.len() > self.most {
            return Ok(());
        }
        if self.around.contains(object) {
            self.out.push_str("[Circular]");
            return Ok(());
        }
        if object.is_function() {
            return self.function(object);
        }
        if object.is_error() {
            let text = error(self.ctx, object)?;
            self.out.push_str(&text);
            return Ok(());
        }
        let is_plain = object
            .get_prototype()
            .is_none_or(|prototype| prototype.get_prototype().is_none() && !object.is_array());
        if !object.is_array() && !is_plain && self.special(object)? {
            return Ok(());
        }
        if self.around.len() >= MAX_DEPTH {
            self.is_too_deep = true;
            return Ok(());
        }
        self.around.push(object.clone());
        match object.as_array() {
            Some(array) => self.array(array)?,
            None => self.members(object)?,
        }
        self.around.pop();
        Ok(())
    }

    fn function(&mut self, function: &Object<'js>) -> rquickjs::Result<()> {
        let name: Value<'js> = function.get(PredefinedAtom::Name)?;
        match name.as_string().map(|name| text::of(self.ctx, name)).transpose()? {
            Some(name) if !name.is_empty() => self.out.push_str(&format!("[Function: {name}]")),
            _ => self.out.push_str("[Function]"),
        }
        Ok(())
    }

    /// Prints what njs knows by its class. Says whether it did.
    fn special(&mut self, object: &Object<'js>) -> rquickjs::Result<bool> {
        let Some(class) = class(object) else { return Ok(false) };
        let shown = match class.as_str() {
            "Date" => match time(object)? {
                time if time.is_nan() => String::from("Invalid Date"),
                _ => method(object, "toISOString")?,
            },
            "RegExp" => method(object, "toString")?,
            "Number" | "Boolean" => format!("[{class}: {}]", self.within(object, &class)?),
            "String" => format!("[String: {}]", self.within(object, &class)?),
            "Symbol" => format!("[Symbol: {}]", self.within(object, &class)?),
            _ => return self.bytes(object, &class),
        };
        self.out.push_str(&shown);
        Ok(true)
    }

    /// The primitive in an object around it, as it is printed.
    fn within(&mut self, object: &Object<'js>, class: &str) -> rquickjs::Result<String> {
        let value_of: Function<'js> = prototype_of(self.ctx, class)?.get("valueOf")?;
        let primitive: Value<'js> = value_of.call((This(object.clone()),))?;
        if primitive.is_object() {
            return Ok(String::new());
        }
        let around = std::mem::take(&mut self.out);
        self.value(&primitive)?;
        Ok(std::mem::replace(&mut self.out, around))
    }

    /// Typed arrays and buffers.
    fn bytes(&mut self, object: &Object<'js>, class: &str) -> rquickjs::Result<bool> {
        let has_elements = class.ends_with("Array") || class == "Buffer";
        if !has_elements || !object.get::<_, Value<'js>>("BYTES_PER_ELEMENT")?.is_int() {
            return Ok(false);
        }
        self.out.push_str(&format!("{class} ["));
        let length: u32 = object.get(PredefinedAtom::Length)?;
        for index in 0..length {
            if index > 0 {
                self.out.push(',');
            }
            let element: Coerced<String> = object.get(index)?;
            self.out.push_str(&element.0);
            if self.out.len() > self.most {
                break;
            }
        }
        self.out.push(']');
        Ok(true)
    }

    fn array(&mut self, array: &Array<'js>) -> rquickjs::Result<()> {
        let length = length(array.as_object())?;
        self.out.push('[');
        if self.is_cut_by_elements(array, length)? {
            return Ok(());
        }
        let mut next = 0;
        let mut is_first = true;
        for (key, kind) in keys(array.as_object()) {
            if self.out.len() > self.most {
                return Ok(());
            }
            let key = key?;
            let name = text::of(self.ctx, &key.to_js_string()?)?;
            let index = name.parse::<u32>().ok().filter(|index| *index < length && index.to_string() == name);
            let index = index.filter(|_| kind == KeyKind::Name);
            let place = index.unwrap_or(length);
            self.holes(place - next, &mut is_first);
            self.comma(&mut is_first);
            next = place.saturating_add(1).min(length);
            if index.is_none() {
                self.key(&name, kind);
            }
            self.member(array.as_object(), key, kind)?;
        }
        self.holes(length - next, &mut is_first);
        self.out.push(']');
        Ok(())
    }

    /// Prints the first elements of an array of which more than those cannot be kept, without asking for all of its
    /// keys, which can take more memory than there is. An array with a hole near its begin is not such a one.
    fn is_cut_by_elements(&mut self, array: &Array<'js>, length: u32) -> rquickjs::Result<bool> {
        let enough = u32::try_from(self.most / 2).unwrap_or(u32::MAX).saturating_add(1);
        if length <= enough {
            return Ok(false);
        }
        for index in 0..enough {
            if !array.as_object().contains_key(index)? {
                return Ok(false);
            }
        }
        for index in 0..enough {
            self.value(&array.as_object().get(index)?)?;
            self.out.push(',');
            if self.out.len() > self.most {
                break;
            }
        }
        Ok(true)
    }

    fn holes(&mut self, count: u32, is_first: &mut bool) {
        match count {
            0 => {}
            1 => {
                self.comma(is_first);
                self.out.push_str("<empty>");
            }
            _ => {
                self.comma(is_first);
                self.out.push_str(&format!("<{count} empty items>"));
            }
        }
    }

    fn members(&mut self, object: &Object<'js>) -> rquickjs::Result<()> {
        let tag: Value<'js> = object.get(PredefinedAtom::SymbolToStringTag)?;
        if let Some(tag) = tag.as_string() {
            self.out.push_str(&text::of(self.ctx, tag)?);
            self.out.push(' ');
        }
        let mut is_first = true;
        self.out.push('{');
        for (key, kind) in keys(object) {
            if self.out.len() > self.most {
                return Ok(());
            }
            let key = key?;
            self.comma(&mut is_first);
            self.key(&text::of(self.ctx, &key.to_js_string()?)?, kind);
            self.member(object, key, kind)?;
        }
        self.out.push('}');
        Ok(())
    }

    fn comma(&mut self, is_first: &mut bool) {
        if !*is_first {
            self.out.push(',');
        }
        *is_first = false;
    }

    fn key(&mut self, name: &str, kind: KeyKind) {
        match kind {
            KeyKind::Name => self.out.push_str(name),
            KeyKind::Symbol => self.out.push_str(&format!("Symbol({name})")),
        }
        self.out.push(':');
    }

    fn member(&mut self, object: &Object<'js>, key: Atom<'js>, kind: KeyKind) -> rquickjs::Result<()> {
        let accessor = if kind == KeyKind::Name { accessor(self.ctx, object, &key)? } else { None };
        match accessor {
            Some(kind) => self.out.push_str(kind),
            None => self.value(&object.get(key)?)?,
        }
        Ok(())
    }
}

/// What a property is called by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum KeyKind {
    Name,
    Symbol,
}

type Keys<'js> = Vec<(rquickjs::Result<Atom<'js>>, KeyKind)>;

fn keys<'js>(object: &Object<'js>) -> Keys<'js> {
    let names = object.own_keys(Filter::new().string().enum_only()).map(|key| (key, KeyKind::Name));
    let symbols = object.own_keys(Filter::new().symbol().enum_only()).map(|key| (key, KeyKind::Symbol));
    names.chain(symbols).collect()
}

/// The length of an array. The bindings' own method takes none beyond 31 bits.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the length of an array is a whole number of 32 bits"
)]
fn length(array: &Object<'_>) -> rquickjs::Result<u32> {
    Ok(array.get::<_, f64>(PredefinedAtom::Length)? as u32)
}

/// How njs shows a property that has a getter, a setter or both.
fn accessor<'js>(
    ctx: &Ctx<'js>,
    object: &Object<'js>,
    key: &Atom<'js>,
) -> rquickjs::Result<Option<&'static str>> {
    let describe: Function<'js> =
        ctx.globals().get::<_, Object<'js>>("Object")?.get("getOwnPropertyDescriptor")?;
    let described: Value<'js> = describe.call((object.clone(), key.to_js_string()?))?;
    let Some(described) = described.as_object() else { return Ok(None) };
    let has = |name: &str| Ok::<_, rquickjs::Error>(described.get::<_, Value<'js>>(name)?.is_function());
    Ok(match (has("get")?, has("set")?) {
        (true, true) => Some("'[Getter/Setter]'"),
        (true, false) => Some("'[Getter]'"),
        (false, true) => Some("'[Setter]'"),
        (false, false) => None,
    })
}

/// What an error says of itself: its name, its message, or both.
fn error<'js>(ctx: &Ctx<'js>, error: &Object<'js>) -> rquickjs::Result<String> {
    let part = |key: PredefinedAtom| -> rquickjs::Result<String> {
        let part: Value<'js> = error.get(key)?;
        if part.is_undefined() { Ok(String::new()) } else { text::coerced(ctx, &part) }
    };
    let (name, message) = (part(PredefinedAtom::Name)?, part(PredefinedAtom::Message)?);
    Ok(match (name.as_str(), message.as_str()) {
        ("", _) => message,
        (_, "") => name,
        _ => format!("{name}: {message}"),
    })
}

/// The class of an object other than a plain one, as `Object.prototype.toString` tells it.
fn class(object: &Object<'_>) -> Option<String> {
    let told: Result<String, _> = prototype_of(object.ctx(), "Object")
        .and_then(|prototype| prototype.get::<_, Function<'_>>("toString"))
        .and_then(|to_string| to_string.call((This(object.clone()),)));
    if told.is_err() {
        // The program has put something else in its place.
        drop(object.ctx().catch());
    }
    Some(told.ok()?.strip_prefix("[object ")?.strip_suffix(']')?.to_owned())
}

fn prototype_of<'js>(ctx: &Ctx<'js>, name: &str) -> rquickjs::Result<Object<'js>> {
    ctx.globals().get::<_, Object<'js>>(name)?.get(PredefinedAtom::Prototype)
}

fn time(date: &Object<'_>) -> rquickjs::Result<f64> {
    prototype_of(date.ctx(), "Date")?.get::<_, Function<'_>>("getTime")?.call((This(date.clone()),))
}

fn method(object: &Object<'_>, name: &str) -> rquickjs::Result<String> {
    object.get::<_, Function<'_>>(name)?.call((This(object.clone()),))
}
