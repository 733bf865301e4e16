//! Declarations of variables, and imports.

use keyfront_domain::function::Runtime;

use super::super::construct::Construct;
use super::scope::Declaration;
use super::token::{Kind, Token, Word};
use super::{Import, Parsed, Reader};

/// The modules that can be imported.
///
/// AWS: "JavaScript runtime 2.0 features for CloudFront Functions", "Built-in modules", and its counterpart for 1.0.
fn is_module(name: &str, runtime: Runtime) -> bool {
    match name {
        "crypto" | "querystring" => true,
        "buffer" | "cloudfront" => runtime == Runtime::Js2,
        _ => false,
    }
}

impl Reader<'_> {
    /// `let` or `const` and what they declare.
    pub(super) fn lexical(&mut self, declaration: Declaration) -> Parsed<()> {
        let next = self.lexer.peek(1).kind;
        if matches!(next, Kind::OpenBrace | Kind::OpenBracket) || (next.is_binding() && !next.is_reserved()) {
            self.lexer.consume();
            self.variables(declaration)?;
            return self.semicolon();
        }
        if next.is_reserved() {
            self.lexer.consume();
        }
        Err(self.unexpected())
    }

    /// The declarations behind `var`, `let` or `const`.
    pub(super) fn variables(&mut self, declaration: Declaration) -> Parsed<()> {
        loop {
            self.variable(declaration)?;
            if !self.take(Kind::Comma) {
                return Ok(());
            }
        }
    }

    fn variable(&mut self, declaration: Declaration) -> Parsed<()> {
        let name = self.lexer.current();
        if matches!(name.kind, Kind::OpenBrace | Kind::OpenBracket) {
            // njs complains of what stands behind the bracket.
            self.lexer.consume();
            return Err(self.not_supported().blaming(Construct::Destructuring));
        }
        self.declarable(name)?;
        self.declare(name, declaration)?;
        self.lexer.consume();
        if self.take(Kind::Assign) {
            self.assignment()?;
        } else if declaration == Declaration::Const {
            let message = "missing initializer in const declaration".to_owned();
            self.flow.note(Reader::late_fault(message, name, false));
        }
        Ok(())
    }

    /// Refuses what cannot name a variable.
    pub(super) fn declarable(&mut self, name: Token) -> Parsed<()> {
        if !name.kind.is_binding() {
            return Err(self.unexpected());
        }
        if name.kind.is_restricted() {
            let message = format!("Identifier \"{}\" is forbidden in var declaration", self.text(name));
            return Err(self.fault(message));
        }
        Ok(())
    }

    /// An import statement, behind `import`.
    pub(super) fn import(&mut self, import: Token) -> Parsed<()> {
        let name = self.lexer.current();
        if self.scopes.depth() > 1 {
            return Err(self.fault_at("Illegal import statement", import.at).blaming(Construct::Import));
        }
        if name.kind != Kind::Name {
            return Err(self.fault("Non-default import is not supported").blaming(Construct::Import));
        }
        self.declare(name, Declaration::Let)?;
        self.lexer.consume();
        self.expect(Kind::Word(Word::From))?;
        let module = self.lexer.current();
        if module.kind != Kind::Text {
            return Err(self.unexpected());
        }
        let module_name = self.text(module);
        if !is_module(module_name, self.runtime) {
            let message = format!("Cannot find module \"{module_name}\"");
            return Err(self.fault(message).blaming(Construct::Module));
        }
        self.lexer.consume();
        let next = self.lexer.current();
        let end = if next.kind == Kind::Semicolon { next.end } else { module.end + 1 };
        self.semicolon()?;
        self.imports.push(Import {
            range: import.at..end,
            name: self.text(name).to_owned(),
            module: module_name.to_owned(),
        });
        Ok(())
    }
}
