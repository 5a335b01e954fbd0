"""Values in JSON, by protobuf's canonical mapping (protobuf.dev/programming-guides/json)."""
from cases_json import OK, WRONG, told
from requests import FAULT, MODEL, Case, apart, request

LAX = FAULT + "the mapping has no such form, and protobuf 3.21 reads it all the same"
LOST = FAULT + "the mapping has no null here, and protobuf 3.21 reads on without a word"
STRICT_BASE64 = "what is not base64 is refused, not guessed at (RFC 4648, 3.3 and 3.5)"
STRICT_ENUM = "a misspelt value must not be an unset one"

VALUES = [
    Case("a number for a string", told('"id":7'), WRONG),
    Case("true for a string", told('"id":true'), WRONG),
    Case("an object for a string", told('"id":{}'), WRONG),
    Case("an array for a string", told('"id":["a"]'), WRONG),
    Case("a string for a message", request('{"association":"a"}'), WRONG),
    Case("an array for a message", request('{"association":[]}'), WRONG),
    apart("one value for many", told('"phones":"1"'), OK, WRONG, LAX),
    Case("null for a string", told('"id":null'), OK),
    Case("null for a message", request('{"association":null}'), OK),
    Case("null for many", told('"phones":null'), OK),
    apart("null among many", told('"phones":["1",null]'), OK, WRONG, LOST),
    apart("null among many messages", told('"activities":[null]'), OK, WRONG, LOST),
    Case("a map", told('"purpose":{"byLanguage":{"da":"a","":"b"}}'), OK),
    apart("null in a map", told('"purpose":{"byLanguage":{"da":null}}'), OK, WRONG, LOST),
    apart("a name twice in a map", told('"purpose":{"byLanguage":{"da":"a","da":"b"}}'), WRONG, OK,
          "whoever says two things of one is not guessed at"),
    apart("a bool in words", told('"advertisingProtected":"yes"'), OK, WRONG, LAX),
    Case("other words than those of a bool", told('"advertisingProtected":"perhaps"'), WRONG),
    apart("a bool as a string", told('"advertisingProtected":"true"'), OK, WRONG, LAX),
    Case("a bool as a number", told('"advertisingProtected":1'), WRONG),
    Case("false is told where it was set", told('"advertisingProtected":false'), OK),
]


def fee(text):
    return told('"resourceStatements":[{"membershipFeeOere":' + text + "}]")


def members(text):
    return told('"resourceStatements":[{"membersTotal":' + text + "}]")


NUMBERS = [
    Case("int64 as a string", fee('"9007199254740993"'), OK),
    Case("int64 as a number", fee("12345"), OK),
    apart("int64 as a number that a double has not", fee("9007199254740993"), OK, OK,
          "JavaScript reads another number; we read the one that was sent"),
    Case("the least int64", fee('"-9223372036854775808"'), OK),
    Case("one more than int64 has", fee('"9223372036854775808"'), WRONG),
    Case("int64 with an exponent", fee("1e3"), OK),
    Case("int64 as a string with an exponent", fee('"1e3"'), WRONG),
    Case("int64 with a fraction of nothing", fee("5.0"), OK),
    Case("int64 with a fraction", fee("5.5"), WRONG),
    Case("int64 in words", fee('"five"'), WRONG),
    Case("int64 as an empty string", fee('""'), WRONG),
    apart("int64 with blanks", fee('" 5 "'), WRONG, OK, "the mapping has a number there and nothing else"),
    apart("int64 in hexadecimal", fee('"0x10"'), WRONG, OK, "the mapping has decimal numbers"),
    Case("int64 with a leading zero", fee('"007"'), OK),
    Case("a number with a leading zero", fee("007"), WRONG),
    Case("a number with a plus sign", fee("+7"), WRONG),
    Case("NaN", fee("NaN"), WRONG),
    Case("int32 as a string", members('"12"'), OK),
    Case("int32 as a number", members("12"), OK),
    Case("one more than int32 has", members("2147483648"), WRONG),
    Case("int32 with a fraction", members("1.5"), WRONG),
    Case("int32 that is true", members("true"), WRONG),
    Case("int32 beyond every number", members("1e999"), WRONG),
    Case("int32 that is minus nothing", members("-0"), OK),
]

ENUMS = [
    Case("an enum by its name", told('"status":"ASSOCIATION_STATUS_ACTIVE"'), OK),
    Case("an enum by its number", told('"status":1'), OK),
    apart("an enum by its number as a string", told('"status":"1"'), OK, OK,
          "protobuf 3.21 reads the number; the other one an unknown name, and so nothing"),
    apart("an enum in small letters", told('"status":"association_status_active"'), WRONG, OK, STRICT_ENUM),
    apart("an enum with hyphens", told('"status":"ASSOCIATION-STATUS-ACTIVE"'), WRONG, OK, STRICT_ENUM),
    apart("an unknown name of an enum", told('"status":"ASSOCIATION_STATUS_UNHEARD"'), WRONG, OK, STRICT_ENUM),
    Case("an unknown number of an enum", told('"status":4711'), OK),
    apart("a number of an enum that no int32 has", told('"status":4294967296'), WRONG, OK,
          "the other one answers with another number than was sent"),
    Case("a fraction of an enum", told('"status":1.5'), WRONG),
    Case("null for an enum", told('"status":null'), OK),
    Case("true for an enum", told('"status":true'), WRONG),
]


