"""The pages of the reference, made from what the program prints and from the models that it has.

Nothing here is written by hand, so nothing can say something else than the program does.
"""

import json
import re
import subprocess
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "crates/keyfront-wire/model"
# The model of Keyfront's own operations comes last; the two before it are AWS's.
SERVICES = ("cloudfront", "cloudfront-keyvaluestore", "extensions")
HELP = ("help",)
# How long the server may take to start, in seconds.
PATIENCE = 30


def pages(binary):
    """The pages by their place on the site."""
    return {
        "reference/commands.md": "# Commands\n\n" + "\n".join(commands(binary)),
        "reference/configuration.md": f"# Configuration\n\n```toml\n{printed(binary, 'config', 'example')}```\n",
        "reference/operations.md": operations(binary),
        "reference/metrics.md": metrics(binary),
        "reference/errors.md": errors(),
    }


def printed(binary, *words):
    """What a command of the program prints."""
    return subprocess.run([str(binary), *words], check=True, stdout=subprocess.PIPE, text=True).stdout


def table(heads, rows):
    """A table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def commands(binary, *words):
    """The help of a command and of those below it, as sections."""
    answer = printed(binary, *words, "--help")
    title = " ".join(["keyfront", *words])
    sections = [f"{'#' * min(len(words) + 2, 4)} {title}\n\n```text\n{answer.rstrip()}\n```\n"]
    listed = re.search(r"^Commands:\n((?:  .*\n)+)", answer, re.MULTILINE)
    for name in re.findall(r"^  (\S+)", listed[1], re.MULTILINE) if listed else []:
        if name not in HELP:
            sections += commands(binary, *words, name)
    return sections


def operations(binary):
    """The operations of AWS, with what becomes of each here."""
    rows = json.loads(printed(binary, "operations", "--output", "json"))
    columns = list(rows[0])
    return "# Operations\n\n" + table(columns, ([row.get(column, "") for column in columns] for row in rows))


def metrics(binary):
    """The families that a server shows, with their labels. One without a sample is not shown, so some are made."""
    fault = "ListKeyValueStores=latency,ms=1"
    addresses = ("--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--fault", fault)
    command = [str(binary), "dev", "--ephemeral", *addresses]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            where = dict(server.stdout.readline().split() for _ in range(3))
            printed(binary, "kvs", "list", "--endpoint", where["ready"])
            with urllib.request.urlopen(where["admin"] + "/metrics", timeout=PATIENCE) as answer:
                text = answer.read().decode()
        finally:
            server.terminate()
    helps = dict(re.findall(r"^# HELP (\S+) (.*)$", text, re.MULTILINE))
    rows = []
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE):
        samples = re.findall(rf"^{name}(?:_bucket)?{{([^}}]*)}}", text, re.MULTILINE)
        labels = {label: None for sample in samples for label in re.findall(r'(\w+)="', sample) if label != "le"}
        rows.append([f"`{name}`", kind, ", ".join(f"`{label}`" for label in labels), helps[name]])
    return "# Metrics\n\nThe admin address shows them under `/metrics`.\n\n" + table(
        ["name", "type", "labels", "meaning"], rows
    )


def errors():
    """The codes that the models declare, with their status and the operations that may answer with them."""
    text = "# Errors\n\nThe codes that AWS's models declare, for each operation that may answer with them.\n"
    for service in SERVICES:
        model = json.loads((MODELS / f"{service}.json").read_text())
        users = {}
        for operation in model["operations"]:
            for code in operation.get("errors", ()):
                users.setdefault(code, []).append(operation["name"])
        shapes = model["shapes"]
        statuses = {code: shapes[code]["error"]["httpStatusCode"] for code in users}
        rows = ([f"`{code}`", statuses[code], ", ".join(users[code])] for code in sorted(users))
        text += f"\n## {service}\n\n" + table(["code", "status", "operations"], rows)
    return text
