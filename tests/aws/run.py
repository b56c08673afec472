#!/usr/bin/env python3
"""Runs clients of AWS's that nobody here wrote against our endpoint, and the same checks against peers.

    run.py --wire BINARY [--topics BINARY] [--kontor BINARY] [--clients] [--peers] [PATTERN]

--wire      the endpoint alone, over queues in RAM (wire_alone)
--topics    the endpoint with bus and topics, over a log in RAM (topics_alone)
--kontor    `kontor serve`
--clients   also boto3 1.26 (which speaks forms to SQS), the aws CLI and the JavaScript SDK, installed into build/peers
--peers     also ElasticMQ and moto, to see where they differ from what AWS documents

What could not be had is said in capitals, and never counts as passed. Exit codes: 0 all as it should be, 1 not, 77 boto3 is missing.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
import urllib.request

import elasticmq
from ports import free_port, wait_for

HERE = pathlib.Path(__file__).resolve().parent
PEERS = HERE.parent.parent / "build" / "peers"
BOTO3_OLD = "1.26.27"      # Debian 12's
AWSCLI = "1.46.2"
JAVASCRIPT = "3.1175.0"
MOTO = "5.2.5"

failures = []
missing = []


def fail(what):
    failures.append(what)
    print("FAILED", what)


def cannot_have(what, why):
    missing.append(what)
    print(f"COULD NOT BE HAD: {what} ({why})")


def run(*command, timeout=300, **options):
    return subprocess.run([str(each) for each in command], capture_output=True, text=True, timeout=timeout, **options)


class Running:
    """A program that runs while it is needed, and is ended by its own number."""

    def __init__(self, *command, **options):
        self.process = subprocess.Popen([str(each) for each in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True, **options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end(signal.SIGTERM)

    def end(self, how):
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            fail(f"{self.process.args[0]} did not end within 20 seconds")

    def first_line(self):
        return self.process.stdout.readline().strip()


def environment(endpoint, key="AKIDBEHAVIOUR", secret="behaviour"):
    return dict(os.environ, AWS_ENDPOINT_URL=endpoint, AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret,
                AWS_DEFAULT_REGION="us-east-1", AWS_EC2_METADATA_DISABLED="true", AWS_CONFIG_FILE="/dev/null",
                AWS_SHARED_CREDENTIALS_FILE="/dev/null")


def wanted():
    sys.path.insert(0, str(HERE))
    import behaviour
    return {name: (json.loads(json.dumps(want)), source) for name, _, want, source in behaviour.CHECKS}


def compare(name, endpoint, python=sys.executable, pattern="", gaps=None):
    """Each check of behaviour.py through this interpreter's boto3; gaps are known differences of a peer."""
    told = run(python, HERE / "behaviour.py", endpoint, pattern, timeout=600)
    if told.returncode != 0:
        return fail(f"{name}: behaviour.py ended with {told.returncode}: {told.stderr[-800:]}")
    told = json.loads(told.stdout)
    gaps = gaps or {}
    good = 0
    for check, (want, source) in wanted().items():
        if check not in told["seen"]:
            continue
        seen = told["seen"][check]
        if (seen == want) == (check not in gaps):
            good += 1
        elif seen == want:
            fail(f"{name}: {check} is as AWS has it now: take its line out of gaps.toml")
        else:
            fail(f"{name}: {check}: saw {json.dumps(seen, ensure_ascii=False)[:300]}, wanted "
                 f"{json.dumps(want, ensure_ascii=False)} ({source})")
    print(f"{name}: boto3 {told['boto3']}, {good} of {len(told['seen'])} checks as they should be, {len(gaps)} known gaps")


def venv(name, *packages):
    """The interpreter of an environment with these packages; None: they cannot be had."""
    home = PEERS / name
    python = home / "bin" / "python3"
    if not (home / "complete").exists():
        shutil.rmtree(home, ignore_errors=True)
        made = run(sys.executable, "-m", "venv", home)
        if made.returncode == 0:
            made = run(python, "-m", "pip", "install", "-q", *packages, timeout=600)
        if made.returncode != 0:
            cannot_have(" ".join(packages), made.stderr.strip().splitlines()[-1] if made.stderr else "pip failed")
            return None
        (home / "complete").touch()
    return python


