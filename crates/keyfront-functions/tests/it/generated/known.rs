//! Where the sandbox and njs are known to differ. The list should only ever become shorter.

/// A difference that is known.
pub(super) struct Known {
    /// Why it is so, and why it may stay so.
    pub(super) reason: &'static str,
    /// Whether this is it: the code, what njs said and what the sandbox said.
    pub(super) is: fn(code: &str, njs: &str, sandbox: &str) -> bool,
    /// Functions that show it.
    pub(super) examples: &'static [Example],
}

/// A function, and what each engine says of it to the letter: a difference that vanishes or changes is noticed.
pub(super) struct Example {
    pub(super) code: &'static str,
    pub(super) njs: &'static str,
    pub(super) sandbox: &'static str,
}

/// All of them.
pub(super) const KNOWN: &[Known] = &[
    Known {
        reason: "njs writes some numbers with 17 digits where fewer do, or with a last digit that is not the nearest \
                 one; both texts read back as the same number",
        is: |_, njs, sandbox| respelled(njs) == respelled(sandbox),
        examples: &[
            Example {
                code: "() => ((2) / (42))",
                njs: "0.047619047619047619   logged 0.047619047619047619",
                sandbox: "0.047619047619047616   logged 0.047619047619047616",
            },
            Example {
                code: "() => ((7) / (42))",
                njs: "0.16666666666666667   logged 0.16666666666666667",
                sandbox: "0.16666666666666666   logged 0.16666666666666666",
            },
        ],
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
        examples: &[Example {
            code: "() => (('1.').concat(Math.abs((7) / (42))))",
            njs: r#""1.0.16666666666666667"   logged 1.0.16666666666666667"#,
            sandbox: r#""1.0.16666666666666666"   logged 1.0.16666666666666666"#,
        }],
    },
    Known {
        reason: "njs rounds an exact half down where it cuts digits, and the language rounds it up",
        is: |code, _, _| {
            let has_half =
                ["(0.5)", "(-1.5)", "(2.5)", "(255)", "(0xff)"].iter().any(|half| code.contains(half));
            has_half && (code.contains("toExponential(") || code.contains("toPrecision("))
        },
        examples: &[
            Example {
                code: "() => (Number((2.5)).toExponential((0)))",
                njs: r#""2e+0"   logged 2e+0"#,
                sandbox: r#""3e+0"   logged 3e+0"#,
            },
            Example {
                code: "() => (Number((0xff)).toExponential((true)))",
                njs: r#""2.5e+2"   logged 2.5e+2"#,
                sandbox: r#""2.6e+2"   logged 2.6e+2"#,
            },
        ],
    },
    Known {
        reason: "njs gives members in an order of its own, and QuickJS those first whose names are numbers; they log the \
                 result of a match in another order",
        is: |code, njs, sandbox| {
            ["['12']", ".exec(", ".match(", "JSON.parse(", "qs.parse("].iter().any(|part| code.contains(part))
                && sorted(&respelled(njs)) == sorted(&respelled(sandbox))
        },
        examples: &[
            Example {
                code: "() => ((/x*/g).exec('é'))",
                njs: r#"["", index 0]   logged ['',groups:undefined,index:0,input:'é']"#,
                sandbox: r#"["", index 0]   logged ['',index:0,input:'é',groups:undefined]"#,
            },
            Example {
                code: r#"() => (JSON.parse('{"b":1,"12":2}'))"#,
                njs: r#"{"b": 1, "12": 2}   logged {b:1,12:2}"#,
                sandbox: r#"{"12": 2, "b": 1}   logged {12:2,b:1}"#,
            },
        ],
    },
    Known {
        reason: "the first of the members that a function takes of an object is another where their order is another",
        is: |code, _, _| {
            let takes_one = [".shift(", ".pop(", "[0]"].iter().any(|part| code.contains(part));
            let lists = ["Object.entries(", "Object.keys(", "Object.values("];
            code.contains("['12']") && takes_one && lists.iter().any(|part| code.contains(part))
        },
        examples: &[Example {
            code: "() => (Object.keys({ b: 1, ['12']: 2 }).shift())",
            njs: r#""b"   logged b"#,
            sandbox: r#""12"   logged 12"#,
        }],
    },
    Known {
        reason: "njs takes the text of a list that split gave by a regular expression for bytes, and all that is joined \
                 with it becomes bytes",
        is: |code, njs, sandbox| {
            code.contains(".split(")
                && (code.contains(".concat(") || code.contains(" + "))
                && without_escapes(njs) == without_escapes(sandbox)
        },
        examples: &[
            Example {
                code: "() => (('b').split(/(a)?/) + ('é'))",
                njs: r#""b\u00c3\u00a9"   logged bé"#,
                sandbox: r#""b\u00e9"   logged bé"#,
            },
            Example {
                code: "() => (('é').concat((2), ('ab').split(/b/g)))",
                njs: r#""\u00c3\u00a92a,"   logged é2a,"#,
                sandbox: r#""\u00e92a,"   logged é2a,"#,
            },
        ],
    },
    Known {
        reason: "njs does not call getters in Object.values and Object.entries, against the language; what they give \
                 there is undefined",
        is: |code, _, _| {
            code.contains("get a()") && (code.contains("Object.values(") || code.contains("Object.entries("))
        },
        examples: &[
            Example {
                code: "() => (Object.entries({ get a() { return (2.5); } }))",
                njs: r#"[["a", undefined]]   logged [['a',undefined]]"#,
                sandbox: r#"[["a", 2.5]]   logged [['a',2.5]]"#,
            },
            Example {
                code: "() => (Object.values({ get a() { return 1; } }))",
                njs: "[undefined]   logged [undefined]",
                sandbox: "[1]   logged [1]",
            },
        ],
    },
    Known {
        reason: "njs takes an undefined base or end for 0 and an end before the beginning for none, against the language",
        is: |code, njs, _| {
            code.contains("toString((undefined))") && njs.contains("RangeError")
                || code.contains(", (undefined))") && code.contains(".sub")
                || code.contains(", (-") && code.contains(".endsWith(")
        },
        examples: &[
            Example {
                code: "() => (Number((255)).toString((undefined)))",
                njs: "threw RangeError   logged threw",
                sandbox: r#""255"   logged 255"#,
            },
            Example {
                code: "() => ('abc'.substr((2), (undefined)))",
                njs: r#"""   logged "#,
                sandbox: r#""c"   logged c"#,
            },
            Example {
                code: "() => ('abc'.endsWith('c', (-1)))",
                njs: "true   logged true",
                sandbox: "false   logged false",
            },
        ],
    },
    Known {
        reason: "njs compares a date by == as a number, where the language takes its text",
        is: |code, _, _| code.contains(" == ") && code.contains("new Date("),
        examples: &[Example {
            code: "() => ((new Date(0)) == (0))",
            njs: "true   logged true",
            sandbox: "false   logged false",
        }],
    },
    Known {
        reason: "a getter has no name in njs",
        is: |_, njs, sandbox| njs == sandbox.replace("[Function: get a]", "[Function]"),
        examples: &[Example {
            code: "() => (Object.getOwnPropertyDescriptor({ get a() { return (0); } }, 'a'))",
            njs: r#"{"get": function, "set": undefined, "enumerable": true, "configurable": true}   logged {get:[Function],set:undefined,enumerable:true,configurable:true}"#,
            sandbox: r#"{"get": function, "set": undefined, "enumerable": true, "configurable": true}   logged {get:[Function: get a],set:undefined,enumerable:true,configurable:true}"#,
        }],
    },
    Known {
        reason: "a replacer that makes every value deeper ends as a TypeError in njs and as a RangeError here",
        is: |code, njs, sandbox| {
            code.contains("JSON.stringify(") && njs.contains("TypeError") && sandbox.contains("RangeError")
        },
        examples: &[Example {
            code: "() => (JSON.stringify(['x'], (x) => [x]))",
            njs: "threw TypeError   logged threw",
            sandbox: "threw RangeError   logged threw",
        }],
    },
    Known {
        reason: "njs tells the function that replaces in a text beyond ASCII where the match is in bytes, where the \
                 language and njs itself elsewhere count characters",
        is: |code, njs, sandbox| {
            let without_digits = |text: &str| text.replace(|each: char| each.is_ascii_digit(), "");
            code.contains(".replace(") && !code.is_ascii() && without_digits(njs) == without_digits(sandbox)
        },
        examples: &[Example {
            code: "() => ('é1é'.replace(/1/, (m, at) => at))",
            njs: r#""\u00e92\u00e9"   logged é2é"#,
            sandbox: r#""\u00e91\u00e9"   logged é1é"#,
        }],
    },
    Known {
        reason: "beyond 53 bits the digits of a number in a base other than ten are the implementation's to choose",
        is: |code, njs, sandbox| {
            let begin = |text: &str| text.chars().take(12).collect::<String>();
            code.contains(".toString(") && njs.len() == sandbox.len() && begin(njs) == begin(sandbox)
        },
        examples: &[Example {
            code: "() => (Number((1e21)).toString((7)))",
            njs: r#""5135235413265003022600000"   logged 5135235413265003022600000"#,
            sandbox: r#""5135235413265003023000000"   logged 5135235413265003023000000"#,
        }],
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
