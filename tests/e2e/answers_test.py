"""What the program answers: the report, the exit codes, JSON where JSON was asked for, the same file twice."""

import json
import unittest

from kontor import Directory, Kontor, Liar, books, copy_shop, import_sample, last_position, require, sample, undisturbed
from served import Served


def check_every_equation_holds(kontor):
    with Directory() as here:
        answer = import_sample(kontor, here / "shop")
    require(answer.code == 0, "an import that reconciles ends with 0: %s" % answer)
    report = answer.json()
    require(len(report["equations"]) > 50, "too few equations to believe: %d" % len(report["equations"]))
    require(report["holds"] is True, "the report itself says that the books do not hold")
    for equation in report["equations"]:
        require(equation["holds"] and equation["left"] == equation["right"], "does not hold: %s" % equation)
    require(report["figures"]["rows"] == "5217", "the sample has 5,217 rows")


def check_the_same_file_twice_changes_nothing(kontor):
    with Directory() as here:
        shop = here / "shop"
        first = import_sample(kontor, shop)
        facts, before = last_position(kontor, shop), books(kontor, shop)
        second = import_sample(kontor, shop)
        require(first.code == second.code == 0, "both imports end with 0: %s %s" % (first, second))
        require(first.out == second.out, "the second report differs from the first")
        require(facts == last_position(kontor, shop), "the second import added facts")
        require(before == books(kontor, shop), "the second import changed the books")


EXIT_CODES = [
    (0, ["version"]),
    (0, []),
    (0, ["order", "--help"]),
    (1, ["import", "online-retail", "/dev/null"]),
    (1, ["import", "online-retail", "/"]),
    (2, ["ordr", "list"]),
    (2, ["order", "list", "--limit", "0"]),
    (2, ["order", "show", "nonsense"]),
    (2, ["stock", "show"]),
    (2, ["stream", "show", "nonsense"]),
    (2, ["version", "--config", "not-there.toml"]),
    (2, ["version", "--progress", "loud"]),
    (3, ["order", "show", "ord_00000000000000000000000000"]),
    (3, ["payment", "show", "pay_00000000000000000000000000"]),
    (3, ["stock", "show", "NEVERSOLD"]),
    (3, ["stream", "show", "stock-main.NEVERSOLD"]),
    (3, ["order", "list", "--data", "not-there"]),
    (3, ["store", "verify", "--data", "not-there"]),
    (3, ["import", "online-retail", "not-there.csv"]),
    (3, ["explain", "E0000"]),
    (3, ["stream", "state", "stock-main.NEVERSOLD"]),
    (1, ["stream", "state", "product-85123A"]),
    (3, ["projection", "show", "ordrs"]),
    (3, ["projection", "verify", "ordrs"]),
]


def check_exit_codes(kontor):
    for code, args in EXIT_CODES:
        answer = kontor.run(*(args if "--data" in args else args + ["--data", undisturbed()["shop"]]))
        require(answer.code == code, "exit code %d is promised: %s" % (code, answer))
        if code:
            require(answer.err.startswith("kontor: "), "an error says what it is, on stderr: %s" % answer)
            require(answer.out == "", "nothing of an error is on stdout: %s" % answer)


def questions():
    """Every command that has an answer, with whether it is a list."""
    kontor, shop = Kontor(), undisturbed()["shop"]

    def first(noun, member):
        return kontor.run(noun, "list", "--limit", 1, "--data", shop, "--json").json()[member]

    yield False, ["version"]
    yield False, ["config", "check"]
    yield True, ["config", "show", "--origin"]
    yield True, ["config", "schema"]
    yield True, ["doctor"]
    yield True, ["doctor", "--quick"]
    yield True, ["explain"]
    yield False, ["explain", "E3005"]
    yield False, ["import", "online-retail", sample()]
    yield False, ["store", "info"]
    yield False, ["store", "verify"]
    yield False, ["store", "compact"]
    for noun in "order", "stock", "payment", "stream":
        yield True, [noun, "list", "--limit", "7"]
    yield True, ["projection", "rebuild"]
    yield True, ["projection", "list"]
    yield False, ["projection", "show", "orders"]
    yield True, ["projection", "verify"]
    yield True, ["projection", "verify", "orders"]
    yield False, ["order", "show", first("order", "id")]
    yield True, ["stock", "show", first("stock", "sku")]
    yield True, ["payment", "show", first("payment", "id")]
    yield True, ["stream", "show", first("stream", "stream")]
    yield False, ["stream", "state", "stock-main.85123A", "--at", "1"]


