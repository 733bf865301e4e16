"""CloudFront Functions through boto3, the AWS CLI and by hand: all operations but running them."""

import base64
import datetime
import json
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

import admin
from clients import client, error_of, header_of, next_millisecond, status_of, unique_name
from conftest import running
from functions import CODE, config, name_of, new_function, published
from keys import BASE, FIRST_ETAG, NO_IF_MATCH, PRECONDITION, SECOND_ETAG, all_items, aws
from server import ACCOUNT, BINARY, clean_environment
from wire import NAMESPACE

ABSENT = ("NoSuchFunctionExists", 404, "The specified function does not exist.")
STALE = ("PreconditionFailed", 412, PRECONDITION)
INVALID = ("InvalidIfMatchVersion", 400, NO_IF_MATCH)


@pytest.fixture
def lone(empty_server):
    """The control plane of a server of one test's own."""
    return client(empty_server, "cloudfront")


def refusal(call, **arguments):
    """How a call is refused."""
    with pytest.raises(Exception) as failure:
        call(**arguments)
    return error_of(failure)


def test_a_function_is_created_in_development(control):
    name = unique_name("function")
    given = {"Comment": "a <comment> & \"quotes\" ünï", "Runtime": "cloudfront-js-2.0"}
    created = control.create_function(Name=name, FunctionConfig=given, FunctionCode=CODE)
    summary, metadata = created["FunctionSummary"], created["FunctionSummary"]["FunctionMetadata"]
    arn = f"arn:aws:cloudfront::{ACCOUNT}:function/{name}"
    assert status_of(created) == 201
    assert created["ETag"] == FIRST_ETAG
    assert created["Location"] == f"{BASE}/function/{arn}"
    assert (summary["Name"], summary["Status"], summary["FunctionConfig"]) == (name, "UNPUBLISHED", given)
    assert (metadata["FunctionARN"], metadata["Stage"]) == (arn, "DEVELOPMENT")
    assert metadata["CreatedTime"] == metadata["LastModifiedTime"]
    age = datetime.datetime.now(datetime.timezone.utc) - metadata["CreatedTime"]
    assert abs(age) < datetime.timedelta(minutes=2)
    for stage in ({}, {"Stage": "DEVELOPMENT"}):
        described = control.describe_function(Name=name, **stage)
        assert (described["FunctionSummary"], described["ETag"]) == (summary, FIRST_ETAG)
    assert refusal(control.describe_function, Name=name, Stage="LIVE") == ABSENT
    assert refusal(control.get_function, Name=name, Stage="LIVE") == ABSENT


@pytest.mark.parametrize("code", [CODE, b"x", b"function handler( {", bytes(range(256)), b"\xef\xbb\xbf\r\n", b"x" * 10240])
def test_code_is_accepted_unread_and_kept_to_the_byte(control, code):
    name = name_of(new_function(control, code=code))
    got = control.get_function(Name=name)
    assert got["FunctionCode"].read() == code
    assert (got["ETag"], got["ContentType"]) == (FIRST_ETAG, "application/octet-stream")


def test_code_over_the_quota_is_refused(control):
    name = unique_name("function")
    code, status, message = refusal(new_function, control=control, name=name, code=b"x" * 10241)
    assert (code, status) == ("FunctionSizeLimitExceeded", 413)
    assert "10241" in message and "10240" in message
    assert refusal(control.describe_function, Name=name) == ABSENT


def test_a_name_is_taken_once(control):
    name = name_of(new_function(control))
    assert refusal(new_function, control=control, name=name)[:2] == ("FunctionAlreadyExists", 409)
    control.delete_function(Name=name, IfMatch=FIRST_ETAG)
    assert new_function(control, name=name)["ETag"] == FIRST_ETAG


