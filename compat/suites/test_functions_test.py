"""TestFunction through boto3 and the AWS CLI."""

import json

import pytest

from clients import error_of, etag_of, put_all, status_of, unique_name, wait_for
from functions import REQUEST, RESPONSE, config, name_of, new_function, published, answer_of
from keys import FIRST_ETAG, NO_IF_MATCH, SECOND_ETAG, aws

COULD_NOT_RUN = "The CloudFront function associated with the CloudFront distribution is invalid or could not run."


def test_a_function_runs_on_an_event_and_says_what_it_made_of_it(control):
    result, output = answer_of(control, """
        function handler(event) {
            console.log('uri ' + event.request.uri);
            console.log('second line');
            event.request.uri = '/changed' + event.request.uri;
            event.request.headers['x-new'] = { value: 'v' };
            return event.request;
        }
    """)
    assert result["FunctionErrorMessage"] == ""
    assert result["FunctionExecutionLogs"] == ["uri /index.html", "second line"]
    assert 1 <= int(result["ComputeUtilization"]) <= 100
    summary = result["FunctionSummary"]
    assert (summary["Status"], summary["FunctionMetadata"]["Stage"]) == ("UNPUBLISHED", "DEVELOPMENT")
    headers = {**REQUEST["request"]["headers"], "x-new": {"value": "v"}}
    assert output == {"request": {**REQUEST["request"], "uri": "/changed/index.html", "headers": headers}}


def test_a_function_can_answer_itself(control):
    _, output = answer_of(control, """
        function handler(event) {
            return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: '/there' } } };
        }
    """)
    assert output == {"response": {
        "statusCode": 302, "statusDescription": "Found", "headers": {"location": {"value": "/there"}}, "cookies": {},
    }}


def test_a_response_event(control):
    code = "function handler(event) { event.response.headers['x-a'] = { value: 'b' }; return event.response; }"
    _, output = answer_of(control, code, event=RESPONSE)
    assert output["response"]["headers"] == {"server": {"value": "nginx"}, "x-a": {"value": "b"}}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("function handler(event) { return event.nothing.value; }",
         'TypeError: cannot get property "value" of undefined'),
        ("function handler(event) { throw new Error('on purpose'); }", "Error: on purpose"),
        ("function handler(event) {\n  for (const a of []) {}\n}",
         'SyntaxError: Token "of" not supported in this version in 2'),
        ("function handler( {", "SyntaxError: "),
        ("function other(event) { return event.request; }", ""),
    ],
)
def test_a_function_that_cannot_run_says_why(control, code, said):
    result, output = answer_of(control, code)
    assert result["FunctionErrorMessage"].startswith(COULD_NOT_RUN), result
    assert said in result["FunctionErrorMessage"]
    assert output is None


@pytest.mark.parametrize("returned", ["undefined", "null", "'text'", "{ headers: { 'Upper-Case': { value: 'v' } } , statusCode: 200 }"])
def test_a_value_that_is_no_event_is_said_to_be_invalid(control, returned):
    result, _ = answer_of(control, f"function handler(event) {{ return {returned}; }}")
    assert result["FunctionErrorMessage"].startswith("The CloudFront function returned an invalid value: ")


def test_a_function_reads_the_store_that_its_stage_names(control, data, arn):
    put_all(data, arn, {"/index.html": "/from-the-store"})
    code = """
        import cf from 'cloudfront';
        async function handler(event) {
            event.request.uri = await cf.kvs().get(event.request.uri);
            return event.request;
        }
    """
    result, output = answer_of(control, code, store=arn)
    assert result["FunctionErrorMessage"] == "", result
    assert output["request"]["uri"] == "/from-the-store"
    # A change is seen by the next test.
    name = result["FunctionSummary"]["Name"]
    data.put_key(KvsARN=arn, Key="/index.html", Value="/changed", IfMatch=etag_of(data, arn))

    def sees_it():
        answer = control.test_function(Name=name, IfMatch=FIRST_ETAG, EventObject=json.dumps(REQUEST).encode())
        return json.loads(answer["TestResult"]["FunctionOutput"])["request"]["uri"] == "/changed"

    wait_for(sees_it, "the change is not seen")


