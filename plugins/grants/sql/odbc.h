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
inline SQLWCHAR* Wide(std::u16string& text) { return reinterpret_cast<SQLWCHAR*>(text.data()); }

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
