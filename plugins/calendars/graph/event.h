#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>
#include <nlohmann/json.hpp>

namespace brobygger::graph {

// What one event of Graph says: a single event, a series' master, or an instance of a series. What
// was not told is absent, and stands in the master then.
struct Event {
  // Somebody asked, or who asked.
  struct Person {
    std::string address;  // As plugins/calendars/README.md's kind `address`.
    bool declined = false;
  };

  std::string id;         // Graph's own; it differs between mailboxes.
  std::string series_id;  // The master's id; empty for a single event and for a master.
  std::string uid;        // iCalUId
  bool removed = false;   // A row of a delta that says that it is gone, or outside the window.
  bool is_master = false;
  std::optional<absl::Time> start;  // In UTC; of an all-day event its midnight, taken as UTC.
  std::optional<absl::Time> original_start;
  std::optional<bool> all_day;
  std::optional<bool> cancelled;
  std::optional<bool> hidden;  // A sensitivity other than normal, or `Brobygger:ingen`.
  std::optional<std::vector<std::string>> codes;
  std::optional<std::vector<Person>> people;
  bool bad_date = false;  // A date that cannot be read.
};

// Reads what ParseAnswer left of an event; never fails, what is odd is absent. Pure; thread-safe.
Event ToEvent(const nlohmann::json& object);

// The properties that are ever asked for: no title, no body, no place.
extern const char* const kSelect;

}  // namespace brobygger::graph
