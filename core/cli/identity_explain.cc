// identity explain, why-not and how.
#include <memory>

#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/identity.h"
#include "core/cli/identity_words.h"
#include "core/cli/text_width.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using identity::v1::AssociationExplanation;
using identity::v1::Decision;
using identity::v1::ExplanationLine;
using identity::v1::PairExplanation;

struct ExplainOptions {
  std::string left;
  std::string right;
};

std::string LineText(const ExplanationLine& line, const std::string& language) {
  return OneCleanLine(language == "da" ? line.text_da() : line.text_en());
}

std::string Weighted(const ExplanationLine& line, const std::string& language) {
  return fmt::format("  {:+7.2f}  {}\n", line.weight(), LineText(line, language));
}

std::string Title(const PairExplanation& explanation, const std::string& language) {
  return fmt::format("{} {} {}\n\n", OneCleanLine(explanation.left_official_name()),
                     IdentityText("and", language),
                     OneCleanLine(explanation.right_official_name()));
}

// What a person decided and still holds.
std::string DecidedText(const PairExplanation& explanation, const std::string& language) {
  for (const Decision& decision : explanation.decisions()) {
    const bool holds = decision.maker() == Decision::MAKER_PERSON &&
                       decision.undone_by_decision_id().empty() &&
                       decision.kind() != Decision::KIND_RETRACTED;
    if (!holds) continue;
    const std::string note =
        decision.note().empty() ? "" : fmt::format(" (\"{}\")", OneCleanLine(decision.note()));
    return FillText("person_said", language, decision.actor(), KindText(decision.kind(), language),
                    note) +
           "\n";
  }
  return "";
}

std::string SettlingText(const PairExplanation& explanation, const std::string& language) {
  if (explanation.settling().empty()) return "";
  std::string text = IdentityText("settles", language) + "\n";
  for (const auto& settling : explanation.settling()) {
    const std::string& question =
        language == "da" ? settling.question_da() : settling.question_en();
    text += FillText("settle_line", language, OneCleanLine(question), settling.score_if_equal(),
                     settling.score_if_differs()) +
            "\n";
  }
  return text;
}

std::string VerdictLines(const PairExplanation& explanation, const std::string& language) {
  return FillText("hub_says", language, VerdictText(explanation.verdict(), language)) + "\n" +
         DecidedText(explanation, language);
}

// What speaks against the two being the same, heaviest first.
std::string AgainstText(const PairExplanation& explanation, const std::string& language) {
  std::string against;
  double speaks_for = 0;
  double speaks_against = 0;
  for (const ExplanationLine& line : explanation.lines()) {
    (line.weight() < 0 ? speaks_against : speaks_for) += line.weight();
    if (line.weight() < 0) against += Weighted(line, language);
  }
  std::string text = Title(explanation, language);
  text += against.empty() ? IdentityText("nothing_against", language) + "\n"
                          : IdentityText("against", language) + "\n" + against;
  text += FillText("for_sum", language, speaks_for, speaks_against) + "\n";
  return text + VerdictLines(explanation, language) + SettlingText(explanation, language);
}

Rows LineRows(const PairExplanation& explanation, const std::string& language) {
  Rows rows{.columns = {{"key", "KEY"}, {"level", "LEVEL"}, {"weight", "WEIGHT"}, {"text", "WHAT"}},
            .cells = {}};
  for (const ExplanationLine& line : explanation.lines()) {
    rows.cells.push_back({{line.key()},
                          {line.level()},
                          {fmt::format("{}", line.weight())},
                          {LineText(line, language)}});
  }
  return rows;
}

Outcome Explain(Session& session, const ExplainOptions& options, bool only_against) {
  BB_ASSIGN_OR_RETURN(const auto explanation,
                      GetPairExplanation(session, options.left, options.right));
  if (session.format() == Format::kTable) {
    session.Write(only_against ? AgainstText(explanation, session.language())
                               : ExplanationText(explanation, session.language()));
    return 0;
  }
  WriteRecord(session, explanation, [&] { return LineRows(explanation, session.language()); });
  return 0;
}

