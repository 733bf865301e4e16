"""Operating it: health, metrics, the configuration check, a backup while it serves, and the check of one."""

import json
import re
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request

import pytest

import server as keyfront
from clients import all_pairs, client, etag_of, new_arn, put_all
from conftest import running

# Where `cargo xtask test` unpacks promtool, if it is not installed.
UNPACKED = keyfront.ROOT / "target/tools/prometheus/usr/bin"

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def run(*arguments):
    return subprocess.run(
        [keyfront.BINARY, *map(str, arguments)],
        capture_output=True, text=True, timeout=keyfront.PATIENCE, env=keyfront.clean_environment(),
    )


@pytest.fixture
def operated(tmp_path):
    """A server on a data folder, and a way to ask its admin address."""
    with running(tmp_path, "--data", tmp_path / "data") as server:
        def ask(path, method="GET"):
            request = urllib.request.Request(server.admin + path, method=method)
            with DIRECT.open(request, timeout=10) as answer:
                return answer.read().decode()

        yield server, ask


def test_health_says_live_and_ready(operated):
    _, ask = operated
    health = json.loads(ask("/health"))
    assert health["live"] is True and health["ready"] is True
    assert ask("/health/live") and ask("/health/ready")


def test_metrics_count_requests_by_operation_and_never_show_a_value(operated):
    server, ask = operated
    control, data = client(server, "cloudfront"), client(server, "cloudfront-keyvaluestore")
    arn = new_arn(control)
    put_all(data, arn, {"a-key": "a-value-to-keep-secret"})
    with pytest.raises(data.exceptions.ResourceNotFoundException):
        data.get_key(KvsARN=arn, Key="gone")
    metrics = ask("/metrics")
    for operation in ("CreateKeyValueStore", "UpdateKeys", "GetKey"):
        assert operation in metrics
    assert "a-value-to-keep-secret" not in metrics and "a-key" not in metrics
    # Each sample has a family of its own name, with a help text: what promtool asks for.
    families = set(re.findall(r"^# TYPE (\S+) \S+$", metrics, re.MULTILINE))
    assert families == set(re.findall(r"^# HELP (\S+) \S.*$", metrics, re.MULTILINE))
    samples = set(re.findall(r"^([a-z_]+)[{ ]", metrics, re.MULTILINE))
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in samples} <= families
    assert {"process_cpu_seconds_total", "keyfront_build_info", "keyfront_requests_total"} <= families