def check_json(kontor):
    for is_list, args in questions():
        answer = kontor.run(*args, "--data", undisturbed()["shop"], "--json")
        require(answer.code == 0, "an answer is wanted: %s" % answer)
        lines = answer.json_lines()
        require(len(lines) > 0 if is_list else len(lines) == 1, "an answer is empty or too long: %s" % answer)
        require(answer.out.endswith("\n"), "the last line does not end: %s" % answer)


def check_order_by_number(kontor):
    """The number that people read to each other finds the order, in any case."""
    shop = undisturbed()["shop"]
    for listed in kontor.run("order", "list", "--limit", 5, "--data", shop, "--json").json_lines():
        for number in listed["number"], listed["number"].lower():
            shown = kontor.run("order", "show", number, "--data", shop, "--json")
            require(shown.code == 0 and shown.json()["id"] == listed["id"], "%s is %s: %s" % (number, listed["id"], shown))


def check_state_at_a_version(kontor):
    """A stream's state at its newest version is what the list says, and at an earlier one it is what it was."""
    shop = undisturbed()["shop"]
    name = "stock-main.85123A"
    facts = kontor.run("stream", "show", name, "--limit", 1000000, "--data", shop, "--json").json_lines()
    listed = kontor.run("stock", "show", "85123A", "--data", shop, "--json").json()
    now = kontor.run("stream", "state", name, "--data", shop, "--json").json()
    require(now.pop("version") == len(facts), "the newest version is the number of facts: %s" % now)
    require(now == listed, "the state of the stream and the list differ: %s %s" % (now, listed))
    on_hand = []
    for version in 1, 2, len(facts):
        answer = kontor.run("stream", "state", name, "--at", version, "--data", shop, "--json").json()
        require(answer["version"] == version, "that version is shown: %s" % answer)
        on_hand.append(answer["on_hand"])
    require(len(set(on_hand)) > 1, "nothing ever changed: %s" % on_hand)


def check_names_as_typed(kontor):
    """A SKU in small letters and an id with its prefix mean the same as the names that are kept."""
    shop = undisturbed()["shop"]

    def run(*args):
        answer = kontor.run(*args, "--data", shop, "--json")
        require(answer.code == 0, "it is found: %s" % answer)
        return answer.out

    require(run("stock", "show", "85123a") == run("stock", "show", "85123A"), "a SKU is one in small letters, too")
    require(run("stream", "show", "stock-main.85123a") == run("stream", "show", "stock-main.85123A"), "so is its stream")
    order = json.loads(run("order", "list", "--limit", 1))["id"]
    for verb in "show", "state":
        require(run("stream", verb, "order-" + order) == run("stream", verb, "order-" + order[4:]), "an id has its prefix")


def check_all_rows(kontor):
    """A program gets all of a list, and a person a screenful and a word that there is more."""
    shop = undisturbed()["shop"]
    for noun in "order", "stock", "payment", "stream":
        rows = [len(kontor.run(noun, "list", "--data", shop, *form).out.splitlines())
                for form in (["--json"], ["--plain"], ["--json", "--limit", 1000000], ["--json", "--limit", 60])]
        require(rows[0] > 60 and rows == [rows[0]] * 3 + [60], "all %s are there: %s" % (noun, rows))
        told = kontor.run(noun, "list", "--data", shop).out.splitlines()
        require(len(told) == 52 and "50 of %d" % rows[0] in told[-1] and "--limit" in told[-1], "%s" % told[-1])


def check_all_rows_of_a_server(kontor):
    """The same of a running shop, which has pages, and lets nobody ask as often as he likes."""
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        here_rows = {noun: len(kontor.run(noun, "list", "--data", shop, "--json").out.splitlines()) for noun in ("order", "payment")}
        with Served(shop):
            require(kontor.run("health", "--wait", "--data", shop).code == 0, "the rows are built")
            answer = kontor.run("limit", "set", "operator", 1, "--reason", "a slow day", "--data", shop)
            require(answer.code == 0, "calls are rare: %s" % answer)
            for noun, rows in here_rows.items():
                answer = kontor.run(noun, "list", "--data", shop, "--json")
                require(answer.code == 0 and len(answer.json_lines()) == rows, "all %d %s: %s" % (rows, noun, str(answer)[-300:]))


