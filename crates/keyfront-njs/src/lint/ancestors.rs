//! The nodes around the one that is visited, outermost first, and what they say of it.

use oxc_ast::AstKind;
use oxc_ast::ast::{Expression, UnaryExpression, UnaryOperator};
use oxc_ast_visit::{Visit, walk};
use oxc_span::{GetSpan, Span};

/// So many nodes around a place are looked at, and so many of a test. Code of people needs a fraction; refused code may be
/// nested as deep as it is long.
const LOOKED_AT: usize = 96;

/// The nodes around the one that is visited.
#[derive(Default)]
pub(super) struct Ancestors<'a>(Vec<AstKind<'a>>);

/// Whether code is reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reached {
    /// At each invocation, before the handler is called.
    Always,
    /// Under a condition, or when a function is called.
    Sometimes,
}

impl<'a> Ancestors<'a> {
    /// Goes into a node.
    pub(super) fn enter(&mut self, kind: AstKind<'a>) {
        self.0.push(kind);
    }

    /// Comes out of a node.
    pub(super) fn leave(&mut self) {
        self.0.pop();
    }

    /// The nodes around the visited one, innermost first, without parentheses.
    pub(super) fn outward(&self) -> impl Iterator<Item = AstKind<'a>> {
        let nodes = self.0.iter().rev().copied();
        nodes.filter(|kind| !matches!(kind, AstKind::ParenthesizedExpression(_)))
    }

    /// The node directly around the visited one.
    pub(super) fn parent(&self) -> Option<AstKind<'a>> {
        self.outward().next()
    }

    /// Each node around a place with the span of its part that holds the place, innermost first.
    fn parts(&self, at: Span) -> impl Iterator<Item = (AstKind<'a>, Span)> {
        let parts = std::iter::once(at).chain(self.0.iter().rev().map(GetSpan::span));
        self.0.iter().rev().copied().zip(parts).take(LOOKED_AT)
    }

    /// Whether the visited place is reached.
    pub(super) fn reached(&self, at: Span) -> Reached {
        let conditional = self.parts(at).enumerate().any(|(depth, (kind, part))| match kind {
            AstKind::Function(_) | AstKind::ArrowFunctionExpression(_) => !self.is_called_at_once(depth),
            AstKind::IfStatement(it) => it.test.span() != part,
            AstKind::ConditionalExpression(it) => it.test.span() != part,
            AstKind::LogicalExpression(it) => it.left.span() != part,
            AstKind::WhileStatement(it) => it.test.span() != part,
            AstKind::ForInStatement(it) => it.right.span() != part,
            AstKind::ForOfStatement(it) => it.right.span() != part,
            AstKind::ForStatement(it) => it.body.span() == part,
            AstKind::SwitchCase(_) | AstKind::CatchClause(_) => true,
            AstKind::TryStatement(it) => it.handler.is_some(),
            _ => false,
        });
        if conditional || self.0.len() > LOOKED_AT { Reached::Sometimes } else { Reached::Always }
    }

    /// Whether the function that is so many nodes out is what a call around it calls: `(function () { … })()`.
    fn is_called_at_once(&self, depth: usize) -> bool {
        let mut nodes = self.0.iter().rev().skip(depth).take(LOOKED_AT);
        let Some(function) = nodes.next().map(GetSpan::span) else { return false };
        let around = nodes.find(|kind| !matches!(kind, AstKind::ParenthesizedExpression(_)));
        match around {
            Some(AstKind::CallExpression(call)) => contains(call.callee.span(), function),
            // `(function () { … }).call(this)`
            Some(AstKind::StaticMemberExpression(member)) => {
                matches!(member.property.name.as_str(), "call" | "apply")
                    && contains(member.object.span(), function)
            }
            _ => false,
        }
    }

    /// Whether a test around the visited place asks for the type of one of the names, as `typeof module` does.
    pub(super) fn asks_for_type_of(&self, names: &[&str]) -> bool {
        self.0.iter().rev().take(LOOKED_AT).any(|kind| {
            let test = match kind {
                AstKind::IfStatement(it) => &it.test,
                AstKind::ConditionalExpression(it) => &it.test,
                AstKind::LogicalExpression(it) => &it.left,
                _ => return false,
            };
            let mut types = Types { names, asked: false, left: LOOKED_AT };
            types.visit_expression(test);
            types.asked
        })
    }

    /// Whether the visited place stands in a block whose errors are caught.
    pub(super) fn is_tried(&self, at: Span) -> bool {
        self.parts(at).any(|(kind, part)| match kind {
            AstKind::TryStatement(it) => it.handler.is_some() && it.block.span == part,
            _ => false,
        })
    }

    /// Whether the visited place stands among the arguments of a call of the same function.
    pub(super) fn is_among_arguments(&self, at: Span) -> bool {
        self.parts(at)
            .take_while(|(kind, _)| {
                !matches!(kind, AstKind::Function(_) | AstKind::ArrowFunctionExpression(_))
            })
            .any(|(kind, part)| match kind {
                AstKind::CallExpression(call) => call.callee.span() != part,
                AstKind::NewExpression(call) => call.callee.span() != part,
                _ => false,
            })
    }
}

fn contains(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// Looks for `typeof` of one of the names.
struct Types<'n> {
    names: &'n [&'n str],
    asked: bool,
    /// How many more expressions are looked at.
    left: usize,
}

impl<'a> Visit<'a> for Types<'_> {
    fn visit_expression(&mut self, it: &Expression<'a>) {
        if let Some(left) = self.left.checked_sub(1) {
            self.left = left;
            walk::walk_expression(self, it);
        }
    }

    fn visit_unary_expression(&mut self, it: &UnaryExpression<'a>) {
        if it.operator == UnaryOperator::Typeof
            && let Expression::Identifier(name) = it.argument.get_inner_expression()
        {
            self.asked |= self.names.contains(&name.name.as_str());
        }
        walk::walk_unary_expression(self, it);
    }
}
