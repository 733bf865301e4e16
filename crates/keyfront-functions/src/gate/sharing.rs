//! Which expressions give a value that all invocations share.

use std::collections::HashMap;

use oxc_ast::AstKind;
use oxc_ast::ast::{
    AssignmentExpression, AssignmentOperator, AssignmentTarget, BindingPattern, CallExpression, Expression,
    LogicalOperator, Program, VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};

use super::builtins;
use super::names::{Names, static_key};

/// Whose a value is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Sharing {
    /// The invocation's own, or nothing is known about it.
    Own,
    /// A method of any value, or a member of the program's own data that has the name of one.
    Method,
    /// A built-in object or function.
    BuiltIn,
}

/// How far a value is followed from variable to variable.
const ROUNDS: usize = 16;

/// What is known about the values of a program.
pub(super) struct Values<'n> {
    names: &'n Names,
    /// Variables that get values which are not the program's own.
    variables: HashMap<String, Sharing>,
    changed: bool,
    functions: usize,
}

impl<'n> Values<'n> {
    /// None for a program in which values are handed on from variable to variable more often than anybody writes it:
    /// to follow them would take too long.
    pub(super) fn of(program: &Program<'_>, names: &'n Names) -> Option<Values<'n>> {
        let mut values = Values { names, variables: HashMap::new(), changed: true, functions: 0 };
        // Each round finds variables that got their value from one that was found before.
        for _ in 0..ROUNDS {
            if !values.changed {
                return Some(values);
            }
            values.changed = false;
            values.visit_program(program);
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

    /// Whose the value of an expression is. At the top of a program `this` is the global object.
    pub(super) fn sharing(&self, expression: &Expression<'_>, at_top: bool) -> Sharing {
        let of = |expression: &Expression<'_>| self.sharing(expression, at_top);
        match expression {
            Expression::Identifier(name) => self.sharing_of_name(&name.name),
            Expression::ThisExpression(_) if at_top => Sharing::BuiltIn,
            Expression::StaticMemberExpression(member) => {
                self.sharing_of_member(&member.object, Some(&member.property.name), at_top)
            }
            Expression::ComputedMemberExpression(member) => {
                self.sharing_of_member(&member.object, static_key(member), at_top)
            }
            Expression::ParenthesizedExpression(inner) => of(&inner.expression),
            Expression::AwaitExpression(awaited) => of(&awaited.argument),
            Expression::SequenceExpression(sequence) => sequence.expressions.last().map_or(Sharing::Own, of),
            Expression::AssignmentExpression(assignment) => of(&assignment.right),
            Expression::ConditionalExpression(either) => of(&either.consequent).max(of(&either.alternate)),
            Expression::LogicalExpression(either) => match either.operator {
                LogicalOperator::And => of(&either.right),
                LogicalOperator::Or | LogicalOperator::Coalesce => of(&either.left).max(of(&either.right)),
            },
            Expression::CallExpression(call) => self.sharing_of_result(call, at_top),
            _ => Sharing::Own,
        }
    }

    fn sharing_of_name(&self, name: &str) -> Sharing {
        if let Some(sharing) = self.variables.get(name) {
            return *sharing;
        }
        let is_value = matches!(name, "undefined" | "NaN" | "Infinity" | "arguments");
        let is_global = !self.names.is_declared(name) || builtins::is_global(name);
        if is_global && !is_value && !self.names.is_outermost(name) { Sharing::BuiltIn } else { Sharing::Own }
    }

    fn sharing_of_member(&self, object: &Expression<'_>, key: Option<&str>, at_top: bool) -> Sharing {
        match key {
            Some("constructor" | "__proto__") => return Sharing::BuiltIn,
            Some("prototype") if !self.is_own_function(object) => return Sharing::BuiltIn,
            Some(_) | None => {}
        }
        match self.sharing(object, at_top) {
            Sharing::BuiltIn if key.is_some_and(is_primitive) => Sharing::Own,
            Sharing::BuiltIn => Sharing::BuiltIn,
            Sharing::Own | Sharing::Method if key.is_some_and(builtins::is_method) => Sharing::Method,
            Sharing::Method => Sharing::Method,
            Sharing::Own => Sharing::Own,
        }
    }

    /// Calls give a value of the program's own, but for those that fetch a shared one.
    fn sharing_of_result(&self, call: &CallExpression<'_>, at_top: bool) -> Sharing {
        let (object, method) = match &call.callee {
            Expression::Identifier(name) if name.name == "require" => return Sharing::BuiltIn,
            Expression::StaticMemberExpression(member) => {
                (&member.object, Some(member.property.name.as_str()))
            }
            Expression::ComputedMemberExpression(member) => (&member.object, static_key(member)),
            _ => return Sharing::Own,
        };
        match method {
            Some(
                "getPrototypeOf"
                | "getOwnPropertyDescriptor"
                | "getOwnPropertyDescriptors"
                | "__lookupGetter__"
                | "__lookupSetter__",
            ) => Sharing::BuiltIn,
            Some("valueOf") => self.sharing(object, at_top),
            Some(_) | None => Sharing::Own,
        }
    }

    fn note(&mut self, name: &str, sharing: Sharing) {
        let known = self.variables.get(name).copied().unwrap_or(Sharing::Own);
        if sharing > known {
            self.variables.insert(name.to_owned(), sharing);
            self.changed = true;
        }
    }
}

/// Members of built-in objects that are no objects.
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

impl<'a> Visit<'a> for Values<'_> {
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
            let sharing = self.sharing(init, self.functions == 0);
            self.note(&id.name, sharing);
        }
        walk::walk_variable_declarator(self, it);
    }

    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        // The other operators give numbers and strings, except those that njs does not have.
        if let AssignmentTarget::AssignmentTargetIdentifier(id) = &it.left
            && it.operator == AssignmentOperator::Assign
        {
            let sharing = self.sharing(&it.right, self.functions == 0);
            self.note(&id.name, sharing);
        }
        walk::walk_assignment_expression(self, it);
    }
}
