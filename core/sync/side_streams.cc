#include "core/sync/side_streams.h"

#include <set>
#include <string>
#include <utility>

#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/contact/sightings.h"
#include "core/registry/query.h"
#include "core/sync/application_mapping.h"
#include "core/sync/connections.h"
#include "core/sync/intake.h"
#include "core/sync/publish.h"
#include "core/sync/record_text.h"
#include "core/sync/source_writer.h"

namespace brobygger::sync {

SideStreams::SideStreams(storage::Store& store,
                         supervisor::Supervisor& supervisor,
                         const base::Clock& clock,
                         const SecretResolver& secrets)
    : store_(store), supervisor_(supervisor), clock_(clock), secrets_(secrets) {}

absl::StatusOr<WaitingBeside> SideStreams::Read(const ReadBeside& wanted, v1::Run& run) const {
  WaitingBeside waiting;
  if (wanted.connection.has_applications()) {
    BB_ASSIGN_OR_RETURN(waiting.applications, ReadApplications(wanted, run));
  }
  if (wanted.connection.has_meetings()) {
    BB_ASSIGN_OR_RETURN(waiting.meetings, ReadMeetings(wanted, run));
  }
  return waiting;
}

absl::StatusOr<WaitingApplications> SideStreams::ReadApplications(const ReadBeside& wanted,
                                                                  v1::Run& run) const {
  BB_ASSIGN_OR_RETURN(const auto applications, ApplicationMapping::Make(wanted.connection));
  BB_ASSIGN_OR_RETURN(const auto spec, ProcessSpecOf(wanted.connection, wanted.mapping, secrets_));
  const StreamKey stream = ApplicationStreamOf(wanted.connection);
  Intake intake({.store = store_,
                 .supervisor = supervisor_,
                 .clock = clock_,
                 .connection = wanted.connection,
                 .stream = stream,
                 .run_id = run.id(),
                 .screen = MappedFields(applications.mappings())});
  BB_ASSIGN_OR_RETURN(const IntakeResult read, intake.Run(spec, wanted.progress, wanted.cancel));
  BB_ASSIGN_OR_RETURN(
      WaitingApplications waiting,
      PlanApplications(
          {.store = store_, .mapping = applications, .stream = stream, .run_id = run.id()},
          wanted.cancel));
  v1::ApplicationCounts& counts = waiting.counts;
  counts.set_rejected_count(counts.rejected_count() + read.rejected);
  *run.mutable_applications() = counts;
  run.mutable_applications()->set_read_count(read.read);
  return waiting;
}

// Somebody may have said since the last reading that a department decides in citizens' cases.
absl::Status SideStreams::ForgetCaseWork(const storage::Snapshot& snapshot,
                                         const v1::Connection& connection,
                                         v1::Run& run) const {
  std::uint64_t gone = 0;
  std::set<std::string> looked_at;
  for (const auto& calendar : connection.meetings().calendars()) {
    const auto department = registry::GetDepartment(snapshot, calendar.department_id());
    // Only where a person said so: a name is a guess itself.
    const bool said =
        department.ok() && department->case_work() == registry::v1::Department::CASE_WORK_YES;
    if (!said) continue;
    if (!looked_at.insert(department->id()).second) continue;
    BB_ASSIGN_OR_RETURN(const bool any, contact::AnyGuesses(snapshot, department->id()));
    if (!any) continue;
    const auto forget = [&](storage::Transaction& transaction) -> absl::Status {
      BB_ASSIGN_OR_RETURN(const auto count, contact::ForgetGuesses(transaction, department->id()));
      gone += count;
      return absl::OkStatus();
    };
    BB_RETURN_IF_ERROR(store_.Write("sync", forget).status());
  }
  if (gone == 0) return absl::OkStatus();
  base::LogInfo("case_work_forgotten", {{"connection", base::ConnectionId(connection.id())},
                                        {"run", base::RunId(run.id())},
                                        {"count", gone}});
  return store_.Scrub();
}

absl::StatusOr<WaitingMeetings> SideStreams::ReadMeetings(const ReadBeside& wanted,
                                                          v1::Run& run) const {
  BB_ASSIGN_OR_RETURN(const auto spec, ProcessSpecOf(wanted.connection, wanted.mapping, secrets_));
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  BB_ASSIGN_OR_RETURN(auto book, Book(*latest));
  BB_ASSIGN_OR_RETURN(const auto screen,
                      MeetingScreen::Make(*latest, wanted.connection, std::move(book)));
  const StreamKey stream = MeetingStreamOf(wanted.connection);
  BB_RETURN_IF_ERROR(ForgetCaseWork(*latest, wanted.connection, run));
  MeetingRemarks remarks;
  Intake intake({.store = store_,
                 .supervisor = supervisor_,
                 .clock = clock_,
                 .connection = wanted.connection,
                 .stream = stream,
                 .run_id = run.id(),
                 .screen =
                     [&screen, &remarks](plugin::v1::Record& record) {
                       const auto codes = MeetingRemarks::Of(record);
                       const absl::Status reduced = screen.Reduce(record);
                       if (!MeetingScreen::SaysNothing(record)) remarks.Add(codes);
                       return reduced;
                     },
                 .says_nothing = MeetingScreen::SaysNothing,
                 .screen_fingerprint = screen.fingerprint()});
  const auto read = intake.Run(spec, wanted.progress, wanted.cancel);
  // Whatever went wrong with one calendar: what opted out of another goes.
  BB_ASSIGN_OR_RETURN(WaitingMeetings waiting,
                      PlanMeetings({store_, stream, run.id()}, clock_.Now(), wanted.cancel));
  if (waiting.counts.opted_out_count() > 0) BB_RETURN_IF_ERROR(store_.Scrub());
  BB_RETURN_IF_ERROR(read.status());
  run.set_read_count(read->read);
  run.set_complete(read->complete);
  waiting.counts.set_rejected_count(waiting.counts.rejected_count() + read->rejected);
  *run.mutable_meetings() = waiting.counts;
  run.mutable_meetings()->set_read_count(read->read);
  remarks.WriteTo(*run.mutable_meetings());
  SourceWriter writer(supervisor_, spec, kEventStream, run.id());
  const auto published = LookForPublished(store_, clock_, wanted.connection.id(), writer);
  // Meetings were read all the same; it is looked again next time.
  if (!published.ok()) {
    base::LogWarning("published_events_not_looked_for",
                     {{"connection", base::ConnectionId(wanted.connection.id())},
                      {"code", published.status().raw_code()}});
  } else if (published->ByteSizeLong() > 0) {
    *run.mutable_publications() = *published;
  }
  return waiting;
}

absl::StatusOr<std::shared_ptr<const contact::AddressBook>> SideStreams::Book(
    const storage::Snapshot& snapshot) const {
  absl::MutexLock lock(&mutex_);
  if (books_ == nullptr) {
    BB_ASSIGN_OR_RETURN(std::string key, secrets_(kPseudonymKeyReference));
    books_ = std::make_unique<contact::AddressBooks>(std::move(key));
  }
  return books_->Get(snapshot);
}

absl::Status SideStreams::BringIn(const v1::Connection& connection,
                                  const v1::Plan& plan,
                                  bool with_gone,
                                  const supervisor::CancelToken& cancel,
                                  v1::Run& run) const {
  if (run.outbound()) return absl::OkStatus();
  // What has vanished since the plan was judged waits for the next one.
  const auto as_judged = [&](const SideContext& side,
                             std::uint64_t planned) -> absl::StatusOr<bool> {
    BB_ASSIGN_OR_RETURN(const std::uint64_t vanished, VanishedRecords(side));
    return with_gone && vanished <= planned;
  };
  if (connection.has_applications()) {
    BB_ASSIGN_OR_RETURN(const auto mapping, ApplicationMapping::Make(connection));
    const StreamKey stream = ApplicationStreamOf(connection);
    BB_ASSIGN_OR_RETURN(const bool gone,
                        as_judged({store_, stream, run.id()}, plan.applications().gone_count()));
    BB_ASSIGN_OR_RETURN(
        auto counts,
        ApplyApplications(
            {.store = store_, .mapping = mapping, .stream = stream, .run_id = run.id()}, gone,
            cancel));
    counts.set_read_count(run.applications().read_count());
    counts.set_rejected_count(counts.rejected_count() + run.applications().rejected_count());
    *run.mutable_applications() = std::move(counts);
  }
  if (connection.has_meetings()) {
    const SideContext side{store_, MeetingStreamOf(connection), run.id()};
    BB_ASSIGN_OR_RETURN(const bool gone, as_judged(side, plan.meetings().gone_count()));
    BB_ASSIGN_OR_RETURN(auto counts, ApplyMeetings(side, gone, cancel));
    counts.set_read_count(run.meetings().read_count());
    counts.set_opted_out_count(run.meetings().opted_out_count());
    *counts.mutable_oddities() = run.meetings().oddities();
    counts.set_rejected_count(counts.rejected_count() + run.meetings().rejected_count());
    *run.mutable_meetings() = std::move(counts);
  }
  return absl::OkStatus();
}

void AddCounts(const WaitingBeside& waiting, v1::Plan& plan) {
  if (waiting.applications.counts.ByteSizeLong() > 0) {
    *plan.mutable_applications() = waiting.applications.counts;
  }
  if (waiting.meetings.counts.ByteSizeLong() > 0) {
    *plan.mutable_meetings() = waiting.meetings.counts;
  }
}

}  // namespace brobygger::sync
