#include "core/conformance/cases/reading.h"

#include <algorithm>

#include "core/base/status_macros.h"

namespace brobygger::conformance {
namespace {

constexpr int kMostPages = 1000;

// Whether everything in `records` was held already.
bool NothingNew(const std::vector<Record>& records, const Content& held) {
  return std::all_of(records.begin(), records.end(),
                     [&](const Record& record) { return held.count(record.external_id()) > 0; });
}

}  // namespace

absl::StatusOr<std::vector<Stop>> ReadInSteps(Conversation& talk,
                                              Bench& bench,
                                              std::uint32_t batch_records) {
  std::vector<Stop> stops;
  Content held;
  const auto note = [&](const plugin::v1::ReadResponse& event) {
    Fold({event.batch().records().begin(), event.batch().records().end()}, held);
    if (event.has_checkpoint()) stops.push_back({event.checkpoint(), held});
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(
      ReadAll(talk, bench, {.batch_records = batch_records, .on_event = note}).status());
  return stops;
}

absl::StatusOr<Stop> ReadUntilKilled(Bench& bench, std::size_t at) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  Stop stop;
  Content uncommitted;
  std::size_t event_number = 0;
  const auto kill = [&](const plugin::v1::ReadResponse& event) {
    Fold({event.batch().records().begin(), event.batch().records().end()}, uncommitted);
    if (event.has_checkpoint()) stop = {event.checkpoint(), uncommitted};
    if (event_number++ < at) return absl::OkStatus();
    talk->Kill();
    return absl::CancelledError("killed");
  };
  (void)talk->Read({.stream = bench.fixture().stream, .batch_records = 1, .on_event = kill});
  talk->Kill();
  return stop;
}

absl::StatusOr<Content> ReadPages(Conversation& talk,
                                  Bench& bench,
                                  plugin::v1::ReadRequest::Mode mode,
                                  std::uint32_t max_records,
                                  const std::function<absl::Status(int)>& between) {
  Content content;
  ReadPlan plan{.mode = mode, .stream = bench.fixture().stream, .max_records = max_records};
  for (int page = 1; page <= kMostPages; ++page) {
    const ReadOutcome outcome = talk.Read(plan);
    BB_RETURN_IF_ERROR(outcome.status);
    // Who cannot go on in the middle of a table begins anew; then let all come at once.
    const bool anew = page > 1 && NothingNew(outcome.records, content);
    Fold(outcome.records, content);
    const bool ended =
        plan.max_records == 0 || outcome.end.has_value() || outcome.records.size() < max_records;
    if (!outcome.checkpoints.empty()) plan.from = outcome.last();
    if (ended) break;
    if (anew) plan.max_records = 0;
    if (between != nullptr) BB_RETURN_IF_ERROR(between(page));
  }
  plan.max_records = 0;
  if (bench.Can("delta")) plan.mode = plugin::v1::ReadRequest::MODE_DELTA;
  const ReadOutcome news = talk.Read(plan);
  BB_RETURN_IF_ERROR(news.status);
  Fold(news.records, content);
  return content;
}

}  // namespace brobygger::conformance
