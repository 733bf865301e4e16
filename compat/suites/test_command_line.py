"""The command line: `dev`, `exec`, `env` and `hosts`, as a person at a terminal meets them."""

import json
import os
import signal
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

import server as keyfront
from clients import client, new_arn
from conftest import running
from server import ACCOUNT, BINARY, IS_RELEASE, clean_environment, run_with

SHOW = "import json, os; print(json.dumps(dict(os.environ)))"


def run(*arguments, timeout=keyfront.PATIENCE):
    return subprocess.run(
        [BINARY, *arguments], capture_output=True, text=True, timeout=timeout, env=clean_environment()
    )


@pytest.fixture
def own_server(tmp_path):
    server = keyfront.dev(tmp_path)
    yield server
    if server.process.poll() is None:
        server.kill()


def lines_after_ready(server):
    client(server, "cloudfront").list_key_value_stores()
    assert server.stop() == 0
    rest = []
    while (line := server.lines.get(timeout=5)) is not None:
        rest.append(line)
    return rest


def test_the_ready_line_is_all_that_goes_to_standard_output(own_server):
    assert lines_after_ready(own_server) == []


def test_an_admin_address_that_was_asked_for_is_a_second_line(tmp_path):
    server = keyfront.dev(tmp_path, "--admin", "127.0.0.1:0")
    assert lines_after_ready(server) == [f"admin {server.admin}"]


def test_dev_says_in_its_log_that_its_credentials_are_known_to_everybody(own_server):
    client(own_server, "cloudfront").list_key_value_stores()
    assert "test" in own_server.log and ACCOUNT in own_server.log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["term", "int"])
def test_dev_stops_cleanly_when_asked(own_server, number):
    own_server.process.send_signal(number)
    assert own_server.process.wait(timeout=keyfront.PATIENCE) == 0


def test_dev_listens_on_this_machine_only(tmp_path):
    answer = run("dev", "--ephemeral", "--listen", "0.0.0.0:0")
    assert answer.returncode != 0
    assert "loopback" in answer.stderr.lower() or "127.0.0.1" in answer.stderr
    assert "panicked" not in answer.stderr


def test_a_port_that_is_taken_is_said(own_server):
    answer = run("dev", "--ephemeral", "--listen", f"127.0.0.1:{own_server.port}")
    assert answer.returncode != 0
    assert str(own_server.port) in answer.stderr and "panicked" not in answer.stderr


def test_serve_without_credentials_does_not_start(tmp_path):
    config = tmp_path / "keyfront.toml"
    config.write_text(
        f'[server]\nlisten = "127.0.0.1:0"\n[admin]\nlisten = "127.0.0.1:0"\n[store]\ndata = "{tmp_path / "data"}"\n'
    )
    answer = run("serve", "--config", str(config))
    assert answer.returncode == 1
    assert f"keyfront credentials create --config {config} --account" in answer.stderr


def test_a_store_whose_key_file_is_lost_is_not_given_another(tmp_path):
    policy = tmp_path / "policy.json"
    policy.write_text('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}')
    (tmp_path / "data").mkdir()
    create = ("credentials", "create", "--data", tmp_path / "data", "--account", "111111111111", "--user", "u")
    assert run(*map(str, create), "--policy", str(policy)).returncode == 0
    (tmp_path / "data/secret.key").unlink()
    answer = run("credentials", "list", "--data", str(tmp_path / "data"))
    assert answer.returncode == 1 and "secret.key is missing" in answer.stderr
    assert not (tmp_path / "data/secret.key").exists()


def test_a_credential_to_delete_is_named_to_the_letter(tmp_path):
    with running(tmp_path, "--data", tmp_path / "data"):
        for name in ("AKIA?x", "a b", "../credentials"):
            answer = run("credentials", "delete", name, "--data", str(tmp_path / "data"))
            assert answer.returncode == 1 and f"there is no credential {name}" in answer.stderr


def test_a_folder_that_was_there_gets_no_gitignore(tmp_path):
    (tmp_path / "project").mkdir()
    for folder, ignored in ((tmp_path / "project", False), (tmp_path / "new", True)):
        with running(tmp_path, "--data", folder):
            assert (folder / ".gitignore").exists() == ignored


