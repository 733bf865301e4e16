//! Mutation analysis: whether a program may change what all invocations share, which are the built-in objects, their
//! prototypes and the global object.
//!
//! A program that may is run in a context of its own; one that does not runs in a context whose built-in objects are
//! frozen. Both are safe, so a false alarm only costs time, and a write that is missed fails when it runs. The analysis
//! looks for every write that names its way to a built-in object: through a global name, through
//! `prototype`, `constructor` or `__proto__`, through a method, and through variables that were set to such a value.
//! A built-in object that is passed to code of the program, where it has another name, counts as a write.
//! Computed keys other than literals are not followed.

mod aliases;
mod builtins;

use oxc_ast::AstKind;
use oxc_ast::ast::{
    Argument, AssignmentExpression, AssignmentTarget, AwaitExpression, BinaryExpression, CallExpression,
    ComputedMemberExpression, ConditionalExpression, DoWhileStatement, Expression, ExpressionStatement,
    ForInStatement, ForStatement, ForStatementInit, ForStatementLeft, IfStatement, LogicalExpression,
    NewExpression, ParenthesizedExpression, Program, PropertyKey, SequenceExpression, SimpleAssignmentTarget,
    StaticMemberExpression, SwitchCase, SwitchStatement, TaggedTemplateExpression, TemplateLiteral,
    UnaryExpression, UnaryOperator, UpdateExpression, VariableDeclarator, WhileStatement,
};
use oxc_ast_visit::{Visit, walk};

use self::aliases::{Aliases, Origin};
use crate::names::{Names, static_key};

/// Whether a program may change what all invocations share.
pub(crate) fn mutates_builtins(program: &Program<'_>) -> bool {
    let names = Names::of(program);
    let Some(aliases) = Aliases::of(program, &names) else { return true };
    let mut search = MutationSearch { names: &names, aliases, found: false, functions: 0 };
    search.visit_program(program);
    search.found
}

struct MutationSearch<'n> {
    names: &'n Names,
    aliases: Aliases<'n>,
    found: bool,
    /// How many functions are open that have a `this` of their own.
    functions: usize,
}

impl MutationSearch<'_> {
    fn origin(&self, expression: &Expression<'_>) -> Origin {
        self.aliases.origin(expression, self.functions == 0)
    }

    /// Visits an expression whose value does not escape: it is read, called, compared or thrown away.
    fn visit_unescaped(&mut self, expression: &Expression<'_>) {
        walk::walk_expression(self, expression);
    }

    /// A write to a member of an object.
    fn write(&mut self, object: &Expression<'_>, key: Option<&str>) {
        let replaces_prototype = match key {
            Some("__proto__") => true,
            Some("prototype") => !self.aliases.is_own_function(object),
            Some(_) | None => false,
        };
        // What inherits a frozen method cannot be given one of that name. Objects of a constructor's own can.
        let hides_method = key.is_some_and(builtins::is_method_of_lists_or_dates)
            && !matches!(object, Expression::ThisExpression(_));
        if replaces_prototype || hides_method || self.origin(object) != Origin::Own {
            self.found = true;
        }
    }

    fn write_to_name(&mut self, name: &str) {
        let is_global = !self.names.is_declared(name) || builtins::is_global(name);
        if is_global && !self.names.is_outermost(name) {
            self.found = true;
        }
    }

    fn write_to(&mut self, target: &AssignmentTarget<'_>) {
        match target {
            AssignmentTarget::AssignmentTargetIdentifier(name) => self.write_to_name(&name.name),
            AssignmentTarget::StaticMemberExpression(member) => {
                self.write(&member.object, Some(&member.property.name));
            }
            AssignmentTarget::ComputedMemberExpression(member) => {
                self.write(&member.object, static_key(member));
            }
            // Patterns, which njs does not have.
            _ => self.found = true,
        }
    }

    fn write_to_member(&mut self, expression: &Expression<'_>) {
        match expression {
            Expression::StaticMemberExpression(member) => {
                self.write(&member.object, Some(&member.property.name));
            }
            Expression::ComputedMemberExpression(member) => {
                self.write(&member.object, static_key(member));
            }
            Expression::ParenthesizedExpression(inner) => self.write_to_member(&inner.expression),
            _ => {}
        }
    }

    /// Whether a built-in value may be an argument of a call: it is a function, and what is called is a method of
    /// the language that calls it.
    fn may_be_passed(&self, method: Option<&str>, argument: &Expression<'_>) -> bool {
        let calls =
            method.is_some_and(|name| builtins::CALLING.contains(&name) && !self.names.is_own_property(name));
        calls
            && match argument {
                Expression::Identifier(name) => builtins::CALLED.contains(&name.name.as_str()),
                Expression::StaticMemberExpression(member) => {
                    let is_function =
                        !matches!(&*member.property.name, "prototype" | "constructor" | "__proto__");
                    is_function
                        && matches!(&member.object, Expression::Identifier(name) if builtins::is_global(&name.name))
                }
                _ => false,
            }
    }

    /// Whether what inherits from it can be given methods of any name: `Object.prototype` and `Error.prototype` give
    /// way, and what the program made itself is not frozen.
    fn is_plain_parent(&self, parent: &Expression<'_>) -> bool {
        let gives_way = matches!(parent, Expression::StaticMemberExpression(member)
            if member.property.name == "prototype"
                && matches!(&member.object, Expression::Identifier(name)
                    if matches!(name.name.as_str(), "Object" | "Error") && !self.names.is_declared(&name.name)));
        gives_way || self.origin(parent) == Origin::Own
    }

    fn arguments<'a>(&mut self, callee: &Expression<'a>, arguments: &[Argument<'a>]) {
        let method = match callee {
            Expression::StaticMemberExpression(member) => Some(member.property.name.as_str()),
            _ => None,
        };
        let creates = method == Some("create")
            && matches!(callee, Expression::StaticMemberExpression(member)
                if matches!(&member.object, Expression::Identifier(name) if name.name == "Object"))
            && arguments
                .first()
                .and_then(Argument::as_expression)
                .is_some_and(|parent| self.is_plain_parent(parent));
        for argument in arguments {
            match argument.as_expression() {
                Some(argument) if creates || self.may_be_passed(method, argument) => {
                    self.visit_unescaped(argument);
                }
                Some(argument) => self.visit_expression(argument),
                None => self.visit_argument(argument),
            }
        }
    }
}

