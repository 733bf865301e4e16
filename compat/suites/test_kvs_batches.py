"""`keyfront kvs sync` at an endpoint that has the service's operations alone, as AWS: UpdateKeys, 50 at a time.

A proxy takes Keyfront's own operations away and lets a test step in between two requests.
"""

import json
import signal

import pytest

from clients import all_pairs, etag_of, put_all
from kvs_command import DROP, STORE_BYTES, Kvs, proxied, write_json
from server import PATIENCE

MIB = 1024 * 1024


def wanted(count, value="v"):
    return {f"k{number:05}": value for number in range(count)}


def sync(kvs, store, *arguments, code=0):
    return kvs.json("sync", store["name"], "--from", "p.json", "--yes", *arguments, code=code)


@pytest.mark.parametrize(
    ("held", "pairs", "requests"),
    [
        ({}, wanted(1), 1), ({}, wanted(50), 1), ({}, wanted(51), 2), ({}, wanted(1000), 20),
        (wanted(1000), wanted(1000), 0),
        # Additions, changes and removals share requests: 25 of each.
        (wanted(75), {**{f"new{number}": "v" for number in range(25)}, **wanted(25, "w"), **dict(list(wanted(50).items())[25:])}, 2),
    ],
    ids=["one", "fifty", "fifty-one", "a thousand", "none", "mixed"],
)
def test_no_request_too_many_is_sent(plain_kvs, proxy, store, data, held, pairs, requests):
    put_all(data, store["arn"], held)
    write_json(plain_kvs.folder / "p.json", pairs)
    assert sync(plain_kvs, store, "--exclusive")["Requests"] == requests
    sent = proxy.of("UpdateKeys")
    assert len(sent) == requests and all(seen.pairs <= 50 for seen in sent)
    assert all_pairs(data, store["arn"]) == pairs
    # That the endpoint is another is found out once, and its answer costs one request.
    assert len(proxy.of("ReadPairs")) == 1 and not proxy.of("WritePairs")


def test_each_request_carries_the_etag_of_the_answer_before(plain_kvs, proxy, store):
    write_json(plain_kvs.folder / "p.json", wanted(200))
    sync(plain_kvs, store)
    # Nothing is asked between two writes: two looks at the ETag around reading, none afterwards.
    assert [seen.operation for seen in proxy.seen if seen.operation != "control plane"] == [
        "ReadPairs", "DescribeKeyValueStore", "ListKeys", "DescribeKeyValueStore", *["UpdateKeys"] * 4,
    ]


def test_a_batch_size_makes_smaller_requests_and_never_larger_ones(plain_kvs, proxy, store):
    write_json(plain_kvs.folder / "p.json", wanted(100))
    assert sync(plain_kvs, store, "--batch-size", "30")["Requests"] == 4
    write_json(plain_kvs.folder / "p.json", wanted(100, "w"))
    assert sync(plain_kvs, store, "--batch-size", "1000")["Requests"] == 2


def test_what_is_added_comes_first_and_what_is_removed_last(plain_kvs, proxy, store, data):
    put_all(data, store["arn"], {f"old{number}": "v" for number in range(60)} | {f"c{number}": "v" for number in range(60)})
    pairs = {f"c{number}": "w" for number in range(60)} | {f"new{number}": "v" for number in range(60)}
    write_json(plain_kvs.folder / "p.json", pairs)
    sync(plain_kvs, store, "--exclusive")
    order = []
    for seen in proxy.of("UpdateKeys"):
        body = json.loads(seen.body)
        order += [item["Key"][:1] for item in sorted(body.get("Puts") or [], key=lambda item: item["Key"], reverse=True)]
        order += ["o" for _ in body.get("Deletes") or []]
    assert "".join(order) == "n" * 60 + "c" * 60 + "o" * 60


