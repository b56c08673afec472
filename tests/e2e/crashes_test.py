"""What the shop survives: kill -9, Ctrl-C, rot, a second process, a directory it may not write, a full disk."""

import os
import shutil
import signal
import subprocess
import time
import unittest

from kontor import (Directory, Kontor, Liar, SETTINGS, books, copy_shop, dice, end, import_sample, last_position, mount,
                    require, sample, undisturbed, unmount)

NOBODY = 65534
KILLS = 10
KILLS_HALFWAY = 3
SEGMENT = os.path.join("journal", "00000000000000000001.seg")


def start_import(kontor, shop):
    return kontor.start("import", "online-retail", sample(), "--data", shop, "--json", "--progress", "off")


def check_killed_imports(kontor, run_again=True):
    """Kills imports at moments by dice until enough of them were killed halfway, with a part of the facts written."""
    moments, window, killed, halfway = dice(), undisturbed()["seconds"], 0, 0
    for _ in range(200):
        if killed >= KILLS and halfway >= KILLS_HALFWAY:
            break
        with Directory() as here:
            shop = here / "shop"
            process = start_import(kontor, shop)
            time.sleep(moments.uniform(0, window))
            if end(process).code != -signal.SIGKILL:
                window *= 0.9
                continue
            facts = last_position(kontor, shop)
            window *= 1.05 if facts == 0 else 1
            killed += 1
            halfway += 0 < facts < undisturbed()["last"]
            require(facts <= undisturbed()["last"], "a killed import has more facts than a whole one")
            if run_again:
                answer = import_sample(kontor, shop)
                require(answer.code == 0, "an import that was killed goes on: %s" % answer)
                require(answer.out == undisturbed()["report"], "its report is another")
            require(books(kontor, shop) == undisturbed()["books"], "its books are others")
            require(last_position(kontor, shop) == undisturbed()["last"], "its facts are others")
    require(killed >= KILLS and halfway >= KILLS_HALFWAY,
            "the kills came too late: %d, %d of them halfway" % (killed, halfway))


def check_interrupted_import(kontor):
    """Ctrl-C: 130, a sentence that says how to go on, and going on gives the same books."""
    moments, window = dice(), undisturbed()["seconds"]
    for _ in range(200):
        with Directory() as here:
            shop = here / "shop"
            process = start_import(kontor, shop)
            time.sleep(moments.uniform(0.3, 1) * window)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
            answer = kontor.answer(type("Said", (), dict(code=process.returncode, out=out, err=err, args=["import"])))
            if answer.code in (0, -signal.SIGINT) and "stopped" not in err:
                window *= 0.8 if process.returncode == 0 else 1.2  # it was done already, or had not begun
                continue
            require(answer.code == 130, "an interrupted import ends with 130, not with %d" % answer.code)
            require("run the same command again" in answer.err.lower(), "it says how to go on: %s" % answer.err)
            again = import_sample(kontor, shop)
            require(again.code == 0 and again.out == undisturbed()["report"], "it goes on: %s" % again)
            require(books(kontor, shop) == undisturbed()["books"], "its books are others")
            return
    raise AssertionError("no import could be interrupted")


def written_bytes(path):
    """Where the last block that is not empty begins: the seal, behind which nothing was ever written."""
    with open(path, "rb") as file:
        content = file.read()
    return (len(content.rstrip(b"\0")) - 1) // 4096 * 4096


def flip(path, offset):
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 0x10]))


def check_flipped_bytes(kontor, change=flip, flips=25):
    throws = dice()
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        segment = os.path.join(shop, SEGMENT)
        end_of_log = written_bytes(segment)
        for _ in range(flips):
            offset = throws.randrange(end_of_log)
            change(segment, offset)
            answer = kontor.run("store", "verify", "--data", shop)
            require(answer.code == 7, "a flipped byte at %d ends a check with 7: %s" % (offset, answer))
            require("position" in answer.err and SEGMENT[8:] in answer.err, "the place is named: %s" % answer)
            change(segment, offset)
        answer = kontor.run("store", "verify", "--data", shop)
        require(answer.code == 0, "with every byte as it was the log is good: %s" % answer)


def content(shop):
    """Every byte of the log and what is made of it."""
    found = {}
    for name in sorted(os.listdir(os.path.join(shop, "journal"))):
        with open(os.path.join(shop, "journal", name), "rb") as file:
            found[name] = file.read()
    return found


