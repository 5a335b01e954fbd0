#include "core/cli/record_file.h"

#include <algorithm>
#include <map>
#include <set>

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
absl::StatusOr<std::vector<const Field*>> FieldsOf(const CsvRows& rows,
                                                   const std::string& columns) {
  BB_ASSIGN_OR_RETURN(Named named, NamedColumns(columns));
  std::vector<const Field*> fields;
  for (const std::string& heading : rows.headings) {
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

std::size_t IdColumn(const CsvRows& rows, const std::string& columns) {
  std::string wanted;
  const std::vector<std::string> pairs = absl::StrSplit(columns, ',', absl::SkipWhitespace());
  for (const std::string& pair : pairs) {
    if (pair.starts_with("id=")) wanted = Lower(pair.substr(3));
  }
  for (std::size_t i = 0; i < rows.headings.size(); ++i) {
    const std::string heading = Lower(rows.headings[i]);
    if (wanted.empty() ? heading == "id" || heading == "record_id" : heading == wanted) return i;
  }
  return rows.headings.size();
}

// A file without a column for the source is one source by itself, if there are others.
void TakeFile(const std::string& path,
              const CsvRows& rows,
              const std::vector<const Field*>& fields,
              std::size_t id_column,
              RecordList& list) {
  for (std::size_t at = 0; at < rows.rows.size(); ++at) {
    const auto& row = rows.rows[at];
    Record record;
    for (std::size_t i = 0; i < fields.size() && i < row.size(); ++i) {
      if (fields[i] != nullptr && !row[i].empty()) fields[i]->put(record, row[i]);
    }
    list.ids.push_back(id_column < row.size() ? row[id_column]
                                              : fmt::format("{}:{}", path, rows.lines[at]));
    list.records.push_back(std::move(record));
  }
}

}  // namespace

std::vector<std::string> RecordFields() {
  std::vector<std::string> words = {"id"};
  for (const Field& field : Fields()) words.emplace_back(field.word);
  return words;
}

absl::StatusOr<RecordList> ReadRecords(const std::vector<std::string>& paths,
                                       const std::string& columns) {
  RecordList list;
  std::set<std::string> filled;
  for (const std::string& path : paths) {
    BB_ASSIGN_OR_RETURN(const CsvRows rows, ReadCsv(path));
    BB_ASSIGN_OR_RETURN(const auto fields, FieldsOf(rows, columns));
    bool named = false;
    bool sourced = false;
    for (const Field* field : fields) {
      if (field == nullptr) continue;
      filled.insert(field->word);
      named = named || field->put == PutName || field->put == PutNamePart;
      sourced = sourced || std::string_view(field->word) == "source";
    }
    if (!named) {
      return absl::InvalidArgumentError(fmt::format(
          "{}: no column holds names; say which one does: --columns name=HEADING", path));
    }
    const std::size_t begin = list.records.size();
    TakeFile(path, rows, fields, IdColumn(rows, columns), list);
    for (std::size_t i = begin; i < list.records.size() && !sourced && paths.size() > 1; ++i) {
      list.records[i].source = path;
    }
  }
  list.filled.assign(filled.begin(), filled.end());
  return list;
}

}  // namespace brobygger::cli
