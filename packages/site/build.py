"""Builds the documents as a site: python build.py BINARY OUT

It needs zensical. The pages are those of docs/, the README as the start page, and what stands at the root and in the
packages; the pages of the reference are made from what the program prints. A link that leads to no page is shown as its
text, and one to a page that is missing fails the build.
"""

import json
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
AT_ROOT = ("ARCHITECTURE.md", "CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "SECURITY.md")
PACKAGES = ("packages/python/README.md", "packages/npm/keyfront/README.md")
# A fenced block, a link or a word of code, whichever begins first: what looks like a link in code is none.
PART = re.compile(
    r"^```.*?^```$|(?<!!)\[(?P<shown>[^\]]+)\]\((?P<target>[^)#:\s]+)(?P<fragment>#[^)\s]*)?\)|`[^`\n]+`",
    re.MULTILINE | re.DOTALL,
)
HELP = ("help",)


def sources():
    """The pages by their place on the site, with the file that each is made of."""
    found = {"index.md": "README.md"}
    found |= {name: name for name in (*AT_ROOT, *PACKAGES)}
    for file in sorted((ROOT / "docs").rglob("*.md")):
        found[str(file.relative_to(ROOT / "docs"))] = str(file.relative_to(ROOT))
    return found


def relinked(text, place, source, places):
    """The text of a page, with links as the site has them."""

    def link(match):
        shown, target, fragment = match["shown"], match["target"], match["fragment"] or ""
        if target is None:
            return match[0]
        file = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        if file not in places:
            if not (ROOT / file).exists():
                raise ValueError(f"{source} leads to {target}, which is not there")
            return shown
        return f"[{shown}]({posixpath.relpath(places[file], posixpath.dirname(place) or '.')}{fragment})"

    return PART.sub(link, text)


def commands(binary, *words):
    """The help of a command and of those below it, as sections."""
    answer = subprocess.run([str(binary), *words, "--help"], check=True, stdout=subprocess.PIPE, text=True).stdout
    title = " ".join(["keyfront", *words])
    sections = [f"{'#' * min(len(words) + 2, 4)} {title}\n\n```text\n{answer.rstrip()}\n```\n"]
    listed = re.search(r"^Commands:\n((?:  .*\n)+)", answer, re.MULTILINE)
    for name in re.findall(r"^  (\S+)", listed[1], re.MULTILINE) if listed else []:
        if name not in HELP:
            sections += commands(binary, *words, name)
    return sections


def reference(binary):
    """The pages that the program writes about itself."""
    printed = subprocess.run(
        [str(binary), "operations", "--output", "json"], check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    rows = json.loads(printed)
    columns = list(rows[0])
    table = [" | ".join(columns), " | ".join("---" for _ in columns)]
    table += [" | ".join(str(row.get(column, "")) for column in columns) for row in rows]
    settings = (ROOT / "keyfront.example.toml").read_text()
    return {
        "reference/commands.md": "# Commands\n\n" + "\n".join(commands(binary)),
        "reference/configuration.md": f"# Configuration\n\n```toml\n{settings}```\n",
        "reference/operations.md": "# Operations\n\n" + "\n".join(f"| {row} |" for row in table) + "\n",
    }


def build(binary, out):
    """Builds the site."""
    places = {source: place for place, source in sources().items()}
    with tempfile.TemporaryDirectory() as temporary:
        pages = Path(temporary) / "pages"
        for source, place in places.items():
            put(pages / place, relinked((ROOT / source).read_text(), place, source, places))
        for place, text in reference(binary).items():
            put(pages / place, text)
        shutil.copy(HERE / "zensical.toml", temporary)
        subprocess.run([sys.executable, "-m", "zensical", "build", "--strict"], cwd=temporary, check=True)
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(Path(temporary) / "site", out)


def put(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    build(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))
