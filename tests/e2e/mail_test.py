"""People are told by mail what becomes of their orders: the right words, each letter once, whatever happens to the mail server or
to the shop meanwhile; and nobody who is forgotten."""

import json
import os
import signal
import time
import unittest

import kontor as world
from kontor import Directory, require
from mail_server import MailServer, certificate
from served import Served, order_body, stock_up


class Mailing(world.Kontor):
    """The program with a mail server."""

    def __init__(self, server=None, **settings):
        self.settings = {}
        if server:
            self.settings.update({"KONTOR_MAIL__SERVER": server.address(), "KONTOR_MAIL__SECURITY": "none",
                                  "KONTOR_MAIL__FROM": "The Shop <shop@kontor.example>"})
        self.settings.update({"KONTOR_MAIL__" + name.upper(): str(value) for name, value in settings.items()})

    def start(self, *args, **options):
        return super().start(*args, environment=self.settings, **options)


def placed(buyer, key, contact="ada@example.org", **more):
    body = {**order_body(buyer), "contact": {"email": contact, "name": "Ada Größe"}, **more}
    reply = buyer.ask("POST", "/v1/orders", body, key=key)
    require(reply.status == 201, "an order is placed: %s" % reply)
    return reply.headers["location"]


def until_letters(mail, count, what, seconds=30):
    """So many letters are there, and a moment later still no more."""
    end = time.monotonic() + seconds
    while len(mail.letters) < count and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.5)
    require(len(mail.letters) == count, "%s: %d letters, not %d: %s" % (what, count, len(mail.letters), list(map(str, mail.letters))))


def deliver(buyer, path, key):
    parcel = buyer.until(path, lambda o: o["shipments"], "packed")["shipments"][0]["id"]
    for verb, body in ("dispatch", {"carrier": "post", "tracking": "TRACK-77"}), ("deliver", {}):
        reply = buyer.ask("POST", "/v1/shipments/%s/%s" % (parcel, verb), body, key="%s-%s" % (key, verb))
        require(reply.status == 200, "the parcel goes its way: %s" % reply)
    return buyer.until(path, lambda o: o["state"] == "completed", "completed")


def outcome(console, name):
    for line in console.ask("GET", "/metrics").body.decode().splitlines():
        if line.startswith('kontor_mail_notices_total{outcome="%s"} ' % name):
            return int(float(line.rsplit(" ", 1)[1]))
    raise AssertionError("nothing counts " + name)


def check_a_buyer_is_told_of_each_step(change=None):
    with Directory() as here, MailServer() as mail, Served(here / "shop", program=Mailing(mail)) as server:
        stock_up(server.console())
        buyer = server.shop(server.token)
        path = placed(buyer, "one")
        order = deliver(buyer, path, "one")
        part = {"amount": 300, "currency": "GBP"}
        reply = buyer.ask("POST", path + "/refunds", {"kind": "goodwill", "amount": part, "reason": "arrived late"}, key="back")
        require(reply.status == 202, "a refund is granted: %s" % reply)
        until_letters(mail, 5, "a letter for each step")
        if change:
            change(mail.letters)
        number, total = order["number"], "%.2f GBP" % (order["total"]["amount"] / 100)
        wanted = {"Your order %s is confirmed" % number: ["2 x Oak Mug", "17.98 GBP", total],
                  "A parcel of your order %s is on its way" % number: ["post", "TRACK-77", "2 x Oak Mug"],
                  "A parcel of your order %s was delivered" % number: [],
                  "Your order %s is complete" % number: [total],
                  "3.00 GBP for your order %s is on its way back" % number: ["3.00 GBP"]}
        require(sorted(wanted) == sorted(letter.subject for letter in mail.letters), "one of each: %s" % list(map(str, mail.letters)))
        require(len({letter.id for letter in mail.letters}) == 5, "each has an id of its own")
        require(mail.letters[0].subject.endswith("confirmed"), "in the sequence of what happened: %s" % mail.letters[0])
        for letter in mail.letters:
            message = letter.message
            require(letter.recipients == letter.to == ["ada@example.org"], "to the buyer: %s" % letter)
            require(message["To"].addresses[0].display_name == "Ada Größe", "by her name: %s" % message["To"])
            require(letter.sender == "shop@kontor.example" and message["From"] == "The Shop <shop@kontor.example>", "from the shop")
            require(letter.id.endswith("@kontor.example>") and message["Auto-Submitted"] == "auto-generated", "as a machine's")
            require(letter.text.startswith("Hello Ada Größe,"), "politely: %s" % letter.text)
            for words in wanted[letter.subject]:
                require(words in letter.text, "%s is in: %s" % (words, letter.text))
        console = server.console()
        require(outcome(console, "sent") == 5 and outcome(console, "refused") == 0, "they are counted")
        depth = console.get("/v1/ops/queues/notifications")
        require(depth["waiting"] == depth["in_flight"] == 0, "nothing is left to tell: %s" % depth)
        require(console.ask("GET", "/v1/ops/mail").status == 501, "letters that went to a server are not kept")
        require(server.end().code == 0, "it closes in order")


