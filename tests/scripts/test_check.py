"""scripts/check must find what it promises to find, and leave sound code alone."""
import subprocess
from pathlib import Path

import pytest

CHECK = Path(__file__).resolve().parents[2] / "scripts" / "check"
HEADER = "// A thing that is needed here.\n#pragma once\n"


def check(tree, *options):
    done = subprocess.run([CHECK, "--root", tree, *(options or ("--no-compile",))], capture_output=True, text=True)
    return done.returncode, done.stdout


def write(tree, path, text):
    (tree / path).parent.mkdir(parents=True, exist_ok=True)
    (tree / path).write_text(text)


SOUND = {
    "domain/kernel/text.h": HEADER + "#include <string>\n",
    "domain/customers/customer.h": HEADER + '#include <boost/describe.hpp>\n#include "domain/kernel/text.h"\n',
    "schemas/json.cpp": '#include <simdjson.h>\n#include "domain/customers/customer.h"\n',
    "eventstore/sqlite/file.h": HEADER + "#include <sqlite3.h>\n",
    "eventstore/sqlite/log.cpp": '#include "eventstore/sqlite/file.h"\n',
    "api/http/server.cpp": "#include <boost/asio.hpp>\nawaitable<void> run(int x) { co_await wait(x); }\n"
                           "auto go = [](int x) -> awaitable<void> { co_await wait(x); };\n"
                           "auto spawn = [x] { start([](int y) -> awaitable<void> { co_await wait(y); }, x); };\n",
}


def test_sound_tree_passes(tmp_path):
    for path, text in SOUND.items():
        write(tmp_path, path, text)
    code, said = check(tmp_path)
    assert code == 0, said


@pytest.mark.parametrize("path, text, expected", [
    ("domain/customers/a.cpp", "#include <sqlite3.h>\n", "a.cpp:1: must not include <sqlite3.h>"),
    ("domain/customers/a.cpp", "#include <random>\n", "must not include <random>"),
    ("domain/customers/a.cpp", "auto n = std::chrono::system_clock::now();\n", "no clock"),
    ("domain/sales/deal.cpp", '#include "domain/customers/customer.h"\n', 'must not include "domain/customers/customer.h"'),
    ("domain/kernel/a.h", HEADER + "#include <unicode/unistr.h>\n", "belongs behind a pimpl"),
    ("schemas/a.cpp", '#include "eventstore/sqlite/file.h"\n', "must not include"),
    ("schemas/other.cpp", "#include <simdjson.h>\n", "costs seconds to compile"),
    ("eventstore/a.cpp", '#include "schemas/json.cpp"\n', "events as bytes"),
    ("eventstore/a.cpp", "#include <sqlite3.h>\n", "belongs behind a pimpl"),
    ("projections/a.cpp", '#include "commands/bus.h"\n', "must not include"),
    ("projections/a.cpp", 'auto sql = "CREATE TABLE t (a) without  rowid";\n', "WITHOUT ROWID"),
    ("commands/a.cpp", '#include "eventstore/sqlite/file.h"\n', "own folder only"),
    ("api/customers/a.cpp", "#include <boost/beast.hpp>\n", "Asio and Beast live in"),
    ("api/customers/a.cpp", "task f() { co_await g(); }\n", "coroutines live in api/http"),
    ("api/http/a.cpp", "auto f = [this, x](int y) mutable -> task { if (y) { co_await g(x); } };\n", "capturing lambda is a coroutine"),
    ("api/a.cpp", '#include "tests/given.h"\n', "must not include"),
    ("api/a.h", "#pragma once\n", "opens with a comment"),
    ("api/a.h", "// A thing that is needed here.\n", "#pragma once is missing"),
    ("api/a.cpp", "x\n" * 401, "401 lines"),
    ("api/a.cpp", "x" * 140 + "\n", "140 columns"),
    ("api/string_utils.h", HEADER, "named after what it is"),
    ("api/a.h", HEADER + "class SessionManager {};\n", "SessionManager"),
    ("api/a.cpp", "// TO" + "DO: later\n", "unfinished work"),
])
def test_a_breach_is_found(tmp_path, path, text, expected):
    for sound_path, sound_text in SOUND.items():
        write(tmp_path, sound_path, sound_text)
    write(tmp_path, path, text)
    if '"commands/bus.h"' in text:
        write(tmp_path, "commands/bus.h", HEADER)
    if '"tests/given.h"' in text:
        write(tmp_path, "tests/given.h", HEADER)
    code, said = check(tmp_path)
    assert code == 1
    assert expected in said


def test_long_file_with_a_reason_passes(tmp_path):
    write(tmp_path, "api/a.cpp", "// Long because: one table.\n" + "x\n" * 450)
    assert check(tmp_path)[0] == 0


def test_words_of_the_field_pass(tmp_path):
    write(tmp_path, "domain/identity/team.h", HEADER + "struct ManagerChanged {};\n// WITHOUT ROWID is only spoken of here.\n")
    assert check(tmp_path)[0] == 0


def test_header_that_needs_its_neighbour_is_found(tmp_path):
    write(tmp_path, "domain/kernel/alone.h", HEADER + "#include <string>\ninline std::string f() { return {}; }\n")
    write(tmp_path, "domain/kernel/needy.h", HEADER + "inline std::string g() { return {}; }\n")
    code, said = check(tmp_path, "--root", tmp_path)
    assert code == 1
    assert "needy.h:1: does not compile alone" in said and "alone.h:1" not in said
    # The sound header is remembered, the other one is looked at again.
    assert "1 of 2 headers compiled alone anew" in check(tmp_path, "--root", tmp_path)[1]
