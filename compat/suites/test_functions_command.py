"""`keyfront fn`: running and testing functions without a server, and keeping them at one."""

import json
import os
import shutil
import time
import xml.etree.ElementTree as ElementTree

import pytest

from functions_command import EVENT, PREFIX, READ, REWRITE, make
from kvs_command import Kvs, write_json
from server import PATIENCE, ROOT


def test_a_run_shows_logs_result_changes_and_cost(fn, code):
    out = fn.ok("run", code(REWRITE), "--request", "GET /a/?b=1", "-H", "Host: example.com")
    lines = out.splitlines()
    assert lines[0] == "log     saw /a/"
    assert lines[1] == "result  request GET /a/index.html"
    assert 'change  uri: "/a/" -> "/a/index.html"' in lines
    assert 'change  header x-a: added "b"' in lines
    assert lines[-1].startswith("used    ") and "% of the instruction budget, 0 store reads" in lines[-1]


def test_a_run_is_json_for_a_script(fn, code):
    write_json(fn.folder / "event.json", EVENT)
    result = fn.json("run", code(REWRITE), "--event", "event.json")
    assert result["FunctionErrorMessage"] == "" and result["FunctionExecutionLogs"] == ["saw /a/"]
    assert result["FunctionOutput"]["request"]["uri"] == "/a/index.html"
    assert 1 <= int(result["ComputeUtilization"]) <= 100


def test_a_failure_is_told_and_ends_with_one(fn, code):
    answer = fn.run("run", code("function handler(e) { return e.request.headers.x.value; }"), "--request", "GET /")
    assert answer.code == 1
    assert PREFIX + 'TypeError: cannot get property "value" of undefined' in answer.out
    assert "failed with 503 FunctionExecutionError" in answer.out


def test_a_store_comes_from_a_file_or_from_a_server(fn, code, data, store):
    write_json(fn.folder / "pairs.json", {"/old": "/new"})
    out = fn.ok("run", code(READ), "--request", "GET /old", "--kvs-file", "pairs.json")
    assert "result  response 302" in out and "1 store read" in out
    Kvs(fn.endpoint, folder=fn.folder).ok("put", store["name"], "/there", "/kept")
    result = fn.json("run", "function.js", "--request", "GET /there", "--kvs", store["name"])
    assert result["FunctionOutput"]["response"]["headers"]["location"]["value"] == "/kept"
    answer = fn.run("run", "function.js", "--request", "GET /old")
    assert answer.code == 1 and "no key value store is associated" in answer.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "missing.js", "--request", "GET /"), "missing.js"),
        (("run", "function.js", "--event", "none.json"), "none.json"),
        (("run", "function.js", "--event", "function.js"), "function.js"),
        (("run", "function.js", "--request", "nonsense"), "nonsense"),
        (("run", "function.js", "--request", "GET /", "-H", "no colon"), "NAME: VALUE"),
        (("test", "."), "there is no case"),
    ],
)
def test_what_cannot_be_run_is_said(fn, code, arguments, said):
    code(REWRITE)
    assert said in fn.fails(*arguments)


def test_a_watch_runs_again_when_the_code_changes(fn, code):
    process = fn.start("run", code("function handler(e) { console.log('one'); return e.request; }"),
                       "--request", "GET /", "--watch")
    try:
        seen = []

        def until(text):
            end = time.monotonic() + PATIENCE
            while text not in seen:
                assert time.monotonic() < end, seen
                seen.append(process.stdout.readline().strip())

        until("log     one")
        replacement = fn.folder / "next.js"
        replacement.write_text("function handler(e) { console.log('two'); return e.request; }")
        os.replace(replacement, fn.folder / "function.js")
        until("log     two")
    finally:
        process.kill()
        process.wait()


def test_cases_are_run_and_told_to_a_ci_system(fn, code):
    code(READ, "cases/function.js")
    for name, expected in {
        "good": {"store": {"/a/": "/b"}, "output": {"response": {
            "statusCode": 302, "headers": {"location": {"value": "/b"}}, "cookies": {}}}},
        "missing": {"store": {}, "error": "Error: KeyNotFound"},
        "wrong": {"store": {"/a/": "/c"}, "output": {"response": {"statusCode": 301}}},
        "misspelt": {"store": {}, "outptu": {}},
    }.items():
        folder = fn.folder / "cases" / name
        folder.mkdir()
        write_json(folder / "event.json", EVENT)
        write_json(folder / "expected.json", expected)
    answer = fn.run("test", "cases", "--junit", "report.xml")
    assert answer.code == 1
    words = {line.split()[1]: line.split()[0] for line in answer.out.splitlines() if "%" in line}
    assert words == {"good": "passed", "missing": "passed", "misspelt": "FAILED", "wrong": "FAILED"}
    assert "statusCode: expected 301, got 302" in answer.out and "outptu" in answer.out
    assert answer.out.endswith("4 cases: 2 passed, 2 failed\n")
    suite = ElementTree.parse(fn.folder / "report.xml").getroot()
    assert suite.attrib["tests"] == "4" and suite.attrib["failures"] == "2"
    assert [case.attrib["name"] for case in suite] == ["good", "missing", "misspelt", "wrong"]
    assert [len(case) for case in suite] == [0, 0, 1, 1]
    shutil.rmtree(fn.folder / "cases/wrong")
    shutil.rmtree(fn.folder / "cases/misspelt")
    assert [case["Passed"] for case in fn.json("test", "cases")] == [True, True]