def test_an_update_answers_with_the_next_etag_in_both_spellings(control):
    created = new_function(control)
    name, before = name_of(created), created["FunctionSummary"]["FunctionMetadata"]
    next_millisecond()
    given = {"Comment": "second", "Runtime": "cloudfront-js-1.0"}
    updated = control.update_function(Name=name, IfMatch=FIRST_ETAG, FunctionConfig=given, FunctionCode=b"second")
    # boto3 reads the header that the model names; without it there would be no ETag here.
    assert updated["ETag"] == SECOND_ETAG
    assert header_of(updated, "ETtag") == header_of(updated, "ETag") == SECOND_ETAG
    summary = updated["FunctionSummary"]
    assert (summary["Status"], summary["FunctionConfig"]) == ("UNPUBLISHED", given)
    after = summary["FunctionMetadata"]
    assert after["CreatedTime"] == before["CreatedTime"] and after["LastModifiedTime"] > before["LastModifiedTime"]
    assert control.get_function(Name=name)["FunctionCode"].read() == b"second"
    again = control.update_function(Name=name, IfMatch=SECOND_ETAG, FunctionConfig=given, FunctionCode=b"second")
    assert again["ETag"] not in (FIRST_ETAG, SECOND_ETAG)


def test_publishing_copies_development_to_live(control):
    created = new_function(control)
    name = name_of(created)
    next_millisecond()
    answer = control.publish_function(Name=name, IfMatch=created["ETag"])
    summary, metadata = answer["FunctionSummary"], answer["FunctionSummary"]["FunctionMetadata"]
    assert (summary["Status"], metadata["Stage"]) == ("UNASSOCIATED", "LIVE")
    assert metadata["CreatedTime"] == metadata["LastModifiedTime"]
    assert metadata["CreatedTime"] > created["FunctionSummary"]["FunctionMetadata"]["CreatedTime"]
    development = control.describe_function(Name=name)
    assert (development["FunctionSummary"]["Status"], development["ETag"]) == ("UNASSOCIATED", FIRST_ETAG)
    live = control.describe_function(Name=name, Stage="LIVE")
    assert (live["FunctionSummary"], live["ETag"]) == (summary, FIRST_ETAG)
    # There is nothing new to publish.
    assert refusal(control.publish_function, Name=name, IfMatch=FIRST_ETAG) == STALE


def test_an_update_after_publication_leaves_what_is_live(control):
    name = published(control)
    updated = control.update_function(
        Name=name, IfMatch=FIRST_ETAG, FunctionConfig=config(comment="second"), FunctionCode=b"second"
    )
    assert updated["FunctionSummary"]["Status"] == "UNPUBLISHED"
    live = control.describe_function(Name=name, Stage="LIVE")
    assert (live["FunctionSummary"]["Status"], live["ETag"]) == ("UNASSOCIATED", FIRST_ETAG)
    assert live["FunctionSummary"]["FunctionConfig"]["Comment"] == ""
    assert control.get_function(Name=name, Stage="LIVE")["FunctionCode"].read() == CODE
    assert control.get_function(Name=name, Stage="DEVELOPMENT")["FunctionCode"].read() == b"second"
    control.publish_function(Name=name, IfMatch=SECOND_ETAG)
    again = control.describe_function(Name=name, Stage="LIVE")
    assert again["ETag"] == SECOND_ETAG
    times = [answer["FunctionSummary"]["FunctionMetadata"] for answer in (live, again)]
    assert times[0]["CreatedTime"] == times[1]["CreatedTime"]
    assert times[0]["LastModifiedTime"] < times[1]["LastModifiedTime"]
    assert control.get_function(Name=name, Stage="LIVE")["FunctionCode"].read() == b"second"


@pytest.mark.parametrize("operation", ["update_function", "publish_function", "delete_function"])
def test_a_change_needs_the_etag_of_development(control, operation):
    name = name_of(new_function(control))
    content = {"FunctionConfig": config(), "FunctionCode": b"second"} if operation == "update_function" else {}
    call = getattr(control, operation)
    assert refusal(call, Name=name, IfMatch=SECOND_ETAG, **content) == STALE
    assert refusal(call, Name=name, IfMatch="nonsense", **content) == STALE
    assert refusal(call, Name=name, IfMatch="", **content) == INVALID
    assert refusal(call, Name=unique_name("function"), IfMatch=FIRST_ETAG, **content) == ABSENT
    assert control.describe_function(Name=name)["ETag"] == FIRST_ETAG


def test_a_function_is_deleted_with_both_stages(control):
    name = published(control)
    assert status_of(control.delete_function(Name=name, IfMatch=FIRST_ETAG)) == 204
    for stage in ("DEVELOPMENT", "LIVE"):
        assert refusal(control.describe_function, Name=name, Stage=stage) == ABSENT
    assert refusal(control.delete_function, Name=name, IfMatch=FIRST_ETAG) == ABSENT


