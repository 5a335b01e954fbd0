#include "plugins/files/csv/mapping.h"

#include <algorithm>
#include <map>
#include <utility>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "brobygger/sdk/error.h"
#include "brobygger/sdk/sink.h"

#include "plugins/common/values.h"

namespace brobygger::csv {
namespace {

using plugin::v1::Record;
using plugin::v1::Value;

constexpr std::size_t kCvrDigits = 8;

// The cell's text as UTF-8; nothing if it is not text in this encoding.
std::optional<std::string> TextOf(const Layout& layout, const Cell& cell) {
  std::optional<std::string> text = ToUtf8(cell.raw, layout.encoding);
  if (!text) return text;
  const auto forbidden = [](char sign) {
    return static_cast<unsigned char>(sign) < 0x20 && sign != '\t' && sign != '\n' && sign != '\r';
  };
  if (std::any_of(text->begin(), text->end(), forbidden)) return std::nullopt;
  if (cell.doubled) {
    for (std::size_t at = 0; (at = text->find("\"\"", at)) != std::string::npos; ++at) {
      text->erase(at, 1);
    }
  }
  const std::string_view trimmed = common::Trim(*text);
  if (trimmed.size() != text->size()) text = std::string(trimmed);
  return text;
}

std::string CellText(const Layout& layout, const Row& row, std::size_t index) {
  if (index >= row.cells.size()) return "";
  const CellKind kind = row.cells[index].kind;
  if (kind != CellKind::kText && kind != CellKind::kPlain) return "";
  return TextOf(layout, row.cells[index]).value_or("");
}

// Letters and digits only, case folded, one space between words: a name that is
// typed a little differently keeps its id.
std::string Fold(const std::string& name) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* folding = icu::Normalizer2::getNFKCCasefoldInstance(error);
  if (U_FAILURE(error)) return name;
  const icu::UnicodeString folded = folding->normalize(icu::UnicodeString::fromUTF8(name), error);
  icu::UnicodeString kept;
  bool gap = false;
  for (int32_t at = 0; at < folded.length(); at = folded.moveIndex32(at, 1)) {
    const UChar32 sign = folded.char32At(at);
    if (u_isalnum(sign) == 0) {
      gap = !kept.isEmpty();
      continue;
    }
    if (std::exchange(gap, false)) kept.append(static_cast<UChar32>(' '));
    kept.append(sign);
  }
  std::string text;
  return kept.toUTF8String(text);
}

std::string Digits(const std::string& text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
               [](char sign) { return sign >= '0' && sign <= '9'; });
  return digits;
}

std::string DerivedId(const Layout& layout, const Row& row) {
  const std::string cvr = Digits(CellText(layout, row, layout.cvr));
  if (cvr.size() == kCvrDigits) return "cvr:" + cvr;
  const std::string name = Fold(CellText(layout, row, layout.name));
  if (name.empty()) return "";
  const std::string postal_code = Digits(CellText(layout, row, layout.postal_code));
  std::string id = "name:" + name + "|" + postal_code;
  return id.size() > sdk::kMaxExternalIdBytes ? "" : id;
}

absl::Status BadValue(const Layout& layout, const Row& row, const Column& column) {
  struct Words {
    const char* code;
    const char* da;
    const char* en;
  };
  static const std::map<ValueType, Words> kWords = {
      {ValueType::kDate, {"bad_date", "er ikke en dato (dd-mm-åååå)", "is no date (dd-mm-yyyy)"}},
      {ValueType::kDecimal,
       {"bad_decimal", "er ikke et tal (1.234,50)", "is no number (1.234,50)"}},
      {ValueType::kInt, {"bad_int", "er ikke et helt tal", "is no whole number"}},
      {ValueType::kFlag, {"bad_bool", "er ikke ja eller nej", "is neither ja nor nej"}},
      {ValueType::kText, {"bad_text", "er ikke tekst", "is no text"}},
      {ValueType::kList, {"bad_list", "er ikke en liste", "is no list"}}};
  const Words& words = kWords.at(column.type);
  return RowError(layout, row, words.code, "kolonnen '" + column.source + "' " + words.da,
                  "column '" + column.source + "' " + words.en);
}

absl::Status FitRow(const Layout& layout, const Row& row) {
  if (row.fault == RowFault::kAfterQuote) {
    return RowError(layout, row, "bad_quotes", "der står tegn efter et afsluttende anførselstegn",
                    "there are signs after a closing quotation mark");
  }
  if (row.cells.size() != layout.width) {
    const std::string found = std::to_string(row.cells.size());
    const std::string wanted = std::to_string(layout.width);
    return RowError(layout, row, "column_count",
                    "rækken har " + found + " kolonner, men overskriften har " + wanted,
                    "the row has " + found + " columns, but the heading has " + wanted);
  }
  return absl::OkStatus();
}

// A cell of a workbook that has no value to tell.
absl::Status NoValue(const Layout& layout,
                     const Row& row,
                     const std::string& header,
                     const Cell& cell) {
  const std::string da = "kolonnen '" + header + "' ";
  const std::string en = "column '" + header + "' ";
  switch (cell.kind) {
    case CellKind::kError:
      return RowError(layout, row, "error_cell", da + "har en fejl i stedet for en værdi",
                      en + "has an error instead of a value");
    case CellKind::kUnknown:
      return RowError(layout, row, "no_value",
                      da + "har en formel uden værdi; åbn filen i Excel, og gem den",
                      en + "has a formula without a value; open the file in Excel, and save it");
    case CellKind::kMerged:
      return RowError(layout, row, "merged_cell",
                      da + "er flettet med en anden celle, så værdien kan ikke vides",
                      en + "is merged with another cell, so the value cannot be known");
    default:
      return absl::OkStatus();
  }
}

