"""Sizes, names, openings and hazards: what can be told from the text of a file alone."""
import re
import statistics

from .sources import Finding

LINES_WARN, LINES_MAX, COLUMNS_MAX, MEDIAN_MAX = 300, 400, 140, 150
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
NAMELESS = re.compile(r"(?:class|struct|enum|enum class|using|concept)\s+(\w*(?:Manager|Util|Utils|Utilities|Helper|Helpers))\b")
NAMELESS_FILE = re.compile(r"(manager|util|utils|utilities|helper|helpers)\.\w+$")
# The field's own words: a team has a manager.
FIELD_WORDS = {"Manager"}
CLOCKS = re.compile(r"\b(system_clock|steady_clock|high_resolution_clock)::now\b|\b(s?rand|time|getenv)\s*\(\s*(?:nullptr|NULL|\)|\")")
LAMBDA = re.compile(r"(?<![\w\])\[])\[(?!\[)([^\[\]]*)\]\s*(?:<[^<>]*>\s*)?(?:\((?:[^()]|\([^()]*\))*\))?[^;{}()\[\]]*\{")
CO_WORD = re.compile(r"\bco_(await|return|yield)\b")


def check_text(sources):
    findings = []
    for source in sources:
        findings += check_size(source) + check_names(source)
        if source.is_header:
            findings += check_opening(source)
        if source.is_cpp:
            findings += check_hazards(source)
    lengths = [len(source.lines) for source in sources if source.is_cpp]
    if len(lengths) > 20 and statistics.median(lengths) >= MEDIAN_MAX:
        findings.append(Finding("CMakeLists.txt", 1, f"the median source file has {statistics.median(lengths):.0f} lines, not under "
                                f"{MEDIAN_MAX}: files grow together what should stand apart"))
    return findings


def check_size(source):
    findings, length = [], len(source.lines)
    if length > LINES_MAX and not any("Long because:" in line for line in source.lines[:10]):
        findings.append(Finding(source.path, LINES_MAX, f"{length} lines: split it, or give the reason at the top as `Long because: …`"))
    elif length > LINES_WARN:
        findings.append(Finding(source.path, LINES_WARN, f"{length} lines: a file of more than {LINES_WARN} usually is two", warning=True))
    quoted = False
    for number, line in enumerate(source.lines, 1):
        # A raw string is data: cutting it would change what it says.
        raw = quoted or 'R"' in line
        quoted = (quoted or line.rfind('R"') > line.rfind(')"')) and line.rfind(')"') <= line.rfind('R"')
        if len(line) >= COLUMNS_MAX and not raw:
            findings.append(Finding(source.path, number, f"{len(line)} columns: lines stay under {COLUMNS_MAX}"))
    return findings


def check_names(source):
    findings = []
    if NAMELESS_FILE.search(source.path):
        findings.append(Finding(source.path, 1, "a file is named after what it is, not after helping: say what it holds"))
    for number, line in enumerate(source.lines, 1):
        if UNFINISHED.search(line):
            findings.append(Finding(source.path, number, "a note of unfinished work: finish it, or take it to the tracker"))
        for name in NAMELESS.findall(line) if source.is_cpp else ():
            if name not in FIELD_WORDS:
                findings.append(Finding(source.path, number, f"{name}: name the type after what it is or decides"))
    return findings


def check_opening(source):
    findings = []
    first = source.lines[0] if source.lines else ""
    opening = []
    for line in source.lines:
        if not line.startswith("//"):
            break
        opening.append(line)
    if not re.match(r"// \S", first) or not any(re.search(r"[.:]\s*$|[.:;] ", line) for line in opening):
        findings.append(Finding(source.path, 1, "a header opens with a comment, one sentence that says what the thing is"))
    if not any(line.strip() == "#pragma once" for line in source.lines):
        findings.append(Finding(source.path, 1, "#pragma once is missing"))
    return findings


def line_at(text, offset):
    return text.count("\n", 0, offset) + 1


def body_at(code, opening):
    """The text between the brace at `opening` and its partner."""
    depth = 0
    for at in range(opening, len(code)):
        if code[at] == "{":
            depth += 1
        elif code[at] == "}":
            depth -= 1
            if depth == 0:
                return code[opening + 1:at]
    return code[opening + 1:]


def without_lambdas(body):
    """A lambda inside is a function of its own: what it awaits, its surroundings do not."""
    while match := LAMBDA.search(body):
        inner = body_at(body, match.end() - 1)
        end = match.end() + len(inner) + 1
        body = body[:match.start()] + " " * (end - match.start()) + body[end:]
    return body


def check_hazards(source):
    findings = []
    for match in LAMBDA.finditer(source.code):
        if match[1].strip() and CO_WORD.search(without_lambdas(body_at(source.code, match.end() - 1))):
            findings.append(Finding(source.path, line_at(source.code, match.start()),
                                    "a capturing lambda is a coroutine: its captures die with the lambda object while it is "
                                    "suspended; pass them as parameters by value"))
    if source.path.startswith("projections/"):
        for match in re.finditer(r"WITHOUT\s+ROWID", source.text, re.IGNORECASE):
            findings.append(Finding(source.path, line_at(source.text, match.start()),
                                    "WITHOUT ROWID makes wide rows with secondary indexes slower, measured: use an ordinary table"))
    if source.path.startswith("domain/"):
        for match in CLOCKS.finditer(source.code):
            findings.append(Finding(source.path, line_at(source.code, match.start()),
                                    "the domain has no clock and no chance: time and ids come with Context"))
    if source.is_header and not source.path.startswith("tests/"):
        for match in re.finditer(r"^using namespace ", source.code, re.MULTILINE):
            findings.append(Finding(source.path, line_at(source.code, match.start()),
                                    "`using namespace` in a header reaches all who include it"))
    return findings
