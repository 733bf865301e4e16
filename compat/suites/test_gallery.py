"""The gallery of functions: CloudFront would take each, and each does what its cases say."""

import pytest

from packages import run
from server import BINARY, ROOT

GALLERY = ROOT / "examples/functions"
FUNCTIONS = sorted(folder.name for folder in GALLERY.iterdir())


def test_cloudfront_would_take_them():
    said = run(BINARY, "fn", "check", "--strict", GALLERY).stdout
    assert said.endswith(f"0 findings in 0 of {len(FUNCTIONS)} files\n")


def test_they_do_what_their_cases_say():
    said = run(BINARY, "fn", "test", GALLERY).stdout
    assert len(said.splitlines()) > 2 * len(FUNCTIONS)
    assert said.endswith(" 0 failed\n")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_their_cases_run_all_of_their_code(name):
    said = run(BINARY, "fn", "test", "--coverage", GALLERY / name).stdout
    assert "100 %" in said, said
