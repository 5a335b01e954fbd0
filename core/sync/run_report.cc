#include "core/sync/run_report.h"

#include <chrono>
#include <string>

namespace brobygger::sync {
namespace {

using v1::Run;

void AddNote(std::uint64_t count, const char* code, const std::string& text, Run& run) {
  if (count == 0) return;
  auto& diagnostic = *run.add_diagnostics();
  diagnostic.set_severity(plugin::v1::Diagnostic::SEVERITY_INFO);
  diagnostic.set_code(code);
  (*diagnostic.mutable_text())["en"] = std::to_string(count) + text;
}

void AddOutboundNotes(const OutboundCounts& outbound, Run& run) {
  AddNote(outbound.refused, "sync.dead_letters",
          " records were refused by the source: brobygger sync dead-letters", run);
  AddNote(outbound.stale, "sync.stale_writes",
          " records had been changed at the source meanwhile; the next run has them", run);
  AddNote(outbound.put_off, "sync.put_off", " records are tried again later", run);
  AddNote(outbound.doubtful, "sync.doubtful",
          " writes were not answered; the next run looks what became of them", run);
}

}  // namespace

google::protobuf::Duration Between(base::Instant start, base::Instant end) {
  google::protobuf::Duration duration;
  const auto spent = end - start;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(spent);
  duration.set_seconds(seconds.count());
  duration.set_nanos(static_cast<std::int32_t>(std::chrono::nanoseconds(spent - seconds).count()));
  return duration;
}

base::Instant AddTo(const google::protobuf::Duration& duration, base::Instant instant) {
  return instant + std::chrono::seconds(duration.seconds()) +
         std::chrono::microseconds(duration.nanos() / 1000);
}

void AddReasons(const v1::Plan& plan, Run& run) {
  for (const auto& reason : plan.reasons()) {
    auto& diagnostic = *run.add_diagnostics();
    diagnostic.set_severity(plugin::v1::Diagnostic::SEVERITY_WARNING);
    diagnostic.set_code("sync.held");
    (*diagnostic.mutable_text())["en"] = reason;
  }
}

void AddApplied(const ApplyResult& applied, Run& run) {
  run.set_created_count(applied.created);
  run.set_updated_count(applied.updated);
  run.set_deleted_count(applied.deleted);
  run.set_unlinked_count(applied.unlinked + applied.deleted);
  run.set_conflict_count(applied.conflicts);
  run.set_question_count(applied.questions);
  run.set_match_count(applied.matched);
  run.set_rejected_count(run.rejected_count() + applied.rejected);
  const OutboundCounts& outbound = applied.outbound;
  run.set_source_created_count(run.source_created_count() + outbound.created);
  run.set_source_updated_count(run.source_updated_count() + outbound.updated);
  run.set_overruled_count(applied.overruled + outbound.overruled);
  run.set_dead_letter_count(outbound.refused);
  run.set_doubtful_count(run.doubtful_count() + outbound.doubtful);
  AddOutboundNotes(outbound, run);
  if (applied.stale == 0) return;
  auto& diagnostic = *run.add_diagnostics();
  diagnostic.set_severity(plugin::v1::Diagnostic::SEVERITY_INFO);
  diagnostic.set_code("sync.stale_actions");
  (*diagnostic.mutable_text())["en"] =
      std::to_string(applied.stale) +
      " records moved after the plan was made; the next plan has them";
}

}  // namespace brobygger::sync
