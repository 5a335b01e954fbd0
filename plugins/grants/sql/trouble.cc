#include "plugins/grants/sql/trouble.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "brobygger/sdk/error.h"

namespace brobygger::sql {
namespace {

using sdk::Diagnostic;

// A person who has a row open in the grant system is seldom done within seconds.
constexpr int kBusySeconds = 30;
constexpr char kBusy[] = "busy";

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

// What only a write can meet; looked at before the others. Numbers are MariaDB's own.
const Kind kWriteKinds[] = {
    {{"40", "55P03", "57014"},
     {"deadlock", "lock wait timeout", "database is locked", "database table is locked",
      "lock timeout", "max_statement_time"},
     Diagnostic::CLASS_TRANSIENT,
     kBusy,
     "table",
     "Rækken er låst af en anden lige nu. Intet er skrevet; der prøves igen.",
     "Somebody else has the row locked at the moment. Nothing was written; it is tried again."},
    {{},
     {"readonly database", "read-only database"},
     Diagnostic::CLASS_AUTH,
     "no_right",
     "connection_string",
     "Databasefilen eller dens mappe må kun læses. Giv forbindelsen skriveret til mappen "
     "(jail.write_paths og filens rettigheder).",
     "The database file or its folder may only be read. Give the connection the right to write to "
     "the folder (jail.write_paths and the file's permissions)."},
    {{"22001"},
     {"data too long", "value too long"},
     Diagnostic::CLASS_REJECTED,
     "too_long",
     "",
     "En tekst er længere end kolonnen. Intet er skrevet.",
     "A text is longer than the column. Nothing was written."},
    {{"23502"},
     {"cannot be null", "not null constraint", "doesn't have a default value"},
     Diagnostic::CLASS_REJECTED,
     "required",
     "",
     "En kolonne, som skal udfyldes, er tom. Udfyld feltet, eller giv kolonnen en værdi i "
     "'write.defaults'.",
     "A column that must be filled is empty. Fill in the field, or give the column a value in "
     "'write.defaults'."},
    {{"23505"},
     {"duplicate entry", "unique constraint"},
     Diagnostic::CLASS_REJECTED,
     "duplicate",
     "",
     "Kildesystemet har allerede en række med en værdi, som kun må findes én gang. Find rækken i "
     "kildesystemet, og ret den.",
     "The source system already has a row with a value that may be there only once. Find the row "
     "in the source system and mend it."},
    {{"23", "P0001", "44", "45000"},
     {"constraint failed", "foreign key constraint", "check constraint"},
     Diagnostic::CLASS_REJECTED,
     "constraint",
     "",
     "Kildesystemets egne regler afviser værdien. Loggen har databasens egne ord.",
     "The source system's own rules refuse the value. The log has the database's own words."},
    {{"22"},
     {"incorrect integer value", "incorrect decimal value", "incorrect date value",
      "incorrect datetime value", "out of range", "data truncated", "invalid input syntax"},
     Diagnostic::CLASS_REJECTED,
     "bad_value",
     "",
     "En værdi passer ikke til kolonnens type. Intet er skrevet.",
     "A value does not fit the column's type. Nothing was written."}};

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

// The database's own words without the row's values, which may be about a person.
std::string Detail(const OdbcMessage& message) {
  std::string text = message.text.substr(0, message.text.find("DETAIL:"));
  for (const std::string_view before : {": \"", "entry '", "value: '"}) {
    const std::size_t found = text.find(before);
    if (found == std::string::npos) continue;
    const std::size_t begin = found + before.size();
    const std::size_t end = std::min(text.find(before.back(), begin), text.size());
    text.replace(begin, end - begin, "...");
  }
  return message.state + " (" + std::to_string(message.native) + ") " + text;
}

// The connection has one password and one server, but each table has keys of its own.
std::string PathOf(const std::string& key, const TableInTrouble& table) {
  return (key == "table" || key == "columns" ? table.part : "") + key;
}

// The error, if one of `kinds` fits.
template <std::size_t count>
absl::Status Find(const Kind (&kinds)[count],
                  const OdbcMessage& message,
                  const TableInTrouble& table) {
  const std::string text = Lower(message.text);
  for (const Kind& kind : kinds) {
    if (!Fits(kind, message.state, text)) continue;
    Diagnostic about = sdk::ToDiagnostic({.kind = kind.kind,
                                          .code = std::string("grants.sql.") + kind.code,
                                          .da = std::string(kind.da) + " (" + table.name + ")",
                                          .en = std::string(kind.en) + " (" + table.name + ")",
                                          .path = PathOf(kind.path, table),
                                          .detail = Detail(message)});
    if (std::string_view(kind.code) == kBusy)
      about.mutable_retry_after()->set_seconds(kBusySeconds);
    return sdk::ToStatus(about);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Explain(const OdbcMessage& message, const TableInTrouble& table) {
  if (absl::Status known = Find(kKinds, message, table); !known.ok()) return known;
  return sdk::MakeError({.kind = Diagnostic::CLASS_TRANSIENT,
                         .code = "grants.sql.failed",
                         .da = "Databasen kunne ikke svare (" + table.name +
                               "). Der prøves igen; loggen har databasens egne ord.",
                         .en = "The database could not answer (" + table.name +
                               "). It is tried again; the log has the database's own words.",
                         .path = PathOf("table", table),
                         .detail = Detail(message)});
}

absl::Status ExplainWrite(const OdbcMessage& message, const TableInTrouble& table) {
  if (absl::Status known = Find(kWriteKinds, message, table); !known.ok()) return known;
  return Explain(message, table);
}

}  // namespace brobygger::sql
