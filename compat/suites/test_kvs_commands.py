"""`keyfront kvs`, command by command: what it prints, what it ends with, and what it says when it fails."""

import json
import os
import subprocess

import pytest

from clients import all_pairs, etag_of, put_all, unique_name
from conftest import running
from kvs_command import Kvs, write_json
from server import ACCOUNT, BINARY, PATIENCE, run_with

ARN = f"arn:aws:cloudfront::{ACCOUNT}:key-value-store/"


def test_create_describe_list_and_delete_in_words(kvs, control, data):
    name = unique_name()
    created = kvs.ok("create", name, "--comment", "for\ntests").splitlines()
    assert created[0] == f"created {name} with 0 pairs"
    assert created[1].startswith(ARN)
    kvs.ok("put", name, "k", "välue")

    text, store = kvs.ok("describe", name), control.describe_key_value_store(Name=name)
    described = {line[:14].rstrip(): line[16:] for line in text.splitlines()}
    assert described["name"] == name and described["arn"] == created[1] == store["KeyValueStore"]["ARN"]
    assert described["comment"] == r"for\ntests" and described["status"] == "READY"
    assert (described["pairs"], described["bytes"]) == ("1", "7")
    assert (described["pairs ETag"], described["store ETag"]) == (etag_of(data, created[1]), store["ETag"])
    assert "failure" not in described

    line = next(line for line in kvs.ok("list").splitlines() if line.startswith(f"{name} "))
    assert line.split()[1] == "READY" and line.endswith(r"for\ntests")
    assert kvs.ok("delete", name, "--yes") == f"deleted {name}\n"
    assert name not in kvs.ok("list")


def test_create_describe_list_and_delete_in_json(kvs, control, data):
    name = unique_name()
    created = kvs.json("create", name, "--comment", "for\ntests")
    arn = created["ARN"]
    assert {**created, "LastModifiedTime": ""} == {
        "Name": name, "ARN": arn, "Comment": "for\ntests", "Status": "READY", "LastModifiedTime": "",
    }
    described = kvs.json("describe", name)
    answer = data.describe_key_value_store(KvsARN=arn)
    assert described == kvs.json("describe", arn)
    assert (described["ETag"], described["ItemCount"], described["TotalSizeInBytes"]) == (answer["ETag"], 0, 0)
    assert described["KeyValueStoreETag"] == control.describe_key_value_store(Name=name)["ETag"]
    assert described["FailureReason"] is None
    # One moment is written one way, whichever plane says it.
    assert described["Created"] == created["LastModifiedTime"] == described["LastModifiedTime"]
    assert created in kvs.json("list")
    assert kvs.json("delete", arn, "--yes") == {"Name": name, "ARN": arn}
    assert all(store["Name"] != name for store in kvs.json("list"))


def test_put_get_ls_and_rm_in_words(kvs, store, data):
    name = store["name"]
    assert kvs.ok("put", name, "/a b", "-1") == f"put /a b into {name}, which holds 1 pair of 6 bytes\n"
    assert kvs.ok("put", name, "empty", "") == f"put empty into {name}, which holds 2 pairs of 11 bytes\n"
    assert kvs.ok("put", store["arn"], "--", "-key", "--value").startswith("put -key into arn:")
    assert kvs.ok("put", name, "lines", "one\ntwo\t\x1b[31m").startswith("put lines")
    assert kvs.ok("get", name, "/a b") == "-1\n" and kvs.ok("get", name, "--", "-key") == "--value\n"
    assert kvs.ok("get", name, "lines") == "one\ntwo\t\x1b[31m\n"
    assert kvs.ok("ls", name) == "-key\t--value\n/a b\t-1\nempty\t\nlines\tone\\ntwo\\t\\u{1b}[31m\n"
    assert kvs.ok("ls", name, "--keys-only") == "-key\n/a b\nempty\nlines\n"
    assert kvs.ok("ls", name, "--prefix", "/") == "/a b\t-1\n"
    assert kvs.ok("ls", name, "--prefix", "nothing") == ""
    assert kvs.ok("rm", name, "/a b", "lines", "never was") == (
        f"removed 2 pairs from {name} (1 not there), which holds 2 pairs of 16 bytes\n"
    )
    assert all_pairs(data, store["arn"]) == {"-key": "--value", "empty": ""}


