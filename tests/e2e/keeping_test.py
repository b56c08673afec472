"""What keeps a shop: read models that can be proved and built anew, backups that come back."""

import os
import shutil
import signal
import sqlite3
import time
import unittest

from kontor import (Directory, Kontor, Liar, books, copy_shop, dice, end, import_sample, last_position, mount, require,
                    undisturbed, unmount)

MODELS = ["orders", "stock", "catalog", "customers", "attention"]


def status(kontor, shop):
    answer = kontor.run("projection", "list", "--data", shop, "--json")
    require(answer.code == 0, "the list of projections is an answer: %s" % answer)
    return {row["name"]: row for row in answer.json_lines()}


def file_of(kontor, shop, model):
    return kontor.run("projection", "show", model, "--data", shop, "--json").json()["file"]


def change_a_row(path, statement):
    with sqlite3.connect(path) as rows:
        changed = rows.execute(statement).rowcount
    rows.close()
    require(changed > 0, "no row was changed: the check would prove nothing")


def check_projections(kontor, spoil="UPDATE orders SET total = total + 1 WHERE id = (SELECT MIN(id) FROM orders)"):
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        shutil.rmtree(os.path.join(shop, "views"), ignore_errors=True)
        require({row["state"] for row in status(kontor, shop).values()} == {"not_built"}, "nothing is built yet")
        answer = kontor.run("projection", "verify", "orders", "--data", shop)
        require(answer.code == 3, "what is not built cannot be verified: %s" % answer)
        built = kontor.run("projection", "rebuild", "--data", shop, "--json")
        require(built.code == 0, "read models are built: %s" % built)
        before = status(kontor, shop)
        require(list(before) == MODELS, "all models are listed")
        for row in before.values():
            require(row["state"] == "current" and row["position"] == undisturbed()["last"] and row["lag"] == 0,
                    "a model that was built is current: %s" % row)
            verified = kontor.run("projection", "verify", row["name"], "--data", shop, "--json")
            require(verified.code == 0 and verified.json()["good"] is True, "its rows are right: %s" % verified)
            require(verified.json()["fresh"] == row["digest"], "digest and fresh fold agree: %s" % verified)
        if spoil:
            change_a_row(file_of(kontor, shop, "orders"), spoil)
        answer = kontor.run("projection", "verify", "orders", "--data", shop, "--json")
        require(answer.code == 7 and answer.json()["good"] is False, "a changed row is found: %s" % answer)
        again = kontor.run("projection", "rebuild", "orders", "--data", shop, "--json").json()
        require(again["digest"] == before["orders"]["digest"], "a rebuild gives the same rows: %s" % again)
        answer = kontor.run("projection", "verify", "orders", "--data", shop)
        require(answer.code == 0, "after a rebuild the rows are right: %s" % answer)


def check_rows_beyond_the_log(kontor):
    """An older copy of the log under the rows of a newer one: that is said, and nothing is thrown away unasked."""
    with Directory() as here:
        shop, older = here / "shop", here / "older"
        copy_shop(undisturbed()["shop"], shop)
        require(kontor.run("projection", "rebuild", "orders", "--data", shop).code == 0, "rows are built")
        path = file_of(kontor, shop, "orders")
        change_a_row(path, "UPDATE kontor_checkpoint SET position = position + 1000")
        for _ in range(2):
            row = status(kontor, shop)["orders"]
            require(row["state"] == "beyond_the_log", "the list says so: %s" % row)
            answer = kontor.run("projection", "verify", "orders", "--data", shop)
            require(answer.code == 7 and "kontor projection rebuild orders" in answer.err, "and verify: %s" % answer)
        require(kontor.run("projection", "rebuild", "orders", "--data", shop).code == 0, "a rebuild folds them anew")
        require(kontor.run("projection", "verify", "orders", "--data", shop).code == 0, "and then they are right")


def check_rows_are_the_books(kontor):
    """The read model and the fold of the log say the same of every order."""
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        kontor.run("projection", "rebuild", "--data", shop)
        with sqlite3.connect("file:%s?mode=ro" % file_of(kontor, shop, "orders"), uri=True) as rows:
            found = rows.execute("SELECT COUNT(*), SUM(total) FROM orders").fetchone()
        rows.close()
        listed = kontor.run("order", "list", "--limit", 1000000, "--data", shop, "--json").json_lines()
        require(found == (len(listed), sum(row["total"]["amount"] for row in listed)),
                "orders in the read model and in the log differ: %s" % (found,))


