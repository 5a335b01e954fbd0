#include "plugins/centres/hsds/trouble.h"

#include <algorithm>

#include <absl/strings/str_cat.h>

#include "brobygger/sdk/error.h"

namespace brobygger::hsds {
namespace {

using sdk::Diagnostic;

constexpr char kCodePrefix[] = "centres.hsds.";

struct Words {
  Fault fault;
  Diagnostic::Class kind;
  const char* code;
  const char* da;
  const char* en;
};

// Each begins after "<place>: ".
constexpr Words kWords[] = {
    {Fault::kUnreachable, Diagnostic::CLASS_TRANSIENT, "unreachable",
     "Serveren svarer ikke. Der prøves igen; varer det ved, så se, om 'url' er rigtig, om porten "
     "står i forbindelsens jail.tcp_ports, og om resolve_names er slået til.",
     "The server does not answer. It is tried again; if that goes on, see whether 'url' is right, "
     "whether the port is in the connection's jail.tcp_ports, and whether resolve_names is on."},
    {Fault::kTls, Diagnostic::CLASS_CONFIG, "tls",
     "Serverens certifikat kan ikke godkendes, så intet er sendt. Bed dem, der står for serveren, "
     "om at forny det, eller skriv deres egen udsteder i 'ca_file'.",
     "The server's certificate cannot be trusted, so nothing was sent. Ask those who run the "
     "server to renew it, or name their own authority in 'ca_file'."},
    {Fault::kCut, Diagnostic::CLASS_TRANSIENT, "cut",
     "Svaret brød af, før det var slut. Intet er konkluderet; der prøves igen.",
     "The answer broke off before its end. Nothing was concluded; it is tried again."},
    {Fault::kTooSlow, Diagnostic::CLASS_TRANSIENT, "too_slow",
     "Serveren er for længe om at svare. Der prøves igen; varer det ved, så sæt 'page_size' ned.",
     "The server takes too long to answer. It is tried again; if that goes on, lower 'page_size'."},
    {Fault::kTooLarge, Diagnostic::CLASS_TRANSIENT, "too_large",
     "Svaret er over 16 MB. Sæt 'page_size' ned.", "The answer is over 16 MB. Lower 'page_size'."},
    {Fault::kHtml, Diagnostic::CLASS_TRANSIENT, "html",
     "Der kom en hjemmeside i stedet for API'ets svar. Se, om 'url' er rigtig, og om serveren "
     "kræver login.",
     "A web page came instead of the API's answer. See whether 'url' is right, and whether the "
     "server wants a login."},
    {Fault::kNotJson, Diagnostic::CLASS_TRANSIENT, "not_json",
     "Svaret kan ikke læses: det er ikke hel JSON. Intet er konkluderet; der prøves igen.",
     "The answer cannot be read: it is not whole JSON. Nothing was concluded; it is tried again."},
    {Fault::kUnexpected, Diagnostic::CLASS_TRANSIENT, "unexpected",
     "Svaret er ikke, som HSDS 3 beskriver det. Intet er konkluderet; sig det til dem, der står "
     "for serveren.",
     "The answer is not as HSDS 3 describes it. Nothing was concluded; tell those who run the "
     "server."},
    {Fault::kOldVersion, Diagnostic::CLASS_CONFIG, "version",
     "Serveren taler en anden version af HSDS end 3. Bed dem, der står for den, om adressen på "
     "version 3.",
     "The server speaks another version of HSDS than 3. Ask those who run it for the address of "
     "version 3."},
    {Fault::kRedirected, Diagnostic::CLASS_CONFIG, "redirected",
     "Serveren viser videre til en anden server, og dertil sendes adgangen ikke. Ret 'url', hvis "
     "den er flyttet.",
     "The server leads on to another server, and the access is not sent there. Mend 'url' if it "
     "has moved."},
    {Fault::kWrongPage, Diagnostic::CLASS_TRANSIENT, "wrong_page",
     "Serveren gav en anden side end den, der blev spurgt om, eller bliver ved uden ende. Intet er "
     "konkluderet; sig det til dem, der står for den.",
     "The server gave another page than the one asked for, or goes on without end. Nothing was "
     "concluded; tell those who run it."},
    {Fault::kDisagrees, Diagnostic::CLASS_TRANSIENT, "disagree",
     "Serveren gav en tom side, men siger, at der er noget på den. Der prøves igen.",
     "The server gave an empty page, but says that there is something on it. It is tried again."},
    {Fault::kLogin, Diagnostic::CLASS_AUTH, "login",
     "Serveren afviser login. Måske er nøglen eller adgangskoden udløbet; bed dem, der står "
     "for serveren, om en ny, og læg den i forbindelsens hemmelighed.",
     "The server refuses the login. Perhaps the key or the password has expired; ask those who run "
     "the server for a new one, and put it into the connection's secret."},
    {Fault::kNoRight, Diagnostic::CLASS_AUTH, "no_right",
     "Serveren giver ikke lov til at læse det. Bed dem, der står for den, om adgang.",
     "The server does not allow it to be read. Ask those who run it for access."},
    {Fault::kNotThere, Diagnostic::CLASS_NOT_FOUND, "not_found",
     "Det findes ikke på serveren. Se, om 'url' er rigtig.",
     "It is not at the server. See whether 'url' is right."},
    {Fault::kBusy, Diagnostic::CLASS_RATE_LIMITED, "busy",
     "Serveren beder om at vente. Der prøves igen.", "The server asks to wait. It is tried again."},
    {Fault::kServerFailed, Diagnostic::CLASS_TRANSIENT, "server_failed",
     "Serveren melder fejl. Der prøves igen; varer det ved, så sig det til dem, der står for den.",
     "The server reports a failure. It is tried again; if that goes on, tell those who run it."},
    {Fault::kRefused, Diagnostic::CLASS_REJECTED, "refused",
     "Serveren afviser forespørgslen. Sig det til dem, der står for den.",
     "The server refuses the request. Tell those who run it."},
};

const Words& WordsOf(Fault fault) {
  return *std::find_if(std::begin(kWords), std::end(kWords),
                       [&](const Words& words) { return words.fault == fault; });
}

Diagnostic Tell(Fault fault, const std::string& place, const std::string& detail) {
  const Words& words = WordsOf(fault);
  return sdk::ToDiagnostic({.kind = words.kind,
                            .code = absl::StrCat(kCodePrefix, words.code),
                            .da = absl::StrCat(place, ": ", words.da),
                            .en = absl::StrCat(place, ": ", words.en),
                            .path = place,
                            .detail = detail});
}

}  // namespace

absl::Status Failure(Fault fault, const std::string& place, const std::string& detail) {
  return sdk::ToStatus(Tell(fault, place, detail));
}

absl::Status BusyFailure(std::chrono::seconds retry_after, const std::string& place) {
  Diagnostic told = Tell(Fault::kBusy, place, "");
  told.mutable_retry_after()->set_seconds(retry_after.count());
  return sdk::ToStatus(told);
}

Fault FaultOfHttp(long http_status, bool has_retry_after) {
  switch (http_status) {
    case 401:
      return Fault::kLogin;
    case 403:
      return Fault::kNoRight;
    case 404:
    case 410:
      return Fault::kNotThere;
    case 429:
      return Fault::kBusy;
    default:
      break;
  }
  if (http_status >= 500) return has_retry_after ? Fault::kBusy : Fault::kServerFailed;
  if (http_status >= 400) return Fault::kRefused;
  return http_status >= 300 ? Fault::kRedirected : Fault::kUnexpected;
}

Fault FaultOfTransfer(common::TransferFault fault) {
  using common::TransferFault;
  switch (fault) {
    case TransferFault::kTls:
      return Fault::kTls;
    case TransferFault::kCut:
      return Fault::kCut;
    case TransferFault::kTooSlow:
      return Fault::kTooSlow;
    case TransferFault::kTooLarge:
      return Fault::kTooLarge;
    default:
      return Fault::kUnreachable;
  }
}

bool IsAboutOne(const absl::Status& status) {
  if (absl::IsCancelled(status)) return false;
  const std::string code = sdk::DiagnosticOf(status).code();
  const auto is = [&](Fault fault) {
    return code == absl::StrCat(kCodePrefix, WordsOf(fault).code);
  };
  return is(Fault::kCut) || is(Fault::kTooSlow) || is(Fault::kTooLarge) || is(Fault::kHtml) ||
         is(Fault::kNotJson) || is(Fault::kUnexpected) || is(Fault::kNotThere) ||
         is(Fault::kServerFailed) || is(Fault::kRefused);
}

}  // namespace brobygger::hsds
