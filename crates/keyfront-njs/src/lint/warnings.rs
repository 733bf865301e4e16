//! Finds what AWS's documentation warns of: code that runs, and does not do what it seems to.

use oxc_ast::AstKind;
use oxc_ast::ast::{AssignmentTarget, CallExpression, Expression, ObjectPropertyKind, Program, PropertyKey};
use oxc_ast_visit::Visit;
use oxc_span::{GetSpan, Span};

use super::Severity;
use super::ancestors::Ancestors;
use super::stores::Stores;
use crate::names::{Names, static_key};

/// Something to be warned of.
pub(super) struct Warning {
    pub(super) at: usize,
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) instead: &'static str,
}

/// Each place to be warned of.
pub(super) fn in_program(program: &Program<'_>, names: &Names) -> Vec<Warning> {
    let stores = Stores::of(program);
    let mut search = Search { names, stores, ancestors: Ancestors::default(), found: Vec::new() };
    search.visit_program(program);
    search.found
}

const LOG: &str = "Give it one text: console.log(`${a} ${b}`).";
const LOWER_CASE: &str = "Write the name in lower case: headers['cache-control'].";
const ORIGIN: &str = "request.origin is Lambda@Edge's. Call cf.updateRequestOrigin({ domainName: '…' }).";
const COUNT: &str = "Use (await kvs.meta()).keyCount.";
const AWAIT: &str = "Write await before it: const value = await kvs.get(key);.";

struct Search<'a, 'n> {
    names: &'n Names,
    stores: Stores,
    ancestors: Ancestors<'a>,
    found: Vec<Warning>,
}

impl<'a> Visit<'a> for Search<'a, '_> {
    fn enter_node(&mut self, kind: AstKind<'a>) {
        match kind {
            AstKind::CallExpression(call) => self.call(call),
            AstKind::StaticMemberExpression(member) if is_headers(&member.object) => {
                self.header(&member.property.name, member.property.span, member.span);
            }
            AstKind::ComputedMemberExpression(member) if is_headers(&member.object) => {
                if let Some(key) = static_key(member) {
                    self.header(key, member.expression.span(), member.span);
                }
            }
            AstKind::ObjectProperty(property) => {
                if let (Some("headers"), Expression::ObjectExpression(headers)) =
                    (name_of(&property.key), property.value.get_inner_expression())
                {
                    self.header_literal(&headers.properties);
                }
            }
            AstKind::AssignmentExpression(assignment) => {
                if let AssignmentTarget::StaticMemberExpression(member) = &assignment.left
                    && member.property.name == "origin"
                    && is_request(&member.object)
                {
                    self.warn(member.property.span, "request.origin does nothing".to_owned(), ORIGIN);
                }
                if let (
                    AssignmentTarget::StaticMemberExpression(member),
                    Expression::ObjectExpression(headers),
                ) = (&assignment.left, assignment.right.get_inner_expression())
                    && member.property.name == "headers"
                {
                    self.header_literal(&headers.properties);
                }
            }
            _ => {}
        }
        self.ancestors.enter(kind);
    }

    fn leave_node(&mut self, _: AstKind<'a>) {
        self.ancestors.leave();
    }
}

