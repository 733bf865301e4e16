"""Keyfront's own operations: a whole store in one answer, any number of its pairs in one write.

No SDK knows them, so requests are signed by hand with botocore's and awscrt's signers. They are compared with
what boto3 sees of the same store.
"""

import json
import subprocess
import threading

import pytest

from clients import all_pairs, etag_of, new_arn, new_store, client
from conftest import running
from server import BINARY, PATIENCE, Server, clean_environment
from wire import Wire, encode, read_answer, sign_v4, store_path

MIB = 1024 * 1024
STALE = ("ValidationException", "Pre-Condition failed during update of Key-Value-Store")
FULL = ("ServiceQuotaExceededException", "Limit exceeded: Maximum size of an individual key value store")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server that keeps its data, so that the writes are those of the real storage engine."""
    folder = tmp_path_factory.mktemp("server")
    with running(folder, "--data", folder / "data") as server:
        yield server


def pairs_path(arn):
    return f"/keyfront{store_path(arn)}/pairs"


def read(wire, arn, **signing):
    return wire.send(wire.data("GET", pairs_path(arn), **signing))


def write(wire, arn, etag, puts=None, deletes=(), **signing):
    """Puts a mapping and deletes keys in one WritePairs."""
    body = {
        "Puts": [{"Key": key, "Value": value} for key, value in (puts or {}).items()],
        "Deletes": [{"Key": key} for key in deletes],
    }
    headers = {"If-Match": etag, "Content-Type": "application/json"}
    return wire.send(wire.data("POST", pairs_path(arn), json.dumps(body), headers, **signing))


def pairs_of(answer):
    """The pairs of a ReadPairs, whose order and totals are checked on the way."""
    assert answer.status == 200, answer.text[:500]
    items = answer.json["Items"]
    keys = [item["Key"].encode() for item in items]
    assert keys == sorted(set(keys))
    size = sum(len(item[member].encode()) for item in items for member in ("Key", "Value"))
    assert (answer.json["ItemCount"], answer.json["TotalSizeInBytes"]) == (len(items), size)
    return {item["Key"]: item["Value"] for item in items}


def test_boto3_sees_what_was_written_and_what_it_wrote_is_read(wire, data, arn):
    pairs = {f"k/{number}": f"välue {number} 😀" for number in range(500)}
    written = write(wire, arn, etag_of(data, arn), pairs)
    assert written.status == 200, written.text
    assert written.json == {"ItemCount": 500, "TotalSizeInBytes": sum(len((k + v).encode()) for k, v in pairs.items())}
    assert written.headers["ETag"] == etag_of(data, arn)
    assert all_pairs(data, arn, MaxResults=50) == pairs

    # Its ETag is the data plane's, in both directions.
    etag = data.put_key(KvsARN=arn, Key="one more", Value="", IfMatch=written.headers["ETag"])["ETag"]
    answer = read(wire, arn)
    assert answer.headers["ETag"] == etag and answer.headers["x-amzn-RequestId"]
    assert answer.headers["Content-Type"] == "application/json"
    assert pairs_of(answer) == {**pairs, "one more": ""}
    assert write(wire, arn, etag, {}, [*pairs, "never was"]).json == {"ItemCount": 1, "TotalSizeInBytes": 8}
    assert all_pairs(data, arn) == {"one more": ""}


def test_an_empty_store_has_an_empty_list(wire, data, arn):
    answer = read(wire, arn)
    assert answer.json == {"ItemCount": 0, "TotalSizeInBytes": 0, "Items": []}
    assert answer.headers["ETag"] == etag_of(data, arn)


def test_a_full_store_of_90000_pairs_is_one_write_and_one_read(wire, data, arn):
    pairs = {f"some/path/{number:06}": f"value-{number:06}-{'x' * 20}" for number in range(90_000)}
    written = write(wire, arn, etag_of(data, arn), pairs)
    assert written.status == 200, written.text
    assert pairs_of(read(wire, arn)) == pairs
    assert data.get_key(KvsARN=arn, Key="some/path/089999")["ItemCount"] == 90_000

    # All of them again changes nothing; half of them gone is one write more.
    etag = written.headers["ETag"]
    assert write(wire, arn, etag, pairs).headers["ETag"] == etag
    gone = {key for key in pairs if key.endswith(("0", "2", "4", "6", "8"))}
    assert write(wire, arn, etag, {"some/path/000001": "new"}, gone).json["ItemCount"] == 45_000
    kept = {key: value for key, value in pairs.items() if key not in gone}
    assert pairs_of(read(wire, arn)) == {**kept, "some/path/000001": "new"}


def test_5_mb_fit_in_one_write_and_not_a_byte_more(wire, data, arn):
    etag = etag_of(data, arn)
    # 1 KiB each: 5 bytes of key and 1019 of value.
    full = {f"{number:05}": "v" * 1019 for number in range(5 * 1024)}
    refused = write(wire, arn, etag, {**full, "x": ""})
    assert (refused.status, refused.data_error()) == (402, FULL)
    assert pairs_of(read(wire, arn)) == {}
    written = write(wire, arn, etag, full)
    assert written.json == {"ItemCount": 5120, "TotalSizeInBytes": 5 * MIB}
    assert pairs_of(read(wire, arn)) == full


def test_a_stale_etag_and_quotas_are_refused_as_update_keys_refuses_them(wire, data, arn):
    etag = etag_of(data, arn)
    for stale in ("STALEETAG12345", "ETVPDKIKX0DER"):
        refused = write(wire, arn, stale, {"a": "1"})
        assert (refused.status, refused.data_error()) == (400, STALE)
    for pairs, text in (({"k" * 513: ""}, "size of a key in a"), ({"k": "v" * 1025}, "size of the value in a")):
        refused = write(wire, arn, etag, {"good": "1", **pairs})
        assert (refused.status, refused.data_error()) == (
            402, ("ServiceQuotaExceededException", f"Limit exceeded: Maximum {text} key value pair"),
        )
    missing = wire.send(wire.data("POST", pairs_path(arn), "{}"))
    assert missing.data_error()[0] == "ValidationException" and "ifMatch" in missing.text
    assert etag_of(data, arn) == etag


def test_a_store_that_is_gone_is_a_conflict_and_one_that_never_was_is_not_found(wire, control, data):
    answer = new_store(control)
    arn = answer["KeyValueStore"]["ARN"]
    control.delete_key_value_store(Name=answer["KeyValueStore"]["Name"], IfMatch=answer["ETag"])
    gone = ("ConflictException", "Key-Value-Store was not in expected state")
    never = arn[:-12] + "0" * 12
    for call in (lambda arn: read(wire, arn), lambda arn: write(wire, arn, "KVTVPDKIKX0DER", {"a": "1"})):
        assert call(arn).data_error() == gone
        assert call(never).data_error() == ("ResourceNotFoundException", "Resource was not found.")


def test_every_request_is_signed_as_on_the_data_plane(wire, arn):
    request = wire.data("GET", pairs_path(arn))
    assert wire.send(request).status == 200
    bare = {name: value for name, value in request.headers.items() if name != "Authorization"}
    for headers in ({}, bare):
        request.headers = headers
        assert wire.send(request).status == 403
    plain = wire.data("GET", pairs_path(arn))
    plain.headers = {}
    assert wire.send(sign_v4(plain, service="cloudfront-keyvaluestore")).status == 200
    # The body is part of what is signed.
    spoilt = wire.data("POST", pairs_path(arn), '{"Puts":[]}', {"If-Match": "KVTVPDKIKX0DER"})
    spoilt.body = b'{"Puts":[{"Key":"a","Value":"1"}]}'
    assert wire.send(spoilt).status == 403
    assert pairs_of(read(wire, arn)) == {}


def test_what_is_not_one_of_the_two_is_no_operation(wire, arn):
    for method, path in (
        ("DELETE", pairs_path(arn)), ("GET", f"/keyfront{store_path(arn)}"), ("GET", "/keyfront/"),
        ("GET", f"{store_path(arn)}/pairs"),
    ):
        answer = wire.send(wire.data(method, path))
        assert (answer.status, answer.data_error()[0]) == (404, "UnknownOperationException")


def test_a_body_above_the_limit_is_refused_unread(wire, data, arn):
    etag = etag_of(data, arn)
    request = wire.data("POST", pairs_path(arn), b"x" * 16, {"If-Match": etag})
    head, _, _ = encode(request).partition(b"\r\n\r\n")
    for size, status in ((32 * MIB + 1, 413), (33 * MIB, 413)):
        with wire.connect() as connection:
            connection.sendall(head.replace(b"Content-Length: 16", b"Content-Length: %d" % size) + b"\r\n\r\n")
            answer = read_answer(connection)
            assert (answer.status, answer.data_error()[0]) == (status, "RequestTooLargeException")
    # As large as it may be, and larger than anything else may be: what is over then is the store.
    body = json.dumps({"Puts": [{"Key": f"{number:05}", "Value": "v" * 1000} for number in range(30_000)]})
    assert 28 * MIB < len(body) < 32 * MIB
    refused = wire.send(wire.data("POST", pairs_path(arn), body, {"If-Match": etag}))
    assert (refused.status, refused.data_error()) == (402, FULL)
    elsewhere = wire.data("POST", f"{store_path(arn)}/keys", b"x" * 16, {"If-Match": etag})
    head, _, _ = encode(elsewhere).partition(b"\r\n\r\n")
    with wire.connect() as connection:
        connection.sendall(head.replace(b"Content-Length: 16", b"Content-Length: %d" % (9 * MIB)) + b"\r\n\r\n")
        assert read_answer(connection).status == 413
    assert etag_of(data, arn) == etag


def test_a_reader_never_sees_a_mixture_of_two_writes(wire, data, arn):
    writes = 30
    done = threading.Event()
    failures = []

    def keep_writing():
        try:
            etag = etag_of(data, arn)
            for number in range(1, writes + 1):
                # Every write changes all pairs; every other one has half of them only.
                count = 1000 if number % 2 else 2000
                pairs = {f"k{index:04}": str(number) for index in range(count)}
                gone = [f"k{index:04}" for index in range(count, 2000)]
                answer = write(wire, arn, etag, pairs, gone)
                assert answer.status == 200, answer.text
                etag = answer.headers["ETag"]
        except BaseException as failure:
            failures.append(failure)
        finally:
            done.set()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    seen = set()
    while not done.is_set():
        pairs = pairs_of(read(wire, arn))
        values = set(pairs.values())
        assert len(values) <= 1, f"pairs of the writes {sorted(values)} in one answer"
        if values:
            number = int(values.pop())
            assert len(pairs) == (1000 if number % 2 else 2000)
            seen.add(number)
    writer.join()
    assert not failures, failures
    assert len(seen) > 2, "the reader saw hardly any write"
    assert set(pairs_of(read(wire, arn)).values()) == {str(writes)}


def test_metrics_and_logs_name_the_operations_and_show_no_pair(tmp_path):
    config = tmp_path / "keyfront.toml"
    config.write_text('[log]\nfilter = "debug"\n')
    with running(tmp_path, "--config", config) as server:
        wire = Wire(server)
        arn = new_arn(client(server, "cloudfront"))
        assert write(wire, arn, "KVTVPDKIKX0DER", {"secret-key": "secret-value"}).status == 200
        assert "secret-value" in read(wire, arn).text
        assert "ReadPairs" in server.log and "WritePairs" in server.log
        assert "secret-key" not in server.log and "secret-value" not in server.log


ACCOUNT = "111111111111"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A server for real, and a function that makes a credential for a policy's actions."""
    folder = tmp_path_factory.mktemp("served")
    config = folder / "keyfront.toml"
    config.write_text(
        f'[server]\nlisten = "127.0.0.1:0"\n[admin]\nlisten = "127.0.0.1:0"\n[store]\ndata = "{folder / "data"}"\n'
    )

    def create(user, resource, *actions):
        policy = folder / f"{user}.json"
        statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
        policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        answer = subprocess.run(
            [BINARY, "credentials", "create", "--config", config, "--account", ACCOUNT, "--user", user, "--policy", policy],
            capture_output=True, text=True, timeout=PATIENCE, env=clean_environment(),
        )
        assert answer.returncode == 0, answer.stderr
        identity, secret = (line.split()[-1] for line in answer.stdout.splitlines()[:2])
        return {"access_key": identity, "secret": secret}

    owner = create("owner", "*", "*")
    server = Server(folder / "keyfront.log", "serve", "--config", config)
    yield server, create, owner
    assert server.stop() == 0, server.log


