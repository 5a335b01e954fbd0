// premises need, settle, allocate, release and list.
#include <memory>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <fmt/format.h>

#include "brobygger/grant/v1/premises_service.pb.h"

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/enum_words.h"
#include "core/cli/output.h"
#include "core/cli/paging.h"
#include "core/cli/pool_words.h"
#include "core/cli/valid_days.h"
#include "core/cli/weekdays.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using grant::v1::ListPremisesNeedsResponse;
using grant::v1::ListPremisesResponse;
using grant::v1::PremisesAllocation;
using grant::v1::PremisesNeed;
using grant::v1::WeeklySlot;

struct PremisesOptions {
  std::string association;
  std::string title;
  std::uint64_t seats = 0;
  std::vector<std::string> times;
  std::vector<std::string> features;
  std::string note;
  std::string from;
  std::string to;
  std::string need;
  std::string state;
  std::string place;
  std::string time;
  std::string department;
  std::string source;
  std::string premises;
  std::string last;
  bool needs = false;
  bool settled = false;
  bool past = false;
  bool dry_run = false;
  PageOptions page;
};

// "torsdag 18:00-20:30".
absl::StatusOr<WeeklySlot> ToSlot(const std::string& typed) {
  const std::vector<std::string> words = absl::StrSplit(typed, ' ', absl::SkipWhitespace());
  const std::vector<std::string> ends =
      absl::StrSplit(words.empty() ? "" : words.back(), absl::MaxSplits('-', 1));
  const auto day = words.size() == 2 ? WeekdayOf(words.front()) : std::nullopt;
  if (!day || ends.size() != 2 || ends[0].empty() || ends[1].empty()) {
    return absl::InvalidArgumentError(
        fmt::format("'{}' is no time of a week; write a day and from when to when, as in \"torsdag "
                    "18:00-20:30\" or \"thursday 18:00-20:30\".",
                    typed));
  }
  WeeklySlot slot;
  slot.set_weekday(static_cast<grant::v1::Weekday>(*day + 1));
  slot.set_from_time(ends[0]);
  slot.set_to_time(ends[1]);
  return slot;
}

std::string SlotText(const WeeklySlot& slot, const std::string& language) {
  return fmt::format("{} {}-{}",
                     EnumText(*grant::v1::Weekday_descriptor(), slot.weekday(), language),
                     slot.from_time(), slot.to_time());
}

std::string ShownId(const Session& session, const std::string& id) {
  return session.format() == Format::kTable ? id.substr(0, kShownIdLength) : id;
}

std::vector<std::string> NeedKeys() {
  return {"id",       "association", "need",  "seats", "times",
          "features", "period",      "state", "note",  "stated_by"};
}

std::vector<Cell> NeedCells(const Session& session, const PremisesNeed& need) {
  const std::string& language = session.language();
  const bool by_itself = need.stated_by() == registry::v1::PERSPECTIVE_ASSOCIATION;
  std::vector<std::string> times;
  for (const WeeklySlot& slot : need.slots()) times.push_back(SlotText(slot, language));
  return {{ShownId(session, need.id())},
          {need.official_name().empty() ? PoolText("another", language) : need.official_name()},
          {need.title()},
          {need.has_seats() ? std::to_string(need.seats()) : ""},
          {absl::StrJoin(times, ", ")},
          {EnumTexts(*grant::v1::PremisesFeature_descriptor(), need.features(), language)},
          {ShowValid(need.valid(), language)},
          {EnumText(*grant::v1::PremisesNeedState_descriptor(), need.state(), language)},
          {need.note()},
          {PoolText(by_itself ? "said_association" : "said_municipality", language)}};
}

std::vector<std::string> PremisesKeys() {
  return {"id", "place", "times", "association", "season", "department", "source"};
}

