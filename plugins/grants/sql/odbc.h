#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <sql.h>
#include <sqlext.h>

#include "plugins/grants/sql/row.h"
#include "plugins/grants/sql/trouble.h"

namespace brobygger::sql {

// UTF-16 units that a cell may have, its end included.
inline constexpr std::size_t kCellUnits = 16384;

// Texts go through ODBC as UTF-16.
std::u16string Widen(const std::string& text);

// A text for a call that takes UTF-16 and its length. MariaDB over ODBC takes each sign
// from U+00D8 to U+00DF (such as a capital O with a stroke) for the first half of a
// pair, and reads that many units past the end: there stands `tail`, which must do no
// harm in that place.
class WideText {
 public:
  WideText(const std::string& text, char16_t tail);

  SQLWCHAR* units() { return reinterpret_cast<SQLWCHAR*>(text_.data()); }
  SQLSMALLINT size() const { return static_cast<SQLSMALLINT>(size_); }
  SQLINTEGER long_size() const { return static_cast<SQLINTEGER>(size_); }

 private:
  std::u16string text_;
  std::size_t size_;
};

// UTF-8 of `units`; false if they are no text.
bool Narrow(const SQLWCHAR* units, std::size_t count, std::string& text);

inline bool Worked(SQLRETURN result) { return SQL_SUCCEEDED(result); }

// One ODBC handle, freed with it.
class Handle {
 public:
  Handle(SQLSMALLINT kind, SQLHANDLE parent);
  ~Handle();
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  SQLHANDLE get() const { return handle_; }

  // What went wrong with the last call.
  OdbcMessage Message() const;

  // For a statement.
  void Set(SQLINTEGER attribute, SQLULEN value) const;
  // The current row's column as text; "" for NULL and what is over 1,000 units.
  std::string Text(SQLUSMALLINT column) const;
  // The current row's column as a number; `otherwise` for NULL.
  long Number(SQLUSMALLINT column, long otherwise) const;

 private:
  SQLSMALLINT kind_;
  SQLHANDLE handle_ = SQL_NULL_HANDLE;
};

// The cells of one column over several rows, as ODBC fills them.
struct Cells {
  std::unique_ptr<SQLWCHAR[]> units;  // not cleared: most of it is never used
  std::vector<SQLLEN> sizes;

  SqlValue At(std::size_t row) const;
};

}  // namespace brobygger::sql
