//! Converts an event to the JavaScript object that the handler gets.
//!
//! Names of headers, cookies and parameters are defined in the order in which CloudFront's engine enumerates them.
//! Everything is defined, never assigned: a parameter may be called `__proto__` or `toString`, and an assignment
//! would meet what the prototype has under that name.

use rquickjs::atom::PredefinedAtom;
use rquickjs::object::Property;
use rquickjs::{Array, Ctx, Function, IntoAtom, IntoJs, Object, Result, Value};

use super::enumeration;
use super::fields::{Field, Fields, Item};
use super::types::{Event, Request, Response, VERSION};

impl Event {
    /// Builds the object.
    ///
    /// `request.method` cannot be assigned, so a function that tries throws a `TypeError`. `rawQueryString` is not
    /// enumerable: it shows neither in JSON nor in `Object.keys`.
    pub(crate) fn to_js<'js>(&self, ctx: &Ctx<'js>) -> Result<Value<'js>> {
        let context = Object::new(ctx.clone())?;
        for (name, value) in self.context.members() {
            if let Some(value) = value {
                set(&context, name, value)?;
            }
        }
        let viewer = Object::new(ctx.clone())?;
        set(&viewer, "ip", self.viewer_ip.as_str())?;

        let event = Object::new(ctx.clone())?;
        set(&event, "version", VERSION)?;
        set(&event, "context", context)?;
        set(&event, "viewer", viewer)?;
        set(&event, "request", request(ctx, &self.request)?)?;
        if let Some(of_viewer) = &self.response {
            set(&event, "response", response(ctx, of_viewer)?)?;
        }
        Ok(event.into_value())
    }
}

/// Defines an ordinary property.
fn set<'js>(object: &Object<'js>, name: impl IntoAtom<'js>, value: impl IntoJs<'js>) -> Result<()> {
    object.prop(name, Property::from(value).writable().enumerable().configurable())
}

fn request<'js>(ctx: &Ctx<'js>, request: &Request) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    object.prop("method", Property::from(request.method.as_str()).enumerable())?;
    set(&object, "uri", request.uri.as_str())?;
    set(&object, "querystring", fields(ctx, &request.querystring)?)?;
    set(&object, "headers", fields(ctx, &request.headers)?)?;
    set(&object, "cookies", fields(ctx, &request.cookies)?)?;
    let raw = request.raw_querystring.clone();
    let raw_querystring = Function::new(ctx.clone(), move || raw.clone())?.with_name("rawQueryString")?;
    object.prop("rawQueryString", Property::from(raw_querystring).writable().configurable())?;
    Ok(object)
}

fn response<'js>(ctx: &Ctx<'js>, response: &Response) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    set(&object, "statusCode", response.status_code)?;
    if let Some(description) = &response.status_description {
        set(&object, "statusDescription", description.as_str())?;
    }
    set(&object, "headers", fields(ctx, &response.headers)?)?;
    set(&object, "cookies", fields(ctx, &response.cookies)?)?;
    Ok(object)
}

fn fields<'js>(ctx: &Ctx<'js>, fields: &Fields) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    for (name, entry) in enumeration::sort(fields.iter().collect(), |(name, _)| *name) {
        set(&object, name, of_entry(ctx, entry)?)?;
    }
    Ok(object)
}

fn of_entry<'js>(ctx: &Ctx<'js>, entry: &Field) -> Result<Object<'js>> {
    let object = of_item(ctx, entry.first())?;
    if !entry.multi_value().is_empty() {
        let list = Array::new(ctx.clone())?;
        for (place, item) in (0_u32..).zip(entry.multi_value()) {
            set(list.as_object(), place, of_item(ctx, item)?)?;
        }
        set(&object, "multiValue", list)?;
    }
    Ok(object)
}

fn of_item<'js>(ctx: &Ctx<'js>, item: &Item) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    set(&object, PredefinedAtom::Value, item.value.as_str())?;
    if let Some(attributes) = &item.attributes {
        set(&object, "attributes", attributes.as_str())?;
    }
    Ok(object)
}
