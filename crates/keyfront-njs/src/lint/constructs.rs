//! Finds the parts of the language that the runtime does not have, in a syntax tree.

use keyfront_domain::function::Runtime;
use oxc_ast::AstKind;
use oxc_ast::ast::{AssignmentOperator, ImportDeclarationSpecifier, Program, VariableDeclarationKind};
use oxc_ast_visit::Visit;
use oxc_span::GetSpan;

use super::ancestors::Ancestors;
use crate::construct::Construct;

/// Each such part, with its position in bytes.
pub(super) fn in_program(program: &Program<'_>, runtime: Runtime) -> Vec<(Construct, usize)> {
    let mut search =
        Search { runtime, found: Vec::new(), functions: Vec::new(), ancestors: Ancestors::default() };
    search.visit_program(program);
    search.found.sort_by_key(|(_, at)| *at);
    search.found
}

struct Search<'a> {
    runtime: Runtime,
    found: Vec<(Construct, usize)>,
    /// For each open function whether it is async.
    functions: Vec<bool>,
    ancestors: Ancestors<'a>,
}

impl<'a> Visit<'a> for Search<'a> {
    fn enter_node(&mut self, kind: AstKind<'a>) {
        match kind {
            AstKind::Function(function) => self.functions.push(function.r#async),
            AstKind::ArrowFunctionExpression(function) => self.functions.push(function.r#async),
            _ => {}
        }
        if let Some(construct) = self.construct(kind) {
            self.found.push((construct, usize::try_from(kind.span().start).unwrap_or(0)));
        }
        self.ancestors.enter(kind);
    }

    fn leave_node(&mut self, kind: AstKind<'a>) {
        self.ancestors.leave();
        if matches!(kind, AstKind::Function(_) | AstKind::ArrowFunctionExpression(_)) {
            self.functions.pop();
        }
    }
}

impl Search<'_> {
    fn construct(&self, kind: AstKind<'_>) -> Option<Construct> {
        let is_first = self.runtime == Runtime::Js1;
        Some(match kind {
            AstKind::Class(_) => Construct::Class,
            AstKind::ForOfStatement(_) => Construct::ForOf,
            AstKind::SpreadElement(_) => Construct::Spread,
            AstKind::ChainExpression(_) => Construct::OptionalChain,
            AstKind::ArrayPattern(_) | AstKind::ObjectPattern(_) => Construct::Destructuring,
            AstKind::ArrayAssignmentTarget(_) | AstKind::ObjectAssignmentTarget(_) => {
                Construct::Destructuring
            }
            AstKind::FormalParameter(parameter) if parameter.initializer.is_some() => {
                Construct::DefaultParameter
            }
            AstKind::AssignmentExpression(assignment)
                if matches!(
                    assignment.operator,
                    AssignmentOperator::LogicalAnd
                        | AssignmentOperator::LogicalOr
                        | AssignmentOperator::LogicalNullish
                ) =>
            {
                Construct::LogicalAssignment
            }
            AstKind::CatchClause(clause) if clause.param.is_none() => Construct::CatchWithoutBinding,
            AstKind::Function(function) if function.generator => Construct::Generator,
            AstKind::Function(function) if function.r#async && is_first => Construct::AsyncFunction,
            AstKind::ArrowFunctionExpression(function) if function.r#async && is_first => {
                Construct::AsyncFunction
            }
            AstKind::BigIntLiteral(_) => Construct::BigInt,
            AstKind::NumericLiteral(number)
                if is_first && number.raw.is_some_and(|raw| raw.contains('_')) =>
            {
                Construct::NumericSeparator
            }
            AstKind::NewTarget(_) => Construct::NewTarget,
            AstKind::ImportExpression(_) | AstKind::ImportMeta(_) => Construct::Import,
            AstKind::ImportDeclaration(import) => {
                let mut specifiers = import.specifiers.iter().flatten();
                let is_default = matches!(
                    (specifiers.next(), specifiers.next()),
                    (Some(ImportDeclarationSpecifier::ImportDefaultSpecifier(_)), None)
                );
                return (!is_default).then_some(Construct::Import);
            }
            AstKind::ExportDefaultDeclaration(_)
            | AstKind::ExportDeclaration(_)
            | AstKind::ExportNamedDeclaration(_)
            | AstKind::ExportFromDeclaration(_)
            | AstKind::ExportAllDeclaration(_) => Construct::Export,
            AstKind::WithStatement(_) => Construct::With,
            AstKind::VariableDeclaration(declaration)
                if is_first && declaration.kind != VariableDeclarationKind::Var =>
            {
                Construct::ConstOrLet
            }
            AstKind::AwaitExpression(_) if self.functions.last() != Some(&true) => Construct::AwaitOutside,
            AstKind::AwaitExpression(it) if self.ancestors.is_among_arguments(it.span) => {
                Construct::AwaitInArguments
            }
            AstKind::RegExpLiteral(literal) if literal.raw.is_some_and(has_other_flags) => {
                Construct::RegExpFlag
            }
            _ => return None,
        })
    }
}

fn has_other_flags<'s>(raw: impl AsRef<str> + 's) -> bool {
    let raw = raw.as_ref();
    let flags = raw.rsplit('/').next().unwrap_or_default();
    flags.contains(|flag| !matches!(flag, 'g' | 'i' | 'm' | 'y'))
}
