"""`keyfront keys`: making keys, uploading them, grouping them, and rotating them."""

import json
import re
import stat
import subprocess

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from clients import client
from keys import FOLDER, pem
from server import clean_environment
from signing import keyfront, printed

ID = r"K[0-9A-Z]{13}"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
def run(empty_server):
    """Runs `keyfront keys` on a server of the test's own, since an account holds few keys."""

    def run(*arguments, **more):
        return printed("keys", *arguments, server=empty_server, **more)

    return run


@pytest.fixture
def fails(empty_server):
    def fails(*arguments):
        answer = keyfront("keys", *arguments, server=empty_server)
        assert (answer.returncode, answer.stdout) == (1, ""), answer.stderr
        return answer.stderr

    return fails


def create(run, name, key="rsa-2048"):
    return run("create", name, "--public-key", FOLDER / f"{key}.pem")


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_key_pair_is_made_that_other_programs_read(tmp_path, kind):
    folder = tmp_path / "a/new/folder"
    shown = printed("keys", "generate", "--type", kind, "--out", folder)
    private, public = folder / "private_key.pem", folder / "public_key.pem"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["private_key.pem", "public_key.pem"]
    assert "PRIVATE KEY" not in shown and f"--public-key {public}" in shown
    key = serialization.load_pem_private_key(private.read_bytes(), None)
    if kind == "rsa":
        assert isinstance(key, rsa.RSAPrivateKey) and key.key_size == 2048
        assert key.public_key().public_numbers().e == 65537
    else:
        assert isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name == "secp256r1"
    expected = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo,
    )
    assert public.read_bytes() == expected
    openssl = ["openssl", "pkey", "-in", private, "-check", "-noout"]
    try:
        checked = subprocess.run(openssl, capture_output=True, text=True, env=clean_environment())
    except FileNotFoundError:
        pytest.skip("OpenSSL is not installed: the private key was not checked with it")
    assert checked.returncode == 0 and "valid" in checked.stdout + checked.stderr


def test_the_kind_is_rsa_unless_it_is_named_and_json_names_the_files(tmp_path):
    shown = json.loads(printed("keys", "generate", "--out", "keys", "--output", "json", folder=tmp_path))
    assert shown == {
        "Type": "RSA 2048", "PrivateKey": "keys/private_key.pem", "PublicKey": "keys/public_key.pem",
    }


@pytest.mark.parametrize("there", ["private_key.pem", "public_key.pem"])
def test_a_key_that_is_there_is_never_overwritten(tmp_path, there):
    (tmp_path / there).write_text("mine")
    answer = keyfront("keys", "generate", "--type", "ecdsa", "--out", tmp_path)
    assert answer.returncode == 1 and f"{tmp_path / there} exists and was not overwritten" in answer.stderr
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(there, "mine")]


def test_a_link_that_leads_nowhere_is_there_too(tmp_path):
    (tmp_path / "private_key.pem").symlink_to(tmp_path / "elsewhere")
    assert keyfront("keys", "generate", "--type", "ecdsa", "--out", tmp_path).returncode == 1
    assert not (tmp_path / "elsewhere").exists() and not (tmp_path / "public_key.pem").exists()


def test_a_key_is_uploaded_to_the_byte_listed_and_deleted(run, empty_server):
    control = client(empty_server, "cloudfront")
    id = run("create", "web-2026", "--public-key", FOLDER / "rsa-2048.pem", "--comment", "of ü")
    assert re.fullmatch(ID, id)
    config = control.get_public_key_config(Id=id)["PublicKeyConfig"]
    assert (config["Name"], config["EncodedKey"], config["Comment"]) == ("web-2026", pem("rsa-2048"), "of ü")
    created = json.loads(run("create", "next", "--public-key", FOLDER / "p-256.pem", "--output", "json"))
    assert (created["Name"], created["Type"], created["EncodedKey"]) == ("next", "ECDSA P-256", pem("p-256"))

    lines = run("list").splitlines()
    assert len(lines) == 2
    assert re.fullmatch(rf"{id}  web-2026  RSA 2048     \S+Z\s+of ü", next(line for line in lines if id in line))
    listed = {key["Id"]: key for key in json.loads(run("list", "--output", "json"))}
    assert listed[created["Id"]] == created

    assert run("delete", id) == f"deleted {id}"
    assert id not in run("list")