def check_signatures(wire):
    """Keys of a file must verify, and nobody else may do anything."""
    with tempfile.TemporaryDirectory() as directory:
        keys = pathlib.Path(directory) / "keys.json"
        keys.write_text(json.dumps({
            "AKIDGOOD": {"secret": "right", "actions": ["*"], "resources": ["*"]},
            "AKIDREAD": {"secret": "right", "actions": ["sqs:Get*", "sqs:List*"], "resources": ["*"]}}))
        with Running(wire, "0", keys) as running:
            endpoint = f"http://127.0.0.1:{running.first_line()}"
            sys.path.insert(0, str(HERE))
            import behaviour

            def error(key, secret, operation="create_queue", **arguments):
                client = behaviour.Client(endpoint, key, secret)
                return behaviour.error_of(getattr(client.sqs, operation), **arguments)
            cases = [("the right secret", error("AKIDGOOD", "right", QueueName="a"), "none"),
                     ("a wrong secret", error("AKIDGOOD", "wrong", QueueName="a"), "SignatureDoesNotMatch"),
                     ("an unknown key", error("AKIDNOBODY", "right", QueueName="a"), "InvalidClientTokenId"),
                     ("a key that may only look", error("AKIDREAD", "right", QueueName="b"), "AccessDenied"),
                     ("… when it looks", error("AKIDREAD", "right", "get_queue_url", QueueName="a"), "none")]
            for name, seen, want in cases:
                if seen != want:
                    fail(f"signatures: {name}: saw {seen}, wanted {want}")
            unsigned = urllib.request.Request(endpoint + "/?Action=ListQueues&Version=2012-11-05")
            try:
                urllib.request.urlopen(unsigned)
                fail("signatures: an unsigned request was answered")
            except urllib.error.HTTPError as refused:
                if refused.code != 403 or b"MissingAuthenticationToken" not in refused.read():
                    fail(f"signatures: an unsigned request got {refused.code}")
            print(f"signatures: {len(cases) + 1} cases")


def check_workshop(endpoint, has_bus=False):
    import boto3
    if tuple(int(part) for part in boto3.__version__.split(".")[:2]) < (1, 28):
        return cannot_have("the workshop's set-up", f"boto3 {boto3.__version__} does not know AWS_ENDPOINT_URL: pip install boto3")
    told = run(sys.executable, HERE / "workshop_setup.py", *(["--bus"] if has_bus else []), env=environment(endpoint))
    made = json.loads(told.stdout) if told.returncode == 0 else {}
    if len(made.get("queues", {})) != 6 or (has_bus and "event-bus/messaging-workshop-events" not in made.get("bus", "")):
        return fail(f"the workshop's set-up: {told.stdout}{told.stderr[-600:]}")
    print(f"workshop: its set-up ran unchanged, {len(made['queues'])} queues" + (" and its bus" if has_bus else ""))


def check_cli(endpoint, program, name):
    def aws(*words):
        told = run(program, "--endpoint-url", endpoint, "--output", "json", *words, env=environment(endpoint))
        return (told.returncode, json.loads(told.stdout) if told.stdout.strip() else {}, told.stderr)
    queue = "cli-" + name.replace(" ", "-").replace(".", "-")
    url = aws("sqs", "create-queue", "--queue-name", queue)[1].get("QueueUrl", "")
    sent = aws("sqs", "send-message", "--queue-url", url, "--message-body", "hällo & <x>")
    got = aws("sqs", "receive-message", "--queue-url", url, "--attribute-names", "All", "--wait-time-seconds", "2")
    identity = aws("sts", "get-caller-identity")
    bad = aws("sqs", "get-queue-url", "--queue-name", "nobody")
    messages = got[1].get("Messages", [{}])
    is_good = (messages[0].get("Body") == "hällo & <x>" and messages[0].get("MD5OfBody") == sent[1].get("MD5OfMessageBody") and
               identity[1].get("Account") == "000000000000" and bad[0] != 0 and "NonExistentQueue" in bad[2])
    if not is_good:
        return fail(f"{name}: {url} {sent} {got} {identity} {bad}")
    print(f"{name}: create, send, receive, who am I, and an error")


def check_javascript(endpoint):
    home = PEERS / "js"
    if not (home / "node_modules" / "@aws-sdk" / "client-sqs").is_dir():
        if shutil.which("npm") is None:
            return cannot_have("the JavaScript SDK", "there is no npm")
        made = run("npm", "install", "--silent", "--prefix", home, f"@aws-sdk/client-sqs@{JAVASCRIPT}", timeout=600)
        if made.returncode != 0:
            return cannot_have("the JavaScript SDK", made.stderr.strip()[-200:])
    shutil.copy(HERE / "javascript.mjs", home / "javascript.mjs")
    told = run("node", home / "javascript.mjs", endpoint, env=environment(endpoint))
    if told.returncode != 0 or "as it should be" not in told.stdout:
        return fail(f"the JavaScript SDK: {told.stdout[-600:]}{told.stderr[-1200:]}")
    print("JavaScript SDK:", told.stdout.strip())


