#!/usr/bin/env python3
"""Runs the peers of the append benchmark, each durable before it answers, and prints one JSON object a line.

    append.py --directory DIR --seconds N [PEER ...]

Peers: redis rocksdb message-db emmett postgres. Servers listen on loopback only, keep their data under DIR and are
stopped by their process id. A peer that cannot be had prints {"peer": ..., "absent": why}; that fails nothing.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PAYLOAD = "x" * 300


class Absent(Exception):
    """This peer cannot be had here; the message says why."""


def need(program, package):
    found = shutil.which(program)
    if found is None:
        raise Absent(f"{program} is not installed (package {package})")
    return found


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
        raise Absent(f"{command[0]} ended with {done.returncode}: {' '.join((done.stderr or done.stdout).split())[-200:]}")
    return done.stdout


@contextlib.contextmanager
def server(command, log, **options):
    with open(log, "w", encoding="utf-8") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:  # a database waits for clients that never leave
            process.kill()
            process.wait()


def redis(directory, seconds):
    port = free_port()
    command = [need("redis-server", "redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(directory),
               "--appendonly", "yes", "--appendfsync", "always", "--save", ""]
    with server(command, directory / "log"):
        client = [need("redis-cli", "redis-tools"), "-p", str(port)]
        wait_until(lambda: subprocess.run(client + ["ping"], capture_output=True, check=False).returncode == 0, "redis")
        for in_flight in (8, 50, 64):
            requests = str(int(25_000 * seconds))
            printed = output_of([need("redis-benchmark", "redis-tools"), "-p", str(port), "-c", str(in_flight), "-n", requests,
                                 "-r", "100000", "--csv", "XADD", "stream:__rand_int__", "*", "d", PAYLOAD])
            rate = float(printed.strip().splitlines()[-1].split('","')[1].strip('"'))
            yield {"in_flight": in_flight, "appends_per_second": rate, "settings": "appendonly yes, appendfsync always"}


def rocksdb(directory, seconds):
    for threads, batch in ((8, 1), (64, 1), (64, 8)):
        printed = output_of([need("db_bench", "rocksdb-tools"), "--benchmarks=fillrandom", "--sync=1", f"--threads={threads}",
                             f"--batch_size={batch}", "--value_size=300", "--key_size=24", "--num=100000000",
                             f"--duration={int(seconds)}", f"--db={directory}/db", "--compression_type=none"])
        rate = float(re.search(r"fillrandom\s*:.*?(\d+) ops/sec", printed).group(1))
        yield {"in_flight": threads * batch, "threads": threads, "batch": batch, "appends_per_second": rate,
               "settings": "sync=1; the package is built with assertions on"}
        shutil.rmtree(directory / "db", ignore_errors=True)


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
    with server(command, directory / "log"):
        environment = dict(os.environ, PGHOST="127.0.0.1", PGPORT=str(port), PGUSER="postgres", PGDATABASE="postgres")
        ready = [str(folder / "pg_isready")]
        wait_until(lambda: subprocess.run(ready, env=environment, capture_output=True, check=False).returncode == 0, "postgres")
        yield environment


def pgbench(environment, script, directory, clients, seconds):
    filled = directory / script.name
    filled.write_text(script.read_text(encoding="utf-8").replace("PAYLOAD", PAYLOAD), encoding="utf-8")
    printed = output_of([need("pgbench", "postgresql"), "-n", "-c", str(clients), "-j", "2", "-T", str(int(seconds)),
                         "-f", str(filled), environment["PGDATABASE"]], env=environment)
    return float(re.search(r"tps = ([\d.]+)", printed).group(1))


def postgres_insert(directory, seconds):
    with postgres(directory) as environment:
        output_of(["psql", "-q", "-c", "CREATE SEQUENCE versions; CREATE TABLE events (stream bigint, version bigint, "
                   "payload jsonb, PRIMARY KEY (stream, version))"], env=environment)
        for clients in (8, 64):
            rate = pgbench(environment, HERE / "insert.pgbench", directory, clients, seconds)
            yield {"in_flight": clients, "appends_per_second": rate, "settings": "synchronous_commit=on, one row a transaction"}


def installed_npm(name):
    target = ROOT / "build" / "peers" / name
    target.mkdir(parents=True, exist_ok=True)
    for file in (HERE / name).iterdir():
        shutil.copy(file, target / file.name)
    if not (target / "node_modules").exists():
        output_of([need("npm", "npm"), "install", "--no-audit", "--no-fund", "--prefix", str(target)])
    return target


def message_db(directory, seconds):
    target = installed_npm("message-db")
    with postgres(directory) as environment:
        scripts = target / "node_modules" / "@eventide" / "message-db" / "database"
        output_of(["bash", str(scripts / "install.sh")], env=environment)
        environment.update(PGDATABASE="message_store", PGOPTIONS="-c search_path=message_store,public")
        rate = pgbench(environment, HERE / "message-db" / "append.pgbench", directory, 8, seconds)
        yield {"in_flight": 8, "appends_per_second": rate, "settings": "synchronous_commit=on, write_message"}


def emmett(directory, seconds):
    target = installed_npm("emmett")
    with postgres(directory) as environment:
        url = f"postgresql://postgres@127.0.0.1:{environment['PGPORT']}/postgres"
        printed = output_of([need("node", "nodejs"), str(target / "append.mjs"), url, "16", str(int(seconds))])
        counted = json.loads(printed.strip().splitlines()[-1])
        yield {"in_flight": 16, "appends_per_second": counted["appends"] / counted["seconds"],
               "settings": "synchronous_commit=on, appendToStream, pooled"}


PEERS = {"redis": redis, "rocksdb": rocksdb, "message-db": message_db, "emmett": emmett, "postgres": postgres_insert}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--directory", default=str(ROOT / "build" / "bench" / "peers"))
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("peers", nargs="*", choices=[[], *PEERS], default=[])
    options = parser.parse_args()
    for name in options.peers or PEERS:
        directory = pathlib.Path(options.directory).resolve() / name
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        try:
            for result in PEERS[name](directory, options.seconds):
                print(json.dumps({"peer": name, **result}), flush=True)
        except (Absent, OSError, subprocess.TimeoutExpired) as why:
            print(json.dumps({"peer": name, "absent": str(why)}), flush=True)
        finally:
            shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
