#include "core/cli/record_file.h"

#include <algorithm>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <fmt/format.h>

#include "core/base/status_macros.h"

namespace brobygger::cli {
namespace {

using matching::Record;

// How a field of a record takes the text of a column.
struct Field {
  const char* word;                // as --columns has it
  std::vector<const char*> known;  // headings, in lower case
  void (*put)(Record& record, const std::string& text);
};

void PutName(Record& record, const std::string& text) { record.names.push_back(text); }
// Parts of one name: given name, family name.
void PutNamePart(Record& record, const std::string& text) {
  if (record.names.empty()) record.names.emplace_back();
  std::string& name = record.names.front();
  name += name.empty() ? text : " " + text;
}
void PutContacts(Record& record, const std::string& text) {
  for (const auto part : absl::StrSplit(text, absl::ByAnyChar(",;"), absl::SkipWhitespace())) {
    record.contacts.emplace_back(part);
  }
}

const std::vector<Field>& Fields() {
  static const std::vector<Field> kFields = {
      {"name", {"name", "official_name", "title", "navn", "foreningsnavn"}, PutName},
      {"name_part", {"given_name", "surname"}, PutNamePart},
      {"other_name",
       {"alt_name", "other_names", "other_name", "name_english", "name_other", "short",
        "kaldenavn"},
       PutName},
      {"source", {"source", "kilde"}, [](Record& r, const std::string& t) { r.source = t; }},
      {"cvr",
       {"cvr", "cvr-nr", "cvr_nr", "cvr-nummer", "soc_sec_id"},
       [](Record& r, const std::string& t) { r.cvr = t; }},
      {"email",
       {"email", "e-mail", "mail"},
       [](Record& r, const std::string& t) { r.emails.push_back(t); }},
      {"phone",
       {"phone", "telefon", "telephone", "tlf"},
       [](Record& r, const std::string& t) { r.phones.push_back(t); }},
      {"website",
       {"website", "url", "web", "hjemmeside"},
       [](Record& r, const std::string& t) { r.websites.push_back(t); }},
      {"street",
       {"street", "address", "adresse", "address_1", "vej"},
       [](Record& r, const std::string& t) { r.street = t; }},
      {"house_number",
       {"house_no", "house_number", "husnr", "street_number"},
       [](Record& r, const std::string& t) { r.house_number = t; }},
      {"postal_code",
       {"postal_code", "zip", "postcode", "postnr", "postnummer"},
       [](Record& r, const std::string& t) { r.postal_code = t; }},
      {"city",
       {"city", "town", "by", "suburb", "postdistrikt"},
       [](Record& r, const std::string& t) { r.city = t; }},
      {"municipality_code",
       {"municipality_code", "kommunekode"},
       [](Record& r, const std::string& t) { r.municipality_code = t; }},
      {"country",
       {"country", "land", "country_code", "state"},
       [](Record& r, const std::string& t) { r.country = t; }},
      {"founded",
       {"founded", "year_first", "year", "stiftet", "date_of_birth"},
       [](Record& r, const std::string& t) { r.founded = t; }},
      {"contact", {"contact", "kontaktperson", "authors"}, PutContacts},
      {"parent",
       {"parent", "agency", "landsforening"},
       [](Record& r, const std::string& t) { r.parent = t; }},
  };
  return kFields;
}

std::string Lower(const std::string& text) {
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(text));
}

using Headings = std::span<const std::string>;
using Named = std::map<std::string, std::string>;  // lower-case heading -> field's word

absl::StatusOr<Named> NamedColumns(const std::string& columns) {
  Named named;
  const std::vector<std::string> pairs = absl::StrSplit(columns, ',', absl::SkipWhitespace());
  for (const std::string& pair : pairs) {
    const std::vector<std::string> parts = absl::StrSplit(pair, absl::MaxSplits('=', 1));
    if (parts.size() != 2) {
      return absl::InvalidArgumentError(
          fmt::format("--columns: '{}' is not of the form FIELD=HEADING", pair));
    }
    named[Lower(parts[1])] = Lower(parts[0]);
  }
  return named;
}

const Field* FindByWord(const std::string& word) {
  const auto found = std::find_if(Fields().begin(), Fields().end(),
                                  [&](const Field& field) { return word == field.word; });
  return found == Fields().end() ? nullptr : &*found;
}

const Field* FindByHeading(const std::string& heading) {
  const auto found = std::find_if(Fields().begin(), Fields().end(), [&](const Field& field) {
    return std::find(field.known.begin(), field.known.end(), heading) != field.known.end();
  });
  return found == Fields().end() ? nullptr : &*found;
}

// For each column, the field it fills, or null.
absl::StatusOr<std::vector<const Field*>> FieldsOf(const Headings& headings,
                                                   const std::string& columns) {
  BB_ASSIGN_OR_RETURN(Named named, NamedColumns(columns));
  std::vector<const Field*> fields;
  for (const std::string& heading : headings) {
    const auto given = named.find(Lower(heading));
    if (given == named.end()) {
      fields.push_back(FindByHeading(Lower(heading)));
      continue;
    }
    fields.push_back(FindByWord(given->second));
    if (fields.back() == nullptr && given->second != "id") {
      return absl::InvalidArgumentError(
          fmt::format("--columns: there is no field '{}'; there are: {}", given->second,
                      absl::StrJoin(RecordFields(), ", ")));
    }
    named.erase(given);
  }
  if (named.empty()) return fields;
  return absl::InvalidArgumentError(
      fmt::format("--columns: no column is headed '{}'", named.begin()->first));
}

std::size_t IdColumn(const Headings& headings, const std::string& columns) {
  std::string wanted;
  const std::vector<std::string> pairs = absl::StrSplit(columns, ',', absl::SkipWhitespace());
  for (const std::string& pair : pairs) {
    if (pair.starts_with("id=")) wanted = Lower(pair.substr(3));
  }
  for (std::size_t i = 0; i < headings.size(); ++i) {
    const std::string heading = Lower(headings[i]);
    if (wanted.empty() ? heading == "id" || heading == "record_id" : heading == wanted) return i;
  }
  return headings.size();
}

// Reads one file into a list. One without a column for the source is one source by itself, if
// there are others.
class FileReader {
 public:
  FileReader(const std::string& path, const std::string& columns, bool alone, RecordList& list)
      : path_(path), columns_(columns), alone_(alone), list_(list) {}

