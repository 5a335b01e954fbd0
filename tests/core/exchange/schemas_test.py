"""Holds our HSDS and 360Giving against the published schemas.

Usage: schemas_test.py PRINT_SAMPLES SCHEMAS_FOLDER
"""
import copy
import gzip
import json
import pathlib
import re
import subprocess
import sys
import unittest

import jsonschema

PRINT_SAMPLES = sys.argv.pop(1)
SCHEMAS = pathlib.Path(sys.argv.pop(1))


# The library's own checks differ by version and by what else is installed.
FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date-time")
def is_date_time(text):
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text) is not None


@FORMATS.checks("uuid")
def is_uuid(text):
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) is not None


def schema(name):
    return json.loads(gzip.decompress((SCHEMAS / f"{name}.json.gz").read_bytes()))


def validator(name):
    # HSDS writes every nested object out in full, so these two stand in that of a service.
    if name.startswith("taxonomy"):
        wanted = schema("service")["properties"]["attributes"]["items"]["properties"]["taxonomy_term"]
        if name == "taxonomy":
            wanted = wanted["properties"]["taxonomy_detail"]
        return jsonschema.Draft202012Validator(wanted, format_checker=FORMATS)
    wanted = schema(name)
    if name == "360-giving-package-schema":
        # It names the other file by an address on the web.
        grant = schema("360-giving-schema")
        grant.pop("$id")
        wanted["$defs"] = grant.pop("$defs")
        wanted["properties"]["grants"]["items"] = grant
    kind = jsonschema.validators.validator_for(wanted, jsonschema.Draft202012Validator)
    return kind(wanted, format_checker=FORMATS)


class Schemas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        said = subprocess.run([PRINT_SAMPLES], check=True, capture_output=True, text=True).stdout
        cls.samples = [json.loads(line) for line in said.splitlines()]
        cls.validators = {name: validator(name) for name in {s["schema"] for s in cls.samples}}

    def test_every_text_fits_its_schema(self):
        self.assertEqual(len(self.validators), 7)
        for sample in self.samples:
            errors = list(self.validators[sample["schema"]].iter_errors(sample["value"]))
            told = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in errors]
            self.assertEqual(told, [], sample["schema"])

    def test_the_schemas_would_notice(self):
        """Each required member taken away in turn, and each id spoilt."""
        for sample in self.samples:
            check = self.validators[sample["schema"]]
            required = check.schema.get("required", [])
            for name in required:
                less = copy.deepcopy(sample["value"])
                del less[name]
                self.assertFalse(check.is_valid(less), (sample["schema"], name))
            if "id" in required:
                spoilt = sample["value"] | {"id": "tilskud/1"}
                self.assertFalse(check.is_valid(spoilt), sample["schema"])


if __name__ == "__main__":
    unittest.main()
