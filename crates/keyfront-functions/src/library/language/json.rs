//! `JSON.parse` with njs's texts of errors and njs's limit of nesting.
//!
//! The engine parses. When it refuses, the text is read once more, slowly, for what njs would have said about it; or
//! for numbers that only njs takes, which reads `1.`, `.5` and `01` as `strtod` does.

use rquickjs::function::{Opt, This};
use rquickjs::{Ctx, Error, Exception, Filter, Function, Object, Value};

use super::{method, text};

/// Arrays and objects in each other (njs 0.7.9).
const MAX_DEPTH: usize = 31;

pub(super) fn install(ctx: &Ctx<'_>) -> rquickjs::Result<()> {
    let json: Object<'_> = ctx.globals().get("JSON")?;
    method(&json, "parse", 2, Function::new(ctx.clone(), parse)?)
}

fn parse<'js>(
    ctx: Ctx<'js>,
    source: Opt<Value<'js>>,
    reviver: Opt<Value<'js>>,
) -> rquickjs::Result<Value<'js>> {
    let source = source.0.unwrap_or_else(|| Value::new_undefined(ctx.clone()));
    let parsed = parse_text(&ctx, &text::coerced(&ctx, &source)?)?;
    match reviver.0.and_then(Value::into_function) {
        None => Ok(parsed),
        Some(reviver) => {
            let holder = Object::new(ctx.clone())?;
            holder.set("", parsed)?;
            revive(&holder, "", &reviver, 0)
        }
    }
}

/// What `JSON.parse` makes of a text, whatever a program has put in its place.
pub(crate) fn parse_text<'js>(ctx: &Ctx<'js>, source: &str) -> rquickjs::Result<Value<'js>> {
    if let Some(place) = too_deep(source) {
        return Err(Exception::throw_syntax(ctx, &format!("Nested too deep at position {place}")));
    }
    if source.contains('\0') {
        // The bindings take no text with a null character, and JSON has none.
        return reread(ctx, source);
    }
    ctx.json_parse(source).or_else(|error| refused(ctx, error, source))
}

/// What njs makes of a text that the engine refused. Errors other than those of syntax stay as they are.
fn refused<'js>(ctx: &Ctx<'js>, error: Error, source: &str) -> rquickjs::Result<Value<'js>> {
    if !error.is_exception() {
        return Err(error);
    }
    let thrown = ctx.catch();
    let name = thrown.as_object().and_then(|thrown| thrown.get::<_, String>("name").ok());
    if name.as_deref() != Some("SyntaxError") {
        return Err(ctx.throw(thrown));
    }
    reread(ctx, source)
}

/// What njs makes of a text that is not JSON to the letter.
fn reread<'js>(ctx: &Ctx<'js>, source: &str) -> rquickjs::Result<Value<'js>> {
    match Reader::new(source).respelled() {
        Ok(respelled) => ctx.json_parse(respelled),
        Err((what, place)) => Err(Exception::throw_syntax(ctx, &format!("{what} at position {place}"))),
    }
}

/// Where the first array or object begins that is nested too deep, in characters.
fn too_deep(source: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (place, byte) in source.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return source.get(..place).map(|before| before.chars().count());
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The walk that `JSON.parse` makes with a reviver: from the leaves to the root.
fn revive<'js>(
    holder: &Object<'js>,
    key: &str,
    reviver: &Function<'js>,
    depth: usize,
) -> rquickjs::Result<Value<'js>> {
    let value: Value<'js> = holder.get(key)?;
    if depth > MAX_REVIVED_DEPTH {
        return Err(Exception::throw_range(holder.ctx(), "Maximum call stack size exceeded"));
    }
    if let Some(object) = value.as_object() {
        let member = |key: &str| -> rquickjs::Result<()> {
            let member = revive(object, key, reviver, depth + 1)?;
            if member.is_undefined() { object.remove(key) } else { object.set(key, member) }
        };
        if object.is_array() {
            let mut index = 0_u32;
            // The reviver may change the length; that it is called each time makes the walk end with the budget.
            while f64::from(index) < object.get::<_, f64>("length")? {
                member(&index.to_string())?;
                index += 1;
            }
        } else {
            for key in object.own_keys::<String>(Filter::default()) {
                member(&key?)?;
            }
        }
    }
    reviver.call((This(holder.clone()), key, value))
}

/// A parsed text is never that deep, but a reviver can put what it likes into it.
const MAX_REVIVED_DEPTH: usize = 100;

