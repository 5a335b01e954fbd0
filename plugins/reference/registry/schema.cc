#include "plugins/reference/registry/schema.h"

namespace brobygger::reference {
namespace {

using sdk::FieldSchema;

constexpr std::uint32_t kLongestName = 200;
constexpr std::uint32_t kShortestLimit = 20;
constexpr std::uint32_t kCvrDigits = 8;

struct Wanted {
  const char* name;
  FieldSchema::Type type;
  FieldSchema::Compare compare;
  const char* da;
  const char* en;
};

// One line a field; what only some fields have is set below.
constexpr Wanted kFields[] = {
    {"name", FieldSchema::TYPE_TEXT, FieldSchema::COMPARE_EXACT, "Navn", "Name"},
    {"cvr", FieldSchema::TYPE_TEXT, FieldSchema::COMPARE_EXACT, "CVR-nummer", "CVR number"},
    {"purpose", FieldSchema::TYPE_TEXT, FieldSchema::COMPARE_EXACT, "Formål", "Purpose"},
    {"email", FieldSchema::TYPE_TEXT, FieldSchema::COMPARE_EMAIL, "E-mail", "E-mail"},
    {"founded", FieldSchema::TYPE_DATE, FieldSchema::COMPARE_EXACT, "Stiftet", "Founded"},
    {"themes", FieldSchema::TYPE_LIST, FieldSchema::COMPARE_SET, "Temaer (bl.a. køn, sundhed)",
     "Themes"},
    {"members", FieldSchema::TYPE_INT, FieldSchema::COMPARE_EXACT, "Medlemmer", "Members"},
    {"granted", FieldSchema::TYPE_DECIMAL, FieldSchema::COMPARE_EXACT, "Tilskud i år", "Granted"},
    {"active", FieldSchema::TYPE_BOOL, FieldSchema::COMPARE_EXACT, "Aktiv", "Active"},
    {"next_meeting", FieldSchema::TYPE_INSTANT, FieldSchema::COMPARE_EXACT, "Næste møde",
     "Next meeting"},
    {"parent", FieldSchema::TYPE_TEXT, FieldSchema::COMPARE_EXACT, "Landsforening",
     "National association"},
    {"updated", FieldSchema::TYPE_INSTANT, FieldSchema::COMPARE_EXACT, "Ændret", "Updated"},
};

FieldSchema MakeField(const Wanted& wanted) {
  FieldSchema field;
  field.set_name(wanted.name);
  field.set_type(wanted.type);
  field.set_compare(wanted.compare);
  field.set_readable(true);
  field.set_writable(true);
  (*field.mutable_title())["da"] = wanted.da;
  (*field.mutable_title())["en"] = wanted.en;
  return field;
}

void SetAbilities(sdk::Abilities& abilities) {
  abilities.set_delta(true);
  abilities.set_snapshot(true);
  abilities.set_tombstones(true);
  abilities.set_by_ids(true);
  abilities.set_create(true);
  abilities.set_update(true);
  abilities.set_partial_update(true);
  abilities.set_remove(true);
  abilities.set_dry_run(true);
  abilities.set_etag(true);
  abilities.set_stores_foreign_id(true);
  abilities.set_foreign_id_in_tombstones(true);
  abilities.set_idempotency_key(true);
  abilities.set_read_back(true);
}

}  // namespace

sdk::StreamSchema MakeSchema(bool upper_case, bool short_names) {
  sdk::StreamSchema schema;
  schema.set_name(kStream);
  schema.set_schema_version(1);
  schema.add_natural_key("name");
  SetAbilities(*schema.mutable_abilities());
  for (const Wanted& wanted : kFields) {
    FieldSchema field = MakeField(wanted);
    if (field.name() == "name") {
      field.set_required(true);
      field.set_max_length(short_names ? kShortestLimit : kLongestName);
      field.set_lossy(upper_case);
    }
    if (field.name() == "cvr") field.set_max_length(kCvrDigits);
    if (field.name() == "email") field.set_personal_data(true);
    if (field.name() == "founded") field.set_write_once(true);
    if (field.name() == "updated") {
      field.set_computed(true);
      field.set_writable(false);
    }
    *schema.add_fields() = std::move(field);
  }
  return schema;
}

const FieldSchema* FindField(const sdk::StreamSchema& schema, const std::string& name) {
  for (const FieldSchema& field : schema.fields()) {
    if (field.name() == name) return &field;
  }
  return nullptr;
}

}  // namespace brobygger::reference
