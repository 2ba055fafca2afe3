"""That each header compiles alone: whoever includes it needs to know nothing else."""
import hashlib
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

from .sources import Finding

COMPILER = "clang++-19"
FLAGS = ["-std=c++20", "-march=x86-64-v3", "-fsyntax-only", "-Wall", "-Wextra", "-Wno-missing-field-initializers",
         "-Wno-pragma-once-outside-header", "-DBOOST_ASIO_SEPARATE_COMPILATION", "-DBOOST_BEAST_SEPARATE_COMPILATION",
         "-DBOOST_ASIO_NO_DEPRECATED", "-x", "c++"]


def compile_alone(root, sources):
    headers = [source for source in sources if source.is_header]
    by_path = {source.path: source for source in sources if source.is_cpp}
    remembered = root / "build" / "check"
    remembered.mkdir(parents=True, exist_ok=True)
    flags = FLAGS + ["-I", str(root), "-isystem", str(root / "build/deps/libphonenumber/usr/include")]
    new = [(header, digest_of(header, by_path)) for header in headers]
    new = [(header, digest) for header, digest in new if not (remembered / digest).exists()]

    def compile_one(job):
        header, digest = job
        try:
            done = subprocess.run([COMPILER, *flags, str(root / header.path)], capture_output=True, text=True, timeout=300)
        except FileNotFoundError:
            return Finding(header.path, 1, f"{COMPILER} is missing: run scripts/setup first")
        if done.returncode == 0:
            (remembered / digest).touch()
            return None
        errors = [line for line in done.stderr.splitlines() if " error: " in line] or done.stderr.splitlines()[:1]
        return Finding(header.path, 1, "does not compile alone: " + (errors[0] if errors else "the compiler gave no reason"))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        findings = [finding for finding in pool.map(compile_one, new) if finding]
    return findings, f"{len(new)} of {len(headers)} headers compiled alone anew"


def digest_of(header, by_path):
    """Changes when the header, anything of the project that it includes, or a flag does."""
    seen, waiting = set(), [header.path]
    while waiting:
        path = waiting.pop()
        if path in seen or path not in by_path:
            continue
        seen.add(path)
        waiting += [include.name for include in by_path[path].includes if include.quoted]
    digest = hashlib.sha256(" ".join([COMPILER, *FLAGS, header.path]).encode())
    for path in sorted(seen):
        digest.update(path.encode() + b"\0" + by_path[path].text.encode() + b"\0")
    return digest.hexdigest()
