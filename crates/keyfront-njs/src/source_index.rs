//! Index of a script's calls, property writes, `in` expressions and names, by byte offset.
//!
//! The texts of njs's errors contain more than QuickJS's: which property was called or written. An error of QuickJS has
//! a position; this index tells what stands there.

use std::collections::HashSet;

use oxc_allocator::Allocator;
use oxc_ast::ast::{
    ArrowFunctionExpression, AssignmentExpression, BinaryExpression, BindingPattern, CallExpression,
    Expression, FunctionBody, IdentifierReference, MemberExpression, NewExpression, Statement,
    StaticMemberExpression, UnaryExpression, VariableDeclaration, VariableDeclarationKind,
};
use oxc_ast_visit::{Visit, walk};
use oxc_parser::Parser;
use oxc_span::{GetSpan, SourceType, Span};

/// The calls, property writes and names of a script, by byte offset.
#[derive(Default, Debug)]
pub struct SourceIndex {
    /// The calls and the expressions with `new`.
    pub calls: Vec<Call>,
    /// The assignments to properties and their deletions.
    pub property_writes: Vec<PropertyWrite>,
    /// The expressions with `in`, in the order of their beginnings.
    pub in_expressions: Vec<InExpression>,
    /// The names that are declared with `const` anywhere.
    pub constants: HashSet<String>,
    /// The names of function declarations anywhere.
    pub functions: HashSet<String>,
    /// The names that the engine marks, in order.
    names: Vec<Name>,
    /// Where functions stand, in the order of their beginnings.
    function_spans: Vec<Span>,
}

/// The function that code belongs to, by where that begins; nothing for code outside of all functions. The engine
/// compiles each function by itself.
type Owner = Option<u32>;

/// A name that the engine marks.
#[derive(Debug)]
struct Name {
    at: u32,
    owner: Owner,
}

/// A call, or an expression with `new`.
#[derive(Debug)]
pub struct Call {
    /// Where the called property begins, or the callee if it is not a property.
    pub callee_at: u32,
    /// Where the call ends.
    pub to: u32,
    /// The called property: its name, or the text of the key that computes it.
    pub property: Option<String>,
    /// The names of the callee, `["a", "b"]` for `a.b()`; empty where the callee has more than names in it.
    pub path: Vec<String>,
    owner: Owner,
}

/// An assignment to a property, or its deletion.
#[derive(Debug)]
pub struct PropertyWrite {
    /// Where the expression begins.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// The property: its name, or the text of the key that computes it.
    pub property: String,
}

/// An expression with `in`.
#[derive(Debug)]
pub struct InExpression {
    /// Where it begins.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// The type of the right operand, where the text tells that it is a primitive value.
    pub primitive: Option<&'static str>,
}

impl SourceIndex {
    /// Indexes the text of a script.
    pub fn of(text: &str) -> SourceIndex {
        let allocator = Allocator::default();
        let parsed = Parser::new(&allocator, text, SourceType::cjs()).parse();
        let mut indexer = Indexer { text, owner: None, index: SourceIndex::default() };
        indexer.visit_program(&parsed.program);
        let mut index = indexer.index;
        index.names.sort_unstable_by_key(|name| name.at);
        index
    }

    /// The calls whose last name is at an offset: no other follows before they end. Names in functions among their
    /// arguments are not theirs.
    pub fn calls_with_last_name_at(&self, offset: u32) -> impl Iterator<Item = &Call> {
        // Where a function begins, the engine marks what makes it.
        let around = self.function_spans.iter().rfind(|span| span.start < offset && offset < span.end);
        let owner = around.map(|span| span.start);
        self.calls.iter().filter(move |call| {
            call.owner == owner
                && (call.callee_at..call.to).contains(&offset)
                && !self.has_name_between(offset, call.to, owner)
        })
    }

    /// Whether a name of a function begins between two offsets, both excluded.
    fn has_name_between(&self, after: u32, to: u32, owner: Owner) -> bool {
        let next = self.names.partition_point(|name| name.at <= after);
        let following = self.names.get(next..).unwrap_or_default().iter();
        following.take_while(|name| name.at < to).any(|name| name.owner == owner)
    }
}

