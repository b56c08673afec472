"""Data directories as they should not be: each is refused by a code of its own, says where and what to do, and stays as it was."""

import json
import os
import resource
import shutil
import subprocess
import unittest

from kontor import Directory, Kontor, Liar, books, copy_shop, mount, require, sample, undisturbed, unmount
import kontor as world

NOBODY = 65534
IS_ROOT = os.geteuid() == 0
SEGMENT = "journal/00000000000000000001.seg"


def become_nobody():
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def few_files():
    resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))


class Everyman(Kontor):
    """The program where everybody may run it, run by somebody who is not root."""

    def __init__(self, change=lambda answer: None):
        self.change = change

    def program(self):
        return for_all("kontor-for-all", lambda path: shutil.copy(world.SETTINGS.kontor, path))

    def run(self, *args, preexec=become_nobody if IS_ROOT else None, **options):
        return super().run(*args, preexec=preexec, **options)

    def answer(self, answer):
        self.change(answer)
        return answer


def for_all(name, make):
    """Something that everybody may read, made once."""
    path = os.path.join(world.SETTINGS.directory, name)
    if not os.path.exists(path):
        make(path)
        subprocess.run(["chmod", "-R", "a+rX", path], check=True)
    return path


def writing(_, target):
    table = for_all("sample-for-all.csv", lambda path: shutil.copy(sample(), path))
    backup = for_all("backup-for-all", lambda path: copy_shop(undisturbed()["shop"], path))
    yield ["import", "online-retail", table, "--data", target]
    yield ["serve", "--for", "1", "--data", target]
    yield ["store", "restore", backup, "--data", target]


def reading(here, target):
    for args in ["order", "list"], ["store", "info"], ["store", "verify"], ["projection", "list"]:
        yield [*args, "--data", target]
    yield ["store", "backup", here / "backup", "--data", target]


def everything(here, target):
    yield from writing(here, target)
    yield from reading(here, target)


def snapshot(path):
    """All that is there, with rights and sizes. The id in a lock may be another."""
    found = []
    for folder, names, files in os.walk(path):
        for name in names + files:
            each = os.path.join(folder, name)
            about = os.lstat(each)
            found.append((each, oct(about.st_mode), 0 if name == "lock" else about.st_size))
    return sorted(found)


def owned_shop(here):
    """A good shop that belongs to who will ask for it."""
    shop = here / "shop"
    copy_shop(undisturbed()["shop"], shop)
    if IS_ROOT:
        for folder, names, files in os.walk(shop):
            for each in [folder, *(os.path.join(folder, name) for name in names + files)]:
                os.chown(each, NOBODY, NOBODY)
    return shop


def forbidden(part, mode):
    def make(here):
        shop = owned_shop(here)
        os.chmod(os.path.join(shop, part), mode)
        return shop

    return make


def behind_a_closed_door(here):
    os.makedirs(here / "closed")
    os.chmod(here / "closed", 0)
    return here / "closed/shop"


def read_only(here):
    shop = here / "shop"
    copy_shop(undisturbed()["shop"], shop)
    for folder, _, files in os.walk(shop):
        for name in files:
            os.chmod(os.path.join(folder, name), 0o444)
        os.chmod(folder, 0o555)
    return shop


def new_where_nothing_may_be_made(here):
    os.makedirs(here / "closed", mode=0o755)
    os.chmod(here / "closed", 0o555)
    return here / "closed/shop"


def file_in_its_place(here):
    return here.file("shop", b"no directory")


def file_on_the_way(here):
    here.file("file", b"no directory")
    return here / "file/shop"


def file_for_a_journal(here):
    os.makedirs(here / "shop")
    here.file("shop/journal", b"no directory")
    return here / "shop"


def link_to_nowhere(here):
    os.symlink("/nowhere/at/all", here / "shop")
    return here / "shop"


def link_to_itself(here):
    os.symlink(here / "shop", here / "shop")
    return here / "shop"


def journal_on_a_lost_disk(here):
    os.makedirs(here / "shop")
    os.symlink("/nowhere/at/all", here / "shop/journal")
    return here / "shop"


def somebody_elses(*names):
    def make(here):
        for name in names:
            os.makedirs(os.path.dirname(here / ("shop/" + name)), exist_ok=True)
            here.file("shop/" + name, b"dear diary")
        for folder, _, _ in os.walk(here / "shop"):
            os.chmod(folder, 0o777)
        return here / "shop"

    return make


