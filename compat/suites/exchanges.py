"""Recorded requests of other clients, and what the service answers to each: the files in compat/requests.

A file is a sequence of exchanges. A line `>>> METHOD TARGET` begins a request and a line `<<< STATUS` its answer; below
either come headers, one a line, and then a document, which begins with `<`. Lines that begin with `#` are for people.
Space between elements is for people, too: documents are sent without it. An answer has the headers that are named,
and exactly the document.

`{name}` in an answer stands for what is not the same each time: the first time for anything, which is what it means
from there on, in requests as well; `{*}` stands for anything each time. `<<< STATUS eventually` is an answer that comes
after the same request was made again a few times.
"""

import dataclasses
import re
import xml.etree.ElementTree as ElementTree

PLACEHOLDER = re.compile(r"\{([a-z0-9 ]+|\*)\}")
BETWEEN_ELEMENTS = re.compile(r">\s+<")


@dataclasses.dataclass
class Message:
    """A request or an answer: what its first line says, its headers, and its document."""

    line: int
    first: str
    headers: dict
    document: str


def read(path):
    """The exchanges of a file: pairs of a request and its answer."""
    messages = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith((">>> ", "<<< ")):
            messages.append(Message(number, line[4:].strip(), {}, ""))
        elif line.startswith("#") or not line.strip():
            continue
        elif messages[-1].document or line.lstrip().startswith("<"):
            messages[-1].document += line + "\n"
        else:
            name, value = line.split(": ", 1)
            messages[-1].headers[name] = value
    for message in messages:
        message.document = BETWEEN_ELEMENTS.sub("><", message.document.strip())
    return list(zip(messages[::2], messages[1::2], strict=True))


class Names:
    """What the placeholders mean that were seen so far."""

    def __init__(self):
        self.known = {}

    def fill(self, text):
        """A text of a request, with what its placeholders mean."""
        return PLACEHOLDER.sub(lambda name: self.known[name[1]], text)

    def match(self, expected, seen, where):
        """Compares a text of an answer, and learns what its placeholders mean."""
        new = []

        def part(name):
            if name == "*":
                return ".*"
            if name in self.known:
                return re.escape(self.known[name])
            new.append(name)
            return "(.+)"

        # Literal texts stand at even places, names at odd ones.
        pieces = enumerate(PLACEHOLDER.split(expected))
        pattern = "".join(part(piece) if place % 2 else re.escape(piece) for place, piece in pieces)
        matched = re.fullmatch(pattern, seen, re.DOTALL)
        assert matched, f"{where}: {self.fill_known(expected)!r} and not {seen!r}"
        self.known.update(zip(new, matched.groups()))

    def fill_known(self, text):
        return PLACEHOLDER.sub(lambda name: self.known.get(name[1], name[0]), text)

    def match_document(self, expected, seen):
        """Compares two documents element by element."""
        if not expected or not seen:
            assert expected == seen, f"{expected!r} and not {seen!r}"
            return
        self._match_element(ElementTree.fromstring(expected), ElementTree.fromstring(seen), "")

    def _match_element(self, expected, seen, where):
        where += "/" + expected.tag.partition("}")[2]
        assert expected.tag == seen.tag, f"{where} and not {seen.tag}"
        tags = [[child.tag.partition("}")[2] for child in element] for element in (expected, seen)]
        assert tags[0] == tags[1], f"{where}: {tags[0]} and not {tags[1]}"
        self.match(expected.text or "", seen.text or "", where)
        for one, other in zip(expected, seen):
            self._match_element(one, other, where)
