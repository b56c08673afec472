"""What is missing is noticed: a log without its segments is no empty shop, and reading a shop never begins one."""

import os
import shutil
import unittest

from keeping_test import change_a_row, file_of
from kontor import (Directory, Kontor, Liar, copy_shop, import_sample, mount, require, sample, undisturbed, unmount)

FIRST, SECOND = "00000000000000000001.seg", "00000000000000000002.seg"
WITNESSES = ["reserve-3", "00000000000000000001.idx", "00000000000000000001.open", "cut-1-4096-1"]
READING = [["order", "list"], ["stock", "list"], ["payment", "list"], ["stream", "list"], ["store", "info"],
           ["store", "verify"], ["projection", "list"], ["projection", "verify"], ["projection", "rebuild"]]


def tree(path):
    """Every file with its size. The lock may come and go."""
    found = []
    for folder, names, files in os.walk(path):
        found += [os.path.join(folder, name) for name in names]
        found += [(os.path.join(folder, name), os.path.getsize(os.path.join(folder, name))) for name in files
                  if name != "lock"]
    return sorted(map(str, found))


def everybody(here, shop):
    yield from ([*args, "--data", shop] for args in READING)
    yield ["store", "backup", here / "backup", "--data", shop]
    yield ["store", "restore", shop, "--data", here / "restored"]


def require_damage(kontor, here, shop, place):
    before = tree(here.path)
    for args in *everybody(here, shop), ["import", "online-retail", sample(), "--data", shop]:
        answer = kontor.run(*args)
        require(answer.code == 7 and "E5005 corrupt" in answer.err, "it is damage: %s" % answer)
        require(place in answer.err and "backup" in answer.err, "what is gone and what to do: %s" % answer)
        require(tree(here.path) == before, "something was changed by %s: %s" % (args, tree(here.path)))


def check_lost_segments(kontor, lose=True):
    for witness in WITNESSES:
        with Directory() as here:
            shop = here / "shop"
            os.makedirs(os.path.join(shop, "journal"))
            here.file(os.path.join("shop", "journal", witness if lose else "spare-1"), bytes(4096))
            require_damage(kontor, here, shop, FIRST)
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        here.file(os.path.join("shop", "journal", FIRST.replace("seg", "idx") if lose else "notes"), bytes(4096))
        require_damage(kontor, here, shop, SECOND)
    with Directory() as here:
        shop = here / "shop"
        os.makedirs(os.path.join(shop, "journal"))
        here.file(os.path.join("shop", "journal", FIRST.replace("seg", "dense") if lose else "spare-1"), bytes(4096))
        require_damage(kontor, here, shop, SECOND)


def check_lost_log(kontor):
    """Read models alone: whatever they followed is gone."""
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        require(kontor.run("projection", "rebuild", "orders", "--data", shop).code == 0, "rows are built")
        shutil.rmtree(os.path.join(shop, "journal"))
        require_damage(kontor, here, shop, "journal")
        os.makedirs(os.path.join(shop, "journal"))
        require_damage(kontor, here, shop, "journal")


def check_rows_ahead(kontor, by=1000):
    """Rows that have seen more than the log holds: its end is gone, and nobody goes on as if it were not."""
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        require(kontor.run("projection", "rebuild", "orders", "--data", shop).code == 0, "rows are built")
        change_a_row(file_of(kontor, shop, "orders"), "UPDATE kontor_checkpoint SET position = position + %d" % by)
        for args in ["order", "list"], ["store", "info"], ["store", "verify"], ["import", "online-retail", sample()]:
            answer = kontor.run(*args, "--data", shop)
            require(answer.code == 7 and "E5005" in answer.err, "the end of the log is missed: %s" % answer)
            require("orders" in answer.err and "restore" in answer.err, "by whom, and what to do: %s" % answer)
        before = tree(here.path)
        answer = kontor.run("store", "backup", here / "backup", "--data", shop)
        require(answer.code == 7 and "E5005" in answer.err, "an older shop is not kept as this one: %s" % answer)
        require(tree(here.path) == before, "and nothing is left of it: %s" % tree(here.path))
        require(kontor.run("projection", "rebuild", "orders", "--data", shop).code == 0, "or the older log is meant")
        require(kontor.run("store", "verify", "--data", shop).code == 0, "and then it is good")


