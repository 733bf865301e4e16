"""Writes the service facts that keyfront-wire interprets, from botocore's service models.

`cargo xtask model` runs this with the Python of the test environment, so the facts come from the
botocore release that requirements.txt pins. Only facts are kept: operations, shapes, constraints and
errors that an operation reaches. No sentence of the models' documentation is copied.

    python compat/model_facts.py FOLDER          writes FOLDER/<service>.json
    python compat/model_facts.py FOLDER --check  compares instead, and looks for prose

The layout of a file, made for reading diffs (one operation or shape per line, sorted by name):

    {"metadata": {apiVersion, protocol, signingName, xmlNamespace?},
     "operations": [{name, http: {method, requestUri, responseCode, formerUri?}, input, output?, errors}],
     "shapes": {NAME: {type, members: [{name, shape, ...}] in the model's order, ...}}}
"""

import argparse
import gzip
import json
import sys
from pathlib import Path

import botocore

SERVICES = (("cloudfront", "2020-05-31"), ("cloudfront-keyvaluestore", "2022-07-26"))

SHAPE_FACTS = (
    "type", "required", "payload", "union", "enum", "min", "max", "pattern", "flattened", "locationName",
    "timestampFormat", "streaming", "sensitive", "box", "exception", "fault",
)
MEMBER_FACTS = (
    "shape", "location", "locationName", "xmlAttribute", "flattened", "streaming", "timestampFormat",
    "jsonvalue", "box",
)
# Operations whose path ended with a slash in the models of SDKs that are still in use: botocore until 1.35, and the
# SDKs of that time for JavaScript and Java. The service takes both paths.
HAD_FINAL_SLASH = {
    "cloudfront": {
        "CreateKeyValueStore", "CreateMonitoringSubscription", "DeleteMonitoringSubscription",
        "DeleteRealtimeLogConfig", "GetMonitoringSubscription", "GetRealtimeLogConfig",
        "ListDistributionsByRealtimeLogConfig", "UpdateRealtimeLogConfig",
    },
}
# Members of a model that a server has no use for. One that is in neither list stops the tool: it may
# change what goes over the wire.
SHAPE_IGNORED = {"documentation", "deprecated", "deprecatedMessage", "members", "member", "key", "value", "error"}
MEMBER_IGNORED = {
    "documentation", "deprecated", "deprecatedMessage", "contextParam", "idempotencyToken", "xmlNamespace",
}
PROSE = {"documentation", "documentationUrl", "deprecatedMessage", "examples"}


def service_model(service, version):
    folder = Path(botocore.__file__).parent / "data" / service / version
    packed = folder / "service-2.json.gz"
    if packed.exists():
        return json.loads(gzip.decompress(packed.read_bytes()))
    return json.loads((folder / "service-2.json").read_bytes())


def pick(source, wanted, ignored, where):
    unknown = set(source) - set(wanted) - set(ignored)
    if unknown:
        sys.exit(f"{where}: the model has members that this tool does not know: {sorted(unknown)}")
    return {name: source[name] for name in wanted if name in source}


def reference_facts(reference, where):
    """A use of a shape: an operation's input, a structure's member, or a list's or map's content."""
    facts = pick(reference, MEMBER_FACTS, MEMBER_IGNORED, where)
    namespace = reference.get("xmlNamespace")
    if namespace:
        if set(namespace) != {"uri"}:
            sys.exit(f"{where}: a namespace with more than a uri: {namespace}")
        facts["xmlNamespace"] = namespace["uri"]
    return facts


def shape_facts(name, shape):
    facts = pick(shape, SHAPE_FACTS, SHAPE_IGNORED, name)
    if "members" in shape:
        facts["members"] = [
            {"name": member, **reference_facts(reference, f"{name}.{member}")}
            for member, reference in shape["members"].items()
        ]
    for content in ("member", "key", "value"):
        if content in shape:
            facts[content] = reference_facts(shape[content], f"{name}.{content}")
    if "error" in shape:
        facts["error"] = pick(shape["error"], ("httpStatusCode", "code"), {"senderFault", "fault"}, name)
    return facts


