"""What becomes of an answer that cannot be written: a full disk, a reader who has gone, a stream that is closed."""

import os
import signal
import subprocess
import time
import unittest

from kontor import Answer, Directory, Kontor, Liar, copy_shop, require, sample, undisturbed
import kontor as world

# answers that are written at once when the program ends, and ones that are longer than what it keeps back
ANSWERS = [
    ["version"],
    ["--help"],
    ["order", "--help"],
    ["explain"],
    ["explain", "--json"],
    ["order", "list", "--limit", "1000"],
    ["order", "list", "--limit", "1000", "--json"],
    ["stock", "list", "--limit", "100000", "--plain"],
    ["stream", "list", "--limit", "100000", "--json"],
    ["store", "info"],
    ["store", "verify", "--json"],
    ["ledger", "export"],
    ["completion", "bash"],
]


def gone_reader():
    reading, writing = os.pipe()
    os.close(reading)
    return os.fdopen(writing, "wb")


def full_disk():
    return open("/dev/full", "wb")


def run(kontor, args, stdout=None, stderr=subprocess.PIPE, close=None):
    """One run with its streams as they should not be."""
    def close_them():
        if close is not None:
            os.close(close)

    process = kontor.start(*args, stdout=stdout or subprocess.PIPE, stderr=stderr, preexec=close_them)
    try:
        out, err = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise AssertionError("kontor %s did not end" % " ".join(args)) from None
    return kontor.answer(Answer(args, process.returncode, out or "", err or ""))


def check_lost(answer, why):
    require(answer.code == 5, "an answer that is lost ends with 5: %s" % answer)
    require("E7026" in answer.err and "answer_lost" in answer.err and why in answer.err, "it says so, and why: %s" % answer)


def with_shop(args):
    return args + ([] if args[0] in ("version", "--help", "explain", "completion") or "--help" in args
                   else ["--data", undisturbed()["shop"]])


def check_full_disk(kontor, stream=full_disk):
    for args in map(with_shop, ANSWERS):
        with stream() as stdout:
            check_lost(run(kontor, args, stdout=stdout), "No space left on device")


def check_gone_reader(kontor):
    """Who goes away has read enough: nothing is said."""
    for args in map(with_shop, ANSWERS):
        with gone_reader() as stdout:
            answer = run(kontor, args, stdout=stdout)
        require(answer.code == 0 and answer.err == "", "a reader may go: %s" % answer)


def check_gone_reader_of_a_change(kontor):
    """But what was changed is not lost in silence."""
    with Directory() as here, gone_reader() as stdout:
        check_lost(run(kontor, ["import", "online-retail", sample(), "--data", here / "shop"], stdout=stdout), "Broken pipe")


def check_head(kontor):
    """As people do it: all of a long list into `head -1`."""
    process = kontor.start(*with_shop(["stream", "list", "--limit", "100000"]))
    require(process.stdout.readline() != "", "the first line is there")
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    answer = kontor.answer(Answer(["stream", "list"], process.wait(timeout=60), "", err))
    require(answer.code == 0 and answer.err == "", "the rest is not missed: %s" % answer)


def check_closed(kontor):
    for args in map(with_shop, ANSWERS):
        check_lost(run(kontor, args, close=1), "Bad file descriptor")


def check_import(kontor):
    """What was asked for is done, and in order, though nobody can be told; nothing of the answer gets into the log."""
    for streams in {"stdout": full_disk()}, {"close": 1}, {"stderr": full_disk()}, {"close": 2}, {"close": 0}:
        with Directory() as here:
            shop = here / "shop"
            answer = run(kontor, ["import", "online-retail", sample(), "--data", shop, "--json"], **streams)
            if "stdout" in streams or streams.get("close") == 1:
                check_lost(answer, "")
            else:
                require(answer.code == 0, "the import is done: %s" % answer)
            verified = Kontor().run("store", "verify", "--data", shop, "--json")
            require(verified.code == 0 and verified.json()["closed_in_order"], "its log is good: %s" % verified)
            require(verified.json()["events"] == undisturbed()["last"], "all of it is there: %s" % verified)


def check_errors_untold(kontor):
    """An error that nobody can be told keeps its exit code."""
    for streams in {"stderr": full_disk()}, {"stderr": gone_reader()}, {"close": 2}:
        for code, args in (3, ["order", "list", "--data", "not-there"]), (2, ["ordr", "list"]), \
                (7, ["doctor", "--data", "/dev/null"]):
            answer = run(kontor, args, **streams)
            require(answer.code == code, "the exit code is %d all the same: %s" % (code, answer))


def check_server(kontor):
    """A shop whose banner nobody can read is open all the same, and closed in order."""
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        with full_disk() as stdout:
            process = kontor.start("serve", "--data", shop, stdout=stdout)
            deadline = time.monotonic() + 20
            while not os.path.exists(os.path.join(shop, "run/server.json")) and time.monotonic() < deadline:
                time.sleep(0.02)
            time.sleep(0.2)
            require(process.poll() is None, "it is open")
            health = Kontor().run("health", "--data", shop)
            require(health.code == 0, "it answers: %s" % health)
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=60)
        answer = kontor.answer(Answer(["serve"], process.returncode, "", err))
        check_lost(answer, "No space left on device")
        require("open all the same" in answer.err, "it says so at once: %s" % answer)
        verified = Kontor().run("store", "verify", "--data", shop, "--json")
        require(verified.code == 0 and verified.json()["closed_in_order"], "it was closed in order: %s" % verified)


class Streams(unittest.TestCase):
    def rings(self, check, *args, **options):
        with self.assertRaises(AssertionError):
            check(*args, **options)

    def silent(self):
        return Liar(lambda answer: setattr(answer, "err", ""))

    def exits(self, code):
        return Liar(lambda answer: setattr(answer, "code", code))

    def test_a_full_disk_is_told(self):
        check_full_disk(Kontor())
        self.rings(check_full_disk, self.silent())
        self.rings(check_full_disk, self.exits(0))
        self.rings(check_full_disk, Kontor(), stream=lambda: open(os.path.join(world.SETTINGS.directory, "answer"), "wb"))

    def test_a_reader_may_go_away(self):
        check_gone_reader(Kontor())
        check_head(Kontor())
        check_gone_reader_of_a_change(Kontor())
        self.rings(check_gone_reader_of_a_change, self.silent())
        self.rings(check_gone_reader, self.exits(-signal.SIGPIPE))
        self.rings(check_head, self.exits(-signal.SIGPIPE))

    def test_a_closed_stream_is_told(self):
        check_closed(Kontor())
        self.rings(check_closed, self.silent())

    def test_an_import_that_cannot_answer_is_whole(self):
        check_import(Kontor())
        self.rings(check_import, self.exits(0))

    def test_an_error_that_cannot_be_told_keeps_its_exit_code(self):
        check_errors_untold(Kontor())
        self.rings(check_errors_untold, self.exits(-signal.SIGABRT))

    def test_a_server_without_a_banner_is_open(self):
        check_server(Kontor())
        self.rings(check_server, self.silent())
