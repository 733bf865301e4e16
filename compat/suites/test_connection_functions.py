"""Connection functions through boto3."""

import json
import re

import pytest

from clients import client, error_of, status_of, unique_name, wait_until_provisioned
from entities import FIRST_ETAG, KSUID, NOT_FOUND, SECOND_ETAG, TAKEN, pages

REVOCATION = """import cf from 'cloudfront';

async function connectionHandler(connection) {
    const serial = connection.clientCertificate.certificates.leaf.serialNumber;
    if (await cf.kvs().exists(serial)) {
        console.log('denied');
        connection.logCustomData(`REVOKED:${serial}`);
        connection.deny();
    } else {
        connection.allow();
    }
}
"""


@pytest.fixture
def control(empty_server):
    return client(empty_server, "cloudfront")


def new_function(control, name=None, code=REVOCATION, **config):
    config = {"Comment": "", "Runtime": "cloudfront-js-2.0", **config}
    return control.create_connection_function(
        Name=name or unique_name("function"), ConnectionFunctionConfig=config, ConnectionFunctionCode=code.encode()
    )


def test_a_function_is_created_changed_published_and_deleted(control):
    created = new_function(control, "revocation")
    summary = created["ConnectionFunctionSummary"]
    function = summary["Id"]
    assert (status_of(created), created["ETag"]) == (201, FIRST_ETAG)
    assert re.fullmatch(f"cf_{KSUID}", function)
    assert created["Location"].endswith(f"/connection-function/{function}")
    assert summary["ConnectionFunctionArn"].endswith(f":connection-function/{function}")
    assert (summary["Status"], summary["Stage"]) == ("UNPUBLISHED", "DEVELOPMENT")
    for identifier in (function, summary["ConnectionFunctionArn"], "revocation"):
        assert control.describe_connection_function(Identifier=identifier)["ConnectionFunctionSummary"] == summary
        code = control.get_connection_function(Identifier=identifier)
        assert (code["ConnectionFunctionCode"].read(), code["ETag"]) == (REVOCATION.encode(), FIRST_ETAG)
    with pytest.raises(control.exceptions.EntityAlreadyExists) as failure:
        new_function(control, "revocation")
    assert error_of(failure) == TAKEN
    with pytest.raises(control.exceptions.EntityNotFound) as failure:
        control.describe_connection_function(Identifier=function, Stage="LIVE")
    assert error_of(failure) == NOT_FOUND

    published = control.publish_connection_function(Id=function, IfMatch=FIRST_ETAG)["ConnectionFunctionSummary"]
    assert (published["Status"], published["Stage"]) == ("UNASSOCIATED", "LIVE")
    updated = control.update_connection_function(
        Id=function, IfMatch=FIRST_ETAG, ConnectionFunctionConfig={"Comment": "2", "Runtime": "cloudfront-js-2.0"},
        ConnectionFunctionCode=b"changed",
    )
    assert (updated["ETag"], updated["ConnectionFunctionSummary"]["Status"]) == (SECOND_ETAG, "UNPUBLISHED")
    live = control.get_connection_function(Identifier=function, Stage="LIVE")
    assert live["ConnectionFunctionCode"].read() == REVOCATION.encode()
    listed = control.list_connection_functions()["ConnectionFunctions"]
    assert [item["Stage"] for item in listed] == ["DEVELOPMENT", "LIVE"]
    assert pages(control.list_connection_functions, "ConnectionFunctions") == listed
    with pytest.raises(control.exceptions.PreconditionFailed):
        control.delete_connection_function(Id=function, IfMatch=FIRST_ETAG)
    assert status_of(control.delete_connection_function(Id=function, IfMatch=SECOND_ETAG)) == 204


def test_a_function_is_tested_with_its_store(control, empty_server):
    store = control.create_key_value_store(Name="revoked")["KeyValueStore"]["ARN"]
    wait_until_provisioned(control, "revoked")
    pairs = client(empty_server, "cloudfront-keyvaluestore")
    etag = pairs.describe_key_value_store(KvsARN=store)["ETag"]
    pairs.put_key(KvsARN=store, Key="0a0b", Value="", IfMatch=etag)
    stores = {"Quantity": 1, "Items": [{"KeyValueStoreARN": store}]}
    function = new_function(control, KeyValueStoreAssociations=stores)["ConnectionFunctionSummary"]["Id"]

    def tested(connection):
        return control.test_connection_function(
            Id=function, IfMatch=FIRST_ETAG, ConnectionObject=json.dumps(connection).encode()
        )["ConnectionFunctionTestResult"]

    def with_serial(serial):
        return {"clientCertificate": {"certificates": {"leaf": {"serialNumber": serial}}}}

    denied = tested(with_serial("0a0b"))
    decision = {"decision": "deny", "customData": "REVOKED:0a0b"}
    assert json.loads(denied["ConnectionFunctionOutput"]) == decision
    assert denied["ConnectionFunctionExecutionLogs"] == ["denied"]
    assert denied["ConnectionFunctionErrorMessage"] == ""
    assert json.loads(tested(with_serial("0c"))["ConnectionFunctionOutput"]) == {"decision": "allow"}
    assert "TypeError" in tested({})["ConnectionFunctionErrorMessage"]
    with pytest.raises(control.exceptions.TestFunctionFailed) as failure:
        tested([])
    assert error_of(failure) == ("TestFunctionFailed", 500, "The provided event object is not valid.")


def test_a_function_is_small_and_of_the_second_runtime(control):
    with pytest.raises(control.exceptions.EntitySizeLimitExceeded):
        new_function(control, code=" " * 10_241)
    with pytest.raises(control.exceptions.InvalidArgument) as failure:
        new_function(control, Runtime="cloudfront-js-1.0")
    assert error_of(failure) == ("InvalidArgument", 400, "The parameter Runtime is invalid.")