def test_metrics_count_functions_and_imports(tmp_path):
    bucket = tmp_path / "bucket"
    bucket.mkdir()
    (bucket / "pairs.json").write_text('{"data": [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]}')
    with running(tmp_path, "--bucket", f"pairs={bucket}") as server:
        control = client(server, "cloudfront")
        for name, object_key in [("good", "pairs.json"), ("bad", "absent.json")]:
            source = {"SourceType": "S3", "SourceARN": f"arn:aws:s3:::pairs/{object_key}"}
            control.create_key_value_store(Name=name, ImportSource=source)
        code = b"function handler(event) { return event.request.uri === '/' ? event.request : event.missing.value; }"
        config = {"Comment": "", "Runtime": "cloudfront-js-2.0"}
        etag = control.create_function(Name="f", FunctionConfig=config, FunctionCode=code)["ETag"]
        for uri in ["/", "/", "/x"]:
            request = {"method": "GET", "uri": uri, "headers": {}, "cookies": {}, "querystring": {}}
            event = {"version": "1.0", "context": {"eventType": "viewer-request"}, "viewer": {"ip": "1.2.3.4"}}
            control.test_function(Name="f", IfMatch=etag, EventObject=json.dumps(event | {"request": request}).encode())

        def figures():
            with DIRECT.open(server.admin + "/metrics", timeout=10) as answer:
                return answer.read().decode()

        # An import ends by itself, some time after its store was made.
        deadline = time.monotonic() + keyfront.PATIENCE
        while (metrics := figures()).count("keyfront_imports_total{") < 2 and time.monotonic() < deadline:
            pass
        for line in [
            'keyfront_imports_total{outcome="ok"} 1', 'keyfront_imports_total{outcome="failed"} 1',
            "keyfront_imports_running 0", "keyfront_imported_pairs_total 2",
            'keyfront_function_invocations_total{outcome="ok"} 2',
            'keyfront_function_invocations_total{outcome="FunctionExecutionError"} 1',
            "keyfront_function_duration_seconds_count 3", "keyfront_function_compute_utilization_ratios_count 3",
        ]:
            assert line in metrics.splitlines(), f"{line}\n{metrics}"
        promtool = shutil.which("promtool") or shutil.which("promtool", path=UNPACKED)
        if not promtool:
            pytest.skip("promtool is not installed: the metrics were not checked with it")
        checked = subprocess.run([promtool, "check", "metrics"], input=metrics, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout + checked.stderr



@pytest.mark.parametrize(("method", "path"), [("POST", "/backup"), ("GET", "/credentials"), ("POST", "/credentials")])
def test_what_an_operator_does_needs_the_folders_token(operated, method, path):
    _, ask = operated
    with pytest.raises(urllib.error.HTTPError) as failure:
        ask(path, method)
    assert failure.value.code == 401


def test_the_api_address_has_no_admin_paths(operated):
    server, _ = operated
    for path in ("/health", "/metrics", "/credentials"):
        with pytest.raises(urllib.error.HTTPError) as failure:
            DIRECT.open(f"{server.endpoint}{path}", timeout=10)
        assert 400 <= failure.value.code < 500


def test_a_backup_taken_while_it_serves_is_one_moment_of_the_store(operated, tmp_path):
    server, _ = operated
    data = client(server, "cloudfront-keyvaluestore")
    arn = new_arn(client(server, "cloudfront"), name="busy")
    put_all(data, arn, {"a": "0", "b": "0"})
    stop = threading.Event()

    def write():
        etag, number = etag_of(data, arn), 0
        while not stop.is_set():
            number += 1
            puts = [{"Key": key, "Value": str(number)} for key in "ab"]
            etag = data.update_keys(KvsARN=arn, IfMatch=etag, Puts=puts)["ETag"]

    writer = threading.Thread(target=write)
    writer.start()
    try:
        answer = run("backup", tmp_path / "copy", "--data", tmp_path / "data")
    finally:
        stop.set()
        writer.join()
    assert answer.returncode == 0, answer.stderr
    assert run("check", tmp_path / "copy").returncode == 0

    # Both keys of a batch are of the same number in the copy, which a server serves.
    copy = tmp_path / "second"
    copy.mkdir()
    with running(copy, "--data", tmp_path / "copy") as second:
        pairs = all_pairs(client(second, "cloudfront-keyvaluestore"), arn)
    assert set(pairs) == {"a", "b"} and pairs["a"] == pairs["b"]
    assert run("backup", tmp_path / "copy", "--data", tmp_path / "data").returncode != 0, "never over anything"

    # Restored, it is what it was; and nothing is restored over data.
    restored = tmp_path / "restored"
    restored.mkdir()
    assert run("restore", tmp_path / "copy", "--data", tmp_path / "data").returncode == 1
    answer = run("restore", tmp_path / "copy", "--data", restored)
    assert answer.returncode == 0 and "there is no secret.key" in answer.stderr, answer.stderr
    third = tmp_path / "third"
    third.mkdir()
    with running(third, "--data", restored) as server:
        assert all_pairs(client(server, "cloudfront-keyvaluestore"), arn) == pairs


def test_a_check_finds_a_damaged_file(operated, tmp_path):
    server, _ = operated
    data = client(server, "cloudfront-keyvaluestore")
    put_all(data, new_arn(client(server, "cloudfront")), {f"k{number}": "v" * 1000 for number in range(300)})
    assert run("backup", tmp_path / "copy", "--data", tmp_path / "data").returncode == 0
    (data_file,) = (tmp_path / "copy").glob("*.redb")
    content = bytearray(data_file.read_bytes())
    for offset in range(4096, len(content), 4096):
        content[offset + 100] ^= 0xFF
    data_file.write_bytes(content)
    answer = run("check", tmp_path / "copy")
    assert answer.returncode not in (0, 101)
    assert str(tmp_path / "copy") in answer.stderr and "panicked" not in answer.stderr


@pytest.mark.parametrize(
    ("text", "word"),
    [("[server]\nlisten = 1\n", "listen"), ("[sever]\n", "sever"), ("[quotas]\nkey_byte = 1\n", "key_byte"), ("[", "")],
)
def test_a_configuration_with_a_mistake_is_refused_with_its_name(tmp_path, text, word):
    config = tmp_path / "keyfront.toml"
    config.write_text(text)
    answer = run("check-config", "--config", config)
    assert answer.returncode not in (0, 101)
    assert word in answer.stderr and "panicked" not in answer.stderr


def test_the_shipped_example_is_a_valid_configuration():
    answer = run("check-config", "--config", keyfront.ROOT / "keyfront.example.toml")
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("headers", [
    {"Origin": "https://example.com"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Host": "example.com", "User-Agent": "Mozilla/5.0"},
])
def test_a_development_server_does_not_answer_web_pages(server, headers):
    # Everybody knows its credentials, so a page could sign.
    request = urllib.request.Request(f"{server.endpoint}/2020-05-31/key-value-store", headers=headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        DIRECT.open(request)
    assert (refused.value.code, refused.value.read()) == (403, b"A development server does not answer web pages.\n")


@pytest.mark.parametrize("headers", [{"Origin": "http://example.com"}, {"Host": "example.com"}])
def test_the_token_that_everybody_knows_counts_under_the_servers_own_address_alone(server, headers):
    request = urllib.request.Request(f"{server.admin}/faults", headers={"Authorization": "Bearer test", **headers})
    with pytest.raises(urllib.error.HTTPError) as refused:
        DIRECT.open(request)
    assert refused.value.code in (401, 403)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:4701", "127.0.0.1.evil.example"])
@pytest.mark.parametrize("path", ["/health", "/health/live", "/metrics", "/faults", "/2020-05-31/key-value-store"])
def test_no_address_answers_to_a_name_that_is_not_its_own(server, host, path):
    # A web page that makes its own name lead here would read the answer.
    address = server.endpoint if path.startswith("/2020") else server.admin
    with pytest.raises(urllib.error.HTTPError) as refused:
        DIRECT.open(urllib.request.Request(f"{address}{path}", headers={"Host": host}))
    assert refused.value.code == 403
    assert "does not answer to the name" in refused.value.read().decode()
