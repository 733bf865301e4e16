"""Faults on purpose: what clients make of them, who may set them, and that they end."""

import json
import os
import re
import subprocess
import threading
import time
import urllib.error
import urllib.request

import httpx
import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ProxyConnectionError

import server as keyfront
from clients import client, etag_of, new_arn, new_store, unique_name, wait_until_provisioned
from conftest import running
from server import BINARY, PATIENCE, Server, clean_environment, run_with
from wire import STORES, Wire

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
PATIENT = {"mode": "standard", "total_max_attempts": 5}
STALE = "Pre-Condition failed during update of Key-Value-Store"
RUST_SDK = os.environ.get("KEYFRONT_RUST_SDK_BIN", "")


class Admin:
    """The admin address as a test suite in any language uses it."""

    def __init__(self, address, token="test"):
        self.address, self.token = address, token

    def ask(self, method, path, body=None, **headers):
        """Status and body of an answer."""
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        sent = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, sent, headers, method=method)
        try:
            with DIRECT.open(request, timeout=10) as answer:
                return answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as failure:
            return failure.code, failure.read().decode(), failure.headers

    def set(self, operation, fault, **more):
        status, body, _ = self.ask("POST", "/faults", {"Operation": operation, "Fault": fault, **more})
        assert status == 201, body
        return json.loads(body)

    def list(self):
        return json.loads(self.ask("GET", "/faults")[1])

    def clear(self):
        assert self.ask("DELETE", "/faults")[0] == 200


def admin_of(server):
    return Admin(re.search(r"(http://\S+)/health", server.log)[1])


