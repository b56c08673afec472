"""What a client of AWS's sees of an endpoint of SQS and STS, one observation after another.

Each check asks through boto3, as anybody would, and says what AWS's documentation says that it must see. A check is a function
with a name, the page that decides, and what is wanted; it takes a `Client` and returns what it saw.
"""
import hashlib
import json
import struct
import threading
import time
import uuid

import boto3
import botocore.config
import botocore.exceptions

API = "SQS API Reference, "
GUIDE = "SQS Developer Guide, "

CHECKS = []


def check(wanted, source):
    def keep(function):
        CHECKS.append((function.__name__, function, wanted, source))
        return function
    return keep


class Client:
    """boto3 against one endpoint; every check makes queues of its own."""

    def __init__(self, endpoint, key="AKIDBEHAVIOUR", secret="behaviour", region="us-east-1"):
        config = botocore.config.Config(retries={"max_attempts": 1}, read_timeout=30, parameter_validation=False)
        arguments = dict(endpoint_url=endpoint, region_name=region, aws_access_key_id=key, aws_secret_access_key=secret,
                         config=config)
        self.sqs = boto3.client("sqs", **arguments)
        self.sts = boto3.client("sts", **arguments)

    def queue(self, fifo=False, **attributes):
        name = "b" + uuid.uuid4().hex[:12] + (".fifo" if fifo else "")
        if fifo:
            attributes["FifoQueue"] = "true"
        return self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def arn(self, url):
        return self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def receive(self, url, **more):
        return self.sqs.receive_message(QueueUrl=url, **more).get("Messages", [])


def error_of(function, **arguments):
    try:
        function(**arguments)
        return "none"
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]


def md5_of_attributes(attributes):
    text = b""
    for name in sorted(attributes):
        kind = attributes[name]["DataType"]
        is_bytes = kind.startswith("Binary")
        value = attributes[name]["BinaryValue"] if is_bytes else attributes[name]["StringValue"].encode()
        for part in (name.encode(), kind.encode()):
            text += struct.pack("!I", len(part)) + part
        text += (b"\2" if is_bytes else b"\1") + struct.pack("!I", len(value)) + value
    return hashlib.md5(text).hexdigest()


@check(("same", "QueueAlreadyExists"), API + "CreateQueue")
def a_queue_is_made_once(client):
    name = "b" + uuid.uuid4().hex[:12]
    one = client.sqs.create_queue(QueueName=name)["QueueUrl"]
    two = client.sqs.create_queue(QueueName=name)["QueueUrl"]
    error = error_of(client.sqs.create_queue, QueueName=name, Attributes={"DelaySeconds": "9"})
    return "same" if one == two else "other", error.rsplit(".", 1)[-1].replace("QueueNameExists", "QueueAlreadyExists")


@check("AWS.SimpleQueueService.NonExistentQueue", API + "GetQueueUrl")
def an_unknown_queue_has_no_url(client):
    return error_of(client.sqs.get_queue_url, QueueName="b" + uuid.uuid4().hex)


@check(("123", "4", "345600", "1048576"), API + "GetQueueAttributes; " + GUIDE + "message quotas")
def attributes_are_shown(client):
    url = client.queue(VisibilityTimeout="123", DelaySeconds="4")
    seen = client.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return tuple(seen.get(name) for name in
                 ("VisibilityTimeout", "DelaySeconds", "MessageRetentionPeriod", "MaximumMessageSize"))


@check(("InvalidAttributeValue", "InvalidAttributeName"), API + "SetQueueAttributes")
def attributes_are_checked(client):
    url = client.queue()
    return (error_of(client.sqs.set_queue_attributes, QueueUrl=url, Attributes={"DelaySeconds": "901"}),
            error_of(client.sqs.set_queue_attributes, QueueUrl=url, Attributes={"Nonsense": "1"}))


