"""Several servers on one cluster of etcd: any of them answers, and what one acknowledged survives what is killed."""

import concurrent.futures
import contextlib
import functools
import itertools
import re
import shutil
import signal
import subprocess
import threading
import time

import pytest

import etcd as clusters
import server as keyfront
from clients import all_pairs, client, etag_of, new_arn, put_all, unique_name, wait_for
from test_concurrency import together, with_retry

pytestmark = pytest.mark.skipif(
    not clusters.program("etcd"), reason="etcd is not installed: servers over it were not checked"
)

WRITERS = 16


@contextlib.contextmanager
def running(folder, count=3):
    """Members, and as many servers on them, with a credential."""
    members = clusters.Etcd(folder)
    servers = clusters.Servers(folder, members, count)
    try:
        credential = servers.credential()
        for number in range(count):
            servers.start(number)
        yield members, servers, credential
    finally:
        servers.close()
        members.close()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A cluster in which nothing fails."""
    with running(tmp_path_factory.mktemp("cluster")) as (_, servers, credential):
        yield servers, credential
        for server in servers.running:
            assert server.stop() == 0, server.log
            assert "panicked" not in server.log, server.log


def planes(server, credential):
    return client(server, "cloudfront", credential), client(server, "cloudfront-keyvaluestore", credential)


@pytest.fixture(scope="module")
def nodes(cluster):
    """Both clients of each server."""
    servers, credential = cluster
    return [planes(server, credential) for server in servers.running]


def test_what_one_server_answered_the_others_show_at_once(nodes):
    for (control, data), (_, other_data), (third_control, third_data) in itertools.permutations(nodes):
        name = unique_name("any")
        arn = new_arn(control, name=name)
        assert third_control.describe_key_value_store(Name=name)["KeyValueStore"]["ARN"] == arn
        for round in range(5):
            etag = other_data.put_key(KvsARN=arn, Key="k", Value=str(round), IfMatch=etag_of(third_data, arn))["ETag"]
            assert third_data.get_key(KvsARN=arn, Key="k")["Value"] == str(round)
            assert etag_of(data, arn) == etag


def test_a_credential_is_known_to_every_server(cluster):
    servers, _ = cluster
    credential = servers.credential(1, user=unique_name("user"))
    for server in servers.running:
        control, _ = planes(server, credential)
        wait_for(lambda: lists(control), "the credential is not known")


def lists(control):
    try:
        return bool(control.list_key_value_stores())
    except control.exceptions.ClientError as refusal:
        assert refusal.response["Error"]["Code"] == "InvalidClientTokenId"
        return False


def test_sixteen_writers_over_three_servers_lose_nothing(cluster, nodes):
    servers, credential = cluster
    _, data = nodes[0]
    arn = new_arn(nodes[1][0])
    crowd = [client(servers.running[n % 3], "cloudfront-keyvaluestore", credential) for n in range(WRITERS)]
    data.put_key(KvsARN=arn, Key="counter", Value="0", IfMatch=etag_of(data, arn))

    def write(number):
        own = crowd[number]
        for index in range(4):
            with_retry(
                own, arn, lambda etag: own.put_key(KvsARN=arn, Key=f"{number}/{index}", Value="x", IfMatch=etag)
            )

        def increment(etag):
            value = int(own.get_key(KvsARN=arn, Key="counter")["Value"])
            own.put_key(KvsARN=arn, Key="counter", Value=str(value + 1), IfMatch=etag)

        for _ in range(2):
            with_retry(own, arn, increment)

    together(write)
    expected = {f"{number}/{index}": "x" for number in range(WRITERS) for index in range(4)}
    for _, seen in nodes:
        assert all_pairs(seen, arn, MaxResults=50) == {**expected, "counter": str(WRITERS * 2)}
        assert seen.describe_key_value_store(KvsARN=arn)["ItemCount"] == len(expected) + 1


def test_of_servers_that_create_one_name_exactly_one_wins(nodes):
    for _ in range(10):
        name = unique_name("contested")

        def create(number):
            control, _ = nodes[number]
            try:
                return control.create_key_value_store(Name=name)["KeyValueStore"]["ARN"]
            except control.exceptions.EntityAlreadyExists:
                return None

        won = [arn for arn in together(create, len(nodes)) if arn]
        assert len(won) == 1
        for control, _ in nodes:
            assert control.describe_key_value_store(Name=name)["KeyValueStore"]["ARN"] == won[0]


def test_a_function_of_one_server_is_tested_on_another(nodes):
    name = unique_name("function")
    code = b"function handler(event) { return event.request; }"
    runtime = {"Comment": "", "Runtime": "cloudfront-js-2.0"}
    nodes[0][0].create_function(Name=name, FunctionConfig=runtime, FunctionCode=code)
    etag = nodes[1][0].describe_function(Name=name)["ETag"]
    event = b'{"version":"1.0","context":{"eventType":"viewer-request"},"viewer":{"ip":"1.2.3.4"},' \
            b'"request":{"method":"GET","uri":"/","querystring":{},"headers":{},"cookies":{}}}'
    result = nodes[2][0].test_function(Name=name, IfMatch=etag, EventObject=event)["TestResult"]
    assert result["FunctionErrorMessage"] == ""


class Load:
    """Writers that go on over every server, and note what was acknowledged."""

    def __init__(self, clients_of, arn):
        self.acknowledged, self.arn = set(), arn
        self._stop, self._more = threading.Event(), threading.Condition()
        self._pool = concurrent.futures.ThreadPoolExecutor(len(clients_of))
        self._writers = [self._pool.submit(self._write, n, data) for n, data in enumerate(clients_of)]

    def _write(self, number, data):
        for index in itertools.count():
            key = f"{number}/{index}"
            while True:
                if self._stop.is_set():
                    return
                try:
                    data.put_key(KvsARN=self.arn, Key=key, Value="x", IfMatch=etag_of(data, self.arn))
                    break
                # A stale ETag, a server that is gone, or an outcome that is not known: written again.
                except Exception:  # noqa: BLE001
                    self._stop.wait(0.02)
            with self._more:
                self.acknowledged.add(key)
                self._more.notify_all()

    def goes_on(self, count=30):
        """Waits for as many more acknowledgements."""
        with self._more:
            goal = len(self.acknowledged) + count
            came = self._more.wait_for(lambda: len(self.acknowledged) >= goal, keyfront.PATIENCE * 2)
        assert came, "no more writes are acknowledged"

    def stop(self):
        self._stop.set()
        self._pool.shutdown()
        return self.acknowledged


def test_acknowledged_writes_survive_members_and_servers_that_are_killed(tmp_path):
    with running(tmp_path) as (members, servers, credential):
        arn = new_arn(planes(servers.running[0], credential)[0])
        load = Load([planes(server, credential)[1] for server in servers.running], arn)
        load.goes_on()
        for number, member in enumerate(members.members):
            members.kill(member)
            load.goes_on()
            members.start(member)
            load.goes_on()
            if number == 0:
                servers.running[2].process.send_signal(signal.SIGKILL)
                load.goes_on()
        acknowledged = load.stop()
        again = servers.start(2)
        _, data = planes(again, credential)
        there = all_pairs(data, arn, MaxResults=50)
        assert acknowledged <= there.keys()
        head = data.describe_key_value_store(KvsARN=arn)
        assert head["ItemCount"] == len(there)
        assert head["TotalSizeInBytes"] == sum(len(key) + len(value) for key, value in there.items())


def test_imports_of_a_server_that_is_killed_are_taken_over_within_ten_seconds(tmp_path):
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "pairs.json").write_text('{"data": [{"key": "a", "value": "1"}]}')
    source = {"SourceType": "S3", "SourceARN": "arn:aws:s3:::seeds/pairs.json"}
    members = clusters.Etcd(tmp_path, members=1)
    servers = clusters.Servers(tmp_path, members, count=2, extra=f'[import.folders]\nseeds = "{seeds}"')
    try:
        credential = servers.credential()
        first, second = servers.start(0), servers.start(1)
        # The first server runs the imports of both.
        for number, server in enumerate((first, second)):
            control, data = planes(server, credential)
            arn = new_arn(control, name=f"imported-{number}", ImportSource=source)
            assert all_pairs(data, arn) == {"a": "1"}
        assert "import finished" in first.log
        assert "import finished" not in second.log
        control, data = planes(second, credential)
        first.kill()
        killed = time.monotonic()
        arn = new_arn(control, name="taken-over", ImportSource=source)
        assert time.monotonic() - killed < 10
        assert all_pairs(data, arn) == {"a": "1"}
    finally:
        servers.close()
        members.close()


def test_a_store_is_copied_from_a_data_folder_into_etcd_and_back(tmp_path):
    members = clusters.Etcd(tmp_path, members=1)
    servers = clusters.Servers(tmp_path, members, count=1)
    single = {}
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
        single[name] = tmp_path / f"{name}.toml"
        single[name].write_text(
            f'[server]\nlisten = "127.0.0.1:0"\n[admin]\nlisten = "127.0.0.1:0"\n'
            f'[store]\ndata = "{tmp_path / name}"\nkey_file = "{servers.key}"\n'
        )
    in_etcd, servers.configs = servers.configs[0], [single["before"]]
    copy = functools.partial(copied, tmp_path)
    try:
        credential = servers.credential()
        first = servers.start(0)
        control, data = planes(first, credential)
        arn = new_arn(control, name="moved", Tags={"Items": [{"Key": "a", "Value": "b"}]})
        # More than one transaction of etcd takes.
        pairs = {f"k/{number}": "ü" * 40 for number in range(700)}
        put_all(data, arn, pairs)
        before = seen(control, data, arn)
        assert "is in use by another process" in copy(single["before"], in_etcd, code=1).stderr
        assert first.stop() == 0

        assert "copied and verified: 1 key value stores with 700 pairs" in copy(single["before"], in_etcd).stdout
        # Again: there is nothing left to do.
        assert "copied and verified" in copy(single["before"], in_etcd).stdout
        servers.configs = [in_etcd]
        second = servers.start(0)
        control, data = planes(second, credential)
        assert seen(control, data, arn) == before
        data.put_key(KvsARN=arn, Key="new", Value="1", IfMatch=etag_of(data, arn))
        after = seen(control, data, arn)
        assert second.stop() == 0

        assert "holds other data" in copy(single["before"], in_etcd, code=1).stderr
        assert "copied and verified" in copy(in_etcd, single["after"]).stdout
        servers.configs = [single["after"]]
        third = servers.start(0)
        assert seen(*planes(third, credential), arn) == after
    finally:
        servers.close()
        members.close()


def copied(folder, source, into, code=0):
    answer = subprocess.run(
        [keyfront.BINARY, "copy", "--from", source, "--to", into], cwd=folder, capture_output=True, text=True,
        timeout=keyfront.PATIENCE * 3, env=keyfront.clean_environment(),
    )
    assert answer.returncode == code, answer.stderr
    return answer


def seen(control, data, arn):
    """What clients see of the store."""
    described = control.describe_key_value_store(Name="moved")
    head = data.describe_key_value_store(KvsARN=arn)
    tags = control.list_tags_for_resource(Resource=arn)
    for answer in (described, head, tags):
        answer.pop("ResponseMetadata")
    return described, head, tags, all_pairs(data, arn, MaxResults=50)


def test_a_server_is_not_ready_while_etcd_has_no_leader(tmp_path):
    with running(tmp_path, count=1) as (members, servers, credential):
        control, data = planes(servers.running[0], credential)
        arn = new_arn(control)
        assert servers.is_ready(0)
        for member in members.members[:2]:
            members.kill(member)
        wait_for(lambda: not servers.is_ready(0), "the server is still ready")
        etag = None
        with pytest.raises(data.exceptions.ClientError):
            etag = etag_of(data, arn)
        assert etag is None
        members.start(members.members[0])
        wait_for(lambda: servers.is_ready(0), "the server is not ready again")
        data.put_key(KvsARN=arn, Key="k", Value="v", IfMatch=etag_of(data, arn))


def test_etcd_with_tls_and_a_password(tmp_path):
    certificates = clusters.write_certificates(tmp_path)
    members = clusters.Etcd(tmp_path, members=1, certificates=certificates)
    password = tmp_path / "password"
    password.write_text("correct horse\n")
    more = f'ca_file = "{certificates[0]}"\nuser = "keyfront"\npassword_file = "{password}"'
    servers = clusters.Servers(tmp_path, members, count=1, more=more)
    try:
        members.require_a_password("correct horse")
        credential = servers.credential()
        server = servers.start(0)
        control, data = planes(server, credential)
        arn = new_arn(control)
        data.put_key(KvsARN=arn, Key="k", Value="v", IfMatch=etag_of(data, arn))
        assert data.get_key(KvsARN=arn, Key="k")["Value"] == "v"
        assert "correct horse" not in server.log
        assert server.stop() == 0
        password.write_text("wrong\n")
        refused = servers.keyfront(0, "serve")
        assert refused.returncode != 0
        assert "authentication failed" in refused.stderr
        assert "check user, password and role in [store.etcd]" in refused.stderr
        assert "wrong" not in refused.stderr
    finally:
        servers.close()
        members.close()


def test_a_server_without_the_key_of_the_cluster_does_not_start(tmp_path):
    members = clusters.Etcd(tmp_path, members=1)
    servers = clusters.Servers(tmp_path, members, count=1)
    try:
        servers.key.unlink()
        refused = servers.keyfront(0, "serve")
        assert refused.returncode != 0
        assert f"{servers.key} is missing" in refused.stderr
        assert not servers.key.exists()
    finally:
        members.close()


@pytest.mark.skipif(not clusters.program("etcdctl"), reason="etcdctl is not installed: docs/cluster.md was not run")
@pytest.mark.skipif(not shutil.which("aws"), reason="the AWS CLI is not installed: docs/cluster.md was not run")
def test_the_document_leads_to_three_servers(tmp_path):
    """Its blocks for a shell are run as they are, on other ports."""
    text = (keyfront.ROOT / "docs/cluster.md").read_text()
    section = text.split("## Three servers on one machine\n")[1].split("\n## ")[0]
    script = "\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))
    for port in set(re.findall(r"\$\{i\}(\d{4})", script)):
        numbers = [str(clusters.free_port()) for _ in range(3)]
        script = script.replace("${i}" + port, f"$(echo {' '.join(numbers)} | cut -d' ' -f$i)")
        for i, number in enumerate(numbers, 1):
            script = script.replace(f"{i}{port}", number)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/keyfront").symlink_to(keyfront.BINARY)
    path = f"{tmp_path / 'bin'}:{clusters.UNPACKED}:{keyfront.clean_environment()['PATH']}"
    # What it starts ends with the shell.
    ended = "trap 'kill -9 $(jobs -p)' EXIT\n"
    answer = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", ended + script], cwd=tmp_path, capture_output=True, text=True,
        timeout=keyfront.PATIENCE * 6, env=keyfront.clean_environment(PATH=path, AWS_DEFAULT_REGION="us-east-1"),
    )
    assert answer.returncode == 0, answer.stderr
    assert "redirects" in answer.stdout
    assert '"ready": true' in answer.stdout or '"ready":true' in answer.stdout
