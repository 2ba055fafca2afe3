"""What every refusal looks like, and a customer's body that is right."""
from nova_server import unique_phone

PROBLEM_MEMBERS = {"type", "title", "status", "code", "error", "message", "details", "correlationId", "path", "timestamp"}


def assert_problem(answer, status, code=None):
    assert answer.status == status, answer.body.decode(errors="replace")
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert PROBLEM_MEMBERS <= answer.json.keys()
    assert answer.json["status"] == status
    assert answer.json["correlationId"] == answer.headers["x-correlation-id"]
    if code:
        assert answer.json["code"] == code
    return answer


def customer(**members):
    return {"name": "محمد العتيبي", "phone": unique_phone(), **members}
