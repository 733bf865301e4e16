//! Native functions: Rust closures that look to the code like njs's functions.

use rquickjs::function::{IntoJsFunc, ParamRequirement, Params};
use rquickjs::object::Property;
use rquickjs::{Ctx, Function, IntoAtom, Object, Result, Value};

/// What a native function is called with.
pub(super) struct Call<'a, 'js>(Params<'a, 'js>);

impl<'js> Call<'_, 'js> {
    pub(super) fn ctx(&self) -> &Ctx<'js> {
        self.0.ctx()
    }

    pub(super) fn this(&self) -> Value<'js> {
        self.0.this()
    }

    /// The argument at this index; `undefined` where none was given.
    pub(super) fn arg(&self, index: usize) -> Value<'js> {
        self.0.arg(index).unwrap_or_else(|| Value::new_undefined(self.ctx().clone()))
    }

    /// How many arguments were given.
    pub(super) fn given(&self) -> usize {
        self.0.len()
    }

    /// Whether it was called with `new`.
    pub(super) fn is_construction(&self) -> bool {
        self.0.is_constructor()
    }

    pub(super) fn undefined(&self) -> Value<'js> {
        Value::new_undefined(self.ctx().clone())
    }
}

/// Makes the engine call a closure with the arguments as they were given.
pub(super) struct Native<F>(F);

/// Marks functions that look at their arguments themselves.
pub(super) struct AsGiven;

impl<'js, F> IntoJsFunc<'js, AsGiven> for Native<F>
where
    F: for<'a> Fn(&Call<'a, 'js>) -> Result<Value<'js>>,
{
    fn param_requirements() -> ParamRequirement {
        ParamRequirement::any()
    }

    fn call<'a>(&self, params: Params<'a, 'js>) -> Result<Value<'js>> {
        (self.0)(&Call(params))
    }
}

/// A closure as the engine can call it.
pub(super) fn native<'js, F>(run: F) -> Native<F>
where
    F: for<'a> Fn(&Call<'a, 'js>) -> Result<Value<'js>> + 'js,
{
    Native(run)
}

/// A function with the name and the length that njs gives it.
pub(super) fn function<'js, F>(ctx: &Ctx<'js>, name: &str, length: usize, run: F) -> Result<Function<'js>>
where
    F: for<'a> Fn(&Call<'a, 'js>) -> Result<Value<'js>> + 'js,
{
    Function::new(ctx.clone(), native(run))?.with_name(name)?.with_length(length)
}

/// Gives an object a method, as the language gives methods: not enumerable.
pub(super) fn method<'js, F>(object: &Object<'js>, name: &str, length: usize, run: F) -> Result<()>
where
    F: for<'a> Fn(&Call<'a, 'js>) -> Result<Value<'js>> + 'js,
{
    hidden(object, name, function(object.ctx(), name, length, run)?.into_value())
}

/// Gives an object a property that is writable and configurable, but not enumerable.
pub(super) fn hidden<'js, K: IntoAtom<'js>>(object: &Object<'js>, key: K, value: Value<'js>) -> Result<()> {
    object.prop(key, Property::from(value).writable().configurable())
}
