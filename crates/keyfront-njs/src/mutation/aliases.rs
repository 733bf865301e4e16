//! Alias analysis: which expressions may give a built-in value, which all invocations share.

use std::collections::HashMap;

use oxc_ast::AstKind;
use oxc_ast::ast::{
    AssignmentExpression, AssignmentOperator, AssignmentTarget, BindingPattern, CallExpression, Expression,
    LogicalOperator, Program, VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};

use super::builtins;
use crate::names::{Names, static_key};

/// Where a value comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Origin {
    /// The invocation's own, or nothing is known about it.
    Own,
    /// A method of any value, or a member of the program's own data that has the name of one.
    Method,
    /// A built-in object or function.
    BuiltIn,
}

/// How far a value is followed from variable to variable.
const ROUNDS: usize = 16;

/// The variables of a program that may hold values which invocations share.
pub(super) struct Aliases<'n> {
    names: &'n Names,
    /// Variables that get values which are not the program's own.
    variables: HashMap<String, Origin>,
    changed: bool,
    functions: usize,
}

impl<'n> Aliases<'n> {
    /// `None` for a program that passes values from variable to variable more than [`ROUNDS`] times: following them
    /// would take too long.
    pub(super) fn of(program: &Program<'_>, names: &'n Names) -> Option<Aliases<'n>> {
        let mut aliases = Aliases { names, variables: HashMap::new(), changed: true, functions: 0 };
        // Each round finds variables that got their value from one that was found before.
        for _ in 0..ROUNDS {
            if !aliases.changed {
                return Some(aliases);
            }
            aliases.changed = false;
            aliases.visit_program(program);
        }
        None
    }

    /// Whether it names a function that the program declares itself and never replaces.
    pub(super) fn is_own_function(&self, expression: &Expression<'_>) -> bool {
        match expression {
            Expression::Identifier(name) => {
                self.names.is_own_function(&name.name) && !self.variables.contains_key(name.name.as_str())
            }
            Expression::ParenthesizedExpression(inner) => self.is_own_function(&inner.expression),
            _ => false,
        }
    }

    /// Where the value of an expression comes from. At the top of a program `this` is the global object.
    pub(super) fn origin(&self, expression: &Expression<'_>, at_top: bool) -> Origin {
        let of = |expression: &Expression<'_>| self.origin(expression, at_top);
        match expression {
            Expression::Identifier(name) => self.origin_of_name(&name.name),
            Expression::ThisExpression(_) if at_top => Origin::BuiltIn,
            Expression::StaticMemberExpression(member) => {
                self.origin_of_member(&member.object, Some(&member.property.name), at_top)
            }
            Expression::ComputedMemberExpression(member) => {
                self.origin_of_member(&member.object, static_key(member), at_top)
            }
            Expression::ParenthesizedExpression(inner) => of(&inner.expression),
            Expression::AwaitExpression(awaited) => of(&awaited.argument),
            Expression::SequenceExpression(sequence) => sequence.expressions.last().map_or(Origin::Own, of),
            Expression::AssignmentExpression(assignment) => of(&assignment.right),
            Expression::ConditionalExpression(either) => of(&either.consequent).max(of(&either.alternate)),
            Expression::LogicalExpression(either) => match either.operator {
                LogicalOperator::And => of(&either.right),
                LogicalOperator::Or | LogicalOperator::Coalesce => of(&either.left).max(of(&either.right)),
            },
            Expression::CallExpression(call) => self.origin_of_result(call, at_top),
            _ => Origin::Own,
        }
    }

    fn origin_of_name(&self, name: &str) -> Origin {
        if let Some(origin) = self.variables.get(name) {
            return *origin;
        }
        let is_value = matches!(name, "undefined" | "NaN" | "Infinity" | "arguments");
        let is_global = !self.names.is_declared(name) || builtins::is_global(name);
        if is_global && !is_value && !self.names.is_outermost(name) { Origin::BuiltIn } else { Origin::Own }
    }

    fn origin_of_member(&self, object: &Expression<'_>, key: Option<&str>, at_top: bool) -> Origin {
        match key {
            Some("constructor" | "__proto__") => return Origin::BuiltIn,
            Some("prototype") if !self.is_own_function(object) => return Origin::BuiltIn,
            Some(_) | None => {}
        }
        match self.origin(object, at_top) {
            Origin::BuiltIn if key.is_some_and(is_primitive) => Origin::Own,
            Origin::BuiltIn => Origin::BuiltIn,
            Origin::Own | Origin::Method if key.is_some_and(builtins::is_method) => Origin::Method,
            Origin::Method => Origin::Method,
            Origin::Own => Origin::Own,
        }
    }

    /// Calls give a value of the program's own, except those that fetch a shared one.
    fn origin_of_result(&self, call: &CallExpression<'_>, at_top: bool) -> Origin {
        let (object, method) = match &call.callee {
            Expression::Identifier(name) if name.name == "require" => return Origin::BuiltIn,
            Expression::StaticMemberExpression(member) => {
                (&member.object, Some(member.property.name.as_str()))
            }
            Expression::ComputedMemberExpression(member) => (&member.object, static_key(member)),
            _ => return Origin::Own,
        };
        match method {
            Some(
                "getPrototypeOf"
                | "getOwnPropertyDescriptor"
                | "getOwnPropertyDescriptors"
                | "__lookupGetter__"
                | "__lookupSetter__",
            ) => Origin::BuiltIn,
            Some("valueOf") => self.origin(object, at_top),
            Some(_) | None => Origin::Own,
        }
    }

    fn note(&mut self, name: &str, origin: Origin) {
        let known = self.variables.get(name).copied().unwrap_or(Origin::Own);
        if origin > known {
            self.variables.insert(name.to_owned(), origin);
            self.changed = true;
        }
    }
}

/// Members of built-in objects whose values are primitive.
fn is_primitive(key: &str) -> bool {
    let is_constant =
        key.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    is_constant
        || matches!(
            key,
            "length"
                | "name"
                | "id"
                | "region"
                | "serverIp"
                | "version"
                | "iterator"
                | "asyncIterator"
                | "hasInstance"
                | "isConcatSpreadable"
                | "species"
                | "toPrimitive"
                | "toStringTag"
                | "unscopables"
        )
}

impl<'a> Visit<'a> for Aliases<'_> {
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

    fn visit_variable_declarator(&mut self, it: &VariableDeclarator<'a>) {
        if let (BindingPattern::BindingIdentifier(id), Some(init)) = (&it.id, &it.init) {
            let origin = self.origin(init, self.functions == 0);
            self.note(&id.name, origin);
        }
        walk::walk_variable_declarator(self, it);
    }

    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        // The other operators give numbers and strings, except those that njs does not have.
        if let AssignmentTarget::AssignmentTargetIdentifier(id) = &it.left
            && it.operator == AssignmentOperator::Assign
        {
            let origin = self.origin(&it.right, self.functions == 0);
            self.note(&id.name, origin);
        }
        walk::walk_assignment_expression(self, it);
    }
}
