"""What was acknowledged is there after the process was killed; and the data folder has one owner."""

import concurrent.futures
import subprocess
import threading

import pytest

import server as keyfront
from clients import all_pairs, client, etag_of, new_arn, new_store, put_all


@pytest.fixture
def start(tmp_path):
    """Starts a server on the test's data folder, again and again."""
    started = []

    def start():
        server = keyfront.dev(tmp_path, "--data", tmp_path / "data")
        started.append(server)
        return server, client(server, "cloudfront"), client(server, "cloudfront-keyvaluestore")

    yield start
    for server in started:
        if server.process.poll() is None:
            server.kill()


def test_everything_survives_a_clean_restart(start):
    server, control, data = start()
    made = new_store(control, "kept", Comment="", Tags={"Items": [{"Key": "a", "Value": "b"}]})
    arn = made["KeyValueStore"]["ARN"]
    pairs = {f"k/{number}": "ü" * number for number in range(120)}
    etag = put_all(data, arn, pairs)
    dropped = new_store(control, "dropped")
    control.delete_key_value_store(Name="dropped", IfMatch=dropped["ETag"])
    before = data.describe_key_value_store(KvsARN=arn)
    assert server.stop() == 0

    server, control, data = start()
    again = control.describe_key_value_store(Name="kept")
    assert (again["KeyValueStore"], again["ETag"]) == (made["KeyValueStore"], made["ETag"])
    assert control.list_tags_for_resource(Resource=arn)["Tags"]["Items"] == [{"Key": "a", "Value": "b"}]
    assert all_pairs(data, arn, MaxResults=50) == pairs
    after = data.describe_key_value_store(KvsARN=arn)
    assert after["ETag"] == etag
    for field in ("ItemCount", "TotalSizeInBytes", "Created", "LastModified"):
        assert after[field] == before[field]
    data.put_key(KvsARN=arn, Key="k/0", Value="new", IfMatch=etag)
    # A deleted store is remembered as deleted.
    with pytest.raises(data.exceptions.ConflictException):
        data.describe_key_value_store(KvsARN=dropped["KeyValueStore"]["ARN"])


class Acknowledged:
    """The numbers of the writes that the server has acknowledged, as they come in."""

    def __init__(self):
        self.numbers = []
        self._more = threading.Condition()

    def add(self, number):
        with self._more:
            self.numbers.append(number)
            self._more.notify_all()

    def wait_for(self, count):
        with self._more:
            came = self._more.wait_for(lambda: len(self.numbers) >= count, keyfront.PATIENCE)
        assert came, f"{len(self.numbers)} of {count} writes were acknowledged in {keyfront.PATIENCE} s"


def write_until_it_dies(data, arn, acknowledged):
    """Writes numbers one after another and notes each one that the server has acknowledged."""
    try:
        etag = etag_of(data, arn)
        for number in range(1_000_000):
            etag = data.put_key(KvsARN=arn, Key=f"n{number}", Value=str(number), IfMatch=etag)["ETag"]
            acknowledged.add(number)
    except Exception:  # whatever the SDK makes of a connection that was cut
        return


@pytest.mark.parametrize("writes", [1, 20, 60])
def test_nothing_acknowledged_is_lost_when_it_is_killed(start, writes):
    server, control, _ = start()
    arns = [new_arn(control, name=f"s{number}") for number in range(4)]
    acknowledged = [Acknowledged() for _ in arns]
    with concurrent.futures.ThreadPoolExecutor(len(arns)) as pool:
        for arn, own in zip(arns, acknowledged):
            pool.submit(write_until_it_dies, client(server, "cloudfront-keyvaluestore"), arn, own)
        try:
            for own in acknowledged:
                own.wait_for(writes)
        finally:
            server.kill()

    _, control, data = start()
    for arn, own in zip(arns, acknowledged):
        pairs = all_pairs(data, arn, MaxResults=50)
        last = own.numbers[-1]
        assert {f"n{number}": str(number) for number in own.numbers}.items() <= pairs.items()
        # The one write that was on its way may be there or not; nothing else can.
        assert set(pairs) - {f"n{number}" for number in own.numbers} <= {f"n{last + 1}"}
        answer = data.describe_key_value_store(KvsARN=arn)
        assert answer["ItemCount"] == len(pairs)
        assert answer["TotalSizeInBytes"] == sum(len(key) + len(value) for key, value in pairs.items())
        data.put_key(KvsARN=arn, Key="after", Value="the crash", IfMatch=answer["ETag"])


