#include "core/sync/twins.h"

#include <algorithm>
#include <map>
#include <utility>

#include <absl/strings/str_join.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/identifiers.h"
#include "core/registry/links.h"
#include "core/sync/agreement.h"
#include "core/sync/claims.h"
#include "core/sync/conflicts.h"
#include "core/sync/intake.h"
#include "core/sync/outbound.h"
#include "core/sync/record_text.h"
#include "core/sync/subject.h"

namespace brobygger::sync {
namespace {

using storage::Kind;
using v1::Conflict;
using v1::Link;
using v1::ResolveConflictRequest;

std::string ConflictKey(const StreamKey& stream, const std::string& external_id) {
  return stream.For(external_id) + "/" + kHubAssociationId;
}

// The CVR number that a record says, in normal form, or "".
std::string CvrIn(const plugin::v1::Record& record, const Mapping& mapping) {
  for (const v1::FieldMapping& one : mapping.mappings()) {
    if (Mapping::PathOf(one.target()) != "identifiers.DK-CVR") continue;
    const auto field = record.fields().find(one.source_field());
    if (field == record.fields().end()) return "";
    const auto number = model::NormalizeCvr(TextOf(field->second));
    return number.ok() ? *number : "";
  }
  return "";
}

// Nothing more is written to the record.
absl::Status PassOver(storage::Transaction& transaction,
                      const StreamKey& stream,
                      const std::string& external_id) {
  const std::string key = stream.For(external_id);
  BB_ASSIGN_OR_RETURN(auto link, Load<Link>(transaction, Kind::kLink, key));
  if (!link) return absl::OkStatus();
  link->set_passed_over(true);
  BB_RETURN_IF_ERROR(registry::PutLink(transaction, key, *link));
  return transaction.Remove(Kind::kConflict, ConflictKey(stream, external_id));
}

}  // namespace

absl::StatusOr<Twins> TwinsOf(const storage::Snapshot& snapshot,
                              const StreamKey& stream,
                              const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto records, LiveRecordsOf(stream, snapshot, association_id));
  Twins twins;
  std::vector<std::string> passed_over;
  for (const std::string& external_id : records) {
    const std::string key = stream.For(external_id);
    BB_ASSIGN_OR_RETURN(const auto claim, Load<v1::Claim>(snapshot, Kind::kClaim, key));
    BB_ASSIGN_OR_RETURN(const auto link, Load<Link>(snapshot, Kind::kLink, key));
    if (!claim || !link) continue;
    twins.id_kept = twins.id_kept || claim->told().foreign_id() == association_id;
    if (!claim->told().foreign_id().empty()) continue;
    (link->passed_over() ? passed_over : twins.records).push_back(external_id);
  }
  if (twins.records.empty()) twins.records = std::move(passed_over);
  return twins;
}

absl::StatusOr<WaitingRecords> LookAtWaiting(const storage::Snapshot& snapshot,
                                             const StreamKey& stream,
                                             const Mapping& mapping) {
  WaitingRecords waiting;
  if (!mapping.writes()) return waiting;
  std::map<std::string, std::string> first_with;
  const auto look = [&](const std::string& key, const std::string& what) -> absl::Status {
    if (what != kPendingTold) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(const auto claim, Load<v1::Claim>(snapshot, Kind::kClaim, key));
    if (!claim) return absl::OkStatus();
    if (!claim->told().foreign_id().empty()) {
      waiting.kept.insert(claim->told().foreign_id());
      return absl::OkStatus();
    }
    const std::string cvr = CvrIn(claim->told(), mapping);
    if (cvr.empty()) return absl::OkStatus();
    const std::string external_id = ExternalIdOf(stream, key);
    const auto [first, is_first] = first_with.try_emplace(cvr, external_id);
    if (!is_first) waiting.twins.insert({first->second, external_id});
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(ForEach(snapshot, Kind::kPending, stream.prefix(), look));
  return waiting;
}

absl::Status LookForTwins(DecisionContext& context) {
  BB_ASSIGN_OR_RETURN(const auto latest, context.store.Latest());
  BB_ASSIGN_OR_RETURN(context.waiting, LookAtWaiting(*latest, context.stream, context.mapping));
  return absl::OkStatus();
}

v1::FieldChange TwinQuestion(const std::string& association_id,
                             const std::vector<std::string>& records) {
  v1::FieldChange question;
  question.set_path(kHubAssociationId);
  question.set_old_value(association_id);
  question.set_new_value(absl::StrJoin(records, ", "));
  question.set_conflict(true);
  return question;
}

bool IsTwinQuestion(const v1::FieldChange& change) {
  return change.conflict() && change.path() == kHubAssociationId;
}

absl::StatusOr<bool> IsTwinAskedAbout(const storage::Snapshot& snapshot,
                                      const StreamKey& stream,
                                      const std::string& external_id) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes open,
                      snapshot.Find(Kind::kConflict, ConflictKey(stream, external_id)));
  return open != nullptr;
}

