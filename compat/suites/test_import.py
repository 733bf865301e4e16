"""Import from S3: from moto's server, from a folder that stands for a bucket, and from servers that misbehave."""

import contextlib
import http.server
import json
import threading

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

import server as keyfront
from clients import all_pairs, client, error_of, etag_of, status_of, unique_name, wait_until_provisioned
from conftest import running
from wire import STORES, Wire, encode

BUCKET = "imports"
MIB = 1024 * 1024


def document(pairs):
    """An import file as the service defines it."""
    return json.dumps({"data": [{"key": key, "value": value} for key, value in pairs.items()]}).encode()


def configuration(path, *, endpoint=None, folder=None):
    """A configuration file that says where buckets are."""
    lines = []
    if endpoint:
        secret = path.with_suffix(".secret")
        secret.write_text("importer-secret\n")
        secret.chmod(0o600)
        lines += [
            "[import.s3]", f'endpoint = "{endpoint}"', 'access_key_id = "importer"',
            f'secret_access_key_file = "{secret}"', "timeout_seconds = 20",
        ]
    if folder:
        lines += ["[import.folders]", f'{BUCKET} = "{folder}"']
    path.write_text("\n".join(lines) + "\n")
    return path


def start_import(control, key, bucket=BUCKET):
    """Creates a store with an import source and returns its name and the answer."""
    name = unique_name("import")
    source = {"SourceType": "S3", "SourceARN": f"arn:aws:s3:::{bucket}/{key}"}
    return name, control.create_key_value_store(Name=name, ImportSource=source)


