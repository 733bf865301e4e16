"""`keyfront fn check` and `keyfront fn build`: what CloudFront would refuse, and what it runs of modern code."""

import json

import pytest

import node
from functions_command import REWRITE, make
from kvs_command import write_json
from server import ROOT


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("function handler(e) {\n  for (const a of []) {}\n}", 'refused: SyntaxError: Token "of" not supported in this version in 2'),
        ("class A {}\nfunction handler(e) {}", 'refused: SyntaxError: Token "class" not supported in this version in 1'),
        ("export function handler(e) {}", "refused: SyntaxError: Illegal export statement in 1"),
        ("function handler(e) { return e?.request; }", "refused: "),
        ("function handler(e) { return new Map(); }", "fails when it runs: "),
    ],
)
def test_what_cloudfront_would_refuse_is_found(fn, code, text, said):
    answer = fn.run("check", code(text))
    assert said in answer.out and answer.out.startswith("function.js:")
    assert answer.code == (1 if "refused" in said else 0)


def test_folders_and_lists_are_checked_and_strictness_counts_warnings(fn, code):
    code(REWRITE, "site/rewrite.js")
    code("function handler(e) { console.log('a', e); return e.request; }", "site/logs/log.js")
    code("function handler(e { ", "site/node_modules/other.js")
    answer = fn.run("check", "site")
    assert answer.code == 0 and answer.out.endswith("1 finding in 1 of 2 files\n")
    assert "site/logs/log.js:1:23: warning: console.log prints its first argument alone" in answer.out
    assert fn.run("check", "--strict", "site").code == 1
    assert fn.run("check", "--strict", "site/rewrite.js").code == 0
    code("export const handler = (event: object): unknown => event;", "typed.ts")
    findings = json.loads(fn.run("check", "site/rewrite.js", "typed.ts", "--output", "json").out)
    assert {finding["File"] for finding in findings} == {"typed.ts"}
    assert any("is TypeScript" in finding["Message"] for finding in findings)
    assert "no file with code" in fn.fails("check", make(fn, "empty"))


@pytest.mark.parametrize(
    "text",
    [
        "exports.handler = (e) => e.request;",
        "module.exports = { handler }; function handler(e) { return e.request; }",
        "function main(e) { return e.request; }",
        "",
    ],
)
def test_code_that_cannot_run_is_refused(fn, code, text):
    answer = fn.run("check", code(text))
    assert answer.code == 1 and "refused: " in answer.out


def test_a_function_that_cloudfront_takes_has_no_findings(fn, code):
    assert fn.ok("check", code(REWRITE)) == "function.js: nothing that CloudFront would refuse\n"
    assert fn.json("check", "function.js") == []


MODERN = """
import cf from 'cloudfront';
import greet, { type Named } from './lib';
class Rule {
    #from: string;
    constructor(from: string, public status = 301) { this.#from = from; }
    get from() { return this.#from; }
}
export default async function ({ request }: { request: any }) {
    const rules = [new Rule('/a'), ...[new Rule('/b', 302)]];
    for (const { from, status } of rules) console.log(`${from} ${status}`);
    try { console.log(JSON.parse(AWAIT).x); } catch { request.uri ||= '/x'; }
    const named: Named = { ...request.headers, name: request.headers?.host?.value };
    if (request.uri === '/throws') throw new Error(greet(named.name));
    console.log(greet(named.name, 1, 2));
    return request;
}
"""
LIB = """
export interface Named { name: string }
export default function greet(name: string = 'none', ...rest: number[]) {
    return `${name} ${rest.length}`;
}
"""


@pytest.mark.parametrize("awaited", ["await cf.kvs().get('x')", "'{}'"])
@pytest.mark.parametrize("options", [(), ("--minify",)])
def test_modern_code_is_built_to_what_cloudfront_runs(fn, code, awaited, options):
    packages = node.packages(ROOT / "compat/node-builder", "node-builder")
    (fn.folder / "src").mkdir()
    code(MODERN.replace("AWAIT", awaited), "src/site.ts")
    code(LIB, "src/lib.ts")
    assert "npm install --save-dev esbuild @swc/core" in fn.fails("build", "src/site.ts", "-o", "built.js")
    (fn.folder / "node_modules").symlink_to(packages)
    out = fn.ok("build", "src/site.ts", "-o", "built.js", *options)
    assert out.startswith("wrote built.js  ")
    assert fn.ok("check", "built.js").endswith("nothing that CloudFront would refuse\n")
    write_json(fn.folder / "pairs.json", {"x": '{"x": 7}'})
    arguments = ("run", "built.js", "-H", "Host: a.example.com", "--kvs-file", "pairs.json")
    result = fn.json(*arguments, "--request", "GET /a")
    number = "7" if "kvs" in awaited else "undefined"
    assert result["FunctionExecutionLogs"] == ["/a 301", "/b 302", number, "a.example.com 2"]
    answer = fn.run(*arguments, "--request", "GET /throws")
    assert "Error: a.example.com 0" in answer.out
    assert options or "(src/site.ts:14)" in answer.out


def test_what_cannot_be_built_is_said(fn, code):
    (fn.folder / "node_modules").symlink_to(node.packages(ROOT / "compat/node-builder", "node-builder"))
    assert "none.ts" in fn.fails("build", "none.ts", "-o", "built.js")
    assert "./missing" in fn.fails("build", code("import './missing'; export const handler = 1;"), "-o", "built.js")
    assert not (fn.folder / "built.js").exists()
    large = "export function handler(e) { return { statusCode: 200, body: '" + "x" * 10_300 + "' }; }"
    answer = fn.run("build", code(large), "-o", "built.js")
    assert answer.code == 1 and "too large: CloudFront takes 10240 bytes" in answer.out
