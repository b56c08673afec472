"""What the program answers: the report, the exit codes, JSON where JSON was asked for, the same file twice."""

import json
import unittest

from kontor import Directory, Kontor, Liar, books, import_sample, last_position, require, sample, undisturbed


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
