#!/usr/bin/env python3
"""Ends real programs in the middle of their work, again and again, and looks whether anything acknowledged is lost.

    loops.py kill --bin DIRECTORY [--cycles N] [--seed N]     kill -9 at random moments
    loops.py cut  --bin DIRECTORY [--cycles N] [--seed N]     power cuts: needs root and loop devices

Half of the cycles sell, the other half import invoices. A kill keeps what the system had taken, so the power cuts run on a
file system in a file on another file system in a file: cutting the outer one loses all that was written to the inner one
and not synced, as a disk loses its cache. Before each cut the program is stopped, so that no acknowledgement is read that
came after it.

What was acknowledged is kept here and nowhere else, and looked for with journal_reader.py, which shares no code with the
program. At the end of each life of a directory the shop is brought to rest and its books must agree.

The same loops then run on a disk that is spoilt on purpose (bad_disk.cpp) and must find losses there, in four of five
cycles. Exit codes: 0 all well, 1 a loss or a control that found none, 77 this machine cannot do it.
"""
import argparse
import contextlib
import datetime
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
SAMPLE_ORDERS = 268
ROWS_MAX = 1000000  # more than the sample has of anything
SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "samples", "online-retail-2010-12.csv")
FILE_SYSTEMS = ("ext4", "xfs")  # those that count as durable: both are cut off, in turns
LIVES = 4  # how often a directory is used before it is thrown away


class Lost(Exception):
    pass


class NotRunning(Lost):
    """The program did not even begin: a loss, but nothing that a control may count."""


