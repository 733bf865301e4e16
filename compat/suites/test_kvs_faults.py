"""`keyfront kvs` and a service that fails: what is tried again, how often, and what is said in the end."""

import pytest

from clients import all_pairs, etag_of
from kvs_command import write_json
from test_faults import admin_of


@pytest.fixture
def admin(server):
    admin = admin_of(server)
    yield admin
    admin.clear()


def wanted(count):
    return {f"k{number:05}": "v" for number in range(count)}


@pytest.mark.parametrize("fault", ["throttle", "internal-error", "unavailable"])
def test_failures_that_pass_are_not_noticed(kvs, plain_kvs, admin, store, data, fault):
    write_json(kvs.folder / "p.json", wanted(60))
    for command, writes in ((kvs, 1), (plain_kvs, 2)):
        admin.set("*", fault, Count=3)
        for operation in ("ReadPairs", "WritePairs", "UpdateKeys", "ListKeys"):
            admin.set(operation, fault, Count=1)
        answer = command.json("sync", store["name"], "--from", "p.json", "--yes")
        assert (answer["Added"], answer["Requests"], answer["Conflicts"]) == (60, writes, 0)
        admin.clear()
        assert all_pairs(data, store["arn"]) == wanted(60)
        command.ok("rm", store["name"], *wanted(60))


@pytest.mark.parametrize("operation", ["ReadPairs", "WritePairs", "UpdateKeys"])
def test_a_conflict_is_worked_out_anew(kvs, plain_kvs, admin, store, operation):
    write_json(kvs.folder / "p.json", wanted(60))
    command = plain_kvs if operation == "UpdateKeys" else kvs
    admin.set("*" if operation == "ReadPairs" else operation, "conflict", Count=1)
    answer = command.json("sync", store["name"], "--from", "p.json", "--yes")
    assert (answer["Added"], answer["Conflicts"]) == (60, 1)


def test_put_and_rm_try_again_when_somebody_else_was_faster(kvs, admin, store, data):
    admin.set("PutKey", "conflict", Count=2)
    admin.set("UpdateKeys", "conflict", Count=2)
    kvs.ok("put", store["name"], "a", "1")
    kvs.ok("rm", store["name"], "a")
    assert admin.list() == [] and all_pairs(data, store["arn"]) == {}


@pytest.mark.parametrize("operation", ["WritePairs", "UpdateKeys"])
def test_conflicts_without_end_come_to_an_end(kvs, plain_kvs, admin, store, data, operation):
    etag = etag_of(data, store["arn"])
    write_json(kvs.folder / "p.json", wanted(60))
    command = plain_kvs if operation == "UpdateKeys" else kvs
    admin.set(operation, "conflict")
    said = command.fails("sync", store["name"], "--from", "p.json", "--yes").splitlines()
    assert said[-2:] == [
        "keyfront: other clients write to this store all the time: it changed 20 times while it was written",
        "nothing was written; 60 pairs not written yet; run the same command again, and it writes what is missing",
    ]
    assert [rule["Hits"] for rule in admin.list()] == [20]
    assert etag_of(data, store["arn"]) == etag


def test_a_service_that_goes_on_failing_is_named_with_its_answer(kvs, plain_kvs, admin, store, data):
    write_json(kvs.folder / "p.json", wanted(60))
    admin.set("ReadPairs", "internal-error")
    assert "ReadPairs: InternalServerException: " in kvs.fails("ls", store["name"])
    assert [rule["Hits"] for rule in admin.list()] == [8]
    admin.clear()
    admin.set("UpdateKeys", "unavailable")
    said = plain_kvs.fails("sync", store["name"], "--from", "p.json", "--yes").splitlines()
    assert said[-2].startswith("keyfront: UpdateKeys: ServiceUnavailableException: ")
    assert said[-1] == (
        "50 pairs may be written or not, the service did not answer; 10 pairs not written yet; run the same command "
        "again, and it writes what is missing"
    )


def test_a_connection_that_is_lost_after_the_write_is_not_a_conflict(kvs, plain_kvs, admin, store, data):
    write_json(kvs.folder / "p.json", wanted(60))
    admin.set("WritePairs", "drop", Count=1)
    answer = kvs.json("sync", store["name"], "--from", "p.json", "--yes")
    assert (answer["Added"], answer["Requests"], answer["Conflicts"]) == (60, 1, 0)
    assert admin.list() == []


def test_a_delete_whose_answer_is_lost_has_deleted(kvs, admin, store):
    admin.set("DeleteKeyValueStore", "drop", Count=1)
    assert kvs.ok("delete", store["name"], "--yes") == f"deleted {store['name']}\n"
    assert admin.list() == []


def test_a_store_that_is_still_provisioned_is_waited_for(kvs, admin, store):
    name = f"{store['name']}-slow"
    admin.set("CreateKeyValueStore", "provisioning", Seconds=1)
    write_json(kvs.folder / "p.json", wanted(3))
    assert kvs.ok("create", name, "--file", "p.json").startswith(f"created {name} with 3 pairs\n")


def test_progress_is_a_line_now_and_then_where_there_is_no_terminal(plain_kvs, admin, store):
    write_json(plain_kvs.folder / "p.json", wanted(500))
    admin.set("UpdateKeys", "latency", Ms=700)
    answer = plain_kvs.run("sync", store["name"], "--from", "p.json", "--yes", "--output", "json")
    assert answer.json["Requests"] == 10
    lines = answer.err.splitlines()
    assert lines and all(line.startswith("writing: ") and line.endswith(" of 500") for line in lines), lines