def keyfront_command(*arguments):
    return subprocess.run(
        [BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE, env=clean_environment()
    )


@pytest.fixture
def admin(server):
    admin = admin_of(server)
    yield admin
    admin.clear()


@pytest.fixture(scope="module")
def patient_control(server):
    return client(server, "cloudfront", retries=PATIENT)


@pytest.fixture(scope="module")
def patient_data(server):
    return client(server, "cloudfront-keyvaluestore", retries=PATIENT)


def put(data, arn, etag, key="k"):
    return data.put_key(KvsARN=arn, Key=key, Value="v", IfMatch=etag)


@pytest.mark.parametrize("fault", ["throttle", "internal-error", "unavailable"])
def test_boto3_tries_again_until_the_fault_is_used_up(admin, patient_control, patient_data, arn, fault):
    etag = etag_of(patient_data, arn)
    admin.set("PutKey", fault, Count=2)
    admin.set("ListKeyValueStores", fault, Count=2)
    for answer in (put(patient_data, arn, etag), patient_control.list_key_value_stores()):
        assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    assert patient_data.get_key(KvsARN=arn, Key="k")["Value"] == "v"
    assert admin.list() == []


@pytest.mark.parametrize(
    ("fault", "control_error", "data_error"),
    [
        ("throttle", ("Throttling", 400), ("ThrottlingException", 400)),
        ("internal-error", ("InternalFailure", 500), ("InternalServerException", 500)),
        ("unavailable", ("ServiceUnavailable", 503), ("ServiceUnavailableException", 503)),
    ],
)
def test_a_client_that_does_not_try_again_sees_the_error(admin, control, data, arn, fault, control_error, data_error):
    admin.set("*", fault)
    for call, expected in (
        (lambda: control.list_key_value_stores(), control_error),
        (lambda: data.describe_key_value_store(KvsARN=arn), data_error),
    ):
        with pytest.raises(ClientError) as failure:
            call()
        response = failure.value.response
        assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == expected


@pytest.mark.skipif(not os.path.exists(RUST_SDK), reason="KEYFRONT_RUST_SDK_BIN names no file")
def test_the_rust_sdk_takes_it_for_throttling_too(server, admin, arn):
    admin.set("DescribeKeyValueStore", "throttle", Count=2)
    answer = run_with(server, [RUST_SDK, arn, "describe"])
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert admin.list() == []


def test_a_conflict_is_the_typed_exception_and_nothing_is_written(admin, control, data, store):
    arn, etag = store["arn"], etag_of(data, store["arn"])
    admin.set("*", "conflict")
    with pytest.raises(data.exceptions.ValidationException, match=STALE):
        put(data, arn, etag)
    with pytest.raises(control.exceptions.PreconditionFailed):
        control.update_key_value_store(Name=store["name"], Comment="c", IfMatch=store["etag"])
    # What has no If-Match goes on, and the ETags are still the same.
    assert etag_of(data, arn) == etag
    admin.clear()
    put(data, arn, etag)
    control.update_key_value_store(Name=store["name"], Comment="c", IfMatch=store["etag"])


def test_a_dropped_answer_leaves_its_write_and_trying_again_is_a_conflict(admin, data, patient_data, arn):
    etag = etag_of(data, arn)
    admin.set("PutKey", "drop", Count=1)
    # These tests have the server as their proxy, and botocore takes the loss of that for another error.
    with pytest.raises((ConnectionClosedError, ProxyConnectionError)):
        put(data, arn, etag)
    assert data.get_key(KvsARN=arn, Key="k")["Value"] == "v"
    with pytest.raises(data.exceptions.ValidationException, match=STALE):
        put(data, arn, etag)

    # The same by boto3's own second attempt: the write that it reports as refused is there.
    admin.set("PutKey", "drop", Count=1)
    with pytest.raises(patient_data.exceptions.ValidationException, match=STALE) as failure:
        put(patient_data, arn, etag_of(data, arn), key="second")
    assert failure.value.response["ResponseMetadata"]["RetryAttempts"] == 1
    assert data.get_key(KvsARN=arn, Key="second")["Value"] == "v"


def test_over_http2_a_dropped_answer_ends_its_stream_alone(server, admin):
    wire = Wire(server)
    admin.set("ListKeyValueStores", "drop", Count=1)
    with httpx.Client(http1=False, http2=True, trust_env=False) as http:
        def ask():
            return http.get(f"http://{wire.control_host}{STORES}", headers=wire.control("GET", STORES).headers)

        with pytest.raises(httpx.RemoteProtocolError):
            ask()
        assert ask().status_code == 200


def test_latency_delays_its_own_requests_and_nobody_else(server, admin, data, arn):
    etag = etag_of(data, arn)
    admin.set("PutKey", "latency", Ms=1500)
    slow = client(server, "cloudfront-keyvaluestore")
    began = time.monotonic()
    took = []
    writer = threading.Thread(target=lambda: (put(slow, arn, etag), took.append(time.monotonic() - began)))
    writer.start()
    while not admin.list()[0]["Hits"]:
        assert time.monotonic() - began < PATIENCE
    assert etag_of(data, arn) == etag, "the write comes after the latency"
    assert writer.is_alive()
    writer.join()
    assert took[0] >= 1.5
    assert data.get_key(KvsARN=arn, Key="k")["Value"] == "v"


def test_a_store_stays_provisioning_until_the_fault_is_removed(admin, control, data):
    rule = admin.set("CreateKeyValueStore", "provisioning", Count=1)
    name = unique_name()
    created = control.create_key_value_store(Name=name)["KeyValueStore"]
    assert created["Status"] == "PROVISIONING"
    new_store(control)
    assert control.describe_key_value_store(Name=name)["KeyValueStore"]["Status"] == "PROVISIONING"
    listed = control.list_key_value_stores(Status="PROVISIONING")["KeyValueStoreList"]["Items"]
    assert [store["Name"] for store in listed] == [name]
    described = data.describe_key_value_store(KvsARN=created["ARN"])
    assert described["Status"] == "PROVISIONING"
    with pytest.raises(data.exceptions.ConflictException):
        put(data, created["ARN"], described["ETag"])
    assert admin.ask("DELETE", f"/faults/{rule['Id']}")[0] == 200
    assert wait_until_provisioned(control, name)["KeyValueStore"]["Status"] == "READY"
    put(data, created["ARN"], described["ETag"])


def test_a_store_is_ready_after_the_time_of_the_fault(admin, control):
    admin.set("CreateKeyValueStore", "provisioning", Seconds=1)
    began = time.monotonic()
    assert new_store(control)["KeyValueStore"]["Status"] == "READY"
    assert time.monotonic() - began >= 1


def test_a_store_that_was_held_back_is_ready_after_a_crash(tmp_path):
    arguments = ("--data", tmp_path / "data")
    server = keyfront.dev(tmp_path, *arguments, "--fault", "CreateKeyValueStore=provisioning")
    try:
        created = client(server, "cloudfront").create_key_value_store(Name="held")
    finally:
        server.kill()
    with running(tmp_path, *arguments) as server:
        ready = wait_until_provisioned(client(server, "cloudfront"), "held")
    assert ready["KeyValueStore"]["Status"] == "READY"
    assert ready["ETag"] == created["ETag"]


def test_a_share_with_a_seed_meets_the_same_requests_again(admin, data, arn):
    def outcomes(seed):
        admin.set("GetKey", "throttle", Share=0.5, Seed=seed)
        met = ""
        for _ in range(40):
            with pytest.raises(ClientError) as failure:
                data.get_key(KvsARN=arn, Key="gone")
            met += failure.value.response["Error"]["Code"][0]
        admin.clear()
        return met

    first = outcomes(7)
    assert set(first) == {"R", "T"}
    assert outcomes(7) == first
    assert outcomes(8) != first


def test_only_the_account_of_the_rule_meets_it(admin, data, arn):
    admin.set("*", "unavailable", Account="123456789012")
    etag_of(data, arn)
    assert admin.list()[0]["Hits"] == 0


def test_faults_of_the_command_line_are_in_force_from_the_start(tmp_path):
    rules = ("PutKey=throttle,count=2", "UpdateKeys=conflict,share=0.2,seed=1", "*=latency,ms=1")
    with running(tmp_path, *(part for rule in rules for part in ("--fault", rule))) as server:
        admin = admin_of(server)
        assert [listed["Rule"] for listed in admin.list()] == list(rules)
        new_arn(client(server, "cloudfront"))
        hits = [listed["Hits"] for listed in admin.list()]
        assert hits[:2] == [0, 0] and hits[2] >= 2
        assert all(f'rule="{rule}"' in server.log or rule in server.log for rule in rules)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("PutKy=throttle", "did you mean PutKey?"),
        ("PutKey=slow", "there are conflict, throttle"),
        ("PutKey=throttle,count=0", "count must be"),
    ],
)
def test_a_rule_with_a_mistake_is_refused_everywhere(admin, rule, words):
    for command in (("dev", "--ephemeral", "--fault", rule), ("fault", "add", rule)):
        answer = keyfront_command(*command)
        assert answer.returncode not in (0, 101)
        assert words in answer.stderr
    operation, _, rest = rule.partition("=")
    fault, _, count = rest.partition(",count=")
    body = {"Operation": operation, "Fault": fault, **({"Count": int(count)} if count else {})}
    status, text, _ = admin.ask("POST", "/faults", body)
    assert status == 400 and (words in text or "expected one of `conflict`, `throttle`" in text)
    assert admin.list() == []


