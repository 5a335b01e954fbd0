#include "core/daemon/audit_trail.h"

#include <set>
#include <utility>

#include <google/protobuf/util/json_util.h>

#include "core/audit/entry_rules.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"

namespace brobygger::daemon {

namespace {

// The disk has this long to forget somebody.
constexpr std::chrono::seconds kForgetWait(5);

// How often it is looked what was counted: often enough that little is lost with a hub that falls.
const absl::Duration kBetweenCounts = absl::Seconds(10);

absl::Status ToAbsl(const google::protobuf::util::Status& status) {
  return status.ok() ? absl::OkStatus() : absl::InternalError("a log record cannot be written out");
}

}  // namespace

absl::StatusOr<std::unique_ptr<AuditTrail>> AuditTrail::Open(Settings settings) {
  audit::Options options;
  options.folder = settings.folder;
  options.outside_folder = settings.outside_folder;
  options.clock = settings.clock;
  BB_ASSIGN_OR_RETURN(auto log, audit::AuditLog::Open(std::move(options)));
  BB_ASSIGN_OR_RETURN(auto subjects, audit::SubjectKeys::Open(
                                         {.folder = settings.folder, .clock = settings.clock}));
  return std::unique_ptr<AuditTrail>(
      new AuditTrail(std::move(settings), std::move(log), std::move(subjects)));
}

AuditTrail::AuditTrail(Settings settings,
                       std::unique_ptr<audit::AuditLog> log,
                       std::unique_ptr<audit::SubjectKeys> subjects)
    : settings_(std::move(settings)),
      log_(std::move(log)),
      subjects_(std::move(subjects)),
      counted_writer_([this] { WriteCounted(); }) {}

AuditTrail::~AuditTrail() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  counted_writer_.join();
  for (const rpc::AuditedCall& call : refusals_.TakeAll()) Append(call);
}

absl::StatusOr<audit::v1::Entry> AuditTrail::ToEntry(const rpc::AuditedCall& call,
                                                     audit::Deadline deadline) {
  audit::v1::Entry entry;
  entry.set_actor(call.actor);
  entry.set_method(call.method);
  entry.set_object_id(call.object_id);
  entry.set_data_class(call.data_class);
  entry.set_purpose(call.purpose);
  entry.set_request_id(call.request_id);
  entry.set_policy_revision(settings_.policy_revision());
  entry.set_decision(call.refused.empty() ? audit::v1::DECISION_ALLOWED
                                          : audit::v1::DECISION_REFUSED);
  entry.set_reason(call.refused);
  entry.set_municipality_code(call.municipality_code);
  // Both come from tokens, and what is no id there must not keep a call from being written down.
  entry.set_department_id(rpc::CleanedId(call.department_id));
  std::set<std::string> roles;
  for (const std::string& role : call.roles) roles.insert(rpc::CleanedId(role));
  for (const std::string& role : roles) {
    if (entry.roles_size() < audit::kMostRoles) entry.add_roles(role);
  }
  entry.set_times(call.times);
  entry.set_outcome(call.outcome);
  entry.set_call_id(call.call_id);
  BB_ASSIGN_OR_RETURN(const auto digests, subjects_->Digests(call.subject_ids, deadline));
  for (const std::string& digest : digests) entry.add_subject_digests(digest);
  return entry;
}

absl::Status AuditTrail::Forget(const std::string& person_id) {
  return subjects_->Erase(person_id, std::chrono::steady_clock::now() + kForgetWait);
}

absl::StatusOr<std::string> AuditTrail::LookUpsOf(const std::string& person_id) const {
  const auto digest = subjects_->Find(person_id);
  std::string json = "[";
  if (!digest.has_value()) return json + "]";
  audit::RecordQuery query;
  bool damaged = false;
  do {
    BB_ASSIGN_OR_RETURN(const auto page, log_->EntriesAbout(*digest, query));
    damaged = damaged || page.damaged;
    for (const auto& record : page.records) {
      std::string one;
      BB_RETURN_IF_ERROR(ToAbsl(google::protobuf::util::MessageToJsonString(record, &one)));
      json += (json.size() > 1 ? "," : "") + one;
    }
    query.after = page.next_after;
  } while (query.after != 0);
  // It must not look whole when it is not.
  if (damaged) json += std::string(json.size() > 1 ? "," : "") + "{\"damaged\":true}";
  return json + "]";
}

void AuditTrail::Record(rpc::AuditedCall call,
                        std::chrono::steady_clock::time_point deadline,
                        Done done) {
  auto entry = ToEntry(call, deadline);
  if (!entry.ok()) return done(entry.status());
  log_->Submit(*std::move(entry), deadline, std::move(done));
}

void AuditTrail::RecordRefused(rpc::AuditedCall call) {
  if (const auto now = refusals_.Add(std::move(call), settings_.clock->Now())) Append(*now);
}

void AuditTrail::Append(const rpc::AuditedCall& call) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
  auto entry = ToEntry(call, deadline);
  const absl::Status kept = entry.ok() ? log_->AppendSoon(*std::move(entry)) : entry.status();
  if (!kept.ok()) base::LogWarning("refusal_not_audited", {{"code", kept.raw_code()}});
}

void AuditTrail::WriteCounted() {
  absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kBetweenCounts)) {
    for (const rpc::AuditedCall& call : refusals_.Take(settings_.clock->Now())) Append(call);
  }
}

}  // namespace brobygger::daemon
