// pool fit and after-refusal.
#include <memory>

#include <absl/strings/str_cat.h>
#include <fmt/format.h>

#include "brobygger/grant/v1/pool_service.pb.h"

#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/enum_words.h"
#include "core/cli/grant.h"
#include "core/cli/grant_overlap.h"
#include "core/cli/output.h"
#include "core/cli/pool_words.h"
#include "core/cli/table.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using grant::v1::FitPoolsResponse;
using grant::v1::PoolCheck;
using grant::v1::PoolFit;
using grant::v1::SuggestPoolsResponse;
using Fits = google::protobuf::RepeatedPtrField<PoolFit>;

struct FitOptions {
  std::string association;
  std::string pool;
  std::string application;
};

std::string VerdictText(const PoolFit& fit, const std::string& language) {
  return EnumText(*grant::v1::PoolVerdict_descriptor(), fit.verdict(), language);
}

std::vector<std::string> FitKeys() {
  return {"deadline", "title", "verdict", "amount", "municipality", "key"};
}

std::vector<Cell> FitCells(const PoolFit& fit, const std::string& language) {
  const auto& pool = fit.pool();
  return {{DeadlineText(pool, Today(), language)},
          {pool.title()},
          {VerdictText(fit, language)},
          {AmountText(pool, language)},
          {WhoseText(pool, language)},
          {pool.key()}};
}

// With `shared` also why a fund is named before another.
void WriteTable(Session& session, const Fits& fits, bool shared) {
  const std::string& language = session.language();
  std::vector<std::string> keys = FitKeys();
  if (shared) keys.emplace_back("shared");
  Table table(PoolColumns(keys, language));
  for (const PoolFit& fit : fits) {
    auto cells = FitCells(fit, language);
    const auto& themes = *registry::v1::Theme_descriptor();
    if (shared) cells.push_back({EnumTexts(themes, fit.shared_themes(), language)});
    table.Add(std::move(cells));
  }
  session.Write(table.Render(session.terminal()));
}

// "Is there a plan? Ask." from parts of which some end in a sign of their own.
std::string Sentences(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    const bool ended = part.ends_with('.') || part.ends_with('?') || part.ends_with('!');
    absl::StrAppend(&text, text.empty() ? "" : " ", part, ended ? "" : ".");
  }
  return text;
}

std::string CheckText(const PoolCheck& check, const std::string& language) {
  const auto& states = *grant::v1::PoolCheckState_descriptor();
  return fmt::format(
      "  {}: {}", EnumText(states, check.state(), language),
      Sentences({InLanguage(check.wanted(), language), InLanguage(check.found(), language),
                 InLanguage(check.advice(), language)}));
}

// What stands in the way, or with `all` everything that is asked.
void WriteChecks(Session& session, const Fits& fits, bool all) {
  const std::string& language = session.language();
  for (const PoolFit& fit : fits) {
    std::string lines;
    for (const PoolCheck& check : fit.checks()) {
      if (!all && check.state() == grant::v1::POOL_CHECK_STATE_MET) continue;
      absl::StrAppend(&lines, CheckText(check, language), "\n");
    }
    if (lines.empty()) continue;
    session.Write(
        fmt::format("\n{} – {}\n{}", fit.pool().title(), VerdictText(fit, language), lines));
  }
}

void WriteOthers(Session& session, const Fits& others, bool checks) {
  const std::string& language = session.language();
  session.Write("\n" + PoolText("else_fits", language) + "\n");
  if (others.empty()) {
    session.Write(PoolText("nothing_else", language) + "\n");
    return;
  }
  WriteTable(session, others, true);
  if (checks) WriteChecks(session, others, false);
}

bool AnyUnknown(const Fits& fits) {
  for (const PoolFit& fit : fits) {
    if (fit.verdict() == grant::v1::POOL_VERDICT_MAY_FIT) return true;
  }
  return false;
}

