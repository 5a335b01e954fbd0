#include "core/advice/advice.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>

#include "core/advice/advice_file.h"
#include "core/advice/triggers.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/rules.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"
#include "core/registry/records.h"

namespace brobygger::advice {
namespace {

using storage::Kind;
using v1::AdviceItem;
using v1::AdviceTrigger;

// "open-questions//0615": advice, about which association, whose side.
std::string KeyOf(const v1::DismissedAdvice& dismissed) {
  return absl::StrCat(dismissed.advice_id(), "/", dismissed.association_id(), "/",
                      dismissed.side_id());
}

absl::Status CheckThere(const std::string& advice_id) {
  const auto& all = ShippedAdvice();
  const bool there = std::any_of(all.begin(), all.end(),
                                 [&](const AdviceItem& each) { return each.id() == advice_id; });
  if (there) return absl::OkStatus();
  return base::MakeError(
      errors::v1::ERROR_REASON_ADVICE_NOT_FOUND,
      "there is no advice '" + registry::Shown(advice_id) + "'; see brobygger advice list",
      {{"advice_id", registry::Shown(advice_id)}});
}

// What a request about one piece means.
template <typename Request>
absl::StatusOr<v1::DismissedAdvice> Meant(const storage::Snapshot& snapshot,
                                          const Request& request,
                                          const Asking& asking) {
  BB_RETURN_IF_ERROR(CheckThere(request.advice_id()));
  v1::DismissedAdvice meant;
  meant.set_advice_id(request.advice_id());
  meant.set_side_id(asking.side_id);
  if (request.association_id().empty()) return meant;
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::GetLive(snapshot, request.association_id()));
  meant.set_association_id(association.id());
  return meant;
}

// Whether the side has put it away: about all, or about one of these ids.
absl::StatusOr<bool> IsDismissed(const storage::Snapshot& snapshot,
                                 const std::string& advice_id,
                                 const std::vector<std::string>& about,
                                 const Asking& asking) {
  for (const std::string& each : about) {
    v1::DismissedAdvice dismissed;
    dismissed.set_advice_id(advice_id);
    dismissed.set_association_id(each);
    dismissed.set_side_id(asking.side_id);
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes,
                        snapshot.Find(Kind::kDismissedAdvice, KeyOf(dismissed)));
    if (bytes != nullptr) return true;
  }
  return false;
}

// The triggers that are asked for and hold; nothing where none was asked for.
absl::StatusOr<std::set<AdviceTrigger>> Holding(const storage::Snapshot& snapshot,
                                                base::Instant now,
                                                const v1::ListAdviceRequest& request) {
  std::set<AdviceTrigger> asked;
  for (const int each : request.triggers()) asked.insert(static_cast<AdviceTrigger>(each));
  if (request.association_id().empty()) return asked;
  BB_ASSIGN_OR_RETURN(auto hold, TriggersOf(snapshot, now, request.association_id()));
  if (asked.empty()) return hold;
  std::set<AdviceTrigger> both;
  std::set_intersection(asked.begin(), asked.end(), hold.begin(), hold.end(),
                        std::inserter(both, both.end()));
  return both;
}

absl::Status CheckTriggers(const v1::ListAdviceRequest& request) {
  const auto& triggers = request.triggers();
  const bool unset =
      std::find(triggers.begin(), triggers.end(), v1::ADVICE_TRIGGER_UNSPECIFIED) != triggers.end();
  return unset ? model::BrokenRule({nullptr, "triggers"}, "name a moment each") : absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ListAdviceResponse> ListAdvice(const storage::Snapshot& snapshot,
                                                  base::Instant now,
                                                  const v1::ListAdviceRequest& request,
                                                  const Asking& asking) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(request, {}));
  BB_RETURN_IF_ERROR(CheckTriggers(request));
  BB_ASSIGN_OR_RETURN(const auto holding, Holding(snapshot, now, request));
  const bool all = request.association_id().empty() && request.triggers().empty();
  const auto side =
      request.side() == v1::COLLABORATION_SIDE_UNSPECIFIED ? asking.side : request.side();
  std::vector<std::string> about = {""};
  if (!request.association_id().empty()) {
    BB_ASSIGN_OR_RETURN(const auto ids, registry::IdsOf(snapshot, request.association_id()));
    about.insert(about.end(), ids.begin(), ids.end());
  }
  v1::ListAdviceResponse response;
  for (const AdviceItem& each : ShippedAdvice()) {
    if (side != v1::COLLABORATION_SIDE_UNSPECIFIED && each.side() != side) continue;
    AdviceItem item = each;
    for (const int trigger : each.triggers()) {
      const auto moment = static_cast<AdviceTrigger>(trigger);
      if (holding.contains(moment)) item.add_because(moment);
    }
    if (!all && item.because().empty()) continue;
    BB_ASSIGN_OR_RETURN(const bool dismissed, IsDismissed(snapshot, each.id(), about, asking));
    if (dismissed && !request.show_dismissed()) continue;
    item.set_dismissed(dismissed);
    *response.add_advice() = std::move(item);
  }
  std::stable_sort(
      response.mutable_advice()->begin(), response.mutable_advice()->end(),
      [](const AdviceItem& left, const AdviceItem& right) { return left.kind() < right.kind(); });
  return response;
}

absl::StatusOr<v1::DismissAdviceResponse> DismissAdvice(storage::Transaction& transaction,
                                                        const v1::DismissAdviceRequest& request,
                                                        const Asking& asking) {
  BB_ASSIGN_OR_RETURN(const auto meant, Meant(transaction, request, asking));
  BB_RETURN_IF_ERROR(
      transaction.Put(Kind::kDismissedAdvice, KeyOf(meant), meant.SerializeAsString()));
  return v1::DismissAdviceResponse();
}

absl::StatusOr<v1::RestoreAdviceResponse> RestoreAdvice(storage::Transaction& transaction,
                                                        const v1::RestoreAdviceRequest& request,
                                                        const Asking& asking) {
  BB_ASSIGN_OR_RETURN(const auto meant, Meant(transaction, request, asking));
  BB_RETURN_IF_ERROR(transaction.Remove(Kind::kDismissedAdvice, KeyOf(meant)));
  return v1::RestoreAdviceResponse();
}

}  // namespace brobygger::advice
