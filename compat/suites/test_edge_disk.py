"""Objects that are too large for the edge's memory: kept in a folder, shared while they come, never whole in memory."""

import concurrent.futures
import hashlib
import http.client
import subprocess

import pytest

import server as keyfront
from clients import client, wait_for
from conftest import running
from distributions import new_distribution
from test_edge_listening import DIRECT, fetch, fetch_new

LARGE = 96 * 1024 * 1024
# What the server may grow by while many viewers have the object, in threads and buffers. One that held a third of it
# would fail.
MOST_GROWTH = 32 * 1024 * 1024


@pytest.fixture
def world(tmp_path):
    """A server with 8 MiB of memory for objects and a folder for larger ones, and its distribution."""
    (tmp_path / "site").mkdir()
    settings = tmp_path / "keyfront.toml"
    cache = f"[edge]\ncache_memory_mib = 8\n[edge.cache]\ndisk = '{tmp_path / 'cache'}'\ndisk_mib = 1024\n"
    settings.write_text(cache)
    (tmp_path / "site/page.html").write_text("a page")
    with running(tmp_path, "--config", settings, "--origin", f"origin.example.com={tmp_path / 'site'}") as server:
        host = new_distribution(client(server, "cloudfront"))["Distribution"]["DomainName"]
        fetch_new(f"{server.edges[0]}/page.html", host)
        yield server, host, tmp_path


def write_large(path):
    """A file whose pieces differ, and its digest."""
    digest = hashlib.sha256()
    with open(path, "wb") as file:
        for number in range(LARGE // 4096):
            piece = number.to_bytes(8, "big") * 512
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def download(edge, host, path, range_=None):
    """The word of the cache, the digest and the length of what a viewer gets, read in pieces."""
    connection = http.client.HTTPConnection(edge.partition("//")[2], timeout=60)
    connection.request("GET", path, headers={"Host": host, **({"Range": range_} if range_ else {})})
    answer, digest, length = connection.getresponse(), hashlib.sha256(), 0
    while piece := answer.read(256 * 1024):
        digest.update(piece)
        length += len(piece)
    connection.close()
    return answer.headers["X-Cache"].partition(" ")[0], digest.hexdigest(), length


def resident_bytes(server):
    with open(f"/proc/{server.process.pid}/status") as status:
        return int(next(line for line in status if line.startswith("VmRSS:")).split()[1]) * 1024


def bodies(folder):
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "keyfront-cache"]


def test_a_large_object_comes_once_and_is_then_in_the_folder(world):
    server, host, folder = world
    [edge] = server.edges
    digest = write_large(folder / "site/large.bin")
    before = resident_bytes(server)
    with concurrent.futures.ThreadPoolExecutor(6) as viewers:
        answers = list(viewers.map(lambda _: download(edge, host, "/large.bin"), range(6)))
    assert {answer[1:] for answer in answers} == {(digest, LARGE)}
    assert sorted(word for word, _, _ in answers) == ["Hit"] * 5 + ["Miss"]
    grown = resident_bytes(server) - before
    assert grown < MOST_GROWTH, f"{grown} bytes for an object of {LARGE}"
    [body] = wait_for(lambda: bodies(folder / "cache"), "a file")
    assert (body.stat().st_size, oct(body.stat().st_mode & 0o777)) == (LARGE, "0o600")
    # What is in the folder is what is served, and parts of it.
    write_large(folder / "site/large.bin")
    (folder / "site/large.bin").write_bytes(b"short")
    assert download(edge, host, "/large.bin") == ("Hit", digest, LARGE)
    status, headers, part = fetch(f"{edge}/large.bin", host, Range="bytes=409600-409607,-8")
    assert (status, headers["X-Cache"]) == (206, "Hit from cloudfront")
    assert (100).to_bytes(8, "big") in part and (LARGE // 4096 - 1).to_bytes(8, "big") in part
    assert fetch(f"{edge}/large.bin", host, Range="bytes=409600-409607")[2] == (100).to_bytes(8, "big")
    figures = DIRECT.open(server.admin + "/metrics").read().decode()
    assert "keyfront_edge_cache_disk_objects 1" in figures and "keyfront_edge_cache_disk_filling_bytes 0" in figures


def test_a_viewer_that_stops_holds_up_no_other(world):
    server, host, folder = world
    [edge] = server.edges
    digest = write_large(folder / "site/large.bin")
    connection = http.client.HTTPConnection(edge.partition("//")[2], timeout=60)
    connection.request("GET", "/large.bin", headers={"Host": host})
    stopped = connection.getresponse()
    assert stopped.read(1024)
    assert download(edge, host, "/large.bin") == ("Hit", digest, LARGE)
    assert len(stopped.read()) == LARGE - 1024


def test_an_invalidation_deletes_the_file_and_the_folder_is_one_servers(world):
    server, host, folder = world
    [edge] = server.edges
    write_large(folder / "site/large.bin")
    download(edge, host, "/large.bin")
    wait_for(lambda: bodies(folder / "cache"), "a file")
    cloudfront = client(server, "cloudfront")
    [distribution] = cloudfront.list_distributions()["DistributionList"]["Items"]
    cloudfront.create_invalidation(
        DistributionId=distribution["Id"],
        InvalidationBatch={"CallerReference": "1", "Paths": {"Quantity": 1, "Items": ["/large*"]}},
    )
    wait_for(lambda: not bodies(folder / "cache"), "no file")
    assert download(edge, host, "/large.bin")[0] == "Miss"
    # A second process cannot have the same folder.
    second = subprocess.run(
        [keyfront.BINARY, "dev", "--ephemeral", "--listen", "127.0.0.1:0", "--config", folder / "keyfront.toml"],
        capture_output=True, text=True, timeout=keyfront.PATIENCE, env=keyfront.clean_environment(),
    )
    assert second.returncode != 0 and "is used by another process" in second.stderr


def test_what_a_killed_server_left_is_deleted_and_nothing_else(tmp_path):
    settings, left = tmp_path / "keyfront.toml", tmp_path / "cache/0a/1b/0a1b"
    settings.write_text(f"[edge.cache]\ndisk = '{tmp_path / 'cache'}'\n")
    arguments = ["dev", "--ephemeral", "--listen", "127.0.0.1:0", "--config", settings]
    server = keyfront.Server(tmp_path / "killed.log", *arguments)
    server.kill()
    left.parent.mkdir(parents=True)
    left.write_bytes(b"left")
    (tmp_path / "cache/notes.txt").write_text("mine")
    with running(tmp_path, "--config", settings):
        assert not left.exists() and (tmp_path / "cache/notes.txt").exists()
    # A folder of something else is not touched.
    settings.write_text(f"[edge.cache]\ndisk = '{tmp_path}'\n")
    refused = subprocess.run(
        [keyfront.BINARY, *arguments], capture_output=True, text=True, timeout=keyfront.PATIENCE,
        env=keyfront.clean_environment(),
    )
    assert refused.returncode != 0 and "has files of something else" in refused.stderr
