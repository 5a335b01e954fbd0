#include "core/supervisor/plugin_session.h"

#include <utility>

#include "core/base/status_macros.h"

namespace brobygger::supervisor {
namespace {

using plugin::v1::OperationResult;
using plugin::v1::PluginService;
using plugin::v1::ReadResponse;

class PluginSession final : public Session {
 public:
  PluginSession(std::shared_ptr<RunningPlugin> plugin,
                KeptBudget& budget,
                const SupervisorOptions& options,
                std::function<void()> on_close)
      : plugin_(std::move(plugin)),
        budget_(budget),
        options_(options),
        on_close_(std::move(on_close)) {}
  ~PluginSession() override { on_close_(); }
  PluginSession(const PluginSession&) = delete;
  PluginSession& operator=(const PluginSession&) = delete;

  const std::string& scope_hash() const override { return plugin_->scope_hash; }
  std::uint64_t epoch() const override { return plugin_->client->epoch(); }
  const std::string& plugin_version() const override { return plugin_->version; }

  absl::StatusOr<plugin::v1::CheckResponse> Check() override {
    BB_RETURN_IF_ERROR(MayCall("Check"));
    plugin::v1::CheckRequest request;
    request.set_epoch(epoch());
    plugin::v1::CheckResponse response;
    const CallEnd end = plugin_->client->Call(&PluginService::Stub::Check, request, &response,
                                              options_.deadlines.check);
    BB_RETURN_IF_ERROR(Conclude(*plugin_, end, options_.deadlines, "Check"));
    for (const auto& diagnostic : response.diagnostics()) {
      if (diagnostic.class_() == plugin::v1::Diagnostic::CLASS_BUG) plugin_->worn = true;
    }
    plugin_->diagnoser->Clean(response.mutable_diagnostics());
    return response;
  }

  absl::StatusOr<plugin::v1::DiscoverResponse> Discover() override {
    BB_RETURN_IF_ERROR(MayCall("Discover"));
    plugin::v1::DiscoverRequest request;
    request.set_epoch(epoch());
    plugin::v1::DiscoverResponse response;
    const CallEnd end = plugin_->client->Call(&PluginService::Stub::Discover, request, &response,
                                              options_.deadlines.discover);
    BB_RETURN_IF_ERROR(Conclude(*plugin_, end, options_.deadlines, "Discover"));
    plugin_->diagnoser->Clean(response.mutable_diagnostics());
    return response;
  }

  // It asks nothing of the source, so it takes nothing from its budget.
  absl::StatusOr<plugin::v1::UpgradeStateResponse> UpgradeState(
      plugin::v1::UpgradeStateRequest request) override {
    request.set_epoch(epoch());
    plugin::v1::UpgradeStateResponse response;
    const CallEnd end = plugin_->client->Call(&PluginService::Stub::UpgradeState, request,
                                              &response, options_.deadlines.upgrade);
    BB_RETURN_IF_ERROR(Conclude(*plugin_, end, options_.deadlines, "UpgradeState"));
    plugin_->diagnoser->Clean(response.mutable_diagnostics());
    return response;
  }

  absl::Status Read(const plugin::v1::ReadRequest& request,
                    absl::FunctionRef<absl::Status(const ReadResponse&)> on_event,
                    const CancelToken& cancel) override {
    BB_RETURN_IF_ERROR(MayCall("Read"));
    const auto clean = [&](const ReadResponse& event) {
      if (!event.has_record_error() && !event.has_diagnostic()) return on_event(event);
      ReadResponse cleaned = event;
      if (cleaned.has_record_error()) {
        plugin_->diagnoser->Clean(*cleaned.mutable_record_error()->mutable_diagnostic());
      } else {
        plugin_->diagnoser->Clean(*cleaned.mutable_diagnostic());
      }
      return on_event(cleaned);
    };
    const CallEnd end = plugin_->client->Read(
        request, clean, cancel,
        {.progress = options_.progress_deadline, .waiting = options_.deadlines.waiting});
    return Conclude(*plugin_, end, options_.deadlines, "Read");
  }

