//! Compiles JavaScript to bytecode for engines of this process. A [`Bytecode`] cannot be made from bytes, so bytecode
//! from elsewhere is never loaded.

use rquickjs::context::intrinsic::{Eval, RegExpCompiler};
use rquickjs::module::WriteOptions;
use rquickjs::{CatchResultExt, CaughtError, Context, Ctx, Function, Module, Runtime};

/// What makes a module of an expression.
const EXPORT: &str = "export default ";

/// The name of a program's text in the stack of an error.
const NAME: &str = "function";

/// Memory for compiling, in bytes. Short text can describe a regular expression of any size.
const COMPILER_BYTES: usize = 64 * 1024 * 1024;

/// A function, compiled.
pub(crate) struct Bytecode(Vec<u8>);

/// Why text does not compile: the engine's words, and the line where that is known.
pub(crate) struct Refused {
    pub(crate) message: String,
    pub(crate) line: Option<usize>,
}

impl Bytecode {
    /// Compiles the text of an expression that gives a function. It runs nothing of it.
    pub(crate) fn compile(function: &str) -> Result<Bytecode, Refused> {
        let write = |engine: &Context| {
            engine.with(|ctx| {
                let module = Module::declare(ctx.clone(), NAME, format!("{EXPORT}{function}"))
                    .catch(&ctx)
                    .map_err(|error| Refused::from(&error))?;
                let options = WriteOptions { strip_source: true, ..WriteOptions::default() };
                module.write(options).map_err(|error| Refused::from(&CaughtError::from_error(&ctx, error)))
            })
        };
        Runtime::new()
            .inspect(|runtime| runtime.set_memory_limit(COMPILER_BYTES))
            .and_then(|runtime| Context::builder().with::<Eval>().with::<RegExpCompiler>().build(&runtime))
            .map_err(|error| Refused { message: error.to_string(), line: None })
            .and_then(|engine| write(&engine))
            .map(Bytecode)
    }

    /// The text of an expression, moved to where the engine saw it when it compiled it.
    pub(crate) fn placed(function: &str) -> String {
        format!("{:width$}{function}", "", width = EXPORT.len())
    }

    pub(crate) fn size_bytes(&self) -> usize {
        self.0.len()
    }

    /// Loads the function into a context.
    pub(crate) fn load<'js>(&self, ctx: &Ctx<'js>) -> rquickjs::Result<Function<'js>> {
        #[expect(unsafe_code, reason = "the bytes are what this process's own engine wrote, unchanged")]
        // SAFETY: the field is private, and `compile` is the only place that fills it.
        let module = unsafe { Module::load(ctx.clone(), &self.0) }?;
        let (module, evaluated) = module.eval()?;
        evaluated.finish::<()>()?;
        module.get("default")
    }
}

impl Refused {
    fn from(error: &CaughtError<'_>) -> Refused {
        match error {
            CaughtError::Exception(exception) => Refused {
                message: exception.message().unwrap_or_default(),
                line: exception.stack().as_deref().and_then(line_in),
            },
            CaughtError::Error(_) | CaughtError::Value(_) => {
                Refused { message: error.to_string(), line: None }
            }
        }
    }
}

/// The line in a stack such as `at function:3:14`.
fn line_in(stack: &str) -> Option<usize> {
    let (_, place) = stack.split_once(&format!("{NAME}:"))?;
    place.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_does_not_compile_is_refused_with_its_line() {
        for (text, line) in [
            ("function () {\n\n  var = 1 }", 3),
            ("function () {", 1),
            ("(function () {\n  let a; let a })", 2),
        ] {
            let refused = Bytecode::compile(text).err().unwrap();
            assert_eq!(refused.line, Some(line), "{text}: {}", refused.message);
            assert!(!refused.message.is_empty());
        }
    }

    #[test]
    fn text_that_describes_too_much_is_refused() {
        let text = format!("function () {{ /{}/ }}", "(".repeat(100_000));
        assert!(Bytecode::compile(&text).is_err());
    }
}