@pytest.mark.parametrize("file, words, remedy", [
    ("rsa-2048-private", "it is a private key", "openssl pkey -in {file} -pubout"),
    ("rsa-2048-pkcs1", "PKCS #1", "openssl rsa -RSAPublicKey_in -in {file} -pubout"),
    ("certificate", "it is a certificate", "openssl x509 -in {file} -noout -pubkey"),
    ("rsa-4096", "it is an RSA key with 4096 bits", "keyfront keys generate"),
    ("p-384", "not on the curve P-256", "keyfront keys generate"),
    ("ed25519", "neither an RSA key", "keyfront keys generate"),
])
def test_a_file_that_is_no_public_key_is_explained_and_nothing_is_sent(file, words, remedy, tmp_path):
    path = FOLDER / f"{file}.pem"
    answer = keyfront("keys", "create", "k", "--public-key", path, "--endpoint", "http://127.0.0.1:1")
    assert answer.returncode == 1 and words in answer.stderr, answer.stderr
    remedy = remedy.format(file=path)
    assert remedy in answer.stderr and "127.0.0.1" not in answer.stderr
    if remedy.startswith("openssl"):
        made = subprocess.run(remedy.split(), capture_output=True, text=True, env=clean_environment())
        assert made.stdout == pem("rsa-2048") or made.stdout.startswith("-----BEGIN PUBLIC KEY-----")


def test_a_name_is_checked_before_anything_is_sent():
    answer = keyfront("keys", "create", "a b", "--public-key", FOLDER / "p-256.pem", "--endpoint", "http://127.0.0.1:1")
    assert answer.returncode == 1 and "nothing was uploaded: The parameter Name is not valid" in answer.stderr


def test_a_refusal_of_the_service_is_shown_in_its_words(run, fails):
    create(run, "same")
    error = fails("create", "same", "--public-key", FOLDER / "p-256.pem")
    assert "CreatePublicKey: PublicKeyAlreadyExists: The name that you are using" in error
    assert "there is no public key KGONE" in fails("delete", "KGONE")


def test_a_group_is_made_changed_and_deleted(run, fails):
    one, two = create(run, "one"), create(run, "two", "p-256")
    shown = run("group", "create", "web site", "--key", one, "--comment", "for ü")
    assert re.fullmatch(rf"{UUID}  web site  \S+Z\s+{one}  for ü", shown)
    id = shown.split()[0]
    assert run("group", "list") == shown
    both = json.loads(run("group", "update", "web site", "--add", two, "--add", one, "--output", "json"))
    assert (both["Id"], both["Items"], both["Comment"]) == (id, [one, two], "for ü")
    # By its id, and both at once.
    swapped = json.loads(run("group", "update", id, "--remove", one, "--name", "site", "--output", "json"))
    assert (swapped["Name"], swapped["Items"], swapped["Comment"]) == ("site", [two], "for ü")
    assert json.loads(run("group", "list", "--output", "json")) == [swapped]
    assert "there is no key group web site" in fails("group", "update", "web site", "--add", one)
    assert f"{one} is not in the key group site, which has {two}; nothing was changed" in fails(
        "group", "update", "site", "--remove", one)
    assert "one key at least" in fails("group", "update", "site", "--remove", two)
    assert json.loads(run("group", "list", "--output", "json")) == [swapped]
    assert run("group", "delete", "site") == "deleted site"
    assert run("group", "list") == ""


def test_groups_are_changed_by_many_at_once_without_loss(run, empty_server):
    ids = [create(run, f"k{number}") for number in range(5)]
    run("group", "create", "g", "--key", ids[0])
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda id: run("group", "update", "g", "--add", id), ids[1:]))
    group, = json.loads(run("group", "list", "--output", "json"))
    assert sorted(group["Items"]) == sorted(ids)


def test_a_key_in_use_is_not_deleted_and_its_groups_are_named(run, fails):
    one, two = create(run, "one"), create(run, "two", "p-256")
    run("group", "create", "g", "--key", one, "--key", two)
    error = fails("delete", one)
    assert "DeletePublicKey: PublicKeyInUse: " in error
    advice = f"{one} is in the key group g: keyfront keys group update g --remove {one}"
    assert advice in error
    command = advice.partition(": keyfront keys ")[2].split()
    run(*command)
    assert run("delete", one) == f"deleted {one}"


def test_lists_have_all_pages(run, empty_server):
    ids = {create(run, f"k{number}") for number in range(10)}
    assert {line.split()[0] for line in run("list").splitlines()} == ids


@pytest.mark.parametrize("arguments", [
    ("generate",), ("generate", "--out", "f", "--type", "dsa"), ("create", "k"), ("group", "create", "g"),
    ("group", "update", "g"), ("delete",), ("list", "--profile", "p"),
])
def test_orders_that_cannot_be_understood_are_misuse(arguments, tmp_path):
    assert keyfront("keys", *arguments, folder=tmp_path).returncode == 2
    assert not list(tmp_path.iterdir())
