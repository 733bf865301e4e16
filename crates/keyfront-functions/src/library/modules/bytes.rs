//! Byte arrays of the engine: recognizes, reads, writes and creates them.
//!
//! The bytes themselves lie in memory of the engine's, which any code may change or take away. So they are copied
//! whenever they are read.

use std::ptr::NonNull;

use rquickjs::function::{Constructor, This};
use rquickjs::{Ctx, Exception, Function, Object, Result, TypedArray, Value};

use super::registry::{Registry, charge};

/// The largest array that njs makes, in bytes.
const LARGEST: usize = 4_294_967_295;

/// More than any function has memory for: the engine will refuse it in no time.
const COSTLY: usize = 1 << 22;

/// So few bytes are written one by one.
const FEW: usize = 16;

/// An array of bytes that lies in the engine.
pub(super) struct Bytes<'js>(TypedArray<'js, u8>);

impl<'js> Bytes<'js> {
    /// The `Uint8Array` that a value is, or that it inherits from.
    pub(super) fn find(value: &Value<'js>) -> Option<Bytes<'js>> {
        let mut object = value.as_object()?.clone();
        loop {
            if let Some(array) = object.as_typed_array::<u8>() {
                return Some(Bytes(array.clone()));
            }
            object = object.get_prototype()?;
        }
    }

    /// The `Uint8Array` that a value is itself.
    pub(super) fn exactly(value: &Value<'js>) -> Option<Bytes<'js>> {
        Some(Bytes(value.as_object()?.as_typed_array::<u8>()?.clone()))
    }

    /// The array that an argument must be.
    pub(super) fn argument(ctx: &Ctx<'js>, value: &Value<'js>, name: &str) -> Result<Bytes<'js>> {
        Bytes::find(value).ok_or_else(|| {
            let message = format!("\"{name}\" argument must be an instance of Buffer or Uint8Array");
            Exception::throw_type(ctx, &message)
        })
    }

    /// How many bytes it has. It fails when its memory was taken away.
    pub(super) fn len(&self) -> Result<usize> {
        match self.0.as_raw() {
            Some(memory) => Ok(memory.len()),
            None => Err(Exception::throw_type(self.0.ctx(), "detached buffer")),
        }
    }

    /// A copy of its bytes.
    pub(super) fn read(&self) -> Result<Vec<u8>> {
        self.read_range(0, self.len()?)
    }

    /// A copy of the bytes from one place to another, which must be inside.
    #[expect(unsafe_code, reason = "the engine has no other way to look at many bytes at once")]
    pub(super) fn read_range(&self, start: usize, end: usize) -> Result<Vec<u8>> {
        let ctx = self.0.ctx();
        charge(ctx, end - start)?;
        // SAFETY: the bytes are copied at once, and no code of the engine's runs until they are.
        let bytes = unsafe { self.0.as_bytes() };
        let range = bytes.and_then(|bytes| bytes.get(start..end));
        range.map(<[u8]>::to_vec).ok_or_else(|| not_an_array(ctx))
    }

    /// Writes bytes to a place. What lies outside of the array is not written.
    pub(super) fn write(&self, start: usize, bytes: &[u8]) -> Result<()> {
        self.len()?;
        if bytes.len() <= FEW {
            return bytes.iter().zip(start..).try_for_each(|(byte, at)| self.0.set(index(at), *byte));
        }
        charge(self.0.ctx(), bytes.len())?;
        let source = TypedArray::new_copy(self.0.ctx().clone(), bytes)?;
        Registry::of(self.0.ctx())?.function("set")?.call((This(self.0.clone()), source, index(start)))
    }

    /// Whether the value is an object with this prototype.
    pub(super) fn has_prototype(&self, prototype: &Object<'js>) -> bool {
        self.0.get_prototype().as_ref() == Some(prototype)
    }
}

/// A place in an array as the engine counts. No array is as long as the largest of them.
fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// An array of bytes that are all 0. It is the engine that finds out whether there is memory for it.
pub(super) fn zeros<'js>(ctx: &Ctx<'js>, registry: &Registry<'js>, size: usize) -> Result<Bytes<'js>> {
    if size > LARGEST {
        return Err(Exception::throw_range(ctx, "invalid index"));
    }
    charge(ctx, size.min(COSTLY))?;
    let array: Value<'js> = constructor(registry)?.construct((index(size),))?;
    Bytes::exactly(&array).ok_or_else(|| not_an_array(ctx))
}

/// An array with these bytes.
pub(super) fn array<'js>(ctx: &Ctx<'js>, bytes: &[u8]) -> Result<Object<'js>> {
    charge(ctx, bytes.len())?;
    Ok(TypedArray::<u8>::new_copy(ctx.clone(), bytes)?.into_object())
}

