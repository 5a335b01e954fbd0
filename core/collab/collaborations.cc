#include "core/collab/collaborations.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <google/protobuf/util/field_mask_util.h>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/collab/acting.h"
#include "core/collab/alignment.h"
#include "core/collab/kept.h"
#include "core/collab/kept_records.h"
#include "core/collab/moves.h"
#include "core/collab/rules.h"
#include "core/model/rules.h"
#include "core/registry/page.h"
#include "core/registry/query.h"
#include "core/registry/records.h"
#include "core/registry/update_mask.h"

namespace brobygger::collab {
namespace {

using google::protobuf::FieldMask;
using google::protobuf::util::FieldMaskUtil;
using storage::Snapshot;
using v1::Collaboration;
using v1::ListCollaborationsRequest;
using v1::ListCollaborationsResponse;
using v1::Party;

// What a person may write.
const FieldMask& WritableCollaboration() {
  static const auto* const kMask = [] {
    auto* made = new FieldMask;
    for (const char* const path :
         {"title", "aim", "theme", "audience", "area", "degree", "start_date", "end_date",
          "grant_application_ids", "event_ids", "premises_ids"}) {
      made->add_paths(path);
    }
    return made;
  }();
  return *kMask;
}

// What it names that must be there, and be the caller's to see.
// What it named before is no matter of whoever changes something else.
absl::Status CheckLinks(const Snapshot& snapshot,
                        const Collaboration& before,
                        const Collaboration& collaboration) {
  std::set<std::string> named(before.grant_application_ids().begin(),
                              before.grant_application_ids().end());
  named.insert(before.event_ids().begin(), before.event_ids().end());
  named.insert(before.premises_ids().begin(), before.premises_ids().end());
  const auto check = [&](storage::Kind kind, const std::string& id,
                         const char* field) -> absl::Status {
    if (named.contains(id)) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(kind, id));
    if (bytes != nullptr) return absl::OkStatus();
    return model::BrokenRule({nullptr, field}, "names what there is not");
  };
  for (const std::string& id : collaboration.grant_application_ids()) {
    BB_RETURN_IF_ERROR(check(storage::Kind::kGrantApplication, id, "grant_application_ids"));
  }
  for (const std::string& id : collaboration.event_ids()) {
    BB_RETURN_IF_ERROR(check(storage::Kind::kEvent, id, "event_ids"));
  }
  for (const std::string& id : collaboration.premises_ids()) {
    BB_RETURN_IF_ERROR(check(storage::Kind::kPremises, id, "premises_ids"));
  }
  return absl::OkStatus();
}

absl::Status ProposeFor(const Snapshot& snapshot,
                        const Actor& actor,
                        Collaboration& collaboration) {
  Party itself;
  itself.set_side(v1::COLLABORATION_SIDE_ASSOCIATION);
  itself.set_association_id(actor.association_id);
  BB_ASSIGN_OR_RETURN(itself, CheckedParty(snapshot, std::move(itself)));
  return PutParty(itself, collaboration);
}

// What was over before it was written down is closed, and takes no way through the states.
absl::Status CloseAfterwards(const Actor& actor,
                             const std::string& today,
                             Collaboration& collaboration) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "writing down what is over"));
  if (collaboration.start_date().empty()) {
    return model::BrokenRule({nullptr, "start_date"}, "is required of what is over");
  }
  if (collaboration.end_date().empty() || collaboration.end_date() >= today) {
    return model::BrokenRule({nullptr, "end_date"}, "must be a past day of what is over");
  }
  collaboration.set_state(v1::COLLABORATION_STATE_CLOSED);
  collaboration.set_state_date(collaboration.end_date());
  collaboration.set_recorded_afterwards(true);
  return absl::OkStatus();
}

bool HasDepartment(const Collaboration& collaboration, const std::string& department_id) {
  const auto& parties = collaboration.parties();
  return std::any_of(parties.begin(), parties.end(),
                     [&](const Party& party) { return party.department_id() == department_id; });
}

}  // namespace

absl::StatusOr<Collaboration> CreateCollaboration(storage::Transaction& transaction,
                                                  const v1::CreateCollaborationRequest& wanted,
                                                  const Actor& actor) {
  Collaboration collaboration;
  FieldMaskUtil::MergeMessageTo(wanted.collaboration(), WritableCollaboration(), {},
                                &collaboration);
  BB_RETURN_IF_ERROR(NormalizeAndCheck(collaboration));
  BB_RETURN_IF_ERROR(CheckLinks(transaction, {}, collaboration));
  collaboration.set_id(base::MakeUuid());
  collaboration.set_state(v1::COLLABORATION_STATE_IDEA);
  collaboration.set_state_date(base::DanishDayOf(transaction.now()));
  collaboration.set_proposed_by(actor.is_association() ? v1::COLLABORATION_SIDE_ASSOCIATION
                                                       : v1::COLLABORATION_SIDE_MUNICIPALITY);
  if (wanted.recorded_afterwards()) {
    BB_RETURN_IF_ERROR(CloseAfterwards(actor, collaboration.state_date(), collaboration));
  }
  if (actor.is_association()) {
    BB_RETURN_IF_ERROR(ProposeFor(transaction, actor, collaboration));
  }
  for (const Party& each : wanted.parties()) {
    BB_ASSIGN_OR_RETURN(const Party party, CheckedParty(transaction, each));
    BB_RETURN_IF_ERROR(PutParty(party, collaboration));
  }
  // Nobody could see one that nobody takes part in.
  if (collaboration.parties().empty())
    return model::BrokenRule({nullptr, "parties"}, "are required");
  BB_RETURN_IF_ERROR(StoreCollaboration(transaction, collaboration));
  return Shown(transaction, std::move(collaboration));
}

