"""Commands that change or empty a server act on exactly the one that was named, or on none."""

import json
import re
import subprocess

import pytest

import server as keyfront
from admin import admin_of
from clients import client, new_store
from conftest import running
from server import BINARY, clean_environment, run_with


def run(*arguments, folder=None, **environment):
    return subprocess.run(
        [BINARY, *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, timeout=keyfront.PATIENCE, env=clean_environment(**environment),
    )


@pytest.fixture
def two(tmp_path):
    """Two servers with a store each, one on a data folder."""
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with running(tmp_path / "one", "--data", tmp_path / "one/data") as one, running(tmp_path / "two") as two:
        for server in (one, two):
            new_store(client(server, "cloudfront"), name="kept")
        yield one, two


def stores(server):
    found = client(server, "cloudfront").list_key_value_stores()["KeyValueStoreList"].get("Items", [])
    return [store["Name"] for store in found]


def test_nothing_is_guessed(two, tmp_path):
    one, other = two
    (tmp_path / "empty").mkdir()
    for arguments in (
        ("reset",), ("reset", "--data", tmp_path / "typo"), ("reset", "--data", tmp_path / "empty"),
        ("snapshot", "save", "x"), ("snapshot", "list", "--data", tmp_path / "typo"), ("fault", "add", "*=drop"),
        ("fault", "clear", "--data", tmp_path / "empty"),
    ):
        answer = run(*arguments, folder=tmp_path / "empty")
        assert answer.returncode == 1, answer.stdout
        assert "--data FOLDER, --endpoint URL or --admin ADDRESS" in answer.stderr
    assert (stores(one), stores(other)) == (["kept"], ["kept"])


def test_a_data_folder_whose_server_has_gone_means_no_other_server(two, tmp_path):
    one, other = two
    # The other server has the address now that the control file names.
    control = tmp_path / "one/data/control"
    control.write_text(f"{admin_of(other)}\nstale\n")
    answer = run("reset", "--data", tmp_path / "one/data")
    assert answer.returncode == 1 and "no Keyfront server runs on" in answer.stderr
    assert (stores(one), stores(other)) == (["kept"], ["kept"])


def test_the_folder_the_address_and_the_endpoint_name_a_server(two, tmp_path):
    one, other = two
    answer = run("reset", "--data", tmp_path / "one/data")
    assert re.fullmatch(r"server 127\.0\.0\.1:\d+ on \S+/one/data held 1 store, 0 pairs\n", answer.stderr)
    assert answer.stdout.startswith("reset: 0 stores, ")
    assert (stores(one), stores(other)) == ([], ["kept"])
    new_store(client(one, "cloudfront"), name="kept")
    for named in (
        {"arguments": ("--endpoint", other.endpoint)},
        {"arguments": ("--admin", admin_of(other))},
        {"KEYFRONT_ENDPOINT": other.endpoint},
        {"KEYFRONT_ADMIN": admin_of(other)},
        {"KEYFRONT_ENDPOINT": other.endpoint, "KEYFRONT_ADMIN": admin_of(other)},
    ):
        answer = run("reset", *named.pop("arguments", ()), folder=tmp_path, **named)
        assert answer.returncode == 0, answer.stderr
        assert answer.stderr == f"server {admin_of(other)} held 1 store, 0 pairs\n"
        assert (stores(one), stores(other)) == (["kept"], [])
        new_store(client(other, "cloudfront"), name="kept")


def test_a_command_under_exec_acts_on_the_server_of_exec(two, tmp_path):
    one, other = two
    answer = run_with(other, [BINARY, "reset"], folder=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert (stores(one), stores(other)) == (["kept"], [])


def test_two_names_that_mean_two_servers_are_refused(two, tmp_path):
    one, other = two
    for arguments, environment in (
        ((), {"KEYFRONT_ENDPOINT": other.endpoint, "KEYFRONT_ADMIN": admin_of(one)}),
        (("--admin", admin_of(other), "--data", tmp_path / "one/data"), {}),
    ):
        answer = run("reset", *arguments, folder=tmp_path, **environment)
        assert answer.returncode == 1 and "name" in answer.stderr, answer.stderr
    assert (stores(one), stores(other)) == (["kept"], ["kept"])


def test_errors_and_results_are_json_where_that_is_asked_for(two, tmp_path):
    one, _ = two
    answer = run("reset", "--data", tmp_path / "typo", "--output", "json")
    assert answer.returncode == 1
    assert json.loads(answer.stderr)["Error"]["ExitCode"] == 1
    answer = run("reset", "--data", tmp_path / "one/data", "--output", "json")
    report = json.loads(answer.stdout)
    assert (report["Stores"], report["StoresBefore"], report["PairsBefore"]) == (0, 1, 0)
    usage = run("reset", "--no-such-option", "--output", "json")
    assert usage.returncode == 2 and json.loads(usage.stderr)["Error"]["ExitCode"] == 2


def test_the_admin_address_is_recognized_as_an_endpoint(two):
    _, other = two
    address = f"http://{admin_of(other)}"
    for command in (
        ("kvs", "list"), ("keys", "list"), ("kvs", "get", "a", "b"), ("exec", "--", "true"),
        ("verify", "http://x/", "--key-group", "g"), ("fn", "list"),
    ):
        answer = run(command[0], "--endpoint", address, *command[1:])
        assert answer.returncode == 1, command
        assert "is the admin address of a" in answer.stderr, (command, answer.stderr)