def test_put_get_ls_and_rm_in_json(kvs, store, data):
    arn = store["arn"]
    put = kvs.json("put", arn, "a/ü\n", "v")
    assert put == {"ItemCount": 1, "TotalSizeInBytes": 6, "ETag": etag_of(data, arn)}
    assert kvs.json("get", arn, "a/ü\n") == {"Key": "a/ü\n", "Value": "v"}
    assert kvs.json("ls", arn) == [{"Key": "a/ü\n", "Value": "v"}]
    assert kvs.json("ls", arn, "--keys-only") == ["a/ü\n"]
    assert kvs.json("rm", arn, "a/ü\n", "b") == {
        "Removed": 1, "ItemCount": 0, "TotalSizeInBytes": 0, "ETag": etag_of(data, arn),
    }
    assert kvs.json("ls", arn) == []


def test_ls_is_in_the_order_of_the_keys_bytes(kvs, store, data):
    keys = ["Z", "a", "ä", "é", "\U0001f600", "\uffee", "0", "~"]
    put_all(data, store["arn"], dict.fromkeys(keys, "v"))
    assert kvs.json("ls", store["name"], "--keys-only") == sorted(keys, key=str.encode)


def test_rm_takes_more_keys_than_one_request_does(kvs, store, data):
    put_all(data, store["arn"], {f"k{number:03}": "" for number in range(120)})
    answer = kvs.json("rm", store["name"], *[f"k{number:03}" for number in range(119)])
    assert (answer["Removed"], answer["ItemCount"]) == (119, 1)


def test_create_with_a_file_makes_a_filled_store(kvs, data):
    name, pairs = unique_name(), {f"k{number}": f"v{number}" for number in range(120)}
    file = write_json(kvs.folder / "pairs.json", pairs)
    text = kvs.ok("create", name, "--file", file)
    assert text.splitlines()[0] == f"created {name} with 120 pairs"
    assert all_pairs(data, text.splitlines()[1]) == pairs


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"a":"1","a":"2"}', ':1:10: the key "a" is there twice, first on line 1, column 2'),
        (json.dumps({f"{n:04}": "v" * 1020 for n in range(5200)}), "the store would have"),
        ("", "the document is empty"),
    ],
    ids=["twice", "too much", "empty"],
)
def test_create_with_a_bad_file_makes_nothing(kvs, content, said):
    name = unique_name()
    (kvs.folder / "pairs.json").write_text(content)
    assert said in kvs.fails("create", name, "--file", "pairs.json")
    assert all(store["Name"] != name for store in kvs.json("list"))


def test_an_import_is_waited_for_and_its_failure_has_the_reason(tmp_path):
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "good.json").write_text('{"data":[{"key":"a","value":"1"}]}')
    (seeds / "bad.json").write_text('{"data":[{"key":"a","value":"1"},{"key":"a","value":"2"}]}')
    with running(tmp_path, "--bucket", f"seeds={seeds}") as server:
        kvs = Kvs(server.endpoint, tmp_path)
        assert kvs.ok("create", "good", "--import", "s3://seeds/good.json").startswith("created good with 1 pair\n")
        assert kvs.ok("get", "good", "a") == "1\n"
        said = kvs.fails("create", "bad", "--import", "s3://seeds/bad.json")
        assert 'bad was made, but its import failed: The key "a" is given twice' in said
        assert "IMPORT_FAILURE" in kvs.ok("list")
        described = kvs.json("describe", "bad")
        assert described["Status"] == "IMPORT_FAILURE" and "given twice" in described["FailureReason"]
        assert "given twice" in kvs.ok("describe", "bad")
        kvs.ok("delete", "bad", "--yes")


def test_failures_say_what_is_wrong_and_end_with_1(kvs, server, store):
    name, never = store["name"], f"{ARN}00000000-0000-0000-0000-000000000000"
    write_json(kvs.folder / "p.json", {})
    for arguments, said in (
        (("create", name), "EntityAlreadyExists"),
        (("create", "not a name"), "not a name"),
        (("describe", "nope"), f"there is no key value store nope at {server.endpoint}; `keyfront kvs list` lists"),
        (("delete", "nope"), "there is no key value store nope"),
        (("delete", never), "there is no key value store arn:"),
        (("get", "nope", "k"), "there is no key value store nope"),
        (("get", never, "k"), "ResourceNotFoundException"),
        (("ls", never), "ResourceNotFoundException"),
        (("sync", never, "--from", "p.json", "--yes"), "ResourceNotFoundException"),
        (("get", name, "nokey"), "Key nokey was not found."),
        (("put", name, "k" * 513, "v"), "Maximum size of a key"),
        (("sync", name, "--from", "nofile.json", "--yes"), "nofile.json: cannot be read"),
        (("diff", name, "--from", "p.txt"), "p.txt: the format is not known by the extension"),
        (("export", name, "-o", "no/folder/x.json"), "no/folder/x.json cannot be written: there is no folder no/folder"),
        (("export", name, "-o", "x.yaml"), "YAML is read, not written"),
        (("list", "--secret-access-key", "wrong"), "SignatureDoesNotMatch"),
        (("ls", store["arn"], "--secret-access-key", "wrong"), "ReadPairs: "),
        (("list", "--access-key-id", "unknown"), "InvalidClientTokenId"),
        (("list", "--endpoint", "localhost:4700"), "is not a URL such as http://127.0.0.1:4700"),
        (("list", "--endpoint", "http://127.0.0.1:1"), "no Keyfront server answered at http://127.0.0.1:1"),
    ):
        text = kvs.fails(*arguments)
        assert text.startswith("keyfront: ") and said in text, (arguments, text)


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("nonsense",), ("get", "store"), ("put", "store", "key"), ("rm", "store"), ("sync", "store"),
        ("sync", "store", "--from", "x", "--batch-size", "0"), ("diff", "store", "--yes"),
        ("create", "store", "--import", "http://b/k"), ("create", "store", "--import", "s3://b/k", "--file", "x"),
        ("list", "--output", "xml"), ("list", "--profile", "p"), ("export", "store", "--format", "toml"),
    ],
)
def test_a_command_line_that_cannot_be_understood_ends_with_64(kvs, arguments):
    assert "--help" in kvs.fails(*arguments, code=2)


