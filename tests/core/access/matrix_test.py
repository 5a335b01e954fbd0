"""Every method x roles x purpose, every role x kind of caller x method x municipality, and every role
x department of contacts: what the hub decides against an independent reading of the policy and of
the protos. The methods are those of every service the hub registers; one that nobody decides about
fails here.

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
LEAST_CELLS = 250_000
# Where the hub registers what it serves, and where access explain looks for methods.
REGISTERED = ROOT / "core" / "daemon" / "wiring.cc"
EXPLAINED = ROOT / "core" / "access" / "explain.cc"


def services_named_in(path):
    return set(re.findall(r'"(brobygger\.[\w.]+Service)"', path.read_text()))


def methods():
    """(full name, right, class, built for the caller, scope) of every method, from the protos' text."""
    for path in sorted((ROOT / "proto" / "brobygger").rglob("*_service.proto")):
        if "plugin" in path.parts:
            continue  # a plugin serves it, and the hub calls
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
            if name and len(mine) == 1:
                yield from contacts(names[0], name, level, rights)
            highest = min(most, CLASSES.index(purpose.get("data", "sensitive")))
            yield f"levels {who} {name} " + " ".join(LEVELS[each] for each in level.values())
            for method in known:
                allowed = may_call(method, rights, highest, says and not name, not name)
                yield f"call {who} {name} {method[0]} {'allowed' if allowed else 'refused'}"
    yield from reaches(policy, known)


def may_call(method, rights, most, unsaid, no_purpose=False):
    """Whether somebody who is not the operator may."""
    _, right, data_class, built, scope = method
    if right == "none":
        return True
    sees = CLASSES.index(data_class) <= most or built
    silent = unsaid and CLASSES.index(data_class) > CLASSES.index("public")
    # Of persons nobody is told who does not say what for.
    silent = silent or no_purpose and CLASSES.index(data_class) > CLASSES.index("internal")
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


def contacts(role, purpose, level, rights):
    """Somebody of department d1 of 0998, or of none there, and the contacts of d1, a colleague's d2
    and d3 elsewhere."""
    for kind, own, (department, agreed) in itertools.product(
            ["employee", "system"], ["d1", "-"], itertools.product(["d1", "d2", "d3"], [0, 1])):
        relation = "own" if department == own else "elsewhere" if department == "d3" else "municipality"
        told = LEVELS[level[relation]] if relation != "elsewhere" or agreed else "nothing"
        writes = relation == "own" or (relation == "municipality" and "municipality.write" in rights)
        yield (f"contacts {role} {purpose} {kind} {own} {department} {agreed} {told} "
               f"{'writes' if writes else 'asks'}")


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
        wanted = set(expected(tomllib.loads(text)))
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
        self.compare(text.replace('data = "internal"', 'data = "public"'))

    def test_the_methods_are_those_of_every_service_that_the_hub_registers(self):
        described = {name.rpartition(".")[0] for name, *_ in methods()}
        self.assertGreater(len(described), 20)
        self.assertEqual(described, services_named_in(REGISTERED))
        self.assertEqual(described, services_named_in(EXPLAINED))
        decided = {line.split(" ")[3] for line in self.decided(SHIPPED) if line.startswith("call ")}
        self.assertEqual(decided, {name for name, *_ in methods()})

    def test_a_colleague_of_another_department_is_told_less_and_writes_nothing(self):
        decided = self.decided(SHIPPED)
        for line in ("caseworker collaboration employee d1 d1 0 touchpoints writes",
                     "caseworker collaboration employee d1 d2 0 summary asks",
                     "caseworker grants employee d1 d1 0 summary writes",
                     "caseworker collaboration system - d1 0 summary asks",
                     "coordinator collaboration employee d1 d2 0 roles writes",
                     "operator collaboration employee d1 d1 0 existence writes",
                     "caseworker collaboration employee d1 d3 0 nothing asks"):
            self.assertIn(f"contacts {line}", decided)

    def test_every_method_is_held_against_the_municipalities(self):
        text = SHIPPED.read_text()
        lines = [line for line in expected(tomllib.loads(text)) if line.startswith("reach ")]
        for reach in ("nothing", "public", "whole", "refused", "anybody's"):
            self.assertTrue(any(f" {reach} " in line for line in lines), reach)
        self.assertEqual(len({method_of(line) for line in lines}), len(list(methods())))


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