Rows MemberRows(const AssociationExplanation& explanation, const std::string& language) {
  Rows rows{.columns = {{"record", "RECORD"},
                        {"official_name", "NAME"},
                        {"link_reason", "WHY IT BELONGS"},
                        {"score", "SCORE"},
                        {"link_time", "SINCE"},
                        {"decision_id", "DECISION"}},
            .cells = {}};
  for (const auto& member : explanation.records()) {
    const std::string record =
        member.record().connection_id().empty()
            ? "-"
            : member.record().connection_id() + "/" + member.record().external_id();
    const std::string reason = IdentityText("reason_" + member.link_reason(), language);
    rows.cells.push_back({{record},
                          {OneCleanLine(member.official_name())},
                          {reason.empty() ? member.link_reason() : reason},
                          {member.score() == 0 ? "" : fmt::format("{:+.2f}", member.score())},
                          {ShowTime(member.link_time(), language)},
                          {ShortId(member.decision_id())}});
  }
  return rows;
}

Outcome How(Session& session, const ExplainOptions& options) {
  BB_ASSIGN_OR_RETURN(const std::string id, FindAssociationId(session, options.left));
  identity::v1::ExplainAssociationRequest request;
  request.set_association_id(id);
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<identity::v1::ExplainAssociationResponse>(request));
  const AssociationExplanation& explanation = answer.explanation();
  const std::string& language = session.language();
  if (session.format() == Format::kTable) {
    session.Write(FillText("how_title", language, OneCleanLine(explanation.official_name())) +
                  "\n");
  }
  WriteRecord(session, explanation, [&] { return MemberRows(explanation, language); });
  if (session.format() != Format::kTable || explanation.merges().empty()) return 0;
  session.Write(IdentityText("how_merges", language) + "\n");
  for (const auto& merge : explanation.merges()) {
    const std::string undone =
        merge.has_undo_time() ? " (" + IdentityText("how_undone", language) + ")" : "";
    session.Write(fmt::format("  {}  {} <- {}  {}{}\n", ShowTime(merge.merge_time(), language),
                              ShortId(merge.survivor_association_id()),
                              ShortId(merge.absorbed_association_id()), merge.actor(), undone));
  }
  return 0;
}

}  // namespace

absl::StatusOr<PairExplanation> GetPairExplanation(Session& session,
                                                   const std::string& left,
                                                   const std::string& right) {
  identity::v1::ExplainPairRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_left_association_id(), FindAssociationId(session, left));
  BB_ASSIGN_OR_RETURN(*request.mutable_right_association_id(), FindAssociationId(session, right));
  BB_ASSIGN_OR_RETURN(auto response, session.Call<identity::v1::ExplainPairResponse>(request));
  return std::move(*response.mutable_explanation());
}

std::string ExplanationText(const PairExplanation& explanation, const std::string& language) {
  std::string text = Title(explanation, language);
  text += fmt::format("  {:>7}  {}\n", IdentityText("weight", language),
                      IdentityText("what", language));
  for (const ExplanationLine& line : explanation.lines()) text += Weighted(line, language);
  text += "  -------\n";
  text +=
      FillText("sum", language, explanation.score(), ShowProbability(explanation.probability())) +
      "\n";
  if (explanation.association_score() != explanation.score()) {
    text += FillText("mean", language, explanation.association_score()) + "\n";
  }
  return text + VerdictLines(explanation, language) + SettlingText(explanation, language);
}

void AddIdentityExplain(const Command& parent) {
  const auto options = std::make_shared<ExplainOptions>();
  const ValueHint which{.summary = "Id (or its start), CVR number or whole name",
                        .completes = Completes::kAssociation};
  parent.Add("explain", "Why two associations are, or are not, taken to be the same")
      .Argument("FIRST", options->left, which)
      .Argument("SECOND", options->right, which)
      .Does([options](Session& session) { return Explain(session, *options, false); });

  parent.Add("why-not", "Only what speaks against two associations being the same")
      .Argument("FIRST", options->left, which)
      .Argument("SECOND", options->right, which)
      .Does([options](Session& session) { return Explain(session, *options, true); });

  parent.Add("how", "Which records an association is made of, and how they came together")
      .Argument("ASSOCIATION", options->left, which)
      .Does([options](Session& session) { return How(session, *options); });
}

}  // namespace brobygger::cli