/// What is wrong, in njs's words, and where, in characters.
type SyntaxError = (&'static str, usize);

const END: &str = "Unexpected end of input";
const TOKEN: &str = "Unexpected token";
const NUMBER: &str = "Unexpected number";

/// Reads a text that is not JSON up to where njs stops.
struct Reader {
    characters: Vec<char>,
    place: usize,
    /// Where numbers begin and end.
    numbers: Vec<(usize, usize)>,
}

impl Reader {
    fn new(source: &str) -> Reader {
        Reader { characters: source.chars().collect(), place: 0, numbers: Vec::new() }
    }

    /// The text with its numbers as the standard writes them, or the first fault.
    fn respelled(mut self) -> Result<String, SyntaxError> {
        self.value()?;
        self.skip_spaces();
        if self.place < self.characters.len() {
            return Err((TOKEN, self.place));
        }
        let mut text = String::new();
        let mut passed = 0;
        for (from, to) in self.numbers {
            let number: String = self.characters.get(from..to).unwrap_or_default().iter().collect();
            let Ok(value) = number.parse::<f64>() else { return Err((NUMBER, from)) };
            text.extend(self.characters.get(passed..from).unwrap_or_default());
            text.push_str(&format!("{value:e}"));
            passed = to;
        }
        text.extend(self.characters.get(passed..).unwrap_or_default());
        Ok(text)
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.place).copied()
    }

    fn skip_spaces(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.place += 1;
        }
    }

    /// The next character other than a space.
    fn next(&mut self) -> Result<char, SyntaxError> {
        self.skip_spaces();
        self.peek().ok_or((END, self.place))
    }

    fn value(&mut self) -> Result<(), SyntaxError> {
        match self.next()? {
            '{' => self.object(),
            '[' => self.array(),
            '"' => self.string(),
            't' => self.word("true"),
            'f' => self.word("false"),
            'n' => self.word("null"),
            character if character <= '9' => self.number(),
            _ => Err((TOKEN, self.place)),
        }
    }

    fn object(&mut self) -> Result<(), SyntaxError> {
        self.place += 1;
        if self.next()? == '}' {
            self.place += 1;
            return Ok(());
        }
        loop {
            if self.next()? != '"' {
                return Err((TOKEN, self.place));
            }
            self.string()?;
            self.skip_spaces();
            if self.peek() != Some(':') {
                return Err((TOKEN, self.place));
            }
            self.place += 1;
            self.value()?;
            match self.next()? {
                '}' => break,
                ',' => self.comma('}')?,
                _ => return Err((TOKEN, self.place)),
            }
        }
        self.place += 1;
        Ok(())
    }

    fn array(&mut self) -> Result<(), SyntaxError> {
        self.place += 1;
        if self.next()? == ']' {
            self.place += 1;
            return Ok(());
        }
        loop {
            self.value()?;
            match self.next()? {
                ']' => break,
                ',' => self.comma(']')?,
                _ => return Err((TOKEN, self.place)),
            }
        }
        self.place += 1;
        Ok(())
    }

    /// Passes a comma, after which the end must not come.
    fn comma(&mut self, end: char) -> Result<(), SyntaxError> {
        self.place += 1;
        if self.next()? == end { Err(("Trailing comma", self.place - 1)) } else { Ok(()) }
    }

    fn string(&mut self) -> Result<(), SyntaxError> {
        self.place += 1;
        loop {
            match self.peek() {
                None => return Err((END, self.place)),
                Some('"') => break,
                Some('\\') => self.escape()?,
                Some(character) if character < ' ' => return Err(("Forbidden source char", self.place)),
                Some(_) => self.place += 1,
            }
        }
        self.place += 1;
        Ok(())
    }

    fn escape(&mut self) -> Result<(), SyntaxError> {
        self.place += 1;
        match self.peek() {
            None => Err((END, self.place)),
            Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => {
                self.place += 1;
                Ok(())
            }
            Some('u') => {
                self.place += 1;
                for _ in 0..4 {
                    match self.peek() {
                        None => return Err((END, self.place)),
                        Some(digit) if digit.is_ascii_hexdigit() => self.place += 1,
                        Some(_) => return Err(("Invalid Unicode escape sequence", self.place)),
                    }
                }
                Ok(())
            }
            Some(_) => Err(("Unknown escape char", self.place)),
        }
    }

    fn word(&mut self, word: &str) -> Result<(), SyntaxError> {
        let found = self.characters.get(self.place..).unwrap_or_default().iter();
        if !found.copied().take(word.len()).eq(word.chars()) {
            return Err((TOKEN, self.place));
        }
        self.place += word.len();
        Ok(())
    }

    /// A number as `strtod` reads it.
    fn number(&mut self) -> Result<(), SyntaxError> {
        let start = self.place;
        if self.peek() == Some('-') {
            self.place += 1;
        }
        let first = self.place;
        let mut digits = self.digits();
        if self.peek() == Some('.') {
            self.place += 1;
            digits += self.digits();
        }
        if digits == 0 {
            let nothing_follows = first == self.characters.len();
            return Err((NUMBER, if nothing_follows { start } else { first }));
        }
        let exponent = self.place;
        if matches!(self.peek(), Some('e' | 'E')) {
            self.place += 1;
            if matches!(self.peek(), Some('+' | '-')) {
                self.place += 1;
            }
            if self.digits() == 0 {
                self.place = exponent;
            }
        }
        self.numbers.push((start, self.place));
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let start = self.place;
        while self.peek().is_some_and(|digit| digit.is_ascii_digit()) {
            self.place += 1;
        }
        self.place - start
    }
}