std::vector<Cell> PremisesCells(const Session& session, const PremisesAllocation& premises) {
  const std::string& language = session.language();
  const std::string& name = premises.official_name();
  const std::string& department = premises.department_name();
  return {{ShownId(session, premises.id())},
          {premises.place()},
          {SlotText(premises.slot(), language)},
          {name.empty() ? PoolText("another", language) : name},
          {ShowValid(premises.season(), language)},
          {department.empty() ? PoolText("gone_department", language) : department},
          {premises.source()}};
}

void ReportNeed(Session& session, const PremisesNeed& need, const std::string& said) {
  session.Say(said);
  WriteRecord(session, need, [&] {
    return Rows{.columns = PoolColumns(NeedKeys(), session.language()),
                .cells = {NeedCells(session, need)}};
  });
}

void ReportPremises(Session& session, const PremisesAllocation& premises, const std::string& said) {
  session.Say(said);
  WriteRecord(session, premises, [&] {
    return Rows{.columns = PoolColumns(PremisesKeys(), session.language()),
                .cells = {PremisesCells(session, premises)}};
  });
}

// The association's need with this id, or the start of it, to be changed.
absl::StatusOr<PremisesNeed> NeedOf(Session& session,
                                    const std::string& association_id,
                                    const std::string& typed) {
  grant::v1::ListPremisesNeedsRequest request;
  request.set_association_id(association_id);
  request.set_show_settled(true);
  std::vector<PremisesNeed> found;
  const auto look = [&](const ListPremisesNeedsResponse& page) {
    for (const PremisesNeed& need : page.needs()) {
      if (need.id().starts_with(typed)) found.push_back(need);
    }
    return page.needs_size();
  };
  const PageOptions all{.size = 0, .token = "", .all = true};
  BB_RETURN_IF_ERROR((ReadPages<ListPremisesNeedsResponse>(session, request, all, look)).status());
  if (found.size() == 1) return found.front();
  if (found.size() > 1) {
    return absl::InvalidArgumentError(fmt::format(
        "{} needs of the association start with '{}'; write more of the id.", found.size(), typed));
  }
  return absl::NotFoundError(fmt::format(
      "The association has no need '{}'; brobygger premises list --needs --settled shows them.",
      typed));
}

// Says in `need` what is given on the command line.
absl::Status SetGiven(const PremisesOptions& options, PremisesNeed& need) {
  if (!options.title.empty()) need.set_title(options.title);
  if (options.seats > 0) need.set_seats(static_cast<std::int32_t>(options.seats));
  if (!options.times.empty()) need.clear_slots();
  for (const std::string& typed : options.times) {
    if (typed == "-") continue;
    BB_ASSIGN_OR_RETURN(*need.add_slots(), ToSlot(typed));
  }
  if (!options.features.empty()) need.clear_features();
  for (const std::string& typed : options.features) {
    if (typed == "-") continue;
    BB_ASSIGN_OR_RETURN(const int feature, EnumOf(*grant::v1::PremisesFeature_descriptor(),
                                                  "PREMISES_FEATURE_", typed));
    need.add_features(static_cast<grant::v1::PremisesFeature>(feature));
  }
  if (!options.note.empty()) need.set_note(options.note == "-" ? "" : options.note);
  return ChangeValid(options.from, options.to, *need.mutable_valid());
}

Outcome Need(Session& session, const PremisesOptions& options) {
  if (options.need.empty() && options.title.empty()) {
    return absl::InvalidArgumentError(
        "Say what the premises are needed for: --for \"Homework help for 15 children\".");
  }
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
  grant::v1::StatePremisesNeedRequest request;
  PremisesNeed& need = *request.mutable_need();
  if (!options.need.empty()) {
    BB_ASSIGN_OR_RETURN(need, NeedOf(session, association.id(), options.need));
  }
  need.set_association_id(association.id());
  BB_RETURN_IF_ERROR(SetGiven(options, need));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<grant::v1::StatePremisesNeedResponse>(request));
  ReportNeed(session, answer.need(), PoolText("need_stated", session.language()));
  return 0;
}

