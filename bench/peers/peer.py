#!/usr/bin/env python3
"""Runs one peer of a benchmark, durable before it answers, as often as it is asked.

    peer.py [--directory DIR] PEER

Says {"settings": ...} once the peer is ready and warm; then, for each line "CLIENTS BATCH SECONDS" that comes in, runs it so
long and says {"per_second": ...}. It ends with its input. Servers listen on loopback only, keep their data under DIR and are
stopped by their process id. A peer that cannot be had says {"absent": why}; that fails nothing.
"""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import random
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PAYLOAD = "x" * 300
WRAP = []  # stands before the command of whoever writes: parity.py counts what it does
WARM_SECONDS = 20


class Peer:
    """`run` says how often a second it was done; `last` is how often in all, where it is known exactly."""

    def __init__(self, run, settings):
        self.run, self.settings, self.last = run, settings, None


class Absent(Exception):
    """This peer cannot be had here; the message says why."""


def need(program, package):
    found = shutil.which(program)
    if found is None:
        raise Absent(f"{program} is not installed (package {package})")
    return found


def whole(seconds):
    return max(1, round(seconds))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(ready, what, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return
        time.sleep(0.05)
    raise Absent(f"{what} was not ready within {seconds} s")


def output_of(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)
    if done.returncode != 0:
        raise Absent(f"{command[0]} ended with {done.returncode}: {' '.join((done.stderr or done.stdout).split())[-600:]}")
    return done.stdout


@contextlib.contextmanager
def server(command, log, **options):
    with open(log, "w", encoding="utf-8") as out:
        process = subprocess.Popen(command, **{"stdout": out, "stderr": out, **options})
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:  # a database waits for clients that never leave
            process.kill()
            process.wait()


@contextlib.contextmanager
def redis(directory):
    port = free_port()
    command = [need("redis-server", "redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(directory),
               "--appendonly", "yes", "--appendfsync", "always", "--save", ""]

    def run(clients, batch, seconds):
        requests = str(int((120_000 if batch > 1 else 25_000) * seconds))
        running.last = int(requests)
        printed = output_of([need("redis-benchmark", "redis-tools"), "-p", str(port), "-c", str(clients), "-P", str(batch),
                             "-n", requests, "-r", "100000", "--csv", "XADD", "stream:__rand_int__", "*", "d", PAYLOAD])
        return float(printed.strip().splitlines()[-1].split('","')[1].strip('"'))

    with server([*WRAP, *command], directory / "log"):
        client = [need("redis-cli", "redis-tools"), "-p", str(port)]
        wait_until(lambda: subprocess.run(client + ["ping"], capture_output=True, check=False).returncode == 0, "redis")
        running = Peer(run, "appendonly yes, appendfsync always")
        yield running


@contextlib.contextmanager
def rocksdb(directory):
    program = need("db_bench", "rocksdb-tools")

    def run(clients, batch, seconds):
        printed = output_of([*WRAP, program, "--benchmarks=fillrandom", "--sync=1", f"--threads={clients}", f"--batch_size={batch}",
                             "--value_size=300", "--key_size=24", "--num=100000000", f"--duration={whole(seconds)}",
                             f"--db={directory}/db", "--compression_type=none"])
        shutil.rmtree(directory / "db", ignore_errors=True)
        return float(re.search(r"fillrandom\s*:.*?(\d+) ops/sec", printed).group(1))

    yield Peer(run, "sync=1; the package is built with assertions on")


@contextlib.contextmanager
def postgres(directory):
    binaries = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not binaries:
        raise Absent("postgres is not installed (package postgresql)")
    folder = binaries[-1].parent
    shutil.chown(directory, "postgres", "postgres")
    port = free_port()
    as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    output_of(as_postgres + [str(folder / "initdb"), "-D", str(directory / "data"), "-U", "postgres", "-A", "trust"])
    command = as_postgres + [str(folder / "postgres"), "-D", str(directory / "data"), "-p", str(port), "-h", "127.0.0.1", "-k",
                             str(directory), "-c", "synchronous_commit=on", "-c", "shared_buffers=1GB",
                             "-c", "max_wal_size=8GB", "-c", "max_connections=120"]
    with server([*WRAP, *command], directory / "log"):
        environment = dict(os.environ, PGHOST="127.0.0.1", PGPORT=str(port), PGUSER="postgres", PGDATABASE="postgres")
        ready = [str(folder / "pg_isready")]
        wait_until(lambda: subprocess.run(ready, env=environment, capture_output=True, check=False).returncode == 0, "postgres")
        yield environment


def pgbench(environment, script, directory, clients, seconds):
    filled = directory / script.name
    filled.write_text(script.read_text(encoding="utf-8").replace("PAYLOAD", PAYLOAD), encoding="utf-8")
    printed = output_of([need("pgbench", "postgresql"), "-n", "-c", str(clients), "-j", "2", "-T", str(whole(seconds)),
                         "-f", str(filled), environment["PGDATABASE"]], env=environment)
    return float(re.search(r"tps = ([\d.]+)", printed).group(1))


@contextlib.contextmanager
def postgres_insert(directory):
    with postgres(directory) as environment:
        output_of(["psql", "-q", "-c", "CREATE SEQUENCE versions; CREATE TABLE events (stream bigint, version bigint, "
                   "payload jsonb, PRIMARY KEY (stream, version))"], env=environment)
        yield Peer(lambda clients, _, seconds: pgbench(environment, HERE / "insert.pgbench", directory, clients, seconds),
                   "synchronous_commit=on, one row a transaction")


def installed_npm(name):
    target = ROOT / "build" / "peers" / name
    target.mkdir(parents=True, exist_ok=True)
    for file in (HERE / name).iterdir():
        shutil.copy(file, target / file.name)
    if not (target / "node_modules").exists():
        output_of([need("npm", "npm"), "install", "--no-audit", "--no-fund", "--prefix", str(target)])
    return target


@contextlib.contextmanager
def sqlite(directory):
    """SQLite as an event store, in process as its users have it; each event is a transaction, for it has one writer."""
    store = sqlite3.connect(directory / "events.sqlite", isolation_level=None)
    store.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE events(stream INTEGER, version INTEGER, "
                        "payload TEXT NOT NULL, PRIMARY KEY (stream, version)) WITHOUT ROWID;")
    versions = collections.Counter()

    def run(_, __, seconds):
        done, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            stream = random.randrange(100_000)
            versions[stream] += 1
            store.execute("INSERT INTO events VALUES (?, ?, ?)", (stream, versions[stream], PAYLOAD))
            done += 1
        return done / seconds

    yield Peer(run, f"SQLite {sqlite3.sqlite_version}, WAL, synchronous=FULL, one event a transaction")
    store.close()


@contextlib.contextmanager
def message_db(directory):
    target = installed_npm("message-db")
    with postgres(directory) as environment:
        scripts = target / "node_modules" / "@eventide" / "message-db" / "database"
        output_of(["bash", str(scripts / "install.sh")], env=environment)
        environment.update(PGDATABASE="message_store", PGOPTIONS="-c search_path=message_store,public")
        script = HERE / "message-db" / "append.pgbench"
        yield Peer(lambda clients, _, seconds: pgbench(environment, script, directory, clients, seconds),
                   "synchronous_commit=on, write_message")


@contextlib.contextmanager
def node(script, directory):
    """One of Emmett's scripts beside a database of its own: a line in, a line of JSON out."""
    target = installed_npm("emmett")
    with postgres(directory) as environment:
        url = f"postgresql://postgres@127.0.0.1:{environment['PGPORT']}/postgres"
        with server([need("node", "nodejs"), str(target / script), url], directory / "node.log", stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE, text=True) as process:
            def ask(*words):
                process.stdin.write(" ".join(str(word) for word in words) + "\n")
                process.stdin.flush()
                answer = process.stdout.readline()
                if not answer:
                    raise Absent(f"{script} ended: {(directory / 'node.log').read_text(encoding='utf-8')[-600:]}")
                return json.loads(answer)
            yield ask


def emmett_that_counts(script, what, clients_warm, settings):
    """A peer of Emmett whose script says how many of what it did in so many seconds; warm when it is handed out."""
    @contextlib.contextmanager
    def opened(directory):
        with node(script, directory) as ask:
            def run(clients, _, seconds):
                counted = ask(clients, seconds)
                return counted[what] / counted["seconds"]

            run(clients_warm, 1, WARM_SECONDS)
            yield Peer(run, settings)
    return opened


emmett = emmett_that_counts("append.mjs", "appends", 16, "synchronous_commit=on, appendToStream, pooled, warm")
emmett_load = emmett_that_counts("rehydrate.mjs", "loads", 1,
                                 "aggregateStream of 50 events on PostgreSQL, 2,000 streams written interleaved, warm")
emmett_checkout = emmett_that_counts("checkout.mjs", "orders", 16,
                                     "8 streams and 25 events an order, CommandHandler, synchronous_commit=on, warm")


@contextlib.contextmanager
def emmett_rebuild(directory):
    with node("rebuild.mjs", directory) as ask:
        def run(_, __, ___):
            counted = ask("rebuild")
            return counted["events"] / counted["seconds"]

        yield Peer(run, "rebuildPostgreSQLProjections of one row an order")


PEERS = {"redis": redis, "rocksdb": rocksdb, "message-db": message_db, "emmett": emmett, "postgres": postgres_insert,
         "sqlite": sqlite, "emmett-load": emmett_load, "emmett-checkout": emmett_checkout,
         "emmett-rebuild": emmett_rebuild}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--directory", default=str(ROOT / "build" / "bench" / "peers"))
    parser.add_argument("peer", choices=PEERS)
    options = parser.parse_args()
    directory = pathlib.Path(options.directory).resolve() / options.peer
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    try:
        with PEERS[options.peer](directory) as peer:
            print(json.dumps({"settings": peer.settings}), flush=True)
            for line in sys.stdin:
                clients, batch, seconds = line.split()
                print(json.dumps({"per_second": peer.run(int(clients), int(batch), float(seconds))}), flush=True)
    except (Absent, OSError, subprocess.TimeoutExpired) as why:
        print(json.dumps({"absent": str(why)}), flush=True)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
