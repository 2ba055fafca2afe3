"""Proof that a new aggregate builds and passes: adds one in a copy of the tree, builds it, runs what it brought."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

LEFT_OUT = shutil.ignore_patterns("build*", ".git", "data", "__pycache__", "node_modules")


def check_itself(root):
    # Beside the builds and not in /tmp, which may be small.
    (root / "build").mkdir(exist_ok=True)
    copy = Path(tempfile.mkdtemp(prefix="aggregate.", dir=root / "build")) / "nova"
    try:
        shutil.copytree(root, copy, ignore=LEFT_OUT)
        (copy / "build").mkdir()
        for shared in ("deps", "venv"):
            if (root / "build" / shared).exists():
                os.symlink(root / "build" / shared, copy / "build" / shared)
        steps = [
            ["scripts/new_aggregate", "sales", "deal"],
            ["scripts/build", "nova", "test_domain", "test_schemas"],
            ["build/nova", "schema", "--write"],
            ["scripts/check", "--no-compile"],
            ["build/release/test_domain", "--test-case=deal:*"],
            ["build/release/test_schemas"],
            ["build/venv/bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/e2e/test_deals.py"],
        ]
        return next((1 for step in steps if not passes(copy, step)), 0)
    finally:
        shutil.rmtree(copy.parent, ignore_errors=True)


def passes(copy, step):
    done = subprocess.run(step, cwd=copy, capture_output=True, text=True)
    print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {' '.join(step)}")
    if done.returncode != 0:
        print((done.stdout + done.stderr)[-6000:], file=sys.stderr)
    return done.returncode == 0
