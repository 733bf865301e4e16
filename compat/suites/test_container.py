"""The container: its root runs with nothing else, as the user and with the commands that its Dockerfile names.

No daemon is needed: the root is entered by chroot, read-only, in a mount namespace of its own.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time

import pytest
import yaml

import packages
from packages import PACKAGES, run
from server import BINARY, PATIENCE

SOURCE = PACKAGES / "container"
# Mounts what a container has and its volume, makes the rest read-only, and enters.
ENTER = """
mount --bind "$0" "$0" && cd "$0" && mount -t proc proc "$0/proc" && mount --bind /dev "$0/dev" &&
mount --bind "$0/var/lib/keyfront" "$0/var/lib/keyfront" &&
mount -o remount,ro,bind "$0"
exec chroot --userspec="$1" "$0" "${@:2}"
"""


class Root:
    """The root of the image, and what the Dockerfile says of it."""

    def __init__(self, folder):
        self.folder = folder
        text = (SOURCE / "Dockerfile").read_text()
        self.user = re.search(r"^USER (\S+)$", text, re.MULTILINE)[1]
        self.variables = dict(re.findall(r"(\w+)=(\S+)", re.search(r"^ENV (.*)$", text, re.MULTILINE)[1]))
        self.entry = self._words(text, "^ENTRYPOINT")
        self.default = self._words(text, "^CMD")
        self.check = self._words(text, r"^    CMD")

    @staticmethod
    def _words(text, instruction):
        return json.loads(re.search(rf"{instruction} (\[.*\])$", text, re.MULTILINE)[1])

    def start(self, *words, log, **variables):
        """Starts a program in the root."""
        bash = ["unshare", "--mount", "bash", "-c", ENTER, self.folder, self.user, *words]
        environment = {"PATH": os.environ["PATH"], **self.variables, **variables}
        environment["PATH"] = os.environ["PATH"] + ":" + self.variables["PATH"]
        with open(log, "ab") as errors:
            return subprocess.Popen(
                bash, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True
            )

    @contextlib.contextmanager
    def serving(self, *words, log, **variables):
        """A server in the root, and its URL; it is ended in any case."""
        server = self.start(*self.entry, *words, log=log, **variables)
        try:
            ready = packages.ready_line(server.stdout)
            assert ready, log.read_text()
            yield server, ready.split()[1]
        finally:
            server.terminate()
            server.wait(PATIENCE)
            server.stdout.close()

    def run(self, *words, log, **variables):
        """Runs a program in the root and returns its exit code and what it printed."""
        with self.start(*words, log=log, **variables) as process:
            printed, _ = process.communicate(timeout=PATIENCE)
            return process.returncode, printed


def laid_out(tmp_path, binary):
    """The root of the image with this program; the test is skipped where no root can be entered."""
    can_enter = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", str(tmp_path)]
    if not shutil.which("unshare") or subprocess.run(can_enter, capture_output=True).returncode != 0:
        pytest.skip("no namespace can be made here: the container was not run")
    folder = tmp_path / "root"
    run(sys.executable, SOURCE / "rootfs.py", binary, folder)
    for mounted in ("proc", "dev"):
        (folder / mounted).mkdir()
    # As COPY --chown does.
    os.chown(folder / "var/lib/keyfront", 65532, 65532)
    # The user of the container reaches it below the folder of this test alone.
    for parent in (tmp_path, tmp_path.parent):
        parent.chmod(0o711)
    return Root(folder)


@pytest.fixture
def root(tmp_path):
    return laid_out(tmp_path, BINARY)


def test_the_root_holds_nothing_that_it_does_not_need(root):
    programs = [file for file in root.folder.rglob("*") if file.is_file() and file.stat().st_mode & 0o111]
    names = {file.name for file in programs}
    assert "keyfront" in names
    assert all(name == "keyfront" or name.startswith(("ld-linux", "lib")) for name in names), names
    size = sum(file.stat().st_size for file in root.folder.rglob("*") if file.is_file())
    assert size < BINARY.stat().st_size + 8_000_000


def test_a_server_runs_in_it_is_healthy_and_stops_within_a_second(root, tmp_path):
    log = tmp_path / "log"
    with root.serving("dev", "--ephemeral", "--listen", "127.0.0.1:0", log=log) as (server, url):
        where = {"KEYFRONT_ENDPOINT": url}
        assert root.run(*root.check, log=log, **where)[0] == 0, log.read_text()
        code, _ = root.run(*root.entry, "kvs", "create", "first", log=log, **where)
        assert code == 0, log.read_text()
        began = time.monotonic()
        server.terminate()
        server.wait(PATIENCE)
        assert time.monotonic() - began < 1
    assert root.run(*root.check, log=log, **where)[0] != 0


def test_functions_run_in_it(root, tmp_path):
    (root.folder / "tmp/function.js").write_text("function handler(event) { return event.request; }")
    words = ("fn", "run", "/tmp/function.js", "--request", "GET /a", "--output", "json")
    code, printed = root.run(*root.entry, *words, log=tmp_path / "log")
    assert code == 0, (tmp_path / "log").read_text()
    assert json.loads(printed)["FunctionOutput"]["request"]["uri"] == "/a"


def test_its_own_configuration_is_valid(root, tmp_path):
    code, _ = root.run(*root.entry, "check-config", *root.default[1:], log=tmp_path / "log")
    assert code == 0, (tmp_path / "log").read_text()


@pytest.mark.parametrize("name", sorted(file.name for file in SOURCE.glob("compose*.yaml")))
def test_the_compose_files_have_the_right_form(name):
    run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", SOURCE / name)


def service(name):
    """The service of Keyfront in a compose file."""
    return yaml.safe_load((SOURCE / name).read_text())["services"]["keyfront"]


@pytest.mark.parametrize("name", ["compose.yaml", "compose.s3.yaml"])
def test_the_command_of_a_compose_file_starts_a_server(root, tmp_path, name):
    described, log = service(name), tmp_path / "log"
    words = [*described["command"], "--listen", "127.0.0.1:0"]
    with root.serving(*words, log=log, **described.get("environment", {})) as (_server, url):
        assert root.run(*root.check, log=log, KEYFRONT_ENDPOINT=url)[0] == 0, log.read_text()


def test_the_compose_file_for_data_that_stays_has_the_first_credential_from_a_secret(root, tmp_path):
    described, log, secret = service("compose.serve.yaml"), tmp_path / "log", "a-secret-of-the-test"
    variables = described["environment"]
    # Where compose mounts secrets, with the mode that a file usually has.
    file = root.folder / variables["KEYFRONT_INITIAL_SECRET_ACCESS_KEY_FILE"].lstrip("/")
    assert file.name in described["secrets"]
    file.parent.mkdir(parents=True)
    file.write_text(secret + "\n")
    file.chmod(0o644)
    # The one volume is the folder that the configuration names; the ports are other containers' or tests' here.
    config = root.folder / "etc/keyfront/keyfront.toml"
    text = config.read_text()
    assert described["volumes"] == ["data:/var/lib/keyfront"] and 'data = "/var/lib/keyfront"' in text
    config.write_text(re.sub(r'^listen = ".*"$', 'listen = "127.0.0.1:0"', text, flags=re.MULTILINE))
    key = variables["KEYFRONT_INITIAL_ACCESS_KEY_ID"]
    client = {"KEYFRONT_ACCESS_KEY_ID": key, "KEYFRONT_SECRET_ACCESS_KEY": secret}
    for words in (("kvs", "create", "first"), ("kvs", "describe", "first")):
        with root.serving(*root.default, log=log, **variables) as (_server, url):
            code, _ = root.run(*root.entry, *words, log=log, KEYFRONT_ENDPOINT=url, **client)
            assert code == 0, log.read_text()
    assert secret not in log.read_text()


def test_the_app_has_the_environment_that_the_program_prints():
    """The compose file has no shell in which `keyfront env` could be evaluated."""
    printed = json.loads(run(BINARY, "env", "--json", "--endpoint", "http://127.0.0.1:4700").stdout)
    shown = dict(re.findall(r"^      (\w+): (\S+)$", (SOURCE / "compose.yaml").read_text(), re.MULTILINE))
    # IPv6 is not there; the rest is for Node and for Keyfront's own commands.
    wanted = {name: value for name, value in printed.items() if name in shown}
    for name in ("NO_PROXY", "no_proxy"):
        wanted[name] = wanted[name].replace(",::1", "")
    assert shown == wanted
    left_out = {name for name, value in printed.items() if value is not None} - shown.keys()
    own = {"AWS_DEFAULT_REGION", "AWS_EC2_METADATA_DISABLED", "NODE_OPTIONS"}
    assert all(name.startswith("KEYFRONT_") for name in left_out - own), left_out
