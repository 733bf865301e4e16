//! Writes CBOR.

use minicbor::Encoder;
use minicbor::data::{Int, Tag};
use rquickjs::{Ctx, Error, Exception, Object, Result, Value};

use super::super::super::modules;
use super::{DEEPEST, LARGEST};

/// Whole numbers of floats below this are exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A value of JavaScript's as CBOR. It gets no larger than a token may be.
pub(super) struct Writer<'a, 'js> {
    ctx: &'a Ctx<'js>,
    encoder: Encoder<Vec<u8>>,
}

/// The members of an object as a map.
pub(super) fn map(object: &Object<'_>) -> Result<Vec<u8>> {
    let mut writer = Writer::new(object.ctx());
    writer.value(object.as_value(), 0)?;
    Ok(writer.finish())
}

impl<'a, 'js> Writer<'a, 'js> {
    pub(super) fn new(ctx: &'a Ctx<'js>) -> Writer<'a, 'js> {
        Writer { ctx, encoder: Encoder::new(Vec::new()) }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.encoder.into_writer()
    }

    pub(super) fn tag(&mut self, tag: u64) -> Result<()> {
        self.write(|encoder| encoder.tag(Tag::new(tag)).is_ok())
    }

    /// The head of an array.
    pub(super) fn array(&mut self, length: usize) -> Result<()> {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        self.write(|encoder| encoder.array(length).is_ok())
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.fits(bytes.len())?;
        self.write(|encoder| encoder.bytes(bytes).is_ok())
    }

    pub(super) fn text(&mut self, text: &str) -> Result<()> {
        self.fits(text.len())?;
        self.write(|encoder| encoder.str(text).is_ok())
    }

    /// Any value.
    pub(super) fn value(&mut self, value: &Value<'js>, depth: usize) -> Result<()> {
        if depth > DEEPEST {
            return Err(self.refuse("the token is nested too deep"));
        }
        if let Some(bytes) = modules::bytes_of(self.ctx, value)? {
            return self.bytes(&bytes);
        }
        if let Some(text) = value.as_string() {
            return self.text(&text.to_string()?);
        }
        if let Some(number) = value.as_number() {
            return self.number(number);
        }
        if let Some(truth) = value.as_bool() {
            return self.write(|encoder| encoder.bool(truth).is_ok());
        }
        if value.is_null() {
            return self.write(|encoder| encoder.null().is_ok());
        }
        if value.is_undefined() {
            return self.write(|encoder| encoder.undefined().is_ok());
        }
        if let Some(list) = value.as_array() {
            self.fits(list.len())?;
            self.array(list.len())?;
            return (0..list.len()).try_for_each(|place| self.value(&list.get(place)?, depth + 1));
        }
        match value.as_object().filter(|object| !object.is_function()) {
            Some(object) => self.members(object, depth),
            None => Err(self.refuse("the token has a value that CBOR has no form for")),
        }
    }

    /// The members of an object; names that are whole numbers are numbers, as claims are.
    fn members(&mut self, object: &Object<'js>, depth: usize) -> Result<()> {
        let members = object.props::<String, Value<'js>>().collect::<Result<Vec<_>>>()?;
        self.fits(members.len())?;
        let length = u64::try_from(members.len()).unwrap_or(u64::MAX);
        self.write(|encoder| encoder.map(length).is_ok())?;
        for (name, value) in members {
            match name.parse::<i64>().ok().filter(|number| number.to_string() == name) {
                Some(number) => self.write(|encoder| encoder.i64(number).is_ok())?,
                None => self.text(&name)?,
            }
            self.value(&value, depth + 1)?;
        }
        Ok(())
    }

    fn number(&mut self, number: f64) -> Result<()> {
        if number.fract() == 0.0 && number.abs() < EXACT {
            #[expect(
                clippy::as_conversions,
                clippy::cast_possible_truncation,
                reason = "it is whole and small enough"
            )]
            let whole = Int::from(number as i64);
            return self.write(|encoder| encoder.int(whole).is_ok());
        }
        self.write(|encoder| encoder.f64(number).is_ok())
    }

    /// Refuses what is larger than a token may be, before it is written.
    fn fits(&self, more: usize) -> Result<()> {
        if self.encoder.writer().len().saturating_add(more) > LARGEST {
            return Err(self.refuse("the token is larger than 1 KB"));
        }
        Ok(())
    }

    fn write(&mut self, write: impl FnOnce(&mut Encoder<Vec<u8>>) -> bool) -> Result<()> {
        if !write(&mut self.encoder) {
            return Err(self.refuse("the token cannot be encoded"));
        }
        self.fits(0)
    }

    fn refuse(&self, problem: &str) -> Error {
        Exception::throw_message(self.ctx, &format!("cwt.generateToken: {problem}"))
    }
}
