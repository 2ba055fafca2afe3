"""Proof that a new aggregate builds and passes: adds one in a copy of the tree, builds it, runs what it brought."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LEFT_OUT = {"build", ".git", "data"}          # of the root; builds of other names stand there too


def check_itself(root):
    # Beside the builds and not in /tmp, which may be small.
    (root / "build").mkdir(exist_ok=True)
    copy = Path(tempfile.mkdtemp(prefix="aggregate.", dir=root / "build")) / "nova"
    try:
        shutil.copytree(root, copy, ignore=lambda folder, found: left_out(found) if Path(folder) == root else ())
        (copy / "build").mkdir()
        for shared in ("deps", "venv"):
            if (root / "build" / shared).exists():
                os.symlink(root / "build" / shared, copy / "build" / shared)
        steps = [
            ["scripts/new_aggregate", "sales", "deal"],
            ["scripts/build", "nova", "test_domain", "test_schemas"],
            ["build/nova", "schema", "--write"],
            ["build/release/test_domain", "--test-case=deal:*"],
            ["build/release/test_schemas"],
            ["build/venv/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/e2e/test_deals.py"],
        ]
        return 0 if all(passes(copy, step) for step in steps) and keeps_to_the_rules(copy) else 1
    finally:
        shutil.rmtree(copy.parent, ignore_errors=True)


def left_out(found):
    return {name for name in found if name in LEFT_OUT or name.startswith("build-")}


def passes(copy, step):
    done = subprocess.run(step, cwd=copy, capture_output=True, text=True)
    print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {' '.join(step)}")
    if done.returncode != 0:
        print((done.stdout + done.stderr)[-6000:], file=sys.stderr)
    return done.returncode == 0


def keeps_to_the_rules(copy):
    """What scripts/check says of the new files; the rest of the tree is judged where it stands."""
    said = subprocess.run(["scripts/check", "--no-compile"], cwd=copy, capture_output=True, text=True).stdout
    findings = [line for line in said.splitlines() if "/deal" in line or "/test_deal" in line]
    print("\n".join(["FAILED scripts/check", *findings] if findings else ["ok     scripts/check"]))
    return not findings