def check_letters_wait_for_a_server_that_is_away(lose=False, seconds=90):
    with Directory() as here, MailServer() as mail, Served(here / "shop", program=Mailing(mail)) as server:
        console, buyer = server.console(), server.shop(server.token)
        stock_up(console)
        mail.close()
        started = time.monotonic()
        for name in "one", "two", "three":
            deliver(buyer, placed(buyer, name), name)
        require(time.monotonic() - started < 20, "orders wait for no letter")

        def mailing():
            return [row for row in console.get("/v1/ops/services")["data"] if row["name"] == "mail"][0]
        console.until("/readyz", lambda now: any(each.startswith("mail: ") for each in now.get("degraded", [])), "it is seen")
        require(mailing()["health"] == "down" and mailing()["why"], "services say so: %s" % mailing())
        if lose:
            console.ask("POST", "/v1/ops/queues/notifications/purge", {"confirm": "notifications", "reason": "a test"}, key="p")
        mail.open()
        until_letters(mail, 12, "all that was to be told", seconds)
        require(len({letter.id for letter in mail.letters}) == 12, "each once")
        require(mailing()["health"] == "up", "and all is well: %s" % mailing())
        require(console.get("/v1/ops/queues/dead-letter")["waiting"] == 0, "nothing was given up")
        require(server.end().code == 0, "it closes in order")


def check_a_shop_that_is_killed_tells_all_the_same(forget=False):
    """Letters that were under way may come twice, under one id; none is lost."""
    with Directory() as here, MailServer() as mail:
        with Served(here / "shop", program=Mailing(mail)) as server:
            buyer = server.shop(server.token)
            stock_up(server.console())
            mail.close()
            paths = [placed(buyer, "order-%d" % each) for each in range(6)]
            for path in paths:
                buyer.until(path, lambda o: o["state"] == "confirmed", "confirmed")
            mail.open()
            end = time.monotonic() + 90
            while not mail.letters and time.monotonic() < end:
                time.sleep(0.001)
            server.process.send_signal(signal.SIGKILL)
            server.process.communicate()
        first = len(mail.letters)
        require(first > 0, "it was killed in the middle")
        with Served(here / "shop", program=Mailing(mail)) as server:
            end = time.monotonic() + 90
            while len({letter.id for letter in mail.letters}) < 6 and time.monotonic() < end:
                time.sleep(0.05)
            require(server.end().code == 0, "it closes in order")
        ids = [letter.id for letter in mail.letters]
        if forget:
            ids = [each for each in ids if each != ids[0]]
        require(len(set(ids)) == 6, "nobody is left out: %s" % list(map(str, mail.letters)))
        require(len(ids) - 6 <= 8, "only those under way come twice: %d of %d" % (len(ids) - 6, len(ids)))


def check_who_is_forgotten_gets_no_letter(erases=True):
    with Directory() as here, MailServer() as mail, Served(here / "shop", program=Mailing(mail)) as server:
        console, buyer = server.console(), server.shop(server.token)
        stock_up(console)
        reply = buyer.ask("POST", "/v1/customers", {"email": "eve@example.org", "country": "GB", "name": "Eve"}, key="c")
        require(reply.status == 201, "she registers: %s" % reply)
        customer = reply.json()["id"]
        mail.close()
        deliver(buyer, placed(buyer, "eve", contact="eve@example.org", customer_id=customer), "eve")
        if erases:
            reply = console.ask("POST", "/v1/customers/%s/erase" % customer, {"confirm": customer, "reason": "asked"}, key="e")
            require(reply.status == 202, "she is forgotten: %s" % reply)
        path = placed(buyer, "ada")
        buyer.until(path, lambda o: o["state"] == "confirmed", "somebody else's is confirmed")
        mail.open()
        until_letters(mail, 1, "hers alone", seconds=90)
        require(mail.letters[0].to == ["ada@example.org"], "to somebody else: %s" % mail.letters[0])
        end = time.monotonic() + 10
        while outcome(console, "erased") < 4 and time.monotonic() < end:
            time.sleep(0.05)
        require(outcome(console, "erased") == 4, "four letters were not written: %d" % outcome(console, "erased"))
        with open(os.path.join(here / "shop", "run", "kontor.log"), encoding="utf-8") as file:
            require("eve@" not in file.read(), "and the log does not name her")


def check_what_is_refused_and_put_off_is_seen(say="550 5.1.1 nobody of this name"):
    with Directory() as here, MailServer() as mail, Served(here / "shop", program=Mailing(mail)) as server:
        console, buyer = server.console(), server.shop(server.token)
        stock_up(console)
        mail.replies["bad@example.org"] = say
        placed(buyer, "bad", contact="bad@example.org")
        placed(buyer, "good")
        until_letters(mail, 1, "the other goes")
        dead = console.until("/v1/ops/queues/dead-letter", lambda now: now["waiting"] == 1, "the refused one is kept", seconds=10)
        require(dead["waiting"] == 1, "as a dead letter: %s" % dead)
        letter = console.get("/v1/ops/queues/dead-letter/messages")["data"][0]
        require(letter["cause"] == "the mail server says 550", "and says why: %s" % letter)
        require("bad@example.org" not in json.dumps(letter), "but names nobody")


