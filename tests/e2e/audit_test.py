"""What operators did, money that they moved, and proofs that the log was not changed: each proof is verified here by
lines of our own, with Python's hashlib and the signature by Debian's cryptography, where it is there."""

import base64
import hashlib
import json
import os
import shutil
import struct
import unittest

from kontor import Directory, Kontor, require
from served import Served, order_body, stock_up

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(leaf):
    return sha(b"\0", leaf)


def node_hash(left, right):
    return sha(b"\1", left, right)


def open_checkpoint(text, key):
    """Size and root of a signed head; who has not signed it is refused."""
    body, _, signatures = text.partition("\n\n")
    body += "\n"
    name, key_hash, key_text = key.split("+", 2)
    typed = base64.b64decode(key_text, validate=True)
    require(len(typed) == 33 and typed[0] == 1, "the key is one of Ed25519")
    require(sha(name.encode(), b"\n", typed)[:4].hex() == key_hash, "the key says which it is")
    origin, size, root, position, rest = body.split("\n")
    require(rest == "" and origin == name, "the head is of the log that the key is for")
    require(position.startswith("position "), "it says how far it goes: %s" % position)
    lines = [line for line in signatures.splitlines() if line.startswith("— %s " % name)]
    require(len(lines) == 1, "one signature of this name: %s" % signatures)
    signature = base64.b64decode(lines[0].rsplit(" ", 1)[1], validate=True)
    require(signature[:4].hex() == key_hash and len(signature) == 68, "the signature is of this key")
    if Ed25519PublicKey is not None:
        try:
            Ed25519PublicKey.from_public_bytes(typed[1:]).verify(signature[4:], body.encode())
        except InvalidSignature:
            raise AssertionError("the signature is not of this head") from None
    return int(size), base64.b64decode(root, validate=True)


def verify_inclusion(proof, leaf, index, size, root):
    """RFC 9162 section 2.1.3.2."""
    require(index < size, "the leaf is in the tree")
    at, last, found = index, size - 1, leaf_hash(leaf)
    for other in proof:
        require(last != 0, "the proof is not too long")
        if at % 2 == 1 or at == last:
            found = node_hash(other, found)
            while at % 2 == 0 and at != 0:
                at, last = at // 2, last // 2
        else:
            found = node_hash(found, other)
        at, last = at // 2, last // 2
    require(last == 0 and found == root, "the proof leads to the root")


def verify_consistency(proof, first, first_root, second, second_root):
    """RFC 9162 section 2.1.4.2."""
    if first == second:
        require(not proof and first_root == second_root, "the same tree has the same root")
        return
    if first & (first - 1) == 0:
        proof = [first_root] + proof
    at, last = first - 1, second - 1
    while at % 2 == 1:
        at, last = at // 2, last // 2
    require(proof, "the proof is not empty")
    old = new = proof[0]
    for other in proof[1:]:
        require(last != 0, "the proof is not too long")
        if at % 2 == 1 or at == last:
            old, new = node_hash(other, old), node_hash(other, new)
            while at % 2 == 0 and at != 0:
                at, last = at // 2, last // 2
        else:
            new = node_hash(new, other)
        at, last = at // 2, last // 2
    require(last == 0 and old == first_root and new == second_root, "the proof leads to both roots")


def facts_in(leaf):
    """What a leaf says: first position, command, and stream, version and payload of each fact."""
    mark = b"kontor leaf v1\n"
    require(leaf.startswith(mark), "a leaf begins with its mark")
    first, = struct.unpack_from("<Q", leaf, len(mark))
    at = len(mark) + 8
    command = leaf[at:at + 16]
    at += 48 + 16 + 1
    at += 1 + leaf[at]
    facts = []
    while at < len(leaf):
        length = leaf[at + 1]
        key = leaf[at + 2:at + 2 + length]
        version, kind, size = struct.unpack_from("<QHI", leaf, at + 2 + length)
        at += 2 + length + 14
        facts.append((key, version, kind, leaf[at:at + size]))
        at += size
    require(at == len(leaf), "a leaf ends with its last fact")
    return first, command, facts


