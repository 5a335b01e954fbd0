#include "core/sync/renamed_records.h"

#include <utility>
#include <vector>

#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "brobygger/sync/v1/claim.pb.h"
#include "brobygger/sync/v1/operation.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/registry/ingest.h"
#include "core/registry/links.h"
#include "core/sync/claims.h"
#include "core/sync/rejects.h"

namespace brobygger::sync {
namespace {

using registry::v1::Association;
using storage::Kind;

// A record of the store with its new key.
template <typename Message>
struct Moved {
  std::string key;
  Message message;
};

class Renaming {
 public:
  Renaming(storage::Transaction& transaction, const StreamKey& stream, const RenamedIds& renamed)
      : transaction_(transaction), stream_(stream), renamed_(renamed) {}

  absl::Status Run() {
    BB_RETURN_IF_ERROR(MoveClaims());
    BB_RETURN_IF_ERROR(MoveLinks());
    BB_RETURN_IF_ERROR(MovePending());
    BB_RETURN_IF_ERROR(MoveConflicts());
    BB_RETURN_IF_ERROR(RenameAside(transaction_, stream_, renamed_));
    BB_RETURN_IF_ERROR(NameAnew<v1::Operation>(
        Kind::kOperation, [](auto& operation) { return operation.mutable_sent(); }));
    return NameAnew<v1::DeadLetter>(Kind::kDeadLetter, [](auto& letter) { return &letter; });
  }

 private:
  // All are taken away before the first is put: one's new id may be another's old one.
  template <typename Message>
  absl::StatusOr<std::vector<Moved<Message>>> TakeAll(Kind kind) {
    std::vector<Moved<Message>> moved;
    for (const auto& [old_id, new_id] : renamed_) {
      BB_ASSIGN_OR_RETURN(auto found, Load<Message>(transaction_, kind, stream_.For(old_id)));
      if (!found) continue;
      moved.push_back({stream_.For(new_id), *std::move(found)});
      BB_RETURN_IF_ERROR(transaction_.Remove(kind, stream_.For(old_id)));
    }
    return moved;
  }

  absl::Status MoveClaims() {
    BB_ASSIGN_OR_RETURN(auto claims, TakeAll<v1::Claim>(Kind::kClaim));
    for (auto& [key, claim] : claims) {
      const std::string id = ExternalIdOf(stream_, key);
      claim.mutable_told()->set_external_id(id);
      if (claim.has_agreed()) claim.mutable_agreed()->set_external_id(id);
      BB_RETURN_IF_ERROR(transaction_.Put(Kind::kClaim, key, claim.SerializeAsString()));
    }
    return absl::OkStatus();
  }

  absl::Status MoveLinks() {
    BB_ASSIGN_OR_RETURN(auto links, TakeAll<v1::Link>(Kind::kLink));
    std::map<std::string, std::vector<Moved<v1::Link>*>> by_association;
    for (auto& moved : links) {
      BB_RETURN_IF_ERROR(registry::PutLink(transaction_, moved.key, moved.message));
      by_association[moved.message.association_id()].push_back(&moved);
    }
    for (const auto& [association_id, records] : by_association) {
      BB_RETURN_IF_ERROR(NameInStatements(association_id, records));
    }
    return absl::OkStatus();
  }

  // Else the association would know the same twice, and by an old id for ever.
  absl::Status NameInStatements(const std::string& association_id,
                                const std::vector<Moved<v1::Link>*>& records) {
    BB_ASSIGN_OR_RETURN(const auto before, registry::FindAssociation(transaction_, association_id));
    if (!before) return absl::OkStatus();
    Association next = *before;
    bool any = false;
    for (auto& statement : *next.mutable_provenance()) {
      if (statement.connection_id() != stream_.connection_id) continue;
      const auto renamed = renamed_.find(statement.external_id());
      if (renamed == renamed_.end()) continue;
      statement.set_external_id(renamed->second);
      any = true;
    }
    if (!any) return absl::OkStatus();
    const auto after = registry::IngestAssociation(transaction_, std::move(next));
    // A field that breaks a rule of today's holds up no other record: this one keeps its words.
    if (!after.ok() && absl::IsInvalidArgument(after.status())) return absl::OkStatus();
    BB_RETURN_IF_ERROR(after.status());
    // Nothing but a name has changed, so both sides agree on as much as before.
    const storage::Revision was = registry::RevisionOfEtag(before->etag());
    for (Moved<v1::Link>* const record : records) {
      if (was > record->message.agreed_revision()) continue;
      record->message.set_agreed_revision(registry::RevisionOfEtag(after->etag()));
      BB_RETURN_IF_ERROR(registry::PutLink(transaction_, record->key, record->message));
    }
    return absl::OkStatus();
  }

