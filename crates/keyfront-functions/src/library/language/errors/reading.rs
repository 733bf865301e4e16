//! Reads a program for what errors ask about it: its calls, what it writes, where it asks `in` what is no object, its
//! constants and its functions.

use std::collections::HashSet;

use oxc_allocator::Allocator;
use oxc_ast::ast::{
    AssignmentExpression, BinaryExpression, BindingPattern, CallExpression, Expression, IdentifierReference,
    MemberExpression, NewExpression, Statement, StaticMemberExpression, UnaryExpression, VariableDeclaration,
    VariableDeclarationKind,
};
use oxc_ast_visit::{Visit, walk};
use oxc_parser::Parser;
use oxc_span::{GetSpan, SourceType, Span};

/// What errors can ask about.
#[derive(Default)]
pub(super) struct Read {
    pub(super) calls: Vec<Call>,
    pub(super) targets: Vec<Target>,
    /// What `in` is asked of, in order.
    pub(super) asked: Vec<Asked>,
    /// Where names begin that the engine marks, in order.
    names: Vec<u32>,
    pub(super) constants: HashSet<String>,
    pub(super) functions: HashSet<String>,
}

/// A call, or an expression with `new`.
pub(super) struct Call {
    /// Where the property that is called begins, or what is called if that is no property.
    pub(super) callee_at: u32,
    pub(super) to: u32,
    pub(super) property: Option<String>,
    /// The names that lead to what is called, where it is names alone.
    pub(super) path: Vec<String>,
}

/// An assignment to a property, or its deletion.
pub(super) struct Target {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) property: String,
}

/// An expression with `in`.
pub(super) struct Asked {
    pub(super) from: u32,
    pub(super) to: u32,
    /// The type of the operand on the right, where the text tells that it is no object.
    pub(super) of: Option<&'static str>,
}

impl Read {
    pub(super) fn of(text: &str) -> Read {
        let allocator = Allocator::default();
        // The text has an expression of a function in it, or is a script; both are scripts.
        let parsed = Parser::new(&allocator, text, SourceType::cjs()).parse();
        let mut reading = Reading { text, read: Read::default() };
        reading.visit_program(&parsed.program);
        let mut read = reading.read;
        read.names.sort_unstable();
        read
    }

    pub(super) fn names_between(&self, after: u32, to: u32) -> bool {
        let next = self.names.partition_point(|name| *name <= after);
        self.names.get(next).is_some_and(|name| *name < to)
    }
}

struct Reading<'t> {
    text: &'t str,
    read: Read,
}

impl Reading<'_> {
    fn call(&mut self, callee: &Expression<'_>, is_new: bool, to: u32) {
        let callee = callee.get_inner_expression();
        let property = callee.as_member_expression().map(|member| self.property(member));
        // Behind `new` the engine marks the beginning.
        let mut callee_at = callee.span().start;
        if let (Expression::StaticMemberExpression(member), false) = (callee, is_new) {
            callee_at = member.property.span.start;
        }
        self.read.calls.push(Call { callee_at, to, property, path: path(callee) });
    }

    /// The name of a property, or the text of what computes it.
    fn property(&self, member: &MemberExpression<'_>) -> String {
        if let Some(name) = member.static_property_name() {
            return name.to_string();
        }
        let MemberExpression::ComputedMemberExpression(member) = member else { return String::new() };
        let key = member.expression.span();
        let range = usize::try_from(key.start).unwrap_or(0)..usize::try_from(key.end).unwrap_or(0);
        self.text.get(range).unwrap_or_default().to_owned()
    }

    /// Keeps that a property is written or deleted.
    fn target(&mut self, member: Option<&MemberExpression<'_>>, at: Span) {
        if let Some(member) = member {
            let property = self.property(member);
            self.read.targets.push(Target { from: at.start, to: at.end, property });
        }
    }
}

/// `["a", "b", "c"]` for `a.b.c`; empty where there is more than names in it.
fn path(callee: &Expression<'_>) -> Vec<String> {
    if let Expression::Identifier(name) = callee {
        return vec![name.name.to_string()];
    }
    let Expression::StaticMemberExpression(member) = callee else { return Vec::new() };
    let mut names = path(&member.object);
    if !names.is_empty() {
        names.push(member.property.name.to_string());
    }
    names
}

/// The type of what is no object for certain.
fn primitive_type(operand: &Expression<'_>) -> Option<&'static str> {
    let operand = operand.get_inner_expression();
    if operand.is_string_literal() || matches!(operand, Expression::TemplateLiteral(_)) {
        Some("string")
    } else if operand.is_number_literal() {
        Some("number")
    } else if matches!(operand, Expression::BooleanLiteral(_)) {
        Some("boolean")
    } else {
        operand.is_null().then_some("null")
    }
}

impl<'a> Visit<'a> for Reading<'_> {
    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        self.call(&call.callee, false, call.span.end);
        walk::walk_call_expression(self, call);
    }

    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        self.call(&new.callee, true, new.span.end);
        walk::walk_new_expression(self, new);
    }

    fn visit_identifier_reference(&mut self, name: &IdentifierReference<'a>) {
        self.read.names.push(name.span.start);
    }

    fn visit_static_member_expression(&mut self, member: &StaticMemberExpression<'a>) {
        self.read.names.push(member.property.span.start);
        walk::walk_static_member_expression(self, member);
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        self.target(assignment.left.as_member_expression(), assignment.span);
        walk::walk_assignment_expression(self, assignment);
    }

    fn visit_unary_expression(&mut self, unary: &UnaryExpression<'a>) {
        if unary.operator.is_delete() {
            self.target(unary.argument.as_member_expression(), unary.span);
        }
        walk::walk_unary_expression(self, unary);
    }

    fn visit_binary_expression(&mut self, binary: &BinaryExpression<'a>) {
        if binary.operator.is_in() {
            let of = primitive_type(&binary.right);
            self.read.asked.push(Asked { from: binary.span.start, to: binary.span.end, of });
        }
        walk::walk_binary_expression(self, binary);
    }

    fn visit_variable_declaration(&mut self, declaration: &VariableDeclaration<'a>) {
        for declarator in &declaration.declarations {
            if let (VariableDeclarationKind::Const, BindingPattern::BindingIdentifier(name)) =
                (declaration.kind, &declarator.id)
            {
                self.read.constants.insert(name.name.to_string());
            }
        }
        walk::walk_variable_declaration(self, declaration);
    }

    fn visit_statement(&mut self, statement: &Statement<'a>) {
        if let Statement::FunctionDeclaration(function) = statement
            && let Some(name) = &function.id
        {
            self.read.functions.insert(name.name.to_string());
        }
        walk::walk_statement(self, statement);
    }
}
