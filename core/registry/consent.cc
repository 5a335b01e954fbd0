#include "core/registry/consent.h"

#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/model/rules.h"
#include "core/registry/joining.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

using model::Place;

constexpr std::size_t kLongestEvidence = 200;

absl::Status Check(v1::VisibilityConsent& consent, const std::string& today) {
  const Place parent{nullptr, "consent"};
  BB_RETURN_IF_ERROR(model::CheckEverywhere(consent, parent));
  const Place date{&parent, "date"};
  BB_RETURN_IF_ERROR(model::FixDate(date, *consent.mutable_date()));
  if (consent.date().empty()) return model::BrokenRule(date, "is required");
  if (consent.date() > today) return model::BrokenRule(date, "is a day to come");
  return model::FixLine({&parent, "evidence"}, {1, kLongestEvidence}, *consent.mutable_evidence());
}

}  // namespace

absl::StatusOr<v1::Association> RecordVisibilityConsent(storage::Transaction& transaction,
                                                        const std::string& association_id,
                                                        const v1::VisibilityConsent& consent) {
  v1::VisibilityConsent checked = consent;
  BB_RETURN_IF_ERROR(Check(checked, base::DanishDayOf(transaction.now())));
  BB_ASSIGN_OR_RETURN(v1::Association association, GetLive(transaction, association_id));
  *association.mutable_visibility_consent() = std::move(checked);
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, association));
  return association;
}

}  // namespace brobygger::registry
