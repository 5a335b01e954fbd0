"""Tests the tests: each rule of the house must find its own bad example."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent


def run(script, *arguments):
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, where, text):
        path = self.root / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


class HouseTest(Tree):
    def check(self, where, text, expected):
        self.write(where, text)
        code, output = run("house.py", self.root)
        self.assertEqual(code, 1, output)
        self.assertIn(f"{where}:", output)
        self.assertIn(expected, output)

    def test_a_tidy_tree_passes(self):
        self.write("core/base/error.cc", "// An association's ODBC driver.\nint Five() { return 5; }\n")
        self.write("tests/golden/names.sql", "insert into clubs values ('council');\n")
        self.write("README.md", "# House\n\nOne partnership <!-- glossary: ok, a quotation -->\n")
        self.assertEqual(run("house.py", self.root), (0, "house in order\n"))

    def test_a_long_file_is_found(self):
        self.check("core/base/long.cc", "\n" * 401, "401 lines")

    def test_a_long_script_without_suffix_is_found(self):
        self.check("tests/long", "#!/bin/sh\n" + "\n" * 401, "402 lines")

    def test_a_readme_that_was_formatted_as_code_is_found(self):
        self.check("core/base/README.md", "#base\n\nErrors, ids.\n", "begin with a heading")

    def test_every_wrong_word_is_found(self):
        wrong = ["organisation", "Organizations", "NGO", "clubs", "council", "cooperation",
                 "partnership", "adapter", "driver", "chapter", "umbrella", "bylaws", "subsidies"]
        for word in wrong:
            with self.subTest(word=word):
                self.check("core/base/words.h", f"// A {word}.\n", "say '")

    def test_a_left_over_is_found(self):
        self.check("core/base/later.cc", "// TODO: later\n", "finish it")

    def test_a_vague_name_is_found(self):
        for name in ["StoreManager", "IStore", "StoreImpl", "NameUtils"]:
            with self.subTest(name=name):
                self.check("core/base/vague.h", f"class {name} {{\n", "says nothing")

    def test_danish_text_in_code_is_found(self):
        self.check("core/base/danish.cc", 'auto text = "Forening på vej";\n', "data file")

    def test_a_test_that_is_no_sentence_is_found(self):
        self.check("tests/core/base/id_test.cc", 'TEST_CASE("ids", "[id]") {\n', "sentence")

    def test_a_camel_case_file_name_is_found(self):
        self.check("core/base/ErrorText.cc", "\n", "snake_case")


class LayeringTest(Tree):
    def check(self, where, include, expected_code):
        self.write("arrows.txt", "base: \nmodel: base\nhost: \nrpc: base model\n")
        self.write(where, f'#include "{include}"\n')
        code, output = run("layering.py", self.root, self.root / "arrows.txt")
        self.assertEqual(code, expected_code, output)
        if expected_code:
            self.assertIn(f"{where}:1: may not #include", output)

    def test_arrows_that_point_down_pass(self):
        self.check("core/model/names.cc", "core/base/error.h", 0)
        self.check("core/model/more.cc", "brobygger/registry/v1/association.pb.h", 0)
        self.check("core/host/jail.cc", "brobygger/sdk/bb_abi.h", 0)
        self.check("plugins/files/csv/plugin.cc", "plugins/files/csv/mapping.h", 0)
        self.check("plugins/files/csv/more.cc", "plugins/common/dates.h", 0)

    def test_an_arrow_up_is_found(self):
        self.check("core/base/error.cc", "core/model/names.h", 1)

    def test_a_module_that_is_not_named_is_found(self):
        self.check("core/rpc/server.cc", "core/storage/store.h", 1)

    def test_generated_code_in_the_host_is_found(self):
        self.check("core/host/main.cc", "brobygger/plugin/v1/read.pb.h", 1)

    def test_a_hub_module_that_uses_the_sdk_is_found(self):
        self.check("core/rpc/server.cc", "brobygger/sdk/connector.h", 1)

    def test_a_plugin_that_reaches_into_the_core_is_found(self):
        self.check("plugins/files/csv/plugin.cc", "core/base/error.h", 1)

    def test_a_plugin_that_reaches_into_another_is_found(self):
        self.check("plugins/files/csv/plugin.cc", "plugins/grants/sql/mapping.h", 1)

    def test_tests_are_not_included_by_the_product(self):
        self.check("core/rpc/server.cc", "tests/support/records.h", 1)

    def test_a_dependency_that_the_house_does_not_know_is_found(self):
        self.write("arrows.txt", "base: \nsupervisor: base model\n")
        code, output = run("layering.py", self.root, self.root / "arrows.txt")
        self.assertEqual(code, 1)
        self.assertIn("core/supervisor/CMakeLists.txt: may not depend on: model", output)

    def test_a_folder_that_is_no_module_is_found(self):
        self.write("arrows.txt", "base: \n")
        self.write("core/extra/thing.h", "")
        code, output = run("layering.py", self.root, self.root / "arrows.txt")
        self.assertEqual(code, 1)
        self.assertIn("core/extra has no brobygger_module() line", output)


class FormatTest(Tree):
    def test_a_badly_formatted_file_is_found(self):
        self.write(".clang-format", (HERE.parents[1] / ".clang-format").read_text())
        self.write("core/base/good.cc", "int Five() { return 5; }\n")
        self.assertEqual(run("format.py", self.root)[0], 0)
        self.write("core/base/bad.cc", "int  Five( ) {return 5;}\n")
        code, output = run("format.py", self.root)
        self.assertEqual(code, 1)
        self.assertIn("bad.cc", output)


class ShellTest(Tree):
    def test_a_careless_script_is_found(self):
        self.write("tests/good", "#!/usr/bin/env bash\necho fine\n")
        self.assertEqual(run("shell.py", self.root)[0], 0)
        self.write("deploy/bad", "#!/usr/bin/env bash\nrm -r $1/*\n")
        code, output = run("shell.py", self.root)
        self.assertEqual(code, 1)
        self.assertIn("deploy/bad", output)


class GlossaryTest(Tree):
    TABLE = "| English | Danish | means | not |\n|---|---|---|---|\n"

    def check(self, rows, expected):
        fill = "".join(f"| w{i} | d{i} | | |\n" for i in range(40))
        self.write("README.md", self.TABLE + fill + rows)
        code, output = run("glossary.py", self.root / "README.md")
        self.assertEqual(code, 1 if expected else 0, output)
        self.assertIn(expected, output)

    def test_a_good_table_passes(self):
        self.check("| branch | lokalafdeling | | chapter! |\n", "")

    def test_a_word_for_two_things_is_found(self):
        self.check("| club, branch | x | | |\n| branch | y | | |\n", "'branch' stands for two things")

    def test_a_forbidden_word_that_nobody_looks_for_is_found(self):
        self.check("| branch | lokalafdeling | | twig! |\n", "house.py lets it pass")


if __name__ == "__main__":
    unittest.main()
