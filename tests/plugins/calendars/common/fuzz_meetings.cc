// Reads whatever libFuzzer makes of the seeds as a calendar; fuzz builds and runs it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "plugins/calendars/common/busy.h"
#include "plugins/calendars/common/meetings.h"

namespace brobygger::calendars {
namespace {

bool IsDigest(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// What holds of every object, whatever the text was.
bool IsSound(const MeetingObject& object, const Window& window) {
  if (!IsDigest(object.uid_digest) || (object.opted_out && !object.parts.empty())) return false;
  for (const MeetingPart& part : object.parts) {
    if (part.meetings.empty()) return false;
    for (const Meeting& meeting : part.meetings) {
      const bool in_window = meeting.date >= window.first && meeting.date <= window.last;
      if (!IsDigest(meeting.key) || !in_window) return false;
    }
    for (const std::string& address : part.addresses) {
      if (!IsDigest(address)) return false;
    }
  }
  return true;
}

// What holds of every day that is not free.
void ReadBusy(std::string_view text, const Window& window, const Pseudonyms& pseudonyms) {
  BusyDays days(window, pseudonyms);
  (void)days.Add(text);
  for (const BusyDay& day : days.Days()) {
    const bool in_window = day.date >= window.first && day.date <= window.last;
    if (!in_window || day.minutes < 1 || day.minutes > kBusyMinutes) abort();
  }
}

void ReadOne(std::string_view text) {
  static const Pseudonyms kPseudonyms("a key of the tests");
  static constexpr Window kWindow = {absl::CivilDay(2026, 1, 1), absl::CivilDay(2026, 9, 30)};
  ReadBusy(text, kWindow, kPseudonyms);
  const auto reading = ReadMeetings(text, kWindow, kPseudonyms);
  if (!reading.ok()) return;
  for (const MeetingObject& object : reading->objects) {
    if (!IsSound(object, kWindow)) abort();
    if (ToRecord(object, object.uid_digest, "moder").external_id().empty()) abort();
  }
}

}  // namespace
}  // namespace brobygger::calendars

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  brobygger::calendars::ReadOne({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
