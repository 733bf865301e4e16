"""boto3 clients and what tests do with them again and again."""

import functools
import itertools
import time

import boto3
from botocore.config import Config

from server import ACCESS_KEY, REGION, SECRET_KEY

_numbers = itertools.count(1)


@functools.cache
def _session():
    # One session for the whole run: loading the service models is what takes time.
    return boto3.Session(region_name=REGION)


def client(server, service, credential=(ACCESS_KEY, SECRET_KEY), retries=None, **config):
    """A client that makes each call once, so that a test sees the first answer, unless told otherwise.

    The server is its own proxy: the data plane's host carries the account id in front and resolves
    nowhere.
    """
    access_key, secret = credential
    return _session().client(
        service,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret,
        endpoint_url=f"http://localhost:{server.port}",
        config=Config(proxies={"http": server.endpoint}, retries=retries or {"total_max_attempts": 1}, **config),
    )


def next_millisecond():
    """Waits until the clock shows another millisecond, for what is ordered by time."""
    now = time.time_ns() // 1_000_000
    while time.time_ns() // 1_000_000 == now:
        pass


def unique_name(stem="store"):
    return f"{stem}-{next(_numbers)}"


def status_of(answer):
    return answer["ResponseMetadata"]["HTTPStatusCode"]


def header_of(answer, name):
    return answer["ResponseMetadata"]["HTTPHeaders"].get(name.lower())


def error_of(failure):
    """Code, HTTP status and message of a typed exception."""
    error = failure.value.response["Error"]
    return error["Code"], status_of(failure.value.response), error["Message"]


def wait_for(look, what, deadline=30):
    """What `look` returns as soon as that is true, for what becomes so a moment after it was acknowledged."""
    end = time.monotonic() + deadline
    pause = 0.002
    while not (found := look()):
        assert time.monotonic() < end, f"{what} in {deadline} s"
        time.sleep(pause)
        pause = min(pause * 2, 0.2)
    return found


def let_pass(seconds):
    """Lets time go by, for what a fault does by its length alone."""
    end = time.monotonic() + seconds
    wait_for(lambda: time.monotonic() >= end, "the clock stands still", seconds + 10)


def wait_until_provisioned(control, name):
    """The store as soon as it is no longer PROVISIONING."""

    def look():
        answer = control.describe_key_value_store(Name=name)
        return answer if answer["KeyValueStore"]["Status"] != "PROVISIONING" else None

    return wait_for(look, f"{name} is still PROVISIONING")


def new_store(control, name=None, **more):
    """Creates a store, waits until it is READY and returns its description."""
    name = name or unique_name()
    control.create_key_value_store(Name=name, **more)
    answer = wait_until_provisioned(control, name)
    assert answer["KeyValueStore"]["Status"] == "READY"
    return answer


def new_arn(control, **more):
    """The ARN of a new store that is READY."""
    return new_store(control, **more)["KeyValueStore"]["ARN"]


def etag_of(data, arn):
    return data.describe_key_value_store(KvsARN=arn)["ETag"]


def put_all(data, arn, pairs):
    """Writes many pairs in batches as large as the service takes, and returns the last ETag."""
    etag = etag_of(data, arn)
    pairs = list(pairs.items())
    for start in range(0, len(pairs), 50):
        batch = [{"Key": key, "Value": value} for key, value in pairs[start:start + 50]]
        etag = data.update_keys(KvsARN=arn, IfMatch=etag, Puts=batch)["ETag"]
    return etag


def all_pairs(data, arn, **paging):
    """Every pair of a store, by all pages. A key that comes twice is a failure."""
    pairs = {}
    while True:
        page = data.list_keys(KvsARN=arn, **paging)
        for item in page["Items"]:
            assert item["Key"] not in pairs, f"the key {item['Key']!r} came twice"
            pairs[item["Key"]] = item["Value"]
        if not page.get("NextToken"):
            return pairs
        paging["NextToken"] = page["NextToken"]
