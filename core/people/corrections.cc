#include "core/people/corrections.h"

#include <algorithm>
#include <set>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/model/free_text.h"
#include "core/model/rules.h"
#include "core/people/rules.h"
#include "core/registry/each_record.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"
#include "core/registry/records.h"

namespace brobygger::people {
namespace {

using storage::Kind;
using v1::Correction;

constexpr int kMostListed = 500;
constexpr std::size_t kLongestNote = 500;

absl::Status CorrectionNotFound(const std::string& typed) {
  return base::MakeError(errors::v1::ERROR_REASON_CORRECTION_NOT_FOUND,
                         absl::StrCat("there is no request for a correction '",
                                      registry::Shown(typed), "'; see brobygger correction list"),
                         {{"correction_id", registry::Shown(typed)}});
}

std::string KeyOf(const Correction& correction) {
  return absl::StrCat(correction.association_id(), "/", correction.id());
}

absl::Status Put(storage::Transaction& transaction, Correction correction) {
  correction.clear_official_name();
  return transaction.Put(Kind::kCorrection, KeyOf(correction), correction.SerializeAsString());
}

absl::StatusOr<Correction> Shown(const storage::Snapshot& snapshot, Correction correction) {
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::FollowMerges(snapshot, correction.association_id()));
  if (association) correction.set_official_name(association->official_name());
  return correction;
}

// The ids that lead to the association, whose keys begin with them.
absl::StatusOr<std::vector<std::string>> PrefixesOf(const storage::Snapshot& snapshot,
                                                    const std::string& association_id) {
  if (association_id.empty()) return std::vector<std::string>{""};
  BB_ASSIGN_OR_RETURN(const auto association, registry::FollowMerges(snapshot, association_id));
  if (!association) return registry::AssociationNotFound(association_id);
  BB_ASSIGN_OR_RETURN(auto ids, registry::IdsOf(snapshot, association->id()));
  for (std::string& id : ids) id += "/";
  return ids;
}

}  // namespace

absl::StatusOr<Correction> RequestCorrection(storage::Transaction& transaction,
                                             const Correction& wanted,
                                             registry::v1::Perspective written_by) {
  Correction correction;
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::GetLive(transaction, wanted.association_id()));
  correction.set_association_id(association.id());
  correction.set_field_path(wanted.field_path());
  correction.set_statement(wanted.statement());
  correction.set_wanted_value(wanted.wanted_value());
  correction.set_date(wanted.date());
  correction.set_perspective(written_by);
  BB_RETURN_IF_ERROR(NormalizeAndCheck(base::DanishDayOf(transaction.now()), correction));
  correction.set_id(base::MakeUuid());
  correction.set_state(Correction::STATE_OPEN);
  *correction.mutable_create_time() = base::ToTimestamp(transaction.now());
  BB_RETURN_IF_ERROR(Put(transaction, correction));
  return Shown(transaction, std::move(correction));
}

absl::StatusOr<v1::ListCorrectionsResponse> ListCorrections(
    const storage::Snapshot& snapshot, const v1::ListCorrectionsRequest& request) {
  std::vector<Correction> found;
  const auto keep = [&](Correction correction) {
    const bool wanted = request.show_closed() || correction.state() == Correction::STATE_OPEN;
    if (wanted) found.push_back(std::move(correction));
    return absl::OkStatus();
  };
  BB_ASSIGN_OR_RETURN(const auto prefixes, PrefixesOf(snapshot, request.association_id()));
  for (const std::string& prefix : prefixes) {
    BB_RETURN_IF_ERROR(
        (registry::ForEachRecord<Correction>(snapshot, Kind::kCorrection, prefix, keep)));
  }
  std::stable_sort(found.begin(), found.end(), [](const Correction& left, const Correction& right) {
    return base::ToInstant(left.create_time()) < base::ToInstant(right.create_time());
  });
  if (found.size() > kMostListed) found.resize(kMostListed);
  v1::ListCorrectionsResponse response;
  for (Correction& each : found) {
    BB_ASSIGN_OR_RETURN(*response.add_corrections(), Shown(snapshot, std::move(each)));
  }
  return response;
}

absl::StatusOr<Correction> CloseCorrection(storage::Transaction& transaction,
                                           const v1::CloseCorrectionRequest& request) {
  std::vector<Correction> meant;
  const auto keep = [&](Correction correction) {
    const bool named = absl::StartsWith(correction.id(), request.correction_id());
    if (named) meant.push_back(std::move(correction));
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(
      (registry::ForEachRecord<Correction>(transaction, Kind::kCorrection, "", keep)));
  if (request.correction_id().empty() || meant.size() != 1) {
    return CorrectionNotFound(request.correction_id());
  }
  Correction& correction = meant.front();
  const model::Place note{nullptr, "note"};
  const std::size_t least = request.corrected() ? 0 : 1;
  correction.set_note(request.note());
  BB_RETURN_IF_ERROR(model::CheckEverywhere(correction, {nullptr, "correction"}));
  BB_RETURN_IF_ERROR(model::FixText(note, {least, kLongestNote}, *correction.mutable_note()));
  BB_RETURN_IF_ERROR(model::RefuseSensitiveWords(note, correction.note()));
  correction.set_state(request.corrected() ? Correction::STATE_CORRECTED
                                           : Correction::STATE_DECLINED);
  *correction.mutable_close_time() = base::ToTimestamp(transaction.now());
  BB_RETURN_IF_ERROR(Put(transaction, correction));
  return Shown(transaction, correction);
}

}  // namespace brobygger::people