def check_quiet(kontor):
    """Under -q nothing is said but what is asked for: of an import nothing at all, unless it goes wrong."""
    with Directory() as here:
        answer = kontor.run("import", "online-retail", sample(), "--data", here / "shop", "-q")
        require(answer.code == 0 and answer.out == answer.err == "", "nothing is said: %s" % answer)
        listed = kontor.run("order", "list", "--limit", 1, "--data", here / "shop", "-q")
        require(len(listed.out.splitlines()) == 2 and listed.err == "", "what is asked for is told: %s" % listed)
        answer = kontor.run("order", "list", "--data", here / "none", "-q")
        require(answer.code == 3 and "E7006" in answer.err, "errors are told: %s" % answer)


class Answers(unittest.TestCase):
    def rings(self, check, change):
        with self.assertRaises(AssertionError):
            check(Liar(change))

    def test_every_equation_of_the_report_holds(self):
        check_every_equation_holds(Kontor())

        def one_penny_off(answer):
            report = json.loads(answer.out)
            report["equations"][17]["left"] += "1"
            answer.out = json.dumps(report) + "\n"

        def exits_otherwise(answer):
            answer.code = 7

        self.rings(check_every_equation_holds, one_penny_off)
        self.rings(check_every_equation_holds, exits_otherwise)

    def test_the_same_file_twice_changes_nothing(self):
        check_the_same_file_twice_changes_nothing(Kontor())
        calls = []

        def one_order_more(answer):
            calls.append(answer)
            if answer.args[:2] == ["order", "list"] and len(calls) > 4:
                answer.out += '{"id":"ord_more"}\n'

        def another_report(answer):
            calls.append(answer)
            if answer.args[0] == "import" and any(call.args[0] == "order" for call in calls):
                answer.out = answer.out.replace("104842.84", "104842.85")

        self.rings(check_the_same_file_twice_changes_nothing, one_order_more)
        calls.clear()
        self.rings(check_the_same_file_twice_changes_nothing, another_report)

    def test_an_order_is_found_by_its_number(self):
        check_order_by_number(Kontor())

        def shows_another(answer):
            if answer.args[:2] == ["order", "show"]:
                answer.out = answer.out.replace('"id":"ord_', '"id":"ord_0', 1)

        self.rings(check_order_by_number, shows_another)

    def test_names_are_taken_as_people_type_them(self):
        check_names_as_typed(Kontor())

        def knows_no_small_letters(answer):
            if "85123a" in answer.args:
                answer.code = 3

        self.rings(check_names_as_typed, knows_no_small_letters)

    def test_a_program_gets_all_rows(self):
        check_all_rows(Kontor())

        def only_fifty(answer):
            if "--json" in answer.args:
                answer.out = "".join(answer.out.splitlines(True)[:50])

        self.rings(check_all_rows, only_fifty)

    def test_a_program_gets_all_rows_of_a_server(self):
        check_all_rows_of_a_server(Kontor())

        def is_told_to_wait(answer):
            if answer.args[:2] == ["payment", "list"]:
                answer.code = 5

        self.rings(check_all_rows_of_a_server, is_told_to_wait)

    def test_quiet_is_quiet(self):
        check_quiet(Kontor())
        self.rings(check_quiet, lambda answer: setattr(answer, "out", answer.out or "the books add up\n"))

    def test_exit_codes_are_the_documented_ones(self):
        check_exit_codes(Kontor())

        def always_good(answer):
            answer.code = 0

        def says_nothing(answer):
            answer.err = ""

        self.rings(check_exit_codes, always_good)
        self.rings(check_exit_codes, says_nothing)

    def test_every_answer_in_json_is_json(self):
        check_json(Kontor())
        for command in ["version"], ["store", "verify"], ["stream", "show"], ["import"]:
            def half(answer, command=command):
                if answer.args[:len(command)] == command:
                    answer.out = answer.out[:len(answer.out) // 2]

            self.rings(check_json, half)

    def test_a_stream_shows_its_state_at_a_version(self):
        check_state_at_a_version(Kontor())

        def always_the_same(answer):
            if "--at" in answer.args:
                answer.out = '{"version":%s,"on_hand":7}\n' % answer.args[answer.args.index("--at") + 1]

        self.rings(check_state_at_a_version, always_the_same)
