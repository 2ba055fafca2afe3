"""The same command again, and a command on what has moved on: keys, versions, repeats."""
import uuid

from expectations import assert_problem, customer

def test_same_key_same_body_is_done_once(broker):
    body, headers = customer(notes=f"once {uuid.uuid4()}"), {"Idempotency-Key": str(uuid.uuid4())}
    first = broker.post("/api/customers", body, headers=headers)
    again = broker.post("/api/customers", body, headers=headers)
    assert (first.status, again.status) == (201, 201)
    assert again.json["customer"]["id"] == first.json["customer"]["id"]
    assert again.headers.get("idempotency-replayed") == "true"
    assert (again.headers["location"], again.headers["nova-position"]) == (first.headers["location"], first.headers["nova-position"])


def test_same_key_other_body(broker):
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    assert broker.post("/api/customers", customer(), headers=headers).status == 201
    assert_problem(broker.post("/api/customers", customer(), headers=headers), 422)


def test_same_key_of_another_person_is_another_key(broker, stranger):
    body, headers = customer(), {"Idempotency-Key": str(uuid.uuid4())}
    first, second = broker.post("/api/customers", body, headers=headers), stranger.post("/api/customers", body, headers=headers)
    assert first.status == second.status == 201
    assert first.json["customer"]["id"] != second.json["customer"]["id"]


def test_old_if_match(broker):
    created = broker.create_customer()
    path = f"/api/customers/{created['id']}"
    tag = broker.get(path).headers["etag"]
    assert broker.patch(path, {"notes": "second"}, headers={"If-Match": tag}).status == 200
    assert_problem(broker.patch(path, {"notes": "third"}, headers={"If-Match": tag}), 412)
    assert_problem(broker.patch(path, {"notes": "third"}, headers={"If-Match": '"1"'}), 412)
    assert broker.patch(path, {"notes": "third"}, headers={"If-Match": '"2"'}).json["customer"]["notes"] == "third"


def test_not_modified(broker):
    path = f"/api/customers/{broker.create_customer()['id']}"
    tag = broker.get(path).headers["etag"]
    answer = broker.get(path, headers={"If-None-Match": tag})
    assert (answer.status, answer.body) == (304, b"")


def test_change_of_nothing_makes_no_event(broker):
    created = broker.create_customer(notes="as it is")
    answer = broker.patch(f"/api/customers/{created['id']}", {"notes": "as it is"})
    assert answer.status == 200 and answer.json["customer"]["version"] == created["version"]


def test_same_phone_twice_is_accepted_with_a_warning(broker):
    first = broker.create_customer()
    answer = broker.post("/api/customers", customer(phone=first["phone"]))
    assert answer.status == 201
    assert {"code": "duplicate_phone", "customerId": first["id"], "name": first["name"]} in answer.json["warnings"]


def test_deleting_twice(broker):
    path = f"/api/customers/{broker.create_customer()['id']}"
    assert broker.delete(path).status == 204
    assert_problem(broker.delete(path), 404)
    assert_problem(broker.get(path), 404)
