"""`keyfront kvs sync` and `diff`: what is owned is written, what is not is left alone, and readers see no mixture."""

import threading

import pytest

from clients import all_pairs, client, etag_of, new_arn, put_all
from conftest import running
from kvs_command import STORE_BYTES, Kvs, write_json
from test_extension import pairs_of, read
from wire import Wire


@pytest.fixture(params=["whole", "batches"])
def any_kvs(request, kvs, plain_kvs):
    """With Keyfront's own operations and without."""
    return kvs if request.param == "whole" else plain_kvs


def test_a_plan_shows_what_would_change_and_writes_nothing(any_kvs, store, data):
    put_all(data, store["arn"], {"same": "1", "other": "1", "/old": "1"})
    etag = etag_of(data, store["arn"])
    write_json(any_kvs.folder / "p.json", {"same": "1", "/old": "2", "/new": "a\nb"})
    answer = any_kvs.run("sync", store["name"], "--from", "p.json", "--dry-run")
    assert (answer.code, answer.err) == (3, "")
    assert answer.out == f'''  + "/new" = "a\\nb"
  ~ "/old" = "1" -> "2"

Plan: 1 to add, 1 to change, 0 to remove; 1 unchanged, 1 left alone.
Then: 4 pairs, 23 of {STORE_BYTES:,} bytes (now 3 pairs, 16 bytes).
'''
    plan = any_kvs.json("sync", store["name"], "--file", "p.json", "--dry-run", "--exclusive", code=3)
    assert plan == any_kvs.json("diff", store["name"], "--from", "p.json", code=3)
    assert plan == {
        "Add": 1, "Change": 1, "Remove": 1, "Unchanged": 1, "LeftAlone": 0,
        "ItemCountBefore": 3, "TotalSizeInBytesBefore": 16, "ItemCountAfter": 3, "TotalSizeInBytesAfter": 17,
        "Changes": [
            {"Action": "add", "Key": "/new", "New": "a\nb"},
            {"Action": "change", "Key": "/old", "Old": "1", "New": "2"},
            {"Action": "remove", "Key": "other", "Old": "1"},
        ],
    }
    assert '  - "other" = "1"\n' in any_kvs.run("diff", store["name"], "--from", "p.json").out
    assert etag_of(data, store["arn"]) == etag


def test_without_exclusive_nothing_is_removed_and_with_it_the_store_is_the_file(any_kvs, store, data):
    put_all(data, store["arn"], {"a": "1", "b": "1", "c": "1"})
    pairs = {"b": "2", "d": "1"}
    write_json(any_kvs.folder / "p.json", pairs)
    said = any_kvs.ok("sync", store["name"], "--from", "p.json", "--yes")
    assert said.startswith("Added 1, changed 1, removed 0 in ")
    assert said.endswith(f"{store['name']} holds 4 pairs, 8 bytes.\n")
    assert all_pairs(data, store["arn"]) == {"a": "1", "b": "2", "c": "1", "d": "1"}
    assert any_kvs.ok("sync", store["name"], "--from", "p.json", "--yes", "--exclusive").startswith(
        "Added 0, changed 0, removed 2 in "
    )
    assert all_pairs(data, store["arn"]) == pairs


def test_the_same_again_writes_nothing_and_says_so_in_the_same_words(any_kvs, store, data):
    write_json(any_kvs.folder / "p.json", {"a": "1", "b": "2"})
    first = any_kvs.json("sync", store["name"], "--from", "p.json", "--yes", "--exclusive")
    etag = etag_of(data, store["arn"])
    again = any_kvs.json("sync", store["name"], "--from", "p.json", "--yes", "--exclusive")
    assert again == {**first, "Added": 0, "Requests": 0, "Atomic": True}
    for arguments in (("--yes",), (), ("--dry-run",)):
        answer = any_kvs.run("sync", store["name"], "--from", "p.json", *arguments)
        assert (answer.code, answer.err) == (0, "")
        assert answer.out == f"Nothing to do: 2 pairs, 4 of {STORE_BYTES:,} bytes.\n"
    assert etag_of(data, store["arn"]) == etag


def test_what_was_done_as_json(kvs, plain_kvs, store):
    write_json(kvs.folder / "p.json", {f"k{number:03}": "v" for number in range(120)})
    expected = {
        "ARN": store["arn"], "Added": 120, "Changed": 0, "Removed": 0, "ItemCount": 120, "TotalSizeInBytes": 600,
        "Requests": 1, "Conflicts": 0, "Atomic": True,
    }
    assert kvs.json("sync", store["name"], "--from", "p.json", "--yes") == expected
    write_json(kvs.folder / "p.json", {f"k{number:03}": "w" for number in range(120)})
    expected |= {"Added": 0, "Changed": 120, "Requests": 3, "Atomic": False}
    assert plain_kvs.json("sync", store["name"], "--from", "p.json", "--yes") == expected


