"""Untouched Node programs under `keyfront exec`: the data plane's name leads to the server, and no other does."""

import json
import shutil
import subprocess

import pytest

import node
from server import ACCOUNT, BINARY, ROOT, clean_environment, run_with

NAME = f"{ACCOUNT}.keyfront.internal"
OTHERS = ["mykeyfront.internal", "keyfront.internal.invalid", "nowhere.invalid"]

# How a Node program can ask for a name: each form gives the address or the error's code.
LOOKUPS = """
import dns, { lookup } from "node:dns";
import promises from "node:dns/promises";
import { promisify } from "node:util";
const forms = {
  callback: (name) => new Promise((done) => lookup(name, (error, address) => done(error?.code ?? address))),
  all: (name) => new Promise((done) => dns.lookup(name, { all: true }, (e, found) => done(e?.code ?? found[0].address))),
  promise: (name) => promises.lookup(name).then((found) => found.address, (error) => error.code),
  promisified: (name) => promisify(dns.lookup)(name).then((found) => found.address, (error) => error.code),
};
const found = {};
for (const name of process.argv.slice(1)) {
  found[name] = [];
  for (const form of Object.values(forms)) found[name].push(await form(name));
}
console.log(JSON.stringify(found));
"""
ENVIRONMENT = "console.log(JSON.stringify([process.env.NODE_OPTIONS, process.execArgv, process.noDeprecation]))"


pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="Node is not installed: nothing was checked with it")


def script(server, text, *arguments, **environment):
    command = ["node", "--input-type=module", "--eval", text, *arguments]
    answer = run_with(server, command, environment=environment)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def test_the_name_of_the_data_plane_leads_to_the_server_and_others_do_not(server):
    found = script(server, LOOKUPS, "keyfront.internal", NAME, "localhost", *OTHERS)
    assert found["keyfront.internal"] == found[NAME] == ["127.0.0.1"] * 4
    assert set(found["localhost"]) <= {"127.0.0.1", "::1"}
    for name in OTHERS:
        assert set(found[name]) <= {"ENOTFOUND", "EAI_AGAIN"}, name


def test_requests_of_fetch_and_of_workers_arrive(server):
    url = f"http://{NAME}:{server.port}/"
    worker = (
        "import { parentPort } from 'node:worker_threads';\n"
        f"parentPort.postMessage((await fetch('{url}')).status);\n"
    )
    text = (
        "import { Worker } from 'node:worker_threads';\n"
        f"const own = (await fetch('{url}')).status;\n"
        f"const worker = new Worker({json.dumps(worker)}, {{ eval: true }});\n"
        "worker.on('message', (its) => console.log(JSON.stringify([own, its])));\n"
    )
    assert script(server, text) == [400, 400]


def test_node_options_of_the_user_are_kept_and_a_cache_may_have_spaces(server, tmp_path):
    cache = tmp_path / "a \"cache\" \\ of ours"
    more = {"NODE_OPTIONS": "--no-deprecation", "XDG_CACHE_HOME": str(cache)}
    options, _, no_deprecation = script(server, ENVIRONMENT, **more)
    assert no_deprecation is True and options.endswith(' --no-deprecation')
    assert script(server, LOOKUPS, NAME, **more)[NAME] == ["127.0.0.1"] * 4
    [written] = (cache / "keyfront").iterdir()
    # exec within exec says nothing twice, and a file that was removed is there again.
    written.unlink()
    again, _, _ = script(server, ENVIRONMENT, **{**more, "NODE_OPTIONS": options})
    assert again == options and written.exists()


def test_env_prints_it_for_a_shell_and_for_a_program(server):
    environment = clean_environment(NODE_OPTIONS="--no-deprecation")
    command = [BINARY, "env", "--endpoint", server.endpoint]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    shell = subprocess.run(
        ["sh", "-c", f'{printed}\nexec node --input-type=module --eval "$1" "$2"', "sh", LOOKUPS, NAME],
        capture_output=True, text=True, env=environment,
    )
    assert json.loads(shell.stdout)[NAME] == ["127.0.0.1"] * 4, shell.stderr
    answer = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True, env=environment)
    changes = json.loads(answer.stdout)
    for name, value in changes.items():
        quoted = None if value is None else value.replace("'", "'\\''")
        assert (f"unset {name}" if value is None else f"export {name}='{quoted}'") in printed.splitlines()
    assert len(changes) == len(printed.splitlines()) and changes["AWS_PROFILE"] is None


def test_without_a_folder_for_it_everything_else_works_and_it_is_said(server, tmp_path):
    taken = tmp_path / "file"
    taken.write_text("")
    answer = run_with(server, ["node", "-p", "process.env.AWS_REGION"], environment={"XDG_CACHE_HOME": str(taken)})
    assert (answer.returncode, answer.stdout) == (0, "us-east-1\n")
    assert answer.stderr.startswith(f"keyfront: Node programs will not find the data plane: {taken}/keyfront cannot")


def test_an_untouched_program_with_the_sdk_runs_under_exec(server, tmp_path):
    (tmp_path / "node_modules").symlink_to(node.packages(ROOT / "examples/jest", "jest-example"))
    (tmp_path / "app.mjs").write_text(
        "import { CloudFront } from '@aws-sdk/client-cloudfront';\n"
        "import { CloudFrontKeyValueStore } from '@aws-sdk/client-cloudfront-keyvaluestore';\n"
        "import '@aws-sdk/signature-v4a';\n"
        "const control = new CloudFront(), data = new CloudFrontKeyValueStore(), Name = 'from-node';\n"
        "await control.createKeyValueStore({ Name });\n"
        "const KvsARN = (await control.describeKeyValueStore({ Name })).KeyValueStore.ARN;\n"
        "let { ETag } = await data.describeKeyValueStore({ KvsARN });\n"
        "const keys = ['/a b', 'ü', '%2F', '+', 'a//b', '🦀'];\n"
        "for (const Key of keys)\n"
        "  ({ ETag } = await data.putKey({ KvsARN, Key, Value: Key, IfMatch: ETag }));\n"
        "const values = [];\n"
        "for (const Key of keys) values.push((await data.getKey({ KvsARN, Key })).Value);\n"
        "console.log(JSON.stringify(values));\n"
    )
    answer = run_with(server, ["node", tmp_path / "app.mjs"])
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == ["/a b", "ü", "%2F", "+", "a//b", "🦀"]