def crockford(data):
    """An id as people read it."""
    number = int.from_bytes(data, "big")
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "".join(letters[(number >> shift) & 31] for shift in range(125, -1, -5))


def in_tree(console, position):
    return console.until("/v1/ops/audit/checkpoint", lambda head: head["position"] >= position, "the tree has come so far")


def check_every_fact_is_proved_to_be_in_the_signed_log(change=None):
    with Directory() as here, Served(here / "shop", change=change) as server:
        console = server.console()
        stock_up(console)
        buyer = server.shop(server.token)
        reply = buyer.ask("POST", "/v1/orders", order_body(buyer), key="k1")
        require(reply.status == 201, "an order is placed: %s" % reply)
        buyer.until(reply.headers["location"], lambda order: order["state"] == "confirmed", "confirmed")
        facts = console.get("/v1/events?limit=200")["data"]
        head = in_tree(console, facts[-1]["position"])
        for fact in facts:
            answer = console.get("/v1/ops/audit/proof?position=%d" % fact["position"])
            size, root = open_checkpoint(answer["checkpoint"], head["key"])
            leaf = base64.b64decode(answer["leaf"], validate=True)
            verify_inclusion([base64.b64decode(each) for each in answer["proof"]], leaf, answer["leaf_index"], size, root)
            first, command, told = facts_in(leaf)
            require(crockford(command) == fact["command_id"].split("_")[-1], "the leaf is of the fact's command: %s" % fact)
            mine = told[fact["position"] - first]
            require(mine[1] == fact["version"], "and has it at its version: %s" % fact)


def check_the_log_of_today_begins_as_it_was(change=None):
    with Directory() as here, Served(here / "shop", change=change) as server:
        console = server.console()
        stock_up(console)
        last = console.get("/v1/events?limit=200")["data"][-1]["position"]
        earlier = in_tree(console, last)
        for number in range(5):
            stock_up(console, sku="TEA-%d" % number)
        last = console.get("/v1/events?limit=200")["data"][-1]["position"]
        in_tree(console, last)
        answer = console.get("/v1/ops/audit/proof?from=%d" % earlier["size"])
        size, root = open_checkpoint(answer["checkpoint"], earlier["key"])
        require(size > earlier["size"], "the log has grown")
        first = open_checkpoint(earlier["checkpoint"], earlier["key"])
        verify_consistency([base64.b64decode(each) for each in answer["proof"]], *first, size, root)


def check_a_proof_is_verified_without_a_shop(damage=None):
    with Directory() as here:
        with Served(here / "shop") as server:
            console = server.console()
            stock_up(console)
            last = console.get("/v1/events?limit=200")["data"][-1]["position"]
            key = in_tree(console, last)["key"]
            proofs = {}
            for name, flags in ("fact", ["--position", last]), ("head", ["--from", 1]):
                answer = Kontor().run("audit", "prove", *flags, "--data", here / "shop")
                require(answer.code == 0, "a proof is written: %s" % answer)
                proofs[name] = answer.json()
            require(server.end().code == 0, "it closes in order")
        for name, proof in proofs.items():
            if damage:
                damage(proof)
            with open(here / name, "w", encoding="ascii") as file:
                json.dump(proof, file)
            answer = Kontor().run("audit", "verify", "--file", here / name, "--key", key, "--json")
            require(answer.code == 0 and answer.json()["state"] == "as_it_was", "the proof holds: %s" % answer)
        other = "kontor/else" + key[key.index("+"):]
        require(Kontor().run("audit", "verify", "--file", here / "fact", "--key", other).code == 7, "another's key does not fit")


def check_the_whole_log_is_compared(damage=None):
    with Directory() as here:
        with Served(here / "shop") as server:
            console = server.console()
            stock_up(console)
            last = console.get("/v1/events?limit=200")["data"][-1]["position"]
            in_tree(console, last)
            answer = Kontor().run("audit", "verify", "--data", here / "shop", "--json")
            require(answer.code == 0 and answer.json()["position"] >= last, "the running shop compares it: %s" % answer)
            require(server.end().code == 0, "it closes in order")
        if damage:
            damage(os.path.join(here / "shop", "audit"))
        answer = Kontor().run("audit", "verify", "--data", here / "shop", "--json")
        require(answer.code == 0 and answer.json()["state"] == "as_it_was", "and so does the command line alone: %s" % answer)


