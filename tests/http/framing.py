#!/usr/bin/env python3
"""Holds the edge beside nginx and haproxy: the same bytes to each, and no difference but those that are listed.

    framing.py HTTP_ECHO [ROUNDS]

Requests of malformed_heads.txt and sound_heads.txt are joined and changed by dice (KONTOR_SEED), and sent with a whole request
behind them, so that it shows where a server believes that the next one begins. Each server answers a request with its target;
haproxy hands it on to the edge. A difference that allowed_differences.txt does not list fails the run. A server that is not
installed is left out and named; without both the test is skipped (77). All listen on loopback only.
"""

import collections
import os
import pathlib
import random
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
BEHIND = b"GET /behind HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
SILENCE = 0.06  # seconds after which a server waits for more; then it is told that nothing comes
PIECES = [
    b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\t", b" ", b":", b",", b";", b"\0", b"\x80", b"\xff", b"%00", b"%2f", b"..", b"/", b"#",
    b"chunked", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: identity\r\n", b"Content-Length: 5\r\n",
    b"Content-Length: 0\r\n", b"Host: evil.test\r\n", b"Connection: close\r\n", b"0\r\n\r\n", b"5\r\nhello\r\n", b"HTTP/1.0",
    b"GET ", b"POST ", b"http://localhost", b" folded\r\n",
]
NGINX = """daemon off; master_process off; pid {dir}/nginx.pid; error_log {dir}/nginx.log;
events {{ worker_connections 256; }}
http {{
  access_log off; default_type text/plain; ignore_invalid_headers off; merge_slashes off;
  large_client_header_buffers 4 20k; client_max_body_size 1m; client_body_temp_path {dir}/t1; proxy_temp_path {dir}/t2;
  fastcgi_temp_path {dir}/t3; uwsgi_temp_path {dir}/t4; scgi_temp_path {dir}/t5; lingering_close off;
  server {{ listen 127.0.0.1:{port}; server_name localhost 127.0.0.1; location / {{ return 200 "saw: $request_uri\\n"; }} }}
}}
"""
HAPROXY = """global
  maxconn 256
defaults
  mode http
  timeout client 3s
  timeout server 3s
  timeout connect 3s
frontend all
  bind 127.0.0.1:{port}
  default_backend edge
backend edge
  server edge 127.0.0.1:{edge}
"""


def unescaped(text):
    text = re.sub(r"\{(\d+)\*([^}]*)\}", lambda found: found[2] * int(found[1]), text)
    plain = re.sub(
        r"\\(x[0-9a-f]{2}|.)",
        lambda found: chr(int(found[1][1:], 16)) if len(found[1]) == 3 else {"r": "\r", "n": "\n", "t": "\t"}.get(found[1], found[1]),
        text,
    )
    return plain.encode("latin-1")


def read_heads(name, separator):
    lines = (HERE / name).read_text().split("\n")
    cases = [unescaped(line.split(separator, 1)[1]) for line in lines if line and not line.startswith("#")]
    return [case for case in cases if len(case) < 600]


def change(dice, data):
    at, length = dice.randint(0, len(data)), dice.randint(0, 8)
    kind = dice.randrange(7)
    if kind == 0:
        return data[:at] + dice.choice(PIECES) + data[at:]
    if kind == 1:
        return data[:at] + bytes([dice.randrange(256)]) + data[at:]
    if kind == 2:
        return data[:at] + data[at + 1 :]
    if kind == 3:
        return data[:at] + data[at + length :]
    if kind == 4:
        return data[:at] + dice.choice(PIECES) + data[at + length :]
    if kind == 5:
        return data[:at] + data[max(at - 4 * length, 0) :]
    return data[:at] + bytes(byte ^ (1 << dice.randrange(8)) for byte in data[at : at + 1]) + data[at + 1 :]


def draw(dice, sound, malformed):
    data = b"".join(dice.choice(sound if dice.random() < 0.6 else malformed) for _ in range(dice.choice((1, 1, 2))))
    for _ in range(dice.randint(0, 3)):
        data = change(dice, data)
    return data + BEHIND


