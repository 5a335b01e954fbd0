#include "core/sync/express.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/model/fields.h"
#include "core/registry/ingest.h"

namespace brobygger::sync {
namespace {

using plugin::v1::Value;
using registry::v1::Address;
using registry::v1::Association;

// A path whose entries several source fields share, one each.
bool IsEntryOfList(const std::string& target, const std::string& path) {
  return path != target && path != "addresses" && !path.starts_with("identifiers.");
}

std::vector<std::string> Entries(const std::string& text) {
  std::vector<std::string> entries;
  const auto list = nlohmann::json::parse(text, nullptr, false);
  if (!list.is_array()) return entries;
  for (const auto& item : list) {
    if (item.is_string()) entries.push_back(item.get<std::string>());
    // Other names are messages with a text.
    if (item.is_object() && item.contains("text")) entries.push_back(item["text"]);
  }
  return entries;
}

// Danish systems hold Danish numbers without the country's code, often in a column of
// eight signs.
std::string AsDialled(const std::string& phone) {
  constexpr char kDenmark[] = "+45";
  return phone.starts_with(kDenmark) && phone.size() == 11 ? phone.substr(3) : phone;
}

std::string AddressText(const Association& association, const std::string& target) {
  if (association.addresses().empty()) return "";
  const Address& address = association.addresses(0);
  if (target == "address.street") return address.street();
  if (target == "address.house_number") return address.house_number();
  if (target == "address.floor_and_door") return address.floor_and_door();
  if (target == "address.postal_code") return address.postal_code();
  return address.postal_district();
}

// Our word in the source's words; of several, the first in the alphabet.
std::optional<std::string> WordFor(const v1::FieldMapping& mapping, const std::string& ours) {
  if (mapping.values().empty() || ours.empty()) return ours;
  std::optional<std::string> word;
  for (const auto& [theirs, mapped] : mapping.values()) {
    if (mapped == ours && (!word || theirs < *word)) word = theirs;
  }
  return word;
}

bool FillNumber(const std::string& text, Value& value) {
  long long number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return false;
  value.set_number(number);
  return true;
}

// `hint` is how the source tells the field now, if it does.
Value ToValue(const std::string& path, const std::string& text, const Value* hint) {
  Value value;
  const auto kind = hint == nullptr ? Value::KIND_NOT_SET : hint->kind_case();
  if (text.empty()) {
    value.mutable_empty();
  } else if (kind == Value::kDate || path.ends_with("_date")) {
    value.set_date(text);
  } else if (kind == Value::kFlag) {
    value.set_flag(text == "true");
  } else if (path == kHubRevision || kind == Value::kNumber) {
    if (!FillNumber(text, value)) value.set_text(text);
  } else if (text.front() == '[') {
    for (const std::string& entry : Entries(text)) {
      value.mutable_list()->add_items()->set_text(entry);
    }
  } else {
    value.set_text(text);
  }
  return value;
}

// Hands out the entries of lists, one to each source field of the same target.
class Teller {
 public:
  Teller(const Association& association, const std::string& id)
      : association_(association), id_(id) {}

  std::string Text(const std::string& target, const std::string& path) {
    if (IsHubPath(path)) return HubText(association_, id_, path);
    if (path == "addresses" && target != path) return AddressText(association_, target);
    const std::string text = model::FieldText(association_, path).value_or("");
    if (!IsEntryOfList(target, path)) return text;
    const std::vector<std::string> entries = Entries(text);
    const std::size_t at = given_[path]++;
    if (at >= entries.size()) return "";
    return path == "phones" ? AsDialled(entries[at]) : entries[at];
  }

 private:
  const Association& association_;
  const std::string& id_;
  std::map<std::string, std::size_t> given_;
};

}  // namespace

std::string HubText(const Association& association,
                    const std::string& id,
                    const std::string& path) {
  const bool merged = id != association.id();
  if (path == kHubAssociationId) return id;
  if (path == kHubSuccessor) return merged ? association.id() : "";
  if (path == kHubRevision) return std::to_string(registry::RevisionOfEtag(association.etag()));
  if (merged) return "MERGED";
  if (association.has_delete_time()) return "DELETED";
  return model::FieldText(association, "status").value_or("");
}

std::set<std::string> PathsOfNewRecord(const Mapping& mapping) {
  std::set<std::string> paths = mapping.writable();
  for (const v1::FieldMapping& one : mapping.mappings()) {
    if (one.policy() == v1::FieldMapping::POLICY_WRITE_ONCE) {
      paths.insert(Mapping::PathOf(one.target()));
    }
  }
  return paths;
}

std::optional<SourceValues> Express(const Mapping& mapping,
                                    const Association& association,
                                    const std::string& id,
                                    const std::set<std::string>& paths,
                                    const plugin::v1::Record& told) {
  SourceValues values;
  Teller teller(association, id);
  for (const v1::FieldMapping& one : mapping.mappings()) {
    const std::string path = Mapping::PathOf(one.target());
    if (paths.count(path) == 0 || path == kHubAssociationId) continue;
    const auto word = WordFor(one, teller.Text(one.target(), path));
    if (!word) return std::nullopt;
    const auto hint = told.fields().find(one.source_field());
    values[one.source_field()] =
        ToValue(path, *word, hint == told.fields().end() ? nullptr : &hint->second);
  }
  return values;
}

}  // namespace brobygger::sync
