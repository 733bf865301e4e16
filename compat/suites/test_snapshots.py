"""`keyfront snapshot` and `keyfront reset`: what a test suite does between its tests."""

import http.client
import json
import re
import subprocess
import threading

import pytest

import server as keyfront
from admin import admin_of, command, planes, snapshot, state
from clients import all_pairs, client, etag_of, new_arn, new_store, put_all, wait_until_provisioned
from conftest import running
from server import BINARY, clean_environment
from test_import import Misbehaving, configuration, start_import

DONE = r"\d+ stores?, [\d,]+ pairs?, [\d.,]+ (?:bytes?|kB|MB) in \d+ ms"


@pytest.fixture(params=["folder", "memory"])
def any_server(request, tmp_path):
    """A server with a data folder, and one that keeps nothing."""
    storage = ("--data", tmp_path / "data") if request.param == "folder" else ()
    with running(tmp_path, *storage) as server:
        yield server


def fill(server):
    control, data = planes(server)
    one = new_store(control, name="one", Comment="first")
    arn = one["KeyValueStore"]["ARN"]
    control.tag_resource(Resource=arn, Tags={"Items": [{"Key": "team", "Value": "edge"}]})
    put_all(data, arn, {f"key{n}": f"value{n}" for n in range(120)})
    new_store(control, name="two")
    return arn


def spoil(server, arn):
    """Changes everything that can be changed."""
    control, data = planes(server)
    data.delete_key(KvsARN=arn, Key="key7", IfMatch=etag_of(data, arn))
    put_all(data, arn, {"key1": "other", "new": "pair"})
    control.untag_resource(Resource=arn, TagKeys={"Items": ["team"]})
    one = control.describe_key_value_store(Name="one")
    control.update_key_value_store(Name="one", Comment="changed", IfMatch=one["ETag"])
    two = control.describe_key_value_store(Name="two")
    control.delete_key_value_store(Name="two", IfMatch=two["ETag"])
    new_store(control, name="three")


def test_a_restore_brings_back_all_that_clients_can_see(any_server):
    arn = fill(any_server)
    before = state(any_server)
    assert re.fullmatch(rf"saved first: {DONE}\n", snapshot(any_server, "save", "first"))
    for _ in range(3):
        spoil(any_server, arn)
        assert state(any_server) != before
        output = snapshot(any_server, "restore", "first")
        assert re.fullmatch(rf"restored first: 2 stores, 120 pairs, {DONE.split('pairs?, ')[1]}\n", output), output
        assert state(any_server) == before
    # And the server goes on as if nothing had been.
    _, data = planes(any_server)
    put_all(data, arn, {"after": "restore"})
    assert all_pairs(data, arn)["after"] == "restore"


def test_etags_after_a_restore_are_those_of_the_snapshot(any_server):
    arn = fill(any_server)
    _, data = planes(any_server)
    etag = etag_of(data, arn)
    snapshot(any_server, "save", "first")
    later = data.put_key(KvsARN=arn, Key="a", Value="1", IfMatch=etag)["ETag"]
    snapshot(any_server, "restore", "first")
    with pytest.raises(data.exceptions.ValidationException):
        data.put_key(KvsARN=arn, Key="a", Value="2", IfMatch=later)
    assert data.put_key(KvsARN=arn, Key="a", Value="1", IfMatch=etag)["ETag"] == later


def test_snapshots_are_listed_replaced_and_deleted(any_server):
    assert snapshot(any_server, "list") == ""
    snapshot(any_server, "save", "b")
    arn = fill(any_server)
    snapshot(any_server, "save", "a.1_X-y")
    lines = snapshot(any_server, "list").splitlines()
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.fullmatch(rf"a\.1_X-y  {moment}  2 stores, 120 pairs, 1\.\d kB", lines[0])
    assert re.fullmatch(rf"b        {moment}  0 stores, 0 pairs, 0 bytes", lines[1])
    snapshot(any_server, "save", "b")
    assert "2 stores" in snapshot(any_server, "list").splitlines()[1]
    assert snapshot(any_server, "delete", "b") == "deleted b\n"
    assert len(snapshot(any_server, "list").splitlines()) == 1
    before = state(any_server)
    for action in ("restore", "delete"):
        assert "there is no snapshot b" in snapshot(any_server, action, "b", code=1)
    assert state(any_server) == before and arn


def test_a_name_that_is_none_is_refused_by_the_command_and_by_the_server(any_server):
    for name in (".hidden", "a/b", "..", "a" * 65, "a b"):
        assert "a snapshot's name has" in snapshot(any_server, "save", name, code=2)
    for name in (".hidden", "a%2Fb", "a" * 65):
        status, text = request(any_server, "POST", f"/snapshots/{name}")
        assert status == 400 and "a snapshot's name has" in text
    status, _ = request(any_server, "POST", "/snapshots/../control")
    assert status in (400, 405)


