"""A person is forgotten: words that are unmistakable stand in no file in the clear, in answers to those alone who may see
them, and after the erasure nowhere at all."""

import json
import os
import shutil
import signal
import unittest

from kontor import Directory, Kontor, require
from served import Served, order_body, stock_up

CANARIES = {
    "mail": "canary-quill@example.org", "name": "Canary Quillfeather", "phone": "+44 7700 900461",
    "street": "461 Canary Wharf Row", "city": "Canaryborough", "postcode": "CN4 6RY", "tracking": "CANARYTRACK461",
}
EMPTY_FILES = ("spare-", "reserve-")


def words_in(text):
    return sorted(name for name, word in CANARIES.items() if word in text)


def words_in_files(directory):
    """Which canaries stand in which file; they are ASCII, in whatever file of ours."""
    found = {}
    for folder, _, names in os.walk(directory):
        for name in names:
            if name.startswith(EMPTY_FILES):
                continue
            with open(os.path.join(folder, name), "rb") as file:
                words = words_in(file.read().decode("latin-1"))
            if words:
                found[os.path.relpath(os.path.join(folder, name), directory)] = words
    return found


def words_in_log(kontor, shop, order, customer, parcel):
    """What the log says of her, read without the keys: it may be squeezed and compressed."""
    said = ""
    for stream in "order-" + order, "customer-" + customer, "fulfilment-" + parcel:
        answer = kontor.run("stream", "show", stream, "--data", shop, "--json")
        require(answer.code == 0 and answer.out, "the stream is shown: %s" % answer)
        said += answer.out
    return words_in(said)


def bare(id_text):
    return id_text.split("_", 1)[1]


def address():
    return {"name": CANARIES["name"], "lines": [CANARIES["street"]], "city": CANARIES["city"],
            "postcode": CANARIES["postcode"], "country": "GB"}


def buy(server):
    """She registers, buys, and gets her parcel; the order's body and the ids."""
    console, buyer = server.console(), server.shop(server.token)
    stock_up(console)
    reply = buyer.ask("POST", "/v1/customers",
                      {"email": CANARIES["mail"], "country": "GB", "name": CANARIES["name"], "phone": CANARIES["phone"],
                       "addresses": [address()]}, key="canary-0")
    require(reply.status == 201, "she registers: %s" % reply)
    customer = reply.json()["id"]
    body = {**order_body(buyer), "customer_id": customer, "ship_to": address(),
            "contact": {"email": CANARIES["mail"], "phone": CANARIES["phone"]}}
    reply = buyer.ask("POST", "/v1/orders", body, key="canary-1")
    require(reply.status == 201, "she orders: %s" % reply)
    path = reply.headers["location"]
    refused = erase(server, customer, "too-early")
    require(refused.status == 409 and refused.json()["name"] == "open_orders", "an order is open: %s" % refused)
    parcel = buyer.until(path, lambda o: o["shipments"], "packed")["shipments"][0]["id"]
    reply = buyer.ask("POST", "/v1/shipments/%s/dispatch" % parcel,
                      {"carrier": "post", "tracking": CANARIES["tracking"]}, key="canary-2")
    require(reply.status == 200, "the parcel leaves: %s" % reply)
    reply = buyer.ask("POST", "/v1/shipments/%s/deliver" % parcel, {}, key="canary-3")
    require(reply.status == 200, "the parcel arrives: %s" % reply)
    buyer.until(path, lambda o: o["state"] == "completed", "completed")
    return body, customer, path.rsplit("/", 1)[1], parcel


def erase(server, customer, key):
    return server.console().ask("POST", "/v1/customers/%s/erase" % customer,
                                {"confirm": customer, "reason": "asked to be forgotten"}, key="erase-" + key)


def answers(server, customer, order, parcel):
    """Everything that a shop can be asked in which something of her could stand."""
    console, said = server.console(), {}
    for path in ("/v1/customers", "/v1/customers/" + customer, "/v1/customers/%s/export" % customer, "/v1/orders",
                 "/v1/orders?q=" + CANARIES["mail"].replace("@", "%40"),
                 "/v1/orders/" + order, "/v1/orders/%s/timeline?detail=full" % order, "/v1/shipments/" + parcel,
                 "/v1/shipments", "/v1/events?limit=200", "/v1/ops/streams/customer-" + bare(customer),
                 "/v1/ops/streams/order-" + bare(order), "/v1/ops/streams/fulfilment-" + bare(parcel), "/v1/ops/mail",
                 "/metrics"):
        reply = console.ask("GET", path)
        require(reply.status == 200, "GET %s: %s" % (path, reply))
        said[path] = words_in(reply.body.decode("utf-8"))
    return said


def require_silence(server, body, customer, order, parcel, when):
    for path, words in answers(server, customer, order, parcel).items():
        require(not words, "%s GET %s says %s" % (when, path, words))
    again = server.shop(server.token).ask("POST", "/v1/orders", body, key="canary-1")
    require(again.status == 201 and again.json()["id"] == order, "%s the same key is the same order: %s" % (when, again))
    require(not words_in(again.body.decode("utf-8")), "%s the repeated answer speaks of her: %s" % (when, again))
    return again.body


