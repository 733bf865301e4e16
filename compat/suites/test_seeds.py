"""`keyfront dev --seed`: stores and pairs as files."""

import json
import re
import subprocess

import pytest

import server as keyfront
from admin import command, planes, snapshot, state
from clients import all_pairs, client, etag_of, new_store
from conftest import running
from server import ACCOUNT, BINARY, clean_environment

# Pinned: code that names a store by its id works on every machine.
REDIRECTS = f"arn:aws:cloudfront::{ACCOUNT}:key-value-store/7bb3df34-6253-5602-8cbf-cf00f38d29a6"


@pytest.fixture
def seeds(tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "redirects.json").write_text('{"data": [{"key": "/old", "value": "/new"}]}')
    (folder / "flags.csv").write_text('key,value\nbeta,on\n"a,b",\n')
    (folder / "routes.yaml").write_text("home: /\nabout: /about-us\n")
    (folder / "users.ndjson").write_text('{"key": "ä", "value": "1"}\n{"key": "b", "value": "2"}\n')
    (folder / "README.md").write_text("Seeds of the tests.")
    (folder / ".hidden.json").write_text("nothing")
    (folder / "123456789012").mkdir()
    (folder / "123456789012/redirects.json").write_text('{"/old": "/other"}')
    return folder


EXPECTED = {
    "flags": {"beta": "on", "a,b": ""},
    "redirects": {"/old": "/new"},
    "routes": {"home": "/", "about": "/about-us"},
    "users": {"ä": "1", "b": "2"},
}


def pairs_of(server):
    return {name: seen[3] for name, seen in state(server).items()}


@pytest.mark.parametrize("storage", [("--ephemeral",), ("--data",)], ids=["memory", "folder"])
def test_stores_are_there_ready_and_have_the_same_arn_everywhere(tmp_path, seeds, storage):
    storage = (*storage, tmp_path / "data") if "--data" in storage else ()
    with running(tmp_path, *storage, "--seed", seeds) as server:
        assert pairs_of(server) == EXPECTED
        control, data = planes(server)
        items = control.list_key_value_stores()["KeyValueStoreList"]["Items"]
        assert [item["Name"] for item in items] == sorted(EXPECTED)
        assert {item["Status"] for item in items} == {"READY"}
        assert control.describe_key_value_store(Name="redirects")["KeyValueStore"]["ARN"] == REDIRECTS
        assert data.get_key(KvsARN=REDIRECTS, Key="/old")["Value"] == "/new"
        assert "5 stores: flags, redirects, routes, users, 123456789012/redirects" in server.log
        assert f"seeded from {seeds}" in server.log


def test_a_reset_puts_the_seed_back(tmp_path, seeds):
    with running(tmp_path, "--seed", seeds) as server:
        before = state(server)
        control, data = planes(server)
        data.put_key(KvsARN=REDIRECTS, Key="/old", Value="/x", IfMatch=etag_of(data, REDIRECTS))
        flags = control.describe_key_value_store(Name="flags")
        control.delete_key_value_store(Name="flags", IfMatch=flags["ETag"])
        new_store(control, name="mine")
        # The files are read at the start.
        (seeds / "redirects.json").write_text("{")
        assert re.fullmatch(r"reset: 5 stores, 8 pairs, \d+ bytes in \d+ ms\n", command(server, "reset"))
        assert state(server) == before
        snapshot(server, "save", "x")
        command(server, "reset")
        snapshot(server, "restore", "x")
        assert state(server) == before


def test_a_store_that_is_there_is_left_as_it_is_until_a_reset(tmp_path, seeds):
    storage = ("--data", tmp_path / "data")
    with running(tmp_path, *storage) as server:
        control, _ = planes(server)
        new_store(control, name="flags")
    with running(tmp_path, *storage, "--seed", seeds) as server:
        assert pairs_of(server) == {**EXPECTED, "flags": {}}
        assert "left as they are, because they exist  1 store: flags" in server.log
        control, data = planes(server)
        data.put_key(KvsARN=REDIRECTS, Key="/old", Value="/mine", IfMatch=etag_of(data, REDIRECTS))
        users = control.describe_key_value_store(Name="users")
        control.delete_key_value_store(Name="users", IfMatch=users["ETag"])
    with running(tmp_path, *storage, "--seed", seeds) as server:
        assert pairs_of(server) == {**EXPECTED, "flags": {}, "redirects": {"/old": "/mine"}}
        (tmp_path / "keyfront.log").write_text(server.log.rpartition("Keyfront for development")[2])
        command_in(tmp_path, "reset")
        assert pairs_of(server) == EXPECTED


def command_in(tmp_path, *arguments):
    answer = subprocess.run(
        [BINARY, *arguments, "--data", tmp_path / "data"],
        capture_output=True, text=True, timeout=keyfront.PATIENCE, env=clean_environment(),
    )
    assert answer.returncode == 0, answer.stderr


def test_the_stores_of_another_account_are_its_own(tmp_path, seeds):
    policy = tmp_path / "policy.json"
    policy.write_text('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}')
    with running(tmp_path, "--data", tmp_path / "data", "--seed", seeds) as server:
        made = subprocess.run(
            [BINARY, "credentials", "create", "--data", tmp_path / "data", "--account", "123456789012",
             "--user", "u", "--policy", policy],
            capture_output=True, text=True, timeout=keyfront.PATIENCE, env=clean_environment(),
        )
        credential = tuple(line.split()[-1] for line in made.stdout.splitlines())
        control = client(server, "cloudfront", credential=credential)
        [item] = control.list_key_value_stores()["KeyValueStoreList"]["Items"]
        assert item["ARN"].endswith("key-value-store/dd1a2a37-90c0-5c52-be4c-07f91ba6026c")
        data = client(server, "cloudfront-keyvaluestore", credential=credential)
        assert all_pairs(data, item["ARN"]) == {"/old": "/other"}
        command(server, "reset")
        assert all_pairs(data, item["ARN"]) == {"/old": "/other"}


