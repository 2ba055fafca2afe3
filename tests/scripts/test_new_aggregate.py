"""A new aggregate must build, pass its own tests and answer over HTTP, in every layer, as the script leaves it."""
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "new_aggregate"


def run(*arguments):
    return subprocess.run([SCRIPT, *arguments], capture_output=True, text=True)


@pytest.mark.parametrize("arguments", [(), ("sales",), ("cooking", "deal"), ("sales", "Deal"), ("sales", "big-deal")])
def test_bad_names_are_refused_in_a_sentence(arguments):
    done = run(*arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("new_aggregate: ") and "--help" in done.stderr


def test_an_aggregate_that_exists_is_left_alone():
    done = run("customers", "customer")
    assert done.returncode == 1 and "exists already" in done.stderr


@pytest.mark.long
def test_a_new_aggregate_builds_and_passes():
    done = run("--check")
    assert done.returncode == 0, done.stdout + done.stderr
