#include "plugins/calendars/graph/trouble.h"

#include <algorithm>

#include <absl/strings/str_cat.h>

#include "brobygger/sdk/error.h"

namespace brobygger::graph {
namespace {

using sdk::Diagnostic;

constexpr char kCodePrefix[] = "calendars.graph.";

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
     "Microsoft 365 svarer ikke. Der prøves igen; varer det ved, så se, om port 443 står i "
     "forbindelsens jail.tcp_ports, om resolve_names er slået til, og om firewallen lukker af.",
     "Microsoft 365 does not answer. It is tried again; if that goes on, see whether port 443 is "
     "in "
     "the connection's jail.tcp_ports, whether resolve_names is on, and whether the firewall "
     "blocks "
     "it."},
    {Fault::kTls, Diagnostic::CLASS_CONFIG, "tls",
     "Serverens certifikat kan ikke godkendes, så intet er sendt. Står der en proxy imellem, som "
     "åbner trafikken, så bed dem, der står for den, om at lade Microsofts adresser passere.",
     "The server's certificate cannot be trusted, so nothing was sent. If a proxy between opens "
     "the "
     "traffic, ask those who run it to let Microsoft's addresses pass."},
    {Fault::kCut, Diagnostic::CLASS_TRANSIENT, "cut",
     "Svaret brød af, før det var slut. Intet er konkluderet; der prøves igen.",
     "The answer broke off before its end. Nothing was concluded; it is tried again."},
    {Fault::kTooSlow, Diagnostic::CLASS_TRANSIENT, "too_slow",
     "Microsoft 365 er for længe om at svare. Der prøves igen.",
     "Microsoft 365 takes too long to answer. It is tried again."},
    {Fault::kTooLarge, Diagnostic::CLASS_TRANSIENT, "too_large",
     "Svaret er større, end der læses (16 MB en side, 50.000 møder i en kalender). Intet er "
     "konkluderet. Del kalenderen op.",
     "The answer is larger than what is read (16 MB a page, 50,000 meetings in a calendar). "
     "Nothing "
     "was concluded. Split the calendar."},
    {Fault::kHtml, Diagnostic::CLASS_TRANSIENT, "html",
     "Der kom en hjemmeside i stedet for kalenderen. Står der en proxy imellem, så bed dem, der "
     "står for den, om at lade Microsofts adresser passere.",
     "A web page came instead of the calendar. If there is a proxy between, ask those who run it "
     "to "
     "let Microsoft's addresses pass."},
    {Fault::kNotJson, Diagnostic::CLASS_TRANSIENT, "not_json",
     "Svaret kan ikke læses: det er ikke hel JSON. Intet er konkluderet; der prøves igen.",
     "The answer cannot be read: it is not whole JSON. Nothing was concluded; it is tried again."},
    {Fault::kUnexpected, Diagnostic::CLASS_TRANSIENT, "unexpected",
     "Microsoft 365 svarer noget, der ikke er en kalender. Intet er konkluderet; varer det ved, så "
     "meld det til dem, der har lavet plugin'et.",
     "Microsoft 365 answers something that is no calendar. Nothing was concluded; if that goes on, "
     "tell those who made the plugin."},
    {Fault::kRedirected, Diagnostic::CLASS_TRANSIENT, "redirected",
     "Serveren viser videre til en anden adresse, og dertil sendes adgangen ikke. Se, om en proxy "
     "står imellem.",
     "The server leads on to another address, and the access is not sent there. See whether there "
     "is a proxy between."},
    {Fault::kOtherHost, Diagnostic::CLASS_TRANSIENT, "other_host",
     "Svaret henviser til en anden server for resten; der er ikke spurgt. Intet er konkluderet.",
     "The answer names another server for the rest; it was not asked. Nothing was concluded."},
    {Fault::kStuckLink, Diagnostic::CLASS_TRANSIENT, "stuck_link",
     "Microsoft 365 siger, at der er mere, men bliver stående samme sted. Der prøves igen.",
     "Microsoft 365 says that there is more, but stays at the same place. It is tried again."},
    {Fault::kDisagrees, Diagnostic::CLASS_TRANSIENT, "disagree",
     "Microsoft 365 gav ingen møder, men siger på anden vis, at der er nogen. Der prøves igen.",
     "Microsoft 365 gave no meetings, but says otherwise that there are some. It is tried again."},
    {Fault::kExpiredState, Diagnostic::CLASS_TRANSIENT, "expired_state",
     "Microsoft 365 har glemt, hvor langt kalenderen var læst. Den læses forfra.",
     "Microsoft 365 has forgotten how far the calendar was read. It is read from the beginning."},
    {Fault::kWrongSecret, Diagnostic::CLASS_AUTH, "wrong_secret",
     "Login afviser applikationens hemmelighed; måske er den udløbet. Lav en ny i Entra under "
     "'Certificates & secrets', og læg den i forbindelsens hemmelighed 'client_secret'.",
     "The login refuses the application's secret; it may have expired. Make a new one in Entra "
     "under 'Certificates & secrets', and put it into the connection's secret 'client_secret'."},
    {Fault::kWrongApp, Diagnostic::CLASS_CONFIG, "wrong_app",
     "Login kender ikke lejeren eller applikationen. Ret 'tenant' og 'client_id': de står i Entra "
     "under applikationens 'Overview'.",
     "The login does not know the tenant or the application. Mend 'tenant' and 'client_id': they "
     "stand in Entra under the application's 'Overview'."},
    {Fault::kTokenRefused, Diagnostic::CLASS_AUTH, "token_refused",
     "Microsoft Graph afviser den adgang, login lige har givet. Se i Entra, om applikationen er "
     "slået fra, eller om en regel om betinget adgang stopper den.",
     "Microsoft Graph refuses the access that the login has just given. See in Entra whether the "
     "application is disabled, or whether a rule of conditional access stops it."},
    {Fault::kNoRight, Diagnostic::CLASS_AUTH, "no_right",
     "Applikationen har ikke adgang. Bed en administrator om at give den Calendars.Read som "
     "applikationstilladelse og om at tage postkassen med i dens afgrænsning i Exchange. Indtil da "
     "konkluderes intet.",
     "The application has no access. Ask an administrator to grant it Calendars.Read as an "
     "application permission, and to include the mailbox in its restriction in Exchange. Until "
     "then "
     "nothing is concluded."},
    {Fault::kNotThere, Diagnostic::CLASS_NOT_FOUND, "no_calendar",
     "Postkassen eller kalenderen findes ikke, eller postkassen ligger ikke i Microsoft 365. Ret "
     "'mailbox' eller 'calendar_id'. Indtil da konkluderes intet.",
     "There is no such mailbox or calendar, or the mailbox is not in Microsoft 365. Mend 'mailbox' "
     "or 'calendar_id'. Until then nothing is concluded."},
    {Fault::kBusy, Diagnostic::CLASS_RATE_LIMITED, "busy",
     "Microsoft 365 har travlt og beder om at vente. Der prøves igen, når tiden er gået.",
     "Microsoft 365 is busy and asks us to wait. It is tried again when the time has passed."},
    {Fault::kServerFailed, Diagnostic::CLASS_TRANSIENT, "server_failed",
     "Microsoft 365 fejler. Der prøves igen; varer det ved, så se status i Microsoft 365 admin "
     "center under 'Service health'.",
     "Microsoft 365 fails. It is tried again; if that goes on, look in the Microsoft 365 admin "
     "centre under 'Service health'."},
    {Fault::kRefused, Diagnostic::CLASS_TRANSIENT, "refused",
     "Microsoft 365 afviser forespørgslen. Se, om 'calendar_id' er rigtig; varer det ved, så meld "
     "det til dem, der har lavet plugin'et.",
     "Microsoft 365 refuses the request. See whether 'calendar_id' is right; if that goes on, tell "
     "those who made the plugin."},
    {Fault::kOpenMailbox, Diagnostic::CLASS_CONFIG, "open_mailbox",
     "Applikationen kan læse en postkasse, den ikke må: uden afgrænsning åbner Calendars.Read alle "
     "kommunens kalendere. Intet læses. Bed en administrator om at afgrænse applikationen i "
     "Exchange til netop de nævnte postkasser (RBAC for Applications eller en application access "
     "policy), og fjern en tilladelse i Entra, der gælder alle.",
     "The application can read a mailbox that it must not: without a restriction Calendars.Read "
     "opens all calendars of the municipality. Nothing is read. Ask an administrator to restrict "
     "the application in Exchange to just the mailboxes named here (RBAC for Applications or an "
     "application access policy), and to remove a permission in Entra that holds for all."},
    {Fault::kNoRefusal, Diagnostic::CLASS_CONFIG, "no_refusal",
     "Prøven på, at applikationen er afgrænset, siger intet: postkassen findes ikke. Intet læses. "
     "Skriv i 'must_be_refused_mailbox' en postkasse, der findes, og som hub'en ikke må læse.",
     "The test of the application's restriction tells nothing: there is no such mailbox. Nothing "
     "is read. Name in 'must_be_refused_mailbox' a mailbox that exists and that the hub must not "
     "read."}};

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

}  // namespace

absl::Status Failure(Fault fault, const Place& place, const std::string& detail) {
  return sdk::ToStatus(Tell(fault, place, detail));
}

absl::Status BusyFailure(std::chrono::seconds retry_after, const Place& place) {
  Diagnostic told = Tell(Fault::kBusy, place, "");
  told.mutable_retry_after()->set_seconds(retry_after.count());
  return sdk::ToStatus(told);
}

Fault FaultOfHttp(long http_status, bool has_retry_after) {
  switch (http_status) {
    case 401:
      return Fault::kTokenRefused;
    case 403:
      return Fault::kNoRight;
    case 404:
      return Fault::kNotThere;
    case 410:
      return Fault::kExpiredState;
    case 429:
      return Fault::kBusy;
    default:
      break;
  }
  if (http_status >= 500) return has_retry_after ? Fault::kBusy : Fault::kServerFailed;
  if (http_status >= 400) return Fault::kRefused;
  return http_status >= 300 ? Fault::kRedirected : Fault::kUnexpected;
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
    case Fault::kWrongSecret:
    case Fault::kWrongApp:
    case Fault::kTokenRefused:
    case Fault::kBusy:
      return true;
    default:
      return false;
  }
}

}  // namespace brobygger::graph