def test_two_teams_share_a_store_by_prefixes(any_kvs, store, data):
    put_all(data, store["arn"], {"unowned": "1"})
    teams = {team: write_json(any_kvs.folder / f"{team}.json", {f"{team}/a": "1", f"{team}/b": "1"}) for team in ("red", "blue")}
    sync = lambda team: any_kvs.ok(
        "sync", store["name"], "--from", f"{team}.json", "--prefix", f"{team}/", "--exclusive", "--yes"
    )
    sync("red"), sync("blue")
    write_json(teams["red"], {"red/a": "2"})
    assert sync("red").startswith("Added 0, changed 1, removed 1 in ")
    assert all_pairs(data, store["arn"]) == {"unowned": "1", "red/a": "2", "blue/a": "1", "blue/b": "1"}
    # The other team's file is refused, key by key.
    said = any_kvs.fails("sync", store["name"], "--from", "blue.json", "--prefix", "red/", "--exclusive", "--yes")
    assert said.splitlines() == [
        "keyfront: nothing was written:",
        'the key "blue/a" is not under the prefix "red/"',
        'the key "blue/b" is not under the prefix "red/"',
    ]
    compare = ("diff", store["name"], "--from", "red.json", "--prefix")
    assert any_kvs.run(*compare, "red/").code == 0
    write_json(teams["red"], {})
    answer = any_kvs.run("diff", store["name"], "--from", "red.json", "--prefix", "red/")
    assert answer.code == 3 and answer.out.endswith("The file has no pairs: this removes the only pair under the prefix.\n")


def test_without_a_terminal_it_wants_to_be_told(any_kvs, store, data):
    write_json(any_kvs.folder / "p.json", {"a": "1"})
    answer = any_kvs.run("sync", store["name"], "--from", "p.json", stdin="yes\n")
    assert answer.code == 1 and answer.out == ""
    assert answer.err.startswith('  + "a" = "1"\n')
    assert answer.err.endswith(
        "keyfront: nothing was written: there is no terminal to ask at; add --yes to write, or --dry-run to see the difference\n"
    )
    answer = any_kvs.run("sync", store["name"], "--from", "-", stdin='{"a":"1"}\nyes\n')
    assert answer.code == 1
    assert all_pairs(data, store["arn"]) == {}


def test_an_empty_file_empties_the_store_only_if_it_is_owned_and_says_so(any_kvs, store, data):
    put_all(data, store["arn"], {"a": "1", "b": "1"})
    (any_kvs.folder / "p.csv").write_text("key,value\n")
    assert any_kvs.ok("sync", store["name"], "--from", "p.csv", "--yes").startswith("Nothing to do: 2 pairs")
    answer = any_kvs.run("sync", store["name"], "--from", "p.csv", "--yes", "--exclusive")
    assert answer.code == 0
    assert "The file has no pairs: this removes all 2 pairs of the store.\n" in answer.err
    assert all_pairs(data, store["arn"]) == {}


def test_a_long_plan_is_cut_before_the_question_and_whole_when_asked_for(kvs, store):
    write_json(kvs.folder / "p.json", {f"k{number:04}": "v" for number in range(1_234)})
    assert kvs.run("sync", store["name"], "--from", "p.json", "--dry-run").out.count("  + ") == 1_234
    said = kvs.run("sync", store["name"], "--from", "p.json", "--yes").err
    assert said.count("  + ") == 100 and "    … and 1,134 more; --dry-run shows all\n" in said


def test_with_json_only_json_is_printed_and_nothing_is_said(kvs, store):
    write_json(kvs.folder / "p.json", {"a": "1"})
    answer = kvs.run("sync", store["name"], "--from", "p.json", "--yes", "--output", "json")
    assert answer.json["Added"] == 1 and answer.err == ""


def test_readers_see_the_old_store_or_the_new_one_never_a_mixture(tmp_path):
    with running(tmp_path, "--data", tmp_path / "data") as server:
        arn, wire = new_arn(client(server, "cloudfront")), Wire(server)
        kvs = Kvs(server.endpoint, tmp_path)
        # Each version has other values and, every other time, half of the keys.
        versions = {
            str(number): {f"k{index:04}": str(number) for index in range(1000 if number % 2 else 2000)}
            for number in range(8)
        }
        for number, pairs in versions.items():
            write_json(tmp_path / f"{number}.json", pairs)
        seen, failures, done = set(), [], threading.Event()

        def keep_reading():
            try:
                while not done.is_set():
                    pairs = pairs_of(read(wire, arn))
                    values = set(pairs.values())
                    assert len(values) <= 1, f"pairs of the versions {sorted(values)} at once"
                    if values:
                        number = values.pop()
                        assert pairs == versions[number]
                        seen.add(number)
            except BaseException as failure:
                failures.append(failure)

        reader = threading.Thread(target=keep_reading)
        reader.start()
        try:
            for number in versions:
                assert kvs.json("sync", arn, "--from", f"{number}.json", "--yes", "--exclusive")["Atomic"]
        finally:
            done.set()
            reader.join()
        assert not failures, failures
        assert len(seen) > 2, "the reader saw hardly any version"