def test_exec_of_a_program_that_is_not_there_ends_as_a_shell_would(own_server):
    assert run_with(own_server, ["/nowhere/program"]).returncode == 127


def test_exec_sets_what_an_untouched_program_needs(own_server):
    answer = run_with(own_server, [sys.executable, "-c", SHOW])
    assert answer.returncode == 0, answer.stderr
    seen = json.loads(answer.stdout)
    for service in ("CLOUDFRONT", "CLOUDFRONT_KEYVALUESTORE", "STS", "IAM"):
        assert seen[f"AWS_ENDPOINT_URL_{service}"].startswith("http://")
        assert seen[f"AWS_ENDPOINT_URL_{service}"].endswith(f":{own_server.port}")
    assert seen["AWS_ACCESS_KEY_ID"] == seen["AWS_SECRET_ACCESS_KEY"] == "test"
    assert seen["AWS_REGION"] == seen["AWS_DEFAULT_REGION"] == "us-east-1"
    assert seen["HTTP_PROXY"].rstrip("/").endswith(f":{own_server.port}")
    assert seen["http_proxy"] == seen["HTTP_PROXY"]


def test_exec_leaves_nothing_that_would_lead_elsewhere(own_server):
    elsewhere = {
        "AWS_SESSION_TOKEN": "token", "AWS_PROFILE": "work", "NO_PROXY": "*", "no_proxy": ".internal",
        "AWS_ENDPOINT_URL": "http://elsewhere", "HTTP_PROXY": "http://elsewhere", "AWS_REGION": "eu-west-1",
    }
    answer = run_with(own_server, [sys.executable, "-c", SHOW], environment=elsewhere)
    seen = json.loads(answer.stdout)
    assert not seen.get("AWS_SESSION_TOKEN")
    assert not seen.get("AWS_PROFILE")
    assert "elsewhere" not in seen["HTTP_PROXY"] and seen["AWS_REGION"] == "us-east-1"
    # Neither exception may cover the data plane's host, which no resolver knows.
    assert seen["NO_PROXY"] == seen["no_proxy"] == "localhost,127.0.0.1,::1"


def test_a_command_still_reaches_other_servers_on_the_machine(own_server):
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        fetch = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).status)"
        answer = run_with(own_server, [sys.executable, "-c", fetch, f"http://localhost:{other.server_port}/"])
        other.shutdown()
    assert (answer.returncode, answer.stdout) == (0, "200\n"), answer.stderr


@pytest.mark.parametrize("code", [0, 1, 3, 255])
def test_exec_ends_with_the_commands_code(own_server, code):
    assert run_with(own_server, [sys.executable, "-c", f"raise SystemExit({code})"]).returncode == code


def test_exec_passes_arguments_and_streams_untouched(own_server):
    script = "import sys; print(sys.argv[1:]); print('err', file=sys.stderr)"
    answer = run_with(own_server, [sys.executable, "-c", script, "--endpoint", "a b", "--", "*", ""])
    assert answer.stdout == "['--endpoint', 'a b', '--', '*', '']\n"
    assert "err\n" in answer.stderr


def test_exec_passes_signals_on(own_server):
    script = (
        "import signal, sys\n"
        # Blocked and waited for, so that none arrives between two instructions.
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])\n"
        "print('waiting', flush=True)\n"
        "signal.sigwait([signal.SIGTERM])\n"
        "sys.exit(42)\n"
    )
    process = subprocess.Popen(
        [BINARY, "exec", "--endpoint", own_server.endpoint, "--", sys.executable, "-c", script],
        stdout=subprocess.PIPE, text=True, env=clean_environment(),
    )
    try:
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=keyfront.PATIENCE) == 42
    finally:
        process.kill()
        process.wait()


def test_exec_of_a_program_that_is_not_there_says_which(own_server):
    answer = run_with(own_server, ["no-such-program-anywhere"])
    assert answer.returncode not in (0, 101)
    assert "no-such-program-anywhere" in answer.stderr