@check((True, True, "hällo\n漢😀", "1"), API + "SendMessage, ReceiveMessage")
def a_message_comes_back_whole(client):
    url = client.queue()
    attributes = {"kind": {"DataType": "String", "StringValue": "ä"}, "n": {"DataType": "Number", "StringValue": "-1.5"},
                  "blob": {"DataType": "Binary.x", "BinaryValue": b"\0\xff"}}
    sent = client.sqs.send_message(QueueUrl=url, MessageBody="hällo\n漢😀", MessageAttributes=attributes)
    got = client.receive(url, AttributeNames=["All"], MessageAttributeNames=["All"])[0]
    return (sent["MD5OfMessageAttributes"] == got["MD5OfMessageAttributes"] == md5_of_attributes(attributes),
            got["MessageAttributes"] == attributes, got["Body"], got["Attributes"]["ApproximateReceiveCount"])


@check((["n"], True), GUIDE + "Calculating the MD5 message digest for message attributes")
def the_digest_is_over_the_attributes_that_are_returned(client):
    url = client.queue()
    attributes = {"kind": {"DataType": "String", "StringValue": "a"}, "n": {"DataType": "Number", "StringValue": "1"}}
    client.sqs.send_message(QueueUrl=url, MessageBody="x", MessageAttributes=attributes)
    got = client.receive(url, MessageAttributeNames=["n*"])[0]
    return sorted(got["MessageAttributes"]), got["MD5OfMessageAttributes"] == md5_of_attributes({"n": attributes["n"]})


@check((0, 1, 0), API + "ChangeMessageVisibility, DeleteMessage")
def a_message_in_flight_is_hidden_until_it_is_given_back(client):
    url = client.queue()
    client.sqs.send_message(QueueUrl=url, MessageBody="x")
    first = client.receive(url)[0]
    hidden = len(client.receive(url))
    client.sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"], VisibilityTimeout=0)
    again = client.receive(url)
    client.sqs.delete_message(QueueUrl=url, ReceiptHandle=again[0]["ReceiptHandle"])
    return hidden, len(again), len(client.receive(url))


@check("none", API + "DeleteMessage")
def settling_twice_is_no_error(client):
    url = client.queue()
    client.sqs.send_message(QueueUrl=url, MessageBody="x")
    receipt = client.receive(url)[0]["ReceiptHandle"]
    client.sqs.delete_message(QueueUrl=url, ReceiptHandle=receipt)
    return error_of(client.sqs.delete_message, QueueUrl=url, ReceiptHandle=receipt)


@check("ReceiptHandleIsInvalid", API + "DeleteMessage")
def a_receipt_of_nobody_is_refused(client):
    return error_of(client.sqs.delete_message, QueueUrl=client.queue(), ReceiptHandle="nonsense")


@check(("MissingParameter", "InvalidMessageContents", "InvalidParameterValue"), API + "SendMessage")
def a_sender_is_told_what_is_wrong(client):
    url = client.queue()
    return (error_of(client.sqs.send_message, QueueUrl=url),
            error_of(client.sqs.send_message, QueueUrl=url, MessageBody="a\x01b"),
            error_of(client.sqs.send_message, QueueUrl=url, MessageBody="x", DelaySeconds=901))


@check(("InvalidParameterValue", "InvalidParameterValue"), API + "ReceiveMessage")
def a_receiver_is_told_what_is_wrong(client):
    url = client.queue()
    return (error_of(client.sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=11),
            error_of(client.sqs.receive_message, QueueUrl=url, WaitTimeSeconds=21))


