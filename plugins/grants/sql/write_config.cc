#include <algorithm>
#include <set>

#include "plugins/grants/sql/config.h"

namespace brobygger::sql {
namespace {

using Json = nlohmann::json;

void NeedField(common::ConfigReader& reader,
               const TableConfig& config,
               const std::string& key,
               const std::string& field) {
  if (config.ColumnOf(field) != nullptr) return;
  reader.Refuse(key, "'" + field + "' er ikke et felt i 'columns'",
                "'" + field + "' is no field in 'columns'");
}

std::vector<std::string> ReadFields(common::ConfigReader& reader,
                                    const TableConfig& config,
                                    const Json& write,
                                    const std::string& name) {
  const std::string key = "write." + name;
  std::vector<std::string> fields;
  const Json listed = write.value(name, Json::array());
  if (!listed.is_array()) {
    reader.Refuse(key, "det skal være en liste af felter", "it must be a list of fields");
    return fields;
  }
  for (const Json& field : listed) {
    if (!field.is_string()) {
      reader.Refuse(key, "det skal være en liste af felter", "it must be a list of fields");
      return fields;
    }
    fields.push_back(field.get<std::string>());
    NeedField(reader, config, key, fields.back());
  }
  return fields;
}

// A column that is written must not be one that tells rows apart, and only one field's.
void NeedOwnColumns(common::ConfigReader& reader, const TableConfig& config) {
  const WriteConfig& write = *config.write;
  std::set<std::string> taken = {config.key};
  if (!taken.insert(write.id).second ||
      (!write.version.empty() && !taken.insert(write.version).second)) {
    reader.Refuse("write.id", "nøglen, id'et og versionen skal være hver sin kolonne",
                  "the key, the id and the version must be different columns");
  }
  for (const auto* fields : {&write.columns, &write.insert_columns}) {
    for (const std::string& field : *fields) {
      const Column* column = config.ColumnOf(field);
      if (column == nullptr || taken.insert(column->source).second) continue;
      reader.Refuse(fields == &write.columns ? "write.columns" : "write.insert_columns",
                    "kolonnen til '" + field + "' er nævnt to gange eller er nøglen",
                    "the column of '" + field + "' is named twice or is the key");
    }
  }
}

}  // namespace

void ReadWrite(common::ConfigReader& reader, TableConfig& config) {
  const auto found = reader.json().find("write");
  if (found == reader.json().end() || found->is_null()) return;
  if (!found->is_object()) {
    return reader.Refuse("write", "det skal være et objekt", "it must be an object");
  }
  const Json& json = *found;
  WriteConfig write;
  reader.Text(json, "id", write.id);
  NeedName(reader, "write.id", write.id);
  write.columns = ReadFields(reader, config, json, "columns");
  write.insert_columns = ReadFields(reader, config, json, "insert_columns");
  const Json insert = json.value("insert", Json(false));
  if (!insert.is_boolean())
    reader.Refuse("write.insert", "brug true eller false", "use true or false");
  write.insert = insert == Json(true);
  reader.Text(json, "link_by", write.link_by);
  if (!write.link_by.empty()) NeedField(reader, config, "write.link_by", write.link_by);
  reader.Text(json, "revision", write.revision);
  if (!write.revision.empty() &&
      std::count(write.columns.begin(), write.columns.end(), write.revision) == 0) {
    reader.Refuse("write.revision", "feltet skal også stå i 'write.columns'",
                  "the field must be in 'write.columns' too");
  }
  reader.Text(json, "version", write.version);
  if (!write.version.empty()) NeedName(reader, "write.version", write.version);
  write.defaults = ReadValues(reader, json.value("defaults", Json::object()), "write.defaults");
  config.write = std::move(write);
  NeedOwnColumns(reader, config);
}

}  // namespace brobygger::sql