def test_a_full_store_changes_its_pairs_without_being_over_its_limit_on_the_way(kvs, plain_kvs, proxy, store):
    full = {f"old{number:04}": "v" * 1017 for number in range(5 * 1024)}
    write_json(plain_kvs.folder / "p.json", full)
    assert sync(kvs, store)["TotalSizeInBytes"] == STORE_BYTES
    other = {f"new{number:04}": "v" * 1017 for number in range(5 * 1024)}
    write_json(plain_kvs.folder / "p.json", other)
    answer = sync(plain_kvs, store, "--exclusive")
    assert (answer["Added"], answer["Removed"], answer["Conflicts"]) == (5120, 5120, 0)
    assert answer["Requests"] == -(-2 * 5120 // 50)
    assert all(len(seen.body) < 3 * MIB for seen in proxy.of("UpdateKeys"))


def test_a_write_of_somebody_else_in_the_middle_is_taken_into_account(plain_kvs, proxy, store, data):
    put_all(data, store["arn"], wanted(100, "old"))
    write_json(plain_kvs.folder / "p.json", wanted(200))

    def step_in(seen):
        if seen.operation == "UpdateKeys" and seen.number == 3:
            puts = [{"Key": "foreign", "Value": "1"}, {"Key": "k00150", "Value": "v"}, {"Key": "k00001", "Value": "x"}]
            deletes = [{"Key": "k00002"}]
            data.update_keys(KvsARN=store["arn"], IfMatch=etag_of(data, store["arn"]), Puts=puts, Deletes=deletes)

    proxy.rule = step_in
    answer = sync(plain_kvs, store)
    assert all_pairs(data, store["arn"]) == {**wanted(200), "foreign": "1"}
    # k00150 was added by another client after all; k00002 was theirs to remove and is added again.
    assert answer["Conflicts"] == 1 and answer["Requests"] == len(proxy.of("UpdateKeys")) - 1
    assert answer["ItemCount"] == 201 and not answer["Atomic"]

    write_json(plain_kvs.folder / "p.json", wanted(200, "w"))
    second = len(proxy.of("UpdateKeys")) + 2

    def step_in_again(seen):
        if seen.operation == "UpdateKeys" and seen.number == second:
            data.put_key(KvsARN=store["arn"], Key="foreign", Value="2", IfMatch=etag_of(data, store["arn"]))

    proxy.rule = step_in_again
    said = plain_kvs.ok("sync", store["name"], "--from", "p.json", "--yes", "--exclusive")
    assert said == (
        "Added 0, changed 200, removed 1 in 5 requests; other clients wrote meanwhile, so the difference was computed again 1 time. "
        f"{store['name']} holds 200 pairs, 1,400 bytes.\n"
    )


def test_what_somebody_else_wrote_can_make_it_impossible_and_that_is_said(plain_kvs, proxy, store, data):
    write_json(plain_kvs.folder / "p.json", {f"{number:05}": "v" * 1019 for number in range(5 * 1024)})

    def step_in(seen):
        if seen.operation == "UpdateKeys" and seen.number == 2:
            data.put_key(KvsARN=store["arn"], Key="x", Value="", IfMatch=etag_of(data, store["arn"]))

    proxy.rule = step_in
    said = plain_kvs.fails("sync", store["name"], "--from", "p.json", "--yes").splitlines()
    assert said[-2:] == [
        f"keyfront: the store would have {STORE_BYTES + 1} bytes; a store has at most {STORE_BYTES}",
        "Added 50, changed 0, removed 0 in 1 request; 5,070 pairs not written yet; change the file, or the store",
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["interrupt", "terminate"])
def test_an_interruption_says_what_was_written_and_the_same_again_finishes(plain_kvs, proxy, store, data, number):
    write_json(plain_kvs.folder / "p.json", wanted(200))
    process = None
    said = []

    def interrupt(seen):
        if seen.operation == "UpdateKeys" and seen.number == 2:
            process.send_signal(number)
            # The answer waits until the signal was heard.
            while not (said and "stopping after" in said[-1]):
                said.append(process.stderr.readline())

    proxy.rule = interrupt
    process = plain_kvs.start("sync", store["name"], "--from", "p.json", "--yes", "--output", "json")
    assert process.wait(PATIENCE) == 1 and process.stdout.read() == ""
    assert said == ["stopping after the request that is under way; interrupt again to stop at once\n"]
    assert json.loads(process.stderr.read())["Error"]["Message"] == (
        "interrupted\n"
        "Added 100, changed 0, removed 0 in 2 requests; 100 pairs not written yet; run the same command again, and it "
        "writes what is missing"
    )
    assert len(proxy.of("UpdateKeys")) == 2 and len(all_pairs(data, store["arn"])) == 100
    proxy.rule = lambda seen: None
    assert sync(plain_kvs, store)["Added"] == 100
    assert all_pairs(data, store["arn"]) == wanted(200)


def test_a_second_interrupt_ends_it_at_once(plain_kvs, proxy, store):
    write_json(plain_kvs.folder / "p.json", wanted(200))
    process = None

    def interrupt(seen):
        if seen.operation == "UpdateKeys":
            process.send_signal(signal.SIGINT)
            assert "stopping after" in process.stderr.readline()
            process.send_signal(signal.SIGINT)
            # There is no answer before the process has ended.
            process.wait(PATIENCE)

    proxy.rule = interrupt
    process = plain_kvs.start("sync", store["name"], "--from", "p.json", "--yes", "--output", "json")
    assert process.wait(PATIENCE) == 1
    assert json.loads(process.stderr.read())["Error"]["Message"] == (
        "interrupted before the service had answered, so what was written last is not known; run the same "
        "command again, and it writes what is missing"
    )


def test_create_with_a_file_that_is_interrupted_says_that_the_store_is_there(plain_kvs, proxy, data, store):
    write_json(plain_kvs.folder / "p.json", wanted(200))
    name = f"{store['name']}-new"
    process = None

    def interrupt(seen):
        if seen.operation == "UpdateKeys" and seen.number == 1:
            process.send_signal(signal.SIGINT)
            assert "stopping after" in process.stderr.readline()

    proxy.rule = interrupt
    process = plain_kvs.start("create", name, "--file", "p.json")
    assert process.wait(PATIENCE) == 1
    assert process.stderr.read() == (
        "keyfront: interrupted\n"
        "Added 50, changed 0, removed 0 in 1 request; 150 pairs not written yet; "
        f"{name} was created; `keyfront kvs sync {name} --file` writes what is missing\n"
    )
    proxy.rule = lambda seen: None
    assert sync(plain_kvs, {"name": name})["Added"] == 150


def test_an_answer_that_is_lost_after_the_write_is_counted_as_what_it_was(plain_kvs, proxy, store, data):
    put_all(data, store["arn"], {"k00000": "old", "gone": "1"})
    write_json(plain_kvs.folder / "p.json", wanted(120))
    proxy.rule = lambda seen: DROP if seen.operation == "UpdateKeys" and seen.number == 2 else None
    answer = sync(plain_kvs, store, "--exclusive")
    assert all_pairs(data, store["arn"]) == wanted(120)
    assert (answer["Added"], answer["Changed"], answer["Removed"]) == (119, 1, 1)
    assert (answer["Requests"], answer["Conflicts"]) == (3, 0)


def test_a_lost_answer_and_a_write_of_somebody_else_are_told_apart(plain_kvs, proxy, store, data):
    write_json(plain_kvs.folder / "p.json", wanted(100))

    def lose_it_unsent(seen):
        if seen.operation == "UpdateKeys" and seen.number == 1:
            data.put_key(KvsARN=store["arn"], Key="k00000", Value="x", IfMatch=etag_of(data, store["arn"]))
            return DROP

    proxy.rule = lose_it_unsent
    answer = sync(plain_kvs, store)
    assert (answer["Added"], answer["Changed"], answer["Conflicts"]) == (99, 1, 1)
    assert all_pairs(data, store["arn"]) == wanted(100)


def test_a_whole_write_whose_answer_is_lost_was_one_write(server, store, data, tmp_path):
    write_json(tmp_path / "p.json", wanted(500))
    with proxied(server, extension=True) as proxy:
        proxy.rule = lambda seen: DROP if seen.operation == "WritePairs" and seen.number == 1 else None
        answer = sync(Kvs(proxy.endpoint, tmp_path), store)
    assert (answer["Added"], answer["Requests"], answer["Conflicts"], answer["Atomic"]) == (500, 1, 0, True)


def test_an_endpoint_that_is_gone_in_the_middle_leaves_a_doubt_and_says_so(plain_kvs, proxy, store, data):
    write_json(plain_kvs.folder / "p.json", wanted(200))
    proxy.rule = lambda seen: DROP if seen.operation == "UpdateKeys" and seen.number >= 2 else None
    # The first attempt of the second batch was carried out, all the others met its effect, and no answer came.
    said = plain_kvs.fails("sync", store["name"], "--from", "p.json", "--yes", timeout=120)
    assert "UpdateKeys: no Keyfront server answered at" in said
    assert (
        "Added 50, changed 0, removed 0 in 1 request; 50 pairs may be written or not, the service did not answer; "
        "100 pairs not written yet; run the same command again"
    ) in said
    proxy.rule = lambda seen: None
    assert sync(plain_kvs, store)["Added"] == 100


@pytest.mark.parametrize(
    "answer",
    [(404, b"not found", None), (404, b"<html>no</html>", None), (405, b"", None), (501, b"{}", "NotImplemented")],
    ids=["text", "html", "405", "501"],
)
def test_whatever_an_endpoint_says_to_what_it_does_not_know_the_services_own_operations_are_used(
    server, store, data, tmp_path, answer
):
    write_json(tmp_path / "p.json", wanted(60))
    with proxied(server, extension=True) as proxy:
        proxy.rule = lambda seen: answer if seen.operation in ("ReadPairs", "WritePairs") else None
        assert sync(Kvs(proxy.endpoint, tmp_path), store)["Requests"] == 2


def test_a_store_is_read_of_one_moment_although_pages_are_not(plain_kvs, proxy, store, data):
    put_all(data, store["arn"], wanted(120))

    def step_in(seen):
        if seen.operation == "ListKeys" and seen.number == 2:
            etag = etag_of(data, store["arn"])
            data.update_keys(KvsARN=store["arn"], IfMatch=etag, Puts=[{"Key": "k00000", "Value": "x"}], Deletes=[{"Key": "k00119"}])

    proxy.rule = step_in
    assert plain_kvs.pairs(store["name"]) == {**wanted(119), "k00000": "x"}
    assert len(proxy.of("ListKeys")) == 6
