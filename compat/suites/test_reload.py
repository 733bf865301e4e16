"""SIGHUP: a production server takes over what it safely can, and says what it took and what needs a restart."""

import json
import os
import pty
import re
import signal
import ssl
import subprocess

import httpx
import pytest

from clients import client, error_of, etag_of, new_arn, unique_name, wait_for
from distributions import counted, new_distribution
from edge import http_origin
from server import BINARY, PATIENCE, Server, clean_environment
from test_tls_and_http2 import write_certificate

ACCOUNT = "123456789012"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ORIGIN = "reloaded.example.com"


class Production:
    """A server with an edge, whose configuration a test writes anew."""

    def __init__(self, folder):
        self.folder, self.config = folder, folder / "keyfront.toml"
        for name in ("first", "second"):
            (folder / name).mkdir()
            write_certificate(folder / name)
        self.write({})
        (folder / "policy.json").write_text(json.dumps(POLICY))
        create = ["credentials", "create", "--config", self.config, "--account", ACCOUNT, "--user", "u"]
        created = subprocess.run(
            [BINARY, *create, "--policy", folder / "policy.json"], capture_output=True, text=True, check=True,
            timeout=PATIENCE, env=clean_environment(),
        )
        self.credential = tuple(line.split()[-1] for line in created.stdout.splitlines())
        self.server = Server(folder / "log", "serve", "--config", self.config)
        self.edge = next(url for url in self.server.edges if url.startswith("http:"))
        self.edge_tls = next(url for url in self.server.edges if url.startswith("https:"))

    def write(self, changes):
        """Writes the configuration: what all have, with what each section gets besides."""
        certificate = self.folder / changes.get("certificate", "first")
        sections = {
            "server": 'listen = "127.0.0.1:0"',
            "admin": 'listen = "127.0.0.1:0"',
            "store": f'data = "{self.folder / "data"}"',
            "edge": 'enabled = true\nlisten = "127.0.0.1:0"\ntls_listen = "127.0.0.1:0"',
            "edge.certificates.default": f'certificate = "{certificate}/server.crt"\nprivate_key = "{certificate}/server.key"',
            "edge.origins": f'"{ORIGIN}" = "{self.folder / "first"}"',
        }
        changes = {name: text for name, text in changes.items() if name != "certificate"}
        for name, text in changes.items():
            sections[name] = text if name in ("edge.origins",) else f"{sections.get(name, '')}\n{text}"
        self.config.write_text("".join(f"[{name}]\n{text}\n" for name, text in sections.items()))

    def hang_up(self):
        """What the server logs at SIGHUP."""
        seen = len(self.log)
        self.server.process.send_signal(signal.SIGHUP)
        # Of the lines of a reload this one is always there, and a failure has no other.
        whole = r"(no setting has changed|reloaded the setting|nothing was reloaded)[^\n]*\n"
        wait_for(lambda: re.search(whole, self.log[seen:]), "a reload is not logged", PATIENCE)
        assert self.server.process.poll() is None
        return self.log[seen:]

    @property
    def log(self):
        return re.sub(r"\x1b\[[0-9;]*m", "", self.server.log)

    def client(self, service):
        return client(self.server, service, self.credential)

    def answers_to(self, host):
        return httpx.get(f"{self.server.endpoint}/", headers={"Host": host}, trust_env=False).status_code


@pytest.fixture
def production(tmp_path):
    running = Production(tmp_path)
    yield running
    assert running.server.stop() == 0, running.server.log


def test_what_is_safe_is_in_force_at_once_and_the_rest_is_named(production):
    control, data = production.client("cloudfront"), production.client("cloudfront-keyvaluestore")
    arn = new_arn(control)
    distribution = new_distribution(control, Origins=counted(http_origin(DomainName=ORIGIN)))["Distribution"]

    def longest_key():
        for length in (512, 10):
            try:
                data.put_key(KvsARN=arn, Key="k" * length, Value="", IfMatch=etag_of(data, arn))
                return length
            except data.exceptions.ServiceQuotaExceededException:
                pass
            except data.exceptions.ValidationException:
                pass
        return 0

    def page():
        # Each time another one, which is not in the cache.
        path = unique_name("page")
        for origin in ("first", "second"):
            (production.folder / origin / path).write_text(origin)
        host = {"Host": distribution["DomainName"]}
        return httpx.get(f"{production.edge}/{path}", headers=host, trust_env=False).text

    def header_of(bytes_):
        answer = httpx.get(f"{production.server.endpoint}/", headers={"x-long": "x" * bytes_}, trust_env=False)
        return answer.status_code

    def certificate():
        port = int(production.edge_tls.rpartition(":")[2])
        served = ssl.get_server_certificate(("localhost", port)).split()
        names = [name for name in ("first", "second") if (production.folder / name / "server.crt").read_text().split() == served]
        return names[0]

    def status():
        change = {"CallerReference": unique_name(), "Paths": counted("/x")}
        made = control.create_invalidation(DistributionId=distribution["Id"], InvalidationBatch=change)["Invalidation"]
        return control.get_invalidation(DistributionId=distribution["Id"], Id=made["Id"])["Invalidation"]["Status"]

    wait_for(lambda: page() == "first", "the distribution is served", PATIENCE)
    for section, text, named, look, before, after in (
        ("server", 'names = ["kvs.test"]', "[server] names", lambda: production.answers_to("kvs.test"), 403, 400),
        ("server", "max_header_bytes = 8192", "[server] max_header_bytes", lambda: header_of(20_000), 400, 431),
        ("quotas", "key_bytes = 10", "[quotas] key_bytes", longest_key, 512, 10),
        ("settling", "invalidation = 600", "[settling]", status, "Completed", "InProgress"),
        ("edge.origins", f'"{ORIGIN}" = "{production.folder / "second"}"', "[edge] origins", page, "first", "second"),
        ("certificate", "second", "[edge] certificates", certificate, "first", "second"),
    ):
        assert look() == before, section
        production.write({section: text})
        said = production.hang_up()
        assert f'SIGHUP: reloaded the setting setting="{named}"' in said
        assert "need a restart" not in said
        assert look() == after, section
        # And back again.
        production.write({})
        assert f'"{named}"' in production.hang_up()
        assert look() == before, section
    production.write({"log": 'filter = "info,keyfront_api::requests=debug"'})
    production.hang_up()
    data.describe_key_value_store(KvsARN=arn)
    wait_for(lambda: "DescribeKeyValueStore" in production.log, "reads are logged", PATIENCE)