Outcome Settle(Session& session, const PremisesOptions& options) {
  grant::v1::SettlePremisesNeedRequest request;
  request.set_premises_need_id(options.need);
  const auto words = EnumWords(*grant::v1::PremisesNeedState_descriptor(), "PREMISES_NEED_STATE_");
  const int state = EnumNumber(words, options.state);
  request.set_state(static_cast<grant::v1::PremisesNeedState>(state));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<grant::v1::SettlePremisesNeedResponse>(request));
  const auto cells = NeedCells(session, answer.need());
  ReportNeed(session, answer.need(),
             PoolText("need_settled", session.language(), {{"state", cells[7].value}}));
  return 0;
}

Outcome Allocate(Session& session, const PremisesOptions& options) {
  if (options.from.empty() || options.to.empty()) {
    return absl::InvalidArgumentError(PoolText("no_season", session.language()));
  }
  grant::v1::AllocatePremisesRequest request;
  PremisesAllocation& premises = *request.mutable_premises();
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
  premises.set_association_id(association.id());
  premises.set_place(options.place);
  BB_ASSIGN_OR_RETURN(*premises.mutable_slot(), ToSlot(options.time));
  BB_RETURN_IF_ERROR(ChangeValid(options.from, options.to, *premises.mutable_season()));
  BB_ASSIGN_OR_RETURN(*premises.mutable_department_id(), DepartmentId(session, options.department));
  premises.set_source(options.source);
  premises.set_premises_need_id(options.need);
  request.set_validate_only(options.dry_run);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<grant::v1::AllocatePremisesResponse>(request));
  const std::string& language = session.language();
  const PremisesAllocation& given = answer.premises();
  ReportPremises(session, given,
                 options.dry_run ? PoolText("would_be_allocated", language)
                                 : PoolText("allocated", language,
                                            {{"place", given.place()},
                                             {"name", given.official_name()},
                                             {"when", SlotText(given.slot(), language)}}));
  return 0;
}

Outcome Release(Session& session, const PremisesOptions& options) {
  grant::v1::ReleasePremisesRequest request;
  request.set_premises_id(options.premises);
  BB_ASSIGN_OR_RETURN(*request.mutable_release_date(), ToDay(options.last, true));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<grant::v1::ReleasePremisesResponse>(request));
  const std::string& language = session.language();
  const PremisesAllocation& given = answer.premises();
  ReportPremises(session, given,
                 PoolText("released", language,
                          {{"place", given.place()},
                           {"day", ShowField("released_date", given.released_date(), language)}}));
  return 0;
}

Outcome ListNeeds(Session& session, const PremisesOptions& options) {
  grant::v1::ListPremisesNeedsRequest request;
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    request.set_association_id(association.id());
  }
  request.set_show_settled(options.settled);
  BB_ASSIGN_OR_RETURN(
      ListWriter writer,
      ListWriter::Make(session, "needs", PoolColumns(NeedKeys(), session.language())));
  const auto add = [&](const ListPremisesNeedsResponse& page) {
    for (const PremisesNeed& need : page.needs()) writer.Add(need, NeedCells(session, need));
    return page.needs_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListPremisesNeedsResponse>(session, request, options.page, add)));
  pages.last.clear_needs();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "need", pages.last.next_page_token());
  return 0;
}

Outcome List(Session& session, const PremisesOptions& options) {
  if (options.needs) return ListNeeds(session, options);
  grant::v1::ListPremisesRequest request;
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    request.set_association_id(association.id());
  }
  request.set_place(options.place);
  BB_ASSIGN_OR_RETURN(*request.mutable_department_id(), DepartmentId(session, options.department));
  request.set_show_past(options.past);
  BB_ASSIGN_OR_RETURN(
      ListWriter writer,
      ListWriter::Make(session, "premises", PoolColumns(PremisesKeys(), session.language())));
  const auto add = [&](const ListPremisesResponse& page) {
    for (const PremisesAllocation& each : page.premises()) {
      writer.Add(each, PremisesCells(session, each));
    }
    return page.premises_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListPremisesResponse>(session, request, options.page, add)));
  pages.last.clear_premises();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "allocation", pages.last.next_page_token());
  return 0;
}

