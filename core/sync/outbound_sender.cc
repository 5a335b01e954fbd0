#include "core/sync/outbound_sender.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/status_macros.h"
#include "core/sync/outbound.h"

namespace brobygger::sync {
namespace {

constexpr int kOutcomesUnderWay = 2;

}  // namespace

std::size_t MostTogether(std::uint32_t interrupted_count) {
  if (interrupted_count == 0) return 500;
  if (interrupted_count == 1) return 32;
  return interrupted_count == 2 ? 4 : 1;
}

OutboundSender::OutboundSender(storage::Store& store,
                               const std::string& actor,
                               const StreamKey& stream,
                               SourceWriter& writer,
                               TakeOutcomes take)
    : stream_(stream),
      writer_(writer),
      take_(std::move(take)),
      window_(store, actor, kOutcomesUnderWay),
      thread_([this] { Run(); }) {}

OutboundSender::~OutboundSender() {
  {
    absl::MutexLock lock(&mutex_);
    ended_ = true;
  }
  thread_.join();
}

void OutboundSender::Queue(std::vector<v1::Operation> intents) {
  if (intents.empty()) return;
  absl::MutexLock lock(&mutex_);
  waiting_.push_back(std::move(intents));
}

absl::Status OutboundSender::AwaitRoom() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(this, &OutboundSender::HasRoom));
  return first_error_;
}

absl::Status OutboundSender::Drain() {
  {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &OutboundSender::Idle));
  }
  const absl::Status written = window_.Drain();
  absl::MutexLock lock(&mutex_);
  return first_error_.ok() ? written : first_error_;
}

void OutboundSender::Run() {
  while (true) {
    std::vector<v1::Operation> intents;
    bool failed = false;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &OutboundSender::HasWork));
      if (waiting_.empty()) return;
      intents = std::move(waiting_.front());
      waiting_.pop_front();
      sending_ = true;
      failed = !first_error_.ok();
    }
    const absl::Status sent = failed ? PlanAnew(intents) : Send(intents);
    absl::MutexLock lock(&mutex_);
    if (first_error_.ok()) first_error_ = sent;
    sending_ = false;
  }
}

// Together what was never interrupted, and behind it the others, the most often interrupted last.
absl::Status OutboundSender::Send(const std::vector<v1::Operation>& intents) {
  std::map<std::uint32_t, std::vector<v1::Operation>> groups;
  absl::Status status = absl::OkStatus();
  const auto send = [&](std::vector<v1::Operation> group) {
    const absl::Status sent = status.ok() ? SendGroup(std::move(group)) : PlanAnew(group);
    if (status.ok()) status = sent;
  };
  for (const v1::Operation& intent : intents) {
    groups[intent.interrupted_count()].push_back(intent);
  }
  for (const auto& [count, all] : groups) {
    const auto most = static_cast<std::ptrdiff_t>(MostTogether(count));
    for (auto begin = all.begin(); begin != all.end();) {
      const auto end = begin + std::min(most, all.end() - begin);
      send({begin, end});
      begin = end;
    }
  }
  return status;
}

absl::Status OutboundSender::SendGroup(std::vector<v1::Operation> group) {
  std::vector<plugin::v1::Operation> sent;
  sent.reserve(group.size());
  for (const v1::Operation& intent : group) sent.push_back(intent.sent());
  auto results = writer_.Write(sent);
  if (!results.ok()) {
    BB_RETURN_IF_ERROR(PlanAnew(group));
    return results.status();
  }
  return window_.Submit([this, group = std::move(group),
                         results = *std::move(results)](storage::Transaction& transaction) {
    return take_(transaction, group, results);
  });
}

// The plugin could not be started: nothing was sent, and all of it waits on.
absl::Status OutboundSender::PlanAnew(const std::vector<v1::Operation>& intents) {
  return window_.Submit([this, intents](storage::Transaction& transaction) {
    for (const v1::Operation& intent : intents) {
      BB_RETURN_IF_ERROR(transaction.Remove(storage::Kind::kOperation,
                                            OperationKey(stream_, intent.sent().foreign_id())));
      v1::DirtyMark mark;
      mark.set_interrupted_count(intent.interrupted_count());
      BB_RETURN_IF_ERROR(MarkDirty(transaction, stream_, intent.association_id(), mark));
    }
    return absl::OkStatus();
  });
}

}  // namespace brobygger::sync
