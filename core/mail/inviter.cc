#include "core/mail/inviter.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/time/time.h>

#include "core/base/day.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/mail/texts.h"

namespace brobygger::mail {
namespace {

using event::v1::Event;
using event::v1::Invitation;

constexpr std::chrono::minutes kInviterRest(1);
constexpr int kMostInviterDoublings = 6;

// A day as people there write it: "11-03-2027", in English as it is.
std::string ShowDay(const std::string& date, const std::string& language) {
  if (language != "da" || date.size() != 10) return date;
  return absl::StrCat(date.substr(8, 2), "-", date.substr(5, 2), "-", date.substr(0, 4));
}

std::string Local(const google::protobuf::Timestamp& time, const char* format) {
  static const absl::TimeZone zone = [] {
    absl::TimeZone loaded;
    absl::LoadTimeZone("Europe/Copenhagen", &loaded);
    return loaded;
  }();
  return absl::FormatTime(format, absl::FromUnixSeconds(time.seconds()), zone);
}

std::string ShowWhen(const Event& event, const std::string& language) {
  if (!event.start_date().empty()) {
    const std::string first = ShowDay(event.start_date(), language);
    if (event.end_date() == event.start_date()) return first;
    return absl::StrCat(first, " - ", ShowDay(event.end_date(), language));
  }
  const std::string first = Local(event.start_time(), "%Y-%m-%d");
  const std::string last = Local(event.end_time(), "%Y-%m-%d");
  return absl::StrCat(ShowDay(first, language), " ", Local(event.start_time(), "%H:%M"), " - ",
                      last == first ? "" : ShowDay(last, language) + " ",
                      Local(event.end_time(), "%H:%M"));
}

// What makes it this mail: asked again, it is another one.
std::string IdOf(const Invitation& invitation) {
  std::string id = absl::StrCat("invite", invitation.event_id(), invitation.association_id(),
                                invitation.mail_time().seconds());
  std::erase(id, '-');
  return id;
}

bool IsOff(const Event& event, base::Instant now) {
  if (event.has_cancel_time()) return true;
  const std::string today = base::DanishDayOf(now);
  if (!event.end_date().empty()) return event.end_date() < today;
  return base::ToInstant(event.end_time()) < now;
}

}  // namespace

Message WriteInvitation(const events::InvitationToMail& invitation,
                        const Settings& settings,
                        base::Instant now) {
  const Event& event = invitation.event;
  const std::string& language = settings.language;
  std::string body = absl::StrCat(
      FillText("invite_hello", language, invitation.invitation.official_name()), "\n\n",
      FillText("invite_intro", language, absl::StrJoin(event.host_names(), ", "), event.title()),
      "\n\n");
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) absl::StrAppend(&body, FillText(key, language, value), "\n");
  };
  add("invite_when", ShowWhen(event, language));
  add("invite_place", event.place());
  if (!event.description().empty()) absl::StrAppend(&body, "\n", event.description(), "\n\n");
  add("invite_give", invitation.invitation.can_give());
  add("invite_get", invitation.invitation.can_get());
  add("invite_url", event.url());
  absl::StrAppend(&body, "\n", Text("invite_answer", language), "\n\n",
                  Text("invite_outro", language), "\n");
  return {.from = settings.from,
          .to = invitation.to,
          .subject = FillText("invite_subject", language, event.title()),
          .language = language,
          .id = IdOf(invitation.invitation),
          .time = now,
          .body = std::move(body),
          .reply_to = invitation.reply_to};
}

Inviter::Inviter(storage::Store& store, Sender& sender, const base::Clock& clock, Settings settings)
    : store_(store), sender_(sender), clock_(clock), settings_(std::move(settings)) {}

void Inviter::Walk(const StopAsked& stop) {
  const absl::Status looked = Look(stop);
  if (!looked.ok()) base::LogWarning("invitations_look_failed", {{"code", looked.raw_code()}});
}

absl::Status Inviter::Look(const StopAsked& stop) {
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  BB_ASSIGN_OR_RETURN(const auto waiting, events::InvitationsToMail(*latest));
  for (const events::InvitationToMail& invitation : waiting) {
    if (stop && stop()) return absl::OkStatus();
    BB_RETURN_IF_ERROR(Send(invitation, stop));
  }
  return absl::OkStatus();
}

absl::Status Inviter::Send(const events::InvitationToMail& invitation, const StopAsked& stop) {
  const Invitation& asked = invitation.invitation;
  const base::Instant now = clock_.Now();
  const std::string key = absl::StrCat(asked.event_id(), "/", asked.association_id());
  const auto rest = rests_.find(key);
  if (rest != rests_.end() && now < rest->second.not_before) return absl::OkStatus();
  if (IsOff(invitation.event, now)) return Record(asked, "the event is over or cancelled");
  if (invitation.to.empty()) return Record(asked, "the association has no e-mail address");
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  BB_ASSIGN_OR_RETURN(const bool asked_before, events::IsAskedByMail(*latest, asked));
  if (asked_before) return Record(asked, "it was asked by mail under another of its names");
  auto text = WriteMessage(WriteInvitation(invitation, settings_, now));
  if (!text.ok()) return Record(asked, std::string(text.status().message()));
  const absl::Status sent = sender_.Send({settings_.from, invitation.to, *std::move(text)}, stop);
  if (absl::IsUnavailable(sent) || (!sent.ok() && stop && stop())) {
    Rest& longer = rests_[key];
    longer.not_before =
        now + kInviterRest * (1 << std::min(longer.failures++, kMostInviterDoublings));
    base::LogWarning("invitation_put_off",
                     {{"why", base::LogValue::Vetted(std::string(sent.message()))}});
    return absl::OkStatus();
  }
  rests_.erase(key);
  if (sent.ok()) base::LogInfo("invitation_mailed", {});
  return Record(asked, std::string(sent.message()));
}

absl::Status Inviter::Record(const Invitation& invitation, const std::string& trouble) {
  return store_
      .Write("mail",
             [&](storage::Transaction& transaction) {
               return events::RecordMail(transaction, invitation, trouble);
             })
      .status();
}

}  // namespace brobygger::mail
