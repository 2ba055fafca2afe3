"""Which folder may include which: the layers, proved from the #include lines."""
import re

from .sources import Finding

# Row: a folder (the longest that fits counts), what of this project it may include, and which libraries.
MAY_INCLUDE = {
    "domain/kernel": (("domain/kernel",), ("std", "describe", "icu", "phonenumber")),
    "domain": (("domain/kernel", "{context}"), ("std", "describe")),
    "schemas": (("domain", "schemas"), ("std", "describe", "simdjson")),
    "eventstore": (("domain/kernel", "eventstore"), ("std", "posix", "container", "sqlite3", "sodium", "openssl")),
    "commands": (("domain", "schemas", "eventstore", "commands"), ("std", "posix", "container", "describe", "sodium", "openssl")),
    "projections": (("domain", "schemas", "eventstore", "projections"), ("std", "posix", "container", "describe", "sqlite3")),
    "api/http": (("domain", "schemas", "eventstore", "commands", "projections", "api"),
                 ("std", "posix", "container", "describe", "asio", "openssl", "sodium", "jwt", "zlib", "fmt", "cli")),
    "api": (("domain", "schemas", "eventstore", "commands", "projections", "api"),
            ("std", "posix", "container", "describe", "openssl", "sodium", "jwt", "zlib", "fmt", "cli")),
    "tests": (("domain", "schemas", "eventstore", "commands", "projections", "api", "tests"), ("*",)),
}
MAY_INCLUDE["api/live"] = MAY_INCLUDE["api/http"]
WHY = {
    "domain": "the rules stay pure: no clock, randomness, JSON, I/O, nor another context's internals",
    "schemas": "the contract knows the domain and nothing that stores or serves it",
    "eventstore": "the log knows events as bytes with a type, never as C++ types",
    "commands": "the write side must not depend on what is read",
    "projections": "a read model is made of events alone, never of commands",
    "api": "Asio and Beast live in api/http and api/live, so that handlers stay ordinary functions",
    "tests": "tests may include everything",
}

LIBRARIES = [  # first match counts
    ("describe", re.compile(r"boost/(describe|mp11)(/|\.hpp)")),
    ("asio", re.compile(r"boost/(asio|beast|system|url|core/ignore_unused|optional)(/|\.hpp)")),
    ("container", re.compile(r"boost/(container|unordered|container_hash)(/|\.hpp|_)")),
    ("boost", re.compile(r"boost/")),
    ("simdjson", re.compile(r"simdjson\.h$")),
    ("sqlite3", re.compile(r"sqlite3\.h$")),
    ("sodium", re.compile(r"sodium(\.h$|/)")),
    ("openssl", re.compile(r"openssl/")),
    ("icu", re.compile(r"unicode/")),
    ("phonenumber", re.compile(r"phonenumbers/")),
    ("fmt", re.compile(r"(fmt|spdlog)/")),
    ("cli", re.compile(r"CLI/")),
    ("jwt", re.compile(r"jwt\.h$")),
    ("zlib", re.compile(r"zlib\.h$")),
    ("doctest", re.compile(r"doctest/")),
    ("posix", re.compile(r"(sys|linux|netinet|arpa)/|(unistd|fcntl|poll|pthread|signal|dirent|sched|spawn|netdb|crypt|immintrin)\.h$")),
    ("std", re.compile(r"[a-z_0-9]+$")),
]

# Where a library may be included within the layers that know it: heavy or blocking ones stay in one family of sources.
LIBRARY_HOMES = {
    "posix": re.compile(r".*\.cpp$|eventstore/sqlite/|projections/sqlite/|api/"),
    "sqlite3": re.compile(r"(eventstore|projections)/sqlite/|tests/"),
    "simdjson": re.compile(r"schemas/[^/]*\.cpp$|tests/"),
    "icu": re.compile(r".*\.cpp$"),
    "phonenumber": re.compile(r".*\.cpp$"),
    "sodium": re.compile(r".*\.cpp$"),
    "openssl": re.compile(r".*\.cpp$|eventstore/sqlite/|api/http/"),
    "jwt": re.compile(r".*\.cpp$"),
    "zlib": re.compile(r".*\.cpp$"),
}
ONE_SOURCE_ONLY = ("simdjson",)

