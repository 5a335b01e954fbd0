#include "plugins/centres/hsds/answer.h"

#include <charconv>
#include <cmath>
#include <unordered_set>
#include <utility>
#include <vector>

#include "brobygger/sdk/utf8.h"

#include "plugins/centres/hsds/trouble.h"
#include "plugins/common/values.h"

namespace brobygger::hsds {
namespace {

// A language of a location of a service of an organization in a page, the deepest that is read,
// is at 11.
constexpr int kMostDepth = 16;

const std::unordered_set<std::string>& AllowedNames() {
  static const std::unordered_set<std::string> kNames = {
      // Of a page, and of the API.
      "contents", "total_items", "total_pages", "page_number", "last_page", "empty", "version",
      // Of organizations and services.
      "id", "name", "alternate_name", "description", "email", "website", "url", "status",
      "year_incorporated", "legal_status", "tax_id", "last_modified", "modified_date",
      "organization_identifiers", "identifier_scheme", "identifier_type", "identifier", "services",
      "minimum_age", "maximum_age", "service_areas", "service_at_locations", "location",
      // Of where, when, in which language, and by which function they are met.
      "locations", "location_type", "addresses", "address_type", "address_1", "city", "postal_code",
      "country", "phones", "number", "type", "languages", "code", "schedules", "freq", "interval",
      "byday", "bymonthday", "contacts", "title", "department",
      // Of what a service is about.
      "attributes", "taxonomy_term"};
  return kNames;
}

// Follows the parser, to know within what a name stands.
class Filter {
 public:
  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    const auto at = static_cast<std::size_t>(depth);
    switch (event) {
      case json::parse_event_t::array_start:
      case json::parse_event_t::object_start:
        names_.resize(at + 1);
        names_[at].clear();
        return depth <= kMostDepth;
      case json::parse_event_t::key:
        names_.resize(at);
        names_.back() = parsed.get_ref<const std::string&>();
        return AllowedNames().count(names_.back()) > 0;
      case json::parse_event_t::value:
        if (at > 0 && at == names_.size() && names_.back() == "name" && Holder() == "contacts") {
          const auto* const name = parsed.get_ptr<const std::string*>();
          parsed = !(parsed.is_null() || (name != nullptr && name->empty()));
        }
        return true;
      default:
        return true;
    }
  }

 private:
  // The name under which the object stands that the last name belongs to.
  std::string Holder() const {
    for (std::size_t at = names_.size() - 1; at > 0; --at) {
      if (!names_[at - 1].empty()) return names_[at - 1];
    }
    return "";
  }

  std::vector<std::string> names_;  // by depth; "" for an item of a list
};

}  // namespace

absl::StatusOr<json> ParseAnswer(const std::string& body, const std::string& place) {
  Filter filter;
  const auto keep = [&filter](int depth, json::parse_event_t event, json& parsed) {
    return filter(depth, event, parsed);
  };
  json answer = json::parse(body, keep, /*allow_exceptions=*/false);
  if (answer.is_object()) return answer;
  const std::size_t first = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first != std::string::npos && body[first] == '<') return Failure(Fault::kHtml, place);
  const bool other = answer.is_array() || answer.is_string() || answer.is_number();
  return Failure(other ? Fault::kUnexpected : Fault::kNotJson, place);
}

std::string TextAt(const json& object, const char* key) {
  if (!object.is_object()) return "";
  const auto found = object.find(key);
  if (found == object.end()) return "";
  if (found->is_number_integer()) return found->dump();
  if (!found->is_string()) return "";
  const std::string& text = found->get_ref<const std::string&>();
  return sdk::IsUtf8(text) ? std::string(common::Trim(text)) : "";
}

std::optional<long long> NumberAt(const json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (found == object.end()) return std::nullopt;
  if (found->is_number_float()) {
    const double number = found->get<double>();
    if (std::trunc(number) != number || std::abs(number) > 1e15) return std::nullopt;
    return static_cast<long long>(number);
  }
  const std::string text = TextAt(object, key);
  long long number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

const json& ListAt(const json& object, const char* key) {
  static const json kNone = json::array();
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_array() ? *found : kNone;
}

const json& ObjectAt(const json& object, const char* key) {
  static const json kNone = json::object();
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_object() ? *found : kNone;
}

}  // namespace brobygger::hsds