def test_functions_are_listed_by_name_and_stage(lone):
    assert lone.list_functions()["FunctionList"] == {"MaxItems": 100, "Quantity": 0}
    for name in ("c", "a", "b", "d"):
        new_function(lone, name=name)
    for name in ("b", "d"):
        lone.publish_function(Name=name, IfMatch=FIRST_ETAG)

    def listed(**arguments):
        items = all_items(lone.list_functions, "FunctionList", **arguments)
        return [(item["Name"], item["FunctionMetadata"]["Stage"], item["Status"]) for item in items]

    development = [
        ("a", "DEVELOPMENT", "UNPUBLISHED"), ("b", "DEVELOPMENT", "UNASSOCIATED"),
        ("c", "DEVELOPMENT", "UNPUBLISHED"), ("d", "DEVELOPMENT", "UNASSOCIATED"),
    ]
    live = [("b", "LIVE", "UNASSOCIATED"), ("d", "LIVE", "UNASSOCIATED")]
    for pages in ({}, {"MaxItems": "1"}, {"MaxItems": "2"}, {"MaxItems": "3"}, {"MaxItems": "4"}):
        # Without a stage every function is there once for each stage that it has.
        assert listed(**pages) == sorted(development + live)
        assert listed(Stage="DEVELOPMENT", **pages) == development
        assert listed(Stage="LIVE", **pages) == live
    first = lone.list_functions(MaxItems="2", Stage="DEVELOPMENT")["FunctionList"]
    assert (first["MaxItems"], first["Quantity"]) == (2, 2)
    # A page goes on also after a function that was deleted meanwhile.
    lone.delete_function(Name="b", IfMatch=FIRST_ETAG)
    assert listed(Marker=first["NextMarker"], Stage="DEVELOPMENT") == development[2:]
    for arguments in ({"Marker": "a b"}, {"MaxItems": "0"}, {"MaxItems": "many"}):
        assert refusal(lone.list_functions, **arguments)[:2] == ("InvalidArgument", 400)


def test_an_account_has_at_most_a_hundred_functions(lone):
    for number in range(100):
        new_function(lone, name=f"f{number}")
    assert refusal(new_function, control=lone, name="another")[:2] == ("TooManyFunctions", 400)
    lone.delete_function(Name="f0", IfMatch=FIRST_ETAG)
    new_function(lone, name="another")


# Key value stores of functions.

def test_associations_come_back_as_they_were_sent(control, arn):
    given = config(arn, comment="with a store")
    created = control.create_function(Name=unique_name("function"), FunctionConfig=given, FunctionCode=CODE)
    assert created["FunctionSummary"]["FunctionConfig"] == given
    name = name_of(created)
    assert control.describe_function(Name=name)["FunctionSummary"]["FunctionConfig"] == given
    # Left out in an update, they are gone.
    updated = control.update_function(
        Name=name, IfMatch=FIRST_ETAG, FunctionConfig=config(), FunctionCode=CODE
    )
    assert updated["FunctionSummary"]["FunctionConfig"] == config()
    empty = {**config(), "KeyValueStoreAssociations": {"Quantity": 0}}
    updated = control.update_function(Name=name, IfMatch=SECOND_ETAG, FunctionConfig=empty, FunctionCode=CODE)
    associations = updated["FunctionSummary"]["FunctionConfig"]["KeyValueStoreAssociations"]
    assert associations == {"Quantity": 0, "Items": []}


def test_a_store_that_a_stage_names_cannot_be_deleted(control, store):
    in_use = ("CannotDeleteEntityWhileInUse", 409, "The entity cannot be deleted while it is in use.")
    name = published(control, stores=[store["arn"]])
    deletion = {"Name": store["name"], "IfMatch": store["etag"]}
    assert refusal(control.delete_key_value_store, **deletion) == in_use
    control.update_function(Name=name, IfMatch=FIRST_ETAG, FunctionConfig=config(), FunctionCode=CODE)
    # LIVE still reads it.
    assert refusal(control.delete_key_value_store, **deletion) == in_use
    control.publish_function(Name=name, IfMatch=SECOND_ETAG)
    control.delete_key_value_store(**deletion)


