"""The first purchase, as its page tells it: every line is run as it stands."""

import os
import pathlib
import re
import subprocess
import unittest

import kontor as world
from kontor import Directory, require
from served import Served

PAGE = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "first-purchase.md"


def script_of_the_page(shop):
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    require(len(blocks) > 8, "the page has its blocks: %d" % len(blocks))
    return "set -euo pipefail\n" + "".join(blocks).replace("http://localhost:8080", shop)


WALKS_MAX = 4  # The carrier brings back one parcel in two hundred, as the page says.


def check_the_page_of_the_first_purchase_is_true(change=None):
    for _ in range(WALKS_MAX):
        if walked_to_the_end(change):
            return
    raise AssertionError("the carrier brought a parcel back in each of %d walks" % WALKS_MAX)


def walked_to_the_end(change):
    """False when the carrier brought a parcel of this walk back, so that the page ends early."""
    with Directory() as here, Served(here / "kontor-data", "--demo") as server:
        script = script_of_the_page(server.banner["shop"].rstrip("/"))
        done = subprocess.run(["bash", "-c", change(script) if change else script], cwd=here / "",
                              env={**os.environ, "KONTOR": str(world.SETTINGS.kontor)}, capture_output=True, text=True,
                              check=False, timeout=120)
        if re.search("not_returnable|returned.to.sender", done.stdout + done.stderr):
            return False
        require(done.returncode == 0, "every line succeeds: %s %s" % (done.stdout[-2000:], done.stderr[-2000:]))
        require("the same answer, and one order" in done.stdout, "the same key gets the same bytes")
        require(re.search(r"order ord_\w+ is confirmed", done.stdout), "the order is settled when it is answered")
        require('"name":"body_invalid"' in done.stdout, "a mistake gets its problem")
        orders = re.findall(r"order (ord_\w+) is confirmed", done.stdout) + re.findall(r"^id +(ord_\w+)$", done.stdout, re.M)
        require(len(set(orders)) == 2, "two orders were placed: %s" % orders)
        for order in set(orders):
            shown = server.console().until("/v1/orders/" + order,
                                           lambda it: it["payments"][0]["refunded"]["amount"] == it["lines"][0]["unit_price"]["amount"] + 100,
                                           "one mug and the gift are paid back")
            require(shown["lines"][0]["returned"] == 1, "one mug came back: %s" % shown)
        return True


class Walk(unittest.TestCase):
    def test_the_page_of_the_first_purchase_is_true(self):
        check_the_page_of_the_first_purchase_is_true()

    def test_that_check_notices_a_purchase_that_goes_no_further(self):
        with self.assertRaisesRegex(AssertionError, "a mistake gets its problem"):
            check_the_page_of_the_first_purchase_is_true(change=lambda script: script.split("until ")[0])
