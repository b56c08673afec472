"""The program under test, and programs that lie: what the checks of tests/e2e are made of."""

import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time

SETTINGS = None  # set by run.py: kontor, samples, seed


class Answer:
    """What one run of the program said."""

    def __init__(self, args, code, out, err):
        self.args, self.code, self.out, self.err = args, code, out, err

    def __str__(self):
        return "kontor %s: exit code %s\n%s%s" % (" ".join(self.args), self.code, self.out[-800:], self.err[-800:])

    def json(self):
        """Exactly one JSON object."""
        lines = self.json_lines()
        require(len(lines) == 1, "one object is wanted, not %d: %s" % (len(lines), self))
        return lines[0]

    def json_lines(self):
        try:
            lines = [json.loads(line) for line in self.out.splitlines()]
        except ValueError as error:
            raise AssertionError("this is no JSON (%s): %s" % (error, self)) from error
        require(all(isinstance(line, dict) for line in lines), "each line is an object: %s" % self)
        return lines


def require(condition, message):
    """An assert that python -O does not remove."""
    if not condition:
        raise AssertionError(message)


class Kontor:
    """Runs the program, in a directory without settings of its own."""

    def run(self, *args, **options):
        process = self.start(*args, **options)
        try:
            out, err = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise AssertionError("kontor %s did not end within a minute" % " ".join(map(str, args))) from None
        return self.answer(Answer([str(arg) for arg in args], process.returncode, out or "", err or ""))

    def start(self, *args, preexec=None, environment=None, stdout=subprocess.PIPE, stderr=subprocess.PIPE):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("KONTOR_")}
        return subprocess.Popen([self.program()] + [str(arg) for arg in args], stdout=stdout, stderr=stderr,
                                text=True, encoding="utf-8", cwd=SETTINGS.directory, preexec_fn=preexec,
                                env={**clean, **(environment or {})})

    def program(self):
        return SETTINGS.kontor

    def answer(self, answer):
        return answer


class Liar(Kontor):
    """A program whose answers are changed on their way: a check that believes it is worth nothing."""

    def __init__(self, change):
        self.change = change

    def answer(self, answer):
        self.change(answer)
        return answer


def sample():
    return os.path.join(SETTINGS.samples, "online-retail-2010-12.csv")


class Directory:
    """A directory of its own for one check, gone afterwards."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(dir=SETTINGS.directory)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def __truediv__(self, name):
        return os.path.join(self.path, name)

    def file(self, name, content):
        path = self / name
        with open(path, "wb") as file:
            file.write(content)
        return path


def copy_shop(source, target):
    """The log without the files that wait to become part of it."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("spare-*", "reserve-*"))


def import_sample(kontor, shop):
    return kontor.run("import", "online-retail", sample(), "--data", shop, "--json")


def books(kontor, shop):
    """Everything a person can ask of a shop, as one text."""
    parts = []
    for noun in "order", "stock", "payment":
        answer = kontor.run(noun, "list", "--limit", 1000000, "--data", shop, "--json")
        require(answer.code == 0, "the shop does not answer: %s" % answer)
        parts.append(answer.out)
    return "\n".join(parts)


def last_position(kontor, shop):
    """How many facts are in the log; 0 where there is none yet."""
    answer = kontor.run("store", "info", "--data", shop, "--json")
    return 0 if answer.code == 3 else answer.json()["last_position"]


_undisturbed = {}


def undisturbed():
    """A shop that nobody disturbed: its directory, its books and how long the import took. Nobody writes to it."""
    if not _undisturbed:
        kontor, shop = Kontor(), os.path.join(SETTINGS.directory, "undisturbed")
        start = time.monotonic()
        answer = import_sample(kontor, shop)
        seconds = time.monotonic() - start
        require(answer.code == 0, "the sample does not import: %s" % answer)
        _undisturbed.update(seconds=seconds, shop=shop, books=books(kontor, shop), report=answer.out,
                            last=last_position(kontor, shop))
    return _undisturbed


def end(process, signal_number=signal.SIGKILL):
    process.send_signal(signal_number)
    out, err = process.communicate(timeout=60)
    return Answer([], process.returncode, out, err)


def dice():
    return random.Random(SETTINGS.seed)


def mount(path, megabytes, *options):
    """A small disk in memory; needs root. False: it cannot be had here."""
    command = ["mount", "-t", "tmpfs", "-o", ",".join(["size=%dm" % megabytes, *options]), "tmpfs", path]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def unmount(path):
    subprocess.run(["umount", "-l", path], check=False)
