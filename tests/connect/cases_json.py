"""Messages in JSON: what is JSON, and the names in it. `cases_values.py` has the values."""
from requests import Case, about, apart, request

OK, WRONG = "200 json", "400 json invalid_argument"
UTF8 = "a name that is not UTF-8 would be stored with signs that nobody wrote"
UNKNOWN = "a misspelt field must not be an empty one"


def told(text):
    """An association with these members; it comes back as it was read."""
    return request(about(text))


TEXTS = [
    Case("an empty object", request("{}"), OK),
    Case("blanks around the object", request(" \r\n\t{ } \n"), OK),
    Case("nothing", request(""), WRONG),
    Case("blanks alone", request("  "), WRONG),
    Case("null", request("null"), WRONG),
    Case("an array", request("[]"), WRONG),
    Case("an array with an object", request("[{}]"), WRONG),
    Case("a string", request('"{}"'), WRONG),
    Case("a number", request("7"), WRONG),
    Case("true", request("true"), WRONG),
    Case("half an object", request('{"association":'), WRONG),
    Case("an object and more", request("{} {}"), WRONG),
    Case("an object and a letter", request("{}x"), WRONG),
    Case("a comma after the last member", told('"id":"a",'), WRONG),
    Case("a comma after the last element", told('"phones":["1",]'), WRONG),
    Case("no comma", told('"id":"a" "etag":"b"'), WRONG),
    Case("names without quotes", told('id:"a"'), WRONG),
    Case("single quotes", told("'id':'a'"), WRONG),
    Case("a comment", told('/* */"id":"a"'), WRONG),
    Case("a line break in a string", told('"id":"a\nb"'), WRONG),
    Case("a tab in a string", told('"id":"a\tb"'), WRONG),
    Case("a wrong escape", told(r'"id":"\x41"'), WRONG),
    Case("objects 20,000 deep that never end", request('{"a":' * 20_000), WRONG),
]

SIGNS = [
    Case("escapes", told(r'"id":"\u00e6\n\"\\\/"'), OK),
    Case("a sign beyond the basic plane, escaped", told(r'"id":"\ud83d\ude00"'), OK),
    Case("half of such a sign", told(r'"id":"\ud83d"'), WRONG),
    Case("the other half first", told(r'"id":"\ude00\ud83d"'), WRONG),
    Case("a zero sign in a string", told(r'"id":"a\u0000b"'), OK),
    Case("Danish letters, Arabic and Tigrinya", told('"officialName":"Ærø جمعية ማሕበር"'), OK),
    apart("invalid UTF-8 in a string", request(b'{"association":{"id":"\xff\xfe"}}'), WRONG, OK, UTF8),
    apart("UTF-8 that is too long", request(b'{"association":{"id":"\xc0\xaf"}}'), WRONG, OK, UTF8),
    apart("half a sign of UTF-8", request(b'{"association":{"id":"\xc3"}}'), WRONG, OK, UTF8),
    apart("a surrogate in UTF-8", request(b'{"association":{"id":"\xed\xa0\x80"}}'), WRONG, OK, UTF8),
    Case("UTF-16", request("{}".encode("utf-16")), WRONG),
    apart("a byte order mark", request(b"\xef\xbb\xbf{}"), WRONG, OK,
          "RFC 8259, 8.1: none may be sent, and a reader need not take it"),
]

NAMES = [
    apart("a field that there is not", request('{"unheard":1}'), WRONG, OK, UNKNOWN),
    apart("a field that there is not, further in", told('"unheard":{"a":[1]}'), WRONG, OK, UNKNOWN),
    apart("a field that there is not, and null", told('"unheard":null'), WRONG, OK, UNKNOWN),
    Case("a field by its name in the proto", told('"official_name":"a"'), OK),
    apart("a field in other letters", told('"OfficialName":"a"'), WRONG, OK, UNKNOWN),
    Case("a field under both its names", told('"official_name":"a","officialName":"b"'), OK),
    Case("a field twice", told('"id":"a","id":"b"'), OK),
    apart("a message twice", request('{"association":{"id":"a"},"association":{"etag":"b"}}'), OK, OK,
          "protobuf 3.21 merges both; in JavaScript the last one counts"),
    apart("arrays 90 deep where no field is", told('"unheard":' + "[" * 90 + "]" * 90), WRONG, OK, UNKNOWN),
    apart("arrays 20,000 deep where no field is", told('"unheard":' + "[" * 20_000 + "]" * 20_000), WRONG, OK, UNKNOWN),
]

CASES = TEXTS + SIGNS + NAMES