def request(server, method, path, token="test", **headers):
    connection = http.client.HTTPConnection(admin_of(server), timeout=keyfront.PATIENCE)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_the_endpoints_answer_json_and_want_a_token(any_server):
    fill(any_server)
    status, text = request(any_server, "POST", "/snapshots/x")
    done = json.loads(text)
    assert status == 200 and (done["Stores"], done["Pairs"]) == (2, 120) and "Milliseconds" in done
    status, text = request(any_server, "GET", "/snapshots")
    assert status == 200 and [listed["Name"] for listed in json.loads(text)] == ["x"]
    for path in ("/snapshots/x/restore", "/reset"):
        assert request(any_server, "POST", path)[0] == 200
    assert request(any_server, "DELETE", "/snapshots/x") == (200, '"x"')
    assert request(any_server, "GET", "/snapshots/x")[0] == 405
    for token in (None, "wrong"):
        for method, path in (("GET", "/snapshots"), ("POST", "/snapshots/y"), ("POST", "/reset")):
            assert request(any_server, method, path, token=token)[0] == 401
    assert request(any_server, "POST", "/reset", Origin="http://evil.example")[0] == 403


def test_a_reset_empties_the_server_and_keeps_snapshots(any_server):
    arn = fill(any_server)
    before = state(any_server)
    snapshot(any_server, "save", "first")
    assert re.fullmatch(r"reset: 0 stores, 0 pairs, 0 bytes in \d+ ms\n", command(any_server, "reset"))
    assert state(any_server) == {}
    _, data = planes(any_server)
    with pytest.raises(data.exceptions.ResourceNotFoundException):
        data.get_key(KvsARN=arn, Key="key1")
    snapshot(any_server, "restore", "first")
    assert state(any_server) == before


def test_a_snapshot_survives_a_restart_and_is_for_its_owner_alone(tmp_path):
    data = tmp_path / "data"
    with running(tmp_path, "--data", data) as server:
        arn = fill(server)
        before = state(server)
        snapshot(server, "save", "first")
        spoil(server, arn)
    assert (data / "snapshots").stat().st_mode & 0o777 == 0o700
    assert (data / "snapshots/first.snapshot").stat().st_mode & 0o777 == 0o600
    # What a save that was cut off left behind does no harm.
    (data / "snapshots/first.new").write_text("half")
    log = (tmp_path / "keyfront.log")
    log.unlink()
    with running(tmp_path, "--data", data) as server:
        assert state(server) != before
        snapshot(server, "restore", "first")
        assert state(server) == before
        snapshot(server, "save", "first")
        # A command finds the server by its data folder, too.
        found = subprocess.run(
            [BINARY, "snapshot", "list", "--data", data],
            capture_output=True, text=True, timeout=keyfront.PATIENCE, env=clean_environment(),
        )
        assert found.returncode == 0 and found.stdout.startswith("first  ")


def test_a_damaged_snapshot_is_said_and_nothing_is_restored(tmp_path):
    with running(tmp_path, "--data", tmp_path / "data") as server:
        arn = fill(server)
        snapshot(server, "save", "first")
        snapshot(server, "save", "second")
        path = tmp_path / "data/snapshots/first.snapshot"
        whole = path.read_bytes()
        spoil(server, arn)
        before = state(server)
        damages = {
            "its checksum does not match": [
                whole[:-1], whole + b"x", whole[:100] + bytes([whole[100] ^ 1]) + whole[101:], whole[:44],
            ],
            "it is not a snapshot": [b"", b"something else"],
            "it has the format": [whole[:11] + b"\x02" + whole[12:]],
        }
        for words, files in damages.items():
            for damaged in files:
                path.write_bytes(damaged)
                said = snapshot(server, "restore", "first", code=1)
                assert words in said and "first.snapshot" in said and "nothing was restored" in said
                assert f"first   cannot be used: {words}" in snapshot(server, "list")
        assert state(server) == before
        snapshot(server, "save", "first")
        assert "cannot" not in snapshot(server, "list")


def test_a_pending_import_begins_again(tmp_path):
    """The store of the snapshot is provisioning; it is imported again, whatever became of it since."""
    s3 = Misbehaving("waiting")
    try:
        config = configuration(tmp_path / "keyfront.toml", endpoint=s3.endpoint)
        with running(tmp_path, "--config", config) as server:
            control, data = planes(server)
            name, created = start_import(control, "k.json")
            assert s3.asked.wait(20)
            snapshot(server, "save", "pending")
            command(server, "reset")
            assert state(server) == {}
            s3.behaviour = "whole"
            s3.released.set()
            for _ in range(2):
                snapshot(server, "restore", "pending")
                described = wait_until_provisioned(control, name)["KeyValueStore"]
                assert described["Status"] == "READY"
                assert described["ARN"] == created["KeyValueStore"]["ARN"]
                assert len(all_pairs(data, described["ARN"])) == 1000
    finally:
        s3.released.set()
        s3.shutdown()
        s3.server_close()