def test_the_commands_set_list_and_remove(server, admin, data, arn):
    address = ("--admin", admin.address.removeprefix("http://"))
    answer = keyfront_command("fault", "add", "GetKey=throttle,count=3", "*=latency,ms=1", *address)
    assert answer.returncode == 0, answer.stderr
    first, second = (line.split("  ") for line in answer.stdout.splitlines())
    assert [first[1], second[1]] == ["GetKey=throttle,count=3", "*=latency,ms=1"]
    with pytest.raises(ClientError, match="Rate exceeded"):
        data.get_key(KvsARN=arn, Key="k")
    listed = keyfront_command("fault", "list", *address)
    assert listed.stdout.splitlines()[0].split() == [*first, "1", "request"]
    removed = keyfront_command("fault", "clear", first[0], *address)
    assert removed.stdout == f"removed {first[0]}  {first[1]}\n"
    again = keyfront_command("fault", "clear", first[0], *address)
    assert again.returncode == 1 and f"there is no fault {first[0]}" in again.stderr
    assert keyfront_command("fault", "clear", *address).stdout == f"removed {second[0]}  {second[1]}\n"
    assert (keyfront_command("fault", "list", *address).stdout, admin.list()) == ("", [])
    # What was set, met and removed can be read in the log afterwards.
    for words in ("a fault is set", "a request meets a fault", "a fault is removed"):
        assert words in server.log


