//! Finds code that goes through the members of an object literal that CloudFront's engine enumerates in another order.

use std::collections::HashMap;

use oxc_ast::AstKind;
use oxc_ast::ast::{Argument, CallExpression, Expression, Program};
use oxc_ast_visit::Visit;
use oxc_span::GetSpan;

use super::ancestors::Ancestors;

/// Up to so many members are enumerated in the order in which they were added.
const IN_ORDER: usize = 10;

/// Functions that go through the members of their first argument.
const THROUGH: [(&str, &str); 6] = [
    ("Object", "keys"),
    ("Object", "values"),
    ("Object", "entries"),
    ("Object", "getOwnPropertyNames"),
    ("JSON", "stringify"),
    ("querystring", "stringify"),
];

/// Members of a list that do not depend on its order.
const WHATEVER_ORDER: [&str; 5] = ["sort", "length", "includes", "some", "every"];

/// The positions in bytes where code goes through the members of a large literal.
pub(super) fn in_program(program: &Program<'_>) -> Vec<usize> {
    let mut literals = Literals { large: HashMap::new() };
    literals.visit_program(program);
    let mut search = Search { large: literals.large, ancestors: Ancestors::default(), found: Vec::new() };
    search.visit_program(program);
    search.found
}

/// Variables with object literals. Scopes are not told apart.
struct Literals {
    /// Whether all of the literals of a name are large.
    large: HashMap<String, bool>,
}

impl<'a> Visit<'a> for Literals {
    fn enter_node(&mut self, kind: AstKind<'a>) {
        if let AstKind::VariableDeclarator(declarator) = kind {
            let is_large = declarator.init.as_ref().is_some_and(is_large);
            for name in declarator.id.get_binding_identifiers() {
                let all = self.large.entry(name.name.to_string()).or_insert(true);
                *all &= is_large;
            }
        }
    }
}

fn is_large(expression: &Expression<'_>) -> bool {
    matches!(expression.get_inner_expression(), Expression::ObjectExpression(object)
        if object.properties.len() > IN_ORDER)
}

struct Search<'a> {
    large: HashMap<String, bool>,
    ancestors: Ancestors<'a>,
    found: Vec<usize>,
}

impl Search<'_> {
    fn is_large(&self, expression: &Expression<'_>) -> bool {
        match expression.get_inner_expression() {
            Expression::Identifier(name) => self.large.get(name.name.as_str()) == Some(&true),
            literal => is_large(literal),
        }
    }

    fn goes_through(&self, call: &CallExpression<'_>) -> bool {
        let Expression::StaticMemberExpression(member) = call.callee.get_inner_expression() else {
            return false;
        };
        let Expression::Identifier(holder) = &member.object else { return false };
        let method = (holder.name.as_str(), member.property.name.as_str());
        let argument = call.arguments.first().and_then(Argument::as_expression);
        THROUGH.contains(&method)
            && argument.is_some_and(|argument| self.is_large(argument))
            && !matches!(self.ancestors.parent(), Some(AstKind::StaticMemberExpression(of_list))
                if WHATEVER_ORDER.contains(&of_list.property.name.as_str()))
    }
}

impl<'a> Visit<'a> for Search<'a> {
    fn enter_node(&mut self, kind: AstKind<'a>) {
        let goes_through = match kind {
            AstKind::ForInStatement(it) => self.is_large(&it.right),
            AstKind::CallExpression(call) => self.goes_through(call),
            _ => false,
        };
        if goes_through {
            self.found.push(usize::try_from(kind.span().start).unwrap_or(0));
        }
        self.ancestors.enter(kind);
    }

    fn leave_node(&mut self, _: AstKind<'a>) {
        self.ancestors.leave();
    }
}