def test_a_created_store_survives_a_kill_right_after_the_answer(start):
    server, control, _ = start()
    made = control.create_key_value_store(Name="quick", Comment="c")
    server.kill()
    _, control, data = start()
    again = control.describe_key_value_store(Name="quick")
    assert again["KeyValueStore"]["Id"] == made["KeyValueStore"]["Id"]
    assert again["KeyValueStore"]["Status"] == "READY", "provisioning is finished after a restart"
    assert data.list_keys(KvsARN=made["KeyValueStore"]["ARN"])["Items"] == []


def test_a_clean_stop_finishes_what_it_accepted(start):
    server, control, data = start()
    arn = new_arn(control)
    acknowledged = Acknowledged()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pool.submit(write_until_it_dies, data, arn, acknowledged)
        try:
            acknowledged.wait_for(20)
        finally:
            assert server.stop() == 0
    _, _, data = start()
    assert {f"n{number}" for number in acknowledged.numbers} <= set(all_pairs(data, arn, MaxResults=50))


def test_a_second_process_on_the_same_folder_is_turned_away(start, tmp_path):
    _, control, _ = start()
    second = subprocess.run(
        [keyfront.BINARY, "dev", "--listen", "127.0.0.1:0", "--data", tmp_path / "data"],
        capture_output=True, text=True, timeout=keyfront.PATIENCE, env=keyfront.clean_environment(),
    )
    assert second.returncode != 0
    assert str(tmp_path / "data") in second.stderr
    assert "panicked" not in second.stderr and "ready" not in second.stdout
    control.create_key_value_store(Name="the-first-goes-on")


@pytest.mark.parametrize(
    "content", [b"another program's database", b"", b"redb" + b"\0" * 8192], ids=["foreign", "empty", "zeros"]
)
def test_a_data_file_that_is_not_ours_is_refused_and_left_alone(start, tmp_path, content):
    # What the data file is called is asked of a server that has made one.
    server, _, _ = start()
    assert server.stop() == 0
    (data_file,) = (tmp_path / "data").glob("*.redb")
    data_file.write_bytes(content)
    answer = subprocess.run(
        [keyfront.BINARY, "dev", "--listen", "127.0.0.1:0", "--data", tmp_path / "data"],
        capture_output=True, text=True, timeout=keyfront.PATIENCE, env=keyfront.clean_environment(),
    )
    assert answer.returncode not in (0, 101), answer.stderr
    assert str(tmp_path / "data") in answer.stderr and "panicked" not in answer.stderr
    assert data_file.read_bytes() == content


def test_a_data_file_that_was_cut_is_refused_or_whole(start, tmp_path):
    server, control, data = start()
    arn = new_arn(control, name="cut")
    put_all(data, arn, {f"k{number}": "v" * 1000 for number in range(200)})
    assert server.stop() == 0
    (data_file,) = (tmp_path / "data").glob("*.redb")
    whole = data_file.read_bytes()
    data_file.write_bytes(whole[: len(whole) // 2])
    answer = subprocess.run(
        [keyfront.BINARY, "dev", "--listen", "127.0.0.1:0", "--data", tmp_path / "data"],
        capture_output=True, text=True, timeout=keyfront.PATIENCE, env=keyfront.clean_environment(),
    )
    assert answer.returncode not in (0, 101), answer.stderr
    assert str(tmp_path / "data") in answer.stderr and "panicked" not in answer.stderr


def test_strangers_files_in_the_folder_stay_as_they_are(start, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/letter.txt").write_text("dear reader")
    server, _, _ = start()
    assert server.stop() == 0
    assert (tmp_path / "data/letter.txt").read_text() == "dear reader"


def test_an_ephemeral_server_keeps_nothing(tmp_path):
    (tmp_path / "project").mkdir()
    for _ in range(2):
        log = tmp_path / "keyfront.log"
        server = keyfront.Server(log, "dev", "--listen", "127.0.0.1:0", "--ephemeral", folder=tmp_path / "project")
        try:
            control = client(server, "cloudfront")
            assert "Items" not in control.list_key_value_stores()["KeyValueStoreList"]
            control.create_key_value_store(Name="again")
            assert server.stop() == 0
        finally:
            server.kill()
    assert list((tmp_path / "project").iterdir()) == []