def check_reading_begins_nothing(kontor):
    def nothing(here):
        return here / "nothing"

    def empty_journal(here):
        os.makedirs(here / "empty/journal")
        return here / "empty"

    def cut_beginning(here):
        os.makedirs(here / "cut/journal")
        here.file("cut/journal/spare-1", bytes(4096))
        here.file("cut/journal/spare-2.tmp", bytes(4096))
        return here / "cut"

    for make in nothing, empty_journal, cut_beginning:
        with Directory() as here:
            shop = make(here)
            before = tree(here.path)
            for args in everybody(here, shop):
                answer = kontor.run(*args)
                require(answer.code == 3, "there is no shop: %s" % answer)
                require(tree(here.path) == before, "%s made something: %s" % (args, tree(here.path)))
            kontor.run("doctor", "--quick", "--data", shop)
            require(tree(here.path) == before, "the doctor made something: %s" % tree(here.path))
            require(import_sample(kontor, shop).code == 0, "an import begins a shop")
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        shutil.rmtree(os.path.join(shop, "views"), ignore_errors=True)
        before = tree(shop)
        for args in READING[:-1]:
            answer = kontor.run(*args, "--data", shop)
            require(answer.code == (3 if args == ["projection", "verify"] else 0), "it is a good shop: %s" % answer)
            require(tree(shop) == before, "looking at a shop made files: %s" % tree(shop))


def check_volatile_disk(kontor):
    with Directory() as here:
        if not mount(here.path, 1000):
            raise unittest.SkipTest("a small file system cannot be mounted here")
        try:
            refused = kontor.run("import", "online-retail", sample(), "--data", here / "shop", "--json",
                                 environment={"KONTOR_DATA__REQUIRE_DURABLE": "true"})
            require(refused.code == 5 and '"code":"E5008"' in refused.err, "it is refused: %s" % refused)
            require(os.listdir(here.path) == [], "nothing is made: %s" % os.listdir(here.path))
            answer = import_sample(kontor, here / "shop")
            require(answer.code == 0 and answer.json()["holds"], "it is an answer all the same: %s" % answer)
            notices = [line for line in answer.err.splitlines() if "tmpfs" in line]
            require(len(notices) == 1 and "ext4 or XFS" in notices[0], "one notice names the disk: %s" % answer)
            require("Make room" in answer.err, "and one that it is small: %s" % answer)
            said = kontor.run("store", "info", "--data", here / "shop", "--json").json()
            require(said["durability"] == "volatile", "the kind of disk is told in a word: %s" % said)
            require(said["room"] == "scarce" and "Make room" in said["what_to_do"], "room is told: %s" % said)
            quiet = kontor.run("order", "list", "--data", here / "shop")
            require(quiet.code == 0 and quiet.err == "", "who only looks is told once: %s" % quiet)
        finally:
            unmount(here.path)


class Lost(unittest.TestCase):
    def rings(self, check, *args, **options):
        with self.assertRaises(AssertionError):
            check(*args, **options)

    def test_a_log_without_its_segments_is_damaged_and_not_empty(self):
        check_lost_segments(Kontor())
        self.rings(check_lost_segments, Kontor(), lose=False)

    def test_read_models_without_their_log_are_no_empty_shop(self):
        check_lost_log(Kontor())

        def takes_it_for_empty(answer):
            answer.code = 3 if answer.code == 7 else answer.code

        self.rings(check_lost_log, Liar(takes_it_for_empty))

    def test_rows_ahead_of_the_log_stop_who_would_go_on(self):
        check_rows_ahead(Kontor())
        self.rings(check_rows_ahead, Kontor(), by=0)

    def test_reading_never_begins_a_shop(self):
        check_reading_begins_nothing(Kontor())

        def begins_one(answer):
            os.makedirs(os.path.join(answer.args[answer.args.index("--data") + 1], "journal", "x"), exist_ok=True)

        self.rings(check_reading_begins_nothing, Liar(begins_one))

    def test_a_disk_that_forgets_is_named_once_or_refused_before_anything_is_made(self):
        check_volatile_disk(Kontor())

        def says_nothing(answer):
            answer.err = ""

        self.rings(check_volatile_disk, Liar(says_nothing))