def check_what_operators_do_is_told(change=None):
    with Directory() as here, Served(here / "shop", change=change) as server:
        console = server.console()
        reply = console.ask("PUT", "/v1/ops/limits/address", {"count_max": 77, "window_ms": 1000, "reason": "a crawler"})
        require(reply.status == 200, "a limit is set: %s" % reply)
        reply = console.ask("POST", "/v1/ops/tokens", {"name": "till", "roles": ["service"], "reason": "the till"})
        require(reply.status == 201, "a key is made: %s" % reply)
        secret = reply.json()["secret"]
        password = "a very long password"
        reply = console.ask("PUT", "/v1/ops/users/ada", {"password": password, "roles": ["support"], "reason": "new"})
        require(reply.status == 200, "a user is added: %s" % reply)
        page = console.get("/v1/ops/audit")
        require([entry["verb"] for entry in page["data"]] == ["set_limit", "create_token", "put_user"], "each is told: %s" % page)
        limit = page["data"][0]
        require(limit["before"]["count_max"] == 50 and limit["after"]["count_max"] == 77, "before and after: %s" % limit)
        require(limit["actor"] == "dev" and limit["reason"] == "a crawler", "who and why: %s" % limit)
        require([entry["number"] for entry in page["data"]] == [1, 2, 3], "none is missing")
        listed = Kontor().run("audit", "list", "--verb", "put_user", "--data", here / "shop", "--json").json_lines()
        require(len(listed) == 1 and listed[0]["object"] == "/v1/ops/users/ada", "the command line tells it: %s" % listed)
        require(server.end().code == 0, "it closes in order")
        for root, _, names in os.walk(here / "shop"):
            for name in names:
                with open(os.path.join(root, name), "rb") as file:
                    text = file.read()
                for word in secret, password:
                    require(name == "dev.token" or word.encode() not in text, "a secret stands in %s" % name)


def check_money_is_moved_by_hand_once(change=None):
    with Directory() as here, Served(here / "shop", change=change) as server:
        console = server.console()
        stock_up(console)
        buyer = server.shop(server.token)
        reply = buyer.ask("POST", "/v1/orders", order_body(buyer), key="k1")
        path = reply.headers["location"]
        order = buyer.until(path, lambda each: each["state"] == "confirmed" and each["shipments"], "confirmed and packed")
        payment = order["payments"][0]["id"]
        answer = Kontor().run("payment", "capture", payment, "--reason", "the buyer collects it", "--data", here / "shop", "--json")
        require(answer.code == 0 and answer.json()["id"] == payment, "it is captured by hand: %s" % answer)
        buyer.until(path, lambda each: each["payments"][0]["captured"] == order["total"], "captured")
        again = Kontor().run("payment", "capture", payment, "--reason", "once more", "--data", here / "shop")
        require(again.code == 4, "there is nothing more to capture: %s" % again)
        parcel = "/v1/shipments/" + order["shipments"][0]["id"]
        for verb, body in ("dispatch", {"carrier": "post", "tracking": "T1"}), ("deliver", {}):
            reply = buyer.ask("POST", "%s/%s" % (parcel, verb), body, key=verb)
            require(reply.status == 200, "the parcel goes its way: %s" % reply)
        buyer.until(path, lambda each: each["state"] == "completed", "completed")
        facts = console.get("/v1/events?limit=200&type=payment.captured")["data"]
        require(len(facts) == 1, "captured once: %d" % len(facts))
        entries = console.get("/v1/ops/audit?verb=capture_payment")["data"]
        require([entry["reason"] for entry in entries] == ["the buyer collects it"], "the record has it: %s" % entries)
        reply = buyer.ask("POST", "/v1/orders", order_body(buyer), key="k2")
        order = buyer.until(reply.headers["location"], lambda each: each["state"] == "confirmed", "confirmed")
        payment = order["payments"][0]["id"]
        none = Kontor().run("payment", "retry", payment, "--reason", "the provider is back", "--data", here / "shop")
        require(none.code == 4, "nothing waits to be tried again: %s" % none)
        answer = Kontor().run("payment", "void", payment, "--reason", "a stolen card", "--data", here / "shop", "--json")
        require(answer.code == 0, "it is let go: %s" % answer)
        buyer.until(reply.headers["location"], lambda each: each["payments"][0]["state"] == "voided", "voided")


