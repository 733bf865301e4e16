"""The documents: every command that they show is run, and prints what they say."""

import re
import shutil

import pytest

import documents
from server import ROOT

FOLDERS = (ROOT / "docs", ROOT / "docs/tutorials")
PATHS = [ROOT / "README.md", *(path for folder in FOLDERS for path in sorted(folder.glob("*.md")))]
DOCUMENTS = {str(path.relative_to(ROOT)).removeprefix("docs/"): path for path in PATHS}
# They show no command that is run here. Those of the cluster are run in test_cluster.py.
WITHOUT_COMMANDS = {"cluster.md", "compatibility.md", "policies.md", "troubleshooting.md"}
# How many commands of a document are left out, because they take or need more than a test has.
LEFT_OUT = {"README.md": 2, "distributions.md": 1, "performance.md": 9, "scaling.md": 3}


@pytest.mark.parametrize("name", sorted(DOCUMENTS.keys() - WITHOUT_COMMANDS))
def test_a_document_shows_what_happens(name, tmp_path, request):
    steps = documents.read(DOCUMENTS[name])
    shown = [step for step in steps if isinstance(step, documents.Command)]
    left_out = [command for command in shown if command.left_out]
    assert len(left_out) == LEFT_OUT.get(name, 0), [command.text for command in left_out]
    shown = [command for command in shown if not command.left_out]
    settings = None
    if any(re.match(r"(keyfront exec (--separate-state )?-- )?terraform ", command.text) for command in shown):
        _template, settings = request.getfixturevalue("initialized")
    for program in ("curl", "jq", "node", "npx", "openssl"):
        if any(command.text.startswith(program) for command in shown) and not shutil.which(program):
            pytest.skip(f"{program} is not installed: {name} was not checked")
    session = documents.Session(tmp_path, settings)
    try:
        if not any(command.text.startswith("keyfront serve") for command in shown):
            session.start()
        for step in steps:
            if step not in left_out:
                session.do(step)
        session.stop()
    finally:
        session.close()


@pytest.mark.parametrize("name", sorted(WITHOUT_COMMANDS))
def test_a_document_without_commands_has_none(name):
    assert not [step for step in documents.read(DOCUMENTS[name]) if isinstance(step, documents.Command)]