impl<'a> Visit<'a> for MutationSearch<'_> {
    /// An expression whose value escapes: it goes on under another name.
    fn visit_expression(&mut self, it: &Expression<'a>) {
        if self.origin(it) == Origin::BuiltIn {
            self.found = true;
        }
        self.visit_unescaped(it);
    }

    fn enter_node(&mut self, kind: AstKind<'a>) {
        if matches!(kind, AstKind::Function(_)) {
            self.functions += 1;
        }
    }

    fn leave_node(&mut self, kind: AstKind<'a>) {
        if matches!(kind, AstKind::Function(_)) {
            self.functions -= 1;
        }
    }

    fn visit_static_member_expression(&mut self, it: &StaticMemberExpression<'a>) {
        self.visit_unescaped(&it.object);
    }

    fn visit_computed_member_expression(&mut self, it: &ComputedMemberExpression<'a>) {
        self.visit_unescaped(&it.object);
        self.visit_unescaped(&it.expression);
    }

    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        let (object, method) = match &it.callee {
            Expression::StaticMemberExpression(member) => {
                (Some(&member.object), Some(member.property.name.as_str()))
            }
            Expression::ComputedMemberExpression(member) => (Some(&member.object), static_key(member)),
            _ => (None, None),
        };
        let changes = method.is_none_or(|name| {
            // The setters of a date and their like; this one changes its argument.
            builtins::CHANGING.contains(&name) || (name.starts_with("set") && name != "setPrototypeOf")
        });
        if changes && object.is_some_and(|object| self.origin(object) == Origin::BuiltIn) {
            self.found = true;
        }
        self.visit_unescaped(&it.callee);
        self.arguments(&it.callee, &it.arguments);
    }

    fn visit_new_expression(&mut self, it: &NewExpression<'a>) {
        self.visit_unescaped(&it.callee);
        self.arguments(&it.callee, &it.arguments);
    }

    fn visit_tagged_template_expression(&mut self, it: &TaggedTemplateExpression<'a>) {
        self.visit_unescaped(&it.tag);
        for expression in &it.quasi.expressions {
            self.visit_expression(expression);
        }
    }

    fn visit_template_literal(&mut self, it: &TemplateLiteral<'a>) {
        for expression in &it.expressions {
            self.visit_unescaped(expression);
        }
    }

    fn visit_binary_expression(&mut self, it: &BinaryExpression<'a>) {
        self.visit_unescaped(&it.left);
        self.visit_unescaped(&it.right);
    }

    // The value of these is that of a part; the visit of what takes the whole checks it.

    fn visit_logical_expression(&mut self, it: &LogicalExpression<'a>) {
        self.visit_unescaped(&it.left);
        self.visit_unescaped(&it.right);
    }

    fn visit_conditional_expression(&mut self, it: &ConditionalExpression<'a>) {
        self.visit_unescaped(&it.test);
        self.visit_unescaped(&it.consequent);
        self.visit_unescaped(&it.alternate);
    }

    fn visit_sequence_expression(&mut self, it: &SequenceExpression<'a>) {
        for expression in &it.expressions {
            self.visit_unescaped(expression);
        }
    }

    fn visit_parenthesized_expression(&mut self, it: &ParenthesizedExpression<'a>) {
        self.visit_unescaped(&it.expression);
    }

    fn visit_await_expression(&mut self, it: &AwaitExpression<'a>) {
        self.visit_unescaped(&it.argument);
    }

    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        self.write_to(&it.left);
        self.visit_assignment_target(&it.left);
        // A variable that gets a built-in value is known for it.
        if matches!(it.left, AssignmentTarget::AssignmentTargetIdentifier(_)) {
            self.visit_unescaped(&it.right);
        } else {
            self.visit_expression(&it.right);
        }
    }

    fn visit_variable_declarator(&mut self, it: &VariableDeclarator<'a>) {
        if let Some(init) = &it.init {
            self.visit_unescaped(init);
        }
    }

    fn visit_unary_expression(&mut self, it: &UnaryExpression<'a>) {
        if it.operator == UnaryOperator::Delete {
            self.write_to_member(&it.argument);
        }
        self.visit_unescaped(&it.argument);
    }

    fn visit_update_expression(&mut self, it: &UpdateExpression<'a>) {
        match &it.argument {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(name) => self.write_to_name(&name.name),
            SimpleAssignmentTarget::StaticMemberExpression(member) => {
                self.write(&member.object, Some(&member.property.name));
            }
            SimpleAssignmentTarget::ComputedMemberExpression(member) => {
                self.write(&member.object, static_key(member));
            }
            _ => self.found = true,
        }
        walk::walk_update_expression(self, it);
    }

    fn visit_for_in_statement(&mut self, it: &ForInStatement<'a>) {
        if let Some(target) = it.left.as_assignment_target() {
            self.write_to(target);
        }
        if let ForStatementLeft::VariableDeclaration(declaration) = &it.left {
            self.visit_variable_declaration(declaration);
        }
        self.visit_unescaped(&it.right);
        self.visit_statement(&it.body);
    }

    fn visit_for_statement(&mut self, it: &ForStatement<'a>) {
        match &it.init {
            Some(ForStatementInit::VariableDeclaration(declaration)) => {
                self.visit_variable_declaration(declaration);
            }
            Some(init) => {
                if let Some(init) = init.as_expression() {
                    self.visit_unescaped(init);
                }
            }
            None => {}
        }
        for part in it.test.iter().chain(&it.update) {
            self.visit_unescaped(part);
        }
        self.visit_statement(&it.body);
    }

    fn visit_expression_statement(&mut self, it: &ExpressionStatement<'a>) {
        self.visit_unescaped(&it.expression);
    }

    fn visit_if_statement(&mut self, it: &IfStatement<'a>) {
        self.visit_unescaped(&it.test);
        self.visit_statement(&it.consequent);
        if let Some(alternate) = &it.alternate {
            self.visit_statement(alternate);
        }
    }

    fn visit_while_statement(&mut self, it: &WhileStatement<'a>) {
        self.visit_unescaped(&it.test);
        self.visit_statement(&it.body);
    }

    fn visit_do_while_statement(&mut self, it: &DoWhileStatement<'a>) {
        self.visit_statement(&it.body);
        self.visit_unescaped(&it.test);
    }

    fn visit_switch_statement(&mut self, it: &SwitchStatement<'a>) {
        self.visit_unescaped(&it.discriminant);
        for case in &it.cases {
            self.visit_switch_case(case);
        }
    }

    fn visit_switch_case(&mut self, it: &SwitchCase<'a>) {
        if let Some(test) = &it.test {
            self.visit_unescaped(test);
        }
        for statement in &it.consequent {
            self.visit_statement(statement);
        }
    }

    fn visit_property_key(&mut self, it: &PropertyKey<'a>) {
        if let Some(key) = it.as_expression() {
            self.visit_unescaped(key);
        }
    }
}
