#include "core/cli/cli.h"

#include <cstdio>
#include <exception>
#include <memory>

#include "core/cli/command.h"
#include "core/cli/commands.h"
#include "core/cli/complete.h"
#include "core/cli/errors.h"
#include "core/cli/session.h"

namespace brobygger::cli {
namespace {

constexpr char kSummary[] =
    "Brobygger: one shared registry of associations, fed by many systems.\n"
    "Client commands talk to the hub at --server, else BROBYGGER_SERVER, else "
    "unix:/run/brobygger/hub.sock.";

void AddGlobalOptions(Command root, GlobalOptions& options) {
  root.Option("--server", options.server,
              {.summary = "Where the hub is, as in unix:/run/brobygger/hub.sock"})
      .Option("--profile", options.profile,
              {.summary = "How to sign in, as brobygger login kept it; usually default"})
      .Option("--purpose", options.purpose,
              {.summary = "What you read for, as the hub's policy names it: collaboration"})
      .Option("-o,--output", options.format,
              {.summary = "Form of the data; usually table at a terminal, else json",
               .words = {"table", "json", "yaml", "csv"}})
      .Option("--columns", options.columns, {.summary = "Columns of a list, with commas"})
      .Option("--color", options.color,
              {.summary = "Whether to use colour", .words = {"auto", "always", "never"}})
      .Option(
          "--lang", options.language,
          {.summary = "Language of words in tables; usually the locale's", .words = {"da", "en"}})
      .Number("--timeout", options.timeout_seconds, "Seconds a call may take")
      .Flag("--excel-safe", options.excel_safe, "CSV: keep a spreadsheet from running formulas")
      .Flag("-y,--yes", options.yes, "Do not ask")
      .Flag("-q,--quiet", options.quiet, "Say nothing but errors")
      .Flag("-v,--verbose", options.verbose, "Say more, also about errors");
}

void AddCommands(const Command& root) {
  AddServe(root);
  AddWeb(root);
  AddAssociation(root);
  AddMunicipality(root);
  AddDepartment(root);
  AddTask(root);
  AddPolicy(root);
  AddGroup(root);
  AddRelation(root);
  AddIdentity(root);
  AddGrant(root);
  AddPool(root);
  AddPremises(root);
  AddTouchpoint(root);
  AddPerson(root);
  AddRetention(root);
  AddCorrection(root);
  AddWhoKnows(root);
  AddPartner(root);
  AddCollaboration(root);
  AddAlignment(root);
  AddResourceCheck(root);
  AddCourse(root);
  AddNetwork(root);
  AddOwn(root);
  AddJoin(root);
  AddProgramme(root);
  AddAdvice(root);
  AddAccess(root);
  AddLogin(root);
  AddBlankSpots(root);
  AddGuide(root);
  AddEvent(root);
  AddSync(root);
  AddConnection(root);
  AddMail(root);
  AddAudit(root);
  AddPlugin(root);
  AddChange(root);
  AddCompletion(root);
  AddVersion(root);
}

int Fail(const absl::Status& status, const std::string& address, bool verbose) {
  std::fflush(stdout);
  const std::string text = ErrorText(status, address, verbose);
  std::fprintf(stderr, "%s\n", text.c_str());
  return ExitCodeOf(status);
}

int Run(const std::vector<std::string>& words) {
  CommandLine line("brobygger", kSummary);
  GlobalOptions options;
  AddGlobalOptions(line.root(), options);
  AddCommands(line.root());
  // Before parsing, which would refuse half-typed words.
  if (words.size() >= 2 && words[0] == "__complete" && words[1] == "--") {
    std::fputs(OfferWords(line, {words.begin() + 2, words.end()}).c_str(), stdout);
    return kExitDone;
  }
  const auto action = line.Parse(words);
  if (!action.ok()) {
    return Fail(action.status(), ServerAddress(options.server), options.verbose);
  }
  Session session(options);
  const Outcome outcome = (*action)(session);
  if (!outcome.ok()) return Fail(outcome.status(), session.address(), options.verbose);
  // A full disk or a closed pipe must not look like success.
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0 ? *outcome : kExitOther;
}

}  // namespace

int Main(const std::vector<std::string>& words) noexcept {
  try {
    return Run(words);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "brobygger: %s [INTERNAL]\n", error.what());
    return kExitOther;
  }
}

}  // namespace brobygger::cli
