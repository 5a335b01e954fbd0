#include "core/supervisor/connection_slot.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include <absl/cleanup/cleanup.h>
#include <absl/strings/str_cat.h>
#include <absl/time/time.h>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/supervisor/plugin_session.h"

namespace brobygger::supervisor {
namespace {

using std::chrono::milliseconds;

bool SameStreams(const std::vector<plugin::v1::StreamSelection>& a,
                 const std::vector<plugin::v1::StreamSelection>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.SerializeAsString() == y.SerializeAsString();
  });
}

bool SameSpec(const ProcessSpec& a, const ProcessSpec& b) {
  return a.plugin == b.plugin && a.config_json == b.config_json && a.secrets == b.secrets &&
         SameStreams(a.streams, b.streams) && a.jail.read_paths == b.jail.read_paths &&
         a.jail.write_paths == b.jail.write_paths && a.jail.tcp_ports == b.jail.tcp_ports &&
         a.jail.resolve_names == b.jail.resolve_names;
}

RestartPolicy::Settings SettingsOf(const SupervisorOptions& options) {
  RestartPolicy::Settings settings;
  settings.backoff_base = options.backoff_base;
  settings.backoff_cap = options.backoff_cap;
  settings.breaker_ends = options.breaker_ends;
  settings.breaker_window = options.breaker_window;
  settings.breaker_rest = options.breaker_rest;
  return settings;
}

// How long stopping a process may take at the very most.
milliseconds LongestStop(const Deadlines& deadlines) {
  return deadlines.stop + deadlines.terminate + std::chrono::seconds(6);
}

std::string FileFor(const SupervisorOptions& options, const base::ConnectionId& connection) {
  if (options.state_dir.empty()) return "";
  return absl::StrCat(options.state_dir, "/", connection.text(), ".calls");
}

// The plugin's own limits, and the operator's beside them: the lower one is met first.
std::vector<CallLimit> LimitsOf(const RunningPlugin& plugin, const ProcessSpec& spec) {
  constexpr double kSecondsInMinute = 60;
  std::vector<CallLimit> limits = plugin.limits;
  if (spec.calls_per_minute == 0) return limits;
  const double calls = spec.calls_per_minute;
  limits.push_back({.name = "operator",
                    .fill_per_second = calls / kSecondsInMinute,
                    .burst = calls,
                    .verbs = {}});
  return limits;
}

absl::Status Stopping(const base::ConnectionId& connection) {
  return base::MakeError(errors::v1::ERROR_REASON_STOPPING,
                         "The hub is stopping and starts no plugin any more.",
                         {{"connection_id", connection.text()}});
}

}  // namespace

ConnectionSlot::ConnectionSlot(base::ConnectionId connection,
                               const SupervisorOptions& options,
                               Warden& warden)
    : connection_(std::move(connection)),
      options_(options),
      warden_(warden),
      budget_(FileFor(options, connection_)),
      policy_(SettingsOf(options)) {}

absl::StatusOr<std::unique_ptr<Session>> ConnectionSlot::Open(const ProcessSpec& spec,
                                                              const Finder& find) {
  BB_RETURN_IF_ERROR(Claim());
  auto plugin = Ready(spec, find);
  if (!plugin.ok()) {
    Release();
    return plugin.status();
  }
  budget_.Set(LimitsOf(**plugin, spec), options_.clock->Now());
  return MakePluginSession(*std::move(plugin), budget_, options_,
                           [self = shared_from_this()] { self->Release(); });
}

absl::Status ConnectionSlot::Claim() {
  absl::MutexLock lock(&mutex_);
  const auto settled = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !draining_; };
  mutex_.AwaitWithTimeout(absl::Condition(&settled),
                          absl::FromChrono(LongestStop(options_.deadlines)));
  if (shut_) return Stopping(connection_);
  if (claimed_) {
    return base::MakeError(errors::v1::ERROR_REASON_RUN_IN_PROGRESS,
                           absl::StrCat("Somebody else is using connection '", connection_.text(),
                                        "' now; try again when that run has ended."),
                           {{"connection_id", connection_.text()}});
  }
  claimed_ = true;
  return absl::OkStatus();
}

