"""Checks the glossary: its shape, and that house.py finds every word marked "!".

Usage: glossary.py GLOSSARY_FILE
"""
import pathlib
import re
import sys

import house

COLUMNS = 4


def rows(text):
    table = [line for line in text.splitlines() if line.startswith("|")]
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in table)
    found = list(cells)
    start = next(i for i, row in enumerate(found) if row[:2] == ["English", "Danish"])
    for row in found[start + 2:]:
        if len(row) != COLUMNS:
            return
        yield row


def problems(entries):
    for column, language in enumerate(("English", "Danish")):
        words = [word.strip() for row in entries for word in re.split("[,/]", row[column])]
        for word in sorted({word for word in words if words.count(word) > 1}):
            yield f"{language} '{word}' stands for two things"
    for row in entries:
        for forbidden in re.findall(r"([\w ]+)!", row[3]):
            if not list(house.wrong_words(forbidden, False)):
                yield f"'{forbidden.strip()}' is marked !, but house.py lets it pass"


def main():
    entries = list(rows(pathlib.Path(sys.argv[1]).read_text()))
    found = list(problems(entries))
    if len(entries) < 30:
        found.append(f"only {len(entries)} words found in the table: is it still a table?")
    print("\n".join(found) or f"{len(entries)} words, each for one thing")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