class Running:
    """A program under test, and every line that it has said so far."""

    def __init__(self, command, environment):
        self.lines = []
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            if line.endswith("\n"):
                self.lines.append(line.split())

    def wait_for_word(self, word, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if any(line[0] == word for line in self.lines):
                return
            if self.process.poll() is not None:
                self.reader.join()
                if any(line[0] == word for line in self.lines):
                    return
                raise NotRunning("it does not start: " + self.process.stderr.read().strip())
            time.sleep(0.002)
        raise NotRunning("it said nothing for %d s" % seconds)

    def freeze(self):
        """Stops it and reads what it had said: nothing is acknowledged after this."""
        self.process.send_signal(signal.SIGSTOP)
        count = -1
        while count != len(self.lines):
            count = len(self.lines)
            time.sleep(0.02)

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stderr.close()
        return self.lines


def read_journal(directory):
    """{position: (stream, version)} by the second reader; any damage is a loss."""
    import journal_reader
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            journal_reader.read(directory)
    except journal_reader.Damage as damage:
        raise Lost("damage: %s" % damage)
    events = {}
    for line in printed.getvalue().splitlines():
        words = line.split()
        if words[0] == "event":
            events[int(words[1])] = (words[2], int(words[3]))
    return events


def check_positions(events):
    if sorted(events) != list(range(1, len(events) + 1)):
        raise Lost("positions are not 1 to %d" % len(events))
    versions = {}
    for position in sorted(events):
        stream, version = events[position]
        if version != versions.get(stream, 0) + 1:
            raise Lost("%s goes from version %d to %d" % (stream, versions.get(stream, 0), version))
        versions[stream] = version


class World:
    """What was acknowledged in a directory, over all its lives."""

    def __init__(self, name, tools):
        self.name, self.tools = name, tools
        self.orders, self.position, self.is_done = {}, 0, False

    def command(self, directory):
        more = [SAMPLE] if self.name == "import" else []
        return [self.tools["crash_shop"], self.name, directory] + more

    def may_say_more(self):
        return self.name == "sell" or not self.is_done

    def note(self, lines):
        self.is_done = self.is_done or ["done"] in lines
        for line in lines:
            if line[0] == "acked":
                self.orders[line[1]] = int(line[2])
            elif line[0] == "durable":
                self.position = max(self.position, int(line[1]))

    def check(self, directory):
        events = read_journal(directory)
        check_positions(events)
        if len(events) < self.position:
            raise Lost("position %d was durable, %d are left" % (self.position, len(events)))
        placed = {stream[len("order-"):]: position for position, (stream, version) in events.items()
                  if version == 1 and stream.startswith("order-")}
        for order, position in self.orders.items():
            if placed.get(order, position + 1) > position:
                raise Lost("order %s was acknowledged at position %d and is not there" % (order, position))

    def finish(self, directory):
        """Brings the shop to rest; its books must agree, and every acknowledged order must have ended well."""
        if self.name == "import":
            self._finish_import(directory)
        else:
            self._finish_selling(directory)
        self._run([self.tools["kontor"], "store", "verify", "--data", os.path.dirname(directory)])

    def _run(self, command):
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        except subprocess.TimeoutExpired:
            raise Lost("%s does not end" % " ".join(command[:2]))
        if done.returncode != 0:
            raise Lost("%s: exit code %d: %s" % (" ".join(command[:3]), done.returncode, (done.stderr + done.stdout).strip()))
        return done.stdout

    def _finish_import(self, directory):
        if "done" not in self._run(self.command(directory)).split():
            raise Lost("the import does not reconcile")
        if self.books(directory) != self.tools["books"](self):
            raise Lost("the books differ from those of an undisturbed import")

    def books(self, directory):
        """Every shelf, payment and order, and the ledger's accounts."""
        kontor, data = self.tools["kontor"], ["--data", os.path.dirname(directory)]
        return [self._run([kontor, noun, "list", "--json", "--limit", str(ROWS_MAX)] + data)
                for noun in ("stock", "payment", "order")] + [self._run([kontor, "ledger", "show", "--json"] + data)]

    def _finish_selling(self, directory):
        lines = [line.split() for line in self._run([self.tools["crash_shop"], "drain", directory]).splitlines()]
        ended = [line[1] for line in lines if line[0] == "ended"]
        books = dict(word.split("=") for line in lines if line[0] == "books" for word in line[1:])
        missing = set(self.orders) - set(ended)
        if missing or len(ended) != len(set(ended)):
            raise Lost("%d acknowledged orders have not ended, %d ended twice" %
                       (len(missing), len(ended) - len(set(ended))))
        fine = (books["placed"] == books["completed"] and books["total"] == books["captured"] and
                books["ordered"] == books["reserved"] == books["issued"])
        if not fine:
            raise Lost("the books do not agree: %s" % books)


class KillBench:
    """A plain directory; the end is kill -9."""

    def __init__(self, _dice, _file_system):
        self.root = tempfile.mkdtemp(prefix="kontor-kill-", dir=os.environ.get("KONTOR_SCRATCH"))

    def directory(self):
        path = os.path.join(self.root, "data", "journal")
        os.makedirs(path, exist_ok=True)
        return path

    def end(self, running):
        return running.kill()

    def close(self):
        shutil.rmtree(self.root, ignore_errors=True)


def run_quietly(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise OSError("%s: %s" % (" ".join(command), done.stderr.strip()))
    return done.stdout.strip()


class CutBench:
    """A file system in a file on an ext4 in a file; the end is the outer one being cut off."""

    def __init__(self, dice, file_system):
        self.dice = dice
        self.root = tempfile.mkdtemp(prefix="kontor-cut-", dir=os.environ.get("KONTOR_SCRATCH"))
        self.outer, self.inner = os.path.join(self.root, "outer"), os.path.join(self.root, "inner")
        self.image = os.path.join(self.outer, "inner.img")
        self.mounted = []
        try:
            for place in (self.outer, self.inner):
                os.mkdir(place)
            self._make_image(os.path.join(self.root, "outer.img"), 768, "ext4")
            self._mount(os.path.join(self.root, "outer.img"), self.outer)
            self._make_image(self.image, 512, file_system)
            self._mount(self.image, self.inner)
            run_quietly("sync", "-f", self.outer)
        except OSError:
            self.close()
            raise

    @staticmethod
    def _make_image(path, mebibytes, file_system):
        with open(path, "wb") as file:
            file.truncate(mebibytes << 20)
        options = {"ext4": ["-F", "-E", "lazy_itable_init=1"], "xfs": ["-f"]}[file_system]
        run_quietly("mkfs." + file_system, "-q", *options, path)

    def _mount(self, image, place):
        run_quietly("mount", "-o", "loop", image, place)
        self.mounted.append(place)

    def _unmount_all(self):
        while self.mounted:
            place = self.mounted.pop()
            for _ in range(100):
                if subprocess.run(["umount", place], capture_output=True).returncode == 0:
                    break
                time.sleep(0.02)

    def directory(self):
        path = os.path.join(self.inner, "data", "journal")
        if not os.path.isdir(path):
            os.makedirs(path)
            run_quietly("sync", "-f", self.inner)
        return path

    def end(self, running):
        running.freeze()
        if self.dice.random() < 0.5:  # a disk may have written some of its cache by itself
            part = self.dice.randrange(0, 512 << 20)
            with open(self.image, "rb") as file:
                os.posix_fadvise(file.fileno(), part, 0, os.POSIX_FADV_DONTNEED)
        run_quietly("xfs_io", "-x", "-c", "shutdown", self.outer)
        lines = running.kill()
        self._unmount_all()
        self._mount(os.path.join(self.root, "outer.img"), self.outer)
        try:
            self._mount(self.image, self.inner)
        except OSError as error:
            raise Lost(str(error))
        return lines

    def close(self):
        self._unmount_all()
        shutil.rmtree(self.root, ignore_errors=True)


def one_cycle(bench, world, dice, environment, spoilt):
    directory = bench.directory()
    running = Running(world.command(directory), environment)
    try:
        running.wait_for_word("open", 60)
        if spoilt or (dice.random() < 0.75 and world.may_say_more()):
            running.wait_for_word({"sell": "acked", "import": "durable"}[world.name], 60)
        time.sleep((0.1 if spoilt else dice.choice((0.002, 0.05, 0.3))) * (0.5 + dice.random()))
    except Lost:
        running.kill()
        raise
    lines = bench.end(running)
    world.note(lines)
    world.check(bench.directory())
    return len(lines)


def campaign(kind, cycles, dice, tools, spoilt=None):
    """Runs the cycles; says how many there were, how many acknowledgements, and each loss."""
    environment = dict(os.environ)
    mark = None
    if spoilt:
        mark = os.path.join(tempfile.gettempdir(), "kontor-bad-disk-%d" % os.getpid())
        environment.update(LD_PRELOAD=tools["bad_disk"], BAD_DISK=spoilt, BAD_DISK_MARK=mark)
    losses, acknowledged, lives = [], 0, 1 if spoilt else LIVES
    done = 0
    while done < cycles:
        name = ("sell", "import")[done // LIVES % 2]
        file_system = FILE_SYSTEMS[(done if spoilt else done // (2 * LIVES)) % 2]
        bench = {"kill": KillBench, "cut": CutBench}[kind](dice, file_system)
        world = World(name, tools)
        try:
            for _ in range(min(lives, cycles - done)):
                done += 1
                acknowledged += one_cycle(bench, world, dice, environment, spoilt)
            if not spoilt:
                world.finish(bench.directory())
        except Lost as lost:
            if spoilt and isinstance(lost, NotRunning):
                raise SystemExit("the program does not run on a spoilt disk, so this is no control: %s" % lost)
            losses.append("%s on %s, cycle %d: %s" % (name, file_system, done, lost))
            if not spoilt:
                keep(bench.directory(), len(losses))
        finally:
            bench.close()
    if mark:
        if not os.path.exists(mark):
            raise SystemExit("the disk was to be spoilt and was not: no control at all")
        os.remove(mark)
    return {"cycles": done, "acknowledgements": acknowledged, "losses": losses}


def keep(directory, number):
    """A copy of what is left, for whoever looks into it."""
    place = os.path.join(tempfile.gettempdir(), "kontor-loss-%d-%d" % (os.getpid(), number))
    with contextlib.suppress(OSError):
        shutil.copytree(directory, place)
        print("kept: " + place, flush=True)


def undisturbed_books(tools):
    """The books of an import that nobody disturbed, made once."""
    known = {}

    def books(world):
        if not known:
            bench = KillBench(None, None)
            try:
                directory = bench.directory()
                world._run(world.command(directory))
                known["books"] = world.books(directory)
                if len(known["books"][2].splitlines()) != SAMPLE_ORDERS:
                    raise SystemExit("the books that all others are held against are not whole")
            finally:
                bench.close()
        return known["books"]
    return books


def can_run(kind):
    try:
        import xxhash  # noqa: F401
    except ImportError:
        return "python3-xxhash is missing"
    if kind == "cut":
        if os.geteuid() != 0:
            return "power cuts need root"
        for tool in ("xfs_io", "mkfs.ext4", "mkfs.xfs", "mount"):
            if shutil.which(tool) is None:
                return "%s is missing" % tool
        try:
            for file_system in FILE_SYSTEMS:
                CutBench(random.Random(1), file_system).close()
        except OSError as error:
            return "no file system in a file here: %s" % error
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("kill", "cut"))
    parser.add_argument("--bin", required=True, help="where the built programs are")
    parser.add_argument("--cycles", type=int, default=8)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("KONTOR_SEED", "1")))
    parser.add_argument("--tally", help="a JSON file that takes the result")
    options = parser.parse_args()
    reason = can_run(options.kind)
    if reason:
        print("SKIPPED: " + reason)
        return 77
    tools = {name: os.path.join(options.bin, name) for name in ("crash_shop", "kontor")}
    tools["bad_disk"] = os.path.join(options.bin, "libbad_disk.so")
    tools["books"] = undisturbed_books(tools)
    dice = random.Random(options.seed)
    print("seed %d (repeat with KONTOR_SEED=%d)" % (options.seed, options.seed), flush=True)

    begun = time.monotonic()
    result = campaign(options.kind, options.cycles, dice, tools)
    spoilt = {"kill": "late_write", "cut": "no_sync"}[options.kind]
    control = campaign(options.kind, max(5, options.cycles // 5), dice, tools, spoilt)
    for loss in result["losses"]:
        print("LOST: " + loss)
    found = len(control["losses"])
    enough = found * 5 >= control["cycles"] * 4
    print("%s: %d cycles, %d acknowledgements, %d losses; control %s: %d of %d cycles red; %.0f s" %
          (options.kind, result["cycles"], result["acknowledgements"], len(result["losses"]), spoilt, found,
           control["cycles"], time.monotonic() - begun))
    if options.tally:
        write_tally(options, result, control, spoilt)
    if not enough:
        print("the control found too little: this loop would not notice a loss")
    return 0 if not result["losses"] and enough else 1


def write_tally(options, result, control, spoilt):
    tally = {}
    if os.path.exists(options.tally):
        with open(options.tally) as file:
            tally = json.load(file)
    tally[options.kind] = {
        "commit": run_quietly("git", "-C", os.path.dirname(SAMPLE), "describe", "--always", "--dirty"),
        "on": datetime.date.today().isoformat(), "seed": options.seed, "cycles": result["cycles"], "acknowledgements": result["acknowledgements"],
        "losses": result["losses"], **({"file_systems": FILE_SYSTEMS} if options.kind == "cut" else {}),
        "control": {"spoilt": spoilt, "cycles": control["cycles"], "red": len(control["losses"])}}
    with open(options.tally, "w") as file:
        json.dump(tally, file, indent=2, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    sys.exit(main())
