#include "core/mail/digest.h"

#include <algorithm>
#include <array>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/time/time.h>

#include "core/base/clock.h"
#include "core/mail/texts.h"
#include "core/model/contact.h"

namespace brobygger::mail {
namespace {

using v1::Line;

// What texts about a kind are called, in the order a subject names them.
struct KindName {
  Line::Kind kind;
  const char* key;
  const char* command;  // before the connection's id
};
constexpr std::array kKinds = {
    KindName{Line::KIND_TROUBLE, "trouble", "brobygger connection check"},
    KindName{Line::KIND_PLAN, "plans", "brobygger sync plan"},
    KindName{Line::KIND_CONFLICTS, "conflicts", "brobygger sync conflicts"},
    KindName{Line::KIND_DEAD_LETTERS, "dead_letters", "brobygger sync dead-letters"},
    KindName{Line::KIND_REJECTED, "rejected", "brobygger sync rejected"},
    KindName{Line::KIND_QUESTIONS, "questions", "brobygger identity review"},
};

const KindName& NameOf(Line::Kind kind) {
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(),
                                   [&](const KindName& name) { return name.kind == kind; });
  return found == kKinds.end() ? kKinds.front() : *found;
}

// "conflicts_one" or "conflicts_many".
std::string Counted(const std::string& key, std::uint64_t count, const std::string& language) {
  return FillText(key + (count == 1 ? "_one" : "_many"), language, count);
}

std::string TroubleText(const Line& line, const std::string& language) {
  const std::string why = Text("trouble_" + line.reason(), language);
  if (line.code().empty()) return FillText("trouble", language, why);
  return FillText("trouble_with_code", language, why, line.code());
}

std::string LineText(const Line& line, const std::string& language) {
  if (line.kind() == Line::KIND_TROUBLE) return TroubleText(line, language);
  if (line.kind() == Line::KIND_PLAN) {
    return FillText("plan_counts", language, Text("plan_" + line.reason(), language),
                    line.create_count(), line.update_count(), line.delete_count(),
                    line.source_count());
  }
  return Counted(NameOf(line.kind()).key, line.count(), language);
}

// "24 hours"; what is not of whole hours as a configuration has it, "1h30m".
std::string ShowInterval(std::chrono::milliseconds interval, const std::string& language) {
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(interval);
  if (hours != interval || hours.count() < 2)
    return absl::FormatDuration(absl::FromChrono(interval));
  return FillText("hours", language, hours.count());
}

bool SameThing(const Line& left, const Line& right) {
  return left.kind() == right.kind() && left.connection_id() == right.connection_id();
}

bool IsNews(const Line& line, const v1::MailState& told) {
  const auto known = std::find_if(told.lines().begin(), told.lines().end(),
                                  [&](const Line& other) { return SameThing(line, other); });
  if (known == told.lines().end()) return true;
  if (line.kind() == Line::KIND_PLAN || line.kind() == Line::KIND_TROUBLE) {
    return line.SerializeAsString() != known->SerializeAsString();
  }
  // Records kept aside are known by their place, and places move when a file gets a row
  // more: only that they are more is sure to be news.
  if (line.kind() == Line::KIND_REJECTED) return line.count() > known->count();
  return base::ToInstant(line.newest_time()) > base::ToInstant(known->newest_time());
}

std::string Subject(const Lines& lines, const std::string& language) {
  std::vector<std::string> parts;
  for (const KindName& name : kKinds) {
    std::uint64_t count = 0;
    for (const Line& line : lines) count += line.kind() == name.kind ? line.count() : 0;
    if (count > 0) parts.push_back(Counted(absl::StrCat("subject_", name.key), count, language));
  }
  return absl::StrCat("Brobygger: ", absl::StrJoin(parts, ", "));
}

}  // namespace

std::map<std::string, Lines> ShareOut(const Waiting& waiting, const std::vector<std::string>& to) {
  // The same address is the same address, however its domain is written.
  const auto normal = [](const std::string& address) {
    return model::NormalizeEmail(address).value_or(address);
  };
  std::map<std::string, Lines> shares;
  for (const std::string& address : to) shares[normal(address)];
  for (const auto& [connection, address] : waiting.responsible) {
    if (!address.empty()) shares[normal(address)];
  }
  for (const Line& line : waiting.lines) {
    const auto named = waiting.responsible.find(line.connection_id());
    if (named != waiting.responsible.end() && !named->second.empty()) {
      shares[normal(named->second)].push_back(line);
      continue;
    }
    for (const std::string& address : to) shares[normal(address)].push_back(line);
  }
  return shares;
}

bool AnyNews(const Lines& lines, const v1::MailState& told) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const Line& line) { return IsNews(line, told); });
}

bool ForgetWhatIsOver(const Lines& lines, v1::MailState& told) {
  v1::MailState kept;
  bool any = false;
  for (const Line& known : told.lines()) {
    const auto now = std::find_if(lines.begin(), lines.end(),
                                  [&](const Line& line) { return SameThing(line, known); });
    if (now == lines.end()) {
      any = true;
      continue;
    }
    Line& line = *kept.add_lines();
    line = known;
    if (known.kind() != Line::KIND_REJECTED || now->count() >= known.count()) continue;
    line.set_count(now->count());
    any = true;
  }
  told.mutable_lines()->Swap(kept.mutable_lines());
  return any;
}

Digest WriteDigest(const Lines& lines,
                   const std::string& language,
                   std::chrono::milliseconds every) {
  Digest digest{.subject = Subject(lines, language), .body = Text("intro", language) + "\n"};
  std::string section;
  for (const Line& line : lines) {
    const std::string head =
        line.connection_id().empty() ? Text("whole_hub", language) : line.connection_id();
    if (head != section) absl::StrAppend(&digest.body, "\n", head, "\n");
    section = head;
    absl::StrAppend(&digest.body, "  - ", LineText(line, language), "\n    ",
                    NameOf(line.kind()).command, line.connection_id().empty() ? "" : " ",
                    line.connection_id(), "\n");
  }
  absl::StrAppend(&digest.body, "\n-- \n",
                  FillText("outro", language, ShowInterval(every, language)), "\n");
  return digest;
}

}  // namespace brobygger::mail
