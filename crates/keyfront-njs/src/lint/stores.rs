//! What a program calls its key value stores, and which of its variables are awaited.

use std::collections::HashSet;

use oxc_ast::AstKind;
use oxc_ast::ast::{AssignmentTarget, Expression, Program};
use oxc_ast_visit::Visit;

use super::ancestors::Ancestors;

/// Names of stores and of promises. Scopes are not told apart.
#[derive(Default)]
pub(super) struct Stores {
    /// Variables with what `cf.kvs()` gave.
    handles: HashSet<String>,
    /// Variables that are awaited, or given away to where they may be.
    awaited: HashSet<String>,
}

impl Stores {
    pub(super) fn of(program: &Program<'_>) -> Stores {
        let mut search = Search { stores: Stores::default(), ancestors: Ancestors::default() };
        search.visit_program(program);
        search.stores
    }

    /// Whether an expression is a handle of a store: a variable with one, or `cf.kvs()` itself.
    pub(super) fn is_store(&self, expression: &Expression<'_>) -> bool {
        match expression.get_inner_expression() {
            Expression::Identifier(name) => self.handles.contains(name.name.as_str()),
            opened => is_opened(opened),
        }
    }

    /// Whether a variable is awaited, or given away.
    pub(super) fn is_awaited(&self, name: &str) -> bool {
        self.awaited.contains(name)
    }
}

/// Whether an expression is `cf.kvs()`.
fn is_opened(expression: &Expression<'_>) -> bool {
    let Expression::CallExpression(call) = expression.get_inner_expression() else { return false };
    matches!(call.callee.get_inner_expression(), Expression::StaticMemberExpression(member)
        if member.property.name == "kvs")
}

/// Collects the handles of stores and the promises that are awaited, in one walk over the tree.
struct Search<'a> {
    stores: Stores,
    ancestors: Ancestors<'a>,
}

impl<'a> Visit<'a> for Search<'a> {
    fn enter_node(&mut self, kind: AstKind<'a>) {
        match kind {
            AstKind::VariableDeclarator(declarator) if declarator.init.as_ref().is_some_and(is_opened) => {
                let names = declarator.id.get_binding_identifiers();
                self.stores.handles.extend(names.iter().map(|name| name.name.to_string()));
            }
            AstKind::AssignmentExpression(assignment) if is_opened(&assignment.right) => {
                if let AssignmentTarget::AssignmentTargetIdentifier(name) = &assignment.left {
                    self.stores.handles.insert(name.name.to_string());
                }
            }
            AstKind::IdentifierReference(name) if self.may_be_awaited() => {
                self.stores.awaited.insert(name.name.to_string());
            }
            _ => {}
        }
        self.ancestors.enter(kind);
    }

    fn leave_node(&mut self, _: AstKind<'a>) {
        self.ancestors.leave();
    }
}

impl Search<'_> {
    /// Whether a variable that stands here is awaited, or goes where it may be.
    fn may_be_awaited(&self) -> bool {
        match self.ancestors.parent() {
            Some(
                AstKind::AwaitExpression(_)
                | AstKind::ArrayExpression(_)
                | AstKind::CallExpression(_)
                | AstKind::ReturnStatement(_),
            ) => true,
            Some(AstKind::StaticMemberExpression(member)) => {
                matches!(member.property.name.as_str(), "then" | "catch" | "finally")
            }
            _ => false,
        }
    }
}
