"""The gallery of functions, made from the folders of examples/functions.

A folder is a function and its cases, as `keyfront fn test` takes them. What a function is for is said by the comment
with which its code begins.
"""

import json
import re
from pathlib import Path

FUNCTIONS = Path(__file__).resolve().parents[2] / "examples/functions"

INTRODUCTION = """\
# Functions to begin with

Each folder of `examples/functions` is a function with its cases. Copy one, change it, and test it without a server:

```sh
keyfront fn test examples/functions/redirects
```

All of them pass `keyfront fn check --strict`, so CloudFront takes them as they are.
"""


def page():
    """The page."""
    return INTRODUCTION + "".join(section(folder) for folder in folders())


def places():
    """Where the folders are on the site."""
    return {f"examples/functions/{folder.name}": f"gallery.md#{folder.name}" for folder in folders()} | {
        "examples/functions": "gallery.md"
    }


def folders():
    """A folder for each function."""
    return [folder for folder in sorted(FUNCTIONS.iterdir()) if folder.is_dir()]


def section(folder):
    """A function, with what it is for and what its cases are about."""
    code = (folder / "function.js").read_text()
    opening = re.match(r"(?://.*\n)+", code)
    if not opening:
        raise ValueError(f"{folder}/function.js does not begin with a comment that says what it is for")
    about = re.sub(r"^// ?", "", opening[0], flags=re.MULTILINE)
    cases = "".join(
        f"| {case.name.replace('-', ' ')} | {asked(case)} | {answered(case)} |\n"
        for case in sorted(folder.iterdir())
        if case.is_dir()
    )
    return (
        f"\n## {folder.name}\n\n{about}\n"
        f"| case | event | result |\n| --- | --- | --- |\n{cases}\n"
        f"```js\n{code[opening.end():].strip()}\n```\n"
    )


def asked(case):
    """The event of a case in a few words."""
    event = json.loads((case / "event.json").read_text())
    request = event["request"]
    words = f"`{request['method']} {request['uri']}`"
    response = event.get("response")
    return f"{words}, answered with {response['statusCode']}" if response else words


def answered(case):
    """What is expected of a case, in a few words."""
    expected = json.loads((case / "expected.json").read_text())
    if "output" not in expected:
        return f"fails: `{expected.get('error', expected.get('error_class'))}`"
    output = expected["output"]
    if "response" in output:
        response = output["response"]
        location = response.get("headers", {}).get("location")
        return str(response["statusCode"]) + (f" to `{location['value']}`" if location else "")
    return f"goes on as `{output['request']['uri']}`"
