"""The systemd units in deploy/ say what systemd understands, leave their programs less to
reach than they threaten, and fit the configuration beside them.

Usage: unit_test.py DEPLOY_FOLDER BROBYGGER
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib
import unittest

# Of 100; systemd calls up to 40 "OK". What is left is what a hub with plugins needs:
# the network, and system calls, which each plugin's own jail filters.
EXPOSURE_AT_MOST = 40

deploy, program = (pathlib.Path(argument) for argument in sys.argv[1:3])
unit = (deploy / "brobygger.service").read_text()
web_unit = (deploy / "brobygger-web.service").read_text()
# The door needs loopback and the hub's socket only.
WEB_EXPOSURE_AT_MOST = 30


def setting(name, text=unit):
    (value,) = re.findall(rf"^{name}=(.*)$", text, re.MULTILINE)
    return value


def analyze(*arguments, text=unit, name="brobygger"):
    """What systemd-analyze says of `text`; the program it starts is the one built here."""
    with tempfile.TemporaryDirectory(prefix="brobygger-unit-") as folder:
        file = pathlib.Path(folder) / f"{name}.service"
        file.write_text(text.replace("/usr/bin/brobygger", str(program)))
        done = subprocess.run(["systemd-analyze", *arguments, str(file)], capture_output=True, text=True, check=False)
        return done.returncode, done.stderr.strip()


class UnitTest(unittest.TestCase):
    def test_systemd_understands_every_line(self):
        self.assertEqual(analyze("verify", "--man=no"), (0, ""))

    def test_a_line_that_systemd_does_not_know_would_be_noticed(self):
        _, said = analyze("verify", "--man=no", text=unit.replace("ProtectClock=", "ProtectClok="))
        self.assertIn("ProtectClok", said)

    def test_the_hub_reaches_no_more_than_it_needs(self):
        code, said = analyze("security", "--offline=true", f"--threshold={EXPOSURE_AT_MOST}")
        self.assertEqual(code, 0, said)

    def test_systemd_understands_every_line_of_the_web_door(self):
        self.assertEqual(analyze("verify", "--man=no", text=web_unit, name="brobygger-web"), (0, ""))

    def test_the_web_door_reaches_less_than_the_hub(self):
        code, said = analyze("security", "--offline=true", f"--threshold={WEB_EXPOSURE_AT_MOST}",
                             text=web_unit, name="brobygger-web")
        self.assertEqual(code, 0, said)

    def test_the_web_door_may_call_the_hub(self):
        groups = setting("SupplementaryGroups", web_unit).split()
        self.assertIn(setting("Group"), groups)
        # The hub lets whoever is in this one do what everybody may, and nothing else.
        example = tomllib.loads((deploy / "brobygger.example.toml").read_text())
        self.assertIn(example["hub"]["door_group"], groups)
        # There callers are strangers until they show a key.
        self.assertIn(example["access"]["group"], groups)
        self.assertGreater(int(setting("TimeoutStopSec", web_unit).removesuffix("s")), 10)

    def test_the_folders_are_those_of_the_configuration(self):
        hub = tomllib.loads((deploy / "brobygger.example.toml").read_text())["hub"]
        self.assertEqual(hub["data_dir"], f"/var/lib/{setting('StateDirectory')}")
        self.assertEqual(pathlib.Path(hub["socket"]).parent, pathlib.Path(f"/run/{setting('RuntimeDirectory')}"))
        self.assertEqual(pathlib.Path(hub["run_dir"]).parent, pathlib.Path(f"/run/{setting('RuntimeDirectory')}"))
        self.assertEqual(hub["group"], setting("Group"))
        for path in [hub["host_program"], *hub["plugin_roots"]]:
            self.assertIn(f"-> {path}", unit)

    def test_systemd_waits_longer_than_the_hub_takes_to_stop(self):
        self.assertGreater(int(setting("TimeoutStopSec").removesuffix("s")), 10)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
