"""What was in hand when the process ended: counted at each start, quarantined at the third, released by an operator."""

import os
import struct
import unittest

from kontor import Directory, Kontor, end, require
from served import Served, order_body, stock_up

# The file as platform/blackbox lays it out: a head, then a place of 64 bytes for each agent, the desk's first.
HEAD, PLACE, NAME = 64, 64, 32
LOOK = "/v1/ops/quarantine"


def leave_in_hand(directory, high, low, place=0):
    """As a process leaves it that ends while it handles something."""
    with open(os.path.join(directory, "run", "blackbox"), "r+b") as file:
        file.seek(HEAD + place * PLACE + NAME)
        file.write(struct.pack("<QQQ", high, low, 1))


def names_of_agents(directory):
    with open(os.path.join(directory, "run", "blackbox"), "rb") as file:
        content = file.read()
    names = [content[at:at + NAME].split(b"\0")[0].decode() for at in range(HEAD, HEAD + 24 * PLACE, PLACE)]
    return [name for name in names if name]


def check_quarantine(kontor, ends=3):
    with Directory() as here:
        shop = here / "shop"
        with Served(shop) as server:
            stock_up(server.console())
            end(server.process)
        require(names_of_agents(shop)[0] == "desk", "the desk has a hand of its own: %s" % names_of_agents(shop))
        require(len(names_of_agents(shop)) > 4, "and so have the read models: %s" % names_of_agents(shop))
        for _ in range(ends):
            leave_in_hand(shop, 7, 1)
            with Served(shop) as server:
                end(server.process)
        with Served(shop) as server:
            console = server.console()
            told = console.get(LOOK)["data"]
            require(told[0]["id"] in kontor.run("quarantine", "list", "--data", shop).out, "the command shows it")
            require(len(told) == 1 and told[0]["agent"] == "desk" and told[0]["ends"] == 3, "it is counted: %s" % told)
            require(told[0]["is_quarantined"], "at the third end it is not handled any more: %s" % told)
            metrics = console.ask("GET", "/metrics").body.decode()
            require("\nkontor_blackbox_quarantined 1" in metrics, "whoever watches sees it")
            with open(os.path.join(shop, "run", "kontor.log"), encoding="utf-8") as log:
                require("is not handled any more" in log.read(), "the log of the server says so")
            shopper = server.shop(server.token)
            bought = shopper.ask("POST", "/v1/orders", order_body(shopper), key="other")
            require(bought.status == 201, "everything else goes on: %s" % bought)
            unknown = kontor.run("quarantine", "release", "0" * 26, "--reason", "a slip", "--data", shop)
            require(unknown.code != 0 and "E" in unknown.err, "what is not there cannot be released: %s" % unknown)
            done = kontor.run("quarantine", "release", told[0]["id"], "--reason", "mended", "--data", shop)
            require(done.code == 0, "an operator releases it: %s" % done)
            require(console.get(LOOK)["data"] == [], "it is forgotten")
            noted = console.get("/v1/ops/audit")["data"]
            require(any(each["verb"] == "release_quarantined" for each in noted), "and written down: %s" % noted[-1:])


def check_clean_end(kontor):
    with Directory() as here:
        with Served(here / "shop") as server:
            stock_up(server.console())
            server.end()
        with Served(here / "shop") as server:
            told = server.console().get(LOOK)["data"]
            require(told == [], "whoever closes has nothing in hand: %s" % told)


class Poison(unittest.TestCase):
    def test_what_ends_the_process_three_times_is_quarantined_until_it_is_released(self):
        check_quarantine(Kontor())

    def test_two_ends_are_no_quarantine(self):
        with self.assertRaises(AssertionError):
            check_quarantine(Kontor(), ends=2)

    def test_a_process_that_closes_leaves_nothing_in_hand(self):
        check_clean_end(Kontor())