@check((["a", "c"], [("b", "InvalidMessageContents", True)]), API + "SendMessageBatch")
def a_batch_is_judged_entry_by_entry(client):
    answer = client.sqs.send_message_batch(QueueUrl=client.queue(), Entries=[
        {"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "\x01"}, {"Id": "c", "MessageBody": "3"}])
    return ([each["Id"] for each in answer.get("Successful", [])],
            [(each["Id"], each["Code"], each["SenderFault"]) for each in answer.get("Failed", [])])


@check(("EmptyBatchRequest", "TooManyEntriesInBatchRequest", "BatchEntryIdsNotDistinct", "InvalidBatchEntryId",
        "BatchRequestTooLong"), API + "SendMessageBatch")
def a_batch_has_a_shape(client):
    url = client.queue()

    def error(entries):
        return error_of(client.sqs.send_message_batch, QueueUrl=url, Entries=entries).rsplit(".", 1)[-1]
    return (error([]), error([{"Id": str(n), "MessageBody": "x"} for n in range(11)]),
            error([{"Id": "a", "MessageBody": "x"}] * 2), error([{"Id": "a b", "MessageBody": "x"}]),
            error([{"Id": str(n), "MessageBody": "x" * 600_000} for n in range(2)]))


@check((["1", "2"], True, 20, 0), GUIDE + "FIFO queue delivery logic")
def a_fifo_queue_keeps_its_sequence(client):
    url = client.queue(fifo=True)
    for body in ("1", "2"):
        sent = client.sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g", MessageDeduplicationId=body)
    got = client.receive(url, MaxNumberOfMessages=10, AttributeNames=["All"])
    numbers = [each["Attributes"]["SequenceNumber"] for each in got]
    client.sqs.send_message(QueueUrl=url, MessageBody="3", MessageGroupId="g", MessageDeduplicationId="3")
    return [each["Body"] for each in got], numbers == sorted(numbers), len(sent["SequenceNumber"]), len(client.receive(url))


@check((True, True, 1), GUIDE + "Exactly-once processing")
def a_repetition_has_the_first_ones_id(client):
    url = client.queue(fifo=True)
    one, two = (client.sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g", MessageDeduplicationId="same")
                for body in "ab")
    return (one["MessageId"] == two["MessageId"], one["SequenceNumber"] == two["SequenceNumber"],
            len(client.receive(url, MaxNumberOfMessages=10)))


@check(("MissingParameter", "InvalidParameterValue"), API + "SendMessage")
def a_fifo_message_needs_group_and_id(client):
    url = client.queue(fifo=True)
    return (error_of(client.sqs.send_message, QueueUrl=url, MessageBody="x", MessageDeduplicationId="a"),
            error_of(client.sqs.send_message, QueueUrl=url, MessageBody="x", MessageGroupId="g"))


@check((True, "x"), GUIDE + "Amazon SQS short and long polling")
def a_long_poll_ends_with_the_message(client):
    url = client.queue()
    seen = []
    began = time.monotonic()
    poll = threading.Thread(target=lambda: seen.extend(client.receive(url, WaitTimeSeconds=10)))
    poll.start()
    time.sleep(0.5)
    client.sqs.send_message(QueueUrl=url, MessageBody="x")
    poll.join()
    return 0.4 < time.monotonic() - began < 4, seen[0]["Body"] if seen else None


@check((True, 0), GUIDE + "Amazon SQS short and long polling")
def a_long_poll_ends_with_its_time(client):
    url = client.queue()
    began = time.monotonic()
    count = len(client.receive(url, WaitTimeSeconds=2))
    return 1.5 < time.monotonic() - began < 4, count


@check((0, 1), GUIDE + "Amazon SQS message timers")
def a_delay_hides_a_message(client):
    url = client.queue()
    client.sqs.send_message(QueueUrl=url, MessageBody="x", DelaySeconds=1)
    now = len(client.receive(url))
    return now, len(client.receive(url, WaitTimeSeconds=5))


@check((1, 0, ["x"], True), GUIDE + "Using dead-letter queues")
def what_was_received_too_often_becomes_a_dead_letter(client):
    dead = client.queue()
    redrive = json.dumps({"deadLetterTargetArn": client.arn(dead), "maxReceiveCount": 1})
    url = client.queue(RedrivePolicy=redrive)
    client.sqs.send_message(QueueUrl=url, MessageBody="x")
    first = len(client.receive(url, VisibilityTimeout=0))
    second = len(client.receive(url))
    got = client.receive(dead, AttributeNames=["All"], WaitTimeSeconds=2)
    sources = client.sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"]
    return first, second, [each["Body"] for each in got], sources == [url]


@check(("COMPLETED", ["x"]), API + "StartMessageMoveTask")
def a_move_task_brings_dead_letters_back(client):
    dead = client.queue()
    redrive = json.dumps({"deadLetterTargetArn": client.arn(dead), "maxReceiveCount": 1})
    url = client.queue(RedrivePolicy=redrive)
    client.sqs.send_message(QueueUrl=url, MessageBody="x")
    client.receive(url, VisibilityTimeout=0)
    client.receive(url)
    client.sqs.start_message_move_task(SourceArn=client.arn(dead))
    for _ in range(50):
        task = client.sqs.list_message_move_tasks(SourceArn=client.arn(dead))["Results"][0]
        if task["Status"] not in ("RUNNING",):
            break
        time.sleep(0.1)
    return task["Status"], [each["Body"] for each in client.receive(url, WaitTimeSeconds=2)]


@check(({"team": "shop", "cost": "1"}, {"cost": "1"}), API + "TagQueue, UntagQueue")
def tags_are_kept(client):
    url = client.queue()
    client.sqs.tag_queue(QueueUrl=url, Tags={"team": "shop", "cost": "1"})
    both = client.sqs.list_queue_tags(QueueUrl=url).get("Tags")
    client.sqs.untag_queue(QueueUrl=url, TagKeys=["team"])
    return both, client.sqs.list_queue_tags(QueueUrl=url).get("Tags")


@check((0, "AWS.SimpleQueueService.PurgeQueueInProgress"), API + "PurgeQueue")
def a_purge_empties_once_a_minute(client):
    url = client.queue()
    client.sqs.send_message(QueueUrl=url, MessageBody="x")
    client.sqs.purge_queue(QueueUrl=url)
    return len(client.receive(url)), error_of(client.sqs.purge_queue, QueueUrl=url)


@check((2, True, 1, False), API + "ListQueues")
def a_list_has_pages(client):
    prefix = "b" + uuid.uuid4().hex[:8]
    for n in range(3):
        client.sqs.create_queue(QueueName=f"{prefix}-{n}")
    one = client.sqs.list_queues(QueueNamePrefix=prefix, MaxResults=2)
    two = client.sqs.list_queues(QueueNamePrefix=prefix, MaxResults=2, NextToken=one.get("NextToken", "none"))
    return len(one["QueueUrls"]), "NextToken" in one, len(two["QueueUrls"]), "NextToken" in two


@check("AWS.SimpleQueueService.QueueDeletedRecently", API + "CreateQueue")
def a_deleted_queue_rests_a_minute(client):
    url = client.queue()
    client.sqs.delete_queue(QueueUrl=url)
    return error_of(client.sqs.create_queue, QueueName=url.rsplit("/", 1)[1])


@check((12, True), "STS API Reference, GetCallerIdentity")
def one_learns_who_one_is(client):
    identity = client.sts.get_caller_identity()
    return len(identity["Account"]), identity["Arn"].startswith("arn:aws:")


@check(["a", "b", "c"], GUIDE + "message quotas")
def a_large_batch_comes_back_whole(client):
    url = client.queue()
    client.sqs.send_message_batch(QueueUrl=url, Entries=[
        {"Id": letter, "MessageBody": letter * 300_000} for letter in "abc"])
    bodies = []
    for _ in range(10):
        bodies += [each["Body"] for each in client.receive(url, MaxNumberOfMessages=10)]
    return sorted({body[0] for body in bodies if len(body) == 300_000})


def observe(endpoint, pattern=""):
    """What each check saw, by name; an exception is what it saw, too."""
    client = Client(endpoint)
    seen = {}
    for name, function, _, _ in CHECKS:
        if pattern not in name:
            continue
        try:
            seen[name] = function(client)
        except Exception as error:  # whatever a client throws is something that it saw
            seen[name] = f"{type(error).__name__}: {str(error)[:160]}"
    return seen


if __name__ == "__main__":
    import sys
    # A pattern may follow the endpoint.
    print(json.dumps({"boto3": boto3.__version__, "seen": observe(*sys.argv[1:3])}, ensure_ascii=False))