  absl::Status Read() {
    return ReadCsvRows(path_, [&](std::span<const std::string> row, std::size_t line) {
      if (std::exchange(headed_, true)) {
        TakeRow(row, line);
        return absl::OkStatus();
      }
      return TakeHeadings(row);
    });
  }

 private:
  absl::Status TakeHeadings(Headings headings) {
    BB_ASSIGN_OR_RETURN(fields_, FieldsOf(headings, columns_));
    id_column_ = IdColumn(headings, columns_);
    bool named = false;
    for (const Field* field : fields_) {
      if (field == nullptr) continue;
      named = named || field->put == PutName || field->put == PutNamePart;
      sourced_ = sourced_ || std::string_view(field->word) == "source";
    }
    if (named) return absl::OkStatus();
    return absl::InvalidArgumentError(fmt::format(
        "{}: no column holds names; say which one does: --columns name=HEADING", path_));
  }

  void TakeRow(std::span<const std::string> row, std::size_t line) {
    Record record;
    for (std::size_t i = 0; i < fields_.size() && i < row.size(); ++i) {
      if (fields_[i] != nullptr && !row[i].empty()) fields_[i]->put(record, row[i]);
    }
    if (!sourced_ && !alone_) record.source = path_;
    list_.ids.push_back(id_column_ < row.size() ? row[id_column_]
                                                : fmt::format("{}:{}", path_, line));
    list_.records.Add(record);
  }

  const std::string& path_;
  const std::string& columns_;
  const bool alone_;
  RecordList& list_;
  bool headed_ = false;
  bool sourced_ = false;
  std::vector<const Field*> fields_;
  std::size_t id_column_ = 0;
};

}  // namespace

std::vector<std::string> RecordFields() {
  std::vector<std::string> words = {"id"};
  for (const Field& field : Fields()) words.emplace_back(field.word);
  return words;
}

absl::StatusOr<RecordList> ReadRecords(const std::vector<std::string>& paths,
                                       const std::string& columns) {
  RecordList list;
  for (const std::string& path : paths) {
    BB_RETURN_IF_ERROR(FileReader(path, columns, paths.size() == 1, list).Read());
  }
  return list;
}

}  // namespace brobygger::cli
