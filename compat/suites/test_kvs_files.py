"""Files of pairs: every format read and written, every problem told at once, and nothing written then."""

import csv
import io
import json
import random

import pytest

from clients import all_pairs, etag_of, put_all
from kvs_command import STORE_BYTES, Kvs, proxied, write_json

FORMATS = {
    "import.json": '{"data": [{"key": "/old", "value": "a,b"}, {"key": "ü", "value": "1"}]}',
    "flat.json": '{"/old": "a,b", "ü": "1"}',
    "header.csv": 'value,key\n"a,b",/old\n1,ü\n',
    "windows.csv": '\ufeffkey,value\r\n/old,"a,b"\r\nü,1\r\n',
    "lines.ndjson": '{"key":"/old","value":"a,b"}\n\n{"value":"1","key":"ü"}\n',
    "lines.jsonl": '{"key":"/old","value":"a,b"}\n{"key":"ü","value":"1"}',
    "flat.yaml": "# redirects\n/old: a,b\nü: 1\n",
    "data.yml": 'data:\n  - key: /old\n    value: "a,b"\n  - {key: "ü", value: 1}\n',
}
PAIRS = {"/old": "a,b", "ü": "1"}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_read_by_its_name_and_from_standard_input(kvs, store, data, name):
    (kvs.folder / name).write_text(FORMATS[name], encoding="utf-8", newline="")
    kvs.ok("sync", store["name"], "--from", name, "--yes")
    assert all_pairs(data, store["arn"]) == PAIRS
    # The beginning of the text says what it is.
    answer = kvs.run("diff", store["name"], "--from", "-", stdin=FORMATS[name])
    assert (answer.code, answer.err) == (0, ""), answer
    assert answer.out == f"Nothing to do: 2 pairs, 10 of {STORE_BYTES:,} bytes.\n"


