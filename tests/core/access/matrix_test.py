"""Every method x roles x purpose, and every role x kind of caller x method x municipality: what the
hub decides against an independent reading of the policy and of the protos.

Usage: matrix_test.py PRINT_DECISIONS
"""
import itertools
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "core" / "access" / "data" / "policy.toml"
CLASSES = ["none", "public", "internal", "personal", "sensitive"]
LEVELS = ["nothing", "existence", "summary", "roles", "touchpoints"]
# Of services that the program does not print.
LEAST_CELLS = 100_000


def methods():
    """(full name, right, class, built for the caller, scope) of every method, from the protos' text."""
    for path in sorted((ROOT / "proto" / "brobygger").rglob("*_service.proto")):
        text = path.read_text()
        package = re.search(r"^package ([\w.]+);", text, re.M)[1]
        for service in re.finditer(r"^service (\w+) \{(.*?)^\}", text, re.M | re.S):
            for method in re.finditer(r"rpc (\w+)\(.*?\{(.*?)\n  \}", service[2], re.S):
                option = method[2]
                right = re.search(r"right: RIGHT_(\w+)", option)[1].lower().replace("_", ".")
                data_class = re.search(r"data_class: DATA_CLASS_(\w+)", option)[1].lower()
                yield (f"{package}.{service[1]}.{method[1]}", right, data_class,
                       "built_for_caller: true" in option,
                       re.search(r"scope: SCOPE_(\w+)", option)[1].lower())


def expected(policy):
    roles = {each["name"]: each for each in policy["role"]}
    purposes = {"": {}} | {each["name"]: each for each in policy["purpose"]}
    known = list(methods())
    sets = [each for size in (1, 2, 3) for each in itertools.combinations(sorted(roles), size)]
    for names in sets:
        who = "+".join(names)
        mine = [roles[name] for name in names]
        rights = {right for role in mine for right in role["rights"]} | {"none"}
        most = max(CLASSES.index(role.get("most", "public")) for role in mine)
        says = any(role.get("says_purpose", False) for role in mine)
        for name, purpose in purposes.items():
            level = {relation: max(LEVELS.index(role.get(relation, "nothing")) for role in mine)
                     for relation in ("own", "municipality", "elsewhere")}
            if "most" in purpose:
                for relation in level:
                    level[relation] = min(level[relation], LEVELS.index(purpose["most"]))
            yield f"levels {who} {name} " + " ".join(LEVELS[each] for each in level.values())
            for method in known:
                allowed = may_call(method, rights, most, says and not name)
                yield f"call {who} {name} {method[0]} {'allowed' if allowed else 'refused'}"
    yield from reaches(policy, known)


def may_call(method, rights, most, unsaid):
    """Whether somebody who is not the operator may."""
    _, right, data_class, built, scope = method
    if right == "none":
        return True
    sees = CLASSES.index(data_class) <= most or built
    silent = unsaid and CLASSES.index(data_class) > CLASSES.index("public")
    return right in rights and sees and not silent and scope != "hub"


def sight(kind, code, home, agreed):
    """What of an association somebody sees: core/access/scope.h in other words."""
    others, centres = agreed in (1, 3), agreed in (2, 3)
    at_home = code != "-" and code == home
    if kind == "association":
        return "whole" if code != "-" else "nothing"  # matrix: it speaks for itself, or for another
    if kind == "centre":
        return ("whole" if at_home else "public") if centres else "nothing"
    if kind in ("employee", "system"):
        return "whole" if at_home else "public" if others else "nothing"
    return "nothing"


def reaches(policy, known):
    kinds = ["employee", "system", "centre", "association", "door", "stranger"]
    for role, kind, code in itertools.product(policy["role"], kinds, ["0998", "-"]):
        rights = set(role["rights"]) | {"none"}
        most = CLASSES.index(role.get("most", "public"))
        for method in known:
            may = may_call(method, rights, most, False)
            scoped = method[4] == "caller"
            for home, agreed in itertools.product(["0998", "0615", "-"], range(4)):
                reach = "refused" if not may else "anybody's"
                if may and scoped:
                    reach = sight(kind, code, home, agreed)
                of_one = kind in ("employee", "system", "centre")
                own = may and scoped and of_one and code != "-" and code == home
                yield (f"reach {role['name']} {kind} {code} {method[0]} {home} {agreed} {reach} "
                       f"{'own' if own else 'other'}")


def method_of(line):
    place = {"call": 3, "reach": 4}.get(line.split(" ")[0])
    return None if place is None else line.split(" ")[place]


class MatrixTest(unittest.TestCase):
    def decided(self, path):
        done = subprocess.run([PROGRAM, path], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return set(done.stdout.splitlines())

    def compare(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write(text)
            file.flush()
            decided = self.decided(file.name)
        served = {line.split(" ")[3] for line in decided if line.startswith("call ")}
        wanted = {line for line in expected(tomllib.loads(text))
                  if method_of(line) is None or method_of(line) in served}
        self.assertEqual(sorted(wanted - decided)[:5], [])
        self.assertEqual(sorted(decided - wanted)[:5], [])
        return len(decided)

    def test_the_shipped_policy_is_decided_as_it_reads(self):
        self.assertGreater(self.compare(SHIPPED.read_text()), LEAST_CELLS)

    def test_a_changed_policy_changes_what_is_decided(self):
        text = SHIPPED.read_text()
        changed = text.replace('municipality = "roles"', 'municipality = "nothing"')
        self.assertNotEqual(text, changed)
        self.compare(changed)
        self.compare(text.replace('most = "sensitive"', 'most = "internal"'))
        self.compare(text.replace("says_purpose = true", "says_purpose = false"))

    def test_every_method_is_held_against_the_municipalities(self):
        text = SHIPPED.read_text()
        lines = [line for line in expected(tomllib.loads(text)) if line.startswith("reach ")]
        for reach in ("nothing", "public", "whole", "refused", "anybody's"):
            self.assertTrue(any(f" {reach} " in line for line in lines), reach)
        self.assertEqual(len({method_of(line) for line in lines}), len(list(methods())))


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
