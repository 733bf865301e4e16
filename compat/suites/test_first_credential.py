"""The first credential of a server for production, from the environment and from files of secrets."""

import json
import subprocess

import pytest

import server as keyfront
from clients import client
from server import BINARY, PATIENCE, clean_environment

CONFIGURATION = '[server]\nlisten = "127.0.0.1:0"\n[admin]\nlisten = "127.0.0.1:0"\n[edge]\nenabled = false\n'
KEY, SECRET = "app_key", "a-long-secret"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "keyfront.toml").write_text(CONFIGURATION)
    (tmp_path / "secret").write_text(SECRET + "\n")
    return tmp_path


def listed(folder):
    command = [BINARY, "credentials", "list", "--config", "keyfront.toml", "--output", "json"]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
    return [(shown["AccessKeyId"], shown["UserName"]) for shown in json.loads(answer.stdout)]


def initial(monkeypatch, folder, **more):
    values = {
        "ACCOUNT": "123456789012", "ACCESS_KEY_ID": KEY, "SECRET_ACCESS_KEY_FILE": folder / "secret", **more,
    }
    for name, value in values.items():
        monkeypatch.setenv(f"KEYFRONT_INITIAL_{name}", str(value))


def serve(folder):
    return keyfront.Server(folder / "log", "serve", "--config", "keyfront.toml", folder=folder)


def test_it_is_made_once_and_may_do_everything(folder, monkeypatch):
    (folder / "secret").chmod(0o440)
    initial(monkeypatch, folder, USER="app")
    server = serve(folder)
    try:
        assert client(server, "cloudfront", (KEY, SECRET)).list_key_value_stores()["KeyValueStoreList"]["Quantity"] == 0
        assert "its group can read it (mode 0440)" in server.log
        assert SECRET not in server.log
    finally:
        server.stop()
    assert listed(folder) == [(KEY, "app")]
    # The store has one now: another one in the environment changes nothing, and the warning can be silenced.
    initial(monkeypatch, folder, USER="other", ACCESS_KEY_ID="other_key")
    monkeypatch.setenv("KEYFRONT_SHARED_SECRETS", "accept")
    (folder / "log").unlink()
    server = serve(folder)
    assert server.stop() == 0
    assert listed(folder) == [(KEY, "app")] and "can read it" not in server.log


@pytest.mark.parametrize(
    ("mode", "accepted", "said"),
    [(0o444, "", "others can read it (mode 0444)"), (0o460, "accept", "others can change it (mode 0460)")],
)
def test_a_secret_that_others_can_read_or_change_is_refused(folder, monkeypatch, mode, accepted, said):
    (folder / "secret").chmod(mode)
    initial(monkeypatch, folder)
    answer = subprocess.run(
        [BINARY, "serve"], cwd=folder, capture_output=True, text=True, timeout=PATIENCE,
        env=clean_environment(KEYFRONT_SHARED_SECRETS=accepted),
    )
    assert answer.returncode == 1 and said in answer.stderr
