//! Argument reader: a value in an argument of a method with its path, for messages that say what is wrong where.

use rquickjs::{Ctx, Error, Exception, Object, Value};

/// More than any list of these values may have.
const MOST_ITEMS: f64 = 100.0;

/// A value and its path.
pub(super) struct Argument<'js> {
    ctx: Ctx<'js>,
    value: Value<'js>,
    method: &'static str,
    /// The words for the argument.
    role: &'static str,
    /// The member of the argument, such as `timeouts.readTimeout`; empty for the argument itself.
    path: String,
}

impl<'js> Argument<'js> {
    /// An argument of a method, with words for it.
    pub(super) fn of(
        ctx: &Ctx<'js>,
        method: &'static str,
        role: &'static str,
        value: Option<Value<'js>>,
    ) -> Argument<'js> {
        let value = value.unwrap_or_else(|| Value::new_undefined(ctx.clone()));
        Argument { ctx: ctx.clone(), value, method, path: String::new(), role }
    }

    fn part(&self, value: Value<'js>, path: String) -> Argument<'js> {
        Argument { ctx: self.ctx.clone(), value, method: self.method, path, role: self.role }
    }

    /// The error that says what it must be.
    pub(super) fn refuse(&self, must: &str) -> Error {
        let place = if self.path.is_empty() { self.role } else { &self.path };
        Exception::throw_message(&self.ctx, &format!("cf.{}: {place} {must}", self.method))
    }

    fn object(&self) -> rquickjs::Result<&Object<'js>> {
        let object = self.value.as_object().filter(|object| !object.is_array() && !object.is_function());
        object.ok_or_else(|| self.refuse("must be an object"))
    }

    /// A member of an object, if it is there.
    pub(super) fn member(&self, name: &str) -> rquickjs::Result<Option<Argument<'js>>> {
        let value: Value<'js> = self.object()?.get(name)?;
        if value.is_undefined() {
            return Ok(None);
        }
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Ok(Some(self.part(value, path)))
    }

    /// A member that has to be there.
    pub(super) fn required(&self, name: &str) -> rquickjs::Result<Argument<'js>> {
        let missing = || self.refuse(&format!("must have the member {name}"));
        self.member(name)?.ok_or_else(missing)
    }

    /// All members of an object, with their names.
    pub(super) fn members(&self) -> rquickjs::Result<Vec<(String, Argument<'js>)>> {
        let members = self.object()?.props::<String, Value<'js>>();
        members
            .map(|member| {
                let (name, value) = member?;
                let path = format!("{}[{name:?}]", self.path);
                Ok((name, self.part(value, path)))
            })
            .collect()
    }

    /// The items of an array.
    pub(super) fn items(&self) -> rquickjs::Result<Vec<Argument<'js>>> {
        let array = self.value.as_array().ok_or_else(|| self.refuse("must be an array"))?;
        // The engine's own way to ask cannot tell a length of more than 31 bits.
        if array.as_object().get::<_, f64>("length")? > MOST_ITEMS {
            return Err(self.refuse("has too many items"));
        }
        let items = array.iter::<Value<'js>>().enumerate();
        items.map(|(index, item)| Ok(self.part(item?, format!("{}[{index}]", self.path)))).collect()
    }

    pub(super) fn text(&self) -> rquickjs::Result<String> {
        let text = self.value.as_string().ok_or_else(|| self.refuse("must be a string"))?;
        match text.to_string() {
            Err(Error::Utf8(_)) => Err(self.refuse("must be well-formed text")),
            text => text,
        }
    }

    /// A text that keeps a rule; the rule says what it must be.
    pub(super) fn checked(&self, rule: fn(&str) -> Result<(), &'static str>) -> rquickjs::Result<String> {
        let text = self.text()?;
        rule(&text).map_err(|must| self.refuse(must))?;
        Ok(text)
    }

    pub(super) fn boolean(&self) -> rquickjs::Result<bool> {
        self.value.as_bool().ok_or_else(|| self.refuse("must be true or false"))
    }

    /// A whole number from `least` to `most`.
    pub(super) fn whole<T: TryFrom<u32>>(&self, least: u32, most: u32) -> rquickjs::Result<T> {
        let number = self.value.as_number().filter(|number| number.fract() == 0.0);
        let within = number.filter(|number| (f64::from(least)..=f64::from(most)).contains(number));
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is whole and between two numbers of the type"
        )]
        let number = within.map(|number| number as u32);
        number
            .and_then(|number| T::try_from(number).ok())
            .ok_or_else(|| self.refuse(&format!("must be a whole number from {least} to {most}")))
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(&self, words: &[(&str, T)]) -> rquickjs::Result<T> {
        let text = self.value.as_string().map(rquickjs::String::to_string).transpose()?;
        let found = text.and_then(|text| words.iter().find(|(word, _)| *word == text));
        let known = || words.iter().map(|(word, _)| format!("\"{word}\"")).collect::<Vec<_>>().join(" or ");
        found.map(|(_, meaning)| *meaning).ok_or_else(|| self.refuse(&format!("must be {}", known())))
    }
}
