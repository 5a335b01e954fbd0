#include "core/advice/triggers.h"

#include <algorithm>
#include <vector>

#include "brobygger/contact/v1/contact_service.pb.h"
#include "brobygger/event/v1/event.pb.h"

#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/collab/agreement.h"
#include "core/collab/collaborations.h"
#include "core/contact/touchpoints.h"
#include "core/grants/follow_ups.h"
#include "core/grants/owner.h"
#include "core/registry/index_scan.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"
#include "core/registry/records.h"

namespace brobygger::advice {
namespace {

using collab::v1::AdviceTrigger;
using collab::v1::Collaboration;
using contact::v1::Touchpoint;
using storage::Snapshot;
using Triggers = std::set<AdviceTrigger>;

constexpr int kAYear = 365;
// As few say nothing of a pattern; as in discovery's balance of initiative.
constexpr int kFewContacts = 3;
constexpr int kMostContacts = 500;

absl::StatusOr<std::vector<Touchpoint>> ContactsOf(const Snapshot& snapshot,
                                                   base::Instant now,
                                                   const std::string& id) {
  contact::v1::ListTouchpointsRequest request;
  request.set_association_id(id);
  request.set_from_date(base::DanishDayOf(now, -kAYear));
  request.set_to_date(base::DanishDayOf(now));
  request.set_page_size(kMostContacts);
  BB_ASSIGN_OR_RETURN(const auto page, contact::ListAllTouchpoints(snapshot, now, request));
  return std::vector<Touchpoint>(page.touchpoints().begin(), page.touchpoints().end());
}

bool IsOneSided(const std::vector<Touchpoint>& contacts) {
  const auto by = [&](contact::v1::ContactInitiator who) {
    return std::count_if(contacts.begin(), contacts.end(),
                         [&](const Touchpoint& each) { return each.initiator() == who; });
  };
  const auto municipality = by(contact::v1::CONTACT_INITIATOR_MUNICIPALITY);
  const auto association = by(contact::v1::CONTACT_INITIATOR_ASSOCIATION);
  return municipality + association >= kFewContacts && (municipality == 0 || association == 0);
}

bool IsAboutMoney(const Touchpoint& contact) {
  return contact.purpose() == contact::v1::CONTACT_PURPOSE_GRANT ||
         contact.purpose() == contact::v1::CONTACT_PURPOSE_PREMISES;
}

absl::Status LookAtContacts(const Snapshot& snapshot,
                            base::Instant now,
                            const std::string& id,
                            Triggers& hold) {
  BB_ASSIGN_OR_RETURN(const auto contacts, ContactsOf(snapshot, now, id));
  BB_ASSIGN_OR_RETURN(const auto applications, grants::ApplicationsOf(snapshot, id));
  BB_ASSIGN_OR_RETURN(const bool had_contact, contact::HadContact(snapshot, id));
  if (!had_contact) hold.insert(collab::v1::ADVICE_TRIGGER_FIRST_CONTACT);
  if (IsOneSided(contacts)) hold.insert(collab::v1::ADVICE_TRIGGER_ONE_SIDED);
  const bool in_touch = !contacts.empty() || !applications.empty();
  const bool money = std::all_of(contacts.begin(), contacts.end(), IsAboutMoney);
  if (in_touch && money) hold.insert(collab::v1::ADVICE_TRIGGER_MONEY_ONLY);
  for (const auto& application : applications) {
    BB_ASSIGN_OR_RETURN(const auto owed, grants::OpenFollowUpOf(snapshot, application));
    if (owed) hold.insert(collab::v1::ADVICE_TRIGGER_REFUSAL);
  }
  return absl::OkStatus();
}

absl::Status LookAtInvitations(const Snapshot& snapshot,
                               const std::vector<std::string>& ids,
                               Triggers& hold) {
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(const auto keys,
                        registry::KeysAt(snapshot, storage::Index::kInvitationByAssociation, id));
    for (const std::string& key : keys) {
      BB_ASSIGN_OR_RETURN(const storage::Bytes bytes,
                          snapshot.Find(storage::Kind::kInvitation, key));
      if (bytes == nullptr) continue;
      event::v1::Invitation invitation;
      BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, invitation));
      if (invitation.follow_up_open()) hold.insert(collab::v1::ADVICE_TRIGGER_NO_SHOW);
    }
  }
  return absl::OkStatus();
}

void LookAt(const Collaboration& collaboration, Triggers& hold) {
  switch (collaboration.state()) {
    case collab::v1::COLLABORATION_STATE_IDEA:
    case collab::v1::COLLABORATION_STATE_CLARIFYING:
      hold.insert(collab::v1::ADVICE_TRIGGER_NEW_IDEA);
      break;
    case collab::v1::COLLABORATION_STATE_ALIGNING:
      hold.insert(collab::v1::ADVICE_TRIGGER_NO_ALIGNMENT);
      break;
    // What is over, or agreed already, wants no advice on how to begin.
    default:
      return;
  }
  if (!collab::WordsToExplain(collaboration, {}).empty()) {
    hold.insert(collab::v1::ADVICE_TRIGGER_JARGON);
  }
}

}  // namespace

absl::StatusOr<Triggers> TriggersOf(const Snapshot& snapshot,
                                    base::Instant now,
                                    const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto association, registry::GetLive(snapshot, association_id));
  BB_ASSIGN_OR_RETURN(const auto ids, registry::IdsOf(snapshot, association.id()));
  Triggers hold;
  BB_RETURN_IF_ERROR(LookAtContacts(snapshot, now, association.id(), hold));
  BB_RETURN_IF_ERROR(LookAtInvitations(snapshot, ids, hold));
  BB_ASSIGN_OR_RETURN(const auto collaborations,
                      collab::CollaborationsOf(snapshot, association.id()));
  for (const Collaboration& each : collaborations) LookAt(each, hold);
  return hold;
}

}  // namespace brobygger::advice