def operation_facts(name, operation, service, version):
    if operation["name"].removesuffix(version.replace("-", "_")) != name:
        sys.exit(f"{name}: the model calls it {operation['name']}")
    facts = {"name": name, "http": pick(operation["http"], ("method", "requestUri", "responseCode"), (), name)}
    if name in HAD_FINAL_SLASH.get(service, ()):
        facts["http"]["formerUri"] = facts["http"]["requestUri"] + "/"
    for side in ("input", "output"):
        if side in operation:
            facts[side] = reference_facts(operation[side], f"{name}.{side}")
    facts["errors"] = sorted(error["shape"] for error in operation.get("errors", ()))
    return facts


def reached_shapes(model):
    """The names of all shapes that an operation's input, output or errors lead to."""
    waiting = []
    for operation in model["operations"].values():
        waiting += [operation[side]["shape"] for side in ("input", "output") if side in operation]
        waiting += [error["shape"] for error in operation.get("errors", ())]
    reached = set()
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        shape = model["shapes"][name]
        waiting += [member["shape"] for member in shape.get("members", {}).values()]
        waiting += [shape[content]["shape"] for content in ("member", "key", "value") if content in shape]
    return reached


def metadata_facts(model):
    facts = {name: model["metadata"][name] for name in ("apiVersion", "protocol", "signingName")}
    namespaces = set()
    for operation in model["operations"].values():
        namespaces.add(operation.get("input", {}).get("xmlNamespace", {}).get("uri"))
    for shape in model["shapes"].values():
        namespaces |= {member.get("xmlNamespace", {}).get("uri") for member in shape.get("members", {}).values()}
    namespaces.discard(None)
    if len(namespaces) > 1:
        sys.exit(f"more than one XML namespace: {sorted(namespaces)}")
    if namespaces:
        facts["xmlNamespace"] = namespaces.pop()
    return facts


def line(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def render(service, version):
    model = service_model(service, version)
    operations = [
        line(operation_facts(name, operation, service, version))
        for name, operation in sorted(model["operations"].items())
    ]
    shapes = [f"{line(name)}:{line(shape_facts(name, model['shapes'][name]))}" for name in sorted(reached_shapes(model))]
    return (
        f'{{"metadata":{line(metadata_facts(model))},\n'
        + '"operations":[\n' + ",\n".join(operations) + "\n],\n"
        + '"shapes":{\n' + ",\n".join(shapes) + "\n}}\n"
    )


def prose_in(value, where=""):
    """Where a file holds a member that carries sentences instead of facts."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in PROSE:
                yield f"{where}.{name}"
            yield from prose_in(inner, f"{where}.{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from prose_in(inner, f"{where}[{index}]")


def check(path, expected):
    """What is wrong with a checked-in file, as sentences."""
    if not path.exists():
        return [f"{path} does not exist"]
    text = path.read_text(encoding="utf-8")
    wrong = [f"{path} holds prose at {place}" for place in prose_in(json.loads(text))]
    if text != expected:
        wrong.append(f"{path} is not what botocore {botocore.__version__} gives")
    return wrong


def main():
    arguments = argparse.ArgumentParser(description="Writes or checks the service facts of keyfront-wire.")
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    chosen = arguments.parse_args()

    wrong = []
    for service, version in SERVICES:
        path = chosen.folder / f"{service}.json"
        facts = render(service, version)
        if chosen.check:
            wrong += check(path, facts)
        else:
            path.write_text(facts, encoding="utf-8")
            print(f"{path}: written from botocore {botocore.__version__}")
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    if wrong:
        sys.exit("run `cargo xtask model` and look at the difference")


if __name__ == "__main__":
    main()
