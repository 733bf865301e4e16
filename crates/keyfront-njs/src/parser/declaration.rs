//! Parses declarations of variables, and imports.

use keyfront_domain::function::Runtime;

use super::scope::Declaration;
use super::token::{Token, TokenKind, Word};
use super::{Import, ParseResult, Parser};
use crate::construct::Construct;

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

impl Parser<'_> {
    /// `let` or `const` and what they declare.
    pub(super) fn lexical(&mut self, declaration: Declaration) -> ParseResult<()> {
        let next = self.lexer.peek(1).kind;
        if matches!(next, TokenKind::OpenBrace | TokenKind::OpenBracket)
            || (next.is_binding() && !next.is_reserved())
        {
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
    pub(super) fn variables(&mut self, declaration: Declaration) -> ParseResult<()> {
        loop {
            self.variable(declaration)?;
            if !self.take(TokenKind::Comma) {
                return Ok(());
            }
        }
    }

    fn variable(&mut self, declaration: Declaration) -> ParseResult<()> {
        let name = self.lexer.current();
        if matches!(name.kind, TokenKind::OpenBrace | TokenKind::OpenBracket) {
            // njs complains of what stands behind the bracket.
            self.lexer.consume();
            return Err(self.not_supported().with_construct(Construct::Destructuring));
        }
        self.declarable(name)?;
        self.declare(name, declaration)?;
        self.lexer.consume();
        if self.take(TokenKind::Assign) {
            self.assignment()?;
        } else if declaration == Declaration::Const {
            let message = "missing initializer in const declaration".to_owned();
            self.flow.note(Parser::late_error(message, name, false));
        }
        Ok(())
    }

    /// Refuses what cannot name a variable.
    pub(super) fn declarable(&mut self, name: Token) -> ParseResult<()> {
        if !name.kind.is_binding() {
            return Err(self.unexpected());
        }
        if name.kind.is_restricted() {
            let message = format!("Identifier \"{}\" is forbidden in var declaration", self.text(name));
            return Err(self.error(message));
        }
        Ok(())
    }

    /// An import statement, behind `import`.
    pub(super) fn import(&mut self, import: Token) -> ParseResult<()> {
        let name = self.lexer.current();
        if self.scopes.depth() > 1 {
            return Err(self
                .error_at("Illegal import statement", import.at)
                .with_construct(Construct::Import));
        }
        if name.kind != TokenKind::Name {
            return Err(self.error("Non-default import is not supported").with_construct(Construct::Import));
        }
        self.declare(name, Declaration::Let)?;
        self.lexer.consume();
        self.expect(TokenKind::Word(Word::From))?;
        let module = self.lexer.current();
        if module.kind != TokenKind::Text {
            return Err(self.unexpected());
        }
        let module_name = self.text(module);
        if !is_module(module_name, self.runtime) {
            let message = format!("Cannot find module \"{module_name}\"");
            return Err(self.error(message).with_construct(Construct::Module));
        }
        self.lexer.consume();
        let next = self.lexer.current();
        let end = if next.kind == TokenKind::Semicolon { next.end } else { module.end + 1 };
        self.semicolon()?;
        self.imports.push(Import {
            range: import.at..end,
            name: self.text(name).to_owned(),
            module: module_name.to_owned(),
        });
        Ok(())
    }
}