def test_a_store_is_free_when_its_function_is_gone(control, store):
    name = name_of(new_function(control, stores=[store["arn"]]))
    control.delete_function(Name=name, IfMatch=FIRST_ETAG)
    control.delete_key_value_store(Name=store["name"], IfMatch=store["etag"])


def test_stores_that_a_function_cannot_have_are_refused(control, arn):
    unknown = f"arn:aws:cloudfront::{ACCOUNT}:key-value-store/00000000-0000-0000-0000-000000000000"
    foreign = unknown.replace(ACCOUNT, "999999999999")
    miscounted = {**config(arn), "KeyValueStoreAssociations": {"Quantity": 2, "Items": [{"KeyValueStoreARN": arn}]}}
    for given, said in (
        (config(unknown), unknown),
        (config(foreign), foreign),
        (config(arn, arn), "at most one key value store"),
        (config(arn, runtime="cloudfront-js-1.0"), "cloudfront-js-2.0"),
        (miscounted, "Quantity"),
    ):
        name = unique_name("function")
        call = {"Name": name, "FunctionConfig": given, "FunctionCode": CODE}
        code, status, message = refusal(control.create_function, **call)
        assert (code, status) == ("InvalidArgument", 400) and said in message, message
        assert refusal(control.describe_function, Name=name) == ABSENT
        changed = name_of(new_function(control))
        call = {"Name": changed, "IfMatch": FIRST_ETAG, "FunctionConfig": given, "FunctionCode": CODE}
        assert refusal(control.update_function, **call)[:2] == ("InvalidArgument", 400)
        assert control.describe_function(Name=changed)["ETag"] == FIRST_ETAG


# Tags.

