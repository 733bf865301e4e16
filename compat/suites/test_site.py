"""The documents as a site: every page is there, every link leads somewhere, and every error text is one."""

import html.parser
import json
import re
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote, urlsplit

import node
import packages
from packages import PACKAGES, run
from server import BINARY, ROOT

SOURCE = PACKAGES / "site"
# Texts of other programs in troubleshooting.md.
OTHERS = {
    'Could not connect to the endpoint URL: "http://000000000000.127.0.0.1:4700/…"',
    "getaddrinfo ENOTFOUND 000000000000.localhost",
    "UnknownEndpoint",
    "MissingDependencyException: Using AWS SigV4A requires an additional dependency",
    "Neither CRT nor JS SigV4a implementation is available",
    "Address already in use",
    "version 'GLIBC_2.34' not found",
}


class Page(html.parser.HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self, file):
        super().__init__()
        self.links, self.anchors = [], set()
        self.feed(file.read_text())

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            self.anchors.add(given["id"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])


def built():
    """The folder of the site."""
    sources = [*ROOT.glob("*.md"), ROOT / "keyfront.example.toml", ROOT / "examples/functions"]
    with packages.made_once("site", PACKAGES, ROOT / "docs", *sources) as (folder, complete):
        if not complete:
            player = node.packages(SOURCE / "player", "site-player") / "asciinema-player"
            run(sys.executable, SOURCE / "build.py", BINARY, folder / "out", player)
        return folder / "out"


def test_every_link_leads_to_a_place_on_a_page():
    pages = {file: Page(file) for file in built().rglob("*.html") if file.name != "404.html"}
    assert len(pages) > 25
    broken = []
    for file, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            target = target / "index.html" if target.is_dir() else target
            anchors = pages[target].anchors if target in pages else {parts.fragment}
            if not target.exists() or (parts.fragment and unquote(parts.fragment) not in anchors):
                broken.append(f"{file.relative_to(built())}: {link}")
    assert broken == []


def test_the_navigation_has_every_document():
    def names(entries):
        for entry in entries:
            if isinstance(entry, str):
                yield entry
            else:
                for value in entry.values():
                    yield from [value] if isinstance(value, str) else names(value)

    listed = set(names(tomllib.loads((SOURCE / "zensical.toml").read_text())["project"]["nav"]))
    documents = {str(file.relative_to(ROOT / "docs")) for file in (ROOT / "docs").rglob("*.md")}
    assert {name for name in documents if not name.startswith("adr/")} <= listed
    for name in listed:
        assert (built() / Path(name.replace("README.md", "index.md")).with_suffix(".html")).exists(), name


def test_the_reference_has_every_command():
    page = (built() / "reference/commands.html").read_text()
    for command in ("keyfront dev", "keyfront kvs sync", "keyfront snapshot restore"):
        assert f">{command}" in page
    assert "search.json" in {file.name for file in built().iterdir()}


def test_the_reference_has_every_family_of_metrics():
    """Also those that have no sample until something happened."""
    page = (built() / "reference/metrics.html").read_text()
    for name in ("keyfront_requests_total", "keyfront_request_duration_seconds", "keyfront_faults_total"):
        assert re.search(rf"<code>{name}</code></td>\s*<td>\w+</td>\s*<td><code>service</code>", page), name


def test_the_reference_has_every_error_of_the_models():
    page = (built() / "reference/errors.html").read_text()
    for model in (ROOT / "crates/keyfront-wire/model").glob("*.json"):
        # What is added to a model declares no operations.
        for operation in json.loads(model.read_text()).get("operations", []):
            assert all(f"<code>{code}</code>" in page for code in operation.get("errors", ()))


def test_the_gallery_has_every_function():
    page = Page(built() / "gallery.html")
    functions = {folder.name for folder in (ROOT / "examples/functions").iterdir()}
    assert len(functions) > 10
    assert functions <= page.anchors


def test_every_picture_is_drawn_from_its_source(tmp_path):
    modules = node.packages(SOURCE / "pictures", "pictures", "draw.mjs")
    pictures = ROOT / "docs/pictures"
    run("node", modules.parent / "draw.mjs", pictures, tmp_path)
    drawn = {file.name: file.read_text() for file in tmp_path.glob("*.svg")}
    assert drawn == {file.name: file.read_text() for file in pictures.glob("*.svg")}
    shown = " ".join(file.read_text() for file in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
    assert [name for name in drawn if f"pictures/{name})" not in shown] == []


def test_the_recording_shows_what_was_typed_and_its_results():
    lines = (built() / "recording/first-session.cast").read_text().splitlines()[1:]
    shown = "".join(json.loads(line)[2] for line in lines)
    assert "keyfront kvs create redirects" in shown and "created redirects with 2 pairs" in shown
    assert "1 passed, 0 failed" in shown and "UNASSOCIATED" in shown
    assert "AsciinemaPlayer.create" in (built() / "recording.html").read_text()


def test_nothing_is_fetched_from_elsewhere():
    loaded = re.compile(r'<(?:script|link|img)[^>]+(?:src|href)="(https?://[^"]+)"')
    assert [found for file in built().rglob("*.html") for found in loaded.findall(file.read_text())] == []


def test_every_text_of_troubleshooting_is_one_that_a_program_prints():
    folders = [(ROOT / "crates", "*.rs"), *((PACKAGES, f"*.{kind}") for kind in ("py", "js"))]
    text = " ".join(file.read_text() for folder, kind in folders for file in folder.rglob(kind))
    # A literal goes on after a backslash at the end of a line, and texts that are joined by + or by nothing.
    text = re.sub(r"\\\n\s*", "", text)
    text = re.sub(r"\s+", " ", re.sub(r"[\"`]\s*\+?\s*[\"`]", "", text))
    said = re.findall(r"\*\*`([^`]+)`\*\*", re.sub(r"\n", " ", (ROOT / "docs/troubleshooting.md").read_text()))
    assert len(said) > 20
    missing = [
        line for line in said if line not in OTHERS and not all(part.strip() in text for part in line.split("…"))
    ]
    assert missing == []
    assert OTHERS <= set(said)