@pytest.mark.parametrize(("section", "text", "named"), [
    ("admin", 'listen = "127.0.0.1:1"', "[admin] listen"),
    ("edge", 'location = "FRA56-P1"', "[edge] location"),
    ("store.redb", "cache_bytes = 1048576", "[store] redb"),
    ("testing", "faults = true", "[testing] faults"),
    ("log", 'format = "json"', "[log] format"),
])
def test_what_needs_a_restart_is_named_as_often_as_it_is_looked_at(production, section, text, named):
    production.write({})
    if section == "admin":
        production.config.write_text(production.config.read_text().replace('[admin]\nlisten = "127.0.0.1:0"', f"[admin]\n{text}"))
    else:
        production.write({section: text})
    for _ in range(2):
        seen = len(production.log)
        assert "no setting has changed that can be reloaded" in production.hang_up()
        expected = f'these settings have changed too, and need a restart settings="{named}"'
        wait_for(lambda: expected in production.log[seen:], f"{named} is named", PATIENCE)


@pytest.mark.parametrize(("section", "text", "why"), [
    ("log", 'filter = "infoo"', "is not a level"),
    ("quotas", "key_bytes = 0", "key_bytes"),
    ("quotas", 'key_bytes = "many"', "invalid type"),
    ("edge.origins", f'"{ORIGIN}" = "/nowhere"', "/nowhere is not a folder"),
    ("certificates", 'files = { "arn:aws:acm:us-east-1:1:certificate/a" = "/nowhere" }', "/nowhere"),
    ("nothing", "a = 1", "unknown field"),
])
def test_a_configuration_with_a_mistake_changes_nothing(production, section, text, why):
    production.write({"server": 'names = ["kvs.test"]', section: text})
    said = production.hang_up()
    assert "nothing was reloaded; everything stays as it was" in said
    wait_for(lambda: why in production.log, f"{why} is said", PATIENCE)
    assert production.answers_to("kvs.test") == 403
    production.write({"server": 'names = ["kvs.test"]'})
    assert "[server] names" in production.hang_up()
    assert production.answers_to("kvs.test") == 400


def test_a_file_that_is_gone_changes_nothing(production):
    production.config.rename(production.folder / "elsewhere.toml")
    assert "keyfront.toml cannot be read" in production.hang_up()
    with pytest.raises(production.client("cloudfront").exceptions.EntityNotFound) as failure:
        production.client("cloudfront").describe_key_value_store(Name="absent")
    assert error_of(failure)[0] == "EntityNotFound"


class Terminal:
    """A development server below a terminal of its own, which it is controlled by."""

    def __init__(self, folder, *before):
        self.log = folder / "log"
        self.log.touch()
        arguments = [*before, str(BINARY), "dev", "--listen", "127.0.0.1:0", "--no-edge", "--data", str(folder / "data")]
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            # The child has the terminal; what it says goes to a file.
            log = os.open(self.log, os.O_WRONLY | os.O_APPEND)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.execvpe(arguments[0], arguments, clean_environment())
        self.wait_for("ready http://")

    def wait_for(self, text):
        wait_for(lambda: text in self.log.read_text(), f"{text!r} is said", PATIENCE)

    def ended(self):
        """How it ended, once it has."""
        found, status = os.waitpid(self.process, os.WNOHANG)
        return None if found == 0 else (os.waitstatus_to_exitcode(status),)


def test_a_development_server_ends_with_its_terminal_and_no_other_way(tmp_path):
    server = Terminal(tmp_path)
    os.kill(server.process, signal.SIGHUP)
    server.wait_for("no setting has changed")
    assert server.ended() is None
    os.close(server.terminal)
    # As with SIGTERM: what was accepted is finished.
    assert wait_for(server.ended, "the server ends", PATIENCE) == (0,)
    assert "the terminal has gone" in server.log.read_text()


def test_below_nohup_it_stays(tmp_path):
    server = Terminal(tmp_path, "nohup")
    try:
        os.close(server.terminal)
        # A signal that is handled after the one of the terminal would have been.
        os.kill(server.process, signal.SIGHUP)
        ready = re.search(r"ready (http://\S+)", server.log.read_text())[1]
        assert httpx.get(ready, trust_env=False).status_code == 400
        assert server.ended() is None
    finally:
        os.kill(server.process, signal.SIGTERM)
    assert wait_for(server.ended, "the server ends", PATIENCE) == (0,)
