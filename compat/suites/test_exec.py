"""`keyfront exec` and the clients that do not go where it leads them."""

import shutil
import socket
import stat
import subprocess
import sys
import threading
import time

import pytest

import server as keyfront
from conftest import running
from server import BINARY, clean_environment
from terraform import MINUTES, store_block, stores_of


def exec_with(server, *arguments, folder=None, **environment):
    return subprocess.run(
        [BINARY, "exec", "--endpoint", server.endpoint, *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, timeout=4 * MINUTES, env=clean_environment(**environment),
    )


def test_the_command_needs_no_dashes_in_front(server):
    script = "import os, sys; print(os.environ['KEYFRONT_ENDPOINT'], sys.argv[1:])"
    answer = exec_with(server, sys.executable, "-c", script, "--endpoint", "x", "-h")
    assert answer.stdout == f"{server.endpoint} ['--endpoint', 'x', '-h']\n"


def test_every_option_behind_aws_is_for_the_aws_cli(server, tmp_path):
    program = tmp_path / "aws"
    program.write_text('#!/bin/sh\necho "$AWS_ENDPOINT_URL_CLOUDFRONT" "$@"\n')
    program.chmod(0o755)
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin", "KEYFRONT_ENDPOINT": server.endpoint}
    words = ["--output", "table", "--endpoint", "x", "cloudfront", "help", "--help", "--version", "--"]
    answer = subprocess.run(
        [BINARY, "aws", *words], capture_output=True, text=True, timeout=keyfront.PATIENCE, env=clean_environment(**path)
    )
    assert (answer.stdout, answer.stderr) == (f"{server.endpoint} {' '.join(words)}\n", "")


def test_an_old_client_is_told(server, tmp_path):
    """A Python with a botocore of before the variables, as far as the look at it goes."""
    python = tmp_path / "bin/python3"
    python.parent.mkdir()
    python.write_text("#!/bin/sh\ncase \"$2\" in *botocore*) echo 1.29.165;; *) echo ran;; esac\n")
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    answer = exec_with(server, python, "app.py")
    assert answer.stdout == "ran\n"
    assert "botocore 1.29" in answer.stderr and "ignores AWS_ENDPOINT_URL_*" in answer.stderr
    cli = tmp_path / "aws-cli/v2/2.11.4/dist/aws"
    cli.parent.mkdir(parents=True)
    cli.write_text("#!/bin/sh\necho ran\n")
    cli.chmod(0o755)
    answer = exec_with(server, cli, "s3")
    assert answer.stdout == "ran\n" and "the AWS CLI 2.11 ignores AWS_ENDPOINT_URL_*" in answer.stderr


def test_version_2_of_the_sdk_for_javascript_is_told(server, tmp_path):
    if not shutil.which("node"):
        pytest.skip("Node is not installed: nothing was checked with it")
    module = tmp_path / "node_modules/aws-sdk"
    module.mkdir(parents=True)
    (module / "index.js").write_text("module.exports = {};\n")
    (tmp_path / "app.js").write_text('require("aws-sdk"); require("aws-sdk"); console.log("ran");\n')
    answer = exec_with(server, "node", "app.js", folder=tmp_path)
    assert answer.stdout == "ran\n"
    assert answer.stderr.count("version 2 of the AWS SDK for JavaScript") == 1


CALL = """
import boto3, sys
from botocore.config import Config
once = Config(retries={"total_max_attempts": 1}, connect_timeout=5, ignore_configured_endpoint_urls=%s)
print(boto3.client("cloudfront", config=once).list_key_value_stores()["ResponseMetadata"]["HTTPStatusCode"])
"""


def test_a_strict_network_refuses_aws_and_nothing_else(server):
    here = exec_with(server, "--strict-network", "--", sys.executable, "-c", CALL % "False")
    assert here.stdout == "200\n", here.stderr
    away = exec_with(server, "--strict-network", "--", sys.executable, "-c", CALL % "True", NO_PROXY="amazonaws.com")
    assert away.returncode != 0
    assert "--strict-network refused a connection to cloudfront.amazonaws.com" in away.stderr
    # The command's own exit code and signals.
    assert exec_with(server, "--strict-network", "--", "sh", "-c", "exit 7").returncode == 7
    assert exec_with(server, "--strict-network", "--", "sh", "-c", "kill -9 $$").returncode == 137
    assert exec_with(server, "--strict-network", "--", "no-such-program").returncode == 127


def test_a_strict_network_refuses_aws_to_node(server, tmp_path):
    if not shutil.which("node"):
        pytest.skip("Node is not installed: nothing was checked with it")
    script = (
        "require('dns').lookup('cloudfront.amazonaws.com', error => console.log(error.code, error.hostname));"
        "require('dns').lookup('localhost', error => console.log(error));"
    )
    answer = exec_with(server, "--strict-network", "--", "node", "-e", script)
    assert "ENOTFOUND refused-by-keyfront-strict-network.invalid" in answer.stdout or "EAI_AGAIN" in answer.stdout
    assert "null" in answer.stdout and "which is AWS" in answer.stderr


def test_terraform_without_a_state_of_its_own_is_warned(server, tmp_path):
    terraform = tmp_path / "terraform"
    terraform.write_text("#!/bin/sh\necho ran\n")
    terraform.chmod(0o755)
    warned = exec_with(server, terraform, "apply")
    assert warned.stdout == "ran\n" and "writes into this project's own state" in warned.stderr
    assert exec_with(server, terraform, "plan").stderr == ""
    assert exec_with(server, "--separate-state", "--", "aws").returncode == 2


@pytest.fixture
def another_server(tmp_path):
    (tmp_path / "another").mkdir()
    with running(tmp_path / "another") as server:
        yield server


IN_S3 = 'terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "k"\n  }\n}\n'


@pytest.mark.timeout(10 * MINUTES)
@pytest.mark.parametrize("backend", ["", pytest.param(IN_S3, marks=pytest.mark.long)])
def test_terraform_keeps_a_state_apart(project, another_server, backend):
    folder, server = project.folder, project.server
    if not backend:
        # A state of another place, with something in it.
        project.apply(store_block("elsewhere"))
        project.server = server = another_server
    (folder / "backend.tf").write_text(backend)
    project.write(store_block("apart"))
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    def terraform(*arguments):
        answer = exec_with(
            server, "--separate-state", "--", "terraform", *arguments, folder=folder, **project.environment
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        assert "own state" not in answer.stderr
        return answer

    terraform("init", "-input=false", "-no-color")
    terraform("apply", "-auto-approve", "-input=false", "-no-color")
    assert set(stores_of(server)) == {"apart"}
    assert "No changes" in terraform("plan", "-input=false", "-no-color").stdout
    assert (folder / ".keyfront/terraform/keyfront.tfstate").exists()
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    after.pop(".terraform.lock.hcl", None), before.pop(".terraform.lock.hcl", None)
    assert after == before
    terraform("destroy", "-auto-approve", "-input=false", "-no-color")
    assert stores_of(server) == {}


def test_an_override_stays_until_it_is_removed_and_replaces_no_other_file(server, tmp_path):
    """With it `exec` keeps the state apart without an option."""
    def override(*arguments, code=0):
        answer = subprocess.run(
            [BINARY, "terraform", "override", *arguments],
            cwd=tmp_path, capture_output=True, text=True, timeout=keyfront.PATIENCE, env=clean_environment(),
        )
        assert answer.returncode == code, answer.stderr
        return answer.stdout + answer.stderr

    file = tmp_path / "keyfront_override.tf"
    assert "has no configuration" in override(code=1)
    (tmp_path / "main.tf").write_text("")
    for program in ("terraform", "tofu"):
        script = tmp_path / program
        script.write_text('#!/bin/sh\necho "$TF_DATA_DIR"\n')
        script.chmod(0o755)
    assert f"wrote {file}" in override()
    before = file.read_text()
    for program in ("terraform", "tofu"):
        answer = exec_with(server, tmp_path / program, "apply", folder=tmp_path)
        assert (answer.stdout, answer.stderr) == (f"{tmp_path}/.keyfront/terraform\n", "")
    assert file.read_text() == before
    assert "removed" in override("--remove") and not file.exists()
    assert "nothing to do" in override("--remove")
    file.write_text("terraform {}\n")
    assert "was not made by this command" in override(code=1)
    assert "was not made by this command" in override("--remove", code=1)
    assert file.read_text() == "terraform {}\n"


@pytest.mark.parametrize(
    "command", [("kvs", "list"), ("keys", "list"), ("fn", "list"), ("verify", "http://x/", "--key-group", "g"), ("exec", "--", "true")]
)
def test_a_server_that_is_not_there_is_told_at_once(command):
    began = time.monotonic()
    answer = subprocess.run(
        # The discard port: nothing listens there.
        [BINARY, command[0], "--endpoint", "http://127.0.0.1:9", *command[1:]],
        capture_output=True, text=True, timeout=keyfront.PATIENCE, env=clean_environment(),
    )
    assert answer.returncode == 1
    assert "no Keyfront server answered at http://127.0.0.1:9" in answer.stderr
    assert "refused" in answer.stderr and "retrying" not in answer.stderr
    assert time.monotonic() - began < 2.5


def test_a_server_that_says_nothing_is_waited_for_aloud():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        command = subprocess.Popen([BINARY, "kvs", "list", "--endpoint", endpoint], stderr=subprocess.PIPE, text=True, env=clean_environment())
        patience = threading.Timer(keyfront.PATIENCE, command.kill)
        patience.start()
        try:
            assert command.stderr.readline() == f"keyfront: {endpoint} does not answer yet; waiting…\n"
        finally:
            patience.cancel()
            command.kill()
            command.wait()