/// An array over the memory of another object.
pub(super) fn over<'js>(
    registry: &Registry<'js>,
    memory: Value<'js>,
    start: usize,
    length: usize,
) -> Result<Object<'js>> {
    constructor(registry)?.construct((memory, index(start), index(length)))
}

fn constructor<'js>(registry: &Registry<'js>) -> Result<Constructor<'js>> {
    let function: Function<'js> = registry.function("Uint8Array")?;
    function
        .into_value()
        .into_constructor()
        .ok_or_else(|| rquickjs::Error::new_from_js("Uint8Array", "constructor"))
}

fn not_an_array(ctx: &Ctx<'_>) -> rquickjs::Error {
    Exception::throw_type(ctx, "this is not a typed array")
}

impl<'js> From<Bytes<'js>> for Object<'js> {
    fn from(bytes: Bytes<'js>) -> Object<'js> {
        bytes.0.into_object()
    }
}

/// How large the elements of a typed array are and how many bytes it has; nothing for any other object.
pub(super) fn typed_array_size(object: &Object<'_>) -> Option<(usize, usize)> {
    macro_rules! one_of {
        ($($element:ty),*) => {
            $(if let Some(array) = object.as_typed_array::<$element>() {
                return Some((size_of::<$element>(), array.as_raw().map_or(0, |memory| memory.len())));
            })*
        };
    }
    one_of!(u8, i8, rquickjs::U8Clamped, u16, i16, u32, i32, f32, f64, u64, i64);
    None
}

/// Whether the value is a `DataView`: a view that is not a typed array.
pub(super) fn is_data_view<'js>(registry: &Registry<'js>, object: &Object<'js>) -> Result<bool> {
    let is_view: bool = registry.function("isView")?.call((object.clone(),))?;
    Ok(is_view && typed_array_size(object).is_none())
}

/// The bytes behind a typed array or a view of any kind; nothing for any other value.
pub(super) fn behind_view<'js>(
    ctx: &Ctx<'js>,
    registry: &Registry<'js>,
    value: &Value<'js>,
) -> Result<Option<Vec<u8>>> {
    if let Some(bytes) = Bytes::exactly(value) {
        return bytes.read().map(Some);
    }
    let Some(object) = value.as_object() else { return Ok(None) };
    let is_view: bool = registry.function("isView")?.call((object.clone(),))?;
    if !is_view {
        return Ok(None);
    }
    let (memory, start, length) =
        (object.get("buffer")?, object.get("byteOffset")?, object.get("byteLength")?);
    let array = over(registry, memory, start, length)?;
    Bytes::exactly(array.as_value()).ok_or_else(|| not_an_array(ctx))?.read().map(Some)
}

/// The bytes of a typed array of any kind; nothing for any other value, a `DataView` included.
pub(super) fn of_typed_array<'js>(
    ctx: &Ctx<'js>,
    registry: &Registry<'js>,
    value: &Value<'js>,
) -> Result<Option<Vec<u8>>> {
    match value.as_object().and_then(typed_array_size) {
        Some(_) => behind_view(ctx, registry, value),
        None => Ok(None),
    }
}

/// The bytes of an `ArrayBuffer`; nothing for any other value.
pub(super) fn of_array_buffer<'js>(registry: &Registry<'js>, value: &Value<'js>) -> Result<Option<Vec<u8>>> {
    let Some(size) = array_buffer_size(value) else { return Ok(None) };
    let array = over(registry, value.clone(), 0, size)?;
    Bytes::exactly(array.as_value()).map(|bytes| bytes.read()).transpose()
}

/// How many bytes an `ArrayBuffer` has; nothing for any other value.
pub(super) fn array_buffer_size(value: &Value<'_>) -> Option<usize> {
    let object = value.as_object()?;
    let Some(buffer) = object.as_array_buffer() else {
        // For any other value the engine throws.
        drop(object.ctx().catch());
        return None;
    };
    buffer.as_raw().map(NonNull::len)
}
