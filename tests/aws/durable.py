"""Queues that outlive kill -9, as their users see it: who sends, who receives and deletes, and a server that is killed at
random moments and started again.

What must hold, whatever was under way: an accepted message comes until it is deleted; a deleted one never comes again; a FIFO
message that was sent again after a lost answer stands once; in a group nothing later comes before what is earlier is deleted.
"""
import collections
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import botocore.exceptions

import behaviour

KILLS = 7
CLOSES = 2
GROUPS = 4
VISIBILITY = 2          # seconds: so long what nobody deleted stays away
DELETED_MIN = 50        # fewer prove nothing
QUIET = 3 * VISIBILITY  # so long nothing may come before the queues count as empty


def three_free_ports():
    """The first of three in a row."""
    while True:
        with socket.socket() as first, socket.socket() as second, socket.socket() as third:
            try:
                first.bind(("127.0.0.1", 0))
                port = first.getsockname()[1]
                second.bind(("127.0.0.1", port + 1))
                third.bind(("127.0.0.1", port + 2))
                return port
            except (OSError, OverflowError):
                continue


class Server:
    """`kontor serve` on ports that stay, in a directory that stays. `run` counts its ends."""

    def __init__(self, kontor, directory):
        self.kontor, self.directory, self.run = kontor, directory, 0
        self.port = three_free_ports()
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [str(self.kontor), "serve", "--data", str(self.directory), "--port", str(self.port), "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the server did not open: {self.process.stderr.read()[-800:]}")
        self.endpoint = json.loads(line)["aws"]["url"]

    def end(self, how):
        self.run += 1  # before the next one can answer anything
        self.process.send_signal(how)
        self.process.communicate(timeout=30)

    def client(self):
        return behaviour.Client(self.endpoint)


class Seen:
    """What the users of the queues saw, and what they saw that must not be."""

    def __init__(self):
        self.lock = threading.Lock()
        self.accepted = {}                             # body: id
        self.received = collections.defaultdict(set)   # body: its ids
        self.asked, self.deleted = set(), set()        # bodies; ids
        self.problems = []

    def complain(self, what):
        self.problems.append(what)


def until_answered(call, over):
    """The answer of a call, however often the server has gone; None: all was over before."""
    while not over.is_set():
        try:
            return call()
        except botocore.exceptions.ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
                raise
        except botocore.exceptions.BotoCoreError:
            pass  # nobody there, or it went before it answered
        time.sleep(0.05)
    return None


def send_in_sequence(client, url, group, users):
    number = 0
    while not users.no_more.is_set():
        body = f"{group}:{number}"
        sent = until_answered(lambda: client.sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group,
                                                              MessageDeduplicationId=body), users.over)
        if sent is not None:
            with users.seen.lock:
                users.seen.accepted[body] = sent["MessageId"]
        number += 1


def send_anything(client, url, users):
    seen, number = users.seen, 0
    while not users.no_more.is_set():
        body = f"any:{number}"
        try:
            sent = client.sqs.send_message(QueueUrl=url, MessageBody=body)
            with seen.lock:
                seen.accepted[body] = sent["MessageId"]
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError):
            time.sleep(0.05)  # perhaps it is there, perhaps not: nobody was told
        number += 1


def look_at(messages, seen, is_fifo):
    here = set()
    for message in messages:
        body = message["Body"]
        seen.received[body].add(message["MessageId"])
        if message["MessageId"] in seen.deleted:  # a client that sends anew may send twice: another id
            seen.complain(f"{body} was deleted and came back")
        if is_fifo:
            if len(seen.received[body]) > 1:
                seen.complain(f"{body} stands twice: {sorted(seen.received[body])}")
            group, number = body.split(":")
            for earlier in range(int(number) - 1, -1, -1):
                before = f"{group}:{earlier}"
                if before in seen.asked:
                    break  # it was looked at when that was received
                if before not in here:
                    seen.complain(f"{body} came before {before} was deleted")
        here.add(body)