absl::Status FillField(const Layout& layout,
                       const Row& row,
                       const Layout::Bound& bound,
                       Record& record) {
  const Cell& cell = row.cells[bound.index];
  const std::string& header = bound.column.source;
  if (absl::Status none = NoValue(layout, row, header, cell); !none.ok()) return none;
  if (cell.raw.size() > kMaxCellBytes) {
    return RowError(layout, row, "too_long", "kolonnen '" + header + "' er over 32 KiB",
                    "column '" + header + "' is over 32 KiB");
  }
  std::optional<std::string> text = TextOf(layout, cell);
  if (!text) {
    return RowError(layout, row, "bad_characters",
                    "kolonnen '" + header + "' har tegn, som ikke er tekst i filens tegnsæt",
                    "column '" + header + "' has signs that are no text in the file's encoding");
  }
  Value& value = (*record.mutable_fields())[bound.column.field];
  const bool plain = cell.kind == CellKind::kPlain;
  value = common::ReadText(bound.column, *text,
                           plain ? common::Notation::kPlain : common::Notation::kDanish);
  if (value.kind_case() != Value::KIND_NOT_SET) return absl::OkStatus();
  return BadValue(layout, row, bound.column);
}

absl::Status MissingColumn(const Layout& layout,
                           const std::string& key,
                           const std::string& header) {
  return sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_CONFIG,
       .code = "files.csv.missing_column",
       .da = "Filen " + layout.file + " har ingen kolonne '" + header +
             "'. Ret opsætningen, eller bed dem, der laver udtrækket, om at tage den med.",
       .en = "The file " + layout.file + " has no column '" + header +
             "'. Mend the configuration, or ask those who make the export to include it.",
       .path = key});
}

std::string PlaceOf(const Layout& layout, const Row& row) {
  return layout.file + ":" + std::to_string(row.line);
}

}  // namespace

absl::Status RowError(const Layout& layout,
                      const Row& row,
                      const std::string& code,
                      const std::string& da,
                      const std::string& en) {
  const std::string where = PlaceOf(layout, row);
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_REJECTED,
                         .code = "files.csv." + code,
                         .da = where + ": " + da + ". Ret rækken i kildesystemet.",
                         .en = where + ": " + en + ". Mend the row in the source system.",
                         .path = where});
}

absl::StatusOr<Layout> BindHeader(const Config& config,
                                  const Row& header,
                                  Layout layout,
                                  const std::set<std::string>& selected) {
  layout.width = header.cells.size();
  std::map<std::string, std::size_t> places;
  for (std::size_t index = 0; index < header.cells.size(); ++index) {
    places.emplace(CellText(layout, header, index), index);
  }
  const auto place = [&places](const std::string& name) {
    const auto found = places.find(name);
    return name.empty() || found == places.end() ? kAbsent : found->second;
  };
  for (const Column& column : config.columns) {
    const std::size_t index = place(column.source);
    const std::string key = "columns." + column.source;
    if (index == kAbsent && column.required) return MissingColumn(layout, key, column.source);
    if (index == kAbsent) layout.missing.push_back(column.source);
    const bool wanted = selected.empty() || selected.count(column.field) > 0;
    if (index != kAbsent && wanted) layout.columns.push_back({column, index});
  }
  if (layout.missing.size() == config.columns.size()) {
    return MissingColumn(layout, "columns", layout.missing.front());
  }
  layout.id = place(config.id_column);
  layout.cvr = place(config.id_from.cvr);
  layout.name = place(config.id_from.name);
  layout.postal_code = place(config.id_from.postal_code);
  if (!config.id_column.empty() && layout.id == kAbsent) {
    return MissingColumn(layout, "id_column", config.id_column);
  }
  if (config.id_column.empty() && layout.cvr == kAbsent && layout.name == kAbsent) {
    return MissingColumn(layout, "id_from", config.id_from.cvr + config.id_from.name);
  }
  return layout;
}

std::string IdOf(const Layout& layout, const Row& row) {
  // Cells of a row with too few or too many of them may have moved.
  if (row.cells.size() != layout.width || row.fault != RowFault::kNone) return "";
  return layout.id == kAbsent ? DerivedId(layout, row) : CellText(layout, row, layout.id);
}

absl::StatusOr<Record> MapRow(const Layout& layout, const Row& row) {
  if (absl::Status wrong = FitRow(layout, row); !wrong.ok()) return wrong;
  Record record;
  for (const Layout::Bound& bound : layout.columns) {
    if (absl::Status wrong = FillField(layout, row, bound, record); !wrong.ok()) return wrong;
  }
  record.set_external_id(IdOf(layout, row));
  record.set_place(PlaceOf(layout, row));
  if (record.external_id().empty()) {
    return RowError(layout, row, "missing_id", "rækken har ingen nøgle", "the row has no key");
  }
  if (record.external_id().size() > sdk::kMaxExternalIdBytes) {
    return RowError(layout, row, "id_too_long", "nøglen er over 200 byte",
                    "the key is over 200 bytes");
  }
  return record;
}

}  // namespace brobygger::csv
