"""The project that `keyfront init` writes: its README is run as written, as a document is."""

import shutil
import subprocess

import pytest

import documents
from server import BINARY, PATIENCE, clean_environment
from terraform import MINUTES


def init(folder, *arguments):
    return subprocess.run(
        [BINARY, "init", *arguments], cwd=folder, capture_output=True, text=True, timeout=PATIENCE, env=clean_environment()
    )


@pytest.mark.timeout(10 * MINUTES)
def test_the_readme_shows_what_happens(initialized, tmp_path):
    if not shutil.which("curl"):
        pytest.skip("curl is not installed: the README was not checked")
    _template, settings = initialized
    session = documents.Session(tmp_path, settings)
    try:
        assert init(session.folder).returncode == 0
        steps = documents.read(session.folder / "README.md")
        assert len(steps) > 10 and all(isinstance(step, documents.Command) for step in steps)
        for step in steps:
            session.do(step)
        # What it made of secrets and state is ignored by Git.
        subprocess.run(["git", "init", "--quiet"], cwd=session.folder, check=True)
        ignored = ["keys/private_key.pem", ".keyfront/terraform/keyfront.tfstate"]
        answer = subprocess.run(["git", "check-ignore", *ignored], cwd=session.folder, capture_output=True, text=True)
        assert answer.stdout.split() == ignored
        session.stop()
    finally:
        session.close()


def test_no_file_is_overwritten(tmp_path):
    (tmp_path / "main.tf").write_text("mine")
    answer = init(tmp_path)
    assert answer.returncode == 1 and "main.tf" in answer.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["main.tf"] and (tmp_path / "main.tf").read_text() == "mine"
    answer = init(tmp_path, "site")
    assert answer.returncode == 0 and "cd site && keyfront fn test functions" in answer.stderr
    assert (tmp_path / "site/keys/private_key.pem").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("files", "offered"), [([], True), ([".git"], True), (["app.py"], False)])
def test_a_server_in_an_empty_folder_offers_a_project(tmp_path, files, offered):
    for name in files:
        (tmp_path / name).touch()
    # Standard input ends at once, and the server with it.
    answer = subprocess.run(
        [BINARY, "dev", "--port", "0", "--exit-with-stdin"],
        cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, env=clean_environment(),
    )
    assert answer.returncode == 0 and ("keyfront init" in answer.stderr) is offered