def test_a_restore_while_eight_write_mixes_nothing_and_loses_nothing(any_server):
    control, data = planes(any_server)
    arns = [new_arn(control) for _ in range(8)]
    for arn in arns:
        put_all(data, arn, {"a": "0", "b": "0", "c": "0"})
    begin = {arn: etag_of(data, arn) for arn in arns}
    snapshot(any_server, "save", "first")
    stop, failures, written = threading.Event(), [], {}

    def write(arn):
        _, data = planes(any_server)
        count = 0
        while True:
            last, count = stop.is_set(), count + 1
            puts = [{"Key": key, "Value": str(count)} for key in "abc"]
            try:
                etag = etag_of(data, arn)
                data.update_keys(KvsARN=arn, IfMatch=etag, Puts=puts)
            except data.exceptions.ValidationException:
                continue
            except Exception as failure:  # noqa: BLE001
                failures.append(failure)
                return
            if last:
                written[arn] = str(count)
                return

    writers = [threading.Thread(target=write, args=(arn,)) for arn in arns]
    for writer in writers:
        writer.start()
    for _ in range(10):
        snapshot(any_server, "restore", "first")
        for arn in arns:
            assert len(set(all_pairs(data, arn).values())) == 1
    stop.set()
    for writer in writers:
        writer.join(timeout=keyfront.PATIENCE)
    assert not failures
    for arn in arns:
        assert all_pairs(data, arn) == dict.fromkeys("abc", written[arn])
    snapshot(any_server, "restore", "first")
    for arn in arns:
        assert all_pairs(data, arn) == dict.fromkeys("abc", "0") and etag_of(data, arn) == begin[arn]


def serving(tmp_path, testing):
    """A server for real, with one credential, and the configuration's [testing]."""
    config = tmp_path / "keyfront.toml"
    config.write_text(
        '[server]\nlisten = "127.0.0.1:0"\n[admin]\nlisten = "127.0.0.1:0"\n'
        f'[store]\ndata = "{tmp_path / "data"}"\n{testing}'
    )
    policy = tmp_path / "policy.json"
    policy.write_text('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}')
    made = subprocess.run(
        [BINARY, "credentials", "create", "--config", config, "--account", "123456789012", "--user", "u",
         "--policy", policy],
        capture_output=True, text=True, timeout=keyfront.PATIENCE, env=clean_environment(),
    )
    if made.returncode:
        raise AssertionError(made.stderr)
    credential = tuple(line.split()[-1] for line in made.stdout.splitlines())
    return keyfront.Server(tmp_path / "keyfront.log", "serve", "--config", config), credential


def here(tmp_path, *arguments):
    return subprocess.run(
        [BINARY, *arguments, "--data", tmp_path / "data"],
        capture_output=True, text=True, timeout=keyfront.PATIENCE, env=clean_environment(),
    )


def test_serve_refuses_unless_the_configuration_says_so(tmp_path):
    server, _ = serving(tmp_path, "")
    try:
        for arguments in (("snapshot", "save", "x"), ("snapshot", "list"), ("reset",)):
            answer = here(tmp_path, *arguments)
            assert answer.returncode == 1
            assert "set snapshots = true in [testing]" in answer.stderr
    finally:
        server.stop()


def test_serve_with_the_setting_wants_its_own_token_and_keeps_credentials(tmp_path):
    server, credential = serving(tmp_path, "[testing]\nsnapshots = true\n")
    try:
        address = (tmp_path / "data/control").read_text().splitlines()[0]
        outsider = subprocess.run(
            [BINARY, "reset", "--admin", address, "--data", tmp_path / "nothing", "--token", "test"],
            capture_output=True, text=True, timeout=keyfront.PATIENCE, env=clean_environment(),
        )
        assert outsider.returncode == 1
        control = client(server, "cloudfront", credential=credential)
        new_store(control, name="one")
        assert here(tmp_path, "snapshot", "save", "x").stdout.startswith("saved x: 1 store, ")
        assert here(tmp_path, "reset").returncode == 0
        assert control.list_key_value_stores()["KeyValueStoreList"].get("Items", []) == []
        assert here(tmp_path, "snapshot", "restore", "x").returncode == 0
        assert len(control.list_key_value_stores()["KeyValueStoreList"]["Items"]) == 1
    finally:
        server.stop()