def test_existing_policies_decide_and_refusals_name_their_actions(served):
    server, create, owner = served
    wire = Wire(server)
    control = client(server, "cloudfront", (owner["access_key"], owner["secret"]))
    arn, other = new_arn(control), new_arn(control)
    lister = create("lister", arn, "cloudfront-keyvaluestore:ListKeys")
    writer = create("writer", arn, "cloudfront-keyvaluestore:UpdateKeys")
    assert write(wire, arn, "KVTVPDKIKX0DER", {"a": "1"}, **writer).status == 200
    assert pairs_of(read(wire, arn, **lister)) == {"a": "1"}

    for answer, user, action, store in (
        (read(wire, arn, **writer), "writer", "ListKeys", arn),
        (write(wire, arn, "KV3UN6WX5RRO2AG", {"a": "2"}, **lister), "lister", "UpdateKeys", arn),
        (read(wire, other, **lister), "lister", "ListKeys", other),
        (write(wire, other, "KVTVPDKIKX0DER", {"a": "2"}, **writer), "writer", "UpdateKeys", other),
    ):
        assert answer.status == 403
        assert answer.data_error() == (
            "AccessDeniedException",
            f"User: arn:aws:iam::{ACCOUNT}:user/{user} is not authorized to perform: "
            f"cloudfront-keyvaluestore:{action} on resource: {store} because no identity-based policy allows the "
            f"cloudfront-keyvaluestore:{action} action",
        )
    assert pairs_of(read(wire, arn, **owner)) == {"a": "1"}
