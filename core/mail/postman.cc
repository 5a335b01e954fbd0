#include "core/mail/postman.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <openssl/evp.h>

#include "core/base/id.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/mail/message.h"
#include "core/mail/texts.h"
#include "core/model/contact.h"
#include "core/sync/claims.h"

namespace brobygger::mail {
namespace {

using storage::Kind;

constexpr std::chrono::hours kReminder(7 * 24);
// After a mail that was not taken over: doubling to about an hour.
constexpr std::chrono::minutes kRest(1);
constexpr int kMostDoublings = 6;

// The same for the same news to the same address: if the hub dies between the
// server's yes and its own record of it, the mail goes out once more under the same
// id, and the reader's mail system can tell.
std::string IdOf(const std::string& address, const v1::MailState& before, const Lines& lines) {
  std::string text = absl::StrCat(address, "\n", before.send_time().seconds(), "\n");
  for (const v1::Line& line : lines) absl::StrAppend(&text, line.SerializeAsString(), "\n");
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(bytes.data()), size));
}

absl::Status WriteAndSend(Sender& sender, const Message& message, const StopAsked& stop) {
  BB_ASSIGN_OR_RETURN(std::string text, WriteMessage(message));
  return sender.Send({message.from, message.to, std::move(text)}, stop);
}

}  // namespace

Postman::Postman(storage::Store& store, Sender& sender, const base::Clock& clock, Settings settings)
    : store_(store), sender_(sender), clock_(clock), settings_(std::move(settings)) {}

void Postman::Walk(const StopAsked& stop) {
  const absl::Status looked = Look(stop);
  if (looked.ok()) return;
  base::LogWarning("mail_look_failed", {{"code", looked.raw_code()}});
}

absl::Status Postman::Look(const StopAsked& stop) {
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  if (!loaded_) BB_RETURN_IF_ERROR(Load(*latest));
  BB_ASSIGN_OR_RETURN(const Waiting waiting, CollectWaiting(*latest));
  const auto shares = ShareOut(waiting, settings_.to);
  // Who cannot be remembered for now, on a full disk, is told all the same.
  absl::Status trouble;
  for (const auto& [address, lines] : shares) {
    if (stop && stop()) return absl::OkStatus();
    Place& place = places_[address];
    if (ForgetWhatIsOver(lines, place.told)) place.unsaved = true;
    if (IsDue(lines, place)) Send(address, lines, stop);
    if (place.unsaved) trouble.Update(Save(address, place));
  }
  trouble.Update(Forget(shares));
  return trouble;
}

absl::Status Postman::Load(const storage::Snapshot& snapshot) {
  places_.clear();
  BB_RETURN_IF_ERROR(sync::ForEach(snapshot, Kind::kMailState, "",
                                   [&](const std::string& address, const std::string& bytes) {
                                     places_[address].told.ParseFromString(bytes);
                                     return absl::OkStatus();
                                   }));
  loaded_ = true;
  return absl::OkStatus();
}

// An address that nobody names any more need not be kept.
absl::Status Postman::Forget(const std::map<std::string, Lines>& shares) {
  for (auto place = places_.begin(); place != places_.end();) {
    if (shares.contains(place->first)) {
      ++place;
      continue;
    }
    const auto removed = store_.Write("mail", [&](storage::Transaction& transaction) {
      return transaction.Remove(Kind::kMailState, place->first);
    });
    BB_RETURN_IF_ERROR(removed.status());
    place = places_.erase(place);
  }
  return absl::OkStatus();
}

bool Postman::IsDue(const Lines& lines, Place& place) const {
  const base::Instant now = clock_.Now();
  const bool news = AnyNews(lines, place.told);
  if (!news) place.news_since = base::Instant();
  if (news && place.news_since == base::Instant()) place.news_since = now;
  if (lines.empty() || now < place.not_before) return false;
  const base::Instant sent = base::ToInstant(place.told.send_time());
  // A clock that was once ahead must not silence the hub until then.
  const bool soon = sent <= now && now - sent < settings_.every;
  if (soon) return false;
  if (news && now - place.news_since >= settings_.settle) return true;
  return place.told.lines_size() > 0 && now - sent >= kReminder;
}

void Postman::Send(const std::string& address, const Lines& lines, const StopAsked& stop) {
  Place& place = places_[address];
  const base::Instant now = clock_.Now();
  Digest digest = WriteDigest(lines, settings_.language, settings_.every);
  const absl::Status sent = WriteAndSend(sender_,
                                         {.from = settings_.from,
                                          .to = address,
                                          .subject = std::move(digest.subject),
                                          .language = settings_.language,
                                          .id = IdOf(address, place.told, lines),
                                          .time = now,
                                          .body = std::move(digest.body)},
                                         stop);
  if (!sent.ok()) {
    // A hub that stops has not failed to send.
    if (stop && stop()) return;
    const auto rest = kRest * (1 << std::min(place.failures++, kMostDoublings));
    place.not_before = now + rest;
    base::LogWarning("mail_not_sent", {{"to", base::LogValue::Vetted(WordsFor(address))},
                                       {"why", base::LogValue::Vetted(std::string(sent.message()))},
                                       {"next_try_minutes", rest.count()}});
    return;
  }
  place = Place();
  *place.told.mutable_send_time() = base::ToTimestamp(now);
  place.told.mutable_lines()->Assign(lines.begin(), lines.end());
  place.unsaved = true;
  base::LogInfo("mail_sent",
                {{"to", base::LogValue::Vetted(WordsFor(address))}, {"lines", lines.size()}});
}

absl::Status Postman::Save(const std::string& address, Place& place) {
  const auto saved = store_.Write("mail", [&](storage::Transaction& transaction) {
    return transaction.Put(Kind::kMailState, address, place.told.SerializeAsString());
  });
  // What could not be saved is still known here, and saved at the next look.
  if (saved.ok()) place.unsaved = false;
  return saved.status();
}

// Where the operator finds the address, which itself is nothing for a log.
std::string Postman::WordsFor(const std::string& address) const {
  const auto& to = settings_.to;
  const auto found = std::find_if(to.begin(), to.end(), [&](const std::string& one) {
    return model::NormalizeEmail(one) == address;
  });
  if (found == to.end()) return "a connection's responsible_email";
  return absl::StrCat("mail.to, number ", found - to.begin() + 1);
}

absl::Status SendTestMail(Sender& sender,
                          const Settings& settings,
                          const std::string& address,
                          const base::Clock& clock) {
  std::string id = base::MakeUuid();
  std::erase(id, '-');
  return WriteAndSend(sender,
                      {.from = settings.from,
                       .to = address,
                       .subject = Text("test_subject", settings.language),
                       .language = settings.language,
                       .id = std::move(id),
                       .time = clock.Now(),
                       .body = Text("test_body", settings.language) + "\n"},
                      nullptr);
}

}  // namespace brobygger::mail