def check_backup(kontor, between=lambda backup: None):
    with Directory() as here:
        shop, backup, restored = here / "shop", here / "backup", here / "restored"
        copy_shop(undisturbed()["shop"], shop)
        kontor.run("projection", "rebuild", "--data", shop)
        answer = kontor.run("store", "backup", backup, "--data", shop, "--json")
        require(answer.code == 0 and answer.json()["verified"], "the shop is copied: %s" % answer)
        require(answer.json()["last_position"] == undisturbed()["last"], "all of it: %s" % answer)
        require(kontor.run("store", "backup", backup, "--data", shop).code == 4, "a backup is not written over")
        between(backup)
        answer = kontor.run("store", "restore", backup, "--data", restored, "--json")
        require(answer.code == 0, "the backup comes back: %s" % answer)
        require(kontor.run("store", "restore", backup, "--data", shop).code == 4, "a shop is not written over")
        require(kontor.run("store", "restore", here / "nothing", "--data", here / "new").code == 3, "nothing is nothing")
        lineages = [kontor.run("store", "info", "--data", place, "--json").json()["lineage"]
                    for place in (shop, restored)]
        require(lineages[0] != lineages[1], "a restored shop is another history")
        require(kontor.run("store", "verify", "--data", restored).code == 0, "the restored log is good")
        require(books(kontor, restored) == undisturbed()["books"], "its books are others")
        again = import_sample(kontor, restored)
        require(again.code == 0 and again.out == undisturbed()["report"], "it remembers what it has imported: %s" % again)
        require(last_position(kontor, restored) == undisturbed()["last"], "nothing was imported twice")
        shutil.copytree(os.path.join(shop, "views"), os.path.join(restored, "views"))
        require(status(kontor, restored)["orders"]["state"] == "of_another_log", "rows of another history are seen")
        require(kontor.run("projection", "verify", "orders", "--data", restored).code == 7, "and are not believed")
        require(kontor.run("projection", "rebuild", "--data", restored).code == 0, "they are folded anew")
        require(kontor.run("projection", "verify", "orders", "--data", restored).code == 0, "and then are right")


def segments(shop):
    return sorted(name for name in os.listdir(os.path.join(shop, "journal")) if name.endswith((".seg", ".dense")))


def check_compact(kontor, between=lambda shop: None, kills=2):
    """A restored shop has a finished segment; squeezed it says the same, and so do its copies."""
    with Directory() as here:
        shop, backup, again = here / "shop", here / "backup", here / "again"
        require(kontor.run("store", "restore", undisturbed()["shop"], "--data", shop).code == 0, "it has two segments")
        nothing = kontor.run("store", "compact", "--data", undisturbed()["shop"], "--json").json()
        require(nothing["segments_squeezed"] == 0, "an open segment is left alone: %s" % nothing)
        moments = dice()
        for _ in range(kills):
            process = kontor.start("store", "compact", "--data", shop)
            time.sleep(moments.uniform(0, 0.1))
            end(process)
            require(kontor.run("store", "verify", "--data", shop).code == 0, "what was killed left a good log")
        done = kontor.run("store", "compact", "--data", shop, "--json")
        require(done.code == 0 and done.json()["segments_squeezed"] <= 1, "what is finished is squeezed: %s" % done)
        require([name[20:] for name in segments(shop)] == [".dense", ".seg"], "one file each: %s" % segments(shop))
        size = os.path.getsize(os.path.join(shop, "journal", segments(shop)[0]))
        require(size < 4 << 20, "it is small now: %d" % size)
        between(shop)
        info = kontor.run("store", "info", "--data", shop, "--json").json()
        require(info["segments_cold"] == 1 and info["segments_dense"] == 0 and info["log_bytes"] > size,
                "it is told: %s" % info)
        require(kontor.run("store", "backup", backup, "--data", shop).code == 0, "it is copied")
        require(kontor.run("store", "restore", backup, "--data", again).code == 0, "and comes back")
        require(segments(backup) == segments(shop), "in the form it has")
        for place in (shop, again):
            require(kontor.run("store", "verify", "--data", place).code == 0, "it is good")
            require(books(kontor, place) == undisturbed()["books"], "its books are others")


def kill_some(kontor, moments, made, kills, args):
    """Kills a command at moments by dice, until it was killed in the middle often enough."""
    window = 0.3
    for _ in range(60):
        if kills == 0:
            return
        shutil.rmtree(os.path.join(made, "journal"), ignore_errors=True)
        process = kontor.start(*args)
        time.sleep(moments.uniform(0, window))
        was_killed = end(process).code == -signal.SIGKILL
        kills -= was_killed
        window *= 1 if was_killed else 0.8
    require(kills == 0, "the kills came too late: %s" % args)


