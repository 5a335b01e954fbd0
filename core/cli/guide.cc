// guide and way.
#include <memory>

#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/advice.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/discovery_words.h"
#include "core/cli/enum_words.h"
#include "core/cli/output.h"
#include "core/cli/registry_codes.h"
#include "core/cli/words.h"
#include "core/model/labels.h"

namespace brobygger::cli {
namespace {

using discovery::v1::FindWayRequest;
using discovery::v1::FindWayResponse;
using discovery::v1::GetGuideRequest;
using discovery::v1::GetGuideResponse;
using discovery::v1::GuideAnswer;
using discovery::v1::GuideFact;

struct GuideOptions {
  std::string association;
  std::string municipality;
  std::string theme;
  std::string kle;
};

std::string KeyOf(const std::string& value_name, const std::string& prefix) {
  std::string key = ShowEnum(value_name, prefix);
  for (char& letter : key) letter = letter == ' ' ? '_' : letter;
  return key;
}

// "3 coordination groups", "purpose: known", "policy: Sammen om byen".
std::string FactText(const GuideFact& fact, const std::string& language) {
  const std::string what = DiscoveryText(
      "fact_" + KeyOf(discovery::v1::GuideFactKind_Name(fact.kind()), "GUIDE_FACT_KIND_"),
      language);
  if (!fact.known()) return fmt::format("{}: {}", what, DiscoveryText("unknown", language));
  if (fact.kind() == discovery::v1::GUIDE_FACT_KIND_POLICY) {
    const auto existence = static_cast<registry::v1::Policy::Existence>(fact.count());
    const std::string word(model::Label("brobygger.registry.v1.Policy.Existence",
                                        registry::v1::Policy::Existence_Name(existence), language));
    return fact.text().empty() ? fmt::format("{}: {}", what, word)
                               : fmt::format("{}: {} ({})", what, word, fact.text());
  }
  if (fact.kind() == discovery::v1::GUIDE_FACT_KIND_ASSOCIATION_KIND) {
    const auto kind = static_cast<registry::v1::AssociationKind>(fact.count());
    return std::string(model::Label("brobygger.registry.v1.AssociationKind",
                                    registry::v1::AssociationKind_Name(kind), language));
  }
  return fact.count() > 0 ? fmt::format("{}: {}", what, fact.count())
                          : fmt::format("{}: {}", what, DiscoveryText("known", language));
}

std::string AskText(const GuideAnswer& answer) {
  if (answer.ask_department_name().empty()) return answer.ask_email();
  if (answer.ask_email().empty()) return answer.ask_department_name();
  return fmt::format("{} <{}>", answer.ask_department_name(), answer.ask_email());
}

std::vector<std::vector<Cell>> AnswerCells(const GuideAnswer& answer, const std::string& language) {
  const std::string question = DiscoveryText(
      "guide_" + KeyOf(discovery::v1::GuideQuestion_Name(answer.question()), "GUIDE_QUESTION_"),
      language);
  const std::string state(model::Label("brobygger.discovery.v1.GuideState",
                                       discovery::v1::GuideState_Name(answer.state()), language));
  std::vector<std::vector<Cell>> lines;
  for (const GuideFact& fact : answer.facts()) {
    const bool first = lines.empty();
    lines.push_back({{first ? question : ""},
                     {first ? state : ""},
                     {FactText(fact, language)},
                     {first ? AskText(answer) : ""}});
  }
  return lines;
}

Outcome Guide(Session& session, const GuideOptions& options) {
  GetGuideRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_municipality_code(),
                      HomeMunicipality(session, options.municipality));
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    request.set_association_id(association.id());
  }
  BB_ASSIGN_OR_RETURN(const auto guide, session.Call<GetGuideResponse>(request));
  WriteRecord(session, guide, [&] {
    Rows rows{.columns = {{"question", "QUESTION"},
                          {"state", "STATE"},
                          {"fact", "WHAT THE HUB KNOWS"},
                          {"ask", "ASK"}},
              .cells = {}};
    for (const GuideAnswer& answer : guide.answers()) {
      for (auto& line : AnswerCells(answer, session.language())) {
        rows.cells.push_back(std::move(line));
      }
    }
    return rows;
  });
  if (!request.association_id().empty()) {
    SayAdvice(session, {collab::v1::ADVICE_TRIGGER_FIRST_CONTACT}, request.association_id());
  }
  return 0;
}

Outcome Way(Session& session, const GuideOptions& options) {
  FindWayRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_municipality_code(),
                      HomeMunicipality(session, options.municipality));
  request.set_theme(static_cast<registry::v1::Theme>(EnumNumber(ThemeWords(), options.theme)));
  request.set_kle_number(options.kle);
  BB_ASSIGN_OR_RETURN(const auto found, session.Call<FindWayResponse>(request));
  BB_ASSIGN_OR_RETURN(ListWriter writer,
                      ListWriter::Make(session, "ways",
                                       {{"theme", "ABOUT"},
                                        {"department", "DEPARTMENT"},
                                        {"aspect", "IS"},
                                        {"email", "MAIL"},
                                        {"phone", "PHONE"},
                                        {"why", "WHY THEY WOULD LIKE TO HEAR"}}));
  const std::string& language = session.language();
  for (const auto& way : found.ways()) {
    const auto& assignment = way.assignment();
    std::string about(model::Label("brobygger.registry.v1.Theme",
                                   registry::v1::Theme_Name(way.theme()), language));
    if (way.theme() == registry::v1::THEME_UNSPECIFIED) about = assignment.kle_title();
    const auto& why = way.value_statement().by_language();
    const auto text = why.count(language) > 0 ? why.at(language)
                      : why.empty()           ? ""
                                              : why.begin()->second;
    writer.Add(way, {{about},
                     {assignment.department_name()},
                     {std::string(model::Label(
                         "brobygger.registry.v1.KleAssignment.Aspect",
                         registry::v1::KleAssignment::Aspect_Name(assignment.aspect()), language))},
                     {way.contact_email()},
                     {way.contact_phone()},
                     {text}});
  }
  writer.Finish();
  if (found.ways().empty()) {
    session.Say("The hub does not know who has to do with it: brobygger task assign tells it.");
  }
  return 0;
}

}  // namespace

void AddGuide(const Command& root) {
  const auto options = std::make_shared<GuideOptions>();
  const ValueHint municipality = {.summary =
                                      "Municipality code; else the one of the hub's departments"};
  Command guide = root.Add("guide", "Before you begin: what is known, what is open, whom to ask");
  guide
      .OptionalArgument(
          "ASSOCIATION", options->association,
          {.summary = "Also the questions about this one", .completes = Completes::kAssociation})
      .Option("--municipality", options->municipality, municipality)
      .Does([options](Session& session) { return Guide(session, *options); });

  Command way = root.Add("way", "An association's way in: which department to turn to");
  way.Option("--theme", options->theme,
             {.summary = "What it is about", .completes = Completes::kWord, .words = ThemeWords()})
      .Option("--kle", options->kle, {.summary = "What it is about, as a KLE number: 18.15"})
      .Option("--municipality", options->municipality, municipality)
      .Does([options](Session& session) { return Way(session, *options); });
}

}  // namespace brobygger::cli
