"""The shop's facts, as boto3 receives them: customers buy, the server is killed at random moments and started again, and in the
end each fact of the log that the topology wants somewhere is there once, and nothing else is.

What the log has is read from the API; which of it goes where stands here, by hand, as the topology words it.
"""
import collections
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

import boto3
import botocore.config

import behaviour

KILLS = 4
FACTS_MIN = 100  # fewer prove nothing

NOTICES = ("order.confirmed", "order.rejected", "order.expired", "order.cancelled", "order.completed",
           "payment.action_required", "payment.refunded", "fulfilment.dispatched", "fulfilment.delivered")
PAGES = ("payment.capture_failed", "payment.refund_failed")
TICKETS = ("stock.ran_low",)


def queues_of(fact):
    """Where a fact goes by the topology."""
    kind, data = fact["type"], fact["data"]
    if kind in NOTICES + PAGES + TICKETS:
        return ["notifications"]
    if kind == "order.return_received":
        return ["inventory-updates"]
    if kind in ("payment.declined", "payment.disputed"):
        return ["analytics"]
    if kind == "payment.authorised":
        paid = data["amount"]
        return ["analytics"] if paid["amount"] >= 50000 and paid["currency"] in ("GBP", "EUR", "USD") else []
    return []


def notice_of(fact):
    """A notice, word for word."""
    kind = fact["type"]
    belongs_to_an_order = kind.split(".")[0] in ("order", "payment", "fulfilment")
    order = ("ord_" if belongs_to_an_order else "") + fact["correlation_id"]
    at = fact["occurred_at"].split(".")[0].rstrip("Z") + "Z"
    notice = {"kind": kind, "order": order, "stream": fact["stream"], "at": at, "id": fact["id"]}
    if kind in PAGES + TICKETS:
        notice["severity"] = "page" if kind in PAGES else "ticket"
    return notice


def wanted(facts):
    """How often each message should be there, by queue and content; of whole events by stream and version."""
    messages = collections.Counter()
    for fact in facts:
        for queue in queues_of(fact):
            content = (json.dumps(notice_of(fact), sort_keys=True) if queue == "notifications"
                       else f"{fact['stream']} {fact['version']} {fact['type']}")
            messages[queue, content] += 1
    return messages


def content_of(queue, body):
    message = json.loads(body)
    if queue == "notifications":
        return json.dumps(message, sort_keys=True)
    metadata = message["detail"]["metadata"]
    if message["detail-type"] != metadata["type"] or message["resources"] != [metadata["stream"]]:
        return "an event that says one thing outside and another inside: " + body[:300]
    return f"{metadata['stream']} {metadata['version']} {metadata['type']}"


def differences(want, seen):
    told = []
    for each in sorted(set(want) | set(seen)):
        if want[each] != seen[each]:
            told.append(f"{each[0]}: wanted {want[each]} times, saw {seen[each]} times: {each[1][:300]}")
    return told


class Server:
    """`kontor serve` in a directory that stays, with customers or without."""

    def __init__(self, kontor, directory, **environment):
        self.kontor, self.directory = kontor, directory
        self.environment = dict(os.environ, **environment)
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = min(listener.getsockname()[1], 65533)

    def start(self, *more):
        self.process = subprocess.Popen(
            [str(self.kontor), "serve", "--data", str(self.directory), "--port", str(self.port), "--json", *more],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the server did not open: {self.process.stderr.read()[-800:]}")
        self.banner = json.loads(line)
        self.token = (self.directory / "run" / "dev.token").read_text().strip()

    def end(self, how):
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.communicate(timeout=60)

    def get(self, path):
        asked = urllib.request.Request(self.banner["console"] + path, headers={"Authorization": "Bearer " + self.token})
        with urllib.request.urlopen(asked, timeout=15) as answer:
            return answer.read().decode()

    def metric(self, line):
        for each in self.get("/metrics").splitlines():
            if each.startswith(line + " "):
                return float(each.rsplit(" ", 1)[1])
        return None

    def facts(self):
        after, facts = 0, []
        while True:
            page = json.loads(self.get(f"/v1/events?limit=200&after={after}"))
            facts += page["data"]
            if not page["has_more"]:
                return facts
            after = page["after"]


def wait_until_quiet(server, seconds=60):
    """Until nobody has anything to do: no follower is behind, and the log stands still."""
    end, last, quiet = time.monotonic() + seconds, None, 0
    while time.monotonic() < end:
        now = server.metric("kontor_journal_durable_position")
        is_there = server.metric('kontor_follower_lag_events{follower="bus"}') == 0
        quiet = quiet + 1 if is_there and now == last else 0
        if quiet >= 5:
            return True
        last = now
        time.sleep(0.2)
    return False


def receive_all(server):
    client = behaviour.Client(server.banner["aws"]["url"])
    seen = collections.Counter()
    for queue in ("notifications", "inventory-updates", "analytics", "dead-letter", "dead-letter.fifo"):
        url = client.sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        while got := client.receive(url, MaxNumberOfMessages=10, WaitTimeSeconds=0):
            for message in got:
                seen[queue, content_of(queue, message["Body"])] += 1
            client.sqs.delete_message_batch(QueueUrl=url, Entries=[
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]} for number, message in enumerate(got)])
    return seen