def require_clean(directory, when):
    found = words_in_files(directory)
    require(not found, "%s words of hers stand in files: %s" % (when, found))


def require_ended(server, signal_number=signal.SIGINT):
    ended = server.end(signal_number)
    require(ended.code == 0, "it closes in order: %s" % ended)
    require(not words_in(ended.out + ended.err), "it spoke of her: %s" % ended)


def check_a_person_is_forgotten(kontor=None, change=None, leak=None):
    """`leak(shop)` spoils the files of a closed shop: the search must notice."""
    kontor = kontor or Kontor()
    with Directory() as here:
        shop = here / "shop"
        with Served(shop, change=change) as server:
            body, customer, order, parcel = buy(server)
            seen = answers(server, customer, order, parcel)
            require(set(sum(seen.values(), [])) == set(CANARIES), "she is shown to those who may see: %s" % seen)
            require_clean(shop, "while she is a customer")
            require_ended(server)
        if leak:
            leak(shop)
        require_clean(shop, "while the shop is closed")
        require(not words_in_log(kontor, shop, bare(order), bare(customer), bare(parcel)), "the log keeps her in the clear")
        older = here / "older.sqlite"
        shutil.copy(os.path.join(shop, "keys", "people.sqlite"), older)
        with Served(shop, change=change) as server:
            seen = answers(server, customer, order, parcel)
            require(set(sum(seen.values(), [])) == set(CANARIES), "a restart changes nothing: %s" % seen)
            reply = erase(server, customer, "now")
            require(reply.status == 202 and reply.json()["erased"], "she is forgotten: %s" % reply)
            server.console().until("/v1/orders/" + order, lambda o: not words_in(json.dumps(o)), "the key is destroyed")
            bytes_then = require_silence(server, body, customer, order, parcel, "after the erasure")
            reply = server.shop(server.token).ask("POST", "/v1/orders", body, key="canary-9")
            require(reply.status == 409 and reply.json()["name"] == "customer_erased", "no new order of hers: %s" % reply)
            server.process.kill()
            out, err = server.process.communicate()
            require(not words_in(out + err), "it spoke of her: %s %s" % (out, err))
        require_clean(shop, "after the erasure")
        compacted = kontor.run("store", "compact", "--data", shop, "--json")
        require(compacted.code == 0, "the log is squeezed: %s" % compacted)
        require_clean(shop, "in a squeezed log")
        require(not words_in_log(kontor, shop, bare(order), bare(customer), bare(parcel)), "a squeezed log keeps her")
        for ending in "-wal", "-shm":
            if os.path.exists(os.path.join(shop, "keys", "people.sqlite" + ending)):
                os.remove(os.path.join(shop, "keys", "people.sqlite" + ending))
        shutil.copy(older, os.path.join(shop, "keys", "people.sqlite"))
        with Served(shop, change=change) as server:
            bytes_now = require_silence(server, body, customer, order, parcel, "with an older copy of the keys")
            require(bytes_now == bytes_then, "a repetition gives the same bytes: %s" % bytes_now)
            require_ended(server)


def check_backups_leave_the_keys_behind(kontor):
    with Directory() as here:
        shop = here / "shop"
        with Served(shop) as server:
            _, customer, order, parcel = buy(server)
            require_ended(server)
        plain = kontor.run("store", "backup", here / "plain", "--data", shop, "--json")
        require(plain.code == 0 and plain.json()["keys"] is False, "no keys beside a backup: %s" % plain)
        require("keys" not in os.listdir(here / "plain"), "no keys beside a backup")
        require_clean(here / "plain", "in a backup")
        kept = kontor.run("store", "backup", here / "kept", "--with-keys", "--data", shop, "--json")
        require(kept.code == 0 and kept.json()["keys"] is True, "keys travel when asked to: %s" % kept)
        travelled = os.listdir(os.path.join(here / "kept", "keys"))
        require("people.sqlite" in travelled and "webhooks.key" in travelled, "all of them: %s" % travelled)
        require("master.key" not in travelled, "but the master key never does")
        with Served(shop) as server:
            require(erase(server, customer, "now").status == 202, "she is forgotten after the backup")
            require_ended(server)

        require(kontor.run("store", "restore", here / "plain", "--data", here / "bare").code == 0, "it comes back")
        with Served(here / "bare") as server:
            said = server.console().get("/v1/orders/" + order)
            require(said["state"] == "completed" and not words_in(json.dumps(said)), "without keys nothing opens: %s" % said)
        back = kontor.run("store", "restore", here / "kept", "--data", here / "back", "--json")
        require(back.code == 0 and back.json()["keys"] is True, "it comes back with its keys: %s" % back)
        refused = kontor.run("serve", "--port", 0, "--for", 1, "--data", here / "back")
        require(refused.code != 0 and "master key" in refused.err, "keys are of no use without the master: %s" % refused)
        shutil.copy(os.path.join(shop, "keys", "master.key"), os.path.join(here / "back", "keys", "master.key"))
        with Served(here / "back") as server:
            said = answers(server, customer, order, parcel)
            require(words_in_answers(said), "with the master key she is readable as she was then: %s" % said)
            require(erase(server, customer, "again").status == 202, "and can be forgotten again")
            require_ended(server)