def more_clients(endpoint, pattern):
    old = venv("boto3-" + BOTO3_OLD, "boto3==" + BOTO3_OLD)
    if old is not None:
        compare("ours, by forms and XML", endpoint, old, pattern, gaps=load_gaps("boto3-" + BOTO3_OLD))
    cli = venv("awscli-" + AWSCLI, "awscli==" + AWSCLI)
    if cli is not None:
        check_cli(endpoint, cli.parent / "aws", "aws CLI " + AWSCLI)
    if pathlib.Path("/usr/bin/aws").exists():
        check_cli(endpoint, "/usr/bin/aws", "aws CLI of Debian")
    else:
        cannot_have("aws CLI of Debian", "apt-get install awscli")
    check_javascript(endpoint)


def gaps_of_this_boto3():
    import boto3
    return load_gaps("boto3-" + boto3.__version__)


def load_gaps(peer):
    return tomllib.loads((HERE / "gaps.toml").read_text()).get(peer, {})


def peer_moto(pattern):
    python = venv("moto", f"moto[server]=={MOTO}", "boto3")
    if python is None:
        return
    port = free_port()
    with Running(python.parent / "moto_server", "-H", "127.0.0.1", "-p", port):
        endpoint = f"http://127.0.0.1:{port}"
        if not wait_for(endpoint + "/moto-api/data.json"):
            return cannot_have("moto", "it did not become ready")
        compare("moto " + MOTO, endpoint, pattern=pattern, gaps=load_gaps("moto"))


def peer_elasticmq(pattern):
    try:
        with elasticmq.ElasticMq() as peer:
            compare("ElasticMQ " + elasticmq.VERSION, peer.endpoint, pattern=pattern, gaps=load_gaps("elasticmq"))
    except elasticmq.Absent as why:
        cannot_have("ElasticMQ", str(why))


def served(kontor, directory):
    """A shop that is open, and the address of its AWS port."""
    running = Running(kontor, "serve", "--data", directory, "--port", free_port(), "--json")
    return running, json.loads(running.first_line())["aws"]["url"]


def import_topics():
    """None: what verifies signatures cannot be had."""
    sys.path.insert(0, str(HERE))
    try:
        import topics
        return topics
    except ModuleNotFoundError as absent:
        return cannot_have("topics by HTTP", f"{absent}: apt-get install python3-cryptography")


def check_topics_alone(program):
    topics = import_topics()
    if topics:
        with Running(program, "0") as running:
            topics.check_alone(f"http://127.0.0.1:{running.first_line()}", fail)


def check_kontor(kontor, pattern):
    with tempfile.TemporaryDirectory() as directory:
        running, endpoint = served(kontor, directory)
        with running:
            compare("kontor serve", endpoint, pattern=pattern, gaps=gaps_of_this_boto3())
            check_workshop(endpoint)
            poll = threading.Thread(target=long_poll, args=(endpoint,))
            poll.start()
            time.sleep(1)
            began = time.monotonic()
            running.end(signal.SIGTERM)
            poll.join()
            took = time.monotonic() - began
            if took > 5:
                fail(f"closing: who waited for a message held the shop open for {took:.1f} s")
            else:
                print(f"closing: who waited for a message was answered, in {took:.1f} s")
    sys.path.insert(0, str(HERE))
    import durable
    durable.check(kontor, fail)
    import news
    news.check(kontor, fail)
    topics = import_topics()
    if topics:
        topics.check(kontor, fail)
    import warehouse
    warehouse.check(kontor, fail)
    warehouse.check_control(kontor, fail)


def long_poll(endpoint):
    sys.path.insert(0, str(HERE))
    import behaviour
    client = behaviour.Client(endpoint)
    if client.receive(client.queue(), WaitTimeSeconds=20):
        fail("closing: a message came from nowhere")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--wire")
    parser.add_argument("--topics")
    parser.add_argument("--kontor")
    parser.add_argument("--clients", action="store_true")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("pattern", nargs="?", default="")
    asked = parser.parse_args()
    try:
        import boto3  # noqa: F401
    except ImportError:
        print("COULD NOT BE HAD: boto3 (apt-get install python3-boto3, or pip install boto3)")
        sys.exit(77)
    if asked.wire:
        with Running(asked.wire, "0") as running:
            endpoint = f"http://127.0.0.1:{running.first_line()}"
            compare("ours, alone", endpoint, pattern=asked.pattern, gaps=gaps_of_this_boto3())
            check_workshop(endpoint)
            if asked.clients:
                more_clients(endpoint, asked.pattern)
        check_signatures(asked.wire)
    if asked.topics:
        check_topics_alone(asked.topics)
    if asked.kontor:
        check_kontor(asked.kontor, asked.pattern)
    if asked.peers:
        peer_moto(asked.pattern)
        peer_elasticmq(asked.pattern)
    print(f"{len(failures)} failed; {len(missing)} could not be had" + ("".join("\n  " + each for each in missing)))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