def test_functions_have_tags(control):
    tags = {"Items": [{"Key": "team", "Value": "edge"}]}
    created = new_function(control, Tags=tags)
    arn = created["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    assert control.list_tags_for_resource(Resource=arn)["Tags"] == tags
    control.tag_resource(Resource=arn, Tags={"Items": [{"Key": "stage", "Value": "dev"}]})
    control.untag_resource(Resource=arn, TagKeys={"Items": ["team"]})
    assert control.list_tags_for_resource(Resource=arn)["Tags"]["Items"] == [{"Key": "stage", "Value": "dev"}]
    assert control.describe_function(Name=name_of(created))["ETag"] == FIRST_ETAG
    control.delete_function(Name=name_of(created), IfMatch=FIRST_ETAG)
    with pytest.raises(control.exceptions.NoSuchResource):
        control.list_tags_for_resource(Resource=arn)


# Below the SDK.

def document(root, content):
    return f'<{root} xmlns="{NAMESPACE}">{content}</{root}>'


def created_by_hand(wire, content):
    return wire.send(wire.control("POST", "/2020-05-31/function", document("CreateFunctionRequest", content)))


FUNCTION_CONFIG = "<FunctionConfig><Runtime>cloudfront-js-2.0</Runtime><Comment></Comment></FunctionConfig>"
BLOB = f"<FunctionCode>{base64.b64encode(CODE).decode()}</FunctionCode>"


def test_answers_have_the_services_form(wire):
    name = unique_name("function")
    # In another order than an SDK's.
    answer = created_by_hand(wire, f"{BLOB}{FUNCTION_CONFIG}<Name>{name}</Name>")
    assert (answer.status, answer.headers["ETag"]) == (201, FIRST_ETAG)
    root = ElementTree.fromstring(answer.body)
    assert root.tag == f"{{{NAMESPACE}}}FunctionSummary"
    assert [child.tag.partition("}")[2] for child in root] == ["Name", "Status", "FunctionConfig", "FunctionMetadata"]
    assert "KeyValueStoreAssociations" not in answer.text
    update = document("UpdateFunctionRequest", FUNCTION_CONFIG + BLOB)
    answer = wire.send(wire.control("PUT", f"/2020-05-31/function/{name}", update, {"If-Match": FIRST_ETAG}))
    assert (answer.status, answer.headers["ETtag"], answer.headers["ETag"]) == (200, SECOND_ETAG, SECOND_ETAG)
    answer = wire.send(wire.control("POST", f"/2020-05-31/function/{name}/publish", "", {"If-Match": SECOND_ETAG}))
    assert (answer.status, answer.headers["ETtag"]) == (200, None)
    answer = wire.send(wire.control("GET", f"/2020-05-31/function/{name}"))
    assert (answer.status, answer.body, answer.headers["ETag"]) == (200, CODE, SECOND_ETAG)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    answer = wire.send(wire.control("GET", "/2020-05-31/function?Stage=LIVE&MaxItems=1"))
    assert ElementTree.fromstring(answer.body).tag == f"{{{NAMESPACE}}}FunctionList"


@pytest.mark.parametrize(
    "content",
    [
        FUNCTION_CONFIG + BLOB,
        f"<Name></Name>{FUNCTION_CONFIG}{BLOB}",
        f"<Name>a b</Name>{FUNCTION_CONFIG}{BLOB}",
        f"<Name>{'n' * 65}</Name>{FUNCTION_CONFIG}{BLOB}",
        f"<Name>refused</Name>{BLOB}",
        f"<Name>refused</Name>{FUNCTION_CONFIG}",
        f"<Name>refused</Name>{FUNCTION_CONFIG}<FunctionCode></FunctionCode>",
        f"<Name>refused</Name>{FUNCTION_CONFIG.replace('js-2.0', 'js-3.0')}{BLOB}",
    ],
)
def test_what_the_model_does_not_allow_is_malformed(wire, content):
    answer = created_by_hand(wire, content)
    assert (answer.status, answer.control_error()[0]) == (400, "MalformedXML")


def test_code_that_is_not_base64_cannot_be_read(wire):
    # L:cf-bad-base64-alone in MiniStack's tests.
    content = f"<Name>refused</Name>{FUNCTION_CONFIG}<FunctionCode>function handler() {{}}</FunctionCode>"
    answer = created_by_hand(wire, content)
    assert (answer.status, answer.control_error()) == (400, ("MalformedInput", "Invalid Base64 encoding"))


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (["dup", "dup"], "Duplicate tag key: 'dup'."),
        (["aws:x"], "Tag key cannot start with 'aws:'."),
        (["AWS:x"], 'Invalid System Tag: AWS:x must be prefixed with "aws:" in lowercase.'),
        (["AWS:x", "aws:y"], "Tag key cannot start with 'aws:'."),
        (["dup", "aws:x", "dup"], "Duplicate tag key: 'dup'."),
        ([f"k{number}" for number in range(51)], "Too many tags."),
    ],
)
def test_bad_tags_of_a_new_function(control, keys, message):
    # F:* and H:* of the function tags in MiniStack's tests, captured from AWS in 2026-10.
    name = unique_name()
    call = {
        "Name": name, "FunctionConfig": {"Comment": "", "Runtime": "cloudfront-js-2.0"},
        "FunctionCode": b"not a program {{{", "Tags": {"Items": [{"Key": key, "Value": ""} for key in keys]},
    }
    with pytest.raises(control.exceptions.ClientError) as failure:
        control.create_function(**call)
    assert error_of(failure) == ("InvalidTagging", 400, message)
    with pytest.raises(control.exceptions.NoSuchFunctionExists):
        control.describe_function(Name=name)
    control.create_function(**{**call, "Tags": {"Items": []}})
    with pytest.raises(control.exceptions.FunctionAlreadyExists):
        control.create_function(**call)


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("PUT", "", document("UpdateFunctionRequest", FUNCTION_CONFIG + BLOB)),
        ("POST", "/publish", ""),
        ("POST", "/test", document("TestFunctionRequest", "<EventObject>e30=</EventObject>")),
        ("DELETE", "", ""),
    ],
)
def test_a_missing_etag_is_noticed_after_a_missing_function(control, wire, method, rest, body):
    for name, expected in [("nothing", ABSENT), (name_of(new_function(control)), INVALID)]:
        answer = wire.send(wire.control(method, f"/2020-05-31/function/{name}{rest}", body))
        code, message = answer.control_error()
        assert (code, answer.status, message) == expected, name


# What is kept.

def state(control, name):
    """All that a client can see of a function."""
    seen = []
    for stage in ("DEVELOPMENT", "LIVE"):
        described = control.describe_function(Name=name, Stage=stage)
        code = control.get_function(Name=name, Stage=stage)["FunctionCode"].read()
        seen.append((described["FunctionSummary"], described["ETag"], code))
    arn = seen[0][0]["FunctionMetadata"]["FunctionARN"]
    return seen, control.list_tags_for_resource(Resource=arn)["Tags"]


