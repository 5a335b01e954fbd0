#include "core/events/invitations.h"

#include <utility>

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/events/kept.h"
#include "core/model/rules.h"
#include "core/registry/each_record.h"
#include "core/registry/index_scan.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"
#include "core/registry/query.h"
#include "core/registry/records.h"

namespace brobygger::events {
namespace {

constexpr int kMostAtOnce = 500;
constexpr std::size_t kLongestNote = 300;
constexpr std::int64_t kMostPeople = 100'000;
constexpr std::int64_t kMostOfOne = 1'000;  // whom an association says it brings

// The invitation of the association, or of one that was merged into it.
absl::StatusOr<std::optional<Invitation>> FindAsked(const storage::Snapshot& snapshot,
                                                    const std::string& event_id,
                                                    const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto ids, registry::IdsOf(snapshot, association_id));
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(auto invitation, FindInvitation(snapshot, event_id, id));
    if (invitation) return invitation;
  }
  return std::optional<Invitation>();
}

// The same. INVITATION_NOT_FOUND.
absl::StatusOr<Invitation> GetAsked(const storage::Snapshot& snapshot,
                                    const std::string& event_id,
                                    const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(auto invitation, FindAsked(snapshot, event_id, association_id));
  if (invitation) return *std::move(invitation);
  return base::MakeError(
      errors::v1::ERROR_REASON_INVITATION_NOT_FOUND,
      "the association is not asked to this event; see brobygger event invite",
      {{"event_id", event_id}, {"association_id", registry::Shown(association_id)}});
}

// With the association's name now.
absl::StatusOr<Invitation> Named(const storage::Snapshot& snapshot, Invitation invitation) {
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::FollowMerges(snapshot, invitation.association_id()));
  if (association) invitation.set_official_name(association->official_name());
  return invitation;
}

absl::Status CheckCanBeAnswered(const Event& event,
                                const Invitation& invitation,
                                const std::string& today) {
  if (CanBeAnswered(event, invitation, today)) return absl::OkStatus();
  const bool cancelled = event.has_cancel_time();
  return base::MakeError(errors::v1::ERROR_REASON_EVENT_OVER,
                         cancelled ? "the event was cancelled" : "the event has been held",
                         {{"event_id", event.id()}, {"state", cancelled ? "cancelled" : "over"}});
}

// Of whatever else was asked and is part of the association by now.
absl::Status CloseFollowUps(storage::Transaction& transaction,
                            const std::string& event_id,
                            const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto ids, registry::IdsOf(transaction, association_id));
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(auto invitation, FindInvitation(transaction, event_id, id));
    if (!invitation || !invitation->follow_up_open()) continue;
    invitation->set_follow_up_open(false);
    BB_RETURN_IF_ERROR(StoreInvitation(transaction, *invitation));
  }
  return absl::OkStatus();
}

absl::StatusOr<Invitation> Invite(storage::Transaction& transaction,
                                  const std::string& event_id,
                                  Invitation wanted,
                                  bool by_mail) {
  BB_RETURN_IF_ERROR(NormalizeAndCheck(wanted));
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::GetLive(transaction, wanted.association_id()));
  BB_ASSIGN_OR_RETURN(auto before, FindAsked(transaction, event_id, association.id()));
  Invitation invitation = before ? *std::move(before) : Invitation();
  if (invitation.event_id().empty()) {
    invitation.set_event_id(event_id);
    invitation.set_association_id(association.id());
    invitation.set_state(Invitation::STATE_INVITED);
    *invitation.mutable_create_time() = base::ToTimestamp(transaction.now());
  }
  invitation.set_can_give(wanted.can_give());
  invitation.set_can_get(wanted.can_get());
  if (by_mail) {
    if (association.emails().empty()) {
      return model::BrokenRule(
          {nullptr, "by_mail"},
          "is not possible: " + association.official_name() + " has given no e-mail address");
    }
    invitation.set_mail_waiting(true);
    invitation.clear_mail_trouble();
  }
  BB_RETURN_IF_ERROR(StoreInvitation(transaction, invitation));
  invitation.set_official_name(association.official_name());
  return invitation;
}

}  // namespace

absl::StatusOr<event::v1::InviteAssociationsResponse> InviteAssociations(
    storage::Transaction& transaction, const event::v1::InviteAssociationsRequest& request) {
  if (request.invitations().empty() || request.invitations_size() > kMostAtOnce) {
    return model::BrokenRule({nullptr, "invitations"}, "must be 1-500 associations");
  }
  BB_ASSIGN_OR_RETURN(const Event event, LoadEvent(transaction, request.event_id()));
  event::v1::InviteAssociationsResponse response;
  for (const Invitation& wanted : request.invitations()) {
    BB_ASSIGN_OR_RETURN(*response.add_invitations(),
                        Invite(transaction, event.id(), wanted, request.by_mail()));
  }
  return response;
}

