// association activity: add, list and remove.
#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <set>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/enum_words.h"
#include "core/cli/output.h"
#include "core/cli/registry_codes.h"
#include "core/cli/weekdays.h"
#include "core/exchange/texts.h"

namespace brobygger::cli {
namespace {

using registry::v1::Activity;
using registry::v1::Association;

struct ActivityOptions {
  std::string association;
  std::string title;
  std::string activity;
  std::string description;
  std::vector<std::string> themes;
  std::vector<std::string> audiences;
  std::vector<std::string> languages;
  std::vector<std::string> weekdays;
  std::string place;
  std::uint64_t capacity = 0;
  bool free = false;
  bool open = false;
};

// "FREQ=WEEKLY;BYDAY=MO,TH" for days as they are typed.
absl::StatusOr<std::string> WeeklyRule(const std::vector<std::string>& typed) {
  if (typed.empty()) return std::string();
  static constexpr std::array<const char*, kDaysOfWeek> kCodes = {"MO", "TU", "WE", "TH",
                                                                  "FR", "SA", "SU"};
  std::set<std::size_t> days;
  for (const std::string& day : typed) {
    const auto number = WeekdayOf(day);
    if (!number) {
      return absl::InvalidArgumentError(
          fmt::format("'{}' is no day of the week; write torsdag, or thursday.", day));
    }
    days.insert(*number);
  }
  std::vector<std::string> codes;
  for (const std::size_t day : days) codes.emplace_back(kCodes.at(day));
  return "FREQ=WEEKLY;BYDAY=" + absl::StrJoin(codes, ",");
}

absl::StatusOr<Activity> ToActivity(const ActivityOptions& options, const std::string& language) {
  Activity activity;
  activity.set_id(base::MakeUuid());
  activity.set_title(options.title);
  if (!options.description.empty()) {
    (*activity.mutable_description()->mutable_by_language())[language] = options.description;
  }
  BB_RETURN_IF_ERROR(AddThemes(options.themes, *activity.mutable_themes()));
  BB_RETURN_IF_ERROR(AddAudiences(options.audiences, *activity.mutable_audiences()));
  for (const std::string& tag : options.languages) activity.add_language_codes(tag);
  BB_ASSIGN_OR_RETURN(*activity.mutable_recurrence_rule(), WeeklyRule(options.weekdays));
  activity.set_place(options.place);
  if (options.capacity > 0) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::int32_t>::max();
    activity.set_capacity(static_cast<std::int32_t>(std::min(options.capacity, kMost)));
  }
  if (options.free) activity.set_price_oere(0);
  if (options.open) activity.set_open_to_public(true);
  activity.set_status(registry::v1::ACTIVITY_STATUS_ACTIVE);
  return activity;
}

// Writes the activities that `association` has now. Somebody else's change since it was read is
// not overwritten: its etag goes along.
absl::Status Store(Session& session, const Association& association) {
  registry::v1::UpdateAssociationRequest request;
  *request.mutable_association() = association;
  request.mutable_update_mask()->add_paths("activities");
  request.set_request_id(base::MakeUuid());
  return session.Call<registry::v1::UpdateAssociationResponse>(request).status();
}

Outcome AddActivity(Session& session, const ActivityOptions& options) {
  BB_ASSIGN_OR_RETURN(Association association, FindAssociation(session, options.association));
  BB_ASSIGN_OR_RETURN(const Activity activity, ToActivity(options, "da"));
  *association.add_activities() = activity;
  BB_RETURN_IF_ERROR(Store(session, association));
  session.Say(fmt::format("{}: {} is added.", association.official_name(), activity.title()));
  return 0;
}

std::string CodesText(const google::protobuf::RepeatedField<int>& codes,
                      const google::protobuf::EnumDescriptor& enumeration,
                      const std::string& language) {
  std::vector<std::string> texts;
  for (const int code : codes) texts.push_back(EnumText(enumeration, code, language));
  return absl::StrJoin(texts, ", ");
}

Outcome ListActivities(Session& session, const ActivityOptions& options) {
  BB_ASSIGN_OR_RETURN(const Association association, FindAssociation(session, options.association));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "activities",
                                                          {{"id", "ID"},
                                                           {"title", "TITLE"},
                                                           {"themes", "ABOUT"},
                                                           {"audiences", "FOR"},
                                                           {"languages", "LANGUAGES"},
                                                           {"weekdays", "WHEN"},
                                                           {"place", "WHERE"},
                                                           {"capacity", "PLACES"}}));
  const std::string& language = session.language();
  for (const Activity& activity : association.activities()) {
    const bool cut = session.format() == Format::kTable;
    writer.Add(activity,
               {{cut ? activity.id().substr(0, kShownIdLength) : activity.id()},
                {activity.title()},
                {CodesText(activity.themes(), *registry::v1::Theme_descriptor(), language)},
                {CodesText(activity.audiences(), *registry::v1::Audience_descriptor(), language)},
                {absl::StrJoin(activity.language_codes(), ", ")},
                {exchange::WeekdaysText(activity.recurrence_rule(), language)},
                {activity.place()},
                {activity.has_capacity() ? absl::StrCat(activity.capacity()) : ""}});
  }
  writer.Finish();
  return 0;
}