def test_the_corpus_of_the_project_passes(fn):
    out = fn.ok("test", ROOT / "crates/keyfront-functions/tests/cases")
    assert out.rstrip().endswith(" 0 failed")


def test_an_event_is_given_in_one_way(fn, code):
    write_json(fn.folder / "event.json", EVENT)
    code(REWRITE)
    for arguments in [(), ("--event", "event.json", "--request", "GET /")]:
        answer = fn.run("run", "function.js", *arguments)
        assert answer.code == 2 and "--event FILE" in answer.err and "--request" in answer.err


def test_a_viewer_response_needs_no_file(fn, code):
    text = "function handler(e) { e.response.headers['x-a'] = {value: e.request.headers.host.value}; return e.response; }"
    arguments = ("--response", "404 Gone Fishing", "-H", "Content-Type: text/html")
    result = fn.json("run", code(text), *arguments)
    assert result["FunctionOutput"]["response"] == {
        "statusCode": 404, "statusDescription": "Gone Fishing", "cookies": {},
        "headers": {"content-type": {"value": "text/html"}, "x-a": {"value": "d111111abcdef8.cloudfront.net"}}}
    named = fn.json("run", "function.js", *arguments, "--request", "GET /b", "--request-header", "Host: a.example.com")
    assert named["FunctionOutput"]["response"]["headers"]["x-a"]["value"] == "a.example.com"
    assert "is not a status" in fn.fails("run", "function.js", "--response", "fine")


def test_a_file_of_pairs_is_whichever_store_the_code_names(fn, code):
    write_json(fn.folder / "pairs.json", {"/old": "/new"})
    code(READ.replace("kvs()", "kvs('7bb3df34')"))
    arguments = ("run", "function.js", "--request", "GET /old", "--kvs-file", "pairs.json")
    assert "result  response 302" in fn.ok(*arguments)
    assert "result  response 302" in fn.ok(*arguments, "--kvs-id", "7bb3df34")
    answer = fn.run(*arguments, "--kvs-id", "other")
    assert answer.code == 1 and "7bb3df34 is not associated" in answer.out


def test_a_run_fails_when_an_edge_would(fn, code):
    text = "function handler(e) { e.request.headers['X-A'] = {value: 'b'}; return e.request; }"
    refused = "function handler(e) { e.request.headers.via = {value: 'b'}; return e.request; }"
    assert fn.run("run", code(text), "--request", "GET /").code == 1
    answer = fn.run("run", code(refused), "--request", "GET /")
    assert answer.code == 1 and "edge    failed with 502 FunctionValidationError" in answer.out
    result = json.loads(fn.run("run", "function.js", "--request", "GET /", "--output", "json").out)
    assert "read-only header" in result["EdgeErrorMessage"] and result["FunctionErrorMessage"] == ""


ORIGIN = """
import cf from 'cloudfront';
function handler(event) {
    cf.updateRequestOrigin({domainName: 'a.example.com', hostHeader: 'b.example.com'});
    return event.request;
}
"""


def test_a_chosen_origin_is_shown_and_checked(fn, code):
    chosen = {"updateRequestOrigin": {"domainName": "a.example.com", "hostHeader": "b.example.com"}}
    assert fn.json("run", code(ORIGIN), "--request", "GET /")["Origin"] == chosen
    assert f"origin  {json.dumps(chosen, separators=(',', ':'))}" in fn.ok("run", "function.js", "--request", "GET /")
    answer = fn.run("run", "function.js", "--request", "GET /", "--origin-access-control")
    assert answer.code == 1 and "hostHeader cannot be set for an origin with an enabled origin access control" in answer.out
    code(ORIGIN, "cases/function.js")
    write_json(fn.folder / "cases/event.json", EVENT)
    fn.ok("test", "cases", "--update")
    expected = json.loads((fn.folder / "cases/expected.json").read_text())
    assert expected["origin"] == chosen
    write_json(fn.folder / "cases/expected.json", expected | {"origin_access_control": True})
    assert "edge: refused: " in fn.run("test", "cases").out