# The domain has no clock, no randomness, no I/O, no threads: not even those of the standard library.
NOT_IN_DOMAIN = {"random", "iostream", "fstream", "filesystem", "thread", "mutex", "shared_mutex", "future", "condition_variable",
                 "atomic", "ctime", "cstdio", "iomanip", "csignal"}


def layer_of(path):
    return path.split("/", 1)[0]


def rule_of(path):
    best = max((folder for folder in MAY_INCLUDE if path.startswith(folder + "/")), key=len, default=None)
    if best is None:
        return None
    parts = path.split("/")
    own, libraries = MAY_INCLUDE[best]
    return tuple(folder.format(context="/".join(parts[:2])) for folder in own), libraries


def library_of(name):
    return next((library for library, pattern in LIBRARIES if pattern.match(name)), "unknown")


def check_layers(sources):
    by_path = {source.path: source for source in sources if source.is_cpp}
    findings, homes = [], {}
    for source in by_path.values():
        rule = rule_of(source.path)
        if rule is None:
            continue
        for include in source.includes:
            if include.quoted:
                findings += check_own(by_path, source, include, rule[0])
            else:
                findings += check_library(source, include, rule[1], homes)
    for library in ONE_SOURCE_ONLY:
        for source, line in homes.get(library, [])[1:]:
            findings.append(Finding(source.path, line, f"{library} is included here too, but it costs seconds to compile: "
                                    f"keep it in {homes[library][0][0].path}"))
    return findings + check_asio_words(by_path.values()) + check_pimpls(by_path)


def check_own(by_path, source, include, allowed):
    layer = layer_of(source.path)
    if include.name not in by_path and "/" in source.path:
        return [Finding(source.path, include.line, f'"{include.name}" is no file of the tree: give the path from the root')]
    if any(include.name.startswith(folder + "/") for folder in allowed):
        return []
    return [Finding(source.path, include.line, f'must not include "{include.name}": {WHY[layer]}')]


def check_library(source, include, allowed, homes):
    layer, library = layer_of(source.path), library_of(include.name)
    in_tests = layer == "tests"
    if library in ONE_SOURCE_ONLY and not in_tests:
        homes.setdefault(library, []).append((source, include.line))
    if library == "unknown" and not in_tests:
        return [Finding(source.path, include.line, f"<{include.name}> is of no library that {__name__} knows: add it there")]
    if library not in allowed and "*" not in allowed:
        return [Finding(source.path, include.line, f"must not include <{include.name}> ({library}): {WHY[layer]}")]
    if layer == "domain" and include.name in NOT_IN_DOMAIN:
        return [Finding(source.path, include.line, f"must not include <{include.name}>: {WHY['domain']}")]
    home = LIBRARY_HOMES.get(library)
    if home and not in_tests and not home.match(source.path):
        return [Finding(source.path, include.line, f"<{include.name}> belongs behind a pimpl, in {home.pattern}")]
    return []


def check_asio_words(sources):
    findings = []
    for source in sources:
        if layer_of(source.path) == "tests" or source.path.startswith(("api/http/", "api/live/")):
            continue
        for number, line in enumerate(source.code.splitlines(), 1):
            if re.search(r"\bco_(await|return|yield)\b", line):
                findings.append(Finding(source.path, number, "coroutines live in api/http and api/live only: " + WHY["api"]))
    return findings


def check_pimpls(by_path):
    """A header of the SQLite family may be included inside its folder only, else every layer above compiles SQLite."""
    inner = {path for path, source in by_path.items()
             if source.is_header and any(library_of(i.name) == "sqlite3" for i in source.includes if not i.quoted)}
    findings = []
    for source in by_path.values():
        for include in source.includes:
            if include.name not in inner or layer_of(source.path) == "tests":
                continue
            if not source.path.startswith(include.name.rsplit("/", 1)[0] + "/"):
                findings.append(Finding(source.path, include.line, f'"{include.name}" includes sqlite3.h: it is for its own folder only'))
    return findings
