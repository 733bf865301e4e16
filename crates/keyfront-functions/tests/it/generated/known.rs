//! Where the sandbox and njs are known to differ. The list should only ever become shorter.

/// A difference that is known.
pub(super) struct Known {
    /// Why it is so, and why it may stay so.
    pub(super) reason: &'static str,
    /// Whether this is it: the code, what njs said and what the sandbox said.
    pub(super) is: fn(code: &str, njs: &str, sandbox: &str) -> bool,
}

/// All of them.
pub(super) const KNOWN: &[Known] = &[
    Known {
        reason: "njs writes some numbers with 17 digits where fewer do, or with a last digit that is not the nearest \
                 one; both texts read back as the same number",
        is: |_, njs, sandbox| respelled(njs) == respelled(sandbox),
    },
    Known {
        reason: "the same, of a number that was joined with other digits",
        is: |code, njs, sandbox| {
            let differing = njs.chars().zip(sandbox.chars()).filter(|(njs, sandbox)| njs != sandbox).count();
            // The text is there twice, once as it was logged.
            code.contains("Math.")
                && [".concat(", " + "].iter().any(|join| code.contains(join))
                && njs.len() == sandbox.len()
                && differing == 2
        },
    },
    Known {
        reason: "njs rounds an exact half down where it cuts digits, and the language rounds it up",
        is: |code, _, _| {
            let has_half =
                ["(0.5)", "(-1.5)", "(2.5)", "(255)", "(0xff)"].iter().any(|half| code.contains(half));
            has_half && (code.contains("toExponential(") || code.contains("toPrecision("))
        },
    },
    Known {
        reason: "njs gives members in an order of its own, and QuickJS those first whose names are numbers; they log the \
                 result of a match in another order",
        is: |code, njs, sandbox| {
            ["['12']", ".exec(", ".match(", "JSON.parse(", "qs.parse("].iter().any(|part| code.contains(part))
                && sorted(&respelled(njs)) == sorted(&respelled(sandbox))
        },
    },
    Known {
        reason: "the first of the members that a function takes of an object is another where their order is another",
        is: |code, _, _| {
            let takes_one = [".shift(", ".pop(", "[0]"].iter().any(|part| code.contains(part));
            let lists = ["Object.entries(", "Object.keys(", "Object.values("];
            code.contains("['12']") && takes_one && lists.iter().any(|part| code.contains(part))
        },
    },
    Known {
        reason: "njs takes the text of a list that split gave by a regular expression for bytes, and all that is joined \
                 with it becomes bytes",
        is: |code, njs, sandbox| {
            code.contains(".split(")
                && (code.contains(".concat(") || code.contains(" + "))
                && without_escapes(njs) == without_escapes(sandbox)
        },
    },
    Known {
        reason: "njs does not call getters in Object.values and Object.entries, against the language; what they give \
                 there is undefined",
        is: |code, _, _| {
            code.contains("get a()") && (code.contains("Object.values(") || code.contains("Object.entries("))
        },
    },
    Known {
        reason: "njs takes an undefined base or end for 0 and an end before the beginning for none, against the language",
        is: |code, njs, _| {
            code.contains("toString((undefined))") && njs.contains("RangeError")
                || code.contains(", (undefined))") && code.contains(".sub")
                || code.contains(", (-") && code.contains(".endsWith(")
        },
    },
    Known {
        reason: "njs compares a date by == as a number, where the language takes its text",
        is: |code, _, _| code.contains(" == ") && code.contains("new Date("),
    },
    Known {
        reason: "a getter has no name in njs",
        is: |_, njs, sandbox| njs == sandbox.replace("[Function: get a]", "[Function]"),
    },
    Known {
        reason: "a replacer that makes every value deeper ends as a TypeError in njs and as a RangeError here",
        is: |code, njs, sandbox| {
            code.contains("JSON.stringify(") && njs.contains("TypeError") && sandbox.contains("RangeError")
        },
    },
    Known {
        reason: "njs tells the function that replaces in a text beyond ASCII where the match is in bytes, where the \
                 language and njs itself elsewhere count characters",
        is: |code, njs, sandbox| {
            let without_digits = |text: &str| text.replace(|each: char| each.is_ascii_digit(), "");
            code.contains(".replace(") && !code.is_ascii() && without_digits(njs) == without_digits(sandbox)
        },
    },
    Known {
        reason: "beyond 53 bits the digits of a number in a base other than ten are the implementation's to choose",
        is: |code, njs, sandbox| {
            let begin = |text: &str| text.chars().take(12).collect::<String>();
            code.contains(".toString(") && njs.len() == sandbox.len() && begin(njs) == begin(sandbox)
        },
    },
];

/// The characters in order.
fn sorted(text: &str) -> Vec<char> {
    let mut characters: Vec<char> = text.chars().collect();
    characters.sort_unstable();
    characters
}

/// The text with each number in it as Rust writes it.
fn respelled(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(|each: char| each.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        let (number, behind) = from.split_at(number_length(from.as_bytes()));
        out.push_str(before);
        out.push_str(&number.parse::<f64>().unwrap().to_string());
        rest = behind;
    }
    out + rest
}

/// How long the number is that a text begins with.
fn number_length(text: &[u8]) -> usize {
    let digits = |from: usize| text[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut length = digits(0);
    if text.get(length) == Some(&b'.') {
        length += 1 + digits(length + 1);
    }
    if let (Some(b'e'), Some(b'+' | b'-')) = (text.get(length), text.get(length + 1)) {
        let exponent = digits(length + 2);
        length += if exponent > 0 { 2 + exponent } else { 0 };
    }
    length
}

/// The text without the characters that are written as four digits.
fn without_escapes(text: &str) -> String {
    let mut parts = text.split("\\u");
    let mut out = String::from(parts.next().unwrap_or_default());
    parts.for_each(|part| out.extend(part.chars().skip(4)));
    out
}
