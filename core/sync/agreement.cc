#include "core/sync/agreement.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/model/provenance.h"
#include "core/registry/ingest.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"
#include "core/sync/claims.h"
#include "core/sync/connections.h"
#include "core/sync/intake.h"
#include "core/sync/list_slots.h"
#include "core/sync/mapping.h"
#include "core/sync/record_hash.h"
#include "core/sync/record_text.h"

namespace brobygger::sync {
namespace {

using plugin::v1::Record;
using plugin::v1::Value;
using registry::v1::Association;
using storage::Kind;
using v1::Claim;
using v1::Link;
using v1::Operation;

// A source that writes in capitals, or whose column ends before the text does, has stored what
// was sent.
bool MayBeStored(const Value& there, const Value& sent) {
  const auto text = [](const Value& value) {
    std::string folded = value.text();
    std::transform(folded.begin(), folded.end(), folded.begin(), [](unsigned char c) {
      return static_cast<char>(c < 128 ? std::tolower(c) : c);
    });
    return folded;
  };
  if (there.kind_case() != Value::kText || sent.kind_case() != Value::kText) {
    return there.SerializeAsString() == sent.SerializeAsString();
  }
  const std::string shown = text(there);
  return shown == text(sent) || (!shown.empty() && text(sent).starts_with(shown));
}

// `base` with the written fields as `now` has them, or as they were sent.
Record AgreedRecord(const Operation& operation, Record base, const Record& now, bool found) {
  for (const auto& [field, sent] : operation.sent().set()) {
    const auto there = now.fields().find(field);
    if (there == now.fields().end()) continue;
    Value& agreed = (*base.mutable_fields())[field];
    if (!found || MayBeStored(there->second, sent)) {
      agreed = there->second;
    } else if (there->second.kind_case() == Value::kText && !there->second.text().empty()) {
      // Whoever wrote it saw what the column had kept of the text, which may not be all.
      agreed.mutable_empty();
    } else {
      agreed = sent;
    }
  }
  base.set_external_id(now.external_id());
  base.set_foreign_id(now.foreign_id());
  base.set_etag(now.etag());
  return base;
}

// Whether the source holds all that was written just as it was sent, as most do.
bool StoredAsSent(const Operation& operation, const Record& now) {
  const auto& set = operation.sent().set();
  return std::all_of(set.begin(), set.end(), [&](const auto& one) {
    const auto there = now.fields().find(one.first);
    return there == now.fields().end() ||
           there->second.SerializeAsString() == one.second.SerializeAsString();
  });
}

// Nobody can lose what is not there. Whatever else the source's record holds was not
// sent: it stood there before, or somebody has written it since.
Record WhatIsEmpty(const Record& now) {
  Record empty;
  for (const auto& [field, value] : now.fields()) {
    if (value.kind_case() == Value::kEmpty) (*empty.mutable_fields())[field] = value;
  }
  return empty;
}

// What was sent, where the source did not say what it stored.
Record AsSent(const Operation& operation, const Record& base) {
  Record record = base;
  record.set_foreign_id(operation.sent().foreign_id());
  for (const auto& [field, value] : operation.sent().set()) {
    (*record.mutable_fields())[field] = value;
  }
  return record;
}

// What a record says, and what of that both sides agree on.
struct Said {
  const Record& now;
  const Record& agreed;
};

// Stores the claim; what the record says beyond what is agreed on waits for the next
// plan.
absl::Status PutClaim(storage::Transaction& transaction,
                      const std::string& key,
                      const Said& said,
                      Claim claim,
                      Link& link) {
  const auto& [now, agreed] = said;
  *claim.mutable_told() = now;
  claim.set_told_hash(RecordHash(now));
  *claim.mutable_registered_time() = base::ToTimestamp(transaction.now());
  link.set_agreed_hash(RecordHash(agreed));
  claim.clear_agreed();
  if (link.agreed_hash() != claim.told_hash()) {
    *claim.mutable_agreed() = agreed;
    BB_RETURN_IF_ERROR(transaction.Put(Kind::kPending, key, kPendingTold));
  }
  return transaction.Put(Kind::kClaim, key, claim.SerializeAsString());
}

// Of an association that was deleted before the source first told of it.
bool NeverAgreed(const Claim& claim, const Link& link) {
  return link.agreed_hash() == 0 && !claim.has_agreed();
}

// The source has been told what the hub says of itself. All else the record says is as
// new as it was.
absl::StatusOr<bool> PutUnagreed(storage::Transaction& transaction,
                                 const std::string& key,
                                 const Record& now,
                                 Claim claim) {
  *claim.mutable_told() = now;
  claim.set_told_hash(RecordHash(now));
  BB_RETURN_IF_ERROR(transaction.Put(Kind::kClaim, key, claim.SerializeAsString()));
  return true;
}

// What the source says now of the written fields, as far as the registry still holds them as they
// were sent.
struct SaidOfWritten {
  std::vector<std::string> paths;             // the same
  std::map<std::string, std::string> others;  // something else: it stores them in its own way
};

absl::StatusOr<SaidOfWritten> WhatIsSaid(const storage::Snapshot& snapshot,
                                         const DecisionContext& context,
                                         const Operation& operation,
                                         const std::string& key,
                                         const Association& held) {
  SaidOfWritten said;
  BB_ASSIGN_OR_RETURN(const auto claim, Load<Claim>(snapshot, Kind::kClaim, key));
  if (!claim) return said;
  ToldFields fields;
  // What breaks a rule of ours is kept aside when it is next looked at.
  if (const auto told = context.mapping.Tell(claim->told()); told.ok()) {
    BB_ASSIGN_OR_RETURN(fields, told->Fields());
  }
  const Slots slots = context.mapping.SlotsIn(*claim);
  for (const auto& change : operation.changes()) {
    const std::string& path = change.path();
    const auto text = model::FieldText(held, path);
    if (!text.ok() || !model::SameValue(path, *text, change.new_value())) continue;
    const auto stored = fields.find(path);
    const auto room = slots.find(path);
    const std::string sent = room == slots.end() ? *text : FirstEntries(*text, room->second);
    if (stored == fields.end() || model::SameValue(path, stored->second, sent)) {
      said.paths.push_back(path);
    } else {
      said.others[path] = stored->second;
    }
  }
  return said;
}

// Leaves what the statement of the source, if there is one, says already. The source is no witness
// of what it did not say itself, but of what it says else it is.
void KeepNews(const registry::v1::Provenance* statement, SaidOfWritten& said) {
  std::erase_if(said.paths, [&](const std::string& path) {
    return statement == nullptr || !statement->other_values().contains(path);
  });
  std::erase_if(said.others, [&](const auto& one) {
    if (statement == nullptr) return false;
    const auto known = statement->other_values().find(one.first);
    return known != statement->other_values().end() && known->second == one.second;
  });
}

// `before` is the association as it is; what both sides agree on moves along with it.
absl::Status SayWhatIsThere(storage::Transaction& transaction,
                            const DecisionContext& context,
                            const Operation& operation,
                            const std::string& external_id,
                            const Association& before) {
  const std::string key = context.stream.For(external_id);
  BB_ASSIGN_OR_RETURN(SaidOfWritten said, WhatIsSaid(transaction, context, operation, key, before));
  registry::v1::Provenance who;
  who.set_connection_id(context.stream.connection_id);
  who.set_external_id(external_id);
  const auto* statement = model::FindStatement(before, who);
  KeepNews(statement, said);
  if (said.paths.empty() && said.others.empty()) return absl::OkStatus();
  if (statement != nullptr) {
    who.set_actor(statement->actor());
  } else {
    BB_ASSIGN_OR_RETURN(const auto connection, FindConnection(transaction, who.connection_id()));
    who.set_actor("plugin:" + connection.plugin());
  }
  who.set_run_id(operation.run_id());
  *who.mutable_registered_time() = base::ToTimestamp(transaction.now());
  Association next = before;
  model::RecordStatement(next, who, said.paths);
  for (const auto& [path, text] : said.others) model::RecordOtherValue(next, who, path, text);
  BB_ASSIGN_OR_RETURN(const Association after,
                      registry::IngestAssociation(transaction, std::move(next)));
  if (registry::RevisionOfEtag(before.etag()) != operation.base_revision()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(auto link, Load<Link>(transaction, Kind::kLink, key));
  if (!link) return absl::OkStatus();
  link->set_agreed_revision(registry::RevisionOfEtag(after.etag()));
  return registry::PutLink(transaction, key, *link);
}

// What both last agreed on.
const Record& BaseOf(const Claim& claim, const Link& link) {
  return claim.told_hash() == link.agreed_hash() || !claim.has_agreed() ? claim.told()
                                                                        : claim.agreed();
}

}  // namespace

absl::StatusOr<bool> AgreeOnWritten(storage::Transaction& transaction,
                                    const DecisionContext& context,
                                    const Operation& operation,
                                    const Record& stored) {
  const std::string key = context.stream.For(operation.sent().external_id());
  BB_ASSIGN_OR_RETURN(auto claim, Load<Claim>(transaction, Kind::kClaim, key));
  BB_ASSIGN_OR_RETURN(auto link, Load<Link>(transaction, Kind::kLink, key));
  if (!claim || !link) return true;
  const Record base = BaseOf(*claim, *link);
  Record now = stored.external_id().empty() ? AsSent(operation, base) : stored;
  context.mapping.KeepWanted(now);
  if (NeverAgreed(*claim, *link)) return PutUnagreed(transaction, key, now, *std::move(claim));
  const Record agreed = AgreedRecord(operation, base, now, false);
  // What the hub says of itself is agreed on by nobody, and may be all that is written
  // of an association that was deleted.
  const auto& changes = operation.changes();
  if (std::any_of(changes.begin(), changes.end(),
                  [](const auto& change) { return !IsHubPath(change.path()); })) {
    link->set_agreed_revision(operation.base_revision());
  }
  *link->mutable_since_time() = base::ToTimestamp(transaction.now());
  auto& bases = *link->mutable_bases();
  for (const auto& change : operation.changes()) {
    bases.erase(std::remove_if(bases.begin(), bases.end(),
                               [&](const auto& one) { return one.path() == change.path(); }),
                bases.end());
  }
  BB_RETURN_IF_ERROR(PutClaim(transaction, key, {now, agreed}, *std::move(claim), *link));
  BB_RETURN_IF_ERROR(registry::PutLink(transaction, key, *link));
  return true;
}

absl::StatusOr<bool> AgreeOnNew(storage::Transaction& transaction,
                                const OutboundContext& context,
                                const Operation& operation,
                                const Record& stored,
                                bool found) {
  const std::string key = context.decisions.stream.For(stored.external_id());
  BB_ASSIGN_OR_RETURN(const auto before, Load<Link>(transaction, Kind::kLink, key));
  const bool was_live = before && before->state() == Link::STATE_LIVE;
  if (was_live) {
    BB_ASSIGN_OR_RETURN(const auto stands_for,
                        registry::FollowMerges(transaction, before->association_id()));
    if (stands_for && stands_for->id() != operation.association_id()) return false;
  }
  Record now = stored;
  context.decisions.mapping.KeepWanted(now);
  Link link;
  link.set_association_id(operation.association_id());
  link.set_state(Link::STATE_LIVE);
  link.set_agreed_revision(operation.base_revision());
  *link.mutable_since_time() = base::ToTimestamp(transaction.now());
  Claim claim;
  claim.set_run_id(operation.run_id());
  const Record agreed = AgreedRecord(operation, WhatIsEmpty(now), now, found);
  BB_RETURN_IF_ERROR(PutClaim(transaction, key, {now, agreed}, std::move(claim), link));
  BB_RETURN_IF_ERROR(registry::PutLink(transaction, key, link));
  if (!was_live) ++context.counts.live;
  if (StoredAsSent(operation, now)) return true;
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::FindAssociation(transaction, operation.association_id()));
  if (association) {
    BB_RETURN_IF_ERROR(SayWhatIsThere(transaction, context.decisions, operation,
                                      stored.external_id(), *association));
  }
  return true;
}

absl::Status StandBehindWritten(storage::Transaction& transaction,
                                const DecisionContext& context,
                                const Operation& operation,
                                const Association& before) {
  return SayWhatIsThere(transaction, context, operation, operation.sent().external_id(), before);
}

absl::Status ForgetAgreement(storage::Transaction& transaction,
                             const StreamKey& stream,
                             const std::string& external_id) {
  const std::string key = stream.For(external_id);
  BB_ASSIGN_OR_RETURN(auto claim, Load<Claim>(transaction, Kind::kClaim, key));
  BB_ASSIGN_OR_RETURN(auto link, Load<Link>(transaction, Kind::kLink, key));
  if (!claim || !link) return absl::OkStatus();
  claim->clear_agreed();
  link->clear_agreed_hash();
  link->clear_bases();
  link->clear_passed_over();
  BB_RETURN_IF_ERROR(transaction.Put(Kind::kClaim, key, claim->SerializeAsString()));
  return registry::PutLink(transaction, key, *link);
}

absl::Status TakeNews(storage::Transaction& transaction,
                      const DecisionContext& context,
                      const Record& stored) {
  const std::string key = context.stream.For(stored.external_id());
  BB_ASSIGN_OR_RETURN(auto claim, Load<Claim>(transaction, Kind::kClaim, key));
  BB_ASSIGN_OR_RETURN(auto link, Load<Link>(transaction, Kind::kLink, key));
  if (!claim || !link) return absl::OkStatus();
  const Record base = BaseOf(*claim, *link);
  Record now = stored;
  context.mapping.KeepWanted(now);
  if (RefuseCpr(now).ok()) {
    if (NeverAgreed(*claim, *link)) {
      BB_RETURN_IF_ERROR(transaction.Put(Kind::kPending, key, kPendingTold));
      return PutUnagreed(transaction, key, now, *std::move(claim)).status();
    }
    BB_RETURN_IF_ERROR(PutClaim(transaction, key, {now, base}, *std::move(claim), *link));
    return registry::PutLink(transaction, key, *link);
  }
  return absl::OkStatus();
}

}  // namespace brobygger::sync
