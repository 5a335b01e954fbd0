"""Holds a JSON document against a schema: python3-jsonschema. Usage: validate.py SCHEMA DOCUMENT"""
import json
import sys

from jsonschema import Draft202012Validator


def main():
    schema, document = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:3])
    found = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in
             Draft202012Validator(schema).iter_errors(document)]
    print("\n".join(found) or "valid")


if __name__ == "__main__":
    main()
