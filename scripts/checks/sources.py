"""The source files of the tree, read once, and a finding about a place in them."""
import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDERS = ("domain", "schemas", "eventstore", "commands", "projections", "api", "tests")
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


@dataclass(order=True)
class Finding:
    path: str
    line: int
    text: str
    warning: bool = False

    def __str__(self):
        return f"{self.path}:{self.line}: {'warning: ' if self.warning else ''}{self.text}"


@dataclass
class Include:
    line: int
    name: str
    quoted: bool


@dataclass
class Source:
    path: str                       # from the root, with slashes
    text: str
    lines: list = field(default_factory=list)
    includes: list = field(default_factory=list)
    code: str = ""                  # the text with comments and literals blanked, line for line

    @property
    def is_cpp(self):
        return self.path.endswith((".h", ".cpp"))

    @property
    def is_header(self):
        return self.path.endswith(".h")


def read_sources(root: Path):
    sources = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cpp", ".py") and path.is_file():
                sources.append(read_source(root, path))
    resolve_neighbours(sources)
    scripts = root / "scripts"
    for path in sorted(scripts.rglob("*")) if scripts.is_dir() else ():
        if path.is_file() and path.suffix not in (".pyc", ".in"):
            sources.append(read_source(root, path))
    return sources


def read_source(root, path):
    source = Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    source.lines = source.text.splitlines()
    if source.is_cpp:
        source.code = without_comments_and_literals(source.text)
        for number, line in enumerate(source.lines, 1):
            match = INCLUDE.match(line)
            if match:
                source.includes.append(Include(number, match[1] or match[2], match[1] is not None))
    return source


def resolve_neighbours(sources):
    """`#include "sample.h"` may mean the file beside the one that says so."""
    paths = {source.path for source in sources}
    for source in sources:
        for include in source.includes:
            beside = source.path.rsplit("/", 1)[0] + "/" + include.name
            if include.quoted and include.name not in paths and beside in paths:
                include.name = beside


TOKENS = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-zA-Z_])\'(?:\\.|[^\'\\\n])+\'',
    re.DOTALL)


def without_comments_and_literals(text):
    """Blanks them, keeping line ends, so that places in the result are places in the file."""
    return TOKENS.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
