"""`keyfront edge` as a process of a test's own: stopped, killed and started again on its data folder."""

import contextlib
import http.client
import json
import re
import urllib.error
import urllib.request

from edge import joined
from etcd import free_port
from server import PATIENCE, Server

ACCOUNT = "111111111111"
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def secret_file(folder, name, secret):
    path = folder / name
    path.touch(mode=0o600)
    path.write_text(secret)
    return path


class Process:
    """A process of this suite that can be stopped, killed and started again on its folder."""

    def __init__(self, folder, command, text, within=()):
        self.folder, self.command, self.within = folder, command, within
        folder.mkdir(exist_ok=True)
        self.config = folder / "keyfront.toml"
        self.config.write_text(text)
        self.running = None

    def start(self):
        self.running = Server(self.folder / "keyfront.log", self.command, "--config", self.config, within=self.within)
        return self

    def stop(self):
        if self.running and self.running.process.poll() is None:
            assert self.running.stop() == 0, self.log
            assert "panicked" not in self.log, self.log

    def kill(self):
        self.running.kill()

    @property
    def log(self):
        return self.running.log


class EdgeProcess(Process):
    """`keyfront edge`. On a machine of a `network`, or else on loopback."""

    def __init__(self, folder, servers, credential, origin, relay_for=None, more="", machine=None):
        access_key, secret = credential
        host = machine.address if machine else "127.0.0.1"
        text = f"""
            [follow]
            servers = {json.dumps(servers)}
            [[follow.accounts]]
            account = "{ACCOUNT}"
            access_key_id = "{access_key}"
            secret_access_key_file = "{secret_file(folder.parent, folder.name + ".secret", secret)}"
            [store]
            data = "{folder / "data"}"
            [admin]
            listen = "127.0.0.1:0"
            [edge]
            listen = "{host}:0"
            private_origins = "all"
            [edge.origins]
            "origin.example.com" = "{origin.url}"
            {more}
        """
        if relay_for:
            relay_key, relay_secret = relay_for
            text += f"""
                [relay]
                listen = "127.0.0.1:{free_port()}"
                [[relay.followers]]
                account = "{ACCOUNT}"
                access_key_id = "{relay_key}"
                secret_access_key_file = "{secret_file(folder.parent, folder.name + ".relay", relay_secret)}"
            """
        super().__init__(folder, "edge", text, machine.within if machine else ())

    @property
    def relay(self):
        return self.running.announced["relay"]

    def health(self):
        """The status and what is told of the one account, with the rest under `whole`."""
        try:
            with DIRECT.open(self.running.announced["admin"] + "/health", timeout=PATIENCE) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
        whole = json.loads(text)
        return {"status": status, "whole": whole, **whole["follows"][0]}

    def metric(self, name):
        with DIRECT.open(self.running.announced["admin"] + "/metrics", timeout=PATIENCE) as answer:
            text = answer.read().decode()
        return float(re.search(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE)[1])

    def get(self, domain, path):
        address = self.running.edges[0].partition("://")[2]
        connection = http.client.HTTPConnection(address, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Host": domain})
            answer = connection.getresponse()
            answer.read()
            return answer.status, joined(answer.getheaders())

    def location(self, domain, path):
        status, headers = self.get(domain, path)
        return headers.get("location") if status == 302 else None