absl::StatusOr<Invitation> RecordAttendance(storage::Transaction& transaction,
                                            const event::v1::RecordAttendanceRequest& request) {
  event::v1::RecordAttendanceRequest checked = request;
  BB_RETURN_IF_ERROR(model::CheckEverywhere(checked, {}));
  BB_RETURN_IF_ERROR(model::FixText({nullptr, "follow_up_note"}, {0, kLongestNote},
                                    *checked.mutable_follow_up_note()));
  BB_RETURN_IF_ERROR(
      model::CheckRange({nullptr, "head_count"}, checked.head_count(), 0, kMostPeople));
  BB_ASSIGN_OR_RETURN(const Event event, LoadEvent(transaction, checked.event_id()));
  BB_ASSIGN_OR_RETURN(std::optional<Invitation> invitation,
                      GetAsked(transaction, event.id(), checked.association_id()));
  if (checked.state() != Invitation::STATE_UNSPECIFIED) {
    const bool absent = checked.state() == Invitation::STATE_ABSENT;
    const bool news = invitation->state() != checked.state();
    invitation->set_state(checked.state());
    if (news || !absent) invitation->set_follow_up_open(absent);
  }
  if (checked.head_count() > 0) invitation->set_head_count(checked.head_count());
  if (!checked.follow_up_note().empty()) {
    invitation->set_follow_up_note(checked.follow_up_note());
    invitation->set_follow_up_open(false);
  }
  BB_RETURN_IF_ERROR(StoreInvitation(transaction, *invitation));
  if (!invitation->follow_up_open()) {
    BB_RETURN_IF_ERROR(CloseFollowUps(transaction, event.id(), checked.association_id()));
  }
  return Named(transaction, *std::move(invitation));
}

bool CanBeAnswered(const Event& event, const Invitation& invitation, const std::string& today) {
  const auto state = invitation.state();
  const bool recorded = state == Invitation::STATE_ATTENDED || state == Invitation::STATE_ABSENT;
  return !event.has_cancel_time() && !recorded && LastDay(event) >= today;
}

absl::StatusOr<Invitation> AnswerInvitation(storage::Transaction& transaction,
                                            const event::v1::AnswerInvitationRequest& request) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(request, {}));
  const bool comes = request.state() == Invitation::STATE_REGISTERED;
  if (!comes && request.state() != Invitation::STATE_DECLINED) {
    return model::BrokenRule({nullptr, "state"}, "must be STATE_REGISTERED or STATE_DECLINED");
  }
  BB_RETURN_IF_ERROR(
      model::CheckRange({nullptr, "head_count"}, request.head_count(), 0, kMostOfOne));
  BB_ASSIGN_OR_RETURN(const Event event, LoadEvent(transaction, request.event_id()));
  BB_ASSIGN_OR_RETURN(Invitation invitation,
                      GetAsked(transaction, event.id(), request.association_id()));
  BB_RETURN_IF_ERROR(CheckCanBeAnswered(event, invitation, base::DanishDayOf(transaction.now())));
  invitation.set_state(request.state());
  invitation.set_head_count(comes ? request.head_count() : 0);
  BB_RETURN_IF_ERROR(StoreInvitation(transaction, invitation));
  // What employees wrote of a call, and how the mail fared, is theirs.
  invitation.clear_follow_up_note();
  invitation.clear_mail_trouble();
  return Named(transaction, std::move(invitation));
}

absl::StatusOr<std::vector<InvitationToMail>> InvitationsToMail(const storage::Snapshot& snapshot) {
  BB_ASSIGN_OR_RETURN(const auto keys,
                      registry::KeysAt(snapshot, storage::Index::kInvitationToMail, kMailWaiting));
  std::vector<InvitationToMail> waiting;
  for (const std::string& key : keys) {
    const std::size_t slash = key.find('/');
    BB_ASSIGN_OR_RETURN(auto invitation,
                        FindInvitation(snapshot, key.substr(0, slash), key.substr(slash + 1)));
    if (!invitation) continue;
    InvitationToMail mail{
        .event = {}, .invitation = *std::move(invitation), .to = {}, .reply_to = {}};
    BB_ASSIGN_OR_RETURN(Event event, LoadEvent(snapshot, mail.invitation.event_id()));
    BB_ASSIGN_OR_RETURN(mail.event, Shown(snapshot, std::move(event)));
    BB_ASSIGN_OR_RETURN(const auto association,
                        registry::FollowMerges(snapshot, mail.invitation.association_id()));
    if (association && !association->emails().empty()) mail.to = association->emails(0);
    if (association) mail.invitation.set_official_name(association->official_name());
    const auto host = registry::GetDepartment(snapshot, mail.event.host_department_ids(0));
    if (host.ok()) mail.reply_to = host->contact_email();
    waiting.push_back(std::move(mail));
  }
  return waiting;
}

absl::StatusOr<bool> IsAskedByMail(const storage::Snapshot& snapshot,
                                   const Invitation& invitation) {
  BB_ASSIGN_OR_RETURN(const auto asked,
                      registry::FollowMerges(snapshot, invitation.association_id()));
  if (!asked) return false;
  // As they were asked: InvitationsOf shows two that became one association as one.
  bool before = false;
  const auto look = [&](const Invitation& other) -> absl::Status {
    if (!other.has_mail_time() || other.association_id() == invitation.association_id()) {
      return absl::OkStatus();
    }
    BB_ASSIGN_OR_RETURN(const auto same, registry::FollowMerges(snapshot, other.association_id()));
    before = before || (same && same->id() == asked->id());
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR((registry::ForEachRecord<Invitation>(snapshot, storage::Kind::kInvitation,
                                                          invitation.event_id() + "/", look)));
  return before;
}

absl::Status RecordMail(storage::Transaction& transaction,
                        const Invitation& invitation,
                        const std::string& trouble) {
  BB_ASSIGN_OR_RETURN(
      auto kept, FindInvitation(transaction, invitation.event_id(), invitation.association_id()));
  if (!kept) return absl::OkStatus();
  kept->set_mail_waiting(false);
  kept->set_mail_trouble(trouble);
  if (trouble.empty()) *kept->mutable_mail_time() = base::ToTimestamp(transaction.now());
  return StoreInvitation(transaction, *kept);
}

}  // namespace brobygger::events
