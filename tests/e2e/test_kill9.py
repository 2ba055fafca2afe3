"""Killed at any moment, under load: what was answered is kept, once; what was not answered can be repeated, once.

Each writer thread owns its customers and knows what it asked for and what it was told. After the last kill everything
that is still open is repeated with its first key; then the server's account must be the writers' account, the chain must
verify, and read models built anew from the log must answer the same.
"""
import http.client
import os
import random
import threading
import time
import uuid
from dataclasses import dataclass, field

import pytest

from nova_server import Client, NovaServer, unique_phone

CYCLES = int(os.environ.get("NOVA_KILLS", "200"))
WRITERS = 4
LOAD_S_MAX = 0.4


@dataclass
class Command:
    """One thing asked for, with the key under which it may be asked again."""
    customer: "Customer"
    body: dict
    is_create: bool
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    answered: bool = False


@dataclass
class Customer:
    marker: str                                   # in its notes, so that it can be told apart in lists
    id: str = None
    changes: int = 0                              # PATCHes that were answered
    last_notes: str = ""
    open: Command = None                          # asked, not answered


@dataclass
class Writer:
    token: str
    number: int
    customers: list = field(default_factory=list)
    acknowledged: int = 0
    wrong: list = field(default_factory=list)

    def next_command(self, chance):
        unfinished = next((c for c in self.customers if c.open), None)
        if unfinished:
            return unfinished.open                # what is open is repeated first, with the same key
        if self.customers and chance.random() < 0.5:
            customer = chance.choice(self.customers)
            body = {"notes": f"{customer.marker} changed {customer.changes + 1}"}
            customer.open = Command(customer, body, is_create=False)
        else:
            customer = Customer(f"writer {self.number} customer {len(self.customers)}")
            self.customers.append(customer)
            body = {"name": "محمد العتيبي", "phone": unique_phone(), "notes": customer.marker}
            customer.open = Command(customer, body, is_create=True)
        return customer.open

    def send(self, client, command):
        headers = {"Idempotency-Key": command.key}
        if command.is_create:
            return client.post("/api/customers", command.body, headers=headers, timeout=10)
        return client.patch(f"/api/customers/{command.customer.id}", command.body, headers=headers, timeout=10)

    def settle(self, command, answer):
        if answer.status in (503, 504):
            return                                # not done, or not known: stays open
        if answer.status != (201 if command.is_create else 200):
            self.wrong.append(f"{command} → {answer.status} {answer.body.decode(errors='replace')}")
        elif command.is_create:
            command.customer.id = answer.json["customer"]["id"]
        else:
            command.customer.changes += 1
        command.customer.last_notes = command.body["notes"]
        command.customer.open = None
        self.acknowledged += 1

    def work(self, port, stopped, chance):
        client = Client(port, self.token)
        while not stopped.is_set() and not self.wrong:
            command = self.next_command(chance)
            try:
                self.settle(command, self.send(client, command))
            except (OSError, http.client.HTTPException):
                client.close()
                if stopped.wait(0.002):
                    break
        client.close()

    def finish(self, port):
        """Repeats what is still open until it is answered."""
        client = Client(port, self.token)
        for customer in self.customers:
            while customer.open and not self.wrong:
                self.settle(customer.open, self.send(client, customer.open))
        client.close()


def one_cycle(server, writers, chance):
    """Load on all threads, a kill at some moment of it, and a start."""
    stopped = threading.Event()
    threads = [threading.Thread(target=w.work, args=(server.port, stopped, random.Random(chance.random()))) for w in writers]
    for thread in threads:
        thread.start()
    time.sleep(chance.random() * LOAD_S_MAX)
    server.kill9()
    stopped.set()
    for thread in threads:
        thread.join()
    server.start()


def assert_once(server, writers):
    for writer in writers:
        assert not writer.wrong, writer.wrong[0]
        found = Client(server.port, writer.token).all_customers()
        by_id = {customer["id"]: customer for customer in found}
        assert len(by_id) == len(found), "a customer is listed twice"
        markers = [customer["notes"].split(" changed ")[0] for customer in found]
        assert len(set(markers)) == len(markers), "a create was done twice"
        assert by_id.keys() == {c.id for c in writer.customers}, "a customer was lost, or came of nothing"
        for expected in writer.customers:
            shown = by_id[expected.id]
            assert shown["notes"] == expected.last_notes
            assert shown["version"] == 1 + expected.changes, f"{expected} was done more or less than once: {shown}"


def snapshot(server, writers):
    answers = []
    for writer in writers:
        client = Client(server.port, writer.token)
        answers.append([client.all_customers(f"sort={sort}") for sort in ("createdAt", "-name", "-updatedAt")])
        answers.append(client.get("/api/customers?search=changed&limit=200").json["total"])
        client.close()
    return answers


def assert_rebuilt_the_same(server, writers):
    before = snapshot(server, writers)
    for derived in ("views.db", "index.db"):
        server.stop()
        server.forget(derived)
        server.start(wait_s=60)
        assert snapshot(server, writers) == before, f"without {derived} the answers are others"


@pytest.mark.long
def test_kill9_under_load(tmp_path):
    server = NovaServer(tmp_path)
    server.start()
    chance = random.Random(9)
    writers = [Writer(server.register().token, number) for number in range(WRITERS)]
    for _ in range(CYCLES):
        one_cycle(server, writers, chance)
        assert not any(w.wrong for w in writers), next(w.wrong[0] for w in writers if w.wrong)
    assert sum(w.acknowledged for w in writers) > CYCLES, "there was hardly any load"
    for writer in writers:
        writer.finish(server.port)

    assert_once(server, writers)
    an_answered_key_holds_over_a_kill(server, writers)
    assert_rebuilt_the_same(server, writers)
    assert_once(server, writers)
    server.stop()
    verified = server.run("audit", "verify", "--log", str(server.folder / "data"))
    assert verified.returncode == 0, verified.stdout + verified.stderr
    print(f"\n{CYCLES} kills, {sum(w.acknowledged for w in writers)} acknowledged commands, each there once")


def an_answered_key_holds_over_a_kill(server, writers):
    for writer in writers:
        client = Client(server.port, writer.token)
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        body = {"name": "سارة القحطاني", "phone": unique_phone(), "notes": f"answered before the kill, {writer.number}"}
        made = client.post("/api/customers", body, headers=headers)
        server.kill9()
        server.start()
        again = Client(server.port, writer.token).post("/api/customers", body, headers=headers)
        assert (made.status, again.status) == (201, 201)
        assert again.json["customer"]["id"] == made.json["customer"]["id"]
        assert again.headers.get("idempotency-replayed") == "true"
        writer.customers.append(Customer(body["notes"], made.json["customer"]["id"], last_notes=body["notes"]))
