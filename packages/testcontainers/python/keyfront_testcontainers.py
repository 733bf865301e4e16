"""A Keyfront server in a container, for tests in Python with Testcontainers.

    with KeyfrontContainer() as keyfront:
        cloudfront = keyfront.client("cloudfront")

A container of its own makes the credential first, as `keyfront serve` starts with none, into a volume that the server
then has. The credential is random, may do everything, and is gone with the volume when the server stops.
"""

from __future__ import annotations

import json
import secrets
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

API, ADMIN, EDGE = 4700, 4701, 4702
ACCOUNT = "000000000000"
REGION = "us-east-1"
DATA = "/var/lib/keyfront"
FOLDER = "/etc/keyfront"
SECRET = f"{FOLDER}/secret"
# The user in the container: not every engine gives a new volume to the one of the image.
ROOT = "0:0"

CONFIGURATION = f"""\
[server]
listen = "0.0.0.0:{API}"

[admin]
listen = "0.0.0.0:{ADMIN}"

[edge]
enabled = true
listen = "0.0.0.0:{EDGE}"

[store]
data = "{DATA}"

[testing]
snapshots = true
faults = true
"""
POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'


class KeyfrontContainer(DockerContainer):
    """The server, from `start` to `stop` or for a `with` block."""

    def __init__(self, image: str = "keyfront", configuration: str = "", **kwargs: Any) -> None:
        """`image` is the one of packages/container. `configuration` is TOML that is added to `CONFIGURATION`."""
        super().__init__(image, **{"user": ROOT, **kwargs})
        #: The credential that the server has.
        self.access_key_id = "AKIA" + secrets.token_hex(8).upper()
        self.secret_access_key = secrets.token_urlsafe(30)
        self._volume = f"keyfront-{secrets.token_hex(8)}"
        self._files = {
            f"{FOLDER}/keyfront.toml": CONFIGURATION + configuration,
            f"{FOLDER}/policy.json": POLICY,
            SECRET: self.secret_access_key,
        }
        self._prepare(self)
        self.with_command(["serve", "--config", f"{FOLDER}/keyfront.toml"])
        self.with_exposed_ports(API, ADMIN, EDGE)
        self.waiting_for(HttpWaitStrategy(ADMIN, "/health/ready"))

    def start(self) -> KeyfrontContainer:
        """Makes the credential, starts the server and waits until it answers."""
        self._create_credential()
        super().start()
        return self

    def stop(self, force: bool = True, delete_volume: bool = True) -> None:
        """Ends the server; what it held is gone."""
        super().stop(force, delete_volume)
        if delete_volume:
            self.get_docker_client().client.volumes.get(self._volume).remove()

    def _prepare(self, container: DockerContainer) -> None:
        container.with_volume_mapping(self._volume, DATA, "rw")
        for path, content in self._files.items():
            container.with_copy_into_container(content.encode(), path, 0o600)

    def _create_credential(self) -> None:
        words = ["credentials", "create", "--config", f"{FOLDER}/keyfront.toml", "--account", ACCOUNT]
        words += ["--user", "tests", "--policy", f"{FOLDER}/policy.json"]
        words += ["--access-key-id", self.access_key_id, "--secret-access-key-file", SECRET]
        creating = DockerContainer(self.image, user=ROOT, network_mode="none").with_command(words)
        self._prepare(creating)
        creating.start()
        try:
            if creating.wait() != 0:
                raise RuntimeError(f"the credential was not created: {creating.get_logs()[1].decode()}")
        finally:
            creating.stop()

    # ---- where it is

    def _url(self, port: int) -> str:
        return f"http://{self.get_container_host_ip()}:{self.get_exposed_port(port)}"

    @property
    def endpoint(self) -> str:
        """The URL of the API."""
        return self._url(API)

    @property
    def edge(self) -> str:
        """The URL at which viewers are served; a distribution is found by the Host header."""
        return self._url(EDGE)

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client of `cloudfront`, `cloudfront-keyvaluestore`, `sts` or `iam`.

        The data plane is signed with SigV4 for us-east-1, which AWS takes there too, so that awscrt is not needed.
        """
        import boto3
        from botocore.config import Config

        url, config = self.endpoint, Config(proxies={})
        if service == "cloudfront-keyvaluestore":
            # botocore puts the account in front of the host, and the server as the proxy of that name takes it.
            url = "http://keyfront.internal"
            config = Config(signature_version="v4", proxies={"http": self.endpoint})
        return boto3.client(
            service,
            endpoint_url=url,
            region_name=REGION,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
            config=config,
            **options,
        )

    # ---- between tests

    def reset(self) -> None:
        """Empties the server."""
        self.request("POST", "/reset")

    def save(self, name: str) -> None:
        """Saves what the server holds, in place of an earlier snapshot of that name."""
        self.request("POST", f"/snapshots/{name}")

    def restore(self, name: str) -> None:
        """Undoes, in one step, all that changed since the snapshot was saved."""
        self.request("POST", f"/snapshots/{name}/restore")

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """Sends a request to the admin address, such as one for a fault, and returns the JSON of its answer."""
        content = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._token()}"}
        request = urllib.request.Request(self._url(ADMIN) + path, content, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def _token(self) -> str:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "control"
            self.copy_from_container(f"{DATA}/control", file)
            # The address is above it.
            return file.read_text().split()[1]
