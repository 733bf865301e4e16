"""`keyfront serve` with credentials of its own: accounts are separate worlds, and policies are obeyed."""

import json
import subprocess

import pytest

from clients import client, error_of, etag_of, new_arn, new_store, unique_name
from server import BINARY, PATIENCE, Server, clean_environment

ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
READ_ONLY = {
    "Effect": "Allow",
    "Action": [
        "cloudfront:Describe*", "cloudfront:List*", "cloudfront-keyvaluestore:Get*", "cloudfront-keyvaluestore:Describe*",
    ],
    "Resource": "arn:aws:cloudfront::111111111111:key-value-store/*",
}
FIRST, SECOND = "111111111111", "222222222222"


def keyfront(*arguments):
    return subprocess.run(
        [BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE, env=clean_environment()
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serve")
    (folder / "data").mkdir()
    return folder


@pytest.fixture(scope="module")
def create(folder):
    """Makes a credential and returns its id and its secret."""

    def create(account, user, *statements):
        policy = folder / f"{user}.json"
        policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
        answer = keyfront(
            "credentials", "create", "--data", folder / "data", "--account", account, "--user", user, "--policy", policy
        )
        assert answer.returncode == 0, answer.stderr
        identity, secret = (line.split()[-1] for line in answer.stdout.splitlines())
        return identity, secret

    return create


@pytest.fixture(scope="module")
def credentials(create):
    return {
        "first": create(FIRST, "ada", ALL),
        "second": create(SECOND, "bob", ALL),
        "reader": create(FIRST, "reader", READ_ONLY),
        "no-delete": create(FIRST, "careful", ALL, {"Effect": "Deny", "Action": "cloudfront:Delete*", "Resource": "*"}),
    }


@pytest.fixture(scope="module")
def server(folder, credentials):
    """A server for real, with the credentials above and no others."""
    config = folder / "keyfront.toml"
    config.write_text(
        f'[server]\nlisten = "127.0.0.1:0"\n[admin]\nlisten = "127.0.0.1:0"\n[store]\ndata = "{folder / "data"}"\n'
    )
    server = Server(folder / "keyfront.log", "serve", "--config", config)
    yield server
    assert server.stop() == 0, server.log


@pytest.fixture(scope="module")
def planes(server, credentials):
    """Both clients of a user."""

    def planes(user):
        credential = credentials[user]
        return client(server, "cloudfront", credential), client(server, "cloudfront-keyvaluestore", credential)

    return planes


def test_the_well_known_credentials_of_development_are_unknown(server):
    control = client(server, "cloudfront")
    with pytest.raises(control.exceptions.ClientError) as failure:
        control.list_key_value_stores()
    assert error_of(failure)[:2] == ("InvalidClientTokenId", 403)


def test_names_and_lists_do_not_cross_accounts(planes):
    (first, _), (second, _) = planes("first"), planes("second")
    name = unique_name("shared")
    arns = [new_arn(first, name=name), new_arn(second, name=name)]
    assert arns[0].split(":")[4:5] + arns[1].split(":")[4:5] == [FIRST, SECOND]
    for control, arn in zip((first, second), arns):
        listed = control.list_key_value_stores()["KeyValueStoreList"]["Items"]
        assert arn in [store["ARN"] for store in listed]
        assert all(store["ARN"].split(":")[4] == arn.split(":")[4] for store in listed)


def test_another_accounts_store_cannot_be_reached(planes):
    (first, _), (second, second_data) = planes("first"), planes("second")
    store = new_store(first)["KeyValueStore"]
    with pytest.raises(second.exceptions.EntityNotFound):
        second.describe_key_value_store(Name=store["Name"])
    for call in (
        lambda: second_data.describe_key_value_store(KvsARN=store["ARN"]),
        lambda: second_data.list_keys(KvsARN=store["ARN"]),
        lambda: second_data.get_key(KvsARN=store["ARN"], Key="k"),
        lambda: second_data.put_key(KvsARN=store["ARN"], Key="k", Value="v", IfMatch="KVTVPDKIKX0DER"),
    ):
        with pytest.raises(second_data.exceptions.AccessDeniedException) as failure:
            call()
        assert error_of(failure)[1] == 403
    with pytest.raises(second.exceptions.ClientError):
        second.list_tags_for_resource(Resource=store["ARN"])


def test_a_policy_allows_what_it_names_and_nothing_else(planes):
    first, data = planes("first")
    control, reading = planes("reader")
    store = new_store(first)["KeyValueStore"]
    data.put_key(KvsARN=store["ARN"], Key="k", Value="v", IfMatch=etag_of(data, store["ARN"]))
    assert control.describe_key_value_store(Name=store["Name"])["KeyValueStore"] == store
    assert reading.get_key(KvsARN=store["ARN"], Key="k")["Value"] == "v"

    user = f"arn:aws:iam::{FIRST}:user/reader"
    with pytest.raises(control.exceptions.AccessDenied) as failure:
        control.create_key_value_store(Name=unique_name())
    code, status, message = error_of(failure)
    assert (code, status) == ("AccessDenied", 403)
    assert message.startswith(f"User: {user} is not authorized to perform: cloudfront:CreateKeyValueStore")
    with pytest.raises(reading.exceptions.AccessDeniedException) as failure:
        reading.put_key(KvsARN=store["ARN"], Key="k", Value="w", IfMatch=etag_of(reading, store["ARN"]))
    _, status, message = error_of(failure)
    assert status == 403
    action = "cloudfront-keyvaluestore:PutKey"
    assert f"User: {user} is not authorized to perform: {action} on resource: {store['ARN']}" in message
    with pytest.raises(reading.exceptions.AccessDeniedException):
        reading.list_keys(KvsARN=store["ARN"])
    assert reading.get_key(KvsARN=store["ARN"], Key="k")["Value"] == "v"


def test_an_explicit_deny_wins(planes):
    control, _ = planes("no-delete")
    answer = new_store(control)
    with pytest.raises(control.exceptions.AccessDenied):
        control.delete_key_value_store(Name=answer["KeyValueStore"]["Name"], IfMatch=answer["ETag"])


def test_everybody_may_ask_who_they_are(server, credentials):
    identity = client(server, "sts", credentials["reader"]).get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == (FIRST, f"arn:aws:iam::{FIRST}:user/reader")


def test_a_credential_made_and_deleted_while_it_serves_counts_at_once(server, create, folder):
    credential = create(FIRST, "brief", ALL)
    control = client(server, "cloudfront", credential)
    control.list_key_value_stores()
    deleted = keyfront("credentials", "delete", credential[0], "--data", folder / "data")
    assert deleted.returncode == 0, deleted.stderr
    with pytest.raises(control.exceptions.ClientError) as failure:
        control.list_key_value_stores()
    assert error_of(failure)[0] == "InvalidClientTokenId"


def test_a_chosen_access_key_signs_and_its_policy_is_changed_while_it_serves(server, folder):
    data, secret, policy = folder / "data", folder / "chosen.secret", folder / "chosen.json"
    secret.write_text("chosen-secret\n")
    secret.chmod(0o600)

    def write(effect):
        policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": [{**ALL, "Effect": effect}]}))

    write("Allow")
    create = (
        "credentials", "create", "--data", data, "--account", FIRST, "--user", "chosen", "--policy", policy,
        "--access-key-id", "chosen", "--secret-access-key-file", secret,
    )
    assert keyfront(*create).returncode == 0
    refused = keyfront(*create)
    assert refused.returncode == 1 and "there is a credential with this access key id" in refused.stderr
    control = client(server, "cloudfront", ("chosen", "chosen-secret"))
    control.list_key_value_stores()
    write("Deny")
    assert keyfront("credentials", "update", "chosen", "--policy", policy, "--data", data).returncode == 0
    with pytest.raises(control.exceptions.AccessDenied):
        control.list_key_value_stores()
    shown = keyfront("credentials", "show", "chosen", "--data", data)
    assert shown.stdout.rstrip("\n") == policy.read_text() and f"chosen  {FIRST}  chosen  " in shown.stderr
    for command in (("show", "nothing"), ("update", "nothing", "--policy", policy), ("show", "a/b")):
        unknown = keyfront("credentials", *command, "--data", data)
        assert unknown.returncode == 1 and f"there is no credential {command[1]}" in unknown.stderr


def test_secrets_are_shown_once_and_kept_sealed(folder, credentials, server):
    listed = keyfront("credentials", "list", "--data", folder / "data")
    assert listed.returncode == 0, listed.stderr
    for identity, secret in credentials.values():
        assert identity in listed.stdout
        assert secret not in listed.stdout + server.log
        for path in (folder / "data").rglob("*"):
            assert path.is_dir() or secret.encode() not in path.read_bytes(), path
    (key,) = (folder / "data").glob("*.key")
    assert key.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Maybe", "Action": "*", "Resource": "*"},
        {"Effect": "Allow", "Action": "*"},
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringLikes": {"a": "b"}}},
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Unknown": 1},
    ],
    ids=range(4),
)
def test_a_policy_that_is_not_understood_is_refused(folder, server, statement):
    policy = folder / "refused.json"
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    answer = keyfront(
        "credentials", "create", "--data", folder / "data", "--account", FIRST, "--user", "x", "--policy", policy
    )
    assert answer.returncode not in (0, 101)
    assert answer.stderr and "panicked" not in answer.stderr
