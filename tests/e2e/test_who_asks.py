"""Who is believed: tokens that are forged, cut, old or of another tenant reach nothing."""
import base64
import hashlib
import hmac
import json
import time
import uuid

import pytest

from expectations import assert_problem
from nova_server import SECRET, Client

def signed(header, claims, secret=SECRET):
    def encode(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")
    message = encode(header) + b"." + encode(claims)
    return (message + b"." + base64.urlsafe_b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).rstrip(b"=")).decode()


def claims_of(token):
    middle = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))


HS256 = {"alg": "HS256", "typ": "JWT"}


def bad_tokens(token):
    claims = claims_of(token)
    header, body, signature = token.split(".")
    none = signed({"alg": "none", "typ": "JWT"}, claims).rsplit(".", 1)[0]
    return {
        "forged": signed(HS256, claims, "another secret of more than thirty-two bytes"),
        "alg none": none + ".", "alg none signed": signed({"alg": "none"}, claims), "HS512 named": signed({"alg": "HS512"}, claims),
        "truncated": token[:-6], "half": token[: len(token) // 2], "two parts": f"{header}.{body}", "empty": "", "garbage": "a.b.c",
        "changed claims": ".".join((header, signed(HS256, {**claims, "role": "ADMIN"}).split(".")[1], signature)),
        "null bytes": "\\x00", "long": "a" * 8000,
    }


@pytest.mark.parametrize("kind", list(bad_tokens(signed(HS256, {}))))
def test_bad_token(broker, server, kind):
    token = bad_tokens(broker.token)[kind]
    answer = Client(server.port).get("/api/customers", headers={"Authorization": f"Bearer {token}"})
    assert_problem(answer, 401)
    assert answer.json["code"] in ("invalid_token", "missing_token")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_expired_token(broker, server):
    claims = claims_of(broker.token)
    old = signed(HS256, {**claims, "iat": claims["iat"] - 90000, "exp": int(time.time()) - 60})
    assert_problem(Client(server.port, old).get("/api/customers"), 401, "token_expired")


def test_valid_signature_of_an_unknown_session(broker, server):
    claims = {**claims_of(broker.token), "sid": str(uuid.uuid4())}
    assert_problem(Client(server.port, signed(HS256, claims)).get("/api/customers"), 401)


def test_claims_of_another_tenant_reach_nothing(broker, stranger, server):
    theirs = stranger.create_customer()
    claims = {**claims_of(broker.token), "tid": claims_of(stranger.token)["tid"]}
    answer = Client(server.port, signed(HS256, claims)).get(f"/api/customers/{theirs['id']}")
    assert answer.status in (401, 403, 404)


def test_no_token(server):
    assert_problem(server.anyone().get("/api/customers"), 401, "missing_token")


def test_another_tenants_item_is_not_there(broker, stranger):
    theirs = stranger.create_customer()["id"]
    assert_problem(broker.get(f"/api/customers/{theirs}"), 404)
    assert_problem(broker.patch(f"/api/customers/{theirs}", {"notes": "mine"}), 404)
    assert_problem(broker.delete(f"/api/customers/{theirs}"), 404)
    assert theirs not in [c["id"] for c in broker.all_customers()]
    assert stranger.get(f"/api/customers/{theirs}").json["customer"]["notes"] is None
