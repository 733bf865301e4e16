"""Many writers on one store: a write that was acknowledged is there, and paging stays whole."""

import concurrent.futures
import threading

import pytest

from clients import all_pairs, client, etag_of, new_arn, put_all

WRITERS = 16
STALE = "Pre-Condition failed"


def with_retry(data, arn, write):
    """Writes as real tools do: with the current ETag, again when another writer was faster. Returns the attempts."""
    for attempt in range(1, 10_000):
        try:
            write(etag_of(data, arn))
            return attempt
        except data.exceptions.ValidationException as failure:
            assert STALE in failure.response["Error"]["Message"]
    raise AssertionError("10,000 attempts were not enough")


def together(work, count=WRITERS):
    """Runs `work(number)` in threads that start at once, and returns what they return."""
    start = threading.Barrier(count)

    def run(number):
        start.wait()
        return work(number)

    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.fixture(scope="module")
def crowd(server):
    """A client for each writer."""
    return [client(server, "cloudfront-keyvaluestore") for _ in range(WRITERS)]


def test_sixteen_writers_lose_nothing(crowd, data, arn):
    def write(number):
        own = crowd[number]
        for index in range(10):
            key, value = f"{number}/{index}", f"{number * index}"
            with_retry(own, arn, lambda etag: own.put_key(KvsARN=arn, Key=key, Value=value, IfMatch=etag))

    together(write)
    pairs = all_pairs(data, arn, MaxResults=50)
    assert pairs == {f"{n}/{i}": f"{n * i}" for n in range(WRITERS) for i in range(10)}
    answer = data.describe_key_value_store(KvsARN=arn)
    assert answer["ItemCount"] == len(pairs)
    assert answer["TotalSizeInBytes"] == sum(len(key) + len(value) for key, value in pairs.items())


def test_a_counter_counts_every_increment(crowd, data, arn):
    put_all(data, arn, {"counter": "0"})

    def write(number):
        own = crowd[number]
        for _ in range(5):
            # The ETag is read before the value, so a write in between refuses this one.
            def increment(etag):
                value = int(own.get_key(KvsARN=arn, Key="counter")["Value"])
                own.put_key(KvsARN=arn, Key="counter", Value=str(value + 1), IfMatch=etag)

            with_retry(own, arn, increment)

    together(write)
    assert data.get_key(KvsARN=arn, Key="counter")["Value"] == str(WRITERS * 5)


def test_of_two_writers_with_one_etag_exactly_one_wins(crowd, data, arn):
    for _ in range(10):
        etag = etag_of(data, arn)

        def write(number):
            try:
                crowd[number].put_key(KvsARN=arn, Key="k", Value=f"{number} with {etag}", IfMatch=etag)
                return number
            except data.exceptions.ValidationException:
                return None

        winners = [number for number in together(write) if number is not None]
        assert len(winners) == 1
        assert data.get_key(KvsARN=arn, Key="k")["Value"] == f"{winners[0]} with {etag}"


def test_readers_see_batches_whole(crowd, data, arn):
    """Both keys of a batch change together; no page of both ever shows one of them alone."""
    put_all(data, arn, {"a": "0", "b": "0"})
    stop = threading.Event()

    def read(own):
        seen = 0
        while not stop.is_set():
            items = own.list_keys(KvsARN=arn)["Items"]
            assert items[0]["Value"] == items[1]["Value"]
            seen += 1
        return seen

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read, own) for own in crowd[:4]]
        etag = etag_of(data, arn)
        for number in range(1, 100):
            puts = [{"Key": key, "Value": str(number)} for key in "ab"]
            etag = data.update_keys(KvsARN=arn, IfMatch=etag, Puts=puts)["ETag"]
        stop.set()
        assert all(reader.result() > 0 for reader in readers)


def test_paging_neither_skips_nor_repeats_while_others_write(crowd, data, arn):
    stable = {f"{number:04}-stable": "v" for number in range(0, 400, 2)}
    put_all(data, arn, stable)
    stop = threading.Event()

    def disturb(own):
        number = 0
        while not stop.is_set():
            key = f"{number * 37 % 400:04}-passing"
            with_retry(own, arn, lambda etag: own.update_keys(
                KvsARN=arn, IfMatch=etag, Puts=[{"Key": key, "Value": "x"}],
                Deletes=[{"Key": f"{(number - 3) * 37 % 400:04}-passing"}],
            ))
            number += 1
        return number

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        disturbers = [pool.submit(disturb, own) for own in crowd[:2]]
        try:
            for _ in range(5):
                # all_pairs fails when a key comes twice.
                pairs = all_pairs(data, arn, MaxResults=7)
                assert {key: pairs.get(key) for key in stable} == stable
        finally:
            stop.set()
        assert all(disturber.result() > 0 for disturber in disturbers)


def test_stores_are_made_and_dropped_side_by_side(server):
    def work(number):
        own = client(server, "cloudfront")
        arns = [new_arn(own, name=f"crowd-{number}-{index}") for index in range(5)]
        for index in range(5):
            etag = own.describe_key_value_store(Name=f"crowd-{number}-{index}")["ETag"]
            own.delete_key_value_store(Name=f"crowd-{number}-{index}", IfMatch=etag)
        return arns

    arns = [arn for made in together(work) for arn in made]
    assert len(set(arns)) == WRITERS * 5


def test_one_name_is_given_once(server):
    def work(number):
        own = client(server, "cloudfront")
        try:
            return own.create_key_value_store(Name="contended")["KeyValueStore"]["Id"]
        except own.exceptions.EntityAlreadyExists:
            return None

    assert len([made for made in together(work) if made]) == 1