def test_an_untouched_python_program_runs_under_exec(own_server):
    script = (
        "import boto3\n"
        "control = boto3.client('cloudfront'); data = boto3.client('cloudfront-keyvaluestore')\n"
        "name = 'from-a-script'\n"
        "control.create_key_value_store(Name=name)\n"
        "arn = control.describe_key_value_store(Name=name)['KeyValueStore']['ARN']\n"
        "etag = data.describe_key_value_store(KvsARN=arn)['ETag']\n"
        "data.put_key(KvsARN=arn, Key='a/b', Value='ü', IfMatch=etag)\n"
        "print(data.get_key(KvsARN=arn, Key='a/b')['Value'])\n"
    )
    answer = run_with(own_server, [sys.executable, "-c", script], environment={"PYTHONIOENCODING": "utf-8"})
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout == "ü\n"


def test_env_prints_what_exec_sets_for_a_shell(own_server):
    answer = run("env", "--endpoint", own_server.endpoint)
    assert answer.returncode == 0, answer.stderr
    shell = subprocess.run(
        ["sh", "-c", f'{answer.stdout}\n"$0" -c "$1"', sys.executable, SHOW],
        capture_output=True, text=True, env=clean_environment(),
    )
    from_env = json.loads(shell.stdout)
    from_exec = json.loads(run_with(own_server, [sys.executable, "-c", SHOW]).stdout)
    for name, value in from_exec.items():
        if name.startswith("AWS_") or name.lower().endswith("proxy"):
            assert from_env.get(name) == value, name


def test_hosts_prints_a_line_for_the_hosts_file(own_server):
    answer = run("hosts")
    assert answer.returncode == 0, answer.stderr
    lines = [line.split() for line in answer.stdout.splitlines() if line and not line.startswith("#")]
    assert lines and all(line[0] in ("127.0.0.1", "::1") for line in lines)
    assert any(f"{ACCOUNT}.localhost" in line for line in lines)


@pytest.mark.parametrize("arguments", [("--help",), ("dev", "--help"), ("exec", "--help"), ("--version",)])
def test_help_helps(arguments):
    answer = run(*arguments)
    assert answer.returncode == 0 and answer.stdout and not answer.stderr


@pytest.mark.parametrize("arguments", [(), ("nonsense",), ("dev", "--no-such-flag"), ("dev", "--listen", "nowhere")])
def test_wrong_arguments_say_what_is_wrong(arguments):
    answer = run(*arguments)
    assert answer.returncode not in (0, 101)
    assert answer.stderr and "panicked" not in answer.stderr


def test_the_file_of_a_command_has_the_same_name_everywhere(tmp_path):
    code = tmp_path / "f.js"
    code.write_text("function handler(event) { return event.request; }")
    for named in ((code,), ("--file", code), (f"--file={code}",)):
        answer = run("fn", "check", *named)
        assert answer.returncode == 0, answer.stderr


def test_an_admin_address_is_taken_as_it_was_printed(tmp_path):
    server = keyfront.dev(tmp_path, "--admin", "127.0.0.1:0")
    try:
        printed = server.announced.get("admin") or server.admin
        for address in (printed, printed.removeprefix("http://")):
            assert run("reset", "--admin", address, "--token", "test").returncode == 0
    finally:
        assert server.stop() == 0


def test_a_store_that_is_not_named_is_wrong_usage():
    assert run("credentials", "list").returncode == 2


def test_a_start_costs_little(tmp_path):
    """Aim: 50 ms on an empty folder; more than five times that of processor time is a failure."""
    server = keyfront.dev(tmp_path, "--data", tmp_path / "data")
    try:
        assert server.cpu_seconds < 0.25
        new_arn(client(server, "cloudfront"))
    finally:
        server.kill()


@pytest.mark.skipif(not os.path.exists("/proc"), reason="resident memory is read from /proc")
def test_an_idle_server_with_its_edge_is_small(own_server):
    with open(f"/proc/{own_server.process.pid}/status", encoding="utf-8") as status:
        kilobytes = {
            name: int(value.split()[0])
            for name, value in (line.split(":", 1) for line in status) if name in ("RssAnon", "VmRSS")
        }
    # What is its own, and with the pages of the program that the system has mapped around those in use.
    assert kilobytes["RssAnon"] < 8 * 1024
    assert kilobytes["VmRSS"] < 32 * 1024 or not IS_RELEASE