struct Indexer<'t> {
    text: &'t str,
    /// The function that is visited.
    owner: Owner,
    index: SourceIndex,
}

impl Indexer<'_> {
    /// Visits what belongs to a function.
    fn owner(&mut self, span: Span, visit: impl FnOnce(&mut Self)) {
        self.index.function_spans.push(span);
        let outer = self.owner.replace(span.start);
        visit(self);
        self.owner = outer;
    }

    fn name(&mut self, at: u32) {
        self.index.names.push(Name { at, owner: self.owner });
    }

    fn call(&mut self, callee: &Expression<'_>, is_new: bool, to: u32) {
        let callee = callee.get_inner_expression();
        let property = callee.as_member_expression().map(|member| self.property(member));
        // After `new` the engine marks the beginning.
        let mut callee_at = callee.span().start;
        if let (Expression::StaticMemberExpression(member), false) = (callee, is_new) {
            callee_at = member.property.span.start;
        }
        self.index.calls.push(Call { callee_at, to, property, path: path(callee), owner: self.owner });
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

    /// Notes that a property is written or deleted.
    fn property_write(&mut self, member: Option<&MemberExpression<'_>>, at: Span) {
        if let Some(member) = member {
            let property = self.property(member);
            self.index.property_writes.push(PropertyWrite { from: at.start, to: at.end, property });
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

/// The type of an operand that is a primitive value for certain.
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

impl<'a> Visit<'a> for Indexer<'_> {
    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        self.call(&call.callee, false, call.span.end);
        walk::walk_call_expression(self, call);
    }

    fn visit_new_expression(&mut self, new: &NewExpression<'a>) {
        self.call(&new.callee, true, new.span.end);
        walk::walk_new_expression(self, new);
    }

    fn visit_function_body(&mut self, body: &FunctionBody<'a>) {
        self.owner(body.span, |indexer| walk::walk_function_body(indexer, body));
    }

    fn visit_arrow_function_expression(&mut self, arrow: &ArrowFunctionExpression<'a>) {
        self.owner(arrow.span, |indexer| walk::walk_arrow_function_expression(indexer, arrow));
    }

    fn visit_identifier_reference(&mut self, name: &IdentifierReference<'a>) {
        self.name(name.span.start);
    }

    fn visit_static_member_expression(&mut self, member: &StaticMemberExpression<'a>) {
        self.name(member.property.span.start);
        walk::walk_static_member_expression(self, member);
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        self.property_write(assignment.left.as_member_expression(), assignment.span);
        walk::walk_assignment_expression(self, assignment);
    }

    fn visit_unary_expression(&mut self, unary: &UnaryExpression<'a>) {
        if unary.operator.is_delete() {
            self.property_write(unary.argument.as_member_expression(), unary.span);
        }
        walk::walk_unary_expression(self, unary);
    }

    fn visit_binary_expression(&mut self, binary: &BinaryExpression<'a>) {
        if binary.operator.is_in() {
            let primitive = primitive_type(&binary.right);
            let expression = InExpression { from: binary.span.start, to: binary.span.end, primitive };
            self.index.in_expressions.push(expression);
        }
        walk::walk_binary_expression(self, binary);
    }

    fn visit_variable_declaration(&mut self, declaration: &VariableDeclaration<'a>) {
        for declarator in &declaration.declarations {
            if let (VariableDeclarationKind::Const, BindingPattern::BindingIdentifier(name)) =
                (declaration.kind, &declarator.id)
            {
                self.index.constants.insert(name.name.to_string());
            }
        }
        walk::walk_variable_declaration(self, declaration);
    }

    fn visit_statement(&mut self, statement: &Statement<'a>) {
        if let Statement::FunctionDeclaration(function) = statement
            && let Some(name) = &function.id
        {
            self.index.functions.insert(name.name.to_string());
        }
        walk::walk_statement(self, statement);
    }
}