def test_an_exception_has_its_line_and_the_calls(fn, code):
    text = "function read(e) {\n  return e.a.b;\n}\nfunction handler(e) {\n  return read(e);\n}"
    answer = fn.run("run", code(text), "--request", "GET /")
    assert "    at read (function.js:2)" in answer.out and "    at handler (function.js:5)" in answer.out
    result = json.loads(fn.run("run", "function.js", "--request", "GET /", "--output", "json").out)
    assert result["FunctionErrorStack"] == ["read (function.js:2)", "handler (function.js:5)"]


def test_a_run_is_repeated_and_measured(fn, code):
    assert "times   20 runs, " in fn.ok("run", code(REWRITE), "--request", "GET /", "--repeat", "20")
    text = "function handler(e) { e.request.uri = '/' + Math.random(); return e.request; }"
    assert "gave another result" in fn.fails("run", code(text), "--request", "GET /", "--repeat", "20")


def test_a_case_without_an_expectation_fails_until_it_is_written(fn, code):
    code(REWRITE, "cases/function.js")
    make(fn, "cases/index")
    write_json(fn.folder / "cases/index/event.json", EVENT)
    answer = fn.run("test", "cases")
    assert answer.code == 1 and "expected.json is missing" in answer.out and "--update" in answer.out
    assert fn.ok("test", "cases", "--update").startswith("updated  index")
    expected = json.loads((fn.folder / "cases/index/expected.json").read_text())
    assert expected["output"]["request"]["uri"] == "/a/index.html" and expected["logs"] == ["saw /a/"]
    assert fn.ok("test", "cases", "--repeat", "5").startswith("passed  index")
    assert fn.ok("test", "cases", "--update").startswith("passed  index")


@pytest.mark.parametrize("kind", ["viewer-request", "viewer-response"])
def test_a_function_to_begin_with_passes_its_case(fn, kind):
    fn.ok("init", "site", "--type", kind)
    assert fn.ok("test", "site").rstrip().endswith("1 passed, 0 failed")
    assert fn.ok("check", "--strict", "site/function.js").endswith("nothing that CloudFront would refuse\n")
    assert "is there already" in fn.fails("init", "site", "--type", kind)


def test_the_lines_that_cases_run_are_told(fn, code):
    text = "function handler(e) {\n  if (e.request.uri === '/b') {\n    return null;\n  }\n  return e.request;\n}\n"
    code(text, "cases/function.js")
    make(fn, "cases/one")
    write_json(fn.folder / "cases/one/event.json", EVENT)
    fn.ok("test", "cases", "--update")
    out = fn.ok("test", "cases", "--coverage")
    assert out.startswith("covered cases/function.js  2 of 3 lines, 66 %  not run: 3\n")
    covered = fn.json("test", "cases", "--coverage")["Coverage"]
    assert covered == [{"File": "cases/function.js", "Lines": 3, "Covered": 2, "NotRun": [3]}]


def test_a_function_is_created_changed_published_and_deleted(fn, code, control, store):
    created = fn.json("create", "cli-site", code(READ), "--kvs", store["name"], "--comment", "one")
    assert (created["Stage"], created["Status"]) == ("DEVELOPMENT", "UNPUBLISHED")
    assert created["KeyValueStoreARN"] == store["arn"]
    assert fn.ok("get", "cli-site") == READ
    assert "there is no published function cli-site" in fn.fails("describe", "cli-site", "--stage", "live")
    assert fn.ok("publish", "cli-site") == "published cli-site (LIVE)\n"
    updated = fn.json("update", "cli-site", "--comment", "two")
    assert (updated["Comment"], updated["KeyValueStoreARN"]) == ("two", store["arn"])
    assert fn.json("describe", "cli-site", "--stage", "live")["Comment"] == "one"
    fn.ok("update", "cli-site", code(REWRITE, "next.js"), "--no-kvs", "--publish")
    assert fn.ok("get", "cli-site", "--stage", "live") == REWRITE
    described = control.describe_function(Name="cli-site", Stage="LIVE")["FunctionSummary"]
    assert described["FunctionConfig"]["Comment"] == "two"
    assert "cli-site" in fn.ok("list")
    assert fn.ok("delete", "cli-site") == "deleted cli-site\n"
    assert "there is no function cli-site" in fn.fails("describe", "cli-site")


def test_the_result_of_a_run_is_that_of_test_function(fn, code, control):
    write_json(fn.folder / "event.json", EVENT)
    here = fn.json("run", code(REWRITE), "--event", "event.json")
    created = control.create_function(
        Name="cli-same", FunctionCode=REWRITE.encode(),
        FunctionConfig={"Comment": "", "Runtime": "cloudfront-js-2.0"})
    there = control.test_function(
        Name="cli-same", IfMatch=created["ETag"], EventObject=json.dumps(EVENT).encode())["TestResult"]
    assert json.loads(there["FunctionOutput"]) == here["FunctionOutput"]
    assert there["FunctionExecutionLogs"] == here["FunctionExecutionLogs"]
    assert there["ComputeUtilization"] == here["ComputeUtilization"]
    control.delete_function(Name="cli-same", IfMatch=created["ETag"])
