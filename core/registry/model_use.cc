#include "core/registry/model_use.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/registry/members.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

using identity::v1::ModelChange;
using identity::v1::ModelInfo;
using identity::v1::PreviewModelResponse;
using identity::v1::StoredModel;
using matching::Model;
using storage::Kind;
using v1::Association;

constexpr char kCurrent[] = "current";
constexpr int kMostChanges = 500;

absl::StatusOr<std::optional<StoredModel>> FindStored(const storage::Snapshot& snapshot) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kModel, kCurrent));
  if (bytes == nullptr) return std::optional<StoredModel>();
  StoredModel stored;
  BB_RETURN_IF_ERROR(ParseRecord(bytes, stored));
  return std::optional<StoredModel>(std::move(stored));
}

// What the comparison of two models needs of an association.
struct Compared {
  std::string official_name;
  std::vector<matching::Record> records;
};

// By id: a pair is looked at once.
using Pairs = std::set<std::pair<std::string, std::string>>;

class Preview {
 public:
  Preview(const Identity& identity, std::shared_ptr<const Model> other)
      : identity_(identity), index_(std::move(other)) {}

  absl::Status Read(const storage::Snapshot& snapshot) {
    storage::KeyRange range{.prefix = "", .after = "", .limit = 1000};
    while (true) {
      BB_ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(Kind::kAssociation, range));
      if (entries.empty()) return absl::OkStatus();
      for (const storage::Entry& entry : entries) {
        Association association;
        BB_RETURN_IF_ERROR(ParseRecord(entry.bytes, association));
        if (association.has_delete_time()) continue;
        Compared compared{association.official_name(), RecordsOf(association)};
        index_.Put(association.id(), compared.records);
        all_.emplace(association.id(), std::move(compared));
      }
      range.after = entries.back().key;
    }
  }

  PreviewModelResponse Run(std::size_t most) {
    for (const auto& [id, compared] : all_) {
      for (const auto& record : compared.records) AddPairs(id, record);
    }
    std::vector<ModelChange> changes;
    for (const auto& [left, right] : pairs_) Compare(left, right, changes);
    std::stable_sort(changes.begin(), changes.end(), [](const auto& left, const auto& right) {
      return left.verdict_then() > right.verdict_then();
    });
    response_.set_version(index_.model().version());
    response_.set_change_count(changes.size());
    for (std::size_t i = 0; i < std::min(changes.size(), most); ++i) {
      *response_.add_changes() = std::move(changes[i]);
    }
    return std::move(response_);
  }

 private:
  void AddPairs(const std::string& id, const matching::Record& record) {
    for (const auto& match : index_.Resolve(record, id).matches) {
      pairs_.insert(std::minmax(id, match.association_id));
    }
    for (const auto& candidate : identity_.Resolve(record, id).candidates) {
      pairs_.insert(std::minmax(id, candidate.association_id));
    }
  }

  void Compare(const std::string& left,
               const std::string& right,
               std::vector<ModelChange>& changes) {
    if (identity_.DecidedBetween(left, right)) {
      response_.set_decided_count(response_.decided_count() + 1);
      return;
    }
    const Candidate now = identity_.CompareByModel(left, right);
    const matching::Match then = index_.Compare(left, right);
    if (now.verdict == then.verdict) return;
    ModelChange change;
    change.set_left_association_id(left);
    change.set_right_association_id(right);
    change.set_left_official_name(NameOf(left));
    change.set_right_official_name(NameOf(right));
    change.set_verdict_now(ToProto(now.verdict));
    change.set_verdict_then(ToProto(then.verdict));
    change.set_score_now(now.score);
    change.set_score_then(then.score);
    if (then.verdict == Verdict::kSame) {
      response_.set_newly_same_count(response_.newly_same_count() + 1);
    }
    if (then.verdict == Verdict::kAsk) {
      response_.set_newly_asked_count(response_.newly_asked_count() + 1);
    }
    changes.push_back(std::move(change));
  }

  std::string NameOf(const std::string& id) const {
    const auto found = all_.find(id);
    return found == all_.end() ? "" : found->second.official_name;
  }

  const Identity& identity_;
  matching::Index index_;
  std::map<std::string, Compared> all_;
  Pairs pairs_;
  PreviewModelResponse response_;
};

ModelInfo InfoOf(const Identity& identity, const std::optional<StoredModel>& stored) {
  const auto model = identity.model();
  const auto shipped = Model::Shipped();
  const Identity::Size size = identity.size();
  ModelInfo info;
  info.set_version(model->version());
  info.set_digest(model->digest());
  info.set_shipped(model == shipped || model->digest() == shipped->digest());
  info.set_shipped_version(shipped->version());
  if (stored && !info.shipped()) {
    *info.mutable_use_time() = stored->use_time();
    info.set_actor(stored->actor());
  }
  info.set_association_count(size.associations);
  info.set_record_count(size.records);
  info.set_memory_bytes(size.memory_bytes);
  return info;
}

}  // namespace

absl::Status LoadIdentity(const storage::Snapshot& snapshot, Identity& identity) {
  BB_ASSIGN_OR_RETURN(const auto stored, FindStored(snapshot));
  if (!stored) return identity.Load(snapshot, Model::Shipped());
  auto model = Model::Parse(stored->text());
  if (!model.ok()) {
    base::LogError("model_not_readable", {{"effect", "the model the program came with is used"}});
    return identity.Load(snapshot, Model::Shipped());
  }
  return identity.Load(snapshot, *std::move(model));
}

absl::StatusOr<ModelInfo> GetModelInfo(const storage::Snapshot& snapshot,
                                       const Identity& identity) {
  BB_ASSIGN_OR_RETURN(const auto stored, FindStored(snapshot));
  return InfoOf(identity, stored);
}

absl::StatusOr<PreviewModelResponse> PreviewModel(
    const storage::Snapshot& snapshot,
    const Identity& identity,
    const identity::v1::PreviewModelRequest& request) {
  BB_ASSIGN_OR_RETURN(auto model, Model::Parse(request.model_text()));
  Preview preview(identity, std::move(model));
  BB_RETURN_IF_ERROR(preview.Read(snapshot));
  const int most = request.max_changes() <= 0 ? kMostChanges : request.max_changes();
  return preview.Run(static_cast<std::size_t>(std::min(most, kMostChanges)));
}

absl::StatusOr<identity::v1::UseModelResponse> UseModel(
    storage::Store& store,
    Identity& identity,
    const identity::v1::UseModelRequest& request,
    const std::string& actor) {
  if (!request.shipped()) BB_RETURN_IF_ERROR(Model::Parse(request.model_text()).status());
  const auto keep = [&](storage::Transaction& transaction) {
    if (request.shipped()) return transaction.Remove(Kind::kModel, kCurrent);
    StoredModel stored;
    stored.set_text(request.model_text());
    stored.set_actor(actor);
    *stored.mutable_use_time() = base::ToTimestamp(transaction.now());
    return transaction.Put(Kind::kModel, kCurrent, ToBytes(stored));
  };
  identity::v1::UseModelResponse response;
  BB_ASSIGN_OR_RETURN(const storage::Revision revision, store.Write(actor, keep));
  response.set_revision(revision);
  // Within a write, so that none goes by unheard; it writes nothing itself.
  const auto look_anew = [&](storage::Transaction& transaction) -> absl::Status {
    BB_RETURN_IF_ERROR(LoadIdentity(transaction, identity));
    BB_ASSIGN_OR_RETURN(*response.mutable_model(), GetModelInfo(transaction, identity));
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(store.Write(actor, look_anew).status());
  return response;
}

}  // namespace brobygger::registry