def words_in_answers(said):
    return set(sum(said.values(), [])) == set(CANARIES)


def check_the_command_line_exports_and_erases(kontor):
    with Directory() as here, Served(here / "shop") as server:
        _, customer, _, _ = buy(server)
        shop = here / "shop"
        exported = kontor.run("customer", "export", customer, "--data", shop, "--json")
        require(exported.code == 0 and exported.json()["customer"]["email"] == CANARIES["mail"], "it is all hers: %s" % exported)
        unsure = kontor.run("customer", "erase", customer, "--reason", "asked", "--data", shop)
        require(unsure.code == 2, "it wants to be sure: %s" % unsure)
        sure = kontor.run("customer", "erase", customer, "--reason", "asked", "--yes", "--data", shop, "--json")
        require(sure.code == 0 and sure.json()["erased"] is True, "she is forgotten: %s" % sure)
        server.console().until("/v1/customers/%s/export" % customer, lambda all: not words_in(json.dumps(all)), "all is gone")
        exported = kontor.run("customer", "export", customer, "--data", shop, "--json")
        require(exported.code == 0 and not words_in(exported.out), "nothing is left: %s" % exported)


def letters(console):
    """What the outbox says of her, in the list and letter by letter."""
    listed = console.ask("GET", "/v1/ops/mail")
    require(listed.status == 200, "the outbox is shown: %s" % listed)
    said = words_in(listed.body.decode("utf-8"))
    for letter in listed.json()["data"]:
        shown = console.ask("GET", "/v1/ops/mail/" + letter["id"])
        require(shown.status == 200, "a letter is shown: %s" % shown)
        said += words_in(shown.body.decode("utf-8"))
    return listed.json()["data"], said


def check_letters_of_a_forgotten_person_are_gone(kontor=None, change=None):
    with Directory() as here, Served(here / "shop", change=change) as server:
        _, customer, order, parcel = buy(server)
        console = server.console()
        console.until("/v1/ops/mail", lambda all: any("complete" in each["subject"] for each in all["data"]), "written to")
        kept, said = letters(console)
        require("mail" in said, "her letters are kept to be looked at: %s" % said)
        require(erase(server, customer, "now").status == 202, "she is forgotten")
        console.until("/v1/orders/" + order, lambda o: not words_in(json.dumps(o)), "the key is destroyed")
        _, said = letters(console)
        require(not said, "letters still speak of her: %s" % said)
        for letter in kept:
            again = console.ask("GET", "/v1/ops/mail/" + letter["id"])
            require(not words_in(again.body.decode("utf-8")), "a letter is still shown: %s" % again)
        require_ended(server)


def write_into(name):
    def leak(shop):
        with open(os.path.join(shop, name), "ab") as file:
            file.write(CANARIES["street"].encode("ascii"))
    return leak


class Forgetting(unittest.TestCase):
    def test_a_person_is_forgotten(self):
        check_a_person_is_forgotten()

    def test_that_check_notices_a_word_in_a_file(self):
        for name in "run/kontor.log", "views/notes", "keys/people.sqlite-notes":
            with self.assertRaisesRegex(AssertionError, "stand in files"):
                check_a_person_is_forgotten(leak=write_into(name))

    def test_that_check_notices_an_answer_that_remembers(self):
        erased = []

        def lie(method, path, reply):
            if path.endswith("/erase") and reply.status == 202:
                erased.append(path)
            if erased and method == "GET" and erased[0] == path + "/erase":
                name = b',"name":"' + CANARIES["name"].encode("ascii") + b'"'
                reply.body = reply.body.replace(b'"erased":true', b'"erased":true' + name)
        with self.assertRaisesRegex(AssertionError, "says"):
            check_a_person_is_forgotten(change=lie)

    def test_letters_of_a_forgotten_person_are_gone(self):
        check_letters_of_a_forgotten_person_are_gone()

    def test_that_check_notices_a_letter_that_stays(self):
        erased, kept = [], []

        def lie(method, path, reply):
            if path.endswith("/erase") and reply.status == 202:
                erased.append(path)
            if path == "/v1/ops/mail":
                if erased:
                    reply.body = kept[-1]
                kept.append(reply.body)
        with self.assertRaisesRegex(AssertionError, "letter"):
            check_letters_of_a_forgotten_person_are_gone(change=lie)

    def test_backups_leave_the_keys_behind(self):
        check_backups_leave_the_keys_behind(Kontor())

    def test_the_command_line_exports_and_erases(self):
        check_the_command_line_exports_and_erases(Kontor())

    def test_the_keys_are_for_their_owner(self):
        with Directory() as here, Served(here / "shop"):
            for name in "people.sqlite", "master.key":
                mode = os.stat(os.path.join(here / "shop", "keys", name)).st_mode & 0o777
                require(mode == 0o600, "%s is for its owner: %o" % (name, mode))
