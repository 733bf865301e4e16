//! Scopes: their names, and njs's rules for declarations.

use std::collections::HashMap;

use crate::construct::Construct;

/// What a scope belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Extent {
    Global,
    Function,
    Block,
}

/// How a name is declared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Declaration {
    Var,
    Let,
    Const,
    Function,
    Catch,
}

#[derive(Clone, Copy)]
struct Variable {
    declared: Declaration,
    /// The scope that the declaration stands in; a `var` lives further out.
    origin: u32,
    /// The name of a function expression, which its body may declare again.
    own_name: bool,
}

/// A scope that is open.
struct Scope<'c> {
    extent: Extent,
    number: u32,
    is_async: bool,
    is_arrow: bool,
    /// Whether the parser is among the arguments of a call. njs clears it too early, behind the arguments of a call
    /// among the arguments, which can be seen from outside.
    in_arguments: bool,
    variables: HashMap<&'c str, Variable>,
    labels: Vec<&'c str>,
}

/// The name has been declared in a way that excludes this.
pub(super) struct Redeclared;

/// The open scopes, the innermost last.
pub(super) struct Scopes<'c> {
    open: Vec<Scope<'c>>,
    opened: u32,
}

impl<'c> Scopes<'c> {
    pub(super) fn new() -> Scopes<'c> {
        let mut scopes = Scopes { open: Vec::new(), opened: 0 };
        scopes.begin(Extent::Global, false, false);
        scopes
    }

    pub(super) fn begin(&mut self, extent: Extent, is_async: bool, is_arrow: bool) {
        self.opened += 1;
        self.open.push(Scope {
            extent,
            number: self.opened,
            is_async,
            is_arrow,
            in_arguments: false,
            variables: HashMap::new(),
            labels: Vec::new(),
        });
    }

    pub(super) fn end(&mut self) {
        self.open.pop();
    }

    /// How many scopes are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Notes whether the parser is among the arguments of a call.
    pub(super) fn in_arguments(&mut self, inside: bool) {
        if let Some(scope) = self.open.last_mut() {
            scope.in_arguments = inside;
        }
    }

    /// Whether `await` may stand here: not outside of an async function, and not where njs believes itself among
    /// arguments.
    pub(super) fn awaiting(&self) -> Result<(), (&'static str, Construct)> {
        if self.open.get(self.function()).is_some_and(|scope| !scope.is_async) {
            return Err(("await is only valid in async functions", Construct::AwaitOutside));
        }
        if self.open.last().is_some_and(|scope| scope.in_arguments) {
            return Err(("await in arguments not supported", Construct::AwaitInArguments));
        }
        Ok(())
    }

    /// Whether the parser is in any function.
    pub(super) fn is_in_function(&self) -> bool {
        self.open.iter().any(|scope| scope.extent == Extent::Function)
    }

    /// Notes a use of `arguments`; false where no function has any.
    pub(super) fn use_arguments(&mut self) -> bool {
        let with_arguments =
            self.open.iter_mut().rev().find(|scope| scope.extent != Extent::Block && !scope.is_arrow);
        let Some(scope) = with_arguments.filter(|scope| scope.extent == Extent::Function) else {
            return false;
        };
        let variable = Variable { declared: Declaration::Var, origin: scope.number, own_name: false };
        scope.variables.entry("arguments").or_insert(variable);
        true
    }

    /// Declares the name of a function expression inside of it.
    pub(super) fn declare_own_name(&mut self, name: &'c str) {
        if let Some(scope) = self.open.last_mut() {
            let variable = Variable { declared: Declaration::Function, origin: scope.number, own_name: true };
            scope.variables.insert(name, variable);
        }
    }

    /// Declares a parameter.
    pub(super) fn declare_parameter(&mut self, name: &'c str) -> Result<(), Redeclared> {
        let Some(scope) = self.open.last_mut() else { return Ok(()) };
        let variable = Variable { declared: Declaration::Var, origin: scope.number, own_name: false };
        match scope.variables.get_mut(name) {
            Some(known) if known.own_name => known.own_name = false,
            Some(_) => return Err(Redeclared),
            None => {
                scope.variables.insert(name, variable);
            }
        }
        Ok(())
    }

    /// Declares a name.
    pub(super) fn declare(&mut self, name: &'c str, declared: Declaration) -> Result<(), Redeclared> {
        let here = self.open.len().saturating_sub(1);
        let (holder, known) = self.holder(name, declared);
        let index = match declared {
            Declaration::Let | Declaration::Const => {
                let global = self.open.get(here).is_some_and(|scope| scope.extent == Extent::Global);
                let taken = holder == here && known.is_some_and(|known| !known.own_name);
                if taken || (global && name == "undefined") {
                    return Err(Redeclared);
                }
                here
            }
            Declaration::Catch => here,
            Declaration::Var => self.scope_of_var(holder, known, declared)?,
            Declaration::Function => self.scope_of_var(here, known, declared)?,
        };
        let Some(origin) = self.open.get(here).map(|scope| scope.number) else { return Ok(()) };
        let Some(scope) = self.open.get_mut(index) else { return Ok(()) };
        let variable = scope.variables.entry(name).or_insert(Variable { declared, origin, own_name: false });
        if declared == Declaration::Function {
            variable.declared = declared;
        } else if variable.own_name && declared != Declaration::Catch {
            variable.declared = declared;
            variable.own_name = false;
        }
        Ok(())
    }

    /// The position for a `var` or a function, where nothing stands against it.
    fn scope_of_var(
        &self,
        root: usize,
        known: Option<Variable>,
        declared: Declaration,
    ) -> Result<usize, Redeclared> {
        let Some(known) = known else { return Ok(root) };
        if matches!(known.declared, Declaration::Let | Declaration::Const) {
            return Err(Redeclared);
        }
        let functions = declared == Declaration::Function || known.declared == Declaration::Function;
        let origin_is_block_here = self
            .open
            .get(root)
            .is_some_and(|scope| scope.extent == Extent::Block && scope.number == known.origin);
        if functions && origin_is_block_here { Err(Redeclared) } else { Ok(root) }
    }

    /// The scope that has the name, else the function's or the global one.
    fn holder(&self, name: &str, declared: Declaration) -> (usize, Option<Variable>) {
        for (index, scope) in self.open.iter().enumerate().rev() {
            if let Some(known) = scope.variables.get(name)
                && !(known.declared == Declaration::Catch && declared == Declaration::Var)
            {
                return (index, Some(*known));
            }
            if scope.extent != Extent::Block {
                return (index, None);
            }
        }
        (0, None)
    }

    fn function(&self) -> usize {
        self.open.iter().rposition(|scope| scope.extent != Extent::Block).unwrap_or(0)
    }

    /// Whether a label encloses this position. njs looks for it beyond functions, too.
    pub(super) fn has_label(&self, label: &str) -> bool {
        self.open.iter().any(|scope| scope.labels.contains(&label))
    }

    pub(super) fn add_label(&mut self, label: &'c str) {
        if let Some(scope) = self.open.last_mut() {
            scope.labels.push(label);
        }
    }

    pub(super) fn remove_label(&mut self, label: &str) {
        if let Some(scope) = self.open.last_mut() {
            scope.labels.retain(|known| *known != label);
        }
    }
}
