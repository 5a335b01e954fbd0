#include "plugins/files/csv/remote_trouble.h"

#include <algorithm>

#include "brobygger/sdk/error.h"

namespace brobygger::csv {
namespace {

using common::TransferFault;
using sdk::Diagnostic;

struct Words {
  Diagnostic::Class kind;
  const char* code;
  const char* da;
  const char* en;
};

// Each begins after "<host>: ".
const Words& WordsOf(TransferFault fault) {
  static const Words kUnreachable = {
      Diagnostic::CLASS_TRANSIENT, "unreachable",
      "serveren svarer ikke. Der prøves igen; varer det ved, så se, om 'url' er rigtig, om porten "
      "står i forbindelsens jail.tcp_ports, og om resolve_names er slået til.",
      "the server does not answer. It is tried again; if that goes on, see whether 'url' is right, "
      "whether the port is in the connection's jail.tcp_ports, and whether resolve_names is on."};
  static const Words kTls = {
      Diagnostic::CLASS_CONFIG, "tls",
      "serverens certifikat kan ikke godkendes, så intet er sendt. Bed dem, der står for den, om "
      "at "
      "forny det, eller skriv deres egen udsteder i 'ca_file'.",
      "the server's certificate cannot be trusted, so nothing was sent. Ask those who run it to "
      "renew it, or name their own authority in 'ca_file'."};
  static const Words kHostKey = {
      Diagnostic::CLASS_CONFIG, "host_key",
      "serverens nøgle er ikke en af dem, der står i 'host_keys', så intet er sendt. Spørg dem, "
      "der står for den, om den er skiftet, og skriv først da den nye.",
      "the server's key is none of those in 'host_keys', so nothing was sent. Ask those who run it "
      "whether it was changed, and only then write the new one."};
  static const Words kLogin = {
      Diagnostic::CLASS_AUTH, "login",
      "serveren afviser login. Se, om 'user' er rigtig, og om nøglen eller adgangskoden er "
      "udløbet; læg den nye i forbindelsens hemmelighed.",
      "the server refuses the login. See whether 'user' is right, and whether the key or the "
      "password has expired; put the new one into the connection's secret."};
  static const Words kNotThere = {
      Diagnostic::CLASS_NOT_FOUND, "not_found",
      "filen findes ikke, eller brugeren må ikke læse den. Bed dem, der laver udtrækket, om at "
      "lægge den der, eller ret 'url'.",
      "the file is not there, or the user may not read it. Ask those who make the export to put it "
      "there, or mend 'url'."};
  static const Words kCut = {
      Diagnostic::CLASS_TRANSIENT, "cut",
      "filen brød af, før den var hentet. Intet er ændret; der prøves igen.",
      "the file broke off before it was fetched. Nothing was changed; it is tried again."};
  static const Words kTooSlow = {
      Diagnostic::CLASS_TRANSIENT, "too_slow",
      "det tager for længe at hente filen. Intet er ændret; der prøves igen.",
      "the file takes too long to fetch. Nothing was changed; it is tried again."};
  static const Words kTooLarge = {Diagnostic::CLASS_REJECTED, "too_large",
                                  "filen er over 64 MiB. Del udtrækket i flere.",
                                  "the file is over 64 MiB. Split the export."};
  switch (fault) {
    case TransferFault::kTls:
      return kTls;
    case TransferFault::kHostKey:
      return kHostKey;
    case TransferFault::kLogin:
      return kLogin;
    case TransferFault::kNotThere:
      return kNotThere;
    case TransferFault::kCut:
      return kCut;
    case TransferFault::kTooSlow:
      return kTooSlow;
    case TransferFault::kTooLarge:
      return kTooLarge;
    default:
      return kUnreachable;
  }
}

Diagnostic Tell(const Words& words, const std::string& host, const std::string& detail) {
  return sdk::ToDiagnostic({.kind = words.kind,
                            .code = std::string("files.csv.") + words.code,
                            .da = host + ": " + words.da,
                            .en = host + ": " + words.en,
                            .path = "url",
                            .detail = detail});
}

}  // namespace

absl::Status TransferTrouble(TransferFault fault,
                             const std::string& host,
                             const std::string& detail) {
  return sdk::ToStatus(Tell(WordsOf(fault), host, detail));
}

absl::Status HttpTrouble(const common::TransferAnswer& answer, const std::string& host) {
  static const Words kBusy = {Diagnostic::CLASS_RATE_LIMITED, "busy",
                              "serveren beder om at vente. Der prøves igen.",
                              "the server asks to wait. It is tried again."};
  static const Words kFailed = {
      Diagnostic::CLASS_TRANSIENT, "server_failed",
      "serveren melder fejl. Der prøves igen; varer det ved, så sig det til dem, der står for den.",
      "the server reports a failure. It is tried again; if that goes on, tell those who run it."};
  const std::string detail = "HTTP " + std::to_string(answer.status);
  if (answer.status == 401 || answer.status == 403) {
    return TransferTrouble(TransferFault::kLogin, host, detail);
  }
  if (answer.status == 404 || answer.status == 410) {
    return TransferTrouble(TransferFault::kNotThere, host, detail);
  }
  const bool busy = answer.status == 429 || (answer.status == 503 && answer.retry_after);
  if (!busy) return sdk::ToStatus(Tell(kFailed, host, detail));
  Diagnostic told = Tell(kBusy, host, detail);
  told.mutable_retry_after()->set_seconds(
      answer.retry_after.value_or(std::chrono::minutes(1)).count());
  return sdk::ToStatus(told);
}

absl::Status RedirectTrouble(const std::string& host) {
  static const Words kRedirected = {
      Diagnostic::CLASS_CONFIG, "redirected",
      "serveren viser for mange gange videre, eller til et sted uden https. Ret 'url' til der, "
      "hvor filen er.",
      "the server leads on too many times, or to a place without https. Mend 'url' to where the "
      "file is."};
  return sdk::ToStatus(Tell(kRedirected, host, ""));
}

absl::Status ChangedTrouble(const std::string& file) {
  return sdk::MakeError({.kind = Diagnostic::CLASS_TRANSIENT,
                         .code = "files.csv.changing",
                         .da = "Filen " + file + " bliver stadig skrevet. Der prøves igen.",
                         .en = "The file " + file + " is still being written. It is tried again.",
                         .path = file});
}

}  // namespace brobygger::csv
