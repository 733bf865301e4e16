"""Fixtures of the black-box suites: a server per test file, and boto3 clients of it."""

import contextlib
import shutil

import pytest

import clients
import edge as edges
import server as keyfront
import terraform
from edge import Origin
from functions_command import Fn
from kvs_command import Kvs, proxied
from wire import Wire


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="run the tests that are marked as long, too")


def pytest_collection_modifyitems(config, items):
    """Leaves out the long tests unless they are asked for, and begins with what may take longest."""

    def patience(item):
        mark = item.get_closest_marker("timeout")
        return mark.args[0] if mark and mark.args else 0

    if not config.getoption("--long"):
        left_out = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("long")]
    items.sort(key=patience, reverse=True)


@pytest.fixture(scope="session", autouse=True)
def binary():
    """Without the binary every test would fail, and none would say why."""
    if not keyfront.BINARY.exists():
        pytest.exit(f"{keyfront.BINARY} does not exist; build it or set KEYFRONT_BIN", returncode=2)


@contextlib.contextmanager
def running(folder, *arguments):
    """A server that is stopped at the end, and that must stop cleanly."""
    server = keyfront.dev(folder, *arguments)
    try:
        yield server
        assert server.process.poll() is None, f"the server ended by itself:\n{server.log}"
        assert server.stop() == 0, f"it did not stop cleanly:\n{server.log}"
        assert "panicked" not in server.log, server.log
    finally:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The server that the tests of one file share. They take stores of their own."""
    with running(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="module")
def control(server):
    """The control plane."""
    return clients.client(server, "cloudfront")


@pytest.fixture(scope="module")
def data(server):
    """The data plane, signed with SigV4A."""
    return clients.client(server, "cloudfront-keyvaluestore")


@pytest.fixture
def empty_server(tmp_path):
    """A server of one test's own, for what depends on everything that an account holds."""
    with running(tmp_path) as server:
        yield server


@pytest.fixture
def store(control):
    """A new store that is READY: its name, ARN and control-plane ETag."""
    answer = clients.new_store(control)
    return {
        "name": answer["KeyValueStore"]["Name"],
        "arn": answer["KeyValueStore"]["ARN"],
        "etag": answer["ETag"],
    }


@pytest.fixture
def arn(store):
    return store["arn"]


@pytest.fixture(scope="module")
def wire(server):
    """Requests by hand."""
    return Wire(server)


@pytest.fixture(scope="session")
def initialized(tmp_path_factory):
    """A folder in which `terraform init` was or will be run, and the settings that name the provider's mirror."""
    if not shutil.which("terraform"):
        pytest.skip("Terraform is not installed: nothing was checked with it")
    mirror = terraform.mirror_folder()
    if not mirror:
        wanted = f"Terraform's AWS provider {terraform.PROVIDER}"
        pytest.skip(f"no mirror holds {wanted} (KEYFRONT_TF_PLUGINS): nothing was checked")
    folder = tmp_path_factory.mktemp("terraform")
    settings = folder / "terraform.rc"
    settings.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
    template = folder / "template"
    template.mkdir()
    (template / "versions.tf").write_text(terraform.VERSIONS)
    return template, settings


@pytest.fixture
def project_on(initialized, tmp_path):
    """Makes an empty Terraform project on a server."""
    template, settings = initialized

    def project_on(server):
        if not (template / ".terraform").exists():
            terraform.Project(server, template, settings).terraform("init", "-input=false", "-no-color")
        folder = tmp_path / "project"
        shutil.copytree(template, folder, symlinks=True)
        return terraform.Project(server, folder, settings)

    return project_on


@pytest.fixture
def project(project_on, empty_server):
    """An empty Terraform project on an empty server."""
    return project_on(empty_server)


@pytest.fixture
def kvs(server, tmp_path):
    """`keyfront kvs` against the server, in a folder of its own."""
    return Kvs(server.endpoint, tmp_path)


@pytest.fixture
def proxy(server):
    """The server without Keyfront's own operations, as AWS is."""
    with proxied(server) as proxy:
        yield proxy


@pytest.fixture
def plain_kvs(proxy, tmp_path):
    """`keyfront kvs` against an endpoint that has the service's operations alone."""
    return Kvs(proxy.endpoint, tmp_path)


@pytest.fixture
def fn(server, tmp_path):
    return Fn(server.endpoint, folder=tmp_path)


@pytest.fixture
def code(tmp_path):
    """Writes a function to a file, and gives the file's name."""

    def code(text, name="function.js"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return name

    return code


@pytest.fixture(scope="module")
def further_origins():
    """Where names of origins lead to that one module has."""
    return {}


@pytest.fixture(scope="module")
def edge(request, tmp_path_factory, further_origins):
    """A server whose edge reaches an origin of the tests' own. A module's SETTINGS are its configuration file."""
    folder = tmp_path_factory.mktemp("edge")
    bucket = folder / "bucket"
    bucket.mkdir()
    origin = Origin()
    settings = getattr(request.module, "SETTINGS", "")
    configuration = folder / "keyfront.toml"
    configuration.write_text(settings.format(folder=folder))
    more = ("--config", configuration) if settings else ()
    try:
        with running(folder, *edges.arguments(origin, bucket, further_origins), *more) as server:
            yield edges.Edge(server, origin, bucket)
    finally:
        origin.stop()