void ConnectionSlot::Release() {
  absl::MutexLock lock(&mutex_);
  claimed_ = false;
  idle_since_ = options_.clock->Now();
}

std::shared_ptr<RunningPlugin> ConnectionSlot::Reusable(const ProcessSpec& spec) {
  std::shared_ptr<RunningPlugin> outdated;
  {
    absl::MutexLock lock(&mutex_);
    if (running_ == nullptr || (SameSpec(spec_, spec) && !running_->worn)) return running_;
    outdated = running_;
  }
  Drain(outdated, outdated->worn ? "it reported a fault" : "its configuration changed");
  return nullptr;
}

absl::StatusOr<std::shared_ptr<RunningPlugin>> ConnectionSlot::Ready(const ProcessSpec& spec,
                                                                     const Finder& find) {
  if (auto plugin = Reusable(spec); plugin != nullptr) return plugin;
  BB_RETURN_IF_ERROR(MayStart(spec));
  const absl::Cleanup started = [this] {
    absl::MutexLock lock(&mutex_);
    starting_ = false;
  };
  return Start(spec, find);
}

absl::Status ConnectionSlot::MayStart(const ProcessSpec& spec) {
  absl::MutexLock lock(&mutex_);
  if (shut_) return Stopping(connection_);
  if (process_ != nullptr) {
    return base::MakeError(
        errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE,
        absl::StrCat("The old process ", process_->pid(), " of connection '", connection_.text(),
                     "' cannot be ended; a new one is started when it has."),
        {{"connection_id", connection_.text()}});
  }
  // Somebody changed the connection: what failed before says nothing about now.
  if (!SameSpec(spec_, spec)) policy_.Committed();
  const base::Instant now = options_.clock->Now();
  const RestartPolicy::Verdict verdict = policy_.MayStart(now);
  if (verdict == RestartPolicy::Verdict::kMayStart) {
    starting_ = true;
    spec_ = spec;
    return absl::OkStatus();
  }
  const auto wait = std::chrono::ceil<std::chrono::seconds>(policy_.retry_time() - now).count();
  const bool broken = verdict == RestartPolicy::Verdict::kBroken;
  return base::MakeError(
      broken ? errors::v1::ERROR_REASON_PLUGIN_BROKEN : errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE,
      absl::StrCat("The plugin of connection '", connection_.text(), "' ",
                   broken ? "failed too often and rests" : "has just failed",
                   "; it is started again in ", wait, " s. Last time: ", last_end_),
      {{"connection_id", connection_.text()}, {"retry_after_seconds", absl::StrCat(wait)}});
}

absl::StatusOr<std::shared_ptr<RunningPlugin>> ConnectionSlot::Start(const ProcessSpec& spec,
                                                                     const Finder& find) {
  BB_ASSIGN_OR_RETURN(const CatalogueEntry entry, find(spec.plugin));
  BB_ASSIGN_OR_RETURN(const std::uint64_t epoch, options_.next_epoch(connection_));
  {
    absl::MutexLock lock(&mutex_);
    epoch_ = epoch;
  }
  const auto self = shared_from_this();
  const PluginStart start{
      .options = options_,
      .spec = spec,
      .entry = entry,
      .epoch = epoch,
      .warden = warden_,
      .on_process =
          [self](std::shared_ptr<Process> process) { return self->Adopt(std::move(process)); },
      .on_end = [self](const Process& process,
                       const std::string& how) { self->OnEnd(process, how); }};
  BB_ASSIGN_OR_RETURN(auto plugin, StartPlugin(start));
  {
    absl::MutexLock lock(&mutex_);
    // It may have ended between its last answer and now.
    if (process_ == plugin->process) running_ = plugin;
  }
  base::LogInfo("plugin_started", {{"connection", connection_},
                                   {"plugin", base::LogValue::Vetted(spec.plugin)},
                                   {"pid", plugin->process->pid()},
                                   {"epoch", epoch}});
  return plugin;
}

absl::Status ConnectionSlot::Adopt(std::shared_ptr<Process> process) {
  absl::MutexLock lock(&mutex_);
  // It may have ended already, and then there is nothing to keep.
  if (process->end().empty()) process_ = std::move(process);
  return shut_ ? Stopping(connection_) : absl::OkStatus();
}