@pytest.fixture(scope="module")
def s3():
    """moto's S3 server with one bucket."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    s3 = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="importer",
        aws_secret_access_key="importer-secret", config=Config(s3={"addressing_style": "path"}),
    )
    s3.create_bucket(Bucket=BUCKET)
    yield s3, endpoint
    moto.stop()


@pytest.fixture(scope="module", params=["s3", "folder"])
def source(request, tmp_path_factory):
    """A server that imports from S3 or from a folder, and a way to put objects there."""
    folder = tmp_path_factory.mktemp("import")
    if request.param == "s3":
        s3, endpoint = request.getfixturevalue("s3")
        config = configuration(folder / "keyfront.toml", endpoint=endpoint)

        def put(key, body):
            s3.put_object(Bucket=BUCKET, Key=key, Body=body)
    else:
        bucket = folder / "bucket"
        bucket.mkdir()
        config = configuration(folder / "keyfront.toml", folder=bucket)

        def put(key, body):
            path = bucket / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)

    with running(folder, "--config", config) as server:
        yield server, put


@pytest.fixture(scope="module")
def planes(source):
    return client(source[0], "cloudfront"), client(source[0], "cloudfront-keyvaluestore")


def test_a_store_is_filled_from_its_object(source, planes):
    control, data = planes
    pairs = {"key1": "value", "a/b ü%": "😀", "empty": "", "k" * 512: "v" * 1024}
    source[1]("some/path/kvs input.json", document(pairs))
    name, created = start_import(control, "some/path/kvs input.json")
    assert status_of(created) == 201
    assert created["KeyValueStore"]["Status"] == "PROVISIONING"
    described = wait_until_provisioned(control, name)
    assert described["KeyValueStore"]["Status"] == "READY"
    assert described["ETag"] == created["ETag"], "provisioning is no new version of the store"
    arn = described["KeyValueStore"]["ARN"]
    assert all_pairs(data, arn) == pairs
    answer = data.describe_key_value_store(KvsARN=arn)
    assert answer["ItemCount"] == len(pairs)
    assert answer["TotalSizeInBytes"] == sum(len(k.encode()) + len(v.encode()) for k, v in pairs.items())
    assert "FailureReason" not in answer
    data.put_key(KvsARN=arn, Key="later", Value="1", IfMatch=answer["ETag"])


@pytest.mark.parametrize("key", ["folder/", "a//b.json", "/absolute.json", "ü +/"])
def test_a_key_keeps_its_slashes(s3, tmp_path, key):
    """S3 has objects of these names, beside others of the names without the slashes."""
    store, endpoint = s3
    pairs = {"key": key}
    store.put_object(Bucket=BUCKET, Key=key, Body=document(pairs))
    store.put_object(Bucket=BUCKET, Key=key.replace("//", "/").strip("/"), Body=document({"key": "another object"}))
    with running(tmp_path, "--config", configuration(tmp_path / "keyfront.toml", endpoint=endpoint)) as server:
        control, data = client(server, "cloudfront"), client(server, "cloudfront-keyvaluestore")
        name, _ = start_import(control, key)
        described = wait_until_provisioned(control, name)["KeyValueStore"]
        assert described["Status"] == "READY"
        assert all_pairs(data, described["ARN"]) == pairs


@pytest.mark.parametrize("body", [b'{"data":[]}', b'\n{ "data" : [ ] }\n'])
def test_an_empty_list_makes_an_empty_store(source, planes, body):
    control, data = planes
    source[1]("empty.json", body)
    name, _ = start_import(control, "empty.json")
    described = wait_until_provisioned(control, name)["KeyValueStore"]
    assert described["Status"] == "READY"
    assert all_pairs(data, described["ARN"]) == {}


def test_five_megabytes_of_small_pairs_are_ready_soon(source, planes):
    """Aim: within a second; more than five of processor time are a failure."""
    control, data = planes
    pairs = {f"key-{number:06}": "v" * 10 for number in range(100_000)}
    source[1]("large.json", document(pairs))
    before = source[0].cpu_seconds
    name, _ = start_import(control, "large.json")
    described = wait_until_provisioned(control, name)["KeyValueStore"]
    took = source[0].cpu_seconds - before
    assert described["Status"] == "READY"
    answer = data.describe_key_value_store(KvsARN=described["ARN"])
    assert (answer["ItemCount"], answer["TotalSizeInBytes"]) == (100_000, 2_000_000)
    assert took < 5


FAILURES = {
    "not utf-8": (b'{"data":[{"key":"\xff","value":"v"}]}', ["UTF-8"]),
    "not json": (b'{"data":[\n  {"key": "a", "value" "b"}]}', ["line 2", "column"]),
    "cut json": (b'{"data":[{"key":"a","value":"b"}', ["JSON"]),
    "a list": (b'[{"key":"a","value":"b"}]', ["data"]),
    "no data": (b'{"Data":[]}', ["data"]),
    "a number": (b'{"data":[{"key":"a","value":1}]}', ["value"]),
    "no value": (b'{"data":[{"key":"a"}]}', ["value"]),
    "duplicate": (b'{"data":[{"key":"twin","value":"1"},{"key":"twin","value":"2"}]}', ["twin"]),
    "empty key": (b'{"data":[{"key":"","value":"1"}]}', ["key"]),
    "large key": (document({"long" + "k" * 600: "v"}), ["key", "long"]),
    "large value": (document({"wide": "v" * 1025}), ["value", "wide"]),
    "large object": (document({f"k{number}": "v" * 1000 for number in range(6000)}), ["size"]),
    "empty object": (b"", ["JSON"]),
}


@pytest.mark.parametrize("cause", FAILURES)
def test_a_bad_object_fails_the_import_with_its_cause(source, planes, cause):
    control, data = planes
    body, words = FAILURES[cause]
    source[1](f"{cause}.json", body)
    name, _ = start_import(control, f"{cause}.json")
    expect_failure(control, data, name, words)


def expect_failure(control, data, name, words):
    described = wait_until_provisioned(control, name)
    assert described["KeyValueStore"]["Status"] == "IMPORT_FAILURE"
    arn = described["KeyValueStore"]["ARN"]
    answer = data.describe_key_value_store(KvsARN=arn)
    assert answer["Status"] == "IMPORT_FAILURE"
    assert (answer["ItemCount"], answer["TotalSizeInBytes"]) == (0, 0)
    reason = answer["FailureReason"]
    for word in words:
        assert word.lower() in reason.lower(), reason
    control.delete_key_value_store(Name=name, IfMatch=described["ETag"])


@pytest.mark.parametrize(("bucket", "key"), [(BUCKET, "nothing-here.json"), ("no-such-bucket", "k.json")])
def test_what_is_not_there_fails_the_import(planes, bucket, key):
    control, data = planes
    name, _ = start_import(control, key, bucket)
    expect_failure(control, data, name, [bucket if bucket != BUCKET else key])


@pytest.mark.parametrize("arn", ["nonsense", "arn:aws:s3:::", "arn:aws:s3:::bucket", "arn:aws:sqs:::bucket/key"])
def test_a_source_that_is_no_object_is_refused_at_once(planes, arn):
    control, _ = planes
    name = unique_name()
    with pytest.raises(control.exceptions.InvalidArgument) as failure:
        control.create_key_value_store(Name=name, ImportSource={"SourceType": "S3", "SourceARN": arn})
    assert error_of(failure)[1] == 400
    with pytest.raises(control.exceptions.EntityNotFound):
        control.describe_key_value_store(Name=name)


@pytest.mark.parametrize("key", ["../secret.json", "a/../../secret.json", "%2e%2e/secret.json", "/secret.json", "link.json"])
def test_a_folder_gives_nothing_from_outside(tmp_path, key):
    bucket = tmp_path / "bucket"
    bucket.mkdir()
    secret = tmp_path / "secret.json"
    secret.write_bytes(document({"secret": "1"}))
    (bucket / "link.json").symlink_to(secret)
    with running(tmp_path, "--config", configuration(tmp_path / "keyfront.toml", folder=bucket)) as server:
        control, data = client(server, "cloudfront"), client(server, "cloudfront-keyvaluestore")
        try:
            name, _ = start_import(control, key)
        except control.exceptions.InvalidArgument:
            return
        described = wait_until_provisioned(control, name)["KeyValueStore"]
        assert described["Status"] == "IMPORT_FAILURE"
        assert all_pairs_or_none(data, described["ARN"]) == {}


def all_pairs_or_none(data, arn):
    try:
        return all_pairs(data, arn)
    except data.exceptions.ConflictException:
        return {}


# An S3 that misbehaves


class Misbehaving(http.server.ThreadingHTTPServer):
    """Answers every request in one way until told otherwise."""

    daemon_threads = True

    def __init__(self, behaviour):
        self.behaviour, self.asked, self.released = behaviour, threading.Event(), threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server_port}"


BODY = document({f"k{number}": "v" * 100 for number in range(1000)})


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.set()
        getattr(self, self.server.behaviour)()

    def do_HEAD(self):
        self.head(200, len(BODY))

    def head(self, status, length):
        self.send_response(status)
        self.send_header("ETag", '"e"')
        self.send_header("Last-Modified", "Sun, 22 Nov 2026 12:00:00 GMT")
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def whole(self):
        self.head(200, len(BODY))
        self.wfile.write(BODY)

    def half(self):
        self.head(200, len(BODY))
        self.wfile.write(BODY[: len(BODY) // 2])
        self.wfile.flush()
        self.close_connection = True

    def denied(self):
        body = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        self.head(403, len(body))
        self.wfile.write(body)

    def broken(self):
        self.head(500, 0)

    def waiting(self):
        """Sends the first half and the rest when released."""
        self.head(200, len(BODY))
        self.wfile.write(BODY[:1000])
        self.wfile.flush()
        self.server.released.wait(60)
        with contextlib.suppress(OSError):
            self.wfile.write(BODY[1000:])

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def importing_from(tmp_path, behaviour):
    s3 = Misbehaving(behaviour)
    try:
        config = configuration(tmp_path / "keyfront.toml", endpoint=s3.endpoint)
        with running(tmp_path, "--config", config) as server:
            yield s3, client(server, "cloudfront"), client(server, "cloudfront-keyvaluestore")
    finally:
        s3.released.set()
        s3.shutdown()
        s3.server_close()


@pytest.mark.parametrize(
    ("behaviour", "words"), [("half", []), ("denied", ["denied"]), ("broken", [])], ids=["half", "denied", "broken"]
)
def test_a_server_that_fails_fails_the_import(tmp_path, behaviour, words):
    with importing_from(tmp_path, behaviour) as (_, control, data):
        name, _ = start_import(control, "k.json")
        expect_failure(control, data, name, words)


def test_a_server_that_is_down_fails_the_import(tmp_path):
    with importing_from(tmp_path, "whole") as (s3, control, data):
        s3.shutdown()
        s3.server_close()
        name, _ = start_import(control, "k.json")
        expect_failure(control, data, name, [])


def test_while_it_provisions_the_data_plane_shows_it_and_refuses_the_rest(tmp_path):
    with importing_from(tmp_path, "waiting") as (s3, control, data):
        name, created = start_import(control, "k.json")
        arn = created["KeyValueStore"]["ARN"]
        assert s3.asked.wait(20)
        assert control.describe_key_value_store(Name=name)["KeyValueStore"]["Status"] == "PROVISIONING"
        described = data.describe_key_value_store(KvsARN=arn)
        assert (described["Status"], described["ItemCount"]) == ("PROVISIONING", 0)
        for call in (
            lambda: data.list_keys(KvsARN=arn),
            lambda: data.get_key(KvsARN=arn, Key="k1"),
            lambda: data.put_key(KvsARN=arn, Key="k", Value="v", IfMatch=described["ETag"]),
            lambda: data.delete_key(KvsARN=arn, Key="k", IfMatch=described["ETag"]),
            lambda: data.update_keys(KvsARN=arn, IfMatch=described["ETag"], Deletes=[{"Key": "k"}]),
        ):
            with pytest.raises(data.exceptions.ConflictException) as failure:
                call()
            assert "Key-Value-Store was not in expected state" in error_of(failure)[2]
        # No other request waits for a slow source.
        other = unique_name()
        control.create_key_value_store(Name=other)
        assert control.describe_key_value_store(Name=other)["KeyValueStore"]["Status"] == "READY"
        listed = control.list_key_value_stores(Status="PROVISIONING")["KeyValueStoreList"]["Items"]
        assert [store["Name"] for store in listed] == [name]

        s3.released.set()
        assert wait_until_provisioned(control, name)["KeyValueStore"]["Status"] == "READY"
        assert len(all_pairs(data, arn, MaxResults=50)) == 1000
        assert etag_of(data, arn)


def test_an_import_that_a_crash_interrupted_is_finished_after_the_restart(tmp_path):
    s3 = Misbehaving("waiting")
    try:
        config = configuration(tmp_path / "keyfront.toml", endpoint=s3.endpoint)
        arguments = (tmp_path, "--data", tmp_path / "data", "--config", config)
        server = keyfront.dev(*arguments)
        name, created = start_import(client(server, "cloudfront"), "k.json")
        assert s3.asked.wait(20)
        server.kill()

        s3.behaviour = "whole"
        server = keyfront.dev(*arguments)
        try:
            control, data = client(server, "cloudfront"), client(server, "cloudfront-keyvaluestore")
            described = wait_until_provisioned(control, name)["KeyValueStore"]
            pairs = all_pairs_or_none(data, described["ARN"])
            assert (described["Status"], len(pairs)) in (("READY", 1000), ("IMPORT_FAILURE", 0))
            assert described["ARN"] == created["KeyValueStore"]["ARN"]
        finally:
            server.kill()
    finally:
        s3.released.set()
        s3.shutdown()
        s3.server_close()


def test_a_store_that_is_deleted_while_it_provisions_stays_deleted(tmp_path):
    with importing_from(tmp_path, "waiting") as (s3, control, data):
        name, created = start_import(control, "k.json")
        assert s3.asked.wait(20)
        try:
            control.delete_key_value_store(Name=name, IfMatch=created["ETag"])
        except control.exceptions.ClientError as failure:
            # The service may also ask the caller to wait; then the store is whole afterwards.
            assert failure.response["Error"]["Code"] in ("CannotDeleteEntityWhileInUse", "UnsupportedOperation")
            s3.released.set()
            assert wait_until_provisioned(control, name)["KeyValueStore"]["Status"] == "READY"
            return
        s3.released.set()
        with pytest.raises(control.exceptions.EntityNotFound):
            control.describe_key_value_store(Name=name)
        with pytest.raises(data.exceptions.ConflictException):
            data.describe_key_value_store(KvsARN=created["KeyValueStore"]["ARN"])


def test_clients_that_leave_early_leave_no_import_unfinished(tmp_path):
    folder = tmp_path / "bucket"
    folder.mkdir()
    (folder / "pairs.json").write_bytes(document({"a": "1"}))
    body = (
        "<CreateKeyValueStoreRequest><Name>{}</Name><ImportSource><SourceType>S3</SourceType>"
        "<SourceARN>arn:aws:s3:::bucket/pairs.json</SourceARN></ImportSource></CreateKeyValueStoreRequest>"
    )
    with running(tmp_path, "--bucket", f"bucket={folder}", "--data", tmp_path / "data") as server:
        wire = Wire(server)
        for number in range(40):
            request = encode(wire.control("POST", STORES, body.format(f"store-{number}")))
            with wire.connect() as connection:
                connection.sendall(request)
        control = client(server, "cloudfront")
        for store in control.list_key_value_stores()["KeyValueStoreList"].get("Items", []):
            assert wait_until_provisioned(control, store["Name"])["KeyValueStore"]["Status"] == "READY"
