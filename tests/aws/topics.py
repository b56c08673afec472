"""Topics by HTTP, as boto3 subscribes and a stranger's endpoint receives: asked first, told afterwards, signed so that the
certificate which the shop serves verifies it, tried again, given up into a dead-letter queue, and kept over `kill -9`.

The endpoint is Python's, the verification that of `cryptography`, over the text that AWS's page "Verifying the signatures of
Amazon SNS messages" says, written here by hand. At the end the verification and the checks are shown what is wrong, and must say so.
"""
import base64
import http.server
import json
import pathlib
import signal
import stat
import tempfile
import threading
import time
import urllib.error
import urllib.request

import boto3
import botocore.config
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

import behaviour
import news

POLICY = json.dumps({"healthyRetryPolicy": {"minDelayTarget": 1, "maxDelayTarget": 1, "numRetries": 2}})


def text_to_verify(message):
    """AWS's page: these names, in this sequence, with their values, a line each; Subject only where there is one."""
    names = (["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"] if message["Type"] == "Notification" else
             ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"])
    return "".join(f"{name}\n{message[name]}\n" for name in names if name in message).encode()


def is_signed(message, certificate):
    digest = {"1": hashes.SHA1(), "2": hashes.SHA256()}[message["SignatureVersion"]]
    try:
        certificate.public_key().verify(base64.b64decode(message["Signature"]), text_to_verify(message), padding.PKCS1v15(), digest)
        return True
    except InvalidSignature:
        return False


class Endpoint:
    """Somebody's receiver: keeps what comes, and answers what it is told to; a status of None: not at all."""

    def __init__(self):
        endpoint = self
        self.heard, self.status, self.lock, self.silence = {}, {}, threading.Lock(), threading.Event()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                with endpoint.lock:
                    endpoint.heard.setdefault(self.path, []).append((dict(self.headers.items()), body))
                    status = endpoint.status.get(self.path, 200)
                if status is None:
                    endpoint.silence.wait(60)
                    status = 200
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}"

    def said(self, path):
        with self.lock:
            return list(self.heard.get(path, []))

    def wait(self, path, count, seconds=15):
        """What came there, once it is so many; or whatever there is by then."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and len(self.said(path)) < count:
            time.sleep(0.02)
        return self.said(path)


def header(headers, name):
    return {key.lower(): value for key, value in headers.items()}.get(name)


class Check:
    def __init__(self, server, endpoint, fail):
        self.server, self.endpoint, self.seen, self.fail = server, endpoint, 0, fail
        self.open()
        self.topic = self.sns.create_topic(Name="news")["TopicArn"]

    def open(self):
        arguments = dict(endpoint_url=self.server.banner["aws"]["url"], region_name="us-east-1", aws_access_key_id="any",
                         aws_secret_access_key="any", config=botocore.config.Config(retries={"max_attempts": 1}))
        self.sqs, self.sns = boto3.client("sqs", **arguments), boto3.client("sns", **arguments)

    def restart(self, meanwhile=lambda: None):
        if not self.server.has_restarts:
            return
        self.server.end(signal.SIGKILL)
        meanwhile()
        self.server.start()
        self.open()

    def require(self, is_so, what):
        self.seen += 1
        if not is_so:
            self.fail("topics: " + what)

    def subscribe(self, path, **attributes):
        return self.sns.subscribe(TopicArn=self.topic, Protocol="http", Endpoint=self.endpoint.url(path),
                                  Attributes=attributes, ReturnSubscriptionArn=True)["SubscriptionArn"]

    def confirmed(self, path, **attributes):
        arn = self.subscribe(path, **attributes)
        asked = json.loads(self.endpoint.wait(path, 1)[0][1])
        self.sns.confirm_subscription(TopicArn=self.topic, Token=asked["Token"])
        self.endpoint.heard.pop(path)
        return arn

    def certificate_of(self, message):
        with urllib.request.urlopen(message["SigningCertURL"], timeout=10) as answer:
            return x509.load_pem_x509_certificate(answer.read())

    def is_pending(self, arn):
        return self.sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["PendingConfirmation"] == "true"

    def dead(self, url, seconds=15):
        return self.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=seconds, MaxNumberOfMessages=10,
                                        MessageAttributeNames=["All"]).get("Messages", [])


def check_question(check):
    arn = check.subscribe("/first")
    check.sns.publish(TopicArn=check.topic, Message="too early")
    headers, body = check.endpoint.wait("/first", 1)[0]
    asked = json.loads(body)
    check.require(header(headers, "x-amz-sns-message-type") == "SubscriptionConfirmation" == asked["Type"], "the question has its type")
    check.require(header(headers, "x-amz-sns-message-id") == asked["MessageId"], "its id stands in a header")
    check.require(header(headers, "x-amz-sns-topic-arn") == check.topic == asked["TopicArn"], "its topic stands in a header")
    check.require(header(headers, "content-type") == "text/plain; charset=UTF-8", "it is text, as SNS says")
    check.require(is_signed(asked, check.certificate_of(asked)), "the question is signed by the certificate that is served")
    check.require(check.is_pending(arn), "it is pending")
    wrong = asked["SubscribeURL"].replace(asked["Token"], "0" * 64)
    try:
        urllib.request.urlopen(wrong, timeout=10)
        check.fail("topics: a link with another token confirmed")
    except urllib.error.HTTPError as refused:
        check.require(refused.code == 400, f"a wrong token is refused, with {refused.code}")
    check.restart()
    check.require(check.is_pending(arn), "a restart leaves it pending")
    with urllib.request.urlopen(asked["SubscribeURL"], timeout=10) as answer:
        check.require(arn in answer.read().decode(), "the link confirms, unsigned, and says which")
    check.restart()
    check.require(not check.is_pending(arn), "a restart leaves it confirmed")
    # A kill between the question and its end has it asked once more.
    kinds = {json.loads(body)["Type"] for _, body in check.endpoint.said("/first")}
    check.require(kinds == {"SubscriptionConfirmation"}, f"nothing came before it was confirmed, but {kinds}")
    return arn, asked


def check_house(check, arn):
    """The queue in which messages for the endpoint wait is none for whoever uses SQS."""
    name = "sns-endpoint-" + arn.rsplit(":", 1)[1]
    url = f"{check.server.banner['aws']['url']}/000000000000/{name}"
    control = check.sqs.create_queue(QueueName="sns-endpoints")["QueueUrl"]
    listed = check.sqs.list_queues(QueueNamePrefix="sns-endpoint").get("QueueUrls", [])
    check.require([each.rsplit("/", 1)[1] for each in listed] == ["sns-endpoints"], f"it is not listed: {listed}")
    check.sqs.delete_queue(QueueUrl=control)
    errors = {behaviour.error_of(check.sqs.receive_message, QueueUrl=url), behaviour.error_of(check.sqs.purge_queue, QueueUrl=url),
              behaviour.error_of(check.sqs.get_queue_url, QueueName=name)}
    check.require(errors == {"AWS.SimpleQueueService.NonExistentQueue"}, f"nobody finds it: {errors}")
    refused = behaviour.error_of(check.sqs.create_queue, QueueName=name)
    check.require(refused == "InvalidParameterValue", f"nobody makes it: {refused}")
    refused = behaviour.error_of(check.sns.subscribe, TopicArn=check.topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:000000000000:{name}")
    check.require(refused == "InvalidParameter", f"no topic writes there: {refused}")


def check_once(check):
    """What is published again within five minutes comes once, and is answered as it was, over a kill too."""
    topic = check.sns.create_topic(Name="once.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    url = check.sqs.create_queue(QueueName="all-that-came")["QueueUrl"]
    queue = check.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    check.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"})

    def publish(text):
        told = check.sns.publish(TopicArn=topic, Message=text, MessageGroupId="g", MessageDeduplicationId=text)
        return told["MessageId"], told["SequenceNumber"]
    first = publish("one")
    check.restart()
    check.require(publish("one") == first, "a repetition is answered as what it repeats")
    second = publish("two")
    check.require(second[1] > first[1], f"numbers go on: {first[1]}, {second[1]}")
    came, end = [], time.monotonic() + 3
    while time.monotonic() < end:
        for message in check.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, MaxNumberOfMessages=10).get("Messages", []):
            came.append(message["Body"])
            check.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    check.require(sorted(came) == ["one", "two"], f"each comes once: {came}")


def check_envelopes(check, arn):
    check.endpoint.heard.clear()
    said = "grüße & <x>\n\"zwei\""
    sent = check.sns.publish(TopicArn=check.topic, Message=said, Subject="betreff",
                             MessageAttributes={"n": {"DataType": "Number", "StringValue": "1"}})
    headers, body = check.endpoint.wait("/first", 1)[0]
    message = json.loads(body)
    certificate = check.certificate_of(message)
    check.require(message["Message"] == said and message["Subject"] == "betreff", "a message comes as it was sent")
    check.require(message["MessageId"] == sent["MessageId"] == header(headers, "x-amz-sns-message-id"), "under its id")
    check.require(header(headers, "x-amz-sns-subscription-arn") == arn, "with the subscription in a header")
    check.require(message["MessageAttributes"] == {"n": {"Type": "Number", "Value": "1"}}, "with its attributes")
    check.require(message["SignatureVersion"] == "2" and is_signed(message, certificate), "signed with SHA-256")
    for name in ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"):
        other = dict(message, **{name: message[name] + "x"})
        if name == "Type":
            other = dict(message, Type="UnsubscribeConfirmation", SubscribeURL="u", Token="t")
        check.require(not is_signed(other, certificate), f"control: another {name} is found out")
    check.sns.set_topic_attributes(TopicArn=check.topic, AttributeName="SignatureVersion", AttributeValue="1")
    check.sns.publish(TopicArn=check.topic, Message="by SHA-1")
    message = json.loads(check.endpoint.wait("/first", 2)[1][1])
    check.require(message["SignatureVersion"] == "1" and is_signed(message, certificate), "signed with SHA-1 where asked")
    check.require("Subject" not in message, "without a subject where there is none")
    check.sns.set_topic_attributes(TopicArn=check.topic, AttributeName="SignatureVersion", AttributeValue="2")


def check_bare(check):
    check.confirmed("/bare", RawMessageDelivery="true", FilterPolicyScope="MessageBody", FilterPolicy='{"n":[{"numeric":[">",1]}]}')
    for n in (1, 2):
        check.sns.publish(TopicArn=check.topic, Message=json.dumps({"n": n}))
    told = check.endpoint.wait("/bare", 1)
    time.sleep(0.3)
    told = check.endpoint.said("/bare")
    check.require([body for _, body in told] == ['{"n": 2}'], "bare, the body is the message, and the filter holds")
    check.require(bool(told) and header(told[0][0], "x-amz-sns-rawdelivery") == "true", "a header says that it is bare")


def check_failures(check):
    """One that says nothing and one that fails for good, beside one that is well: which waits for neither."""
    url = check.sqs.create_queue(QueueName="theirs-dead")["QueueUrl"]
    queue = check.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": queue})
    arns = [check.confirmed(path, DeliveryPolicy=POLICY, RedrivePolicy=redrive) for path in ("/down", "/gone", "/mute")]
    check.endpoint.status.update({"/down": 503, "/gone": 410, "/mute": None})
    check.endpoint.heard.clear()
    began = time.monotonic()
    for n in range(20):
        check.sns.publish(TopicArn=check.topic, Message=f"m{n}")
    well = check.endpoint.wait("/first", 20)
    took = time.monotonic() - began
    check.require({json.loads(body)["Message"] for _, body in well} == {f"m{n}" for n in range(20)} and took < 10,
                  f"who is well has all 20 messages in {took:.1f} s beside who is not")
    letters = []
    end = time.monotonic() + 40
    while len(letters) < 40 and time.monotonic() < end:
        for letter in check.dead(url, 1):
            letters.append(letter)
            check.sqs.delete_message(QueueUrl=url, ReceiptHandle=letter["ReceiptHandle"])
    by_arn = {arn: [each for each in letters if each["MessageAttributes"]["SUBSCRIPTION_ARN"]["StringValue"] == arn] for arn in arns}
    check.require(len(by_arn[arns[0]]) == 20 and len(by_arn[arns[1]]) == 20, f"what was not taken is dead, {len(letters)} letters")
    codes = [{each["MessageAttributes"]["ERROR_CODE"]["StringValue"] for each in by_arn[arn]} for arn in arns[:2]]
    check.require(codes == [{"RETRIES_EXHAUSTED"}, {"FINAL_FAILURE"}], f"and says why: {codes}")
    check.require(len(check.endpoint.said("/down")) == 60, "503 is tried three times, as the policy says")
    check.require(len(check.endpoint.said("/gone")) == 20, "410 is the last word")
    check.require(len(check.endpoint.said("/mute")) == 4, "who says nothing has four calls and no more")
    for arn in arns:
        check.sns.unsubscribe(SubscriptionArn=arn)
    check.endpoint.silence.set()


def check_kills(check):
    """What was accepted comes, over kills, at least once; what was taken long before a kill does not come again."""
    check.endpoint.heard.clear()
    check.endpoint.status["/first"] = 503
    for n in range(10):
        check.sns.publish(TopicArn=check.topic, Message=f"k{n}")
    check.endpoint.wait("/first", 10)
    check.restart(lambda: check.endpoint.status.update({"/first": 200}))  # later a new try would hear 503, and wait
    end = time.monotonic() + 30
    taken = set()
    while len(taken) < 10 and time.monotonic() < end:
        taken = {json.loads(body)["Message"] for _, body in check.endpoint.said("/first")[10:]}
        time.sleep(0.05)
    check.require(taken == {f"k{n}" for n in range(10)}, f"what was accepted comes after a kill: {sorted(taken)}")
    time.sleep(1)
    check.endpoint.heard.clear()
    check.restart()
    time.sleep(2)
    check.require(check.endpoint.said("/first") == [], "what was taken does not come again")


def check_end(check, arn):
    check.endpoint.heard.clear()
    check.sns.publish(TopicArn=check.topic, Message="the last")
    message = json.loads(check.endpoint.wait("/first", 1)[0][1])
    with urllib.request.urlopen(message["UnsubscribeURL"], timeout=10) as answer:
        check.require(answer.status == 200, "the link in a message ends it")
    check.require(behaviour.error_of(check.sns.get_subscription_attributes, SubscriptionArn=arn) == "NotFound", "it has ended")
    check.sns.publish(TopicArn=check.topic, Message="after the end")
    time.sleep(1)
    check.require(len(check.endpoint.said("/first")) == 1, "nothing comes after the end")


def check_refusals(check):
    def error(protocol, url):
        return behaviour.error_of(check.sns.subscribe, TopicArn=check.topic, Protocol=protocol, Endpoint=url)
    for protocol, url in [("https", "https://10.0.0.1/"), ("https", "https://169.254.169.254/latest"), ("https", "https://user@a.example/"),
                          ("http", "http://example.org/"), ("https", "http://127.0.0.1/"), ("email", "somebody@example.org")]:
        check.require(error(protocol, url) == "InvalidParameter", f"{protocol} {url} is refused: {error(protocol, url)}")


class Alone:
    """An endpoint whose log is in RAM: it is not killed."""
    has_restarts = False

    def __init__(self, url):
        self.banner = {"aws": {"url": url}}


def check_all(done):
    arn, asked = check_question(done)
    done.require(asked["SigningCertURL"].startswith(done.server.banner["aws"]["url"] + "/sns/"), "the certificate is ours")
    check_house(done, arn)
    check_once(done)
    check_envelopes(done, arn)
    check_bare(done)
    check_failures(done)
    if done.server.has_restarts:
        check_kills(done)
    check_end(done, arn)
    check_refusals(done)


def check_alone(url, fail):
    endpoint = Endpoint()
    try:
        done = Check(Alone(url), endpoint, fail)
        check_all(done)
    finally:
        endpoint.server.shutdown()
    print(f"topics by HTTP, alone: {done.seen} checks")


def check(kontor, fail):
    with tempfile.TemporaryDirectory() as place:
        directory = pathlib.Path(place) / "shop"
        server = news.Server(kontor, directory, KONTOR_WEBHOOKS__LOOPBACK="true")
        server.has_restarts = True
        endpoint = Endpoint()
        try:
            server.start()
            done = Check(server, endpoint, fail)
            for key in ("topics.pem", "topics.key"):
                done.require(stat.S_IMODE((directory / "keys" / key).stat().st_mode) == 0o600, f"keys/{key} is for its owner alone")
            check_all(done)
            count = server.metric('kontor_topic_calls_total{outcome="delivered"}')
            done.require(count is not None and count > 0, "calls are counted")
            server.end(signal.SIGTERM)
        finally:
            server.end(signal.SIGKILL)
            endpoint.server.shutdown()
    print(f"topics by HTTP: {done.seen} checks, 5 kills")