absl::StatusOr<Collaboration> UpdateCollaboration(storage::Transaction& transaction,
                                                  const Collaboration& wanted,
                                                  const FieldMask& mask,
                                                  const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "changing it"));
  BB_RETURN_IF_ERROR(registry::CheckUpdateMask(mask, WritableCollaboration()));
  BB_ASSIGN_OR_RETURN(const Collaboration before, LoadAt(transaction, wanted.id(), wanted.etag()));
  Collaboration collaboration = before;
  FieldMaskUtil::MergeOptions replace;
  replace.set_replace_message_fields(true);
  replace.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(wanted, mask, replace, &collaboration);
  BB_RETURN_IF_ERROR(NormalizeAndCheck(collaboration));
  BB_RETURN_IF_ERROR(CheckLinks(transaction, before, collaboration));
  BB_RETURN_IF_ERROR(StoreCollaboration(transaction, collaboration));
  return Shown(transaction, std::move(collaboration));
}

absl::StatusOr<Collaboration> MoveCollaboration(storage::Transaction& transaction,
                                                const v1::MoveCollaborationRequest& wanted,
                                                const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "taking it further"));
  BB_ASSIGN_OR_RETURN(Collaboration collaboration,
                      LoadAt(transaction, wanted.collaboration_id(), wanted.etag()));
  std::string reason = wanted.reason();
  BB_RETURN_IF_ERROR(NormalizeAndCheckReason(reason));
  BB_ASSIGN_OR_RETURN(const auto round, FindNewestRound(transaction, collaboration.id()));
  const std::string today = base::DanishDayOf(transaction.now());
  BB_RETURN_IF_ERROR(CheckMove({.collaboration = collaboration,
                                .newest_round = round ? &*round : nullptr,
                                .today = today,
                                .reason = reason},
                               wanted.state()));
  collaboration.set_state(wanted.state());
  collaboration.set_state_date(today);
  collaboration.set_state_reason(reason);
  const bool begins = wanted.state() == v1::COLLABORATION_STATE_ACTIVE;
  if (begins && collaboration.first_active_date().empty()) {
    collaboration.set_first_active_date(today);
  }
  BB_RETURN_IF_ERROR(StoreCollaboration(transaction, collaboration));
  return Shown(transaction, std::move(collaboration));
}

absl::StatusOr<v1::GetCollaborationResponse> GetCollaboration(const Snapshot& snapshot,
                                                              const std::string& typed,
                                                              base::Instant now,
                                                              const Actor& actor) {
  v1::GetCollaborationResponse answer;
  BB_ASSIGN_OR_RETURN(const Collaboration collaboration, LoadCollaboration(snapshot, typed));
  BB_ASSIGN_OR_RETURN(const auto round, FindNewestRound(snapshot, collaboration.id()));
  // A reason is asked for when it is moved.
  const Situation situation{.collaboration = collaboration,
                            .newest_round = round ? &*round : nullptr,
                            .today = base::DanishDayOf(now),
                            .reason = "?"};
  for (const Move& move : Moves()) {
    if (move.from != collaboration.state()) continue;
    v1::PossibleMove& told = *answer.add_moves();
    told.set_state(move.to);
    for (std::string& code : MissingFor(situation, move.to)) told.add_missing(std::move(code));
  }
  if (round) {
    for (auto& difference : DifferencesOf(*round)) {
      *answer.add_differences() = std::move(difference);
    }
    *answer.mutable_alignment() = SeenBy(actor, *round);
  }
  BB_ASSIGN_OR_RETURN(*answer.mutable_collaboration(), Shown(snapshot, collaboration));
  return answer;
}

absl::StatusOr<ListCollaborationsResponse> ListCollaborations(
    const Snapshot& snapshot, const ListCollaborationsRequest& request) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(request, {}));
  const std::string arguments =
      registry::PageArguments({"collaborations", std::to_string(request.state()),
                               request.department_id(), request.association_id()});
  BB_ASSIGN_OR_RETURN(auto all, CollaborationsOf(snapshot, request.association_id()));
  std::erase_if(all, [&](const Collaboration& each) {
    const bool other =
        request.state() != v1::COLLABORATION_STATE_UNSPECIFIED && each.state() != request.state();
    const bool department =
        request.department_id().empty() || HasDepartment(each, request.department_id());
    return other || !department;
  });
  BB_ASSIGN_OR_RETURN(auto page, PageOf(snapshot, std::move(all), request, arguments));
  ListCollaborationsResponse response;
  for (Collaboration& each : page.first) {
    BB_ASSIGN_OR_RETURN(*response.add_collaborations(), Shown(snapshot, std::move(each)));
  }
  response.set_next_page_token(std::move(page.second));
  return response;
}

}  // namespace brobygger::collab
