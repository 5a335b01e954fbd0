#include "core/sync/plugin_upgrade.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "brobygger/sync/v1/claim.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/sync/claims.h"
#include "core/sync/connections.h"
#include "core/sync/renamed_records.h"

namespace brobygger::sync {
namespace {

using plugin::v1::UpgradeStateRequest;
using plugin::v1::UpgradeStateResponse;
using storage::Kind;
using v1::StreamState;

// A question stays far below what a plugin has to take in one message.
constexpr std::size_t kIdBytesAtOnce = 128 << 10;

// What the plugin made of the old state.
struct Upgraded {
  bool possible = true;
  std::string cursor = {};
  std::uint32_t cursor_version = 0;
  RenamedIds renamed = {};
};

class Upgrade {
 public:
  Upgrade(storage::Store& store,
          const v1::Connection& connection,
          const StreamKey& stream,
          supervisor::Session& session)
      : store_(store), connection_(connection), stream_(stream), session_(session) {}

  absl::Status Run() {
    BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
    BB_ASSIGN_OR_RETURN(auto state,
                        Load<StreamState>(*latest, Kind::kStreamState, stream_.prefix()));
    const std::string& now = session_.plugin_version();
    if (!state || now.empty() || state->plugin_version() == now) return absl::OkStatus();
    state_ = *std::move(state);
    // An older hub did not keep which version it was, and read on whatever it was.
    if (state_.plugin_version().empty()) {
      return Keep({.cursor = state_.cursor(), .cursor_version = state_.cursor_version()});
    }
    BB_ASSIGN_OR_RETURN(const auto ids, KnownIds(*latest));
    BB_ASSIGN_OR_RETURN(Upgraded upgraded, AskForAll(ids));
    // What was made of these records has ids of its own that follow from theirs.
    const bool beside = StreamOf(connection_).prefix() != stream_.prefix();
    if (beside && !upgraded.renamed.empty()) upgraded.possible = false;
    BB_RETURN_IF_ERROR(Keep(upgraded));
    base::LogInfo("plugin_upgraded", {{"connection", base::ConnectionId(connection_.id())},
                                      {"records", ids.size()},
                                      {"renamed", upgraded.renamed.size()},
                                      {"from_the_beginning", upgraded.possible ? 0 : 1}});
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<std::vector<std::string>> KnownIds(const storage::Snapshot& snapshot) const {
    std::set<std::string> ids;
    const auto add = [&](const std::string& key, const std::string& /*bytes*/) {
      ids.insert(ExternalIdOf(stream_, key));
      return absl::OkStatus();
    };
    BB_RETURN_IF_ERROR(ForEach(snapshot, Kind::kClaim, stream_.prefix(), add));
    BB_RETURN_IF_ERROR(ForEach(snapshot, Kind::kLink, stream_.prefix(), add));
    return std::vector<std::string>(ids.begin(), ids.end());
  }

  // In several questions where there are many records; each has the cursor, since a plugin
  // remembers nothing between them.
  absl::StatusOr<Upgraded> AskForAll(const std::vector<std::string>& ids) {
    Upgraded upgraded;
    std::set<std::string> taken;
    std::size_t next = 0;
    do {
      UpgradeStateRequest request;
      request.set_from_version(state_.plugin_version());
      request.set_stream(stream_.stream);
      request.set_cursor(state_.cursor());
      request.set_cursor_version(state_.cursor_version());
      for (std::size_t bytes = 0; next < ids.size() && bytes < kIdBytesAtOnce; ++next) {
        bytes += ids[next].size();
        request.add_external_ids(ids[next]);
      }
      const auto answer = session_.UpgradeState(request);
      if (!answer.ok() && MeansNo(answer.status())) return Upgraded{.possible = false};
      BB_RETURN_IF_ERROR(answer.status());
      if (AnyError(*answer)) return Upgraded{.possible = false};
      upgraded.cursor = answer->cursor();
      upgraded.cursor_version = answer->cursor_version();
      BB_RETURN_IF_ERROR(TakeIds(request, *answer, taken, upgraded.renamed));
    } while (next < ids.size());
    return upgraded;
  }

  // The plugin's own answer that it cannot; whatever else is in the way is tried again.
  static bool MeansNo(const absl::Status& status) {
    const auto reason = base::ReasonOf(status);
    return reason == errors::v1::ERROR_REASON_PLUGIN_UNSUPPORTED ||
           reason == errors::v1::ERROR_REASON_SOURCE_REFUSED;
  }

  static bool AnyError(const UpgradeStateResponse& answer) {
    return std::any_of(answer.diagnostics().begin(), answer.diagnostics().end(),
                       [](const auto& diagnostic) {
                         return diagnostic.severity() <= plugin::v1::Diagnostic::SEVERITY_ERROR;
                       });
  }

  absl::Status TakeIds(const UpgradeStateRequest& request,
                       const UpgradeStateResponse& answer,
                       std::set<std::string>& taken,
                       RenamedIds& renamed) const {
    for (const std::string& old_id : request.external_ids()) {
      const auto found = answer.external_ids().find(old_id);
      if (found == answer.external_ids().end()) return Refuse(old_id, "has no new key");
      const std::string& new_id = found->second;
      if (new_id.empty() || new_id.size() > kMaxExternalIdBytes) {
        return Refuse(old_id, "gets a key that is empty or of over 200 bytes");
      }
      if (!taken.insert(new_id).second) return Refuse(old_id, "gets the key of another record");
      if (new_id != old_id) renamed[old_id] = new_id;
    }
    return absl::OkStatus();
  }

  absl::Status Refuse(const std::string& external_id, const std::string& why) const {
    return base::MakeError(
        errors::v1::ERROR_REASON_PLUGIN_UNSUPPORTED,
        "Version " + session_.plugin_version() + " of the plugin '" + connection_.plugin() +
            "' cannot take over what version " + state_.plugin_version() + " read: the record '" +
            external_id + "' " + why +
            ". Nothing was read. Install the version before, and tell the plugin's author.",
        {{"connection_id", connection_.id()},
         {"plugin", connection_.plugin()},
         {"external_id", external_id}});
  }

  absl::Status Keep(const Upgraded& upgraded) const {
    const auto keep = [&](storage::Transaction& transaction) -> absl::Status {
      BB_ASSIGN_OR_RETURN(auto state,
                          Load<StreamState>(transaction, Kind::kStreamState, stream_.prefix()));
      StreamState next = state ? *std::move(state) : StreamState();
      next.set_plugin_version(session_.plugin_version());
      next.set_cursor(upgraded.cursor);
      next.set_cursor_version(upgraded.cursor_version);
      if (!upgraded.possible) {
        next.set_complete(false);
        next.clear_list_time();
      } else if (!upgraded.renamed.empty()) {
        BB_RETURN_IF_ERROR(RenameRecords(transaction, stream_, upgraded.renamed));
        BB_RETURN_IF_ERROR(EndPlan(transaction, next.newest_plan_id()));
        BB_RETURN_IF_ERROR(RenameCanary(transaction, upgraded.renamed));
        BB_RETURN_IF_ERROR(ReadAnewBeside(transaction));
      }
      return transaction.Put(Kind::kStreamState, stream_.prefix(), next.SerializeAsString());
    };
    return store_.Write("sync", keep).status();
  }

  // A plan names records as they were called when it was made. It stays, so that a person's no to
  // it holds for what comes next.
  static absl::Status EndPlan(storage::Transaction& transaction, const std::string& plan_id) {
    BB_ASSIGN_OR_RETURN(auto plan, Load<v1::Plan>(transaction, Kind::kPlan, plan_id));
    if (!plan) return absl::OkStatus();
    *plan->mutable_expire_time() = base::ToTimestamp(base::Instant());
    return transaction.Put(Kind::kPlan, plan_id, plan->SerializeAsString());
  }

  absl::Status RenameCanary(storage::Transaction& transaction, const RenamedIds& renamed) const {
    BB_ASSIGN_OR_RETURN(v1::Connection connection, FindConnection(transaction, connection_.id()));
    const auto now = renamed.find(connection.canary_external_id());
    if (now == renamed.end()) return absl::OkStatus();
    connection.set_canary_external_id(now->second);
    return transaction.Put(Kind::kConnection, connection.id(), connection.SerializeAsString());
  }

  // What is told beside the associations names them by their ids, and would not be told again.
  absl::Status ReadAnewBeside(storage::Transaction& transaction) const {
    std::vector<std::pair<std::string, StreamState>> beside;
    const auto visit = [&](const std::string& key, const std::string& bytes) {
      StreamState state;
      const bool ours = key == stream_.prefix();
      if (ours || !state.ParseFromString(bytes) || state.cursor().empty()) return absl::OkStatus();
      state.clear_cursor();
      state.set_complete(false);
      beside.emplace_back(key, std::move(state));
      return absl::OkStatus();
    };
    BB_RETURN_IF_ERROR(ForEach(transaction, Kind::kStreamState, connection_.id() + "/", visit));
    for (const auto& [key, state] : beside) {
      BB_RETURN_IF_ERROR(transaction.Put(Kind::kStreamState, key, state.SerializeAsString()));
    }
    return absl::OkStatus();
  }

  storage::Store& store_;
  const v1::Connection& connection_;
  const StreamKey& stream_;
  supervisor::Session& session_;
  StreamState state_;
};

}  // namespace

absl::Status FollowPluginVersion(storage::Store& store,
                                 const v1::Connection& connection,
                                 const StreamKey& stream,
                                 supervisor::Session& session) {
  return Upgrade(store, connection, stream, session).Run();
}

absl::Status FollowPluginVersion(storage::Store& store,
                                 supervisor::Supervisor& supervisor,
                                 const v1::Connection& connection,
                                 const supervisor::ProcessSpec& spec) {
  const StreamKey stream = StreamOf(connection);
  BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
  BB_ASSIGN_OR_RETURN(const auto state,
                      Load<StreamState>(*latest, Kind::kStreamState, stream.prefix()));
  if (!state || state->plugin_version().empty()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const auto session, supervisor.Open(spec));
  return FollowPluginVersion(store, connection, stream, *session);
}

}  // namespace brobygger::sync