def check_torn_tail(kontor, tear=True):
    """What stands behind the last frame was never acknowledged: it is told, left as it is, and put aside by a start."""
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        segment = os.path.join(shop, SEGMENT)
        end = written_bytes(segment)
        with open(segment, "r+b") as file:  # nobody closed this log
            file.seek(end)
            file.write(bytes(4096))
        if tear:
            flip(segment, end + 300)
        before = content(shop)
        answer = kontor.run("store", "verify", "--data", shop, "--json")
        require(answer.code == 0, "a torn tail is no damage: %s" % answer)
        require(answer.json()["torn_bytes"] > 0, "it is told: %s" % answer)
        require(content(shop) == before, "who verifies changed something")
        said = kontor.run("store", "info", "--data", shop, "--json").json()
        require(SEGMENT[8:] in said["cut"]["place"], "a start names it: %s" % said)
        require(os.path.exists(os.path.join(shop, "journal", said["cut"]["kept_as"])), "it is kept: %s" % said)
        answer = kontor.run("store", "verify", "--data", shop, "--json")
        require(answer.code == 0 and answer.json()["torn_bytes"] == 0, "and then it is gone: %s" % answer)
        require(books(kontor, shop) == undisturbed()["books"], "the books changed")


def check_changed_end(kontor, change=flip):
    """Nothing can be torn behind a log that was closed: what changed there is named by its byte, and costs nothing."""
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        segment = os.path.join(shop, SEGMENT)
        at = written_bytes(segment) + 4096 + 123456
        change(segment, at)
        before = content(shop)
        answer = kontor.run("store", "verify", "--data", shop)
        require(answer.code == 7 and "E5013" in answer.err and "offset %d" % at in answer.err, "the byte is named: %s" % answer)
        require(content(shop) == before, "who verifies changed something")
        require(books(kontor, shop) == undisturbed()["books"], "the books changed")
        require(kontor.run("store", "verify", "--data", shop).code == 0, "a start has put it aside")


def with_an_index(here):
    """A shop with a sealed segment, and what is made of it."""
    shop = here / "shop"
    require(Kontor().run("store", "restore", undisturbed()["shop"], "--data", shop).code == 0, "it has two segments")
    require(import_sample(Kontor(), shop).code == 0, "it was opened, and has made its index")
    require("00000000000000000001.idx" in os.listdir(os.path.join(shop, "journal")), "here is the index")
    return shop


def check_rot_beside_the_log(kontor, change=flip):
    """A seal and an index that rotted: named with file and offset, exit code 7, nothing changed; a start mends it and says so."""
    with Directory() as here:
        shop = with_an_index(here)
        seal = os.path.join(shop, "journal", "00000000000000000002.seg")
        index = os.path.join(shop, "journal", "00000000000000000001.idx")
        for path, offset in (seal, written_bytes(seal) + 100), (index, 4096), (index, 60), (index, os.path.getsize(index) - 100):
            change(path, offset)
            before = content(shop)
            place = os.path.basename(path) + ", offset %d" % (offset if path == index else written_bytes(path))
            for form in [], ["--json"]:
                answer = kontor.run("store", "verify", "--data", shop, *form)
                require(answer.code == 7 and "E5013" in answer.err, "what rotted ends a check with 7: %s" % answer)
                require(place in answer.err and place in answer.out, "its place is named (%s): %s" % (place, answer))
                require("made anew" in answer.err or "puts it aside" in answer.err, "what to do is said: %s" % answer)
                require(content(shop) == before, "who verifies changed something")
            if offset == os.path.getsize(index) - 100:
                os.remove(index)  # a start looks at what it keeps in memory; who meets the rest makes it anew
            answer = import_sample(kontor, shop)
            require(answer.code == 0, "a start goes on: %s" % answer)
            told = os.path.basename(path) in answer.err
            require(told or offset == os.path.getsize(index) - 100, "a start says what it mended: %s" % answer)
            answer = kontor.run("store", "verify", "--data", shop)
            require(answer.code == 0, "and then all is good: %s" % answer)


def check_second_process(kontor, is_held=True):
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        holder = start_import(kontor, shop)
        holder.send_signal(signal.SIGSTOP)
        try:
            deadline = time.monotonic() + 20
            lock = os.path.join(shop, "journal", "lock")
            while open(lock).read() != "%d\n" % holder.pid and time.monotonic() < deadline:
                holder.send_signal(signal.SIGCONT)
                time.sleep(0.001)
                holder.send_signal(signal.SIGSTOP)
            if not is_held:
                holder.kill()
                holder.wait()
            for args in (["order", "list"], ["store", "verify"], ["store", "info"], ["import", "online-retail", sample()],
                         ["store", "backup", here / "backup"]):
                answer = kontor.run(*args, "--data", shop)
                require(answer.code == 5, "a second process is refused with 5: %s" % answer)
                require("process %d " % holder.pid in answer.err, "the holder is named: %s" % answer)
            answer = kontor.run("store", "restore", shop, "--data", here / "restored")
            require(answer.code == 5 and "process %d " % holder.pid in answer.err, "what is open is not copied: %s" % answer)
            require(not os.path.exists(os.path.join(here / "restored", "journal")), "nothing is left of the try")
        finally:
            if is_held:
                holder.kill()
            holder.communicate()
        require(books(kontor, shop) == undisturbed()["books"], "the refused ones changed something")


