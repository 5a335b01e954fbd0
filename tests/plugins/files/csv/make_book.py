"""Writes a workbook of the tests: by python3-openpyxl, which is no part of what reads it, or by hand where no program would
write such a one. Usage: make_book.py NAME FILE
"""
import datetime
import io
import struct
import sys
import zipfile

import openpyxl
from openpyxl.chart import BarChart
from openpyxl.utils.datetime import CALENDAR_MAC_1904

HEADING = ["Nr", "Navn", "CVR", "Stiftet", "Aktiv", "Tilskud", "Temaer", "Telefon"]


def save(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def book_with(rows, heading=HEADING):
    book = openpyxl.Workbook()
    book.active.append(heading)
    for row in rows:
        book.active.append(row)
    return book


def good():
    day = datetime.date(2001, 5, 31)
    book = book_with([
        [1, "Æblelauget ×2", 99100605, day, True, 1234.5, "natur, mad", 10550601],
        ["2", "Şehir Kültür Derneği", "99100613", "01-05-1998", "nej", "1.234,50", "", None],
        ["a3", " جمعية النور ", None, datetime.datetime(2024, 2, 29, 13, 30), False, 0.1 + 0.2, None, "+45 10 55 06 03"],
    ])
    book.active.append([])
    book.active.append([4, "Skjult, men der", None, None, None, -7, None, None])
    book.active.row_dimensions[6].hidden = True
    book.active["D2"].number_format = 'dd\\-mm\\-yyyy;@'
    return save(book)


def same():
    """The list of tests/plugins/common/columns_test.cc."""
    return save(book_with([[1, "Æblelauget ×2", 99100605, datetime.date(2001, 5, 31), True, 1234.5, "natur, mad", 10550601],
                           [2, "Kor", None, None, False, -7, None, None]]))


def epoch_1904():
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["Nr", "Navn", "Stiftet"])
    book.active.append([1, "Et", datetime.date(2001, 5, 31)])
    return save(book)


def banner():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "Foreninger i Fjordby 2026"
    sheet.merge_cells("A1:H1")
    sheet["A2"] = "Udtrukket 1. maj"
    for at, name in enumerate(HEADING, 1):
        sheet.cell(row=4, column=at, value=name)
    sheet.append([7, "Under overskriften"])
    return save(book)


def two_rows():
    book = openpyxl.Workbook()
    sheet = book.active
    for cell, text in {"A1": "Nr", "B1": "Navn", "C1": "Kontakt", "C2": "Telefon", "D2": "Kontor"}.items():
        sheet[cell] = text
    for merged in ("A1:A2", "B1:B2", "C1:D1"):
        sheet.merge_cells(merged)
    sheet.append([1, "Et", 10550601, "Torvet"])
    return save(book)


def merged_rows():
    book = book_with([[1, "Et", None, None, None, None, "natur"], [2, "To"], [3, "Tre", None, None, None, None, "mad"]])
    book.active.merge_cells("G2:G3")
    return save(book)


def errors():
    book = book_with([[1, "Et"], [2, "To"], [3, "Tre"], [4, "Fire"]])
    sheet = book.active
    sheet["B3"] = "#REF!"
    sheet["B3"].data_type = "e"
    sheet["C4"] = "=1+1"
    sheet["J5"] = "#N/A"
    sheet["J5"].data_type = "e"
    return save(book)


def sheets(hidden=True):
    book = openpyxl.Workbook()
    book.active.title = "Gammelt"
    book.active.append(["Nr", "Navn"])
    book.active.append([1, "Fra det skjulte"])
    book.active.sheet_state = "hidden"
    book.create_chartsheet("Diagram", 0).add_chart(BarChart())
    for name, text in {"Ærlig liste": "Fra det første", "Andet": "Fra det andet"}.items():
        sheet = book.create_sheet(name)
        sheet.append(["Nr", "Navn"])
        sheet.append([1, text])
        if not hidden:
            sheet.sheet_state = "veryHidden"
    book.active = 2
    return save(book)


def many():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Nr", "Navn"])
    for number in range(60_000):
        sheet.append([number, f"Forening {number}"])
    return save(book)


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(*pairs):
    inside = "".join(f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{target}"/>'
                     for at, (kind, target) in enumerate(pairs, 1))
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'


def by_hand(sheet, texts=None, compression=zipfile.ZIP_DEFLATED, more=None):
    """The fewest parts that make a workbook, around the text of a sheet."""
    pairs = [("worksheet", "worksheets/sheet1.xml")] + ([("sharedStrings", "/xl/texts.xml")] if texts else [])
    parts = {"_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
             "xl/workbook.xml": f'<x:workbook xmlns:x="{MAIN}" xmlns:r="{OFFICE}"><x:sheets>'
                                '<x:sheet name="Ark1" sheetId="1" r:id="r1"/></x:sheets></x:workbook>',
             "xl/_rels/workbook.xml.rels": relations(*pairs),
             "xl/worksheets/sheet1.xml": sheet, **({"xl/texts.xml": texts} if texts else {}), **(more or {})}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def sheet_of(rows):
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