def check_a_server_that_wants_to_know_us(password="open sesame"):
    with Directory() as here:
        pem = certificate(here)
        secret = here.file("password", password.encode() + b"\n")
        with MailServer(user=("shop", "open sesame"), pem=pem) as mail:
            program = Mailing(mail, security="starttls", user="shop", password__file=secret, ca_file=pem + ".crt",
                              operators="ops@example.org")
            said = program.run("doctor", "--data", here / "shop", "--json")
            seen = [row for row in said.json_lines() if row.get("check") == "mail"]
            require(seen and seen[0]["severity"] == "good", "the doctor signs in: %s" % said)
            with Served(here / "shop", program=program) as server:
                stock_up(server.console())
                placed(server.shop(server.token), "one")
                until_letters(mail, 1, "encrypted and signed in")
                ended = server.end()
            require("open sesame" not in ended.out + ended.err + open(here / "shop/run/kontor.log", encoding="utf-8").read(),
                    "nobody hears the password")
            shown = program.run("config", "show", "--json")
            require("open sesame" not in shown.out and "password.file" in shown.out, "nor do settings: %s" % shown)


def check_without_a_server_letters_stay_in_the_outbox(change=None):
    with Directory() as here, Served(here / "shop", program=Mailing(), change=change) as server:
        console, buyer = server.console(), server.shop(server.token)
        stock_up(console)
        number = buyer.get(placed(buyer, "one"))["number"]
        rows = console.until("/v1/ops/mail", lambda now: now["data"], "a letter is there")["data"]
        require(rows[0]["subject"] == "Your order %s is confirmed" % number and rows[0]["to"] == "ada@example.org", "hers: %s" % rows)
        require("text" not in rows[0] and rows[0]["times"] == 1, "a list has no texts: %s" % rows)
        letter = console.get("/v1/ops/mail/" + rows[0]["id"])
        require("2 x Oak Mug" in letter["text"], "one letter has: %s" % letter)
        require(console.ask("GET", "/v1/ops/mail/00000000000000000000000000").status == 404, "another is not there")
        listed = world.Kontor().run("mail", "list", "--data", here / "shop", "--json")
        require(listed.code == 0 and rows[0]["id"] in listed.out, "the command lists it: %s" % listed)
        shown = world.Kontor().run("mail", "show", rows[0]["id"], "--data", here / "shop", "--json")
        require(shown.code == 0 and "Oak Mug" in shown.out, "and shows it: %s" % shown)
        require(server.end().code == 0, "it closes in order")


class Mails(unittest.TestCase):
    def test_a_buyer_is_told_of_each_step(self):
        check_a_buyer_is_told_of_each_step()

    def test_that_check_notices_a_letter_too_many(self):
        with self.assertRaises(AssertionError):
            check_a_buyer_is_told_of_each_step(change=lambda letters: letters.append(letters[0]))

    def test_letters_wait_for_a_server_that_is_away(self):
        check_letters_wait_for_a_server_that_is_away()

    def test_that_check_notices_messages_that_were_lost(self):
        with self.assertRaises(AssertionError):
            check_letters_wait_for_a_server_that_is_away(lose=True, seconds=15)

    def test_a_shop_that_is_killed_tells_all_the_same(self):
        check_a_shop_that_is_killed_tells_all_the_same()

    def test_that_check_notices_who_is_left_out(self):
        with self.assertRaises(AssertionError):
            check_a_shop_that_is_killed_tells_all_the_same(forget=True)

    def test_who_is_forgotten_gets_no_letter(self):
        check_who_is_forgotten_gets_no_letter()

    def test_that_check_notices_a_letter_to_the_forgotten(self):
        with self.assertRaises(AssertionError):
            check_who_is_forgotten_gets_no_letter(erases=False)

    def test_what_is_refused_and_put_off_is_seen(self):
        check_what_is_refused_and_put_off_is_seen()

    def test_that_check_notices_a_server_that_only_waits(self):
        with self.assertRaises(AssertionError):
            check_what_is_refused_and_put_off_is_seen(say="451 4.7.1 later")

    def test_a_server_that_wants_to_know_us(self):
        check_a_server_that_wants_to_know_us()

    def test_that_check_notices_a_wrong_password(self):
        with self.assertRaises(AssertionError):
            check_a_server_that_wants_to_know_us(password="open barley")

    def test_without_a_server_letters_stay_in_the_outbox(self):
        check_without_a_server_letters_stay_in_the_outbox()

    def test_that_check_notices_another_letter(self):
        def lie(_, path, reply):
            if path == "/v1/ops/mail":
                reply.body = reply.body.replace(b"confirmed", b"cancelled")
        with self.assertRaises(AssertionError):
            check_without_a_server_letters_stay_in_the_outbox(change=lie)