Outcome RemoveActivity(Session& session, const ActivityOptions& options) {
  BB_ASSIGN_OR_RETURN(Association association, FindAssociation(session, options.association));
  auto& activities = *association.mutable_activities();
  std::vector<int> meant;
  for (int i = 0; i < activities.size(); ++i) {
    const bool is =
        activities[i].title() == options.activity ||
        (options.activity.size() >= 4 && activities[i].id().starts_with(options.activity));
    if (is) meant.push_back(i);
  }
  if (meant.size() != 1) {
    return absl::InvalidArgumentError(fmt::format(
        "{} activities of {} are called '{}'; brobygger association activity list shows their ids.",
        meant.size(), association.official_name(), options.activity));
  }
  const std::string title = activities[meant[0]].title();
  activities.DeleteSubrange(meant[0], 1);
  BB_RETURN_IF_ERROR(Store(session, association));
  session.Say(fmt::format("{}: {} is removed.", association.official_name(), title));
  return 0;
}

}  // namespace

void AddAssociationActivity(const Command& parent) {
  Command activity = parent.Add("activity", "What an association does, when and for whom");
  const auto options = std::make_shared<ActivityOptions>();
  const ValueHint which = {.summary = "Id (or its start), CVR number or whole name",
                           .completes = Completes::kAssociation};
  Command add = activity.Add("add", "Write one down");
  add.Argument("ASSOCIATION", options->association, which)
      .Argument("TITLE", options->title, {.summary = "As in Lektiecafe"})
      .Option("--description", options->description, {.summary = "What it is, in Danish"})
      .Options(
          "--theme", options->themes,
          {.summary = "What it is about", .completes = Completes::kWord, .words = ThemeWords()})
      .Options(
          "--audience", options->audiences,
          {.summary = "Whom it is for", .completes = Completes::kWord, .words = AudienceWords()})
      .Options("--language", options->languages, {.summary = "Language spoken, as in ar"})
      .Options("--weekday", options->weekdays, {.summary = "Every week on this day, as in torsdag"})
      .Option("--place", options->place, {.summary = "Where, in words"})
      .Number("--capacity", options->capacity, "How many can take part")
      .Flag("--free", options->free, "It costs nothing")
      .Flag("--open", options->open, "Others may come, too")
      .Does([options](Session& session) { return AddActivity(session, *options); });
  activity.Add("list", "Show them")
      .Argument("ASSOCIATION", options->association, which)
      .Does([options](Session& session) { return ListActivities(session, *options); });
  activity.Add("remove", "Take one off the list; the history keeps it")
      .Argument("ASSOCIATION", options->association, which)
      .Argument("ACTIVITY", options->activity, {.summary = "Its title, or the start of its id"})
      .Does([options](Session& session) { return RemoveActivity(session, *options); });
}

}  // namespace brobygger::cli
