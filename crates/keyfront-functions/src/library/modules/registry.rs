//! Registry of a context: the engine's own functions that the modules call, and the modules that were made so far.
//!
//! A module is made on its first use, because most functions need none and each costs memory in every
//! engine. What is made late escapes the freezing of everything else, so it is frozen here: in a context whose
//! `Object.prototype` takes no more properties, which is one that serves many invocations.

use std::cell::Cell;

use rquickjs::function::This;
use rquickjs::object::{Accessor, Filter};
use rquickjs::{Ctx, Function, Object, Result, Undefined, Value};

use super::native::{Call, function, hidden, native};

/// The property of the global object that leads to the registry. It cannot be replaced, and it answers only
/// [`Registry::of`]: invocations must not change what they share.
const PROPERTY: &str = "\u{0}modules";

thread_local! {
    /// Whether the library reads the registry. An engine stays on its thread.
    static LIBRARY_ACCESS: Cell<bool> = const { Cell::new(false) };
}

/// How much work counts as much as a call, in bytes.
const BYTES_PER_TICK: usize = 256;

/// What it costs to get or set an element of an object one by one, in bytes of other work.
pub(super) const COST_OF_ELEMENT: usize = 16;

/// The registry of a context.
#[derive(Clone)]
pub(super) struct Registry<'js>(Object<'js>);

impl<'js> Registry<'js> {
    /// Installs an empty registry in a context and takes the engine's functions before code can replace them.
    pub(super) fn install(ctx: &Ctx<'js>) -> Result<()> {
        let globals = ctx.globals();
        let registry = Object::new_proto(ctx.clone(), None)?;
        let array: Object<'js> = globals.get("Uint8Array")?;
        let methods: Object<'js> = array.get("prototype")?;
        for name in ["set", "subarray"] {
            registry.set(name, methods.get::<_, Function<'js>>(name)?)?;
        }
        registry.set("Uint8Array", array)?;
        let buffers: Object<'js> = globals.get("ArrayBuffer")?;
        registry.set("isView", buffers.get::<_, Value<'js>>("isView")?)?;
        let objects: Object<'js> = globals.get("Object")?;
        for name in ["freeze", "isFrozen", "isExtensible"] {
            registry.set(name, objects.get::<_, Value<'js>>(name)?)?;
        }
        registry.set("tick", function(ctx, "tick", 0, |call: &Call<'_, 'js>| Ok(call.undefined()))?)?;
        // A bound function holds the registry where the engine's collector sees it and code does not.
        let give = function(ctx, "", 1, |call: &Call<'_, 'js>| {
            Ok(if LIBRARY_ACCESS.take() { call.arg(0) } else { call.undefined() })
        })?;
        let bind: Function<'js> = give.get("bind")?;
        globals.prop(PROPERTY, bind.call::<_, Value<'js>>((This(give), Undefined, registry))?)
    }

    /// The registry of this context.
    pub(super) fn of(ctx: &Ctx<'js>) -> Result<Registry<'js>> {
        let getter: Function<'js> = ctx.globals().get(PROPERTY)?;
        LIBRARY_ACCESS.set(true);
        let registry = getter.call(());
        LIBRARY_ACCESS.set(false);
        Ok(Registry(registry?))
    }

    /// A function of the engine's own.
    pub(super) fn function(&self, name: &str) -> Result<Function<'js>> {
        self.0.get(name)
    }

    /// Stores a value under a name.
    pub(super) fn set(&self, name: &str, value: Value<'js>) -> Result<()> {
        self.0.set(name, value)
    }

    /// The value stored under a name.
    pub(super) fn get(&self, name: &str) -> Result<Value<'js>> {
        self.0.get(name)
    }

    /// The object of a name, made on first use.
    pub(super) fn get_or_make(
        &self,
        name: &str,
        make: impl FnOnce(&Ctx<'js>, &Registry<'js>) -> Result<Object<'js>>,
    ) -> Result<Object<'js>> {
        let object = if let Some(object) = self.0.get::<_, Option<Object<'js>>>(name)? {
            object
        } else {
            let object = make(self.0.ctx(), self)?;
            self.0.set(name, object.clone())?;
            object
        };
        self.freeze_if_shared(&object)?;
        Ok(object)
    }

    fn freeze_if_shared(&self, object: &Object<'js>) -> Result<()> {
        let ordinary = Object::new(self.0.ctx().clone())?.get_prototype();
        let open: bool = self.function("isExtensible")?.call((ordinary,))?;
        if open { Ok(()) } else { self.freeze(object) }
    }

    /// Freezes an object and everything it leads to.
    fn freeze(&self, object: &Object<'js>) -> Result<()> {
        let frozen: bool = self.function("isFrozen")?.call((object.clone(),))?;
        if frozen {
            return Ok(());
        }
        self.function("freeze")?.call::<_, ()>((object.clone(),))?;
        for key in object.own_keys::<Value<'js>>(Filter::new().string().symbol()) {
            if let Some(inner) = object.get::<_, Value<'js>>(key?)?.as_object() {
                self.freeze(inner)?;
            }
        }
        Ok(())
    }
}

/// Counts native work as calls that the engine sees, so that an invocation cannot do much of it unseen.
pub(super) fn charge(ctx: &Ctx<'_>, bytes: usize) -> Result<()> {
    if bytes < BYTES_PER_TICK {
        return Ok(());
    }
    let tick = Registry::of(ctx)?.function("tick")?;
    (0..bytes / BYTES_PER_TICK).try_for_each(|_| tick.call(()))
}

/// Gives the global object a property that is made when it is first used, and that a program may replace.
pub(super) fn lazy_global<'js, F>(ctx: &Ctx<'js>, name: &'static str, get: F) -> Result<()>
where
    F: Fn(&Ctx<'js>, &Registry<'js>) -> Result<Object<'js>> + 'js,
{
    let get =
        native(move |call: &Call<'_, 'js>| Ok(get(call.ctx(), &Registry::of(call.ctx())?)?.into_value()));
    let set = native(move |call: &Call<'_, 'js>| {
        hidden(&call.ctx().globals(), name, call.arg(0))?;
        Ok(call.undefined())
    });
    ctx.globals().prop(name, Accessor::new(get, set).configurable())
}
