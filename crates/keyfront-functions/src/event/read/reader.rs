//! Reads texts, headers, cookies and parameters of a returned object, within a budget of bytes.

use rquickjs::atom::PredefinedAtom;
use rquickjs::object::Filter;
use rquickjs::{Atom, Ctx, IntoAtom, Object, Value};

use super::{Read, Unreadable, plain_object};
use crate::Failure;
use crate::event::fields::{Fields, Item, MergedField, ReturnedField};
use crate::event::text;

/// How much a returned object may have in all: the bytes of its texts, and [`ITEM_BYTES`] for each value. It is the
/// memory that a function has (AWS: "Quotas on CloudFront Functions").
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// What a header, a cookie, a parameter or one value of a list counts beside its text.
const ITEM_BYTES: usize = 128;

/// How many characters of a name a message quotes.
const MAX_QUOTED: usize = 64;

/// A group of fields in the returned object, and the rules for it.
pub(super) struct FieldsSpec<'e> {
    pub(super) path: &'static str,
    pub(super) member: &'static str,
    /// What the event had there.
    pub(super) original: Option<&'e Fields>,
    pub(super) kind: FieldKind,
}

/// What the fields of a group are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    /// Headers, which have their names in lower case.
    Header,
    /// Query parameters, or cookies of a request.
    Pair,
    /// Cookies of a response, which alone have attributes. A member of that name means nothing elsewhere.
    SetCookie,
}

impl FieldsSpec<'_> {
    /// The path of a field, as code would write it.
    fn of(&self, name: &str, rest: &str) -> String {
        let path = self.path;
        let is_identifier = !name.starts_with(|first: char| first.is_ascii_digit())
            && !name.is_empty()
            && name.chars().all(|each| each.is_ascii_alphanumeric() || each == '_' || each == '$');
        if is_identifier && name.len() <= MAX_QUOTED {
            return format!("{path}.{name}{rest}");
        }
        let quoted: String = name.chars().take(MAX_QUOTED).collect();
        format!("{path}[{quoted:?}]{rest}")
    }
}

pub(super) struct Reader<'js> {
    left: usize,
    multi_value: Atom<'js>,
    attributes: Atom<'js>,
}

impl<'js> Reader<'js> {
    pub(super) fn new(ctx: &Ctx<'js>) -> Read<Reader<'js>> {
        Ok(Reader {
            left: MAX_BYTES,
            multi_value: "multiValue".into_atom(ctx)?,
            attributes: "attributes".into_atom(ctx)?,
        })
    }

    fn spend(&mut self, bytes: usize) -> Read<()> {
        self.left = self.left.checked_sub(bytes).ok_or_else(|| {
            Failure::invalid(
                "the handler",
                "must not return more than 2 MB of headers, cookies, parameters and body",
            )
        })?;
        Ok(())
    }

    /// Headers, cookies or parameters: the object's own enumerable members. What is not there is empty.
    pub(super) fn fields(&mut self, value: &Value<'js>, spec: &FieldsSpec<'_>) -> Read<Fields> {
        let mut fields = Fields::new();
        if value.is_undefined() {
            return Ok(fields);
        }
        let Some(object) = plain_object(value) else {
            return Err(Failure::invalid(spec.path, "must be an object").into());
        };
        for name in object.own_keys::<Atom<'js>>(Filter::default()) {
            let atom = name?;
            let name = text::from_js(&atom.to_js_string()?)?;
            if spec.kind == FieldKind::Header && name.bytes().any(|byte| byte.is_ascii_uppercase()) {
                return Err(Failure::invalid(spec.path, "must have header names in lower case").into());
            }
            self.spend(ITEM_BYTES + name.len())?;
            let returned = self.entry(&object.get(atom)?, spec, &name)?;
            match returned.merge(spec.original.and_then(|original| original.get(&name))) {
                MergedField::Is(entry) => fields.insert(name, entry),
                MergedField::Removed => {}
                MergedField::Missing => return Err(not_text(&spec.of(&name, ".value"))),
            }
        }
        if let Some(original) = spec.original {
            fields.order_like(original);
        }
        Ok(fields)
    }

    fn entry(&mut self, value: &Value<'js>, spec: &FieldsSpec<'_>, name: &str) -> Read<ReturnedField> {
        let path = |rest: &str| spec.of(name, rest);
        let Some(object) = plain_object(value) else {
            return Err(Failure::invalid(&path(""), "must be an object with a value").into());
        };
        let of_list: Value<'js> = object.get(self.multi_value.clone())?;
        let list = match of_list.as_array() {
            Some(array) => Some(self.list(array.as_object(), spec.kind, path)?),
            None if of_list.is_undefined() => None,
            None => return Err(Failure::invalid(&path(".multiValue"), "must be an array").into()),
        };
        Ok(ReturnedField { item: self.item(object, spec.kind, path)?, list })
    }

    /// A `multiValue`. Its length is read as a number, because it may be more than the bindings' own count can say.
    fn list(
        &mut self,
        array: &Object<'js>,
        kind: FieldKind,
        path: impl Fn(&str) -> String,
    ) -> Read<Vec<Item>> {
        let length = array.get::<_, f64>(PredefinedAtom::Length)?;
        let mut list = Vec::new();
        for index in (0..u32::MAX).take_while(|index| f64::from(*index) < length) {
            self.spend(ITEM_BYTES)?;
            let value: Value<'js> = array.get(index)?;
            let path = |rest: &str| path(&format!(".multiValue[{index}]{rest}"));
            let Some(object) = plain_object(&value) else {
                return Err(Failure::invalid(&path(""), "must be an object with a value").into());
            };
            let item = self.item(object, kind, path)?.ok_or_else(|| not_text(&path(".value")))?;
            list.push(item);
        }
        Ok(list)
    }

    /// One value with its attributes; `None` without a value.
    fn item(
        &mut self,
        object: &Object<'js>,
        kind: FieldKind,
        path: impl Fn(&str) -> String,
    ) -> Read<Option<Item>> {
        let value = self.optional_text(&object.get(PredefinedAtom::Value)?, || path(".value"))?;
        let attributes = match kind {
            FieldKind::SetCookie => {
                let attributes = object.get(self.attributes.clone())?;
                self.optional_text(&attributes, || path(".attributes"))?
            }
            FieldKind::Header | FieldKind::Pair => None,
        };
        Ok(value.map(|value| Item { value, attributes }))
    }

    pub(super) fn text(&mut self, value: &Value<'js>, path: impl Fn() -> String) -> Read<String> {
        self.optional_text(value, &path)?.ok_or_else(|| not_text(&path()))
    }

    /// A string; none if it is not set.
    pub(super) fn optional_text(
        &mut self,
        value: &Value<'js>,
        path: impl Fn() -> String,
    ) -> Read<Option<String>> {
        let Some(string) = value.as_string() else {
            return if value.is_undefined() { Ok(None) } else { Err(not_text(&path())) };
        };
        let text = text::from_js(string)?;
        self.spend(text.len())?;
        Ok(Some(text))
    }
}

fn not_text(path: &str) -> Unreadable {
    Failure::invalid(path, "must be a string").into()
}
