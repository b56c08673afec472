"""What the program says when it cannot do what was asked: a code, a place, what to do, and the documented exit code."""

import json
import os
import re
import shutil
import unittest

from kontor import Directory, Kontor, Liar, copy_shop, mount, require, undisturbed, unmount

NOBODY = "00000000000000000000000000"

# exit code, code of the problem, what the place names, the command line; SHOP stands for a good shop
BAD = [
    (1, "E7005", "/dev/null", ["import", "online-retail", "/dev/null"]),
    (1, "E7005", "/", ["import", "online-retail", "/"]),
    (1, "E7014", "product-85123A", ["stream", "state", "product-85123A"]),
    (2, "E7001", "kontor ordr list", ["ordr", "list"]),
    (2, "E7001", "kontor order", ["order"]),
    (2, "E7001", "--limit 0", ["order", "list", "--limit", "0"]),
    (2, "E7001", "--dates foo", ["import", "online-retail", "HERE/table.csv", "--dates", "foo"]),
    (2, "E7001", "stock count K001 -1", ["stock", "count", "K001", "-1"]),
    (2, "E7001", "--frob", ["version", "--frob"]),
    (2, "E7001", "kontor stock show", ["stock", "show"]),
    (2, "E1001", "nonsense", ["order", "show", "nonsense"]),
    (2, "E1001", "nonsense", ["payment", "show", "nonsense"]),
    (2, "E1001", "nonsense", ["stream", "show", "nonsense"]),
    (2, "E1001", "nonsense", ["stream", "state", "nonsense"]),
    (2, "E1001", "HERE/table.csv", ["import", "online-retail", "HERE/table.csv", "--data", "HERE/new"]),
    (2, "E7002", "not-there.toml", ["version", "--config", "not-there.toml"]),
    (2, "E7002", "HERE/typo.toml:2", ["version", "--config", "HERE/typo.toml"]),
    (2, "E7002", "HERE/broken.toml:1", ["version", "--config", "HERE/broken.toml"]),
    (2, "E7002", "output.progress", ["version", "--progress", "loud"]),
    (3, "E3001", "ord_" + NOBODY, ["order", "show", "ord_" + NOBODY]),
    (3, "E3001", "K7QM-2F9T", ["order", "show", "K7QM-2F9T"]),
    (3, "E3058", "pay_" + NOBODY, ["payment", "show", "pay_" + NOBODY]),
    (3, "E3035", "NEVERSOLD", ["stock", "show", "NEVERSOLD"]),
    (3, "E3035", "no sku", ["stock", "show", "no sku"]),
    (3, "E7004", "not-there.csv", ["import", "online-retail", "not-there.csv"]),
    (3, "E7006", "not-there", ["order", "list", "--data", "not-there"]),
    (3, "E7006", "not-there", ["store", "verify", "--data", "not-there"]),
    (3, "E7006", "not-there", ["store", "backup", "HERE/backup", "--data", "not-there"]),
    (3, "E7008", "not-there", ["store", "restore", "not-there", "--data", "HERE/new"]),
    (3, "E7009", "E0000", ["explain", "E0000"]),
    (3, "E7010", "ordrs", ["projection", "show", "ordrs"]),
    (3, "E7010", "ordrs", ["projection", "rebuild", "ordrs"]),
    (3, "E7011", "orders", ["projection", "verify", "orders", "--data", "HERE/unbuilt"]),
    (3, "E7013", "stock-main.NEVERSOLD", ["stream", "show", "stock-main.NEVERSOLD"]),
    (3, "E7013", "stock-main.NEVERSOLD", ["stream", "state", "stock-main.NEVERSOLD"]),
    (4, "E7007", "SHOP", ["store", "restore", "SHOP", "--data", "SHOP"]),
    (2, "E7023", "HERE/file/journal", ["store", "info", "--data", "HERE/file"]),
    (3, "E7006", "not-there", ["store", "compact", "--data", "not-there"]),
    (7, "E5005", ".seg", ["store", "verify", "--data", "HERE/damaged"]),
    (7, "E5005", ".seg", ["order", "list", "--data", "HERE/damaged"]),
    (7, "E5005", ".seg", ["store", "backup", "HERE/backup", "--data", "HERE/damaged"]),
]


def prepare(here):
    here.file("table.csv", b"name,price\nmug,2\n")
    here.file("typo.toml", b"[data]\ndirctory = \"x\"\n")
    here.file("broken.toml", b"[data\n")
    os.makedirs(here / "file")
    with open(here / "file/journal", "wb") as file:
        file.write(b"no directory")
    copy_shop(undisturbed()["shop"], here / "unbuilt")
    shutil.rmtree(here / "unbuilt/views", ignore_errors=True)
    copy_shop(undisturbed()["shop"], here / "damaged")
    with open(here / "damaged/journal/00000000000000000001.seg", "r+b") as file:
        file.seek(300000)
        byte = file.read(1)[0]
        file.seek(300000)
        file.write(bytes([byte ^ 1]))