def flip(text):
    """Base64 with one bit of its first byte changed."""
    data = bytearray(base64.b64decode(text))
    data[0] ^= 1
    return base64.b64encode(data).decode()


class Audit(unittest.TestCase):
    def test_every_fact_is_proved_to_be_in_the_signed_log(self):
        check_every_fact_is_proved_to_be_in_the_signed_log()

    def test_that_check_notices_one_flipped_bit(self):
        for member in "leaf", "checkpoint":
            def lie(_, path, reply):
                if path.startswith("/v1/ops/audit/proof"):
                    answer = json.loads(reply.body)
                    if member == "leaf":
                        answer["leaf"] = flip(answer["leaf"])
                    else:
                        lines = answer["checkpoint"].split("\n")
                        lines[2] = flip(lines[2])
                        answer["checkpoint"] = "\n".join(lines)
                    reply.body = json.dumps(answer).encode()
            with self.subTest(member), self.assertRaises(AssertionError):
                check_every_fact_is_proved_to_be_in_the_signed_log(change=lie)

    def test_the_log_of_today_begins_as_it_was(self):
        check_the_log_of_today_begins_as_it_was()

    def test_that_check_notices_another_beginning(self):
        def lie(_, path, reply):
            if path.startswith("/v1/ops/audit/proof"):
                answer = json.loads(reply.body)
                answer["proof"][0] = flip(answer["proof"][0])
                reply.body = json.dumps(answer).encode()
        with self.assertRaises(AssertionError):
            check_the_log_of_today_begins_as_it_was(change=lie)

    def test_a_proof_is_verified_without_a_shop(self):
        check_a_proof_is_verified_without_a_shop()

    def test_that_check_notices_one_flipped_bit_of_a_file(self):
        def damage(proof):
            proof["proof"][0] = flip(proof["proof"][0])
        with self.assertRaises(AssertionError):
            check_a_proof_is_verified_without_a_shop(damage)

    def test_the_whole_log_is_compared(self):
        check_the_whole_log_is_compared()

    def test_that_check_notices_one_flipped_bit_of_the_tree(self):
        def damage(directory):
            with open(os.path.join(directory, "nodes"), "r+b") as file:
                file.seek(40)
                byte = file.read(1)
                file.seek(40)
                file.write(bytes([byte[0] ^ 1]))
        with self.assertRaises(AssertionError):
            check_the_whole_log_is_compared(damage)

    def test_that_check_notices_a_tree_or_a_key_that_is_gone(self):
        def without_key(directory):
            os.remove(os.path.join(os.path.dirname(directory), "keys", "audit.key"))
        for damage in shutil.rmtree, without_key:
            with self.subTest(damage.__name__), self.assertRaises(AssertionError):
                check_the_whole_log_is_compared(damage)

    def test_what_operators_do_is_told(self):
        check_what_operators_do_is_told()

    def test_that_check_notices_an_entry_that_is_missing(self):
        def lie(_, path, reply):
            if path.startswith("/v1/ops/audit"):
                answer = json.loads(reply.body)
                answer["data"] = answer["data"][1:]
                reply.body = json.dumps(answer).encode()
        with self.assertRaises(AssertionError):
            check_what_operators_do_is_told(change=lie)

    def test_money_is_moved_by_hand_once(self):
        check_money_is_moved_by_hand_once()

    def test_that_check_notices_a_second_capture(self):
        def lie(_, path, reply):
            if path.startswith("/v1/events"):
                answer = json.loads(reply.body)
                reply.body = json.dumps(dict(answer, data=answer["data"] * 2)).encode()
        with self.assertRaises(AssertionError):
            check_money_is_moved_by_hand_once(change=lie)