def check_owner(server, fail):
    client = behaviour.Client(server.banner["aws"]["url"])
    url = client.sqs.get_queue_url(QueueName="notifications")["QueueUrl"]
    if behaviour.error_of(client.sqs.delete_queue, QueueUrl=url) == "none":
        fail("news: a queue of the topology was deleted by somebody")


def check_outside(server, fail):
    """Rules, topics and subscriptions that somebody made, and what was put: all of it outlives a kill, and comes once."""
    arguments = dict(endpoint_url=server.banner["aws"]["url"], region_name="us-east-1", aws_access_key_id="any",
                     aws_secret_access_key="any", config=botocore.config.Config(retries={"max_attempts": 1}))
    sqs, sns, events = (boto3.client(name, **arguments) for name in ("sqs", "sns", "events"))
    url = sqs.create_queue(QueueName="mine")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = sns.create_topic(Name="theirs")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={
        "RawMessageDelivery": "true", "FilterPolicyScope": "MessageBody", "FilterPolicy": '{"n":[{"numeric":[">",1]}]}'})
    events.put_rule(Name="mine", EventPattern='{"source":["app"]}')
    events.put_targets(Rule="mine", Targets=[{"Id": "q", "Arn": queue, "InputPath": "$.detail"},
                                             {"Id": "t", "Arn": topic, "InputPath": "$.detail"}])
    refusals = {"a mail": behaviour.error_of(sns.subscribe, TopicArn=topic, Protocol="email", Endpoint="somebody@example.org"),
                "a bus that is none": behaviour.error_of(events.create_archive, ArchiveName="a", EventSourceArn=queue),
                "the shop's voice": events.put_events(Entries=[
                    {"Source": "kontor.order", "DetailType": "t", "Detail": "{}"}])["Entries"][0].get("ErrorCode")}
    put = []
    for number in range(8):
        answer = events.put_events(Entries=[{"Source": "app" if number % 4 else "other", "DetailType": "t",
                                             "Detail": json.dumps({"n": number})}])
        put.append(answer["FailedEntryCount"])
        if number == 5:
            server.end(signal.SIGKILL)
            server.start()
    sns.publish(TopicArn=topic, Message='{"n":100}')
    server.end(signal.SIGKILL)
    server.start()
    wait_until_quiet(server)
    seen = collections.Counter()
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in got:
            seen[json.loads(message["Body"])["n"]] += 1
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    want = {1: 1, 2: 2, 3: 2, 5: 2, 6: 2, 7: 2, 100: 1}  # once by the rule's queue, once by its topic
    if seen != want or any(put):
        fail(f"outside: saw {dict(seen)}, wanted {want}; refused {put}")
    if refusals != {"a mail": "InvalidParameter", "a bus that is none": "ResourceNotFoundException",
                    "the shop's voice": "NotAuthorizedForSourceException"}:
        fail(f"outside: refused were {refusals}")
    print(f"outside: 2 kills, {sum(seen.values())} messages by rules and topics of somebody's own")