absl::StatusOr<int> AskAboutTwins(storage::Transaction& transaction,
                                  const StreamKey& stream,
                                  const std::string& association_id,
                                  const std::vector<std::string>& records) {
  int opened = 0;
  const v1::FieldChange question = TwinQuestion(association_id, records);
  for (const std::string& external_id : records) {
    Conflict conflict = NewConflict(transaction, stream, external_id, association_id);
    conflict.set_kind(Conflict::KIND_DUPLICATE);
    conflict.set_path(question.path());
    conflict.set_source_value(question.new_value());
    BB_ASSIGN_OR_RETURN(const bool is_new, OpenConflict(transaction, stream, std::move(conflict)));
    opened += is_new ? 1 : 0;
  }
  return opened;
}

bool IsTwinNoMore(const Twins& twins, const Conflict& conflict) {
  const auto own = std::find(twins.records.begin(), twins.records.end(), conflict.external_id());
  return twins.id_kept || twins.records.size() < 2 || own == twins.records.end();
}

absl::Status CloseTwin(storage::Transaction& transaction,
                       const StreamKey& stream,
                       const Conflict& conflict) {
  const std::string& external_id = conflict.external_id();
  BB_RETURN_IF_ERROR(transaction.Remove(Kind::kConflict, ConflictKey(stream, external_id)));
  BB_ASSIGN_OR_RETURN(const Twins twins, TwinsOf(transaction, stream, conflict.association_id()));
  const bool is_left = !twins.id_kept && twins.records == std::vector<std::string>{external_id};
  if (!is_left) return absl::OkStatus();
  BB_RETURN_IF_ERROR(ForgetAgreement(transaction, stream, external_id));
  return MarkDirty(transaction, stream, conflict.association_id());
}

absl::StatusOr<std::string> SettleTwin(storage::Transaction& transaction,
                                       const StreamKey& stream,
                                       const Conflict& conflict,
                                       ResolveConflictRequest::Choice choice) {
  if (choice == ResolveConflictRequest::CHOICE_VALUE) {
    return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                           "this conflict is about which record is the association's: choose the "
                           "source if it is this record, the registry if it is another",
                           {{"field", "choice"}});
  }
  const bool is_this = choice == ResolveConflictRequest::CHOICE_SOURCE;
  BB_ASSIGN_OR_RETURN(Twins twins, TwinsOf(transaction, stream, conflict.association_id()));
  std::vector<std::string> left;
  for (const std::string& external_id : twins.records) {
    if ((external_id == conflict.external_id()) == is_this) {
      left.push_back(external_id);
    } else {
      BB_RETURN_IF_ERROR(PassOver(transaction, stream, external_id));
    }
  }
  for (const std::string& external_id : left) {
    if (left.size() > 1) break;
    Conflict last = conflict;
    last.set_external_id(external_id);
    BB_RETURN_IF_ERROR(CloseTwin(transaction, stream, last));
  }
  return std::string(is_this ? "this record" : "another record");
}

}  // namespace brobygger::sync
