"""Writes what CloudFormation's registry says of the resource types `AWS::CloudFront::*`, for keyfront-cfn.

AWS publishes the schemas of its resource types; cfn-lint, which AWS keeps, brings them as a package of PyPI. Only facts are
kept: properties, their types, which are required, defaults, what only a creation takes, attributes and the identifier.
No sentence of the schemas' documentation is copied.

    pip download cfn-lint --no-deps --dest FOLDER
    python compat/cdk/resource_types.py FOLDER/cfn_lint-*.whl

The file has one resource type on a line, sorted by name, for reading diffs. Properties that only the service sets are
among the attributes alone.
"""

import json
import sys
import zipfile
from pathlib import Path

TARGET = Path(__file__).parents[2] / "crates/keyfront-cfn/model/resource-types.json"
SCHEMAS = "cfnlint/data/schemas"
REGION = "us-east-1"


def path_of(pointer):
    """A property's path, such as Name or FunctionMetadata.FunctionARN."""
    return ".".join(pointer.removeprefix("/properties/").split("/"))


def described(schema, definitions, hidden, place=()):
    """A property as facts; nothing for an object whose members are all set by the service."""
    if "$ref" in schema:
        target = definitions[schema["$ref"].rpartition("/")[2]]
        schema = {**target, **{name: value for name, value in schema.items() if name != "$ref"}}
    if "properties" in schema:
        required = schema.get("required", [])
        members = {}
        for name, member in schema["properties"].items():
            path = (*place, name)
            fact = None if ".".join(path) in hidden else described(member, definitions, hidden, path)
            if fact is not None:
                members[name] = {**fact, **({"required": True} if name in required else {})}
        return {"type": "object", "properties": members} if members or not place else None
    fact = {"type": schema["type"]}
    if fact["type"] == "array":
        fact["items"] = described(schema["items"], definitions, hidden, place)
    if "default" in schema:
        fact["default"] = schema["default"]
    return fact


def resource_type(schema):
    attributes = [path_of(pointer) for pointer in schema.get("readOnlyProperties", [])]
    [identifier] = schema["primaryIdentifier"]
    return {
        "identifier": path_of(identifier),
        "attributes": attributes,
        "createOnly": [path_of(pointer) for pointer in schema.get("createOnlyProperties", [])],
        "properties": described(schema, schema.get("definitions", {}), set(attributes))["properties"],
    }


def main(wheel):
    with zipfile.ZipFile(wheel) as package:
        index = json.loads(package.read(f"{SCHEMAS}/providers/{REGION}.json"))
        names = sorted(name for name in index if name.startswith("AWS::CloudFront::"))
        lines = []
        for name in names:
            schema = json.loads(package.read(f"{SCHEMAS}/resources/{index[name]}.json"))
            lines.append(f"{json.dumps(name)}: {json.dumps(resource_type(schema), separators=(',', ':'))}")
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(sys.argv[1])
