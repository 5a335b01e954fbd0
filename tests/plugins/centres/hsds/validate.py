"""Holds a JSON document against a packed schema: python3-jsonschema. Usage: validate.py SCHEMA DOCUMENT"""
import gzip
import json
import sys

from jsonschema import Draft202012Validator


def main():
    with gzip.open(sys.argv[1]) as packed, open(sys.argv[2], encoding="utf-8") as plain:
        schema, document = json.load(packed), json.load(plain)
    found = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in
             Draft202012Validator(schema).iter_errors(document)]
    print("\n".join(found) or "valid")


if __name__ == "__main__":
    main()
