#include "plugins/calendars/ics/feed_trouble.h"

#include <algorithm>

#include "brobygger/sdk/error.h"

namespace brobygger::ics {
namespace {

using sdk::Diagnostic;

constexpr long kUnauthorized = 401;
constexpr long kForbidden = 403;
constexpr long kNotFound = 404;
constexpr long kGone = 410;
constexpr long kTooMany = 429;
constexpr long kUnavailable = 503;

constexpr auto kMostRetryAfter = std::chrono::hours(24);

absl::Status Slow(const std::string& host, std::chrono::seconds retry_after) {
  Diagnostic slow = sdk::ToDiagnostic({.kind = Diagnostic::CLASS_RATE_LIMITED,
                                       .code = "calendars.ics.slow_down",
                                       .da = host + " beder om en pause. Der prøves igen senere.",
                                       .en = host + " asks for a pause. It is tried again later.",
                                       .path = "url"});
  const auto pause = std::min<std::chrono::seconds>(retry_after, kMostRetryAfter);
  if (pause.count() > 0) slow.mutable_retry_after()->set_seconds(pause.count());
  return sdk::ToStatus(slow);
}

bool IsCertificateTrouble(CURLcode code) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
         code == CURLE_SSL_INVALIDCERTSTATUS || code == CURLE_SSL_ISSUER_ERROR;
}

}  // namespace

absl::Status HttpTrouble(long http_status,
                         const std::string& host,
                         std::chrono::seconds retry_after) {
  const std::string number = std::to_string(http_status);
  if (http_status == kUnauthorized || http_status == kForbidden) {
    return sdk::MakeError({.kind = Diagnostic::CLASS_AUTH,
                           .code = "calendars.ics.refused",
                           .da = host + " afviste adgangen (" + number +
                                 "). Ret 'user' og hemmeligheden 'password', eller hent en ny "
                                 "adresse i kalenderen.",
                           .en = host + " refused the access (" + number +
                                 "). Mend 'user' and the secret 'password', or get a new address "
                                 "from the calendar.",
                           .path = "url"});
  }
  if (http_status == kNotFound || http_status == kGone) {
    return sdk::MakeError({.kind = Diagnostic::CLASS_NOT_FOUND,
                           .code = "calendars.ics.not_found",
                           .da = "Kalenderen findes ikke mere hos " + host + " (" + number +
                                 "). Bed dens ejer om at offentliggøre den igen, og ret 'url'.",
                           .en = "The calendar is not at " + host + " any more (" + number +
                                 "). Ask its owner to publish it again, and mend 'url'.",
                           .path = "url"});
  }
  if (http_status == kTooMany || http_status == kUnavailable) return Slow(host, retry_after);
  // Half of the internet's 4xx are passing, and a wrong guess here would stop the connection.
  return sdk::MakeError(
      {.kind = Diagnostic::CLASS_TRANSIENT,
       .code = "calendars.ics.http",
       .da = host + " svarede med en fejl (" + number +
             "). Der prøves igen; bliver det ved, så spørg dem, der står for den.",
       .en = host + " answered with an error (" + number +
             "). It is tried again; if it stays, ask those who run it.",
       .path = "url"});
}

absl::Status TransferTrouble(CURLcode code, const std::string& host, const std::string& detail) {
  if (IsCertificateTrouble(code)) {
    return sdk::MakeError(
        {.kind = Diagnostic::CLASS_CONFIG,
         .code = "calendars.ics.certificate",
         .da = "Certifikatet hos " + host +
               " er ikke gyldigt. Bed dem, der står for den, om at forny det; er det "
               "kommunens eget, så læg udstederen i /etc/ssl/certs.",
         .en = "The certificate of " + host +
               " is not valid. Ask those who run it to renew it; if it is the "
               "municipality's own, put its issuer into /etc/ssl/certs.",
         .path = "url",
         .detail = detail});
  }
  const bool cut = code == CURLE_PARTIAL_FILE || code == CURLE_GOT_NOTHING ||
                   code == CURLE_RECV_ERROR || code == CURLE_HTTP2_STREAM;
  return sdk::MakeError({.kind = Diagnostic::CLASS_TRANSIENT,
                         .code = cut ? "calendars.ics.broke_off" : "calendars.ics.no_answer",
                         .da = cut ? host + " afbrød midt i kalenderen. Der prøves igen."
                                   : host + " svarer ikke. Der prøves igen; bliver det ved, så se "
                                            "efter adressen og forbindelsens jail.tcp_ports og "
                                            "jail.resolve_names.",
                         .en = cut ? host + " broke off in the middle of the calendar. It is tried "
                                            "again."
                                   : host +
                                         " does not answer. It is tried again; if it stays, look "
                                         "at the address and at the connection's jail.tcp_ports "
                                         "and jail.resolve_names.",
                         .path = "url",
                         .detail = detail});
}

absl::Status RedirectTrouble(const std::string& host, const std::string& target) {
  return sdk::MakeError(
      {.kind = Diagnostic::CLASS_CONFIG,
       .code = "calendars.ics.redirect",
       .da = host + " viser videre til " + target +
             ", hvor der ikke læses uden kryptering. Ret 'url' til den nye adresse.",
       .en = host + " points on to " + target +
             ", where nothing is read without encryption. Mend 'url' to the new "
             "address.",
       .path = "url"});
}

absl::Status TooLargeTrouble(const std::string& host) {
  return sdk::MakeError(
      {.kind = Diagnostic::CLASS_REJECTED,
       .code = "calendars.too_large",
       .da = "Kalenderen hos " + host +
             " fylder over 64 MiB. Bed dens ejer om at lade den begynde senere.",
       .en = "The calendar at " + host + " is over 64 MiB. Ask its owner to let it begin later.",
       .path = "url"});
}

}  // namespace brobygger::ics
