#include "plugins/reference/registry/source_file.h"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <optional>

#include <google/protobuf/util/time_util.h>
#include <nlohmann/json.hpp>

#include "plugins/reference/registry/schema.h"

namespace brobygger::reference {
namespace {

using google::protobuf::util::TimeUtil;
using nlohmann::json;
using sdk::FieldSchema;
using sdk::Value;

// What a text in the file means for a field of this type.
bool ReadText(const std::string& text, FieldSchema::Type type, Value& value) {
  if (type == FieldSchema::TYPE_INSTANT) {
    return TimeUtil::FromString(text, value.mutable_instant());
  }
  if (type == FieldSchema::TYPE_DATE) {
    value.set_date(text);
  } else if (type == FieldSchema::TYPE_DECIMAL) {
    value.set_decimal(text);
  } else {
    value.set_text(text);
  }
  return type != FieldSchema::TYPE_BOOL && type != FieldSchema::TYPE_INT;
}

bool ReadValue(const json& in, FieldSchema::Type type, Value& value) {
  if (in.is_null()) {
    value.mutable_empty();
    return true;
  }
  if (in.is_string()) return ReadText(in.get<std::string>(), type, value);
  if (in.is_boolean()) value.set_flag(in.get<bool>());
  if (in.is_number_integer()) value.set_number(in.get<std::int64_t>());
  if (in.is_array() && type == FieldSchema::TYPE_LIST) {
    value.mutable_list();
    for (const json& item : in) {
      if (!item.is_string()) return false;
      value.mutable_list()->add_items()->set_text(item.get<std::string>());
    }
  }
  return value.kind_case() != Value::KIND_NOT_SET;
}

json WriteValue(const Value& value) {
  switch (value.kind_case()) {
    case Value::kText:
      return value.text();
    case Value::kFlag:
      return value.flag();
    case Value::kNumber:
      return value.number();
    case Value::kDecimal:
      return value.decimal();
    case Value::kDate:
      return value.date();
    case Value::kInstant:
      return TimeUtil::ToString(value.instant());
    case Value::kList: {
      json items = json::array();
      for (const Value& item : value.list().items()) items.push_back(item.text());
      return items;
    }
    default:
      return nullptr;
  }
}

bool ReadFields(const json& in, const sdk::StreamSchema& schema, sdk::Record& record) {
  for (const auto& [name, told] : in.items()) {
    const FieldSchema* const field = FindField(schema, name);
    if (field == nullptr) return false;
    if (!ReadValue(told, field->type(), (*record.mutable_fields())[name])) return false;
  }
  return true;
}

std::optional<sdk::Record> ReadRecord(const json& in, const sdk::StreamSchema& schema) {
  sdk::Record record;
  record.set_external_id(in.value("id", ""));
  record.set_foreign_id(in.value("foreign_id", ""));
  record.set_changed_by(in.value("changed_by", ""));
  record.set_deleted(in.value("deleted", false));
  if (!TimeUtil::FromString(in.value("changed_at", "1970-01-01T00:00:00Z"),
                            record.mutable_changed_at())) {
    return std::nullopt;
  }
  const json fields = in.value("fields", json::object());
  if (record.external_id().empty() || !ReadFields(fields, schema, record)) return std::nullopt;
  return record;
}

// Returns whether the line could be understood.
bool ReadLine(const std::string& line, const sdk::StreamSchema& schema, Source& source) {
  const json in = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!in.is_object()) return false;
  try {
    if (in.contains("op")) {
      source.InsertOperation(in["op"], in.value("id", ""));
      return true;
    }
    const std::optional<sdk::Record> record = ReadRecord(in, schema);
    if (record) source.Insert(in.value("position", std::uint64_t{0}), *record);
    return record.has_value();
  } catch (const json::exception&) {
    return false;  // a value of another type
  }
}

std::string WriteRow(const Source::Row& row) {
  const sdk::Record record = row.record();
  json fields = json::object();
  for (const auto& [name, value] : record.fields()) fields[name] = WriteValue(value);
  const json out = {{"id", record.external_id()},
                    {"position", row.position()},
                    {"foreign_id", record.foreign_id()},
                    {"changed_at", TimeUtil::ToString(record.changed_at())},
                    {"changed_by", record.changed_by()},
                    {"deleted", record.deleted()},
                    {"fields", fields}};
  return out.dump() + "\n";
}

}  // namespace

absl::Status CannotUse(const std::string& path, int error) {
  // Never taken for an empty source: the hub would believe that all is gone.
  if (error == ENOENT) {
    return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_NOT_FOUND,
                           .code = "reference.registry.no_file",
                           .da = "Filen er der ikke. Læg den tilbage, eller lav en tom.",
                           .en = "The file is not there. Put it back, or make an empty one.",
                           .path = "file",
                           .detail = path});
  }
  return sdk::MakeError(
      {.kind = error == EACCES || error == EROFS ? sdk::Diagnostic::CLASS_CONFIG
                                                 : sdk::Diagnostic::CLASS_TRANSIENT,
       .code = "reference.registry.file",
       .da = "Filen kan ikke bruges. Er dens mappe med i forbindelsens jail.write_paths?",
       .en = "The file cannot be used. Is its folder among the connection's jail.write_paths?",
       .path = "file",
       .detail = path + ": error " + std::to_string(error)});
}

absl::StatusOr<LoadedSource> LoadSource(const std::string& path, const sdk::StreamSchema& schema) {
  LoadedSource loaded;
  errno = 0;
  std::ifstream in(path);
  if (!in) return CannotUse(path, errno);
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.empty() || ReadLine(line, schema, loaded.source)) continue;
    loaded.bad_lines.push_back({.number = number, .text = line});
  }
  return loaded;
}

absl::Status SaveSource(const std::string& path, const LoadedSource& loaded) {
  const std::string beside = path + ".new";
  errno = 0;
  {
    std::ofstream out(beside, std::ios::trunc);
    for (const auto& [id, row] : loaded.source.rows()) out << WriteRow(row);
    for (const auto& [op_id, id] : loaded.source.operations()) {
      out << json{{"op", op_id}, {"id", id}}.dump() << "\n";
    }
    for (const BadLine& bad : loaded.bad_lines) out << bad.text << "\n";
    out.close();
    if (!out) return CannotUse(beside, errno);
  }
  if (std::rename(beside.c_str(), path.c_str()) != 0) return CannotUse(path, errno);
  return absl::OkStatus();
}

}  // namespace brobygger::reference
