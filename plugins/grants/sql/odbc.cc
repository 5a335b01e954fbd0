#include "plugins/grants/sql/odbc.h"

#include <algorithm>

#include <unicode/unistr.h>
#include <unicode/ustring.h>

namespace brobygger::sql {

static_assert(sizeof(SQLWCHAR) == sizeof(char16_t));

std::u16string Widen(const std::string& text) {
  const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(text);
  return {wide.getBuffer(), static_cast<std::size_t>(wide.length())};
}

WideText::WideText(const std::string& text, char16_t tail)
    : text_(Widen(text)), size_(text_.size()) {
  text_.append(size_ + 1, tail);
}

bool Narrow(const SQLWCHAR* units, std::size_t count, std::string& text) {
  // Most cells are plain.
  if (std::all_of(units, units + count, [](SQLWCHAR unit) { return unit < 0x80; })) {
    text.assign(units, units + count);
    return true;
  }
  UErrorCode error = U_ZERO_ERROR;
  int32_t size = 0;
  text.resize(count * 3);
  u_strToUTF8(text.data(), static_cast<int32_t>(text.size()), &size,
              reinterpret_cast<const UChar*>(units), static_cast<int32_t>(count), &error);
  text.resize(U_FAILURE(error) ? 0 : static_cast<std::size_t>(size));
  return U_SUCCESS(error);
}

namespace {

// How many units a cell of `units` has, if ODBC says that it has `told` bytes. What MariaDB
// Connector/ODBC 3.1 tells is one unit short for each capital O with a stroke, whose low byte it
// takes for half of a sign; the end it writes is in the right place.
std::size_t UnitsIn(const SQLWCHAR* units, SQLLEN told, std::size_t most) {
  std::size_t count = static_cast<std::size_t>(told) / sizeof(SQLWCHAR);
  while (count < most && units[count] != 0) ++count;
  return count;
}

}  // namespace

Handle::Handle(SQLSMALLINT kind, SQLHANDLE parent) : kind_(kind) {
  if (!Worked(SQLAllocHandle(kind, parent, &handle_))) handle_ = SQL_NULL_HANDLE;
}

Handle::~Handle() {
  if (handle_ != SQL_NULL_HANDLE) SQLFreeHandle(kind_, handle_);
}

OdbcMessage Handle::Message() const {
  OdbcMessage message;
  SQLWCHAR state[6] = {};
  SQLWCHAR text[1024] = {};
  SQLINTEGER native = 0;
  SQLSMALLINT size = 0;
  if (!Worked(SQLGetDiagRecW(kind_, handle_, 1, state, &native, text, 1024, &size))) {
    return {.state = "HY000", .text = "no message"};
  }
  message.native = native;
  Narrow(state, 5, message.state);
  Narrow(text, static_cast<std::size_t>(std::clamp<int>(size, 0, 1023)), message.text);
  return message;
}

void Handle::Set(SQLINTEGER attribute, SQLULEN value) const {
  SQLSetStmtAttrW(handle_, attribute, reinterpret_cast<SQLPOINTER>(value), 0);
}

std::string Handle::Text(SQLUSMALLINT column) const {
  SQLWCHAR units[1024] = {};
  SQLLEN bytes = 0;
  std::string text;
  if (!Worked(SQLGetData(handle_, column, SQL_C_WCHAR, units, sizeof(units), &bytes))) return text;
  if (bytes > 0 && static_cast<std::size_t>(bytes) < sizeof(units)) {
    Narrow(units, UnitsIn(units, bytes, 1023), text);
  }
  return text;
}

long Handle::Number(SQLUSMALLINT column, long otherwise) const {
  SQLBIGINT number = 0;
  SQLLEN size = SQL_NULL_DATA;
  const bool told =
      Worked(SQLGetData(handle_, column, SQL_C_SBIGINT, &number, sizeof(number), &size));
  return told && size != SQL_NULL_DATA ? static_cast<long>(number) : otherwise;
}

SqlValue Cells::At(std::size_t row) const {
  SqlValue value;
  const SQLLEN bytes = sizes[row];
  value.null = bytes == SQL_NULL_DATA;
  if (value.null) return value;
  const SQLWCHAR* begin = units.get() + row * kCellUnits;
  const std::size_t count = bytes < 0 ? kCellUnits : UnitsIn(begin, bytes, kCellUnits);
  // One unit is for the end; an ODBC driver that cannot tell the length gives SQL_NO_TOTAL.
  value.too_long = count >= kCellUnits;
  const std::size_t kept = value.too_long ? 256 : count;
  value.broken = !Narrow(begin, kept, value.text) && !value.too_long;
  return value;
}

}  // namespace brobygger::sql
