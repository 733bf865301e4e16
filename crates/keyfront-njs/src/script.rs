//! Writes the JavaScript text that the engine gets for a function's code.

use crate::parser::{Import, Syntax, TokenDifference};

/// What stands before the code. The engine calls this function with `require`, for every invocation anew.
const BEFORE: &str = "(function(require){\"use strict\";";

/// What stands before the code and behind its imports. The code is a function of its own, so that it may declare
/// whatever it likes, `require` too; at its top `this` is the global object, as in njs.
const BODY: &str = "return(function(){";

/// What stands behind the code, on a line of its own, because the code may end with a comment. Code without a
/// `handler` gives `undefined`.
const AFTER: &str = "\nreturn typeof handler===\"undefined\"?undefined:handler}).call(globalThis)})";

/// The code as a program on its own: no imports, and nothing that other engines tokenize otherwise than njs. Lines
/// stay where they are.
pub(crate) fn body(code: &str, syntax: &Syntax) -> String {
    let mut edits: Vec<(usize, usize)> = Vec::new();
    for import in &syntax.imports {
        edits.push((import.range.start, import.range.len()));
    }
    for difference in &syntax.differences {
        edits.push(match *difference {
            TokenDifference::LineEnd(at, length) => (at, length),
            TokenDifference::HtmlComment(at) => (at, 0),
        });
    }
    edits.sort_unstable();
    let mut body = String::with_capacity(code.len() + edits.len());
    let mut copied = 0;
    for (start, length) in edits {
        // Removed with the import around it.
        let Some(kept) = code.get(copied..start) else { continue };
        body.push_str(kept);
        let removed = code.get(start..start + length).unwrap_or_default();
        if removed.is_empty() {
            body.push(' ');
        }
        body.extend(removed.chars().map(|character| if character == '\n' { '\n' } else { ' ' }));
        copied = start + length;
    }
    body.push_str(code.get(copied..).unwrap_or_default());
    body
}

/// The text for the engine, from the code as [`body`] gives it.
pub(crate) fn factory(body: &str, imports: &[Import]) -> String {
    let mut factory = String::with_capacity(body.len() + 256);
    factory.push_str(BEFORE);
    // njs carries imports out before anything else, wherever they stand, and lets code assign to their names.
    for Import { name, module, .. } in imports {
        factory.push_str(&format!("let {name}=require(\"{module}\");"));
    }
    factory.push_str(BODY);
    factory.push_str(body);
    factory.push_str(AFTER);
    factory
}
