#include "plugins/calendars/caldav/trouble.h"

#include <algorithm>
#include <ctime>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <curl/curl.h>

#include "brobygger/sdk/error.h"

namespace brobygger::caldav {
namespace {

using sdk::Diagnostic;

constexpr std::chrono::seconds kLongestWait = std::chrono::hours(24);
constexpr std::chrono::seconds kUsualWait = std::chrono::minutes(1);
constexpr char kCodePrefix[] = "calendars.caldav.";

struct Words {
  Fault fault;
  Diagnostic::Class kind;
  const char* code;
  const char* da;
  const char* en;
};

// Each begins after "<what>: ".
const Words kWords[] = {
    {Fault::kUnreachable, Diagnostic::CLASS_TRANSIENT, "unreachable",
     "Serveren svarer ikke. Der prøves igen; varer det ved, så spørg serverens ejer, og se om "
     "porten står i forbindelsens jail.tcp_ports (og resolve_names er slået til).",
     "The server does not answer. It is tried again; if that goes on, ask those who run it, and "
     "see whether its port is in the connection's jail.tcp_ports (and resolve_names is on)."},
    {Fault::kTls, Diagnostic::CLASS_CONFIG, "tls",
     "Serverens certifikat kan ikke godkendes, så adgangskoden er ikke sendt. Er det udstedt af "
     "jeres egen myndighed, så nævn dens fil i 'ca_file'; ellers spørg serverens ejer.",
     "The server's certificate cannot be trusted, so the password was not sent. If your own "
     "authority made it, name that authority's file in 'ca_file'; otherwise ask those who run the "
     "server."},
    {Fault::kCut, Diagnostic::CLASS_TRANSIENT, "cut",
     "Svaret brød af, før det var slut. Intet er konkluderet; der prøves igen.",
     "The answer broke off before its end. Nothing was concluded; it is tried again."},
    {Fault::kTooSlow, Diagnostic::CLASS_TRANSIENT, "too_slow",
     "Serveren er for længe om at svare. Der prøves igen; varer det ved, så sæt 'timeout_seconds' "
     "op, eller spørg serverens ejer.",
     "The server takes too long to answer. It is tried again; if that goes on, raise "
     "'timeout_seconds' or ask those who run it."},
    {Fault::kTooLarge, Diagnostic::CLASS_TRANSIENT, "too_large",
     "Svaret er større, end der læses (16 MB). Intet er konkluderet. Del kalenderen op.",
     "The answer is larger than what is read (16 MB). Nothing was concluded. Split the calendar."},
    {Fault::kElsewhere, Diagnostic::CLASS_CONFIG, "redirected",
     "Serveren viser videre til en anden server, og dertil sendes adgangskoden ikke. Er den "
     "rigtig, så skriv dens adresse i 'url'.",
     "The server leads on to another server, and the password is not sent there. If that is the "
     "right one, put its address into 'url'."},
    {Fault::kTooManySteps, Diagnostic::CLASS_TRANSIENT, "redirect_loop",
     "Serveren viser videre igen og igen. Spørg serverens ejer, om den rette adresse.",
     "The server leads on again and again. Ask those who run it for the right address."},
    {Fault::kHtml, Diagnostic::CLASS_TRANSIENT, "html",
     "Der kom en hjemmeside i stedet for kalenderen, måske en loginside eller en besked om "
     "vedligehold. Åbn 'url' i en browser, og ret adressen, hvis det ikke går over.",
     "A web page came instead of the calendar, perhaps a login page or a note about maintenance. "
     "Open 'url' in a browser, and mend the address if it does not pass."},
    {Fault::kDoctype, Diagnostic::CLASS_TRANSIENT, "doctype",
     "Svaret har en DOCTYPE, som ingen kalenderserver bruger; det er ikke læst. Spørg "
     "serverens ejer.",
     "The answer has a DOCTYPE, which no calendar server uses; it was not read. Ask those who run "
     "the server."},
    {Fault::kTooDeep, Diagnostic::CLASS_TRANSIENT, "too_deep",
     "Svaret er indlejret dybere, end nogen kalenderserver gør; det er ikke læst.",
     "The answer is nested deeper than any calendar server does; it was not read."},
    {Fault::kNotXml, Diagnostic::CLASS_TRANSIENT, "not_xml",
     "Svaret kan ikke læses: det er ikke hel XML. Intet er konkluderet; der prøves igen.",
     "The answer cannot be read: it is not whole XML. Nothing was concluded; it is tried again."},
    {Fault::kOtherHost, Diagnostic::CLASS_TRANSIENT, "other_host",
     "Serveren nævner poster med en adresse på en anden server; svaret er ikke læst. Spørg "
     "serverens ejer, om dens eget navn er sat rigtigt op.",
     "The server calls items by an address at another server; the answer was not read. Ask those "
     "who run it whether its own name is set up rightly."},
    {Fault::kStuckToken, Diagnostic::CLASS_TRANSIENT, "stuck_token",
     "Serveren siger, at der er mere, men bliver stående samme sted. Der prøves igen fra det "
     "sidste gode sted.",
     "The server says that there is more, but stays at the same place. It is tried again from the "
     "last good place."},
    {Fault::kDisagrees, Diagnostic::CLASS_TRANSIENT, "disagree",
     "Serveren gav ingen poster, men siger på anden vis, at der er nogen. Der prøves igen.",
     "The server gave no items, but says otherwise that there are some. It is tried again."},
    {Fault::kWrongPassword, Diagnostic::CLASS_AUTH, "wrong_password",
     "Serveren afviser brugernavn eller adgangskode. Ret 'user', eller læg en gyldig adgangskode i "
     "forbindelsens hemmelighed 'password'.",
     "The server refuses the user name or password. Mend 'user', or put a valid password into the "
     "connection's secret 'password'."},
    {Fault::kNoRight, Diagnostic::CLASS_AUTH, "no_right",
     "Brugeren har ikke adgang. Bed kalenderens ejer om at dele den med brugeren. Indtil da "
     "konkluderes intet.",
     "The user has no access. Ask the calendar's owner to share it with the user. Until then "
     "nothing is concluded."},
    {Fault::kNotThere, Diagnostic::CLASS_NOT_FOUND, "no_calendar",
     "Den findes ikke på serveren, eller brugeren kan ikke se den. Ret stien, eller bed ejeren om "
     "at dele den. Indtil da konkluderes intet.",
     "It is not on the server, or the user cannot see it. Mend the path, or ask the owner to share "
     "it. Until then nothing is concluded."},
    {Fault::kBusy, Diagnostic::CLASS_RATE_LIMITED, "busy",
     "Serveren har travlt og beder om at vente. Der prøves igen, når tiden er gået.",
     "The server is busy and asks us to wait. It is tried again when the time has passed."},
    {Fault::kServerFailed, Diagnostic::CLASS_TRANSIENT, "server_failed",
     "Serveren fejler. Der prøves igen; varer det ved, så spørg serverens ejer.",
     "The server fails. It is tried again; if that goes on, ask those who run it."},
    {Fault::kRefused, Diagnostic::CLASS_TRANSIENT, "refused",
     "Serveren afviser forespørgslen. Se om 'url' og stien fører til en CalDAV-kalender.",
     "The server refuses the request. See whether 'url' and the path lead to a CalDAV calendar."},
    {Fault::kUnexpected, Diagnostic::CLASS_TRANSIENT, "unexpected",
     "Serveren svarer noget, der ikke er CalDAV. Se om 'url' fører til en CalDAV-server.",
     "The server answers something that is not CalDAV. See whether 'url' leads to a CalDAV "
     "server."}};

const Words& WordsOf(Fault fault) {
  return *std::find_if(std::begin(kWords), std::end(kWords),
                       [&](const Words& words) { return words.fault == fault; });
}

Diagnostic Tell(Fault fault, const Place& place, const std::string& detail) {
  const Words& words = WordsOf(fault);
  const std::string about = place.what.empty() ? "" : place.what + ": ";
  return sdk::ToDiagnostic({.kind = words.kind,
                            .code = absl::StrCat(kCodePrefix, words.code),
                            .da = about + words.da,
                            .en = about + words.en,
                            .path = place.path,
                            .detail = detail});
}

Fault FaultFor(long http_status) {
  switch (http_status) {
    case 401:
      return Fault::kWrongPassword;
    case 403:
      return Fault::kNoRight;
    case 404:
    case 410:
      return Fault::kNotThere;
    case 429:
      return Fault::kBusy;
    default:
      if (http_status >= 500) return Fault::kServerFailed;
      return http_status >= 400 ? Fault::kRefused : Fault::kUnexpected;
  }
}

}  // namespace

absl::Status Failure(Fault fault, const Place& place, const std::string& detail) {
  return sdk::ToStatus(Tell(fault, place, detail));
}

absl::Status FailureOf(long http_status,
                       std::optional<std::chrono::seconds> retry_after,
                       const Place& place) {
  Fault fault = FaultFor(http_status);
  // Without a time to wait a 503 is a failure like others.
  if (http_status == 503 && retry_after) fault = Fault::kBusy;
  Diagnostic told = Tell(fault, place, absl::StrCat("HTTP ", http_status));
  if (fault == Fault::kBusy) {
    told.mutable_retry_after()->set_seconds(retry_after.value_or(kUsualWait).count());
  }
  return sdk::ToStatus(told);
}

std::optional<Fault> FaultOf(const absl::Status& status) {
  if (status.ok()) return std::nullopt;
  const std::string code = sdk::DiagnosticOf(status).code();
  for (const Words& words : kWords) {
    if (code == absl::StrCat(kCodePrefix, words.code)) return words.fault;
  }
  return std::nullopt;
}

bool StopsEverything(const absl::Status& status) {
  if (absl::IsCancelled(status)) return true;
  switch (FaultOf(status).value_or(Fault::kUnexpected)) {
    case Fault::kUnreachable:
    case Fault::kTls:
    case Fault::kWrongPassword:
    case Fault::kBusy:
      return true;
    default:
      return false;
  }
}

std::optional<std::chrono::seconds> ParseRetryAfter(const std::string& header) {
  if (header.empty()) return std::nullopt;
  std::int64_t seconds = 0;
  if (!absl::SimpleAtoi(header, &seconds)) {
    const std::time_t when = curl_getdate(header.c_str(), nullptr);
    if (when < 0) return std::nullopt;
    seconds = static_cast<std::int64_t>(when) - std::time(nullptr);
  }
  return std::clamp(std::chrono::seconds(seconds), std::chrono::seconds(1), kLongestWait);
}

}  // namespace brobygger::caldav
