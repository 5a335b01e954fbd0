#include "plugins/calendars/graph/answer.h"

#include <string_view>
#include <unordered_set>

namespace brobygger::graph {
namespace {

using nlohmann::json;

// An attendee's address, the deepest that is read, is at 5.
constexpr int kMostDepth = 8;

// "address" is a mail address only within "emailAddress": a place's has no way in.
const std::unordered_set<std::string>& AllowedNames() {
  static const std::unordered_set<std::string> kNames = {
      // Of an answer.
      "value", "@odata.nextLink", "@odata.deltaLink", "@removed", "error", "code", "access_token",
      "expires_in",
      // Of an event.
      "id", "type", "seriesMasterId", "iCalUId", "start", "dateTime", "timeZone", "isAllDay",
      "isCancelled", "sensitivity", "categories", "originalStart", "organizer", "attendees",
      "emailAddress", "address", "status", "response"};
  return kNames;
}

bool KeepsPart(int depth, json::parse_event_t event, json& parsed) {
  if (event == json::parse_event_t::key) {
    return AllowedNames().count(parsed.get_ref<const std::string&>()) > 0;
  }
  const bool begins =
      event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
  return !begins || depth <= kMostDepth;
}

}  // namespace

absl::StatusOr<json> ParseAnswer(const std::string& body, const Place& place) {
  json answer = json::parse(body, KeepsPart, /*allow_exceptions=*/false);
  if (answer.is_object()) return answer;
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  const bool html = first != std::string::npos && body[first] == '<';
  return Failure(html ? Fault::kHtml : Fault::kNotJson, place);
}

std::string TextAt(const json& object, const char* key) {
  if (!object.is_object()) return "";
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace brobygger::graph
