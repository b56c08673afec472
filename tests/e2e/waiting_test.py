"""Commands that wait: for a server that starts, for facts that come, and what they say when somebody stops them."""

import signal
import time
import unittest

from kontor import Answer, Directory, Kontor, Liar, require
from served import Served, stock_up


def ended(kontor, process, *args):
    """A run that was started, as its answer."""
    out, err = process.communicate(timeout=60)
    return kontor.answer(Answer([str(arg) for arg in args], process.returncode, out, err))


def check_wait_for_a_server(kontor):
    """Whoever waits may begin before there is a server, or even its directory; in the end it gives up."""
    with Directory() as here:
        shop = here / "shop"
        late = kontor.run("health", "--wait", "--within", "0.5", "--data", shop)
        require(late.code == 5 and "E7020" in late.err, "nobody is waited for for ever: %s" % late)
        args = ["health", "--wait", "--data", shop, "--json"]
        waiting = kontor.start(*args)
        time.sleep(0.5)
        with Served(shop) as server:
            answer = ended(kontor, waiting, *args)
            require(answer.code == 0 and answer.json()["status"] == "ready", "it was waited for: %s" % answer)
            require(server.end().code == 0, "it closes")


def check_stopped(kontor):
    """Ctrl-C ends what would go on for ever with the code that says so."""
    with Directory() as here:
        with Served(here / "shop") as server:
            for args in ["tail"], ["top", "--every", "0.2"]:
                args = args + ["--data", here / "shop"]
                process = kontor.start(*args)
                time.sleep(1)
                process.send_signal(signal.SIGINT)
                answer = ended(kontor, process, *args)
                require(answer.code == 130, "it was stopped: %s" % answer)
            require(server.end().code == 0, "it closes")


def check_beyond_the_end(kontor):
    """A position that the log has not reached is another log's: nobody waits for it."""
    with Directory() as here:
        with Served(here / "shop") as server:
            answer = kontor.run("tail", "--after", "99999999", "--data", here / "shop")
            require(answer.code == 4 and "position_ahead" in answer.err, "it is told: %s" % answer)
            require(server.end().code == 0, "it closes")


def check_one_stream(kontor):
    """Whoever follows one stream sees what comes next in it, and nothing else."""
    with Directory() as here:
        with Served(here / "shop") as server:
            console = server.console()
            stock_up(console)
            args = ["tail", "--stream", "product-MUG-1", "--limit", "1", "--data", here / "shop", "--json"]
            process = kontor.start(*args)
            time.sleep(1)
            product = console.ask("GET", "/v1/products/MUG-1")
            priced = console.ask("PUT", "/v1/products/MUG-1/price", {"price": {"amount": 949, "currency": "GBP"}},
                                 If_Match=product.headers["etag"])
            require(priced.status == 200, "a price is set: %s" % priced)
            answer = ended(kontor, process, *args)
            require(answer.code == 0 and answer.json()["data"]["price"]["amount"] == 949, "it is seen: %s" % answer)
            require(server.end().code == 0, "it closes")


def check_empty_shop(kontor):
    """A shop that sells nothing says what to do first."""
    with Directory() as here:
        with Served(here / "shop") as server:
            answer = kontor.run("order", "place", "--demo", "--data", here / "shop")
            require(answer.code == 2 and "product add" in answer.err, "it says how goods come in: %s" % answer)
            wrong = kontor.run("product", "price", "K001", "10.99", "--data", here / "shop")
            require(wrong.code == 2 and "smallest unit" in wrong.err, "prices are whole numbers: %s" % wrong)
            require(server.end().code == 0, "it closes")


class Waiting(unittest.TestCase):
    def rings(self, check, change):
        with self.assertRaises(AssertionError):
            check(Liar(change))

    def test_a_server_that_starts_is_waited_for(self):
        check_wait_for_a_server(Kontor())
        self.rings(check_wait_for_a_server, lambda answer: setattr(answer, "code", 5))

    def test_ctrl_c_ends_with_130(self):
        check_stopped(Kontor())
        self.rings(check_stopped, lambda answer: setattr(answer, "code", 0))

    def test_nobody_waits_for_another_log(self):
        check_beyond_the_end(Kontor())
        self.rings(check_beyond_the_end, lambda answer: setattr(answer, "err", ""))

    def test_one_stream_is_followed(self):
        check_one_stream(Kontor())
        self.rings(check_one_stream, lambda answer: setattr(answer, "out", ""))

    def test_an_empty_shop_says_what_to_do(self):
        check_empty_shop(Kontor())
        self.rings(check_empty_shop, lambda answer: setattr(answer, "err", "The list of lines was sent empty"))