def test_a_seed_with_mistakes_starts_nothing_and_names_them_all(tmp_path, seeds):
    (seeds / "broken.json").write_text('{"a": 1, "b": true}')
    (seeds / "notes.txt").write_text("?")
    (seeds / "not a name.json").write_text("{}")
    (seeds / "flags.json").write_text("{}")
    (seeds / "full.json").write_text(json.dumps({f"k{n}": "v" * 1020 for n in range(6000)}))
    (seeds / "accounts").mkdir()
    data = tmp_path / "data"
    answer = subprocess.run(
        [BINARY, "dev", "--listen", "127.0.0.1:0", "--data", data, "--seed", seeds],
        capture_output=True, text=True, timeout=keyfront.PATIENCE, env=clean_environment(),
    )
    assert answer.returncode == 1 and answer.stdout == "" and "panicked" not in answer.stderr
    for words in (
        'the value of the key "a" is a number', 'the value of the key "b" is a boolean', "broken.json:1:",
        "notes.txt: the format is not known", "not a name.json: a file has the name of its store",
        "flags.json: ", "full.json: its keys and values have", "accounts: a folder in a seed",
    ):
        assert words in answer.stderr, answer.stderr
    assert not data.exists()


def test_a_folder_that_is_not_there_is_said(tmp_path):
    answer = subprocess.run(
        [BINARY, "dev", "--ephemeral", "--listen", "127.0.0.1:0", "--seed", tmp_path / "nowhere"],
        capture_output=True, text=True, timeout=keyfront.PATIENCE, env=clean_environment(),
    )
    assert answer.returncode == 1 and "nowhere: cannot be read" in answer.stderr


SITE = """
private:
  CreateOriginAccessControl:
    OriginAccessControlConfig:
      {SigningProtocol: sigv4, SigningBehavior: always, OriginAccessControlOriginType: s3}
cache:
  CreateCachePolicy: {CachePolicyConfig: {MinTTL: 1}}
rewrite:
  CreateFunction:
    FunctionConfig:
      Comment: ""
      Runtime: cloudfront-js-2.0
      KeyValueStoreAssociations: {Items: [{KeyValueStoreARN: "${redirects.ARN}"}]}
    FunctionCode: {File: rewrite.js}
site:
  CreateDistributionWithTags:
    DistributionConfigWithTags:
      Tags: {Items: [{Key: team, Value: web}]}
      DistributionConfig:
        Comment: ""
        Enabled: true
        Origins:
          Items:
            - {Id: files, DomainName: files.s3.us-east-1.amazonaws.com, OriginAccessControlId: "${private.Id}",
               S3OriginConfig: {OriginAccessIdentity: ""}}
        DefaultCacheBehavior:
          TargetOriginId: files
          ViewerProtocolPolicy: allow-all
          CachePolicyId: ${cache.Id}
          FunctionAssociations: {Items: [{EventType: viewer-request, FunctionARN: "${rewrite.FunctionARN}"}]}
"""


def site_of(server):
    """The distribution of the seed, without what is of the moment."""
    control, _ = planes(server)
    (found,) = control.list_distributions()["DistributionList"]["Items"]
    shown = control.get_distribution(Id=found["Id"])["Distribution"]
    del shown["LastModifiedTime"]
    tags = control.list_tags_for_resource(Resource=shown["ARN"])["Tags"]["Items"]
    return shown, tags


def test_documents_make_everything_that_the_api_can(tmp_path, seeds):
    resources = seeds / "resources"
    resources.mkdir()
    (resources / "site.yaml").write_text(SITE)
    (resources / "rewrite.js").write_text("function handler(event) { return event.request; }")
    with running(tmp_path, "--seed", seeds) as server:
        shown, tags = site_of(server)
        assert (shown["Status"], tags) == ("Deployed", [{"Key": "team", "Value": "web"}])
        control, _ = planes(server)
        held = shown["DistributionConfig"]["Origins"]["Items"][0]["OriginAccessControlId"]
        assert control.get_origin_access_control(Id=held)["OriginAccessControl"]["OriginAccessControlConfig"]["Name"] == "private"
        assert "and 4 resources: " in server.log
        created = control.create_cache_policy(CachePolicyConfig={"Name": "mine", "MinTTL": 1})
        command(server, "reset")
        assert site_of(server) == (shown, tags)
        with pytest.raises(control.exceptions.NoSuchCachePolicy):
            control.get_cache_policy(Id=created["CachePolicy"]["Id"])
    # In a data folder it is made once, with the same ids.
    storage = ("--data", tmp_path / "data", "--seed", seeds)
    with running(tmp_path, *storage) as server:
        assert site_of(server) == (shown, tags)
    with running(tmp_path, *storage) as server:
        assert site_of(server) == (shown, tags)
        assert "left as they are, because they exist  4 resources: " in server.log


def test_a_refusal_of_the_service_stops_the_server(tmp_path, seeds):
    (seeds / "resources").mkdir()
    group = {"viewers": {"CreateKeyGroup": {"KeyGroupConfig": {"Items": ["K1"]}}}}
    (seeds / "resources/a.json").write_text(json.dumps(group))
    call = [BINARY, "dev", "--ephemeral", "--port", "0", "--seed", seeds]
    ended = subprocess.run(call, capture_output=True, text=True, timeout=60, env=clean_environment())
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "resources/a.json: viewers was refused: InvalidArgument: " in ended.stderr