# what is wrong, how it is made, who asks, the code, the exit code, a word of the place
CASES = [
    ("the directory may not be read", forbidden("", 0), everything, "E5009", 5, "/shop"),
    ("its files cannot be seen", forbidden("", 0o444), everything, "E5009", 5, "/shop"),
    ("the journal may not be read", forbidden("journal", 0), everything, "E5009", 5, "/shop/journal"),
    ("the names in the journal alone can be seen", forbidden("journal", 0o444), everything, "E5009", 5, "/journal"),
    ("a segment may not be read", forbidden(SEGMENT, 0), reading, "E5009", 5, ".seg"),
    ("the way to it is closed", behind_a_closed_door, everything, "E5009", 5, "/closed/shop"),
    ("a shop may not be written", read_only, lambda *at: list(writing(*at))[:2], "E5010", 5, "/shop"),
    ("nothing may be made there", new_where_nothing_may_be_made, writing, "E5010", 5, "/closed/shop"),
    ("a file is in its place", file_in_its_place, everything, "E7023", 2, "/shop"),
    ("a file is on the way", file_on_the_way, everything, "E7023", 2, "/file/shop"),
    ("the journal is a file", file_for_a_journal, everything, "E7023", 2, "/shop/journal"),
    ("a link leads nowhere", link_to_nowhere, everything, "E7024", 3, "/shop"),
    ("a link leads to itself", link_to_itself, everything, "E7024", 3, "/shop"),
    ("the journal is on a lost disk", journal_on_a_lost_disk, everything, "E7024", 3, "/shop/journal"),
    ("somebody else's files are there", somebody_elses("diary.txt"), writing, "E7025", 4, "/shop"),
    ("somebody else's directory is there", somebody_elses("photos/me.jpg"), writing, "E7025", 4, "/shop"),
    ("somebody else's file is in the journal", somebody_elses("journal/diary.txt"), writing, "E7025", 4, "/journal"),
    ("it looks half made", somebody_elses("journal/diary.tmp"), writing, "E7025", 4, "/journal"),
    ("there is no shop among the files", somebody_elses("diary.txt"), reading, "E7006", 3, "/shop"),
]


def check_refused(answer, before, here, code, exit_code, place, what):
    require(answer.code == exit_code, "%s: exit code %d is promised: %s" % (what, exit_code, answer))
    require(answer.out == "", "%s: nothing is on stdout: %s" % (what, answer))
    try:
        told = json.loads(answer.err.splitlines()[-1])
    except (ValueError, IndexError):
        raise AssertionError("%s: the error is one object: %s" % (what, answer)) from None
    require(told["code"] == code, "%s: the code is %s: %s" % (what, code, answer))
    require(place in told["place"], "%s: the place is named: %s" % (what, answer))
    require(told["remedy"].endswith(".") and len(told["remedy"]) > 20, "%s: what to do is said: %s" % (what, answer))
    require(snapshot(here.path) == before, "%s: something was changed by %s" % (what, answer))


def check_case(kontor, case):
    what, make, who, code, exit_code, place = case
    with Directory() as here:
        os.chmod(here.path, 0o777)
        target = make(here)
        before = snapshot(here.path)
        for args in who(here, target):
            check_refused(kontor.run(*args, "--json"), before, here, code, exit_code, place, what)
        for folder in [here.path, here / "shop", here / "closed", here / "shop/journal"]:
            if os.path.isdir(folder):
                os.chmod(folder, 0o755)


def check_cases(kontor, cases=None):
    undisturbed()
    for case in cases or CASES:
        check_case(kontor, case)


def check_read_only_mount(kontor):
    with Directory() as here:
        if not mount(here.path, 500):
            raise unittest.SkipTest("a small file system cannot be mounted here")
        try:
            shop = here / "shop"
            copy_shop(undisturbed()["shop"], shop)
            os.makedirs(here / "empty")
            require(mount(here.path, 500, "remount", "ro"), "it is mounted read-only")
            before = snapshot(here.path)
            for target, who in (shop, lambda *at: list(writing(*at))[:2]), (here / "empty", writing), (here / "new", writing):
                for args in who(here, target):
                    check_refused(kontor.run(*args, "--json"), before, here, "E5010", 5, target, "a read-only disk")
            listed = kontor.run("order", "list", "--data", shop, "--json")
            check_refused(listed, before, here, "E5010", 5, "/shop", "who reads takes the lock")
            doctor = kontor.run("doctor", "--quick", "--data", shop, "--json")
            require(doctor.code == 7 and snapshot(here.path) == before, "the doctor sees it: %s" % doctor)
        finally:
            unmount(here.path)