@pytest.mark.parametrize(
    "command", ["", "list", "create", "describe", "delete", "get", "put", "rm", "ls", "export", "sync", "diff"]
)
def test_help_describes_every_argument(kvs, command):
    text = kvs.ok(*filter(None, [command]), "--help")
    assert "Usage: keyfront kvs" in text and "\nWhere:\n" in text
    # What a command is about stands before where it goes.
    assert text.index("\nOptions:\n") < text.index("--output <OUTPUT>") < text.index("\nWhere:\n")


def test_an_export_goes_to_a_file_whole_with_the_mode_of_its_own(kvs, store, data):
    put_all(data, store["arn"], {"a": "1"})
    before = os.umask(0o022)
    try:
        answer = kvs.run("export", store["name"], "-o", "new.json")
        assert (answer.code, answer.out, answer.err) == (0, "", "wrote 1 pair to new.json\n")
        assert (kvs.folder / "new.json").stat().st_mode & 0o777 == 0o644
    finally:
        os.umask(before)
    old = kvs.folder / "old.csv"
    old.write_text("old")
    old.chmod(0o640)
    (kvs.folder / "link.csv").symlink_to("old.csv")
    kvs.ok("export", store["name"], "-o", "link.csv")
    assert (kvs.folder / "link.csv").is_symlink() and old.read_text() == "key,value\na,1\n"
    assert old.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in kvs.folder.iterdir()) == ["link.csv", "new.json", "old.csv"]
    # What is not a regular file is written to, not replaced.
    assert kvs.ok("export", store["name"], "-o", "-") == kvs.ok("export", store["name"])
    kvs.ok("export", store["name"], "-o", os.devnull, "--format", "csv")
    assert not os.path.isfile(os.devnull)
    assert "cannot be written" in kvs.fails("export", store["name"], "-o", ".", "--format", "csv")


def test_a_reader_who_leaves_is_no_failure(kvs, store, data):
    put_all(data, store["arn"], {f"k{number:05}": "v" * 900 for number in range(300)})
    for arguments in (("ls",), ("export",), ("ls", "--output", "json")):
        process = kvs.start(arguments[0], store["name"], *arguments[1:], text=False)
        assert process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read()
        assert (process.wait(PATIENCE), said) == (0, b""), arguments
    write_json(kvs.folder / "p.json", {})
    process = kvs.start("diff", store["name"], "--from", "p.json", text=False)
    process.stdout.close()
    assert (process.stderr.read(), process.wait(PATIENCE)) == (b"", 3)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
def test_a_result_that_cannot_be_printed_is_a_failure(kvs, store):
    kvs.ok("put", store["name"], "k", "v")
    for arguments in (("ls",), ("export",)):
        with open("/dev/full", "wb") as full:
            process = kvs.start(*arguments, store["name"], stdout=full)
            said = process.stderr.read()
        assert process.wait(PATIENCE) == 1 and "the result cannot be printed: No space left" in said


def test_nobody_who_listens_is_no_failure(kvs, store):
    write_json(kvs.folder / "p.json", {"a": "1"})
    command = kvs.command("sync", store["name"], "--from", "p.json", "--yes")
    arguments = command.pop("args")
    shell = ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *map(str, arguments)]
    assert subprocess.run(shell, **command, timeout=PATIENCE).returncode == 0
    assert kvs.pairs(store["name"]) == {"a": "1"}


def test_it_works_under_exec(server, store):
    answer = run_with(server, [BINARY, "kvs", "put", store["name"], "k", "v"])
    assert answer.returncode == 0, answer.stderr
