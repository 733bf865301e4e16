//! Functions: code that is parsed and compiled once, when it is first run or before, and is then ready for any isolate.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};

use keyfront_domain::function::Runtime;

use crate::Failure;
use crate::bytecode::Bytecode;

/// A function's code, parsed once and compiled once; any number of isolates on any threads can load it. Clones share
/// what was made of it.
#[derive(Clone)]
pub struct Function {
    inner: Arc<Inner>,
}

struct Inner {
    /// Tells functions apart.
    id: u64,
    /// The same for the same code.
    fingerprint: u64,
    code: Box<[u8]>,
    runtime: Runtime,
    /// What was made of the code, once that was needed.
    program: OnceLock<Result<Program, Failure>>,
}

/// Code that the runtime accepts.
pub(crate) struct Program {
    pub(crate) runtime: Runtime,
    /// What was compiled: the places that the engine tells are in it.
    pub(crate) text: Arc<str>,
    pub(crate) bytecode: Bytecode,
    /// Whether it may change what invocations share, so that each of them needs an engine of its own.
    pub(crate) mutates_builtins: bool,
}

impl Function {
    /// A function of code that is prepared where it runs first.
    pub fn new(code: &[u8], runtime: Runtime) -> Function {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        // Only this process knows the keys of the hash, so no client can make code that has another's.
        static KEYS: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        let inner = Inner {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            fingerprint: KEYS.hash_one((code, runtime)),
            code: code.into(),
            runtime,
            program: OnceLock::new(),
        };
        Function { inner: Arc::new(inner) }
    }

    /// Prepares code, here and now. Code that the runtime refuses is a function too: each of its invocations fails with
    /// the refusal, as on CloudFront.
    pub fn prepare(code: &[u8], runtime: Runtime) -> Function {
        let function = Function::new(code, runtime);
        function.inner.program();
        function
    }

    /// The bytes that the code and what was made of it take, about.
    pub fn size_bytes(&self) -> usize {
        let program = self.inner.program.get().and_then(|program| program.as_ref().ok());
        let program = program.map_or(0, Program::size_bytes);
        size_of::<Inner>().saturating_add(self.inner.code.len()).saturating_add(program)
    }

    /// Why no invocation can succeed, where that is so: the code is refused. It prepares the code, if that is still to
    /// be done.
    pub fn refused(&self) -> Option<&Failure> {
        self.inner.program().as_ref().err()
    }

    pub(crate) fn program(&self) -> Result<&Program, &Failure> {
        self.inner.program().as_ref()
    }

    pub(crate) fn code(&self) -> &[u8] {
        &self.inner.code
    }

    pub(crate) fn runtime(&self) -> Runtime {
        self.inner.runtime
    }

    /// The same for functions of the same code, however often it is prepared.
    pub(crate) fn fingerprint(&self) -> u64 {
        self.inner.fingerprint
    }

    /// The same for clones, and for nothing else in this process.
    pub(crate) fn id(&self) -> u64 {
        self.inner.id
    }
}

impl Inner {
    fn program(&self) -> &Result<Program, Failure> {
        self.program.get_or_init(|| Program::prepare(&self.code, self.runtime))
    }
}

impl Program {
    fn size_bytes(&self) -> usize {
        self.text.len().saturating_add(self.bytecode.size_bytes())
    }

    fn prepare(code: &[u8], runtime: Runtime) -> Result<Program, Failure> {
        let code = std::str::from_utf8(code).map_err(|error| {
            let before = code.get(..error.valid_up_to()).unwrap_or_default();
            let line = before.split(|byte| *byte == b'\n').count();
            syntax_error("invalid UTF-8", Some(line))
        })?;
        let script =
            keyfront_njs::prepare(code, runtime).map_err(|error| Failure::Execution(error.to_string()))?;
        let bytecode = Bytecode::compile(&script.factory)
            .map_err(|refused| syntax_error(&refused.message, refused.line))?;
        Ok(Program {
            runtime,
            text: Bytecode::placed(&script.factory).into(),
            bytecode,
            mutates_builtins: script.mutates_builtins,
        })
    }
}

/// njs's text for code that it does not compile.
fn syntax_error(message: &str, line: Option<usize>) -> Failure {
    let place = line.map_or_else(String::new, |line| format!(" in {line}"));
    Failure::Execution(format!("SyntaxError: {message}{place}"))
}