def function_of_everything(control):
    """A function with a store, tags, and another code in each stage."""
    store = control.create_key_value_store(Name="routes")["KeyValueStore"]["ARN"]
    name = published(control, stores=[store], Tags={"Items": [{"Key": "team", "Value": "edge"}]})
    control.update_function(Name=name, IfMatch=FIRST_ETAG, FunctionConfig=config(), FunctionCode=b"second")
    return name


def test_functions_outlive_a_restart_and_are_part_of_a_backup(tmp_path):
    data = tmp_path / "data"
    with running(tmp_path, "--data", data) as server:
        control = client(server, "cloudfront")
        name = function_of_everything(control)
        before = state(control, name)
        backup = subprocess.run(
            [BINARY, "backup", tmp_path / "copy", "--data", data], capture_output=True, text=True, env=clean_environment()
        )
        assert backup.returncode == 0, backup.stderr
    for folder in (data, tmp_path / "copy"):
        check = subprocess.run([BINARY, "check", folder], capture_output=True, text=True, env=clean_environment())
        assert check.returncode == 0, check.stderr
        log = tmp_path / f"log-{folder.name}"
        log.mkdir()
        with running(log, "--data", folder) as server:
            control = client(server, "cloudfront")
            assert state(control, name) == before
            with pytest.raises(control.exceptions.CannotDeleteEntityWhileInUse):
                control.delete_key_value_store(Name="routes", IfMatch=FIRST_ETAG)


def test_functions_are_part_of_snapshots_and_go_with_a_reset(empty_server, lone):
    name = function_of_everything(lone)
    before = state(lone, name)
    admin.snapshot(empty_server, "save", "with-a-function")
    admin.command(empty_server, "reset")
    assert lone.list_functions()["FunctionList"]["Quantity"] == 0
    assert new_function(lone, name=name)["ETag"] == FIRST_ETAG
    admin.snapshot(empty_server, "restore", "with-a-function")
    assert state(lone, name) == before
    lone.publish_function(Name=name, IfMatch=SECOND_ETAG)
    lone.delete_key_value_store(Name="routes", IfMatch=FIRST_ETAG)


# The AWS CLI.

def test_the_aws_cli_makes_updates_publishes_and_deletes(server, tmp_path, arn):
    code, name = tmp_path / "function.js", unique_name("function")
    code.write_bytes(CODE)
    given = json.dumps(config(arn, comment="from the CLI"))
    arguments = ("--function-config", given, "--function-code", f"fileb://{code}")
    created = aws(server, "create-function", "--name", name, *arguments)
    assert (created["ETag"], created["FunctionSummary"]["Status"]) == (FIRST_ETAG, "UNPUBLISHED")
    code.write_bytes(CODE + b"// second\n")
    shorthand = ("--function-config", "Comment=second,Runtime=cloudfront-js-2.0", "--function-code", f"fileb://{code}")
    updated = aws(server, "update-function", "--name", name, *shorthand, "--if-match", FIRST_ETAG)
    assert updated["ETag"] == SECOND_ETAG
    stale = aws(server, "publish-function", "--name", name, "--if-match", FIRST_ETAG, fails=True)
    assert "PreconditionFailed" in stale
    live = aws(server, "publish-function", "--name", name, "--if-match", SECOND_ETAG)
    assert live["FunctionSummary"]["FunctionMetadata"]["Stage"] == "LIVE"
    described = aws(server, "describe-function", "--name", name, "--stage", "LIVE")
    assert (described["ETag"], described["FunctionSummary"]["Status"]) == (FIRST_ETAG, "UNASSOCIATED")
    fetched = tmp_path / "fetched.js"
    got = aws(server, "get-function", "--name", name, "--stage", "LIVE", str(fetched))
    assert (got["ETag"], got["ContentType"]) == (FIRST_ETAG, "application/octet-stream")
    assert fetched.read_bytes() == code.read_bytes()
    listed = aws(server, "list-functions", "--stage", "LIVE")["FunctionList"]
    assert name in [item["Name"] for item in listed["Items"]]
    aws(server, "delete-function", "--name", name, "--if-match", SECOND_ETAG)
    assert "NoSuchFunctionExists" in aws(server, "describe-function", "--name", name, fails=True)
