"""A server that answers every AWS operation with what a terminal must not obey: names, values and errors full of it.

Answers are made from botocore's models, so every operation that a command calls has one.
"""

import base64
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

import botocore.session

# What XML 1.0 can carry: CSI as one character, DEL, a turn of direction, and a character without width.
TEXT = "x\x9b2J\x7f\u202ey\u200b"
# What JSON can carry beside it.
JSON_TEXT = TEXT + "\x1b[2J\x1b]0;title\x07"
ARN = "arn:aws:cloudfront::000000000000:key-value-store/7bb3df34-6253-5602-8cbf-cf00f38d29a6"
LISTS_END = {"NextMarker", "NextToken", "IsTruncated", "Marker"}


def value(shape, text, name="", depth=0):
    """A value of a shape, full of `text`."""
    kind = shape.type_name
    if kind == "structure":
        members = shape.members.items() if depth < 12 else ()
        return {name: value(inner, text, name, depth + 1) for name, inner in members if name not in LISTS_END}
    if kind == "list":
        return [value(shape.member, text, name, depth + 1)]
    if kind in ("integer", "long", "float", "double"):
        return 1
    if kind == "boolean":
        return True
    if kind == "timestamp":
        return "2026-01-01T00:00:00Z"
    if kind == "blob":
        return text.encode()
    if getattr(shape, "enum", None):
        return shape.enum[0]
    if name == "Status":
        return "Deployed"
    return ARN if name.upper().endswith("ARN") else text


def to_xml(shape, held, element):
    """A value as the REST-XML protocol writes it."""
    kind = shape.type_name
    if kind == "structure":
        inner = ""
        for name, item in held.items():
            member = shape.members[name]
            if member.serialization.get("location"):
                continue
            wire = member.serialization.get("name", name)
            if member.type_name == "list":
                each = member.member.serialization.get("name", "member")
                items = "".join(to_xml(member.member, one, each) for one in item)
                inner += items if member.serialization.get("flattened") else f"<{wire}>{items}</{wire}>"
            else:
                inner += to_xml(member, item, wire)
        return f"<{element}>{inner}</{element}>"
    if kind == "boolean":
        return f"<{element}>{'true' if held else 'false'}</{element}>"
    if kind == "blob":
        held = base64.b64encode(held).decode()
    return f"<{element}>{escape(str(held))}</{element}>"


class Service:
    """One model, and the answers to its operations."""

    def __init__(self, name):
        self.model = botocore.session.get_session().get_service_model(name)
        self.routes = []
        for operation in map(self.model.operation_model, self.model.operation_names):
            path = re.sub(r"\{[^}]*\}", "[^/]+", operation.http["requestUri"].partition("?")[0])
            self.routes.append((operation.http["method"], re.compile(path + "/?"), operation))

    def answer(self, method, path):
        """Status, headers and body of a success."""
        for known, pattern, operation in self.routes:
            if known == method and pattern.fullmatch(path):
                break
        else:
            return None
        shape, headers = operation.output_shape, {"ETag": "E1", "Content-Type": "text/xml"}
        if shape is None:
            return operation.http.get("responseCode", 200), headers, b""
        if self.model.metadata["protocol"] == "rest-json":
            held = value(shape, JSON_TEXT)
            body = json.dumps(held, default=bytes.decode).encode()
            return 200, {**headers, "Content-Type": "application/json"}, body
        payload = shape.serialization.get("payload")
        if payload and shape.members[payload].type_name == "blob":
            return 200, headers, JSON_TEXT.encode()
        inner = shape.members[payload] if payload else shape
        root = inner.serialization.get("name", inner.name) if payload else shape.name
        return 200, headers, to_xml(inner, value(inner, TEXT), root).encode()


class Hostile:
    """The server. `mode` is `success`, `error`, or `noise`: an answer that is no answer."""

    def __init__(self):
        services = [Service("cloudfront"), Service("cloudfront-keyvaluestore")]
        hostile = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def reply(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, headers, body = hostile.answer(services, self.command, self.path.partition("?")[0])
                self.send_response(status)
                for name, content in headers.items():
                    self.send_header(name, content)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_DELETE = reply

            def log_message(self, *_):
                pass

        self.mode = "success"
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, services, method, path):
        if self.mode == "noise":
            return 200, {"Content-Type": "text/plain"}, JSON_TEXT.encode()
        if self.mode == "error":
            xml = f"<ErrorResponse><Error><Code>{TEXT}</Code><Message>{TEXT}</Message></Error></ErrorResponse>"
            as_json = json.dumps({"__type": JSON_TEXT, "message": JSON_TEXT, "Message": JSON_TEXT, "Error": JSON_TEXT})
            if path.startswith(("/key-value-stores", "/keyfront")):
                return 400, {"Content-Type": "application/json", "x-amzn-ErrorType": "ValidationException"}, as_json.encode()
            return 400, {"Content-Type": "text/xml"}, xml.encode()
        for service in services:
            answer = service.answer(method, path)
            if answer:
                return answer
        if path == "/":
            identity = f"<Arn>{TEXT}</Arn><UserId>{TEXT}</UserId><Account>{TEXT}</Account>"
            body = f"<GetCallerIdentityResponse><GetCallerIdentityResult>{identity}</GetCallerIdentityResult></GetCallerIdentityResponse>"
            return 200, {"Content-Type": "text/xml"}, body.encode()
        anything = [{"Id": 1, "Rule": JSON_TEXT, "Name": JSON_TEXT, "message": JSON_TEXT}]
        return 200, {"Content-Type": "application/json"}, json.dumps(anything).encode()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
