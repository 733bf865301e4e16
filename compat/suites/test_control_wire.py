"""The control plane below the SDKs: bodies and paths that no SDK sends, and the exact form of answers."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from clients import unique_name
from wire import NAMESPACE, STORES


def create(wire, body, **headers):
    return wire.send(wire.control("POST", STORES, body, headers))


def request_body(content):
    return f'<CreateKeyValueStoreRequest xmlns="{NAMESPACE}">{content}</CreateKeyValueStoreRequest>'


def test_an_answer_has_the_services_form(wire):
    name = unique_name()
    answer = create(wire, request_body(f"<Name>{name}</Name><Comment>a &lt; b</Comment>"))
    assert answer.status == 201
    assert answer.headers["ETag"] == "ETVPDKIKX0DER", "not quoted"
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert answer.text.startswith('<?xml version="1.0"?>\n')
    root = ElementTree.fromstring(answer.body)
    assert root.tag == f"{{{NAMESPACE}}}KeyValueStore"
    fields = {child.tag.partition("}")[2]: child.text for child in root}
    assert set(fields) == {"Name", "Id", "Comment", "ARN", "Status", "LastModifiedTime"}
    assert fields["Comment"] == "a < b"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", fields["LastModifiedTime"])


def test_a_comment_that_was_never_given_has_no_element(wire):
    name = unique_name()
    assert "<Comment" not in create(wire, request_body(f"<Name>{name}</Name>")).text
    assert "<Comment" not in wire.send(wire.control("GET", f"{STORES}/{name}")).text


def test_a_delete_answers_204_without_a_body(wire, store):
    answer = wire.send(wire.control("DELETE", f"{STORES}/{store['name']}", headers={"If-Match": store["etag"]}))
    assert (answer.status, answer.body) == (204, b"")


@pytest.mark.parametrize("content_type", [None, "text/xml", "application/xml", "application/octet-stream"])
def test_the_content_type_of_a_body_does_not_matter(wire, content_type):
    headers = {"Content-Type": content_type} if content_type else {}
    assert create(wire, request_body(f"<Name>{unique_name()}</Name>"), **headers).status == 201


@pytest.mark.parametrize(
    "form",
    [
        "<?xml version='1.0' encoding='UTF-8'?>\n<{root} xmlns='{namespace}'><Name>{name}</Name></{root}>",
        "<{root}><Name>{name}</Name></{root}>",
        "<c:{root} xmlns:c='{namespace}'><c:Name>{name}</c:Name></c:{root}>",
        "<{root} xmlns='{namespace}'>\n  <Name>{name}</Name>\n  <!-- a remark -->\n</{root}>",
        "<{root} xmlns='{namespace}'><Unknown><a/></Unknown><Name>{name}</Name></{root}>",
        "<{root} xmlns='{namespace}'><Name><![CDATA[{name}]]></Name></{root}>",
        "<{root} xmlns='{namespace}'><Name>{name}</Name><Comment/></{root}>",
    ],
    ids=["declaration", "no namespace", "prefix", "pretty", "unknown element", "cdata", "empty comment"],
)
def test_xml_of_any_honest_form_is_understood(wire, form):
    name = unique_name()
    answer = create(wire, form.format(root="CreateKeyValueStoreRequest", namespace=NAMESPACE, name=name))
    assert answer.status == 201, answer.text
    assert f"<Name>{name}</Name>" in answer.text


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no xml at all",
        "{}",
        "<CreateKeyValueStoreRequest><Name>a</Name>",
        "<CreateKeyValueStoreRequest><Name>a</CreateKeyValueStoreRequest></Name>",
        "<CreateKeyValueStoreRequest><Name>a</Name></CreateKeyValueStoreRequest><x/>",
        "<CreateKeyValueStoreRequest><Name>&undefined;</Name></CreateKeyValueStoreRequest>",
        "<!DOCTYPE x [<!ENTITY e 'expanded'>]><CreateKeyValueStoreRequest><Name>&e;</Name></CreateKeyValueStoreRequest>",
        "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><CreateKeyValueStoreRequest><Name>a</Name></CreateKeyValueStoreRequest>",
        "<CreateKeyValueStoreRequest><Name>a</Name><Comment>\x01</Comment></CreateKeyValueStoreRequest>",
        "<a>" * 1000 + "</a>" * 1000,
        b"<CreateKeyValueStoreRequest><Name>\xff\xfe</Name></CreateKeyValueStoreRequest>",
    ],
    ids=range(12),
)
def test_what_is_not_the_xml_of_the_operation_is_malformed(wire, body):
    answer = create(wire, body)
    assert answer.status == 400, answer.text
    # Without a body a member is missing; everything else cannot be read.
    assert answer.control_error()[0] == ("MalformedInput" if body else "MalformedXML")
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("no xml at all", "Could not parse XML"),
        ("<Other/>", "Other is not valid, expected CreateKeyValueStoreRequest"),
        (request_body("<Tags><Items><Tag>text</Tag></Items></Tags>"), "Unexpected complex element termination"),
        (request_body("<Tags><Items><Tag><Key><b/></Key></Tag></Items></Tags>"), "Start of list found where not expected"),
    ],
)
def test_what_cannot_be_read_is_refused_in_the_words_of_the_service(wire, body, message):
    # Captures of CreateFunction and CreateVpcOrigin of 2026-10 in MiniStack's tests.
    answer = create(wire, body)
    assert (answer.status, answer.control_error()) == (400, ("MalformedInput", message))


def test_a_number_that_cannot_be_read_is_refused_without_words(wire):
    # R1 U20/http-eighty in MiniStack's tests.
    config = "<VpcOriginEndpointConfig><HTTPPort>eighty</HTTPPort></VpcOriginEndpointConfig>"
    body = f'<CreateVpcOriginRequest xmlns="{NAMESPACE}">{config}</CreateVpcOriginRequest>'
    answer = wire.send(wire.control("POST", "/2020-05-31/vpc-origin", body))
    assert answer.status == 400
    assert "<Code>MalformedInput</Code></Error>" in answer.text


@pytest.mark.parametrize(
    ("content", "count", "constraint"),
    [
        ("", 1, "Value null at 'name' failed to satisfy constraint: Member must not be null"),
        ("<Name/>", 1, "'name' failed to satisfy constraint: "),
        ("<Name>a b</Name>", 1, "Member must satisfy regular expression pattern: [a-zA-Z0-9-_]{1,64}"),
        (
            "<Name>ok</Name><ImportSource><SourceType>S4</SourceType><SourceARN>arn:aws:s3:::b/k</SourceARN></ImportSource>",
            1,
            "Member must satisfy value set: [S3]",
        ),
        ("<Name>ok</Name><ImportSource><SourceType>S3</SourceType></ImportSource>", 1, "Member must not be null"),
        ("<Name>a b</Name><Comment>" + "x" * 129 + "</Comment>", 2, "Member must have length less than or equal to 128"),
    ],
)
def test_violated_constraints_are_counted_and_named(wire, content, count, constraint):
    answer = create(wire, request_body(content))
    assert answer.status == 400
    code, message = answer.control_error()
    assert code == "MalformedXML"
    counted = re.match(r"(\d+) validation errors? detected: ", message)
    assert counted, message
    if "<Name/>" not in content:  # an empty name breaks its length and its pattern at once
        assert int(counted[1]) == count
    assert constraint in message


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_missing_if_match_is_an_invalid_version(wire, store, method):
    body = f'<UpdateKeyValueStoreRequest xmlns="{NAMESPACE}"><Comment>x</Comment></UpdateKeyValueStoreRequest>'
    request = wire.control(method, f"{STORES}/{store['name']}", body if method == "PUT" else b"")
    answer = wire.send(request)
    assert answer.status == 400
    expected = ("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.")
    assert answer.control_error() == expected
    assert wire.send(wire.control("GET", f"{STORES}/{store['name']}")).headers["ETag"] == store["etag"]


def test_an_update_without_a_comment_is_refused(wire, store):
    body = f'<UpdateKeyValueStoreRequest xmlns="{NAMESPACE}"></UpdateKeyValueStoreRequest>'
    answer = wire.send(wire.control("PUT", f"{STORES}/{store['name']}", body, {"If-Match": store["etag"]}))
    assert answer.status == 400
    code, message = answer.control_error()
    assert code == "MalformedXML" and "'comment'" in message


def test_every_operation_of_the_model_is_there(wire, control):
    """Asked for something that does not exist, in a body that says nothing: refused, but by the operation itself."""
    model = control.meta.service_model
    for name in model.operation_names:
        operation = model.operation_model(name)
        path = re.sub(r"{\w+\+?}", "absent", operation.http["requestUri"])
        shape = operation.input_shape
        payload = shape and shape.serialization.get("payload")
        root = shape.members[payload].serialization.get("locationName", payload) if payload else f"{name}Request"
        body = f'<{root} xmlns="{NAMESPACE}"></{root}>' if operation.http["method"] in ("POST", "PUT") else ""
        answer = wire.send(wire.control(operation.http["method"], path, body))
        assert answer.status != 501, f"{name}: {answer.text}"
        assert answer.status < 400 or answer.control_error()[0] != "InvalidURI", f"{name}: {answer.text}"
        assert answer.status < 500, f"{name}: {answer.text}"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/2020-05-31/no-such-thing"),
        ("PATCH", STORES),
        ("GET", "/2020-05-31"),
        ("GET", "/2019-03-26/key-value-store"),
        ("GET", f"{STORES}/a/b"),
        ("GET", f"{STORES}/"),
        ("GET", "/2020-05-31/%zz"),
    ],
)
def test_a_path_that_is_no_operation_is_an_invalid_uri(wire, method, path):
    answer = wire.send(wire.control(method, path))
    assert 400 <= answer.status < 500, answer.text
    assert answer.control_error()[0] == "InvalidURI"


def test_unsigned_requests_learn_nothing_about_what_exists(wire):
    statuses = set()
    for path in (STORES, f"{STORES}/absent", "/2020-05-31/distribution"):
        request = wire.control("GET", path)
        request.headers.clear()
        statuses.add(wire.send(request).status)
    assert statuses == {403}


def test_an_empty_value_in_the_query_is_as_good_as_none(wire):
    answer = wire.send(wire.control("GET", f"{STORES}?Marker=&MaxItems=&Status="))
    assert answer.status in (200, 400)
    assert wire.send(wire.control("GET", f"{STORES}?Marker=")).status == 200