def become_nobody():
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def check_read_only(kontor):
    """Somebody who may not write: refused, and nothing is changed or left behind."""
    with Directory() as here:
        os.chmod(here.path, 0o755)
        program = shutil.copy(SETTINGS.kontor, here / "kontor")
        table = shutil.copy(sample(), here / "sample.csv")
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        for path, names, files in os.walk(shop):
            os.chmod(path, 0o555)
            for name in files:
                os.chmod(os.path.join(path, name), 0o444)
        preexec = become_nobody if os.geteuid() == 0 else None
        before = sorted(os.listdir(here.path))
        for target in shop, here / "new":
            run = subprocess.run([program, "import", "online-retail", table, "--data", target], cwd="/", text=True,
                                 preexec_fn=preexec, capture_output=True, check=False)
            answer = kontor.answer(type("Said", (), dict(code=run.returncode, out=run.stdout, err=run.stderr,
                                                         args=["import"])))
            require(answer.code == 5, "what may not be written is refused with 5, not %d: %s" % (answer.code, answer.err))
            require(target in answer.err, "the place is named: %s" % answer.err)
        require(sorted(os.listdir(here.path)) == before, "something was left behind")
        os.chmod(shop, 0o755)
        os.chmod(os.path.join(shop, "journal"), 0o755)
        require(books(Kontor(), shop) == undisturbed()["books"], "the books changed")


def check_full_disk(kontor):
    with Directory() as here:
        if not mount(here.path, 100):
            raise unittest.SkipTest("a small file system cannot be mounted here")
        try:
            shop = here / "shop"
            for megabytes in 100, 30:
                mount(here.path, megabytes, "remount")
                answer = kontor.run("import", "online-retail", sample(), "--data", shop, "--progress", "off")
                require(answer.code == 5, "a full disk ends an import with 5: %s" % answer)
                require("full" in answer.err or "no space" in answer.err, "it says what is wrong: %s" % answer)
                require("E5011" in answer.err and here.path in answer.err, "and where, and how much is wanted: %s" % answer)
                shutil.rmtree(shop) if megabytes == 100 else None
            require(mount(here.path, 2000, "remount"), "the disk cannot be made larger")
            answer = import_sample(kontor, shop)
            require(answer.code == 0, "with space the import goes on: %s" % answer)
            require(books(kontor, shop) == undisturbed()["books"], "its books are others")
        finally:
            unmount(here.path)


class Crashes(unittest.TestCase):
    def rings(self, check, *args, **options):
        with self.assertRaises(AssertionError):
            check(*args, **options)

    def exits(self, code):
        def change(answer):
            answer.code = code

        return Liar(change)

    def silent(self):
        def change(answer):
            answer.err = ""

        return Liar(change)

    def test_an_import_killed_at_any_moment_goes_on_to_the_same_books(self):
        check_killed_imports(Kontor())
        self.rings(check_killed_imports, Kontor(), run_again=False)

    def test_ctrl_c_ends_an_import_with_130_and_it_goes_on(self):
        check_interrupted_import(Kontor())
        self.rings(check_interrupted_import, self.exits(1))
        self.rings(check_interrupted_import, self.silent())

    def test_a_flipped_byte_is_named(self):
        check_flipped_bytes(Kontor())
        self.rings(check_flipped_bytes, Kontor(), change=lambda path, offset: None, flips=1)
        self.rings(check_flipped_bytes, self.silent(), flips=1)

    def test_a_torn_tail_is_put_aside_and_costs_nothing(self):
        check_torn_tail(Kontor())
        with self.assertRaises((AssertionError, KeyError)):
            check_torn_tail(Kontor(), tear=False)

    def test_a_byte_that_changed_behind_a_closed_log_is_named(self):
        check_changed_end(Kontor())
        with self.assertRaises(AssertionError):
            check_changed_end(Kontor(), change=lambda path, offset: None)

    def test_rot_beside_the_log_is_named_and_mended_by_a_start(self):
        check_rot_beside_the_log(Kontor())
        self.rings(check_rot_beside_the_log, Kontor(), change=lambda path, offset: None)
        self.rings(check_rot_beside_the_log, self.exits(0))
        self.rings(check_rot_beside_the_log, self.silent())

    def test_a_second_process_is_refused_and_told_who_has_the_shop(self):
        check_second_process(Kontor())
        self.rings(check_second_process, Kontor(), is_held=False)
        self.rings(check_second_process, self.silent())

    def test_a_directory_that_may_not_be_written_is_left_as_it_is(self):
        check_read_only(Kontor())
        self.rings(check_read_only, self.exits(0))

    def test_a_full_disk_ends_an_import_which_goes_on_when_there_is_space(self):
        check_full_disk(Kontor())
        self.rings(check_full_disk, self.exits(1))