impl<'a> Search<'a, '_> {
    fn warn(&mut self, span: Span, message: String, instead: &'static str) {
        self.add(Severity::Warning, span, message, instead);
    }

    fn add(&mut self, severity: Severity, span: Span, message: String, instead: &'static str) {
        let at = usize::try_from(span.start).unwrap_or(0);
        self.found.push(Warning { at, severity, message, instead });
    }

    fn call(&mut self, call: &'a CallExpression<'a>) {
        let Expression::StaticMemberExpression(member) = call.callee.get_inner_expression() else { return };
        let method = member.property.name.as_str();
        if method == "log"
            && call.arguments.len() > 1
            && matches!(&member.object, Expression::Identifier(name) if name.name == "console")
            && !self.names.is_declared("console")
        {
            let message = "console.log prints its first argument alone".to_owned();
            self.warn(call.span, message, LOG);
        }
        if !self.stores.is_store(&member.object) {
            return;
        }
        match method {
            "count" => {
                let message = "a key value store has no method count".to_owned();
                self.add(Severity::FailsWhenItRuns, member.property.span, message, COUNT);
            }
            "get" | "exists" | "meta" if !self.is_awaited(call.span) => {
                let message = format!("{method} of a key value store gives a promise, and nothing awaits it");
                self.warn(call.span, message, AWAIT);
            }
            _ => {}
        }
    }

    /// Whether a promise goes where it may be awaited.
    fn is_awaited(&self, promise: Span) -> bool {
        let mut outward = self.ancestors.outward();
        match outward.next() {
            Some(AstKind::VariableDeclarator(declarator)) => {
                let names = declarator.id.get_binding_identifiers();
                names.iter().any(|name| self.stores.is_awaited(&name.name))
            }
            Some(AstKind::AssignmentExpression(assignment)) => match &assignment.left {
                AssignmentTarget::AssignmentTargetIdentifier(name) => self.stores.is_awaited(&name.name),
                _ => true,
            },
            Some(AstKind::StaticMemberExpression(member)) => {
                matches!(member.property.name.as_str(), "then" | "catch" | "finally")
            }
            // A branch of a condition is as good as the whole.
            Some(AstKind::ConditionalExpression(it)) => it.test.span() != promise,
            Some(AstKind::LogicalExpression(it)) => it.left.span() != promise,
            Some(
                AstKind::ExpressionStatement(_)
                | AstKind::ObjectProperty(_)
                | AstKind::ComputedMemberExpression(_)
                | AstKind::BinaryExpression(_)
                | AstKind::UnaryExpression(_)
                | AstKind::TemplateLiteral(_)
                | AstKind::IfStatement(_)
                | AstKind::WhileStatement(_)
                | AstKind::SwitchStatement(_)
                | AstKind::ForInStatement(_),
            ) => false,
            _ => true,
        }
    }

    /// The member of an object that is called `headers`.
    fn header(&mut self, name: &str, place: Span, member: Span) {
        if !has_upper_case(name) {
            return;
        }
        let is_called = matches!(self.ancestors.parent(), Some(AstKind::CallExpression(call))
            if call.callee.get_inner_expression().span() == member);
        if is_called {
            return;
        }
        let is_assigned = matches!(self.ancestors.parent(), Some(AstKind::AssignmentExpression(assignment))
            if assignment.left.span() == member);
        if is_assigned {
            let message = format!("the header name {name} is not in lower case, and CloudFront refuses it");
            self.add(Severity::FailsWhenItRuns, place, message, LOWER_CASE);
        } else {
            let message = format!("no header is called {name}: their names are in lower case");
            self.warn(place, message, LOWER_CASE);
        }
    }

    fn header_literal(&mut self, headers: &[ObjectPropertyKind<'_>]) {
        for property in headers {
            let ObjectPropertyKind::ObjectProperty(property) = property else { continue };
            if let Some(name) =
                name_of(&property.key).filter(|name| !property.computed && has_upper_case(name))
            {
                let message =
                    format!("the header name {name} is not in lower case, and CloudFront refuses it");
                self.add(Severity::FailsWhenItRuns, property.key.span(), message, LOWER_CASE);
            }
        }
    }
}

fn has_upper_case(name: &str) -> bool {
    name.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn name_of<'e>(key: &'e PropertyKey<'_>) -> Option<&'e str> {
    match key {
        PropertyKey::StaticIdentifier(name) => Some(name.name.as_str()),
        PropertyKey::StringLiteral(name) => Some(name.value.as_str()),
        _ => None,
    }
}

/// Whether an expression names headers of a request or a response: `headers`, or a member of that name.
fn is_headers(expression: &Expression<'_>) -> bool {
    match expression.get_inner_expression() {
        Expression::Identifier(name) => name.name == "headers",
        Expression::StaticMemberExpression(member) => member.property.name == "headers",
        _ => false,
    }
}

/// Whether an expression names a request: `request`, or a member of that name.
fn is_request(expression: &Expression<'_>) -> bool {
    match expression.get_inner_expression() {
        Expression::Identifier(name) => matches!(name.name.as_str(), "request" | "req"),
        Expression::StaticMemberExpression(member) => member.property.name == "request",
        _ => false,
    }
}
