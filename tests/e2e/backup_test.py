"""A backup of a shop that goes on selling: whole up to a moment, verified, and never in the way."""

import json
import os
import shutil
import threading
import time
import unittest

from kontor import Directory, Kontor, Liar, end, mount, require, unmount
from served import Served, order_body, stock_up

LOOK = "/v1/ops/store/backup"


class Buyers:
    """Places orders without a pause until it is left; each must be taken."""

    def __init__(self, server):
        self.server, self.placed, self.refused, self.is_over = server, [], [], False
        self.thread = threading.Thread(target=self.buy, daemon=True)

    def buy(self):
        buyer, number = self.server.shop(self.server.token), 0
        while not self.is_over:
            number += 1
            reply = buyer.ask("POST", "/v1/orders", order_body(buyer, units=1), key="sale-%d" % number)
            (self.placed if reply.status == 201 else self.refused).append(reply)
            time.sleep(0.02)

    def wait_for(self, orders):
        last = time.monotonic() + 20
        while len(self.placed) < orders and time.monotonic() < last:
            time.sleep(0.01)
        require(len(self.placed) >= orders, "the shop sells: %d orders, %d refused" %
                (len(self.placed), len(self.refused)))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_over = True
        self.thread.join(20)


def position_of(server):
    return server.console().get("/v1/ops/store")["last_position"]


def check_backup_of_an_open_shop(kontor, between=lambda backup: None):
    with Directory() as here, Served(here / "shop") as server:
        backup, restored = here / "backup", here / "restored"
        stock_up(server.console(), units=5000)
        robot = server.console().ask("POST", "/v1/ops/tokens", {"name": "robot", "roles": ["support"], "reason": "for this test"})
        require(robot.status == 201, "somebody has a key of the API: %s" % robot)
        with Buyers(server) as buyers:
            buyers.wait_for(5)
            before = position_of(server)
            answer = kontor.run("store", "backup", backup, "--with-keys", "--data", here / "shop", "--json")
            after = position_of(server)
            require(answer.code == 0 and answer.json()["verified"], "an open shop is copied: %s" % answer)
            require(before <= answer.json()["last_position"] <= after,
                    "all that was durable when it was asked for, and nothing that was not: %s" % answer)
            sold = len(buyers.placed)
            buyers.wait_for(sold + 5)
            again = kontor.run("store", "backup", backup, "--data", here / "shop")
            require(again.code == 4 and "E7007" in again.err, "a backup is not written over: %s" % again)
            within = os.path.join(here / "shop", "backup")
            inside = kontor.run("store", "backup", within, "--data", here / "shop")
            require(inside.code != 0 and "E5014" in inside.err, "nor is one made in the shop itself: %s" % inside)
            require(not os.path.exists(within), "nothing is left of that")
        require(not buyers.refused, "somebody was turned away: %s" % buyers.refused[:1])
        server.end()
        between(backup)
        require(kontor.run("store", "verify", "--data", backup).code == 0, "the copy is good")
        require(kontor.run("store", "info", "--data", backup, "--json").json()["last_position"] ==
                answer.json()["last_position"], "and as long as was said")
        require(kontor.run("store", "restore", backup, "--data", restored).code == 0, "it comes back")
        shutil.copy(os.path.join(here / "shop", "keys", "master.key"), os.path.join(restored, "keys", "master.key"))
        with Served(restored) as again:
            orders = again.console().get("/v1/orders?limit=200")["data"]
            require(len(orders) >= 5, "orders of before the copy are there: %d" % len(orders))
            one = again.console().get("/v1/orders/" + orders[-1]["id"])
            require("@" in one["contact"]["email"], "and the keys open what is personal: %s" % one)
            known = again.shop(robot.json()["secret"]).ask("GET", "/v1/orders?limit=1")
            require(known.status == 200, "callers are known by the keys that they have: %s" % known)
            for name in ("webhooks.key", "topics.pem", "topics.key", "audit.key"):
                keys = [os.path.join(shop, "keys", name) for shop in (here / "shop", restored)]
                first, second = (open(key, "rb").read() for key in keys)
                require(first == second, "%s: it signs as the shop did" % name)


def check_backup_without_room(kontor):
    with Directory() as here, Served(here / "shop") as server:
        stock_up(server.console())
        place = here / "small"
        os.makedirs(place)
        if not mount(place, 20):
            raise unittest.SkipTest("a small file system cannot be mounted here")
        try:
            answer = kontor.run("store", "backup", os.path.join(place, "backup"), "--data", here / "shop")
            require(answer.code == 5 and "E5011" in answer.err, "there is no room for a copy: %s" % answer)
            require(os.listdir(place) == [], "and nothing is left of it: %s" % os.listdir(place))
        finally:
            unmount(place)
        require(server.console().get("/readyz")["status"] == "ready", "the shop is well")


def check_stopped(kontor, kills=False):
    """A backup that is stopped, or whose server is, leaves nothing that looks like one."""
    with Directory() as here, Served(here / "shop") as server:
        console, backup = server.console(), here / "backup"
        stock_up(console)
        require(console.ask("POST", LOOK, {"directory": backup}).status == 202, "it is begun")
        if kills:
            end(server.process)
        else:
            stopped = console.ask("DELETE", LOOK, kontor_reason="the wrong disk")
            require(stopped.status == 200, "it is stopped: %s" % stopped)
            console.until(LOOK, lambda now: now["state"] in ("stopped", "done"), "it ends")
        whole = os.path.exists(os.path.join(backup, "journal"))
        answer = kontor.run("store", "restore", backup, "--data", here / "new")
        require(answer.code == (0 if whole else 3), "it is whole or not at all: %s" % answer)


def half_of_it_is_gone(backup):
    path = os.path.join(backup, "journal", "00000000000000000001.seg")
    os.truncate(path, os.path.getsize(path) // 2)


class Backup(unittest.TestCase):
    def rings(self, check, *args, **options):
        with self.assertRaises(AssertionError):
            check(*args, **options)

    def test_a_shop_is_copied_while_it_sells(self):
        check_backup_of_an_open_shop(Kontor())
        self.rings(check_backup_of_an_open_shop, Kontor(), between=half_of_it_is_gone)
        for name in ("webhooks.key", "tokens"):
            self.rings(check_backup_of_an_open_shop, Kontor(),
                       between=lambda backup: os.remove(os.path.join(backup, "keys", name)))

        def one_more(answer):
            if answer.args[:2] == ["store", "backup"] and answer.code == 0:
                answer.out = json.dumps(dict(answer.json(), last_position=10**9))

        self.rings(check_backup_of_an_open_shop, Liar(one_more))

    def test_a_disk_without_room_is_left_as_it_was(self):
        check_backup_without_room(Kontor())

    def test_what_is_stopped_or_killed_is_no_backup(self):
        check_stopped(Kontor())
        check_stopped(Kontor(), kills=True)


if __name__ == "__main__":
    unittest.main()
