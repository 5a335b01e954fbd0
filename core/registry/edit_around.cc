// Changes to what stands around associations: relations.
#include <utility>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/model/validate.h"
#include "core/registry/edit.h"
#include "core/registry/joining.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

using storage::Index;
using storage::Kind;

}  // namespace

absl::StatusOr<AssociationRelation> CreateRelation(storage::Transaction& transaction,
                                                   AssociationRelation wanted,
                                                   const std::string& actor) {
  wanted.clear_provenance();
  wanted.clear_etag();
  wanted.set_id(base::MakeUuid());
  BB_RETURN_IF_ERROR(model::NormalizeAndCheck(wanted));
  for (std::string* id :
       {wanted.mutable_from_association_id(), wanted.mutable_to_association_id()}) {
    // What is said of one that was merged holds for what it is part of.
    BB_ASSIGN_OR_RETURN(const auto association, FollowMerges(transaction, *id));
    if (!association) return AssociationNotFound(*id);
    *id = association->id();
  }
  BB_RETURN_IF_ERROR(model::NormalizeAndCheck(wanted));
  const auto now = base::ToTimestamp(transaction.now());
  v1::Provenance& who = *wanted.add_provenance();
  who.set_actor(actor);
  *who.mutable_registered_time() = now;
  *wanted.mutable_update_time() = now;
  wanted.set_etag(EtagOf(transaction.revision()));
  BB_RETURN_IF_ERROR(
      transaction.Put(Kind::kRelation, wanted.id(), ToBytes(wanted),
                      {{Index::kRelationByAssociation, wanted.from_association_id()},
                       {Index::kRelationByAssociation, wanted.to_association_id()}}));
  return wanted;
}

absl::Status DeleteRelation(storage::Transaction& transaction,
                            const std::string& id,
                            const std::string& etag) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, transaction.Find(Kind::kRelation, id));
  if (bytes == nullptr) {
    return base::MakeError(errors::v1::ERROR_REASON_RELATION_NOT_FOUND,
                           "There is no relation with the id \"" + Shown(id) + "\".",
                           {{"relation_id", Shown(id)}});
  }
  AssociationRelation relation;
  BB_RETURN_IF_ERROR(ParseRecord(bytes, relation));
  BB_RETURN_IF_ERROR(CheckEtag(etag, relation.etag(), {"relation_id", id}));
  return transaction.Remove(Kind::kRelation, id);
}

}  // namespace brobygger::registry
