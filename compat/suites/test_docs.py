"""The documents: every command that they show is run, and prints what they say."""

import shutil

import pytest

import documents
from server import ROOT

DOCUMENTS = [
    "field-level-encryption.md", "functions.md", "key-rotation.md", "kvs-command.md", "signed-urls.md", "terraform.md",
    "testing-your-code.md",
]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_shows_what_happens(name, tmp_path, request):
    steps = documents.read(ROOT / "docs" / name)
    shown = [step for step in steps if isinstance(step, documents.Command)]
    assert shown, "it shows no command"
    settings = None
    if any("terraform" in command.text for command in shown):
        _template, settings = request.getfixturevalue("initialized")
    for program in ("curl", "node", "npx"):
        if any(command.text.startswith(program) for command in shown) and not shutil.which(program):
            pytest.skip(f"{program} is not installed: {name} was not checked")
    session = documents.Session(tmp_path, settings)
    try:
        session.start()
        for step in steps:
            session.do(step)
        session.stop()
    finally:
        session.close()
