"""Every method x roles x purpose: what the hub decides against an independent reading of the
policy and of the protos.

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
LEAST_CELLS = 10_000


def methods():
    """(full name, right, class, built for the caller) of every method, from the protos' text."""
    for path in sorted((ROOT / "proto" / "brobygger").rglob("*_service.proto")):
        text = path.read_text()
        package = re.search(r"^package ([\w.]+);", text, re.M)[1]
        for service in re.finditer(r"^service (\w+) \{(.*?)^\}", text, re.M | re.S):
            for method in re.finditer(r"rpc (\w+)\(.*?\{(.*?)\n  \}", service[2], re.S):
                option = method[2]
                right = re.search(r"right: RIGHT_(\w+)", option)[1].lower().replace("_", ".")
                data_class = re.search(r"data_class: DATA_CLASS_(\w+)", option)[1].lower()
                yield (f"{package}.{service[1]}.{method[1]}", right, data_class,
                       "built_for_caller: true" in option)


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
                for relation in ("municipality", "elsewhere"):
                    level[relation] = min(level[relation], LEVELS.index(purpose["most"]))
            yield f"levels {who} {name} " + " ".join(LEVELS[each] for each in level.values())
            for method, right, data_class, built in known:
                open_to_all = right == "none"
                sees = CLASSES.index(data_class) <= most or built
                unsaid = says and not name and CLASSES.index(data_class) > CLASSES.index("public")
                allowed = open_to_all or (right in rights and sees and not unsaid)
                yield f"call {who} {name} {method} {'allowed' if allowed else 'refused'}"


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
                  if not line.startswith("call ") or line.split(" ")[3] in served}
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


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
