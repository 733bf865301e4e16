"""What other tools send, recorded, and the service's answers to it, element by element."""

import json

import pytest

import exchanges
from clients import wait_for
from conftest import running
from server import ROOT
from wire import Wire

FILES = {path.stem: path for path in sorted((ROOT / "compat/requests").glob("*.http"))}


@pytest.fixture(scope="module")
def wire(tmp_path_factory):
    """A server with the bucket that a recorded store is imported from."""
    folder = tmp_path_factory.mktemp("recorded")
    bucket = folder / "bucket"
    bucket.mkdir()
    (bucket / "routes.json").write_text(json.dumps({"data": [{"key": "/old", "value": "/new"}]}))
    with running(folder, "--bucket", f"site-routes={bucket}") as server:
        yield Wire(server)


@pytest.mark.parametrize("name", FILES)
def test_a_tool_is_answered_as_by_the_service(wire, name):
    names = exchanges.Names()
    recorded = exchanges.read(FILES[name])
    assert recorded, f"{name} has no exchange"
    for request, answer in recorded:
        try:
            exchange(wire, names, request, answer)
        except AssertionError as failure:
            raise AssertionError(f"{name}, line {request.line}, {request.first}: {failure}") from None


def exchange(wire, names, request, expected):
    """Makes a request, and compares the answer."""
    method, target = names.fill(request.first).split(" ")
    headers = {name: names.fill(value) for name, value in request.headers.items()}
    document = names.fill(request.document)
    status, _, eventually = expected.first.partition(" ")

    def compare():
        answer = wire.send(wire.control(method, target, document, headers=headers))
        assert str(answer.status) == status, f"{answer.status} {answer.text}"
        for name, value in expected.headers.items():
            names.match(value, answer.headers.get(name, ""), name)
        names.match_document(expected.document, answer.text)
        return True

    def compare_again():
        try:
            return compare()
        except AssertionError:
            return False

    if eventually:
        wait_for(compare_again, f"{request.first} is not answered as expected")
    else:
        compare()