constexpr char kTimeForm[] = "Day and time of every week, as in \"torsdag 18:00-20:30\"";

void AddNeeds(const Command& group, const std::shared_ptr<PremisesOptions>& options) {
  const ValueHint association = {.summary = "Its id, CVR number or official name",
                                 .completes = Completes::kAssociation};
  Command need = group.Add("need", "Say what premises an association needs");
  need.Argument("ASSOCIATION", options->association, association)
      .Option("--for", options->title, {.summary = "What for, in its own words"})
      .Number("--seats", options->seats, "How many people at most")
      .Options("--time", options->times, {.summary = std::string(kTimeForm) + "; repeatable"})
      .Options("--feature", options->features,
               {.summary = "What must be there: step-free, kitchen, ...; repeatable"})
      .Option("--note", options->note, {.summary = "The rest, in words"})
      .Option("--change", options->need, {.summary = "Change this need; what is not said stays"});
  AddValidOptions(need, options->from, options->to);
  need.Does([options](Session& session) { return Need(session, *options); });

  group.Add("settle", "Say that a need is met, withdrawn, or open again")
      .Argument("NEED", options->need, {.summary = "As brobygger premises list --needs shows it"})
      .Argument(
          "STATE", options->state,
          {.summary = "What became of it",
           .completes = Completes::kWord,
           .words = EnumWords(*grant::v1::PremisesNeedState_descriptor(), "PREMISES_NEED_STATE_")})
      .Does([options](Session& session) { return Settle(session, *options); });
}

}  // namespace

void AddPremises(const Command& root) {
  Command group = root.Add("premises", "What premises associations need, and what they have");
  const auto options = std::make_shared<PremisesOptions>();
  AddNeeds(group, options);
  const ValueHint department = {.summary = "The department that allocates it"};

  Command allocate = group.Add("allocate", "Give an association a place at a time of every week");
  allocate
      .Argument(
          "ASSOCIATION", options->association,
          {.summary = "Its id, CVR number or official name", .completes = Completes::kAssociation})
      .Argument("PLACE", options->place, {.summary = "As people call it: \"Kulturhuset, sal 2\""})
      .Required("--time", options->time, {.summary = kTimeForm})
      .Required("--department", options->department, department)
      .Option("--source", options->source, {.summary = "Where it is written: a booking system"})
      .Option("--need", options->need, {.summary = "The need that it answers, which is then met"})
      .Flag("--dry-run", options->dry_run, "Only say whether the place is free");
  AddValidOptions(allocate, options->from, options->to);
  allocate.Does([options](Session& session) { return Allocate(session, *options); });

  group.Add("release", "Give a place back before its season ends")
      .Argument("PREMISES", options->premises, {.summary = "As brobygger premises list shows it"})
      .Option("--last", options->last, {.summary = "The last day with it; else free from today"})
      .Does([options](Session& session) { return Release(session, *options); });

  Command list =
      group.Add("list", "List who has which place when; with --needs what is looked for");
  list.Option("--association", options->association,
              {.summary = "Only this association's", .completes = Completes::kAssociation})
      .Option("--place", options->place, {.summary = "Only places with this in their name"})
      .Option("--department", options->department, {.summary = "Only this department's"})
      .Flag("--past", options->past, "Of seasons that are over, too")
      .Flag("--needs", options->needs, "What is looked for")
      .Flag("--settled", options->settled, "With --needs: those that are met or withdrawn, too");
  AddPageOptions(list, options->page);
  list.Does([options](Session& session) { return List(session, *options); });
}

}  // namespace brobygger::cli
