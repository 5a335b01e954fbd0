#include "plugins/grants/sql/row.h"

#include <string_view>
#include <utility>

#include "brobygger/sdk/error.h"
#include "brobygger/sdk/sink.h"

#include "plugins/common/digest.h"
#include "plugins/common/values.h"

namespace brobygger::sql {
namespace {

using plugin::v1::Record;
using plugin::v1::Value;

constexpr std::size_t kEtagSigns = 32;

struct Fault {
  const char* code;
  const char* da;
  const char* en;
};

absl::Status RowError(const std::string& where, const std::string& column, const Fault& fault) {
  return sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_REJECTED,
       .code = std::string("grants.sql.") + fault.code,
       .da = where + ": kolonnen '" + column + "' " + fault.da + ". Ret rækken i kildesystemet.",
       .en =
           where + ": column '" + column + "' " + fault.en + ". Mend the row in the source system.",
       .path = where});
}

std::string EtagOf(const std::vector<SqlValue>& values) {
  std::string all;
  for (const SqlValue& value : values) {
    // The length keeps "a","b" and "ab","" apart; -1 is NULL.
    all += value.null ? "-1" : std::to_string(value.text.size());
    all += ':';
    all += value.text;
  }
  return common::Sha256(all).substr(0, kEtagSigns);
}

}  // namespace

Value ReadText(const Column& column, std::string_view text) {
  return common::ReadText(column, text, common::Notation::kPlain);
}

absl::Status MapCell(const std::string& where,
                     const Column& column,
                     const SqlValue& told,
                     Record& record) {
  if (told.too_long) {
    return RowError(
        where, column.source,
        {"too_long", "er for lang (over 16.000 tegn)", "is too long (over 16,000 signs)"});
  }
  if (told.broken) {
    return RowError(where, column.source,
                    {"bad_characters", "er ikke gyldig tekst", "is no valid text"});
  }
  Value& value = (*record.mutable_fields())[column.field];
  value = ReadText(column, told.null ? "" : told.text);
  if (value.kind_case() != Value::KIND_NOT_SET) return absl::OkStatus();
  const std::string name = common::TypeName(column.type);
  const std::string code = "bad_" + name;
  const std::string da = "passer ikke med typen '" + name + "'";
  const std::string en = "does not fit the type '" + name + "'";
  return RowError(where, column.source, {code.c_str(), da.c_str(), en.c_str()});
}

absl::StatusOr<Record> MapRow(const std::string& table,
                              const std::vector<Column>& columns,
                              const std::vector<SqlValue>& values) {
  const SqlValue& key = values.back();
  const std::string id(Trim(key.text));
  const std::string where = table + ":" + sdk::Utf8Prefix(id, sdk::kMaxExternalIdBytes);
  if (key.null || key.broken || id.empty()) {
    return RowError(where, "key", {"missing_id", "har ingen nøgle", "has no key"});
  }
  if (key.too_long || id.size() > sdk::kMaxExternalIdBytes) {
    return RowError(where, "key", {"id_too_long", "er over 200 byte", "is over 200 bytes"});
  }
  Record record;
  record.set_external_id(id);
  for (std::size_t index = 0; index < columns.size(); ++index) {
    if (absl::Status wrong = MapCell(where, columns[index], values[index], record); !wrong.ok()) {
      return wrong;
    }
  }
  const std::size_t at = columns.size();
  if (values.size() > at + 1 && !values[at].too_long && !values[at].broken) {
    record.set_foreign_id(std::string(Trim(values[at].text)));
  }
  record.set_etag(EtagOf(values));
  return record;
}

}  // namespace brobygger::sql
