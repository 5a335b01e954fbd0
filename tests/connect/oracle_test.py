"""The door is held against connect-node: the same octets to both, and what both answer. Where we
differ the tables (cases_*.py) say so and why, and both answers are held."""
import unittest

import cases_answers
import cases_binary
import cases_http
import cases_json
import cases_protocol
import cases_values
from doors import DoorCase, start_oracle
from meaning import meaning
from requests import FAULT, OR
from wire import exchange

TABLES = {"protocol": cases_protocol, "json": cases_json, "values": cases_values, "binary": cases_binary,
          "answers": cases_answers, "http": cases_http}
ALL = [case for table in TABLES.values() for case in table.CASES]


def short(meanings):
    return " | ".join(each["summary"] for each in meanings)


class OracleTest(DoorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.oracle = start_oracle(cls.case)

    def ask(self, place, case):
        return [meaning(told, case.method) for told in exchange(place, case.octets, case.answers, ends=case.ends)]

    def hold(self, table):
        for case in TABLES[table].CASES:
            with self.subTest(case.name):
                door, oracle = self.ask(self.door.place, case), self.ask(self.oracle.place, case)
                if case.both:
                    self.assertEqual(door, oracle)
                    self.assertEqual(short(door), case.both)
                else:
                    self.assertIn(short(door), case.door.split(OR), case.why)
                    self.assertEqual(short(oracle), case.oracle, case.why)
                    if OR not in case.door:
                        self.assertNotEqual(door, oracle, f"they no longer differ: {case.why}")

    def test_types_paths_versions_deadlines_and_encodings_are_as_in_connect_node(self):
        self.hold("protocol")

    def test_json_and_its_names_are_read_as_in_connect_node(self):
        self.hold("json")

    def test_values_in_json_are_read_as_in_connect_node(self):
        self.hold("values")

    def test_messages_in_the_wire_form_and_envelopes_are_read_as_in_connect_node(self):
        self.hold("binary")

    def test_errors_trailers_and_streams_are_told_as_in_connect_node(self):
        self.hold("answers")

    def test_requests_end_and_connections_live_on_as_in_node(self):
        self.hold("http")

    def test_every_case_has_a_name_of_its_own_and_every_difference_a_reason(self):
        self.assertEqual(len({case.name for case in ALL}), len(ALL))
        self.assertEqual([case.name for case in ALL if bool(case.both) == bool(case.why)], [])
        faults = [case for case in ALL if case.why.startswith(FAULT)]
        print(f"{len(ALL)} cases: {sum(bool(case.both) for case in ALL)} answered alike, "
              f"{sum(bool(case.why) for case in ALL) - len(faults)} otherwise on purpose, {len(faults)} faults")
        for case in faults:
            print(f"  {case.name}: {case.why}")


if __name__ == "__main__":
    unittest.main(warnings="ignore")
