//! Collects the names that a program declares, assigns to and defines as properties.

use std::collections::{HashMap, HashSet};

use oxc_ast::AstKind;
use oxc_ast::ast::{
    Argument, AssignmentExpression, AssignmentTarget, BindingIdentifier, BindingPattern, CallExpression,
    ComputedMemberExpression, Declaration, Expression, ObjectProperty, ObjectPropertyKind, Program,
    PropertyKey, Statement, UpdateExpression, VariableDeclaration, VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};

/// What a program says about names. Scopes are not told apart, except for the outermost.
#[derive(Default)]
pub(crate) struct Names {
    /// How often a name is declared anywhere.
    declared: HashMap<String, usize>,
    /// How many of these declarations are functions.
    functions: HashMap<String, usize>,
    /// The names that are assigned to.
    assigned: HashSet<String>,
    /// The names that the program's outermost scope declares.
    outermost: HashSet<String>,
    /// The names of properties that the program defines.
    properties: HashSet<String>,
    /// Of these, the ones that it sets or defines on objects other than Node's `exports`.
    properties_of_objects: HashSet<String>,
}

impl Names {
    pub(crate) fn of(program: &Program<'_>) -> Names {
        let mut names = Names::default();
        for statement in &program.body {
            names.note_outermost(statement);
        }
        names.visit_program(program);
        names
    }

    fn note_outermost(&mut self, statement: &Statement<'_>) {
        match statement {
            Statement::VariableDeclaration(declaration) => self.note_variables(declaration),
            Statement::FunctionDeclaration(function) => {
                self.outermost.extend(function.id.iter().map(|id| id.name.to_string()));
            }
            Statement::ImportDeclaration(import) => {
                let specifiers = import.specifiers.iter().flatten();
                self.outermost.extend(specifiers.map(|specifier| specifier.local().name.to_string()));
            }
            Statement::ExportDeclaration(export) => match &export.declaration {
                Declaration::VariableDeclaration(declaration) => self.note_variables(declaration),
                Declaration::FunctionDeclaration(function) => {
                    self.outermost.extend(function.id.iter().map(|id| id.name.to_string()));
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn note_variables(&mut self, declaration: &VariableDeclaration<'_>) {
        for declarator in &declaration.declarations {
            let identifiers = declarator.id.get_binding_identifiers();
            self.outermost.extend(identifiers.iter().map(|id| id.name.to_string()));
        }
    }

    /// Notes that a property of an object is set.
    fn note_property(&mut self, object: &Expression<'_>, name: &str) {
        self.properties.insert(name.to_owned());
        let is_of_exports = match object.get_inner_expression() {
            Expression::Identifier(object) => object.name == "exports",
            Expression::StaticMemberExpression(object) => object.property.name == "exports",
            _ => false,
        };
        if !is_of_exports {
            self.properties_of_objects.insert(name.to_owned());
        }
    }

    /// Whether the outermost scope declares it.
    pub(crate) fn is_outermost(&self, name: &str) -> bool {
        self.outermost.contains(name)
    }

    /// Whether any scope declares it.
    pub(crate) fn is_declared(&self, name: &str) -> bool {
        self.declared.contains_key(name)
    }

    /// Whether the program seems to define a global of that name: it declares it at its top, or sets a property of an
    /// object that may be the global one.
    pub(crate) fn defines_global(&self, name: &str) -> bool {
        self.outermost.contains(name) || self.properties_of_objects.contains(name)
    }

    /// Whether it names a function of the program wherever it stands.
    pub(crate) fn is_own_function(&self, name: &str) -> bool {
        self.declared.contains_key(name)
            && self.declared.get(name) == self.functions.get(name)
            && !self.assigned.contains(name)
    }

    /// Whether the program defines a property of that name.
    pub(crate) fn is_own_property(&self, name: &str) -> bool {
        self.properties.contains(name)
    }
}

/// The key of a computed member access, where it is a literal.
pub(crate) fn static_key<'e>(member: &'e ComputedMemberExpression<'_>) -> Option<&'e str> {
    match &member.expression {
        Expression::StringLiteral(key) => Some(key.value.as_str()),
        Expression::TemplateLiteral(key) if key.expressions.is_empty() => {
            key.quasis.first().and_then(|quasi| quasi.value.cooked.as_ref()).map(oxc_ast::ast::Str::as_str)
        }
        _ => None,
    }
}

impl<'a> Visit<'a> for Names {
    fn visit_binding_identifier(&mut self, it: &BindingIdentifier<'a>) {
        *self.declared.entry(it.name.to_string()).or_default() += 1;
    }

    fn enter_node(&mut self, kind: AstKind<'a>) {
        if let AstKind::Function(function) = kind
            && let Some(id) = &function.id
        {
            *self.functions.entry(id.name.to_string()).or_default() += 1;
        }
    }

    fn visit_variable_declarator(&mut self, it: &VariableDeclarator<'a>) {
        if let (BindingPattern::BindingIdentifier(id), Some(Expression::FunctionExpression(_))) =
            (&it.id, &it.init)
        {
            *self.functions.entry(id.name.to_string()).or_default() += 1;
        }
        walk::walk_variable_declarator(self, it);
    }

    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        match &it.left {
            AssignmentTarget::AssignmentTargetIdentifier(id) => {
                self.assigned.insert(id.name.to_string());
            }
            AssignmentTarget::StaticMemberExpression(member) => {
                self.note_property(&member.object, &member.property.name);
            }
            AssignmentTarget::ComputedMemberExpression(member) => {
                if let Some(key) = static_key(member) {
                    self.note_property(&member.object, key);
                }
            }
            _ => {}
        }
        walk::walk_assignment_expression(self, it);
    }

    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        // `Object.defineProperty(globalThis, 'handler', …)`, `Object.assign(globalThis, { handler })`
        if let Expression::StaticMemberExpression(method) = it.callee.get_inner_expression() {
            match (method.property.name.as_str(), it.arguments.get(1).and_then(Argument::as_expression)) {
                ("defineProperty", Some(Expression::StringLiteral(name))) => {
                    self.properties.insert(name.value.to_string());
                    self.properties_of_objects.insert(name.value.to_string());
                }
                ("assign" | "defineProperties", Some(Expression::ObjectExpression(object))) => {
                    let names = object.properties.iter().filter_map(|property| match property {
                        ObjectPropertyKind::ObjectProperty(property) => property.key.static_name(),
                        ObjectPropertyKind::SpreadProperty(_) => None,
                    });
                    self.properties_of_objects.extend(names.map(|name| name.to_string()));
                }
                _ => {}
            }
        }
        walk::walk_call_expression(self, it);
    }

    fn visit_update_expression(&mut self, it: &UpdateExpression<'a>) {
        if let Some(name) = it.argument.get_identifier_name() {
            self.assigned.insert(name.to_owned());
        }
        walk::walk_update_expression(self, it);
    }

    fn visit_object_property(&mut self, it: &ObjectProperty<'a>) {
        match &it.key {
            PropertyKey::StaticIdentifier(key) => {
                self.properties.insert(key.name.to_string());
            }
            PropertyKey::StringLiteral(key) => {
                self.properties.insert(key.value.to_string());
            }
            _ => {}
        }
        walk::walk_object_property(self, it);
    }
}
