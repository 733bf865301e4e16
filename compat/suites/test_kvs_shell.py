"""Completions and manual pages: made from the command line, and accepted by those who read them."""

import re
import shutil
import subprocess

import pytest

from server import BINARY, PATIENCE, clean_environment

KVS = ["list", "create", "describe", "delete", "get", "put", "rm", "ls", "export", "sync", "diff"]


def run(*arguments):
    answer = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=PATIENCE, env=clean_environment())
    assert (answer.returncode, answer.stderr) == (0, ""), answer
    return answer.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_accepts_its_completions(shell, tmp_path):
    script = tmp_path / "completions"
    script.write_text(run("completions", shell))
    for name in ("kvs", "--exclusive", *KVS):
        assert name.lstrip("-") in script.read_text()
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    check = {"bash": ["bash", "-n"], "zsh": ["zsh", "-n"], "fish": ["fish", "--no-execute"]}[shell]
    answer = subprocess.run([*check, script], capture_output=True, text=True)
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_bash_completes_commands_and_options(tmp_path):
    script = tmp_path / "completions"
    script.write_text(run("completions", "bash"))

    def completed(*words):
        program = (
            f'source "{script}"\nCOMP_WORDS=("$@")\nCOMP_CWORD=$(($# - 1))\n'
            '_keyfront keyfront "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"\nprintf "%s\\n" "${COMPREPLY[@]}"'
        )
        answer = subprocess.run(["bash", "-c", program, "bash", *words], capture_output=True, text=True)
        return answer.stdout.split()

    assert set(KVS) <= set(completed("keyfront", "kvs", ""))
    assert completed("keyfront", "kvs", "sync", "--excl") == ["--exclusive"]


def test_the_manual_has_a_page_for_each_command(tmp_path):
    assert run("manual").startswith(".ie") or ".TH keyfront 1" in run("manual")
    run("manual", "--out", tmp_path / "man")
    pages = {path.name for path in (tmp_path / "man").iterdir()}
    assert {"keyfront.1", "keyfront-kvs.1", *(f"keyfront-kvs-{name}.1" for name in KVS)} <= pages


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_groff_sets_the_pages_without_a_complaint(tmp_path):
    run("manual", "--out", tmp_path)
    texts = {}
    for page in sorted(tmp_path.iterdir()):
        answer = subprocess.run(["groff", "-ww", "-man", "-Tutf8", page], capture_output=True, text=True)
        assert (answer.returncode, answer.stderr) == (0, ""), page
        texts[page.name] = re.sub(".\x08", "", answer.stdout)
    assert "--exclusive" in texts["keyfront-kvs-sync.1"]
    assert "keyfront exec -- aws …" in texts["keyfront-aws.1"]
