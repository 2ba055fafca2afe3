"""Runs build/nova as a user would and speaks HTTP to it with nothing but the standard library."""
import http.client
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("NOVA", ROOT / "build" / "nova"))
PASSWORD = "Test1234!"
SECRET = "a secret for tests only, of more than 32 bytes"

_people = itertools.count(int(time.time()) % 1_000_000)


def unique_phone():
    """A Saudi mobile number that no other call of this run has given."""
    return f"+9665{next(_people) % 100_000_000:08d}"


@dataclass
class Answer:
    status: int
    headers: dict      # names in lower case
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def codes(self):
        """Codes of the broken rules by the path of the member."""
        return {detail["path"]: detail["code"] for detail in self.json.get("details") or ()}


class Client:
    """One person's view of the server; keeps its connection and reconnects when the server closed it."""

    def __init__(self, port, token=None, user=None):
        self.port, self.token, self.user = port, token, user
        self.connection = None

    def request(self, method, path, body=None, headers=None, timeout=30):
        sent = dict(headers or {})
        if self.token and "Authorization" not in sent:
            sent["Authorization"] = f"Bearer {self.token}"
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body, ensure_ascii=False)
        if isinstance(body, str):
            body = body.encode()
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        for attempt in (1, 2):
            reused = self.connection is not None
            try:
                if not reused:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
                self.connection.request(method, path, body, sent)
                answer = self.connection.getresponse()
                content = answer.read()
                if answer.will_close:
                    self.close()
                return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, content)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.close()
                # A kept connection may have been closed meanwhile; a fresh one that breaks is the test's business.
                if not reused or method not in ("GET", "HEAD"):
                    raise

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, body, **more):
        return self.request("POST", path, body, **more)

    def patch(self, path, body, **more):
        return self.request("PATCH", path, body, **more)

    def delete(self, path, **more):
        return self.request("DELETE", path, **more)

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def create_customer(self, **members):
        body = {"name": "محمد العتيبي", "phone": unique_phone(), **members}
        answer = self.post("/api/customers", body)
        assert answer.status == 201, answer.body.decode()
        return answer.json["customer"]

    def all_customers(self, query="sort=createdAt"):
        """Every customer by cursor, 200 at a time."""
        found, cursor = [], None
        while True:
            page = self.get(f"/api/customers?{query}&limit=200" + (f"&cursor={cursor}" if cursor else ""))
            assert page.status == 200, page.body.decode()
            found += page.json["customers"]
            cursor = page.json["nextCursor"]
            if not cursor:
                return found


class NovaServer:
    def __init__(self, folder: Path, **settings):
        self.folder, self.settings = Path(folder), settings
        self.process = None
        self.port = free_port()
        self.log_file = self.folder / "nova.log"

    @property
    def environment(self):
        return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "HOST": "127.0.0.1", "PORT": str(self.port),
                "DATABASE_PATH": str(self.folder / "data"), "JWT_SECRET": SECRET, "JWT_EXPIRES_IN": "1h", "OTP_DEV_CODE": "123456",
                "LOG_LEVEL": "warn", **self.settings}

    def start(self, wait_s=30):
        if not PROGRAM.exists():
            raise RuntimeError(f"{PROGRAM} does not exist: run scripts/build first.")
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen([PROGRAM, "serve", "--rate-limit", "off"], env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + wait_s
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"nova serve ended with {self.process.returncode}: {self.said()}")
            if self.is_ready():
                return self
            time.sleep(0.01)
        raise RuntimeError(f"nova serve was not ready after {wait_s} s: {self.said()}")

    def is_ready(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise RuntimeError("nova serve did not stop within 30 s of SIGTERM")
        code, self.process = (self.process.returncode if self.process else 0), None
        return code

    def kill9(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def restart(self):
        self.stop()
        return self.start()

    def forget(self, *names):
        """Removes derived files; only while the server is stopped."""
        for name in names:
            for path in (self.folder / "data").glob(f"{name}*"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def run(self, *arguments, timeout=120):
        return subprocess.run([PROGRAM, *arguments], env=self.environment, capture_output=True, text=True, timeout=timeout)

    def said(self):
        return self.log_file.read_text(errors="replace")[-2000:]

    def anyone(self):
        return Client(self.port)

    def register(self, email=None, phone=None):
        number = next(_people)
        body = {"email": email or f"person{number}@example.com", "phone": phone or unique_phone(), "password": PASSWORD,
                "name": "سارة القحطاني"}
        answer = self.anyone().post("/api/auth/register", body)
        assert answer.status == 201, answer.body.decode()
        return Client(self.port, answer.json["token"], {**body, **answer.json["user"]})

    def login(self, identifier, password=PASSWORD):
        answer = self.anyone().post("/api/auth/login", {"identifier": identifier, "password": password})
        assert answer.status == 200, answer.body.decode()
        return Client(self.port, answer.json["token"], answer.json["user"])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