PROBLEMS = {
    "p.json": (
        '{"data":[\n{"key":"a","value":"1"},\n{"key":"","value":"1"},\n{"key":"b","value":2},\n{"key":"a"},\n'
        '{"key":"a","value":"3"}]}',
        [
            "p.json:3:8: the key is empty; a key has at least one character",
            'p.json:4:8: the value of the key "b" is a number; put it in quotes',
            'p.json:5:1: the item has no "value"',
            'p.json:6:8: the key "a" is there twice, first on line 2',
        ],
    ),
    "p.csv": (
        "key,value\na,1\nb\n" + "k" * 513 + ",1\na,2\n",
        [
            "p.csv:3: the record has 1 field and the header has 2; quote a field that contains a comma",
            f'p.csv:4: the key "{"k" * 64}"... has 513 bytes; a key has at most 512',
            'p.csv:5: the key "a" is there twice, first on line 2',
        ],
    ),
    "p.ndjson": (
        '{"key":"a","value":"1"}\nnonsense\n{"key":"a","value":"' + "v" * 1025 + '"}\n',
        [
            "p.ndjson:2:2: is not valid JSON",
            'p.ndjson:3:8: the key "a" is there twice, first on line 1',
            'p.ndjson:3:8: the value of the key "a" has 1025 bytes; a value has at most 1024',
        ],
    ),
    "p.yaml": ("a: 1\nb: [1]\na: 2\n", ["p.yaml:2:1: the value of the key", "p.yaml:3:1: the key \"a\" is there twice"]),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_all_problems_are_told_at_once_with_their_places(kvs, store, data, name):
    content, expected = PROBLEMS[name]
    etag = etag_of(data, store["arn"])
    (kvs.folder / name).write_text(content)
    for command in (("sync", "--yes"), ("sync", "--yes", "--exclusive"), ("diff",)):
        lines = kvs.fails(command[0], store["name"], "--from", name, *command[1:]).splitlines()
        assert lines[0] == "keyfront: nothing was written:"
        assert len(lines) == len(expected) + 1, lines
        for line, begins in zip(lines[1:], expected):
            assert line.startswith(begins), lines
    said = kvs.fails("sync", store["name"], "--from", "-", "--yes", stdin=content)
    assert expected[0].replace(name, "standard input") in said
    assert etag_of(data, store["arn"]) == etag


def test_values_do_not_get_into_what_is_said_of_a_bad_file(kvs, store):
    (kvs.folder / "p.csv").write_text("key,value\na,s3cret\na,s3cret\nb," + "s3cret" * 300 + "\n")
    assert "s3cret" not in kvs.fails("sync", store["name"], "--from", "p.csv", "--yes")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.json", "", "empty.json: the document is empty; without pairs it is {}"),
        ("empty.csv", "", "empty.csv"),
        ("list.json", "[7]", "the item is a number"),
        ("utf16.csv", "key,value\n".encode("utf-16"), "is UTF-16; save it as UTF-8"),
        ("latin.csv", "key,value\nü,1\n".encode("latin-1"), "latin.csv:2: is not UTF-8"),
        ("p.json.gz", b"\x1f\x8b", "is compressed; unpack it first"),
        ("folder.json", None, "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_refused(kvs, store, name, content, said):
    path = kvs.folder / name
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert said in kvs.fails("sync", store["name"], "--from", name, "--yes")


def test_standard_input_that_is_empty_is_no_file(kvs, store):
    assert "standard input: is empty" in kvs.fails("sync", store["name"], "--from", "-", "--yes", "--exclusive")


@pytest.mark.parametrize("extension", [True, False], ids=["whole", "batches"])
def test_a_store_that_would_be_too_large_is_refused_before_anything_is_written(server, store, data, tmp_path, extension):
    put_all(data, store["arn"], {"kept": "v" * 995})
    etag = etag_of(data, store["arn"])
    # With what stays in the store it is one byte too much.
    pairs = {f"{number:05}": "v" * 1019 for number in range(5 * 1024 - 1)}
    with proxied(server, extension=extension) as proxy:
        kvs = Kvs(proxy.endpoint, tmp_path)
        full = write_json(tmp_path / "full.json", {**pairs, "x": "v" * 25})
        said = kvs.fails("sync", store["name"], "--from", full, "--yes")
        assert f"nothing was written: the store would have {STORE_BYTES + 1} bytes; a store has at most {STORE_BYTES}" in said
        assert not proxy.of("UpdateKeys") and not proxy.of("WritePairs")
        assert etag_of(data, store["arn"]) == etag
        # Without the pair that stays there is room.
        assert kvs.run("diff", store["name"], "--file", full).code == 3


def test_a_full_store_to_the_byte_is_written_and_written_over(kvs, store, data):
    full = write_json(kvs.folder / "full.json", {f"{number:05}": "v" * 1019 for number in range(5 * 1024)})
    assert kvs.json("sync", store["name"], "--from", full, "--yes")["TotalSizeInBytes"] == STORE_BYTES
    other = write_json(kvs.folder / "other.json", {f"{number:05}": "w" * 1019 for number in range(1, 5 * 1024 + 1)})
    answer = kvs.json("sync", store["name"], "--from", other, "--yes", "--exclusive")
    assert (answer["Added"], answer["Changed"], answer["Removed"]) == (1, 5 * 1024 - 1, 1)
    assert answer["TotalSizeInBytes"] == STORE_BYTES


NASTY = {
    "a": "", " ": " ", "quote\"'": "back\\slash", "tab\t": "line\nbreak\r\n", "comma,": ",;|", "ü/😀": "日本",
    "\u0000\u001b": "\u007f\u2028", "true": "007", "key": "value", "data": "[]", "-": "- x", "#": "# no comment",
    "{": "}", "=1+1": "@x", "\ufeff": "\ufeff",
}


@pytest.mark.parametrize("format", ["json", "ndjson", "csv"])
@pytest.mark.parametrize("where", ["file", "standard output"])
def test_an_export_reads_back_as_the_same_pairs(kvs, control, store, data, format, where):
    put_all(data, store["arn"], NASTY)
    if where == "file":
        kvs.ok("export", store["name"], "-o", f"x.{format}")
        text = (kvs.folder / f"x.{format}").read_text(encoding="utf-8")
    else:
        text = kvs.ok("export", store["name"], "--format", format)
    parsed = {
        "json": lambda: {item["key"]: item["value"] for item in json.loads(text)["data"]},
        "ndjson": lambda: {item["key"]: item["value"] for item in map(json.loads, text.rstrip("\n").split("\n"))},
        "csv": lambda: dict(list(csv.reader(io.StringIO(text, newline="")))[1:]),
    }
    if format != "csv":  # subprocess's text mode reads \r\n as \n, as some editors do
        assert parsed[format]() == NASTY
    other = control.create_key_value_store(Name=f"{store['name']}-copy")["KeyValueStore"]["Name"]
    if where == "file":
        kvs.ok("sync", other, "--from", f"x.{format}", "--yes")
        assert kvs.pairs(other) == NASTY
        assert kvs.run("diff", other, "--from", f"x.{format}").code == 0


def test_an_export_without_pairs_reads_back_as_none(kvs, store):
    for format in ("json", "ndjson", "csv"):
        kvs.ok("export", store["name"], "-o", f"x.{format}")
        assert kvs.ok("diff", store["name"], "--from", f"x.{format}").startswith("Nothing to do: 0 pairs")


def test_random_pairs_survive_every_format(kvs, store):
    chance = random.Random(1)
    alphabet = "ab,\"'\\\n\t {}[]:#-&*!|>%@`ü😀\u2028"
    text = lambda least, most: "".join(chance.choices(alphabet, k=chance.randint(least, most)))
    pairs = {text(1, 12): text(0, 20) for _ in range(400)}
    write_json(kvs.folder / "first.json", pairs)
    kvs.ok("sync", store["name"], "--from", "first.json", "--yes", "--exclusive")
    assert kvs.pairs(store["name"]) == pairs
    for format in ("json", "ndjson", "csv"):
        kvs.ok("export", store["name"], "-o", f"x.{format}")
        answer = kvs.run("diff", store["name"], "--from", f"x.{format}")
        assert answer.code == 0, answer.out


def test_what_a_command_printed_can_be_read_back(kvs, data, arn, store):
    put_all(data, arn, {"a": "1", "b": ""})
    page = data.list_keys(KvsARN=arn)
    for name, text in {
        "ls.json": kvs.ok("ls", store["name"], "--output", "json"),
        "cli.json": json.dumps({"Items": page["Items"]}),
    }.items():
        (kvs.folder / name).write_text(text)
        assert kvs.run("diff", store["name"], "--file", name).code == 0
    (kvs.folder / "part.json").write_text(json.dumps({"Items": page["Items"], "NextToken": "x"}))
    assert "a part of a list" in kvs.fails("diff", store["name"], "--file", "part.json")