def read_for_people(answer):
    """The three lines: what and where, what to do, the code."""
    lines = answer.err.splitlines()
    require(len(lines) >= 3 and lines[0].startswith("kontor: "), "three lines are wanted: %s" % answer)
    found = re.fullmatch(r"(E\d+) (\w+); see kontor explain (E\d+)", lines[-1])
    require(found is not None and found.group(1) == found.group(3), "the last line has the code: %s" % answer)
    return {"code": found.group(1), "name": found.group(2), "remedy": lines[-2], "place": "\n".join(lines[:-2])}


def read_json(answer):
    try:
        told = json.loads(answer.err)
    except ValueError as error:
        raise AssertionError("an error in JSON is one object (%s): %s" % (error, answer)) from error
    require(told["exit_code"] == answer.code, "the exit code is told: %s" % answer)
    require(told["detail"], "what went wrong is told: %s" % answer)
    return told


def check_errors(kontor):
    explained = {row["code"]: row for row in kontor.run("explain", "--json").json_lines()}
    with Directory() as here:
        prepare(here)

        def filled(word):
            return word.replace("HERE", here.path).replace("SHOP", undisturbed()["shop"])

        for exit_code, code, place, args in BAD:
            args = [filled(arg) for arg in args]
            if "--data" not in args:
                args += ["--data", undisturbed()["shop"]]
            for form in [], ["--json"]:
                answer = kontor.run(*args, *form)
                require(answer.code == exit_code, "exit code %d is promised: %s" % (exit_code, answer))
                require(answer.out == "", "nothing of an error is on stdout: %s" % answer)
                told = read_json(answer) if form else read_for_people(answer)
                require(told["code"] == code, "the code is %s: %s" % (code, answer))
                require(filled(place) in told["place"], "the place is named (%s): %s" % (filled(place), answer))
                require(told["remedy"].endswith((".", "?")) and len(told["remedy"]) > 15, "what to do: %s" % answer)
                require(explained[code]["name"] == told["name"], "explain knows it: %s" % answer)
        require(not os.path.exists(here / "new"), "nothing was begun")


SLIPS = [(["stoer", "info"], "kontor store"), (["ordr", "list"], "kontor order"), (["order", "lst"], "kontor order list"),
         (["--json", "store", "verfy"], "kontor store verify")]


# what is said of a value that does not fit
UNFIT = [(["import", "online-retail", "a.csv", "--dates", "foo"], "--dates: day-first or month-first is wanted, and this is foo"),
         (["stock", "count", "K001", "-1"], "units: a whole number, 0 or more, is wanted, and this is -1"),
         (["order", "list", "--limit"], "--limit takes a value"),
         (["order", "list", "--limit", "0"], "--limit: a whole number from 1 to 1000000 is wanted, and this is 0"),
         (["load", "--mix", "cakes"], "--mix: orders, browse or shop is wanted, and this is cakes"),
         (["load", "--seed", "x"], "--seed: a whole number, 0 or more, is wanted, and this is x")]


def check_unfit(kontor):
    for words, said in UNFIT:
        answer = kontor.run(*words)
        require(answer.code == 2 and said in answer.err.splitlines()[0], "%s is wanted: %s" % (said, answer))


def check_slips(kontor):
    for words, meant in SLIPS:
        answer = kontor.run(*words)
        require(answer.code == 2 and "Did you mean" in answer.err and meant in answer.err, "%s is a slip: %s" % (words, answer))
    answer = kontor.run("--version")
    require(answer.code == 0 and re.fullmatch(r"kontor \S+\n", answer.out), "the version is one line: %s" % answer)


class Errors(unittest.TestCase):
    def rings(self, check, change):
        with self.assertRaises(AssertionError):
            check(Liar(change))

    def test_a_value_that_does_not_fit_is_refused_in_words_for_people(self):
        check_unfit(Kontor())
        self.rings(check_unfit, lambda answer: setattr(answer, "err", answer.err.replace("is wanted", "FAILED")))

    def test_a_slip_is_answered_with_what_was_meant(self):
        check_slips(Kontor())
        self.rings(check_slips, lambda answer: setattr(answer, "err", answer.err.replace("Did you mean", "")))

    def test_every_error_has_a_code_a_place_a_remedy_and_its_exit_code(self):
        check_errors(Kontor())

        def without_code(answer):
            if answer.args[:2] == ["stock", "show"]:
                answer.err = "\n".join(answer.err.splitlines()[:-1]) + "\n"

        def without_remedy(answer):
            if answer.args[:2] == ["order", "show"] and "--json" not in answer.args:
                lines = answer.err.splitlines()
                answer.err = "\n".join([lines[0], lines[-1]]) + "\n"

        def without_code_in_json(answer):
            answer.err = answer.err.replace('"code":"E7001"', '"code":""')

        def otherwise(answer):
            if answer.code == 7:
                answer.code = 1

        for lie in without_code, without_remedy, without_code_in_json, otherwise:
            self.rings(check_errors, lie)
