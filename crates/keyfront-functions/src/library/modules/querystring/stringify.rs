//! `querystring.stringify`: from an object to a query string.

use rquickjs::{Object, Result, Value};

use super::super::bytes;
use super::super::coerce;
use super::super::native::Call;
use super::super::registry::{Registry, charge};
use super::super::text;
use super::{Coder, percent, separator};

/// The engine is asked for memory whenever the text has grown by so many bytes.
const STEP: usize = 1 << 18;

pub(super) fn stringify<'js>(call: &Call<'_, 'js>) -> Result<Value<'js>> {
    let ctx = call.ctx();
    let Some(object) = call.arg(0).into_object() else { return text::to_js(ctx, "") };
    let between = separator(ctx, call.arg(1), "&")?;
    let equals = separator(ctx, call.arg(2), "=")?;
    let encoder = Coder::of(call, "encodeURIComponent", "escape")?;
    let mut written =
        Written { call, registry: Registry::of(ctx)?, equals, encoder, text: String::new(), granted: STEP };
    written.object(&object, &between)?;
    text::to_js(ctx, &written.text)
}

struct Written<'a, 'b, 'js> {
    call: &'a Call<'b, 'js>,
    registry: Registry<'js>,
    equals: String,
    encoder: Coder<'js>,
    text: String,
    granted: usize,
}

impl<'js> Written<'_, '_, 'js> {
    fn object(&mut self, object: &Object<'js>, between: &str) -> Result<()> {
        for (index, name) in object.keys::<Value<'js>>().enumerate() {
            let name = name?;
            let value: Value<'js> = object.get(name.clone())?;
            let name = text::from_value(self.call.ctx(), name)?;
            let Some(values) = value.as_array() else {
                // A separator precedes anything but a list whenever another name came first,
                if index > 0 {
                    self.text.push_str(between);
                }
                self.pair(&name, &value)?;
                continue;
            };
            for index in 0..coerce::length(self.call.ctx(), values)? {
                // and before what is in a list where something is written already.
                if !self.text.is_empty() {
                    self.text.push_str(between);
                }
                self.pair(&name, &values.get(index)?)?;
            }
        }
        Ok(())
    }

    fn pair(&mut self, name: &str, value: &Value<'js>) -> Result<()> {
        self.code(name)?;
        self.text.push_str(&self.equals);
        let written = value.is_string() || value.is_bool() || value.as_number().is_some_and(f64::is_finite);
        if written {
            let value = text::from_value(self.call.ctx(), value.clone())?;
            self.code(&value)?;
        }
        Ok(())
    }

    fn code(&mut self, text: &str) -> Result<()> {
        let ctx = self.call.ctx();
        let coded = self.encoder.code(ctx, text, percent::encode)?;
        charge(ctx, coded.len())?;
        self.text.push_str(&coded);
        if self.text.len() > self.granted {
            // One long value may stand in an object a thousand times. The text grows outside of the engine, whose
            // limit holds for it all the same.
            bytes::zeros(ctx, &self.registry, self.text.len())?;
            self.granted = self.text.len() + STEP;
        }
        Ok(())
    }
}
