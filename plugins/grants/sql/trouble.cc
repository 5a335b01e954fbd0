#include "plugins/grants/sql/trouble.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "brobygger/sdk/error.h"

namespace brobygger::sql {
namespace {

using sdk::Diagnostic;

// One kind of failure: how to know it, and what to say.
struct Kind {
  std::initializer_list<std::string_view> states;  // or their beginnings
  std::initializer_list<std::string_view> words;   // in the text, in lower case
  Diagnostic::Class kind;
  const char* code;
  const char* path;
  const char* da;
  const char* en;
};

// The first that fits counts. Words come first where products agree on no state.
const Kind kKinds[] = {
    {{"28"},
     {"authentication failed", "access denied for user", "no password supplied"},
     Diagnostic::CLASS_AUTH,
     "bad_password",
     "password",
     "Databasen afviser brugernavn eller adgangskode. Bed databasens ejer om en gyldig "
     "adgangskode, "
     "og læg den i forbindelsens hemmelighed 'password'.",
     "The database refuses the user name or password. Ask the database's owner for a valid one, "
     "and "
     "put it into the connection's secret 'password'."},
    {{"42501"},
     {"permission denied", "command denied"},
     Diagnostic::CLASS_AUTH,
     "no_right",
     "columns",
     "Brugeren må ikke læse tabellen eller en af kolonnerne. Bed databasens ejer om SELECT på "
     "netop "
     "de kolonner, forbindelsen nævner.",
     "The user may not read the table or one of its columns. Ask the database's owner for SELECT "
     "on "
     "just the columns that the connection names."},
    {{"IM002", "IM003", "IM004", "IM005"},
     {"can't open lib"},
     Diagnostic::CLASS_CONFIG,
     "no_odbc",
     "connection_string",
     "ODBC-driveren i forbindelsen findes ikke på maskinen. Installer den (odbc-postgresql, "
     "odbc-mariadb eller libsqliteodbc), eller ret 'Driver' i connection_string.",
     "The connection's ODBC driver is not on this machine. Install it (odbc-postgresql, "
     "odbc-mariadb "                                                // glossary: ok
     "or libsqliteodbc), or mend 'Driver' in connection_string."},  // glossary: ok
    {{"3D000"},
     {"unknown database", "does not exist\n", "database \""},
     Diagnostic::CLASS_CONFIG,
     "no_database",
     "connection_string",
     "Databasen i connection_string findes ikke på serveren. Ret navnet, eller spørg databasens "
     "ejer.",
     "The server has no database of the name in connection_string. Mend the name, or ask the "
     "database's owner."},
    {{"42P01", "42S02"},
     {"no such table"},
     Diagnostic::CLASS_NOT_FOUND,
     "no_table",
     "table",
     "Tabellen findes ikke, eller brugeren kan ikke se den. Ret 'table', eller bed databasens ejer "
     "om adgang.",
     "There is no such table, or the user cannot see it. Mend 'table', or ask the database's owner "
     "for access."},
    {{"42703", "42S22"},
     {"no such column", "unknown column"},
     Diagnostic::CLASS_CONFIG,
     "no_column",
     "columns",
     "En af kolonnerne findes ikke i tabellen. Ret 'columns'.",
     "One of the columns is not in the table. Mend 'columns'."},
    {{"08", "HYT", "57P", "53"},
     {"can't connect", "can't create tcp/ip socket", "connection refused", "gone away",
      "lost connection", "could not connect", "server closed the connection"},
     Diagnostic::CLASS_TRANSIENT,
     "unreachable",
     "connection_string",
     "Databasen svarer ikke. Der prøves igen; varer det ved, så spørg dem, der driver den, og se "
     "om "
     "porten står i forbindelsens jail.tcp_ports.",
     "The database does not answer. It is tried again; if that goes on, ask those who run it, and "
     "see whether its port is in the connection's jail.tcp_ports."}};

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char sign) {
    return sign >= 'A' && sign <= 'Z' ? static_cast<char>(sign + 32) : sign;
  });
  return text;
}

bool Fits(const Kind& kind, const std::string& state, const std::string& text) {
  return std::any_of(
             kind.states.begin(), kind.states.end(),
             [&](std::string_view known) { return state.substr(0, known.size()) == known; }) ||
         std::any_of(kind.words.begin(), kind.words.end(),
                     [&](std::string_view words) { return text.find(words) != std::string::npos; });
}

}  // namespace

absl::Status Explain(const OdbcMessage& message, const std::string& table) {
  const std::string text = Lower(message.text);
  const std::string detail =
      message.state + " (" + std::to_string(message.native) + ") " + message.text;
  for (const Kind& kind : kKinds) {
    if (!Fits(kind, message.state, text)) continue;
    return sdk::MakeError({.kind = kind.kind,
                           .code = std::string("grants.sql.") + kind.code,
                           .da = std::string(kind.da) + " (" + table + ")",
                           .en = std::string(kind.en) + " (" + table + ")",
                           .path = kind.path,
                           .detail = detail});
  }
  return sdk::MakeError({.kind = Diagnostic::CLASS_TRANSIENT,
                         .code = "grants.sql.failed",
                         .da = "Databasen kunne ikke læses (" + table +
                               "). Der prøves igen; loggen har databasens egne ord.",
                         .en = "The database could not be read (" + table +
                               "). It is tried again; the log has the database's own words.",
                         .path = "table",
                         .detail = detail});
}

}  // namespace brobygger::sql
