//! Instruments code so that it tells which of its statements run, for `keyfront fn test --coverage`.
//!
//! Calls are inserted before statements, on the lines of these, so lines stay where they are. The first call of each logs
//! a line that begins with [`MARK`], which no program of people logs, and ends with the statement's number.

use keyfront_domain::function::Runtime;
use oxc_allocator::Allocator;
use oxc_ast::ast::{
    DoWhileStatement, ForInStatement, ForStatement, FunctionBody, IfStatement, Program, Statement,
    SwitchCase, WhileStatement,
};
use oxc_ast_visit::{Visit, walk};
use oxc_parser::Parser;
use oxc_span::{GetSpan, SourceType};

use crate::early_error::{EarlyError, position};
use crate::prepare;

/// What a line of the log begins with that tells of a statement.
const MARK: &str = "\u{1}ran ";

/// The function that statements call. Code that has such a name of its own is not instrumented.
const NAME: &str = "$keyfrontRan";

/// The end of a block that was inserted.
const END: &str = "}";

/// Code that tells which of its statements run.
#[derive(Clone, Debug)]
pub struct Instrumented {
    /// The code.
    pub code: String,
    /// The line of each statement, from 1.
    lines: Vec<u32>,
}

impl Instrumented {
    /// Inserts the calls.
    ///
    /// # Errors
    /// Why the runtime refuses the code.
    pub fn of(code: &str, runtime: Runtime) -> Result<Instrumented, EarlyError> {
        prepare(code, runtime)?;
        let allocator = Allocator::default();
        let parsed = Parser::new(&allocator, code, SourceType::mjs()).parse();
        let mut search = Search { insertions: Vec::new(), lines: Vec::new(), code };
        if !code.contains(NAME) {
            search.visit_program(&parsed.program);
        }
        let Search { mut insertions, lines, .. } = search;
        // A block ends before the next statement begins.
        insertions.sort_by_key(|(at, text)| (*at, text != END));
        let mut instrumented = String::with_capacity(code.len() * 2);
        let mut copied = 0;
        for (at, text) in insertions {
            instrumented.push_str(code.get(copied..at).unwrap_or_default());
            instrumented.push_str(&text);
            copied = at;
        }
        instrumented.push_str(code.get(copied..).unwrap_or_default());
        instrumented.push_str(&format!(
            "\nfunction {NAME}(n) {{ if (!{NAME}[n]) {{ {NAME}[n] = 1; console.log('\\x01ran ' + n); }} }}\n"
        ));
        Ok(Instrumented { code: instrumented, lines })
    }

    /// The lines of all statements, in order and each once.
    pub fn lines(&self) -> Vec<u32> {
        distinct(self.lines.clone())
    }

    /// The lines of the statements that a log tells of.
    pub fn ran(&self, logs: &[String]) -> Vec<u32> {
        let statements = logs.iter().filter_map(|line| line.strip_prefix(MARK)?.parse::<usize>().ok());
        distinct(statements.filter_map(|statement| self.lines.get(statement).copied()).collect())
    }
}

fn distinct(mut lines: Vec<u32>) -> Vec<u32> {
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// Collects the statements of a program and the calls that count them.
struct Search<'c> {
    /// Positions in bytes, and what is inserted there.
    insertions: Vec<(usize, String)>,
    lines: Vec<u32>,
    code: &'c str,
}

impl Search<'_> {
    /// Counts a statement, and gives the call that tells of it.
    fn call(&mut self, at: usize) -> String {
        let number = self.lines.len();
        self.lines.push(position(self.code, at).0);
        format!("{NAME}({number});")
    }

    /// The statements of a list.
    fn list(&mut self, statements: &[Statement<'_>]) {
        for statement in statements {
            if does_nothing(statement) {
                continue;
            }
            let at = bytes(statement.span().start);
            let call = self.call(at);
            self.insertions.push((at, call));
        }
    }

    /// A statement that stands alone where a block could: it gets one.
    fn alone(&mut self, statement: &Statement<'_>) {
        if matches!(statement, Statement::BlockStatement(_)) {
            return;
        }
        let (start, end) = (bytes(statement.span().start), bytes(statement.span().end));
        let call = self.call(start);
        self.insertions.push((start, format!("{{{call}")));
        self.insertions.push((end, END.to_owned()));
    }
}

/// Whether a statement is a declaration that is there from the beginning.
fn does_nothing(statement: &Statement<'_>) -> bool {
    matches!(
        statement,
        Statement::FunctionDeclaration(_) | Statement::ImportDeclaration(_) | Statement::EmptyStatement(_)
    )
}

fn bytes(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

impl<'a> Visit<'a> for Search<'_> {
    fn visit_program(&mut self, it: &Program<'a>) {
        self.list(&it.body);
        walk::walk_program(self, it);
    }

    fn visit_function_body(&mut self, it: &FunctionBody<'a>) {
        self.list(&it.statements);
        walk::walk_function_body(self, it);
    }

    fn visit_block_statement(&mut self, it: &oxc_ast::ast::BlockStatement<'a>) {
        self.list(&it.body);
        walk::walk_block_statement(self, it);
    }

    fn visit_switch_case(&mut self, it: &SwitchCase<'a>) {
        self.list(&it.consequent);
        walk::walk_switch_case(self, it);
    }

    fn visit_if_statement(&mut self, it: &IfStatement<'a>) {
        self.alone(&it.consequent);
        if let Some(alternate) = &it.alternate {
            self.alone(alternate);
        }
        walk::walk_if_statement(self, it);
    }

    fn visit_for_statement(&mut self, it: &ForStatement<'a>) {
        self.alone(&it.body);
        walk::walk_for_statement(self, it);
    }

    fn visit_for_in_statement(&mut self, it: &ForInStatement<'a>) {
        self.alone(&it.body);
        walk::walk_for_in_statement(self, it);
    }

    fn visit_while_statement(&mut self, it: &WhileStatement<'a>) {
        self.alone(&it.body);
        walk::walk_while_statement(self, it);
    }

    fn visit_do_while_statement(&mut self, it: &DoWhileStatement<'a>) {
        self.alone(&it.body);
        walk::walk_do_while_statement(self, it);
    }
}