  absl::Status MovePending() {
    std::vector<std::pair<std::string, std::string>> moved;
    for (const auto& [old_id, new_id] : renamed_) {
      const std::string key = stream_.For(old_id);
      BB_ASSIGN_OR_RETURN(const storage::Bytes what, transaction_.Find(Kind::kPending, key));
      if (what == nullptr) continue;
      moved.emplace_back(stream_.For(new_id), *what);
      BB_RETURN_IF_ERROR(transaction_.Remove(Kind::kPending, key));
    }
    for (auto& [key, what] : moved) {
      BB_RETURN_IF_ERROR(transaction_.Put(Kind::kPending, key, std::move(what)));
    }
    return absl::OkStatus();
  }

  absl::Status MoveConflicts() {
    std::vector<std::pair<std::string, v1::Conflict>> moved;
    const auto visit = [&](const std::string& key, const std::string& bytes) {
      v1::Conflict conflict;
      // One about a record that may have been made is kept under our own id.
      if (!conflict.ParseFromString(bytes) || conflict.kind() == v1::Conflict::KIND_MAYBE_CREATED ||
          !renamed_.contains(conflict.external_id())) {
        return absl::OkStatus();
      }
      moved.emplace_back(key, std::move(conflict));
      return absl::OkStatus();
    };
    BB_RETURN_IF_ERROR(ForEach(transaction_, Kind::kConflict, stream_.prefix(), visit));
    for (const auto& [key, conflict] : moved) {
      BB_RETURN_IF_ERROR(transaction_.Remove(Kind::kConflict, key));
    }
    for (auto& [key, conflict] : moved) {
      conflict.set_external_id(renamed_.at(conflict.external_id()));
      if (conflict.kind() == v1::Conflict::KIND_DUPLICATE) NameTwins(conflict);
      BB_RETURN_IF_ERROR(transaction_.Put(
          Kind::kConflict, stream_.For(conflict.external_id()) + "/" + conflict.path(),
          conflict.SerializeAsString()));
    }
    return absl::OkStatus();
  }

  // One about twins names all of them.
  void NameTwins(v1::Conflict& conflict) const {
    std::vector<std::string> named;
    for (const absl::string_view id : absl::StrSplit(conflict.source_value(), ", ")) {
      const auto renamed = renamed_.find(std::string(id));
      named.push_back(renamed == renamed_.end() ? std::string(id) : renamed->second);
    }
    conflict.set_source_value(absl::StrJoin(named, ", "));
  }

  // Of what is kept by association and names the record. `part` is where.
  template <typename Message, typename Part>
  absl::Status NameAnew(Kind kind, const Part& part) {
    std::vector<Moved<Message>> named;
    const auto visit = [&](const std::string& key, const std::string& bytes) {
      Message message;
      if (!message.ParseFromString(bytes)) return absl::OkStatus();
      const auto renamed = renamed_.find(part(message)->external_id());
      if (renamed == renamed_.end()) return absl::OkStatus();
      part(message)->set_external_id(renamed->second);
      named.push_back({key, std::move(message)});
      return absl::OkStatus();
    };
    BB_RETURN_IF_ERROR(ForEach(transaction_, kind, stream_.prefix(), visit));
    for (const auto& [key, message] : named) {
      BB_RETURN_IF_ERROR(transaction_.Put(kind, key, message.SerializeAsString()));
    }
    return absl::OkStatus();
  }

  storage::Transaction& transaction_;
  const StreamKey& stream_;
  const RenamedIds& renamed_;
};

}  // namespace

absl::Status RenameRecords(storage::Transaction& transaction,
                           const StreamKey& stream,
                           const RenamedIds& renamed) {
  return renamed.empty() ? absl::OkStatus() : Renaming(transaction, stream, renamed).Run();
}

}  // namespace brobygger::sync