def check_no_room(kontor):
    with Directory() as here:
        if not mount(here.path, 20):
            raise unittest.SkipTest("a small file system cannot be mounted here")
        try:
            before = snapshot(here.path)
            for args in writing(here, here / "shop"):
                answer = kontor.run(*args, "--json")
                check_refused(answer, before, here, "E5011", 5, "/shop", "a disk without room")
                require("MiB" in answer.err, "how much is wanted is said: %s" % answer)
        finally:
            unmount(here.path)


def check_no_files_at_all(kontor):
    """A file system that only shows what the kernel knows: it is not full."""
    with Directory() as here:
        for args in list(writing(here, "/proc/shop"))[:2]:
            answer = kontor.run(*args, "--json")
            check_refused(answer, [], here, "E5010", 5, "/proc/shop", "a file system without files")
            require("proc keeps no files" in answer.err, "it says why: %s" % answer)


def check_few_files(kontor, preexec=few_files):
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        before = snapshot(here.path)
        for args in [*writing(here, here / "new"), *reading(here, shop)]:
            check_refused(kontor.run(*args, "--json", preexec=preexec), before, here, "E5012", 5, "ulimit -n", "few files")


def check_good_ones(kontor):
    """The control of it all: a good shop, an empty directory and a fresh disk's root are none of these."""
    with Directory() as here:
        os.chmod(here.path, 0o777)
        shop = owned_shop(here)
        os.makedirs(here / "empty/lost+found")
        os.chmod(here / "empty", 0o777)
        for args in reading(here, shop):
            answer = kontor.run(*args)
            require(answer.code == 0, "a good shop is read: %s" % answer)
        answer = kontor.run(*list(writing(here, here / "empty"))[0])
        require(answer.code == 0, "a shop is begun where nothing was: %s" % answer)
    require(books(Kontor(), undisturbed()["shop"]) == undisturbed()["books"], "nobody touched the good shop")


class Directories(unittest.TestCase):
    def rings(self, check, *args, **options):
        with self.assertRaises(AssertionError):
            check(*args, **options)

    def test_each_is_refused_by_name_and_stays_as_it_is(self):
        check_cases(Everyman())

        def exits_otherwise(answer):
            answer.code = 1

        def says_nothing(answer):
            answer.err = ""

        def calls_it_unavailable(answer):
            answer.err = answer.err.replace('"code":"E', '"code":"E5001 E')

        def leaves_something(answer):
            parent = os.path.dirname(str(answer.args[answer.args.index("--data") + 1]))
            while not (os.path.isdir(parent) and os.access(parent, os.W_OK)):
                parent = os.path.dirname(parent)
            os.makedirs(os.path.join(parent, "left"), exist_ok=True)

        for lie in exits_otherwise, says_nothing, calls_it_unavailable, leaves_something:
            for case in CASES:
                self.rings(check_cases, Everyman(lie), [case])

    @unittest.skipUnless(IS_ROOT, "file systems are mounted by root")
    def test_a_read_only_disk_is_named(self):
        check_read_only_mount(Kontor())
        self.rings(check_read_only_mount, Liar(lambda answer: setattr(answer, "code", 0)))

    @unittest.skipUnless(IS_ROOT, "file systems are mounted by root")
    def test_a_disk_without_room_is_named_before_anything_is_made(self):
        check_no_room(Kontor())
        self.rings(check_no_room, Liar(lambda answer: setattr(answer, "err", answer.err.replace("E5011", "E5006"))))

    def test_a_file_system_without_files_is_named(self):
        check_no_files_at_all(Kontor())
        with self.assertRaises(AssertionError):
            check_no_files_at_all(Liar(lambda answer: setattr(answer, "err", answer.err.replace("E5010", "E5011"))))

    def test_too_few_files_are_named(self):
        check_few_files(Kontor())
        self.rings(check_few_files, Kontor(), preexec=None)

    def test_good_directories_are_taken(self):
        check_good_ones(Everyman())
        self.rings(check_good_ones, Everyman(lambda answer: setattr(answer, "code", 5)))