def check_killed_keeping(kontor, run_again=True, kills=3):
    """Whatever is killed in the middle is there whole or not at all, and works when it is done again."""
    moments = dice()
    with Directory() as here:
        shop, backup, restored = here / "shop", here / "backup", here / "restored"
        copy_shop(undisturbed()["shop"], shop)
        right = kontor.run("projection", "rebuild", "orders", "--data", shop, "--json").json()["digest"]
        for made, args in ((here / "nothing", ["projection", "rebuild", "orders", "--data", shop]),
                           (backup, ["store", "backup", backup, "--data", shop]),
                           (restored, ["store", "restore", backup, "--data", restored])):
            kill_some(kontor, moments, made, kills, args)
            if run_again:
                is_whole = os.path.exists(os.path.join(made, "journal"))
                answer = kontor.run(*args)
                require(answer.code == (4 if is_whole else 0), "what was killed is done again: %s" % answer)
        require(kontor.run("projection", "verify", "orders", "--data", shop).code == 0, "the rows are right")
        require(status(kontor, shop)["orders"]["digest"] == right, "and as they were")
        require(kontor.run("store", "verify", "--data", restored).code == 0, "the restored log is good")
        require(books(kontor, restored) == undisturbed()["books"], "its books are others")


def check_backup_without_room(kontor):
    with Directory() as here:
        if not mount(here.path, 30):
            raise unittest.SkipTest("a small file system cannot be mounted here")
        try:
            answer = kontor.run("store", "backup", here / "backup", "--data", undisturbed()["shop"])
            require(answer.code == 5 and "space" in answer.err, "a backup without room ends with 5: %s" % answer)
            answer = kontor.run("store", "restore", here / "backup", "--data", here / "restored")
            require(answer.code == 3, "half a backup is none: %s" % answer)
            mount(here.path, 500, "remount")
            answer = kontor.run("store", "backup", here / "backup", "--data", undisturbed()["shop"])
            require(answer.code == 0, "with room it is done: %s" % answer)
        finally:
            unmount(here.path)


def flip_in_the_middle(backup):
    path = os.path.join(backup, "journal", "00000000000000000001.seg")
    with open(path, "r+b") as file:
        file.seek(300000)
        byte = file.read(1)[0]
        file.seek(300000)
        file.write(bytes([byte ^ 1]))


def check_damage_is_not_kept(kontor, damage=lambda shop: flip_in_the_middle(shop)):
    """A copy of a damaged log is none, and leaves nothing where it was to be made."""
    with Directory() as here:
        shop, backup, restored = here / "shop", here / "backup", here / "restored"
        copy_shop(undisturbed()["shop"], shop)
        damage(shop)
        for made, args in ((backup, ["store", "backup", backup, "--data", shop]),
                           (restored, ["store", "restore", shop, "--data", restored])):
            answer = kontor.run(*args)
            require(answer.code == 7 and "E5005" in answer.err, "damage is found: %s" % answer)
            require(not os.path.exists(made), "something is left of it: %s" % made)
            os.makedirs(made)
            require(kontor.run(*args).code == 7 and os.listdir(made) == [], "what was there stays, empty as it was")


def says_it_is_good(answer):
    answer.code = 0


class Keeping(unittest.TestCase):
    def rings(self, check, *args, **options):
        with self.assertRaises(AssertionError):
            check(*args, **options)

    def test_read_models_are_proved_and_built_anew(self):
        check_projections(Kontor())
        self.rings(check_projections, Kontor(), spoil=None)

    def test_rows_beyond_the_end_of_the_log_are_reported_and_kept(self):
        check_rows_beyond_the_log(Kontor())

        def nothing_is_wrong(answer):
            if answer.args[:2] == ["projection", "verify"]:
                answer.code = 0

        self.rings(check_rows_beyond_the_log, Liar(nothing_is_wrong))

    def test_read_models_say_what_the_log_says(self):
        check_rows_are_the_books(Kontor())

        def one_order_less(answer):
            if answer.args[:2] == ["order", "list"]:
                answer.out = answer.out.split("\n", 1)[1]

        self.rings(check_rows_are_the_books, Liar(one_order_less))

    def test_a_backup_comes_back_as_another_history_of_the_same_shop(self):
        check_backup(Kontor())
        self.rings(check_backup, Kontor(), between=flip_in_the_middle)

        def same_lineage(answer):
            if answer.args[:2] == ["store", "info"]:
                answer.out = '{"lineage":"1"}\n'

        self.rings(check_backup, Liar(same_lineage))

    def test_a_squeezed_log_says_the_same(self):
        check_compact(Kontor())

        def flip(shop):
            path = os.path.join(shop, "journal", segments(shop)[0])
            with open(path, "r+b") as file:
                file.seek(100)
                byte = file.read(1)[0]
                file.seek(100)
                file.write(bytes([byte ^ 1]))

        self.rings(check_compact, Kontor(), between=flip, kills=0)

    def test_a_rebuild_a_backup_and_a_restore_may_be_killed(self):
        check_killed_keeping(Kontor())
        self.rings(check_killed_keeping, Kontor(), run_again=False, kills=1)

    def test_a_copy_of_damage_is_none_and_leaves_nothing(self):
        check_damage_is_not_kept(Kontor())
        self.rings(check_damage_is_not_kept, Kontor(), damage=lambda shop: None)

    def test_a_backup_without_room_is_none(self):
        check_backup_without_room(Kontor())
        self.rings(check_backup_without_room, Liar(says_it_is_good))