def check_past(server, fail):
    """An archive of what somebody puts, and a replay of some of it for one rule, while the server is killed again and again."""
    arguments = dict(endpoint_url=server.banner["aws"]["url"], region_name="us-east-1", aws_access_key_id="any",
                     aws_secret_access_key="any", config=botocore.config.Config(retries={"max_attempts": 1}))
    sqs, events = (boto3.client(name, **arguments) for name in ("sqs", "events"))
    bus = events.describe_event_bus(Name="default")["Arn"]
    urls, rules = {}, {}
    for name in ("past", "other"):
        urls[name] = sqs.create_queue(QueueName=name)["QueueUrl"]
        queue = sqs.get_queue_attributes(QueueUrl=urls[name], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        rules[name] = events.put_rule(Name=name, EventPattern='{"source":["past"]}')["RuleArn"]
        events.put_targets(Rule=name, Targets=[{"Id": "q", "Arn": queue}])
    archive = events.create_archive(ArchiveName="kept", EventSourceArn=bus, RetentionDays=30,
                                    EventPattern='{"detail":{"n":[{"numeric":[">=",100]}]}}')["ArchiveArn"]

    def put(numbers):
        numbers = list(numbers)
        for at in range(0, len(numbers), 10):
            events.put_events(Entries=[{"Source": "past", "DetailType": "t", "Detail": json.dumps({"n": number})}
                                       for number in numbers[at:at + 10]])

    def take(name):
        seen = collections.Counter()
        while got := sqs.receive_message(QueueUrl=urls[name], MaxNumberOfMessages=10).get("Messages"):
            for message in got:
                body = json.loads(message["Body"])
                seen[body["detail"]["n"], body.get("replay-name")] += 1
                sqs.delete_message(QueueUrl=urls[name], ReceiptHandle=message["ReceiptHandle"])
        return seen

    put(range(95, 100))  # the archive does not want them
    time.sleep(1.1)
    begin = time.time()
    put(range(100, 1300))
    end = int(time.time()) + 1  # boto3 sends whole seconds
    time.sleep(end - time.time() + 0.1)
    put([5000])  # behind the window
    wait_until_quiet(server)
    new = collections.Counter({(number, None): 1 for number in [*range(95, 1300), 5000]})
    for name in urls:
        if take(name) != new:
            fail(f"past: not all that was put came to {name} once")
    counted = events.describe_archive(ArchiveName="kept")
    if counted["EventCount"] != 1201 or counted["RetentionDays"] != 30:
        fail(f"past: the archive says {counted}")
    events.start_replay(ReplayName="again", EventSourceArn=archive, EventStartTime=begin, EventEndTime=end,
                        Destination={"Arn": bus, "FilterArns": [rules["past"]]})
    for _ in range(3):  # it takes more than two seconds
        time.sleep(0.5)
        server.end(signal.SIGKILL)
        server.start()
    for _ in range(100):
        replay = events.describe_replay(ReplayName="again")
        if replay["State"] == "COMPLETED":
            break
        time.sleep(0.2)
    else:
        fail(f"past: the replay does not end: {replay}")
    wait_until_quiet(server)
    seen, others = take("past"), take("other")
    want = collections.Counter({(number, "again"): 1 for number in range(100, 1300)})
    if seen != want or others:
        fail(f"past: a replay brought {sum(seen.values())} events, {len(want - seen)} of {len(want)} never, "
             f"{len(seen - want)} too often; and {sum(others.values())} for a rule that it was not for")
    if events.list_replays(NamePrefix="ag")["Replays"][0]["EventLastReplayedTime"].timestamp() > end:
        fail("past: the replay went beyond its window")
    refusals = {"a second": behaviour.error_of(
                    events.start_replay, ReplayName="again", EventSourceArn=archive, EventStartTime=begin, EventEndTime=end,
                    Destination={"Arn": bus}),
                "cancelled": behaviour.error_of(events.cancel_replay, ReplayName="again"),
                "the topology's": behaviour.error_of(events.delete_archive, ArchiveName="ecommerce-archive")}
    if refusals != {"a second": "ResourceAlreadyExistsException", "cancelled": "IllegalStatusException",
                    "the topology's": "AccessDeniedException"}:
        fail(f"past: refused were {refusals}")
    own = events.describe_archive(ArchiveName="ecommerce-archive")
    if own["EventCount"] < FACTS_MIN:
        fail(f"past: the shop's own archive says {own}")
    events.delete_archive(ArchiveName="kept")
    print(f"past: 3 kills, {sum(seen.values())} events replayed, each once; {own['EventCount']} of the shop's own counted")


def check(kontor, fail):
    seed = int(os.environ.get("KONTOR_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        # What reaches the queues is read here, so the shop's own services leave it there.
        server = Server(kontor, pathlib.Path(place) / "shop", KONTOR_SERVICES__ELSEWHERE="inventory, notification")
        try:
            for _ in range(KILLS):
                server.start("--demo=30")
                time.sleep(dice.uniform(1, 3))
                server.end(signal.SIGKILL)
            server.start()
            if not wait_until_quiet(server):
                return fail(f"news (KONTOR_SEED={seed}): the bus did not come to the end of the log")
            facts = server.facts()
            check_owner(server, fail)
            seen = receive_all(server)
            check_outside(server, fail)
            check_past(server, fail)
            server.end(signal.SIGTERM)
        finally:
            server.end(signal.SIGKILL)
    want = wanted(facts)
    for difference in differences(want, seen)[:20]:
        fail(f"news (KONTOR_SEED={seed}): {difference}")
    count = sum(want.values())
    if count < FACTS_MIN or not any(queue == "analytics" for queue, _ in want):
        fail(f"news (KONTOR_SEED={seed}): only {count} messages, or none for analytics: that proves nothing")
    one = next(iter(want))
    twice, never = want + collections.Counter([one]), want - collections.Counter([one])
    if not differences(want, twice) or not differences(want, never):
        fail("news: a message too many or too few is not found out")
    print(f"news: {KILLS} kills, {len(facts)} facts, {count} messages, each once")