void WritePage(Session& session, const FitPoolsResponse& answer, bool one) {
  const std::string& language = session.language();
  session.Write(PoolText("fits_for", language, {{"name", answer.official_name()}}) + "\n\n");
  if (answer.fits().empty()) {
    session.Write(PoolText("no_pools", language) + "\n");
  } else {
    WriteTable(session, answer.fits(), false);
    WriteChecks(session, answer.fits(), one);
  }
  WriteOthers(session, answer.others(), !one);
  if (AnyUnknown(answer.fits()) || AnyUnknown(answer.others())) {
    session.Write("\n" + PoolText("not_a_no", language) + "\n");
  }
}

// A line a check, for programs.
Rows RowsOf(const Fits& fits, const Fits& others, const std::string& language) {
  std::vector<std::string> keys = FitKeys();
  for (const char* const key : {"check", "wanted", "found", "advice"}) keys.emplace_back(key);
  Rows rows{.columns = PoolColumns(keys, language), .cells = {}};
  const auto& states = *grant::v1::PoolCheckState_descriptor();
  for (const Fits* const list : {&fits, &others}) {
    for (const PoolFit& fit : *list) {
      const auto cells = FitCells(fit, language);
      for (const PoolCheck& check : fit.checks()) {
        auto& row = rows.cells.emplace_back(cells);
        row.push_back({EnumText(states, check.state(), language)});
        row.push_back({InLanguage(check.wanted(), language)});
        row.push_back({InLanguage(check.found(), language)});
        row.push_back({InLanguage(check.advice(), language)});
      }
      if (!fit.checks().empty()) continue;
      auto& row = rows.cells.emplace_back(cells);
      row.resize(keys.size());
    }
  }
  return rows;
}

Outcome Fit(Session& session, const FitOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
  grant::v1::FitPoolsRequest request;
  request.set_association_id(association.id());
  if (!options.pool.empty()) {
    BB_ASSIGN_OR_RETURN(const auto pool, FindPool(session, options.pool));
    request.set_pool_id(pool.id());
  }
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<FitPoolsResponse>(request));
  if (session.format() != Format::kTable) {
    WriteRecord(session, answer,
                [&] { return RowsOf(answer.fits(), answer.others(), session.language()); });
    return 0;
  }
  WritePage(session, answer, !options.pool.empty());
  WriteOverlaps(session, answer.overlaps(), answer.applications());
  return 0;
}

void WriteRefusal(Session& session, const SuggestPoolsResponse& answer) {
  const std::string& language = session.language();
  const auto& application = answer.application();
  session.Write(PoolText("refused", language,
                         {{"title", application.title()},
                          {"pool", application.pool()},
                          {"state", GrantStateText(application.state(), language)}}) +
                "\n");
  if (answer.has_follow_up()) {
    session.Write(PoolText("follow_up", language,
                           {{"day", ShowField("due_date", answer.follow_up().due_date(), language)},
                            {"application", ApplicationWord(application)}}) +
                  "\n");
  } else {
    session.Write(PoolText("no_follow_up", language) + "\n");
  }
  WriteOthers(session, answer.others(), true);
  if (AnyUnknown(answer.others())) session.Write("\n" + PoolText("not_a_no", language) + "\n");
}

Outcome AfterRefusal(Session& session, const FitOptions& options) {
  grant::v1::SuggestPoolsRequest request;
  request.set_application_id(options.application);
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<SuggestPoolsResponse>(request));
  if (session.format() == Format::kTable) {
    WriteRefusal(session, answer);
  } else {
    WriteRecord(session, answer, [&] { return RowsOf({}, answer.others(), session.language()); });
  }
  return 0;
}

}  // namespace

void AddPoolFit(const Command& parent) {
  const auto options = std::make_shared<FitOptions>();
  parent.Add("fit", "Say which funds fit an association, why not, and what else there is")
      .Argument(
          "ASSOCIATION", options->association,
          {.summary = "Its id, CVR number or official name", .completes = Completes::kAssociation})
      .Option("--pool", options->pool, {.summary = "All checks of this fund, and what else fits"})
      .Does([options](Session& session) { return Fit(session, *options); });
  parent
      .Add("after-refusal", "Say what else there is after a refusal, and what is to be followed up")
      .Argument("APPLICATION", options->application,
                {.summary = "As brobygger grant follow-ups lists it: tilskud/5012"})
      .Does([options](Session& session) { return AfterRefusal(session, *options); });
}

}  // namespace brobygger::cli
