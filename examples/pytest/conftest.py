"""A Keyfront server for all tests. After each it has no faults, and the pairs of `seeds` again."""

import json
import subprocess
import urllib.request
from pathlib import Path

import pytest

ANY_PORT = "127.0.0.1:0"
SERVER = ["keyfront", "dev", "--ephemeral", "--seed", "seeds", "--listen", ANY_PORT, "--admin", ANY_PORT]


@pytest.fixture(scope="session")
def admin():
    """Starts the server, points boto3 at it, and gives a function that sends a request to its admin address."""
    with subprocess.Popen(SERVER, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent) as server:
        # It prints `edge`, `ready` and `admin`, each with an address, or says on standard error what is wrong.
        lines = [server.stdout.readline().split() for _ in range(3)]
        assert all(lines), "keyfront did not start"
        (_, _edge), (_, endpoint), (_, address) = lines

        def admin(method, path, body=None):
            content = json.dumps(body).encode() if body else None
            request = urllib.request.Request(address + path, content, {"Authorization": "Bearer test"}, method=method)
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)

        changes = json.loads(subprocess.check_output(["keyfront", "env", "--json", "--endpoint", endpoint]))
        with pytest.MonkeyPatch.context() as environment:
            for name, value in changes.items():
                if value is None:
                    environment.delenv(name, raising=False)
                else:
                    environment.setenv(name, value)
            yield admin
        server.terminate()


@pytest.fixture(autouse=True)
def put_back(admin):
    yield
    admin("DELETE", "/faults")
    admin("POST", "/reset")
