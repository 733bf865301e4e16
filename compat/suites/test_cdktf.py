"""CDK for Terraform in Python: the programs of `examples/cdktf-python`, synthesized and applied, untouched.

The programs run in a virtual environment of their own. They need Node, but neither the CDK's own command
line nor anything from npm.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from clients import all_pairs, client, new_store, put_all
from server import ROOT, clean_environment
from terraform import MINUTES, Project, stores_of

PYTHON = os.environ.get("KEYFRONT_CDKTF_PYTHON", "")
EXAMPLE = ROOT / "examples/cdktf-python"
REDIRECTS = {"/old": "/new", "/sale": "/summer"}

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(10 * MINUTES),
    pytest.mark.skipif(not shutil.which("node"), reason="Node is not installed: CDK for Terraform was not checked"),
    # What follows from a missing Terraform is not worth a line of its own: the fixture says it.
    pytest.mark.skipif(
        bool(shutil.which("terraform")) and not os.path.exists(PYTHON),
        reason="KEYFRONT_CDKTF_PYTHON names no Python (`cargo xtask test` makes it): CDK for Terraform was not checked",
    ),
]


@pytest.fixture
def synthesize(initialized, empty_server, tmp_path):
    """Runs a program of the example and returns its stack as a Terraform project after `terraform init`."""
    _, settings = initialized

    def synthesize(program, *arguments, stack):
        folder = tmp_path / "program"
        shutil.copytree(EXAMPLE, folder)
        # The CDK unpacks its constructs into a cache, which would else be in the user's own folder.
        cache = Path(PYTHON).parents[1] / "jsii"
        answer = subprocess.run(
            [PYTHON, program, *arguments], cwd=folder, capture_output=True, text=True, timeout=4 * MINUTES,
            env=clean_environment(JSII_RUNTIME_PACKAGE_CACHE_ROOT=str(cache)),
        )
        assert answer.returncode == 0, answer.stderr
        project = Project(empty_server, folder / "cdktf.out/stacks" / stack, settings)
        project.terraform("init", "-input=false", "-no-color")
        return project

    return synthesize


def test_a_store_and_its_pairs_are_applied_and_destroyed(synthesize, empty_server):
    project = synthesize("main.py", stack="redirects")
    answer = project.apply()
    store = stores_of(empty_server)["redirects"]
    assert store["ARN"] in answer.stdout, "the stack has the ARN as its output"
    assert store["Comment"] == "where old paths lead"
    data = client(empty_server, "cloudfront-keyvaluestore")
    assert all_pairs(data, store["ARN"]) == REDIRECTS
    project.expect_no_drift()
    project.destroy()
    assert stores_of(empty_server) == {}


def test_the_configuration_of_an_existing_store_is_generated_and_imports_it_unchanged(synthesize, empty_server):
    data = client(empty_server, "cloudfront-keyvaluestore")
    store = new_store(client(empty_server, "cloudfront"), "existing", Comment="made by hand")
    arn = store["KeyValueStore"]["ARN"]
    pairs = {f"key/{number} ü": f"${{value}} \"{number}\"" for number in range(60)}
    etag = put_all(data, arn, pairs)

    project = synthesize("adopt.py", "existing", arn, stack="adopted")
    text, _ = project.plan("-generate-config-out=generated.tf")
    assert "Plan: 2 to import, 0 to add, 0 to change, 0 to destroy." in text
    generated = (project.folder / "generated.tf").read_text()
    assert generated.count("resource_key_value_pair {") == len(pairs)
    answer = project.apply()
    assert "2 imported, 0 added, 0 changed, 0 destroyed" in answer.stdout
    project.expect_no_drift()
    described = data.describe_key_value_store(KvsARN=arn)
    assert described["ETag"] == etag and all_pairs(data, arn) == pairs


def test_the_example_asks_for_what_was_tested():
    tested = (ROOT / "compat/requirements-cdktf.txt").read_text().splitlines()
    for line in (EXAMPLE / "requirements.txt").read_text().splitlines():
        assert line.startswith("#") or line in tested