def ask(port, data):
    """What a server made of the bytes: the targets that it saw, and the status and words of its refusal."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        try:
            client.sendall(data)
            if not select.select([client], [], [], SILENCE)[0]:
                client.shutdown(socket.SHUT_WR)
            while piece := client.recv(65536):
                received += piece
                if not select.select([client], [], [], SILENCE)[0]:
                    client.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # cut off: what came until then counts
    targets, refusal = [], None
    for answer in re.split(rb"(?=HTTP/1\.1 [1-5]\d\d )", received)[1:]:
        status = answer[9:12].decode()
        if status == "100":
            continue
        if status != "200":
            words = re.search(rb'"detail":"([^"]*)"', answer)
            refusal = (status, words[1].decode() if words else "")
            break
        target = re.search(rb"saw: (.*)\n", answer)
        targets.append(target[1].rstrip(b"?") if target else b"(head)")
    return targets, refusal


def difference(ours, theirs, data):
    """Empty: both see the same."""
    (our_targets, our_refusal), (their_targets, their_refusal) = ours, theirs
    same = 0
    while same < min(len(our_targets), len(their_targets)) and our_targets[same] == their_targets[same]:
        same += 1
    we_stop, they_stop = same == len(our_targets), same == len(their_targets)
    mentions_close = re.search(rb"connection:[^\r\n]*close", data[: -len(BEHIND)].lower())
    if we_stop and they_stop and bool(our_refusal) == bool(their_refusal):
        return ""
    if we_stop and our_refusal:
        return f"we refuse: {our_refusal[1]}"
    if they_stop and their_refusal:
        if b"HTTP/1.0" in data and re.search(rb"connection:[^\r\n]*keep-alive", data.lower()):
            return "they refuse what stands behind HTTP/1.0 kept alive"
        is_odd = re.search(rb"[^\s]*[^A-Z_\s-][^\s]* /\S* HTTP/1", data)
        reason = " (an odd method)" if is_odd else " (a tab)" if b"\t" in data else ""
        return f"they refuse with {their_refusal[0]}" + (reason if their_refusal[0] == "400" else "")
    if we_stop:
        if mentions_close:
            return "they go on after Connection: close"
        return "they answer one that we wait for" if len(their_targets) == same + 1 else "they see more requests"
    if they_stop:
        return "they close where Connection mentions close" if mentions_close else "they stop without a word"
    return "they answer HTTP/0.9" if our_targets[same] == b"(head)" else "other targets"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(name, template, command, directory, edge):
    program = shutil.which(command[0]) or shutil.which(command[0], path="/usr/sbin")
    if not program:
        print(f"{name}: not installed")
        return None
    port = free_port()
    config = directory / f"{name}.conf"
    config.write_text(template.format(dir=directory, port=port, edge=edge))
    process = subprocess.Popen([program, *command[1:], str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as probe:
            if process.poll() is None and probe.connect_ex(("127.0.0.1", port)) == 0:
                return name, process, port
        time.sleep(0.05)
    process.terminate()
    print(f"{name}: does not start")
    return None


def compare(edge, peers, rounds, seed):
    dice = random.Random(seed)
    sound, malformed = read_heads("sound_heads.txt", "|"), read_heads("malformed_heads.txt", " ")
    allowed = {line.split(" | ")[0] for line in (HERE / "allowed_differences.txt").read_text().split("\n")}
    kinds = collections.defaultdict(list)
    for _ in range(rounds):
        data = draw(dice, sound, malformed)
        ours = ask(edge, data)
        for name, _, port in peers:
            kind = difference(ours, ask(port, data), data)
            if kind:
                kinds[f"{name}: {kind}"].append(data)
    for kind, examples in sorted(kinds.items()):
        print("allowed " if kind in allowed else "UNLISTED", len(examples), kind)
        for example in [] if kind in allowed else examples[:6]:
            print("        ", repr(example)[2:-1])
    print(f"{rounds} rounds, seed {seed}")
    return 0 if all(kind in allowed for kind in kinds) else 1


def main():
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    edge = subprocess.Popen([sys.argv[1], "0"], stdout=subprocess.PIPE, text=True)
    peers = []
    try:
        port = int(edge.stdout.readline())
        with tempfile.TemporaryDirectory() as directory:
            directory = pathlib.Path(directory)
            os.chmod(directory, 0o755)
            peers = [
                start("nginx", NGINX, ["nginx", "-c"], directory, port),
                start("haproxy", HAPROXY, ["haproxy", "-db", "-f"], directory, port),
            ]
            peers = [peer for peer in peers if peer]
            if not peers:
                print("neither nginx nor haproxy is installed")
                return 77
            return compare(port, peers, rounds, int(os.environ.get("KONTOR_SEED", "1")))
    finally:
        for process in [edge, *[peer[1] for peer in peers if peer]]:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
