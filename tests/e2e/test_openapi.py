"""The server against its own description: schemathesis sends what the description allows, and things just beside it."""
import subprocess

import pytest

from nova_server import ROOT

# No server error, no status and no answer that the description does not know, no body or method taken that it forbids.
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def test_description_is_served(server):
    answer = server.anyone().get("/api/openapi.json")
    assert answer.status == 200
    description = answer.json
    assert description["openapi"].startswith("3.1") and description["info"]["title"] == "Nova CRM API"
    assert {"/api/customers", "/api/customers/{id}", "/api/auth/register"} <= description["paths"].keys()


def test_every_operation_says_how_it_refuses(server):
    for path, operations in server.anyone().get("/api/openapi.json").json["paths"].items():
        for method, operation in operations.items():
            if method in ("get", "post", "patch", "put", "delete"):
                assert operation["responses"], f"{method} {path}"
                assert operation.get("summary"), f"{method} {path}"


@pytest.mark.long
def test_server_keeps_to_its_description(server, broker, tmp_path):
    broker.create_customer()
    # Signing out would end the session that all the other requests use.
    done = subprocess.run(
        [ROOT / "build/venv/bin/schemathesis", "run", f"http://127.0.0.1:{server.port}/api/openapi.json",
         "--header", f"Authorization: Bearer {broker.token}", "--checks", CHECKS, "--phases", "examples,coverage,fuzzing",
         "--max-examples", "25", "--workers", "1", "--seed", "1", "--request-timeout", "10",
         "--exclude-path-regex", "/auth/(logout|sessions)", "--generation-database", "none", "--no-color",
         "--suppress-health-check", "all"],
        cwd=tmp_path, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert broker.get("/health").json["status"] == "ok"