  absl::StatusOr<plugin::v1::LookupResponse> Lookup(plugin::v1::LookupRequest request) override {
    BB_RETURN_IF_ERROR(MayCall("Lookup"));
    request.set_epoch(epoch());
    plugin::v1::LookupResponse response;
    const CallEnd end = plugin_->client->Call(&PluginService::Stub::Lookup, request, &response,
                                              options_.deadlines.lookup);
    BB_RETURN_IF_ERROR(Conclude(*plugin_, end, options_.deadlines, "Lookup"));
    plugin_->diagnoser->Clean(response.mutable_diagnostics());
    return response;
  }

  absl::StatusOr<std::vector<OperationResult>> Write(plugin::v1::WriteRequest request) override {
    // Nothing of it was sent, so nothing of it is doubtful.
    const auto wait = budget_.Take("Write", options_.clock->Now());
    if (wait.count() > 0) return AllLater(request, wait);
    request.set_epoch(epoch());
    plugin::v1::WriteResponse response;
    const auto deadline =
        options_.deadlines.write + request.operations_size() * options_.deadlines.write_each;
    const CallEnd end =
        plugin_->client->Call(&PluginService::Stub::Write, request, &response, deadline);
    BB_RETURN_IF_ERROR(Conclude(*plugin_, end, options_.deadlines, "Write"));
    std::vector<OperationResult> results(static_cast<std::size_t>(request.operations_size()));
    for (int i = 0; i < request.operations_size(); ++i) {
      OperationResult& result = results[static_cast<std::size_t>(i)];
      const std::string& op_id = request.operations(i).op_id();
      result.set_op_id(op_id);
      result.set_outcome(OperationResult::OUTCOME_DOUBTFUL);
      for (OperationResult& told : *response.mutable_results()) {
        if (told.op_id() == op_id) result = std::move(told);
      }
      if (result.outcome() == OperationResult::OUTCOME_UNSPECIFIED) {
        result.set_outcome(OperationResult::OUTCOME_DOUBTFUL);
      }
      plugin_->diagnoser->Clean(result.mutable_diagnostics());
    }
    return results;
  }

 private:
  static plugin::v1::Diagnostic TooOften(std::chrono::microseconds wait) {
    plugin::v1::Diagnostic diagnostic;
    diagnostic.set_class_(plugin::v1::Diagnostic::CLASS_RATE_LIMITED);
    diagnostic.set_code("hub.calls");
    (*diagnostic.mutable_text())["en"] = "it has been asked as often as it may be for now";
    diagnostic.mutable_retry_after()->set_seconds(
        std::chrono::ceil<std::chrono::seconds>(wait).count());
    return diagnostic;
  }

  absl::Status MayCall(const std::string& verb) {
    const auto wait = budget_.Take(verb, options_.clock->Now());
    if (wait.count() == 0) return absl::OkStatus();
    return plugin_->diagnoser->ToStatus(TooOften(wait));
  }

  static std::vector<OperationResult> AllLater(const plugin::v1::WriteRequest& request,
                                               std::chrono::microseconds wait) {
    std::vector<OperationResult> results;
    for (const auto& operation : request.operations()) {
      OperationResult& result = results.emplace_back();
      result.set_op_id(operation.op_id());
      result.set_outcome(OperationResult::OUTCOME_RETRY);
      *result.add_diagnostics() = TooOften(wait);
    }
    return results;
  }

  const std::shared_ptr<RunningPlugin> plugin_;
  KeptBudget& budget_;
  const SupervisorOptions& options_;
  const std::function<void()> on_close_;
};

}  // namespace

std::unique_ptr<Session> MakePluginSession(std::shared_ptr<RunningPlugin> plugin,
                                           KeptBudget& budget,
                                           const SupervisorOptions& options,
                                           std::function<void()> on_close) {
  return std::make_unique<PluginSession>(std::move(plugin), budget, options, std::move(on_close));
}

}  // namespace brobygger::supervisor
