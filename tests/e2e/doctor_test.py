"""What the doctor says of machine and shop."""

import os
import unittest

from kontor import Directory, Kontor, Liar, copy_shop, require, undisturbed

FIRST = "00000000000000000001.seg"


def check_doctor(kontor):
    with Directory() as here:
        shop = here / "shop"
        copy_shop(undisturbed()["shop"], shop)
        kontor.run("projection", "rebuild", "--data", shop)

        def findings():
            answer = kontor.run("doctor", "--quick", "--data", shop, "--json")
            return answer, {row["check"]: row for row in answer.json_lines()}

        answer, found = findings()
        require(answer.code == 0, "nothing is wrong: %s" % answer)
        for check in ("versions", "clock", "disk space", "durability", "write mode", "open files", "log", "projections",
                      "room"):
            require(check in found and found[check]["evidence"], "%s is looked at: %s" % (check, answer))
        for row in found.values():
            require(row["severity"] == "good" or len(row["fix"]) > 10, "a finding says what to do: %s" % row)
        with open(os.path.join(shop, "journal", FIRST), "r+b") as file:
            file.seek(300000)
            byte = file.read(1)[0]
            file.seek(300000)
            file.write(bytes([byte ^ 1]))
        answer, found = findings()
        require(answer.code == 7 and found["log"]["severity"] == "error", "damage is found: %s" % answer)
        require("E7016" in answer.err and FIRST in found["log"]["evidence"], "and named: %s" % answer)


class Doctor(unittest.TestCase):
    def test_the_doctor_looks_at_machine_and_shop(self):
        check_doctor(Kontor())

        def sees_no_damage(answer):
            answer.out = answer.out.replace('"severity":"error"', '"severity":"good"')

        with self.assertRaises(AssertionError):
            check_doctor(Liar(sees_no_damage))
