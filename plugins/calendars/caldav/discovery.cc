#include "plugins/calendars/caldav/discovery.h"

#include <set>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "brobygger/sdk/error.h"

#include "plugins/calendars/caldav/collection.h"

namespace brobygger::caldav {
namespace {

constexpr char kWellKnown[] = "/.well-known/caldav";
constexpr char kPrincipal[] = "<D:current-user-principal/>";
constexpr char kAboutCalendar[] =
    "<D:resourcetype/><C:supported-calendar-component-set/><D:current-user-privilege-set/>";
// A user has one or two; a server that names more is wrong.
constexpr std::size_t kMostHomes = 20;

const Place& ServerPlace() {
  static const Place kPlace = {.path = "url"};
  return kPlace;
}

// The path that an href leads to from the server's root.
absl::StatusOr<std::string> PathOf(const Dav& dav, const std::string& href) {
  const auto url = Resolve(dav.root(), href);
  if (!url) return Failure(Fault::kUnexpected, ServerPlace(), "an href that cannot be read");
  if (url->origin != dav.root().origin) return Failure(Fault::kOtherHost, ServerPlace());
  return url->path;
}

absl::StatusOr<std::string> PrincipalAt(Dav& dav, const std::string& path) {
  const auto answer = dav.Propfind(path, 0, kPrincipal, ServerPlace());
  if (!answer.ok()) return answer.status();
  for (const Found& found : answer->found) {
    if (!found.principal.empty()) return PathOf(dav, found.principal);
  }
  return Failure(Fault::kUnexpected, ServerPlace(), "no current-user-principal");
}

absl::Status AboutCalendar(const std::string& name,
                           const char* code,
                           const std::string& da,
                           const std::string& en) {
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_CONFIG,
                         .code = absl::StrCat("calendars.caldav.", code),
                         .da = absl::StrCat("'", name, "': ", da),
                         .en = absl::StrCat("'", name, "': ", en),
                         .path = absl::StrCat("calendars.", name, ".path")});
}

}  // namespace

namespace {

// Adds the calendars of one home.
absl::Status LookInHome(Dav& dav, const std::string& href, std::set<std::string>& calendars) {
  const auto home = PathOf(dav, href);
  if (!home.ok()) return home.status();
  const auto in_it = dav.Propfind(*home, 1, kAboutCalendar, ServerPlace());
  if (!in_it.ok()) return in_it.status();
  for (const Found& child : in_it->found) {
    if (child.is_calendar && child.takes_events) calendars.insert(child.path);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<std::string>> DiscoverCalendars(Dav& dav) {
  auto principal = PrincipalAt(dav, kWellKnown);
  if (!principal.ok() && ServerAnswered(principal.status())) {
    principal = PrincipalAt(dav, dav.root().path);
  }
  if (!principal.ok()) return principal.status();
  const auto homes = dav.Propfind(*principal, 0, "<C:calendar-home-set/>", ServerPlace());
  if (!homes.ok()) return homes.status();
  std::set<std::string> calendars;
  std::size_t number = 0;
  for (const Found& found : homes->found) {
    for (const std::string& href : found.homes) {
      if (++number > kMostHomes) break;
      const absl::Status looked = LookInHome(dav, href, calendars);
      if (!looked.ok()) return looked;
    }
  }
  return std::vector<std::string>(calendars.begin(), calendars.end());
}

absl::Status CheckCalendar(Dav& dav, const std::string& name, const CalendarConfig& calendar) {
  const Place place = {.what = absl::StrCat("'", name, "'"),
                       .path = absl::StrCat("calendars.", name, ".path")};
  const auto answer = dav.Propfind(calendar.path, 0, kAboutCalendar, place);
  if (!answer.ok()) return answer.status();
  for (const Found& found : answer->found) {
    if (!SameCollection(found.path, calendar.path) && !SameCollection(found.path, answer->path)) {
      continue;
    }
    if (found.status == 404) return Failure(Fault::kNotThere, place);
    if (!found.is_calendar || !found.takes_events) {
      return AboutCalendar(name, "not_a_calendar",
                           "stien fører ikke til en kalender med aftaler. Ret 'path'.",
                           "the path does not lead to a calendar with events. Mend 'path'.");
    }
    if (calendar.publish && !found.may_write) {
      return AboutCalendar(
          name, "read_only",
          "brugeren må kun læse den, og \"publish\" er slået til. Bed ejeren om skriveret, eller "
          "slå det fra.",
          "the user may only read it, and \"publish\" is on. Ask the owner for the right to write, "
          "or turn it off.");
    }
    return absl::OkStatus();
  }
  return Failure(Fault::kNotThere, place);
}

std::string PathForPeople(const std::string& path, const std::string& user) {
  std::vector<std::string> parts = absl::StrSplit(path, '/');
  for (std::string& part : parts) {
    if (absl::StrContains(part, '@') && part != user) part = "...";
  }
  return absl::StrJoin(parts, "/");
}

}  // namespace brobygger::caldav
