#include "core/registry/consent.h"

#include <algorithm>
#include <utility>

#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/model/rules.h"
#include "core/model/validate.h"
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
  // Who decides needs no proof that they do.
  const bool itself = consent.perspective() == v1::PERSPECTIVE_ASSOCIATION;
  const std::size_t least = itself ? 0 : 1;
  return model::FixLine({&parent, "evidence"}, {least, kLongestEvidence},
                        *consent.mutable_evidence());
}

}  // namespace

absl::StatusOr<v1::Association> RecordVisibilityConsent(storage::Transaction& transaction,
                                                        const std::string& association_id,
                                                        const v1::VisibilityConsent& consent,
                                                        v1::Perspective said_by) {
  v1::VisibilityConsent checked = consent;
  const std::string today = base::DanishDayOf(transaction.now());
  checked.set_perspective(said_by);
  if (said_by == v1::PERSPECTIVE_ASSOCIATION) {
    checked.set_date(today);
    checked.clear_evidence();
  }
  BB_RETURN_IF_ERROR(Check(checked, today));
  BB_ASSIGN_OR_RETURN(v1::Association association, GetLive(transaction, association_id));
  const v1::VisibilityConsent& before = association.visibility_consent();
  const bool itself = before.perspective() == v1::PERSPECTIVE_ASSOCIATION;
  if (itself && said_by != v1::PERSPECTIVE_ASSOCIATION && checked.date() <= before.date()) {
    return model::BrokenRule({nullptr, "consent.date"},
                             "is not later than what the association has decided by itself on " +
                                 before.date() + "; that holds");
  }
  *association.mutable_visibility_consent() = std::move(checked);
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, association));
  return association;
}

absl::StatusOr<v1::Association> ConfirmSection(storage::Transaction& transaction,
                                               const v1::ConfirmSectionRequest& wanted,
                                               v1::Perspective said_by) {
  v1::Confirmation confirmation;
  confirmation.set_section(wanted.section());
  confirmation.set_date(base::DanishDayOf(transaction.now()));
  confirmation.set_perspective(said_by);
  BB_RETURN_IF_ERROR(model::NormalizeAndCheckAt({}, confirmation));
  BB_ASSIGN_OR_RETURN(v1::Association association, GetLive(transaction, wanted.association_id()));
  BB_RETURN_IF_ERROR(
      CheckEtag(wanted.etag(), association.etag(), {"association_id", association.id()}));
  auto& all = *association.mutable_confirmations();
  const auto replaced = [&](const v1::Confirmation& each) {
    return each.section() == confirmation.section() && each.perspective() == said_by;
  };
  all.erase(std::remove_if(all.begin(), all.end(), replaced), all.end());
  *all.Add() = std::move(confirmation);
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, association));
  return association;
}

}  // namespace brobygger::registry
