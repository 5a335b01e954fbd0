#include "plugins/calendars/caldav/publish_trouble.h"

#include <algorithm>
#include <iterator>

#include <absl/strings/str_cat.h>

#include "brobygger/sdk/error.h"

namespace brobygger::caldav {
namespace {

using plugin::v1::OperationResult;
using sdk::Diagnostic;

struct Words {
  Refusal refusal;
  OperationResult::Outcome outcome;
  Diagnostic::Class kind;
  const char* code;
  const char* path;
  const char* da;
  const char* en;
};

const Words kWords[] = {
    {Refusal::kNoSuchEvent, OperationResult::OUTCOME_REJECTED, Diagnostic::CLASS_NOT_FOUND,
     "no_such_event", "external_id",
     "Begivenheden findes ikke i en kalender, der skrives til. Intet er skrevet.",
     "The event is not in a calendar that is written to. Nothing was written."},
    {Refusal::kGone, OperationResult::OUTCOME_REJECTED, Diagnostic::CLASS_NOT_FOUND, "event_gone",
     "external_id",
     "Nogen har slettet begivenheden i kalenderen. Den skrives ikke igen af sig selv.",
     "Somebody removed the event from the calendar. It is not written again by itself."},
    {Refusal::kNotOurs, OperationResult::OUTCOME_REJECTED, Diagnostic::CLASS_CONFLICT, "not_ours",
     "external_id",
     "På begivenhedens plads ligger noget, som hub'en ikke har skrevet. Det røres ikke.",
     "In the event's place is something that the hub did not write. It is not touched."},
    {Refusal::kInvites, OperationResult::OUTCOME_REJECTED, Diagnostic::CLASS_CONFLICT, "invites",
     "external_id",
     "Nogen har inviteret deltagere til begivenheden; en ændring ville sende dem mail. Ret den i "
     "kalenderen.",
     "Somebody invited others to the event; a change would send them mail. Change it in the "
     "calendar."},
    {Refusal::kChanged, OperationResult::OUTCOME_STALE, Diagnostic::CLASS_CONFLICT, "changed", "",
     "Nogen har ændret begivenheden i kalenderen imens. Intet er skrevet.",
     "Somebody changed the event in the calendar meanwhile. Nothing was written."},
    {Refusal::kExists, OperationResult::OUTCOME_STALE, Diagnostic::CLASS_CONFLICT, "exists", "",
     "Begivenheden er i kalenderen i forvejen, i en anden udgave. Intet er skrevet.",
     "The event is in the calendar already, in another version. Nothing was written."},
    {Refusal::kElsewhere, OperationResult::OUTCOME_REJECTED, Diagnostic::CLASS_CONFLICT,
     "duplicate_uid", "external_id",
     "Begivenheden ligger et andet sted i kalenderen; nogen har nok flyttet eller kopieret den. "
     "Slet "
     "den dér, hvis hub'en skal passe den.",
     "The event is in another place of the calendar; somebody probably moved or copied it. Remove "
     "it there if the hub is to look after it."},
    {Refusal::kNoEtag, OperationResult::OUTCOME_REJECTED, Diagnostic::CLASS_UNSUPPORTED, "no_etag",
     "",
     "Serveren fortæller ikke, hvilken udgave den har, så andres ændringer kunne gå tabt. Intet er "
     "skrevet.",
     "The server does not say which version it has, so that changes of others could be lost. "
     "Nothing was written."},
    {Refusal::kNoPublishing, OperationResult::OUTCOME_REJECTED, Diagnostic::CLASS_CONFIG,
     "no_publishing", "calendar",
     "Kalenderen må der ikke skrives til. Sæt dens \"publish\" til true, eller vælg en anden.",
     "The calendar may not be written to. Set its \"publish\" to true, or choose another."},
    {Refusal::kCalendarIsFixed, OperationResult::OUTCOME_REJECTED, Diagnostic::CLASS_REJECTED,
     "calendar_is_fixed", "calendar",
     "En begivenhed kan ikke flyttes til en anden kalender. Slet den, og skriv en ny.",
     "An event cannot move to another calendar. Remove it and write another."},
    {Refusal::kBadId, OperationResult::OUTCOME_REJECTED, Diagnostic::CLASS_REJECTED, "bad_id",
     "foreign_id",
     "Begivenhedens nummer har tegn, som en kalender ikke kan have i sit. Brug 1-100 af a-z, A-Z, "
     "0-9, '-', '_' og '.'.",
     "The event's id has signs that a calendar cannot have in its own. Use 1-100 of a-z, A-Z, 0-9, "
     "'-', '_' and '.'."},
    {Refusal::kRefusedByServer, OperationResult::OUTCOME_REJECTED, Diagnostic::CLASS_REJECTED,
     "event_refused", "",
     "Serveren vil ikke have begivenheden. Spørg serverens ejer; loggen har svarets nummer.",
     "The server will not have the event. Ask those who run it; the log has the answer's number."},
    {Refusal::kOutOfTime, OperationResult::OUTCOME_RETRY, Diagnostic::CLASS_TRANSIENT,
     "out_of_time", "", "Tiden slap op. Intet er skrevet; der prøves igen.",
     "Time ran out. Nothing was written; it is tried again."}};

const Words& WordsOf(Refusal refusal) {
  return *std::find_if(std::begin(kWords), std::end(kWords),
                       [&](const Words& words) { return words.refusal == refusal; });
}

}  // namespace

absl::Status RefusalOf(Refusal refusal, const std::string& calendar, const std::string& detail) {
  const Words& words = WordsOf(refusal);
  const std::string where = calendar.empty() ? "" : absl::StrCat(" ('", calendar, "')");
  return sdk::MakeError({.kind = words.kind,
                         .code = absl::StrCat("calendars.caldav.", words.code),
                         .da = words.da + where,
                         .en = words.en + where,
                         .path = words.path,
                         .detail = detail});
}

OperationResult ResultOf(Refusal refusal, const std::string& calendar) {
  return ResultWith(WordsOf(refusal).outcome, RefusalOf(refusal, calendar));
}

OperationResult ResultWith(OperationResult::Outcome outcome, const absl::Status& why) {
  OperationResult result;
  result.set_outcome(outcome);
  if (!why.ok()) *result.add_diagnostics() = sdk::DiagnosticOf(why);
  return result;
}

}  // namespace brobygger::caldav