def test_health_and_metrics_show_faults(admin, data, arn):
    assert "faults" not in json.loads(admin.ask("GET", "/health")[1])
    admin.set("GetKey", "throttle", Count=2)
    with pytest.raises(ClientError):
        data.get_key(KvsARN=arn, Key="k")
    (shown,) = json.loads(admin.ask("GET", "/health")[1])["faults"]
    assert (shown["Rule"], shown["Hits"], shown["Left"]) == ("GetKey=throttle,count=2", 1, 1)
    assert re.search(r'keyfront_faults_total{.*operation="GetKey",fault="throttle"} \d+', admin.ask("GET", "/metrics")[1])


def test_who_has_no_token_sets_nothing(admin, data, arn):
    rule = {"Operation": "*", "Fault": "unavailable"}
    for token in (None, "", "wrong"):
        stranger = Admin(admin.address, token)
        for method, path, body in (("GET", "/faults", None), ("POST", "/faults", rule), ("DELETE", "/faults", None)):
            assert stranger.ask(method, path, body)[0] == 401
    assert admin.list() == []


def test_web_pages_cannot_set_faults(admin):
    """A page of another origin is asked about by a preflight, and one that rebinds a name sends its origin."""
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    status, _, headers = Admin(admin.address, None).ask("OPTIONS", "/faults", **asked)
    assert status >= 400
    assert not [name for name in headers if name.lower().startswith("access-control")]
    rule = {"Operation": "*", "Fault": "unavailable"}
    assert admin.ask("POST", "/faults", rule, Origin="http://evil.example")[0] == 403
    assert admin.list() == []


@pytest.fixture
def served(tmp_path):
    """Starts `keyfront serve` with a `[testing]` section; its admin address and its token come back."""
    servers = []
    data = tmp_path / "data"
    data.mkdir()
    policy = tmp_path / "policy.json"
    policy.write_text('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}')
    made = keyfront_command(
        "credentials", "create", "--data", data, "--account", "111111111111", "--user", "u", "--policy", policy
    )
    assert made.returncode == 0, made.stderr

    def serve(testing):
        config = tmp_path / "keyfront.toml"
        listen = 'listen = "127.0.0.1:0"'
        config.write_text(f'[server]\n{listen}\n[admin]\n{listen}\n[store]\ndata = "{data}"\n{testing}')
        servers.append(Server(tmp_path / "keyfront.log", "serve", "--config", config))
        address, token = (data / "control").read_text().split()
        return Admin(f"http://{address}", token), data

    yield serve
    for server in servers:
        assert server.stop() == 0, server.log


def test_serve_has_no_faults_unless_the_configuration_says_so(served):
    admin, data = served("")
    for asking in (admin, Admin(admin.address, "test"), Admin(admin.address, None)):
        status, text, _ = asking.ask("POST", "/faults", {"Operation": "*", "Fault": "unavailable"})
        assert status == 403 and "faults = true in [testing]" in text
    answer = keyfront_command("fault", "add", "*=unavailable", "--data", data)
    assert answer.returncode == 1 and "faults = true in [testing]" in answer.stderr


def test_serve_with_faults_takes_its_own_token_alone(served):
    admin, data = served("[testing]\nfaults = true\n")
    assert Admin(admin.address, "test").ask("GET", "/faults")[0] == 401
    answer = keyfront_command("fault", "add", "*=unavailable", "--data", data)
    assert (answer.returncode, answer.stdout) == (0, "1  *=unavailable\n")
    assert admin.list()[0]["Rule"] == "*=unavailable"
