#include "core/mail/collect.h"

#include <algorithm>
#include <optional>

#include <absl/strings/ascii.h>

#include "brobygger/identity/v1/question.pb.h"
#include "brobygger/sync/v1/connection.pb.h"
#include "brobygger/sync/v1/operation.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/status_macros.h"
#include "core/sync/claims.h"
#include "core/sync/connections.h"

namespace brobygger::mail {
namespace {

using google::protobuf::Timestamp;
using plugin::v1::Diagnostic;
using storage::Kind;
using sync::v1::Connection;
using sync::v1::Plan;
using sync::v1::Run;
using v1::Line;

constexpr std::size_t kLongestCode = 60;

// Counts the stored records of type T under `prefix` into `line`. `came` says when one
// of them came.
template <typename T>
absl::Status CountInto(const storage::Snapshot& snapshot,
                       Kind kind,
                       const std::string& prefix,
                       const Timestamp& (T::*came)() const,
                       Line& line) {
  base::Instant newest;
  const auto visit = [&](const std::string& /*key*/, const std::string& bytes) {
    T one;
    if (!one.ParseFromString(bytes)) return absl::OkStatus();
    line.set_count(line.count() + 1);
    newest = std::max(newest, base::ToInstant((one.*came)()));
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(sync::ForEach(snapshot, kind, prefix, visit));
  *line.mutable_newest_time() = base::ToTimestamp(newest);
  return absl::OkStatus();
}

Line LineOf(Line::Kind kind, const std::string& connection_id) {
  Line line;
  line.set_kind(kind);
  line.set_connection_id(connection_id);
  return line;
}

// The newest runs that have ended.
struct EndedRuns {
  std::optional<Run> any;
  std::optional<Run> reading;  // that read the source
};

void Note(const Run& run, EndedRuns& runs) {
  if (run.state() == Run::STATE_RUNNING) return;
  if (!runs.any) runs.any = run;
  if (!runs.reading && !run.outbound()) runs.reading = run;
}

absl::StatusOr<EndedRuns> FindEndedRuns(const storage::Snapshot& snapshot, const std::string& id) {
  EndedRuns runs;
  storage::KeyRange range{.prefix = id + "/", .after = "", .limit = 20, .backwards = true};
  while (!runs.reading) {
    BB_ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(Kind::kRun, range));
    if (entries.empty()) break;
    for (const storage::Entry& entry : entries) {
      Run run;
      if (run.ParseFromString(*entry.bytes)) Note(run, runs);
    }
    range.after = entries.back().key;
  }
  return runs;
}

std::string ReasonOf(const Plan& plan) {
  if (plan.verdict() == Plan::VERDICT_HELD) return "held";
  if (plan.verdict() == Plan::VERDICT_DELETIONS_HELD) return "deletions_held";
  return plan.first_sync() ? "first_sync" : "waits";
}

absl::Status AddPlan(const storage::Snapshot& snapshot,
                     const Connection& connection,
                     const EndedRuns& runs,
                     std::vector<Line>& lines) {
  BB_ASSIGN_OR_RETURN(const auto stream,
                      sync::Load<sync::v1::StreamState>(snapshot, Kind::kStreamState,
                                                        sync::StreamOf(connection).prefix()));
  if (!stream) return absl::OkStatus();
  const auto waits = [&](const std::optional<Run>& run) {
    return run && run->state() == Run::STATE_WAITING && run->plan_id() == stream->newest_plan_id();
  };
  if (!waits(runs.any) && !waits(runs.reading)) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const auto plan,
                      sync::Load<Plan>(snapshot, Kind::kPlan, stream->newest_plan_id()));
  if (!plan || plan->has_used_time()) return absl::OkStatus();
  Line line = LineOf(Line::KIND_PLAN, connection.id());
  line.set_count(1);
  line.set_reason(ReasonOf(*plan));
  line.set_create_count(plan->create_count());
  line.set_update_count(plan->update_count());
  line.set_delete_count(plan->delete_count());
  line.set_source_count(plan->source_create_count() + plan->source_update_count());
  lines.push_back(std::move(line));
  return absl::OkStatus();
}

// A plugin's code as long as it looks like one: it is the one text in a mail that
// somebody else wrote.
std::string SafeCode(const std::string& code) {
  const bool plain = std::all_of(code.begin(), code.end(), [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) || c == '.' || c == '_';
  });
  return plain && code.size() <= kLongestCode ? code : "";
}

void AddTrouble(const Connection& connection, const EndedRuns& runs, std::vector<Line>& lines) {
  const auto failed = [](const std::optional<Run>& run) {
    return run && run->state() == Run::STATE_FAILED;
  };
  // What the registry writes in between does not say that the source can be read.
  const bool cannot_read = failed(runs.reading);
  if (connection.disabled() || (!cannot_read && !failed(runs.any))) return;
  const Run& run = cannot_read ? *runs.reading : *runs.any;
  Diagnostic why;
  if (!run.diagnostics().empty()) why = *run.diagnostics().rbegin();
  Line line = LineOf(Line::KIND_TROUBLE, connection.id());
  line.set_count(1);
  line.set_reason("failed");
  if (why.class_() != Diagnostic::CLASS_UNSPECIFIED && Diagnostic::Class_IsValid(why.class_())) {
    const std::string name = Diagnostic::Class_Name(why.class_());
    line.set_reason(absl::AsciiStrToLower(name.substr(sizeof("CLASS_") - 1)));
  }
  line.set_code(SafeCode(why.code()));
  lines.push_back(std::move(line));
}

absl::Status AddConnection(const storage::Snapshot& snapshot,
                           const Connection& connection,
                           std::vector<Line>& lines) {
  BB_ASSIGN_OR_RETURN(const auto runs, FindEndedRuns(snapshot, connection.id()));
  AddTrouble(connection, runs, lines);
  BB_RETURN_IF_ERROR(AddPlan(snapshot, connection, runs, lines));
  const std::string prefix = connection.id() + "/";
  Line conflicts = LineOf(Line::KIND_CONFLICTS, connection.id());
  BB_RETURN_IF_ERROR(
      CountInto(snapshot, Kind::kConflict, prefix, &sync::v1::Conflict::open_time, conflicts));
  Line letters = LineOf(Line::KIND_DEAD_LETTERS, connection.id());
  BB_RETURN_IF_ERROR(
      CountInto(snapshot, Kind::kDeadLetter, prefix, &sync::v1::DeadLetter::first_time, letters));
  Line rejected = LineOf(Line::KIND_REJECTED, connection.id());
  BB_RETURN_IF_ERROR(CountInto(snapshot, Kind::kRejected, prefix,
                               &sync::v1::RejectedRecord::first_time, rejected));
  for (const Line& line : {conflicts, letters, rejected}) {
    if (line.count() > 0) lines.push_back(line);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Waiting> CollectWaiting(const storage::Snapshot& snapshot) {
  Waiting waiting;
  BB_ASSIGN_OR_RETURN(const auto connections, sync::AllConnections(snapshot));
  for (const Connection& connection : connections) {
    waiting.responsible[connection.id()] = connection.responsible_email();
    BB_RETURN_IF_ERROR(AddConnection(snapshot, connection, waiting.lines));
  }
  Line questions = LineOf(Line::KIND_QUESTIONS, "");
  BB_RETURN_IF_ERROR(CountInto(snapshot, Kind::kMatchQuestion, "open/",
                               &identity::v1::MatchQuestion::ask_time, questions));
  if (questions.count() > 0) waiting.lines.push_back(std::move(questions));
  return waiting;
}

}  // namespace brobygger::mail