HEAD = '<row r="1"><c t="inlineStr"><is><t>Nr</t></is></c><c t="inlineStr"><is><t>Navn</t></is></c></row>'


def inline():
    rows = HEAD + ('<!-- <row> --><row><c><v>1</v></c><c t="inlineStr"><is><r><t xml:space="preserve">Et </t></r><rPh sb="0" eb="1">'
                   '<t>udtale</t></rPh><r><t>navn_x000A_&amp; mere &gt; _x005F_x000A_</t></r></is></c></row>'
                   '<row r="9"><c r="B9" t="str"><f>A1</f><v>Ni</v></c><c r="A9"><v>9</v></c></row>')
    return by_hand(sheet_of(rows).replace("<row", "<x:row").replace("</row", "</x:row").replace("<x:row> ", "<row> "))


def ole(stream):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(512)


def zip_of(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def bomb():
    """A small file with a sheet of two gigabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        whole = zipfile.ZipFile(io.BytesIO(by_hand("")))
        for name in whole.namelist():
            if "sheet1" not in name:
                archive.writestr(name, whole.read(name))
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(sheet_of(HEAD).removesuffix("</sheetData></worksheet>").encode())
            for _ in range(2048):
                part.write(b" " * (1 << 20))
    return out.getvalue()


def flipped(content):
    """One byte of the packed sheet is another: only the checksum can tell."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    name_size, extra_size = struct.unpack("<HH", content[info.header_offset + 26:info.header_offset + 30])
    at = info.header_offset + 30 + name_size + extra_size + info.compress_size // 2
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1:]


ENTITIES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
ROW = '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="inlineStr"><is><t>{}</t></is></c></row>'

BOOKS = {
    "good": good, "same": same, "epoch_1904": epoch_1904, "banner": banner, "two_rows": two_rows, "merged_rows": merged_rows,
    "errors": errors, "sheets": sheets, "all_hidden": lambda: sheets(hidden=False), "many": many, "inline": inline,
    "empty": lambda: save(openpyxl.Workbook()), "heading_only": lambda: save(book_with([])),
    "other_columns": lambda: save(book_with([[1, 2]], ["Nummer", "Titel"])),
    "cut": lambda: good()[:-300], "no_end": lambda: by_hand(sheet_of(HEAD + ROW.format("Et"))[:-30]),
    "flipped": lambda: flipped(by_hand(sheet_of(HEAD + ROW.format("E" * 9000)), compression=zipfile.ZIP_STORED)),
    "old_xls": lambda: ole("Workbook"), "locked": lambda: ole("EncryptedPackage"),
    "xlsb": lambda: zip_of({"_rels/.rels": relations(("officeDocument", "xl/workbook.bin")), "xl/workbook.bin": "x"}),
    "ods": lambda: zip_of({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
    "docx": lambda: zip_of({"word/document.xml": "<w/>"}), "other_zip": lambda: zip_of({"hej": "x"}),
    "pdf": lambda: b"%PDF-1.7\n" + bytes(range(256)), "rtf": lambda: b"{\\rtf1\\ansi Navn}",
    "web_page": lambda: b"\xef\xbb\xbf<html><body><table><tr><td>Nr</td></tr></table></body></html>",
    "old_xml": lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    "csv": lambda: b"Nr;Navn\r\n1;Et\r\n",
    "entities": lambda: by_hand(ENTITIES + sheet_of(HEAD + ROW.format("&b;"))),
    "entities_in_texts": lambda: by_hand(sheet_of(HEAD), texts=ENTITIES + "<sst><si><t>&b;</t></si></sst>"),
    "deep": lambda: by_hand(sheet_of(HEAD + '<row r="2"><c>' + "<x>" * 100_000 + "</x>" * 100_000 + "</c></row>")),
    "long_row": lambda: by_hand(sheet_of(HEAD + ROW.format("x" * (5 << 20)))),
    "bomb": bomb, "far_row": lambda: by_hand(sheet_of(HEAD + '<row r="2000000"><c><v>1</v></c></row>')),
    "backwards": lambda: by_hand(sheet_of(HEAD + '<row r="5"><c><v>1</v></c></row><row r="4"><c><v>2</v></c></row>')),
    "many_parts": lambda: by_hand(sheet_of(HEAD), more={f"x/{at}": "" for at in range(6000)}),
    "wild_texts": lambda: by_hand(sheet_of(HEAD + '<row r="2"><c><v>1</v></c><c t="s"><v>99</v></c></row>'),
                                  texts="<sst><si><t>a</t></si></sst>"),
}


def main():
    content = BOOKS[sys.argv[1]]()
    with open(sys.argv[2], "wb") as file:
        file.write(content)


if __name__ == "__main__":
    main()
