"""Writes the export of a made-up volunteer centre: the file a first sync reads."""
import pathlib

HEADER = ("nummer;forening;cvr;kommune;vej;husnr;postnr;by;telefon;epost;hjemmeside;formaal;stiftet;status;"
          "omraade")
TOWNS = (("0615", "8700", "Horsens"), ("0751", "8000", "Aarhus C"), ("0461", "5000", "Odense C"),
         ("0851", "9000", "Aalborg"), ("0101", "1620", "København V"))
KINDS = ("Kulturforening", "Idrætsforening", "Kvindeforening", "Ungdomsforening", "Venskabsforening")
PURPOSE = ("Foreningen samler familier i {town} om mad, musik og lektiehjælp, og hjælper nye naboer til rette. "
           "Alle er velkomne, og der er åbent hus den første lørdag i hver måned.")
WEIGHTS = (2, 7, 6, 5, 4, 3, 2)


def cvr(number):
    """The number-th CVR number that passes the check (mod 11)."""
    stem = 1_000_000 + number
    while True:
        total = sum(int(digit) * weight for digit, weight in zip(str(stem), WEIGHTS))
        check = (11 - total % 11) % 11
        if check < 10:
            return f"{stem}{check}"
        stem += 1_000_000


SYLLABLES = ("ba", "de", "fi", "go", "hu", "ja", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu", "dra", "kle", "sti", "flo", "gru")


def own_word(number):
    """A made-up word that no other number has: associations in real life have names of their own."""
    scattered, word = number * 7919 % len(SYLLABLES) ** 4, ""
    for _ in range(4):
        scattered, syllable = divmod(scattered, len(SYLLABLES))
        word += SYLLABLES[syllable]
    return word.capitalize()


def row(number, changed=False):
    code, postal_code, town = TOWNS[number % len(TOWNS)]
    area = "hele byen" if changed else f"kvarter {number % 40}"
    # One in three is registered; the others are not, as in the real lists.
    registered = cvr(number) if number % 3 == 0 else ""
    return ";".join([
        f"F{number:06}", f"{own_word(number)} {KINDS[number // 5 % len(KINDS)]}", registered, code,
        f"{own_word(number // 7)}gade", str(number % 90 + 1), postal_code, town, f"+45{20_000_000 + number * 104_729 % 60_000_000}",
        f"post@forening{number}.example", f"https://forening{number}.example/", PURPOSE.format(town=town),
        f"{number % 28 + 1:02}-{number % 12 + 1:02}-{1970 + number % 50}", "aktiv", area])


def write_export(path: pathlib.Path, count, changed=()):
    """Windows-1252 with ';' and CRLF, as Danish office programs write it; in one step, as a careful export does."""
    changed = set(changed)
    lines = [HEADER, *(row(number, number in changed) for number in range(count))]
    partial = path.with_suffix(".part")
    partial.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252"))
    partial.replace(path)