def test_a_function_without_a_store_cannot_read_one(control):
    code = "import cf from 'cloudfront';\nasync function handler(event) { await cf.kvs().get('a'); }"
    result, _ = answer_of(control, code)
    assert result["FunctionErrorMessage"].startswith(COULD_NOT_RUN)


def test_each_stage_is_tested_with_its_own_code_and_etag(control):
    code = "function handler(event) {{ event.request.uri = '/{}'; return event.request; }}"
    name = published(control, code=code.format("live").encode())
    control.update_function(
        Name=name, IfMatch=FIRST_ETAG, FunctionConfig=config(), FunctionCode=code.format("development").encode()
    )
    event = json.dumps(REQUEST).encode()
    for stage, etag, uri in (
        ({}, SECOND_ETAG, "/development"),
        ({"Stage": "DEVELOPMENT"}, SECOND_ETAG, "/development"),
        ({"Stage": "LIVE"}, FIRST_ETAG, "/live"),
    ):
        result = control.test_function(Name=name, IfMatch=etag, EventObject=event, **stage)["TestResult"]
        assert json.loads(result["FunctionOutput"])["request"]["uri"] == uri
        assert result["FunctionSummary"]["FunctionMetadata"]["Stage"] == stage.get("Stage", "DEVELOPMENT")


def test_one_test_leaves_nothing_to_the_next(control):
    created = new_function(control, code=b"""
        var count = 0;
        function handler(event) { count += 1; event.request.uri = '/' + count; return event.request; }
    """)
    for _ in range(3):
        answer = control.test_function(
            Name=name_of(created), IfMatch=FIRST_ETAG, EventObject=json.dumps(REQUEST).encode()
        )
        assert status_of(answer) == 200
        assert json.loads(answer["TestResult"]["FunctionOutput"])["request"]["uri"] == "/1"


@pytest.mark.parametrize("event", [b"", b"nonsense", b"[]", b"{}", b'"text"', b'{"version":"1.0"}'])
def test_what_is_no_event_is_refused(control, event):
    name = name_of(new_function(control))
    with pytest.raises(control.exceptions.TestFunctionFailed) as failure:
        control.test_function(Name=name, IfMatch=FIRST_ETAG, EventObject=event)
    assert error_of(failure) == ("TestFunctionFailed", 500, "The provided event object is not valid.")


def test_the_etag_must_be_that_of_the_stage(control):
    name = name_of(new_function(control))
    event = json.dumps(REQUEST).encode()
    for etag in ("", "nonsense", SECOND_ETAG):
        with pytest.raises(control.exceptions.InvalidIfMatchVersion) as failure:
            control.test_function(Name=name, IfMatch=etag, EventObject=event)
        assert error_of(failure) == ("InvalidIfMatchVersion", 400, NO_IF_MATCH)
    for arguments in ({"Name": unique_name("function")}, {"Name": name, "Stage": "LIVE"}):
        with pytest.raises(control.exceptions.NoSuchFunctionExists):
            control.test_function(IfMatch=FIRST_ETAG, EventObject=event, **arguments)


def test_the_largest_event_is_read_and_a_larger_one_refused(control):
    name = name_of(new_function(control))
    for size, accepted in ((40960, True), (40961, False)):
        padded = {**REQUEST, "request": {**REQUEST["request"], "headers": {"x-long": {"value": ""}}}}
        padded["request"]["headers"]["x-long"]["value"] = "v" * (size - len(json.dumps(padded)))
        event = json.dumps(padded).encode()
        assert len(event) == size
        call = {"Name": name, "IfMatch": FIRST_ETAG, "EventObject": event}
        if accepted:
            assert control.test_function(**call)["TestResult"]["FunctionErrorMessage"] == ""
        else:
            with pytest.raises(control.exceptions.ClientError) as failure:
                control.test_function(**call)
            assert error_of(failure)[:2] == ("MalformedXML", 400)


def test_a_test_through_the_aws_cli(server, control, tmp_path):
    created = new_function(control)
    event = tmp_path / "event.json"
    event.write_text(json.dumps(REQUEST))
    answer = aws(
        server, "test-function", "--name", name_of(created), "--if-match", FIRST_ETAG,
        "--event-object", f"fileb://{event}", "--stage", "DEVELOPMENT",
    )
    assert json.loads(answer["TestResult"]["FunctionOutput"]) == {"request": REQUEST["request"]}
