"""CloudFront Functions, as the suites about them make them."""

import json

from clients import unique_name

CODE = b"function handler(event) {\n  return event.request;\n}\n"

REQUEST = {
    "version": "1.0",
    "context": {"eventType": "viewer-request"},
    "viewer": {"ip": "198.51.100.11"},
    "request": {
        "method": "GET",
        "uri": "/index.html",
        "querystring": {"a": {"value": "1"}},
        "headers": {"host": {"value": "www.example.com"}},
        "cookies": {"id": {"value": "c1"}},
    },
}

RESPONSE = {
    **REQUEST,
    "context": {"eventType": "viewer-response"},
    "response": {
        "statusCode": 200, "statusDescription": "OK", "headers": {"server": {"value": "nginx"}}, "cookies": {},
    },
}


def config(*stores, comment="", runtime="cloudfront-js-2.0"):
    """A FunctionConfig; without stores it has no associations at all."""
    associations = {"Quantity": len(stores), "Items": [{"KeyValueStoreARN": store} for store in stores]}
    return {"Comment": comment, "Runtime": runtime, **({"KeyValueStoreAssociations": associations} if stores else {})}


def new_function(control, name=None, code=CODE, stores=(), **more):
    """Creates a function and returns the answer."""
    return control.create_function(
        Name=name or unique_name("function"), FunctionConfig=config(*stores), FunctionCode=code, **more
    )


def name_of(answer):
    return answer["FunctionSummary"]["Name"]


def published(control, **more):
    """The name of a function that was made and published."""
    created = new_function(control, **more)
    control.publish_function(Name=name_of(created), IfMatch=created["ETag"])
    return name_of(created)


def answer_of(control, code, event=None, store=None, **more):
    """What TestFunction says of some code: its result, and what the function returned."""
    created = new_function(control, code=code.encode(), stores=[store] if store else [])
    result = control.test_function(
        Name=name_of(created), IfMatch=created["ETag"], EventObject=json.dumps(event or REQUEST).encode(), **more
    )["TestResult"]
    output = json.loads(result["FunctionOutput"]) if result["FunctionOutput"] else None
    return result, output