void ConnectionSlot::OnEnd(const Process& process, const std::string& how) {
  const bool expected = process.end_expected();
  {
    absl::MutexLock lock(&mutex_);
    process_ = nullptr;
    if (running_ != nullptr) remains_.push_back(std::exchange(running_, nullptr));
    last_end_ = how;
    if (!expected) {
      policy_.Ended(options_.clock->Now(), absl::Uniform(random_, 0.0, 1.0));
    }
  }
  if (expected) {
    base::LogInfo("plugin_stopped", {{"connection", connection_}, {"pid", process.pid()}});
  } else {
    base::LogWarning("plugin_ended", {{"connection", connection_},
                                      {"pid", process.pid()},
                                      {"how", base::LogValue::Vetted(how)}});
  }
}

void ConnectionSlot::Committed() {
  absl::MutexLock lock(&mutex_);
  policy_.Committed();
}

void ConnectionSlot::Drain(const std::shared_ptr<RunningPlugin>& plugin,
                           const std::string& reason) {
  {
    absl::MutexLock lock(&mutex_);
    draining_ = true;
  }
  if (!StopPlugin(*plugin, options_.deadlines, reason)) {
    base::LogError("plugin_immortal",
                   {{"connection", connection_}, {"pid", plugin->process->pid()}});
  }
  absl::MutexLock lock(&mutex_);
  draining_ = false;
}

void ConnectionSlot::Stop(const std::string& reason) {
  std::shared_ptr<RunningPlugin> running;
  std::shared_ptr<Process> starting;
  {
    absl::MutexLock lock(&mutex_);
    const auto settled = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !draining_; };
    mutex_.AwaitWithTimeout(absl::Condition(&settled),
                            absl::FromChrono(LongestStop(options_.deadlines)));
    running = running_;
    starting = process_;
  }
  if (running != nullptr) {
    Drain(running, reason);
  } else if (starting != nullptr) {
    starting->ExpectEnd();
    starting->Kill(options_.deadlines.terminate);
  }
}

void ConnectionSlot::Shut() {
  {
    absl::MutexLock lock(&mutex_);
    shut_ = true;
  }
  Stop("the hub is stopping");
  absl::MutexLock lock(&mutex_);
  const auto settled = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !starting_; };
  mutex_.AwaitWithTimeout(absl::Condition(&settled),
                          absl::FromChrono(LongestStop(options_.deadlines)));
}

void ConnectionSlot::ClearAway() {
  std::vector<std::shared_ptr<RunningPlugin>> remains;
  absl::MutexLock lock(&mutex_);
  // Declared first, so destroyed after the lock is given back.
  remains.swap(remains_);
}

void ConnectionSlot::KeepHouse() {
  ClearAway();
  StopIfIdle();
}

void ConnectionSlot::StopIfIdle() {
  std::shared_ptr<RunningPlugin> plugin;
  {
    absl::MutexLock lock(&mutex_);
    const bool idle = running_ != nullptr && !claimed_ && !draining_ &&
                      options_.clock->Now() - idle_since_ >= options_.idle_stop;
    if (!idle) return;
    plugin = running_;
    draining_ = true;
  }
  Drain(plugin, "nobody needs it now");
}

ProcessState ConnectionSlot::StateAt(base::Instant now) const {
  if (draining_) return ProcessState::kDraining;
  if (running_ != nullptr) return claimed_ ? ProcessState::kRunning : ProcessState::kIdle;
  if (starting_) return ProcessState::kStarting;
  if (process_ != nullptr) return ProcessState::kDraining;
  RestartPolicy policy = policy_;
  switch (policy.MayStart(now)) {
    case RestartPolicy::Verdict::kBackingOff:
      return ProcessState::kBackingOff;
    case RestartPolicy::Verdict::kBroken:
      return ProcessState::kBroken;
    default:
      return ProcessState::kOff;
  }
}

ProcessStatus ConnectionSlot::Status() const {
  absl::MutexLock lock(&mutex_);
  ProcessStatus status;
  status.state = StateAt(options_.clock->Now());
  status.epoch = epoch_;
  status.pid = process_ == nullptr ? 0 : process_->pid();
  status.retry_time = policy_.retry_time();
  status.last_end = last_end_;
  return status;
}

}  // namespace brobygger::supervisor
