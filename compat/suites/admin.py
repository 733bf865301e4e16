"""The commands that speak to the admin address of a running server, and what they change."""

import re
import subprocess

import server as keyfront
from clients import all_pairs, client
from server import BINARY, clean_environment


def admin_of(server):
    """The admin address as the server's welcome names it."""
    return re.search(r"health\s+http://(\S+)/health", server.log)[1]


def command(server, *arguments, code=0, token=None):
    """Runs a command against the server's admin address, and returns what it printed."""
    more = ("--token", token) if token else ()
    answer = subprocess.run(
        [BINARY, *map(str, arguments), "--admin", admin_of(server), *more],
        capture_output=True, text=True, timeout=keyfront.PATIENCE, env=clean_environment(),
    )
    assert answer.returncode == code, answer.stderr
    assert "panicked" not in answer.stderr
    return answer.stdout if code == 0 else answer.stderr


def snapshot(server, *arguments, **more):
    return command(server, "snapshot", *arguments, **more)


def planes(server):
    return client(server, "cloudfront"), client(server, "cloudfront-keyvaluestore")


def state(server):
    """Everything that clients can see of an account: stores with their tags, ETags and pairs."""
    control, data = planes(server)
    seen = {}
    for item in control.list_key_value_stores()["KeyValueStoreList"].get("Items", []):
        described = control.describe_key_value_store(Name=item["Name"])
        head = data.describe_key_value_store(KvsARN=item["ARN"])
        tags = control.list_tags_for_resource(Resource=item["ARN"])["Tags"]
        for answer in (described, head, tags):
            answer.pop("ResponseMetadata", None)
        seen[item["Name"]] = (described, head, tags, all_pairs(data, item["ARN"]))
    return seen