def when(text):
    return told('"createTime":' + text)


TIMES = [
    Case("an instant", when('"2026-05-04T10:20:30Z"'), OK),
    Case("an instant with thousandths", when('"2026-05-04T10:20:30.120Z"'), OK),
    Case("an instant with nine digits", when('"2026-05-04T10:20:30.123456789Z"'), OK),
    apart("an instant with ten digits", when('"2026-05-04T10:20:30.1234567891Z"'), OK, WRONG, LAX),
    Case("an instant elsewhere", when('"2026-05-04T12:20:30+02:00"'), OK),
    Case("an instant with small letters", when('"2026-05-04t10:20:30z"'), WRONG),
    Case("an instant with a blank for the T", when('"2026-05-04 10:20:30Z"'), WRONG),
    Case("an instant without a zone", when('"2026-05-04T10:20:30"'), WRONG),
    Case("a day", when('"2026-05-04"'), WRONG),
    apart("a day that there is not", when('"2026-02-30T10:20:30Z"'), WRONG, OK,
          "JavaScript makes a day of the next month of it"),
    apart("an hour that there is not", when('"2026-05-04T24:00:00Z"'), WRONG, OK, "RFC 3339, 5.6: hours end with 23"),
    Case("a leap second", when('"2026-06-30T23:59:60Z"'), WRONG),
    Case("the first year", when('"0001-01-01T00:00:00Z"'), OK),
    Case("the year before the first", when('"0000-12-31T23:59:59Z"'), WRONG),
    Case("the last second", when('"9999-12-31T23:59:59.999999999Z"'), OK),
    Case("a year of five digits", when('"10000-01-01T00:00:00Z"'), WRONG),
    Case("an instant as a number", when("1777890030"), WRONG),
    apart("an instant as an object", when('{"seconds":"1"}'), OK, WRONG, LAX),
    Case("an instant in no words", when('""'), WRONG),
    Case("no instant", when("null"), OK),
]


def octets(text):
    return request('{"modelText":' + text + "}", method=MODEL)


BYTES = [
    Case("base64", octets('"aGVq"'), OK, method=MODEL),
    Case("base64 with padding", octets('"aGVqIQ=="'), OK, method=MODEL),
    Case("base64 without padding", octets('"aGVqIQ"'), OK, method=MODEL),
    apart("base64 with one of two signs of padding", octets('"aGVqIQ="'), WRONG, OK, STRICT_BASE64, method=MODEL),
    Case("base64 for addresses", octets('"_-8_"'), OK, method=MODEL),
    apart("base64 of both alphabets", octets('"_+8/"'), WRONG, OK, STRICT_BASE64, method=MODEL),
    apart("base64 with a line break", octets(r'"aGVq\naGVq"'), WRONG, OK, STRICT_BASE64, method=MODEL),
    apart("base64 with a blank", octets('"aGVq aGVq"'), WRONG, OK, STRICT_BASE64, method=MODEL),
    Case("base64 with another sign", octets('"aG*q"'), WRONG, method=MODEL),
    Case("base64 of one sign too many", octets('"aGVqa"'), WRONG, method=MODEL),
    apart("base64 with bits left over", octets('"aGVqIR=="'), WRONG, OK, STRICT_BASE64, method=MODEL),
    apart("base64 after its padding", octets('"aGVqIQ==aGVq"'), WRONG, OK, STRICT_BASE64, method=MODEL),
    apart("padding alone", octets('"===="'), WRONG, OK, STRICT_BASE64, method=MODEL),
    Case("no octets", octets('""'), OK, method=MODEL),
    Case("octets as an array", octets("[104]"), WRONG, method=MODEL),
    Case("octets as a number", octets("104"), WRONG, method=MODEL),
]


def mask(text):
    return request('{"updateMask":' + text + "}")


MASKS = [
    Case("a field mask", mask('"officialName,addresses"'), OK),
    Case("a field mask of paths", mask('"purpose.byLanguage"'), OK),
    Case("an empty field mask", mask('""'), OK),
    apart("a field mask as the proto writes it", mask('"official_name"'), OK, WRONG, LAX),
    apart("a field mask that is an object", mask('{"paths":["id"]}'), OK, WRONG, LAX),
]

CASES = VALUES + NUMBERS + ENUMS + TIMES + BYTES + MASKS
