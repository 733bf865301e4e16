"""`keyfront doctor` on machines with the faults that people report."""

import json
import os
import subprocess

import pytest

from server import BINARY, PATIENCE, clean_environment

BOTH = '{"dependencies": {"@aws-sdk/client-cloudfront-keyvaluestore": "3", "aws-sdk": "2"}}'


@pytest.fixture
def machine(tmp_path):
    """A machine with nothing on PATH but what a test puts there. Answers its findings by subject."""
    programs = tmp_path / "bin"
    programs.mkdir()

    def program(name, script):
        file = programs / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def doctor(endpoint, code, **variables):
        kept = {name: None for name in os.environ if name.upper().endswith("_PROXY")}
        environment = {**clean_environment(), **kept, "PATH": str(programs), **variables}
        environment.pop("NODE_EXTRA_CA_CERTS", None)
        answer = subprocess.run(
            [BINARY, "doctor", "--endpoint", endpoint, "--output", "json"], cwd=tmp_path, capture_output=True, text=True,
            timeout=PATIENCE, env={name: value for name, value in environment.items() if value is not None},
        )
        assert answer.returncode == code, answer.stdout + answer.stderr
        findings = json.loads(answer.stdout)
        # Each one that is not fine says how to fix it.
        assert all((finding["Level"] == "Fine") == (finding["Fix"] is None) for finding in findings)
        return {(finding["Level"], finding["Subject"]): finding["Text"] for finding in findings}

    return tmp_path, program, doctor


def test_a_machine_without_a_fault_has_none(server, machine):
    _, program, doctor = machine
    program("aws", "echo aws-cli/2.27.1 Python/3.12 Linux/6.1")
    program("python3", """echo '{"boto3": "1.40.0", "botocore": "1.40.0", "awscrt": "0.27.6"}'""")
    program("terraform", """echo '{"terraform_version": "1.11.4"}'""")
    findings = doctor(server.endpoint, 0)
    assert {level for level, _ in findings} == {"Fine"}
    assert findings["Fine", "server"] == f"one answers at {server.endpoint}"
    assert "agree" in findings["Fine", "clock"]


def test_each_fault_is_found_with_its_fix(server, machine):
    folder, program, doctor = machine
    program("aws", "echo aws-cli/2.11.4 Python/3.11 Linux/6.1")
    program("python3", """echo '{"boto3": "1.26.0", "botocore": "1.29.165", "awscrt": null}'""")
    (folder / "package.json").write_text(BOTH)
    (folder / ".terraform.lock.hcl").write_text(
        'provider "registry.terraform.io/hashicorp/aws" {\n  version = "4.67.0"\n}\n'
    )
    findings = doctor(
        server.endpoint, 1, AWS_ENDPOINT_URL="http://localhost:4566", HTTP_PROXY="http://proxy.lan:3128",
        AWS_CA_BUNDLE="/nowhere/ca.pem",
    )
    problems = {subject for level, subject in findings if level == "Problem"}
    assert problems == {"AWS CLI", "Python", "Node", "Terraform", "endpoint", "HTTP_PROXY", "AWS_CA_BUNDLE"}


def test_the_admin_address_is_no_endpoint(server, machine):
    _, _, doctor = machine
    assert "is the admin address" in doctor(server.admin, 1)["Problem", "server"]


def test_a_program_that_has_no_end_is_given_up(server, machine):
    """The limit of a program is below the patience of these tests."""
    _, program, doctor = machine
    program("aws", "exec /bin/sleep 600")
    assert "does not say its version" in doctor(server.endpoint, 0)["Note", "AWS CLI"]