def receive_and_delete(server, client, url, users, dice):
    seen, is_fifo = users.seen, url == users.fifo
    while not users.over.is_set():
        run = server.run
        got = until_answered(lambda: client.receive(url, MaxNumberOfMessages=10, WaitTimeSeconds=1,
                                                    VisibilityTimeout=VISIBILITY, AttributeNames=["All"]), users.over) or []
        with seen.lock:
            look_at(got, seen, is_fifo)
        for message in got:
            if dice.random() < 0.05:
                break  # it forgets to delete the rest
            with seen.lock:
                seen.asked.add(message["Body"])
            try:
                client.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError):
                break  # whether it was deleted nobody was told
            with seen.lock:
                # A receipt of a run that was killed may be one that nobody remembers.
                if server.run == run:
                    seen.deleted.add(message["MessageId"])


def keep_some(client, url, step, seen):
    """Messages that lie until the end, but for one that is deleted."""
    bodies = [f"kept:{step}:{number}" for number in range(5)]
    sent = client.sqs.send_message_batch(QueueUrl=url, Entries=[
        {"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)])["Successful"]
    message, = client.receive(url, VisibilityTimeout=0)
    client.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    with seen.lock:
        seen.accepted.update((bodies[int(each["Id"])], each["MessageId"]) for each in sent)
        look_at([message], seen, is_fifo=False)
        seen.deleted.add(message["MessageId"])


def take_the_kept(client, url, seen):
    while got := client.receive(url, MaxNumberOfMessages=10):
        look_at(got, seen, is_fifo=False)
        for message in got:
            client.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


class Users:
    """Two queues, with a sender for each group and one more, and a receiver for each queue; and a third where messages lie."""

    def __init__(self, server, dice):
        self.seen, self.no_more, self.over = Seen(), threading.Event(), threading.Event()
        client = server.client()
        self.fifo, self.any, self.kept = client.queue(fifo=True), client.queue(), client.queue()
        self.senders = [threading.Thread(target=send_in_sequence, args=(server.client(), self.fifo, f"g{number}", self))
                        for number in range(GROUPS)]
        self.senders.append(threading.Thread(target=send_anything, args=(server.client(), self.any, self)))
        self.receivers = [threading.Thread(target=receive_and_delete, args=(
            server, server.client(), url, self, random.Random(dice.random()))) for url in (self.fifo, self.any)]
        for each in self.senders + self.receivers:
            each.start()

    def end(self):
        """Nobody sends any more, and what is there is received to the last."""
        self.no_more.set()
        for sender in self.senders:
            sender.join()
        count, since = -1, time.monotonic()
        while time.monotonic() - since < QUIET:
            with self.seen.lock:
                now = sum(len(ids) for ids in self.seen.received.values()) + len(self.seen.deleted)
            if now != count:
                count, since = now, time.monotonic()
            time.sleep(0.1)
        self.over.set()
        for receiver in self.receivers:
            receiver.join()


def depth(client, url):
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]
    return sum(int(value) for value in
               client.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values())


def check_what_stays(server, complain):
    """What was made, changed, removed and purged before a kill is so afterwards; and a repetition is known as one."""
    client, sqs = server.client(), server.client().sqs
    url = client.queue(fifo=True, VisibilityTimeout="77")
    gone, purged = client.queue(), client.queue()
    sqs.tag_queue(QueueUrl=url, Tags={"team": "shop"})
    first = sqs.send_message(QueueUrl=url, MessageBody="once", MessageGroupId="g", MessageDeduplicationId="d")
    message = client.receive(url)[0]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    sqs.send_message(QueueUrl=purged, MessageBody="x")
    sqs.purge_queue(QueueUrl=purged)
    sqs.delete_queue(QueueUrl=gone)
    server.end(signal.SIGKILL)
    server.start()
    again = sqs.send_message(QueueUrl=url, MessageBody="once", MessageGroupId="g", MessageDeduplicationId="d")
    shown = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    facts = {
        "a repetition has the first one's id": again["MessageId"] == first["MessageId"],
        "… and its number": again["SequenceNumber"] == first["SequenceNumber"],
        "… and brings no second message": depth(client, url) == 0,
        "a setting is kept": shown == {"VisibilityTimeout": "77"},
        "a tag is kept": sqs.list_queue_tags(QueueUrl=url).get("Tags") == {"team": "shop"},
        "what was purged stays away": depth(client, purged) == 0,
        "a queue that was deleted stays so": behaviour.error_of(
            sqs.get_queue_url, QueueName=gone.rsplit("/", 1)[1]) == "AWS.SimpleQueueService.NonExistentQueue",
        "its name rests": behaviour.error_of(
            sqs.create_queue, QueueName=gone.rsplit("/", 1)[1]) == "AWS.SimpleQueueService.QueueDeletedRecently"}
    for what, holds in facts.items():
        if not holds:
            complain(f"not so after a kill: {what}")


def check_without_checkpoint(server, complain):
    """A start that folds everything shows what a start from the checkpoint shows."""
    checkpoint = pathlib.Path(server.directory) / "queues" / "checkpoint"

    def shown():
        client = server.client()
        urls = client.sqs.list_queues()["QueueUrls"]
        return {url: (depth(client, url), client.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[
            "VisibilityTimeout", "RedrivePolicy", "CreatedTimestamp"]).get("Attributes")) for url in urls}
    client = server.client()
    client.sqs.send_message(QueueUrl=client.queue(), MessageBody="one that stays")
    server.end(signal.SIGTERM)
    if not checkpoint.is_file():
        return complain("a shop that closes leaves no checkpoint")
    server.start()
    with_it = shown()
    server.end(signal.SIGKILL)
    checkpoint.unlink()
    server.start()
    if shown() != with_it or not with_it:
        complain(f"a start without the checkpoint shows {shown()}, and with it {with_it}")


def run_kills(kontor, kills, dice, forgets=False):
    """What users saw of a server that was killed so often. `forgets`: a disk that loses what it had confirmed, for at the last
    start the log is put back to what it was at the first kill."""
    with tempfile.TemporaryDirectory() as place:
        data, copy = pathlib.Path(place) / "shop", pathlib.Path(place) / "copy"
        server = Server(kontor, data)
        users = Users(server, dice)
        try:
            client = server.client()
            for kill in range(kills):
                keep_some(client, users.kept, kill, users.seen)
                time.sleep(dice.uniform(0.3, 1.5))
                # Once it closes in order: from then on it starts from a checkpoint.
                server.end(signal.SIGTERM if kill == CLOSES else signal.SIGKILL)
                if forgets and kill == 0:
                    shutil.copytree(data, copy)
                if forgets and kill == kills - 1:
                    shutil.rmtree(data)
                    shutil.copytree(copy, data)
                server.start()
            users.end()
            seen = users.seen
            take_the_kept(client, users.kept, seen)
            for body, name in seen.accepted.items():
                if name not in seen.received[body]:
                    seen.complain(f"{body} was accepted and never came")
            for url in (users.fifo, users.any, users.kept):
                if depth(client, url) != 0:
                    seen.complain(f"{url} still has {depth(client, url)} messages that nobody gets")
            if len(seen.deleted) < DELETED_MIN:
                seen.complain(f"only {len(seen.deleted)} messages were deleted: that proves nothing")
            if not forgets:
                check_what_stays(server, seen.complain)
                check_without_checkpoint(server, seen.complain)
            server.end(signal.SIGTERM)
            return seen
        finally:
            users.no_more.set()
            users.over.set()
            if server.process.poll() is None:
                server.end(signal.SIGKILL)


def check(kontor, fail):
    seed = int(os.environ.get("KONTOR_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
    dice = random.Random(seed)
    seen = run_kills(kontor, KILLS, dice)
    for problem in seen.problems[:20]:
        fail(f"kill -9 (KONTOR_SEED={seed}): {problem}")
    print(f"kill -9: {KILLS + 3} ends, two in order, {len(seen.accepted)} messages accepted, "
          f"{len(seen.deleted)} known to be deleted, {len(seen.problems)} problems")
    told = run_kills(kontor, 3, dice, forgets=True).problems
    for sign in ("kept:1:4 was accepted and never came", "was deleted and came back"):
        if not any(sign in each for each in told):
            fail(f"kill -9 (KONTOR_SEED={seed}): a disk that forgets was not found out: nobody saw that a message {sign}")
    print(f"kill -9: a disk that forgets is found out: {len(told)} complaints")
