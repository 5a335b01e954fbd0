// Whom of a network may be written to. See networks.h.
#include <optional>
#include <utility>

#include "core/base/status_macros.h"
#include "core/collab/acting.h"
#include "core/collab/network_kept.h"
#include "core/collab/networks.h"
#include "core/registry/joining.h"

namespace brobygger::collab {
namespace {

using registry::v1::Association;

// Why it is not written to; unspecified if it is.
v1::MailingListReason ReasonToOmit(const std::optional<Association>& association,
                                   const std::string& municipality_code) {
  if (!association) return v1::MAILING_LIST_REASON_NOT_SEEN;
  const bool ended = association->has_delete_time() ||
                     association->status() == registry::v1::ASSOCIATION_STATUS_ENDED;
  if (ended) return v1::MAILING_LIST_REASON_ENDED;
  if (association->advertising_protected()) return v1::MAILING_LIST_REASON_ADVERTISING_PROTECTED;
  // Its consent is no part of what is shown elsewhere; that its mailboxes are shown there is.
  const bool elsewhere =
      !municipality_code.empty() && association->municipality_code() != municipality_code;
  const bool agreed =
      elsewhere ? !association->emails().empty() : association->visibility_consent().contact();
  if (!agreed) return v1::MAILING_LIST_REASON_NO_CONSENT;
  if (association->emails().empty()) return v1::MAILING_LIST_REASON_NO_EMAIL;
  return v1::MAILING_LIST_REASON_UNSPECIFIED;
}

}  // namespace

absl::StatusOr<v1::GetNetworkMailingListResponse> GetNetworkMailingList(
    const storage::Snapshot& snapshot,
    const std::string& typed,
    const std::string& municipality_code,
    const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "the mailing list"));
  BB_ASSIGN_OR_RETURN(const v1::Network network, GetNetwork(snapshot, typed, actor));
  v1::GetNetworkMailingListResponse list;
  for (const v1::NetworkMember& member : network.members()) {
    if (!member.left_date().empty()) continue;
    BB_ASSIGN_OR_RETURN(const auto association,
                        registry::FollowMerges(snapshot, member.association_id()));
    const auto reason = ReasonToOmit(association, municipality_code);
    if (reason == v1::MAILING_LIST_REASON_UNSPECIFIED) {
      v1::MailingListEntry& entry = *list.add_entries();
      entry.set_association_id(member.association_id());
      entry.set_title(member.title());
      entry.set_email(association->emails(0));
      continue;
    }
    v1::MailingListOmission& omission = *list.add_omissions();
    omission.set_association_id(member.association_id());
    omission.set_title(member.title());
    omission.set_reason(reason);
  }
  return list;
}

}  // namespace brobygger::collab
