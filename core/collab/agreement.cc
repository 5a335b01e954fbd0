#include "core/collab/agreement.h"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "core/base/text_table.h"
#include "core/collab/data.h"
#include "core/collab/meanings.h"

namespace brobygger::collab {
namespace {

using v1::AlignmentRound;
using v1::Collaboration;

constexpr int kAgrees = 4;

const std::string& Text(const std::string& key, const std::string& language) {
  static const base::TextTable kTable(kTextsCsv);
  return kTable.Get(key, language);
}

std::string In(const registry::v1::LocalizedText& text, const std::string& language) {
  const auto& texts = text.by_language();
  for (const std::string& wanted : {language, std::string("da"), std::string("en")}) {
    const auto found = texts.find(wanted);
    if (found != texts.end()) return found->second;
  }
  return texts.empty() ? "" : texts.begin()->second;
}

std::string RolesOf(const v1::Party& party, const std::string& language) {
  std::vector<std::string> words;
  for (const int role : party.roles()) words.push_back(Text(absl::StrCat("role_", role), language));
  return words.empty() ? "" : absl::StrCat(" (", absl::StrJoin(words, ", "), ")");
}

std::string SideText(v1::CollaborationSide side, const std::string& language) {
  return Text(absl::StrCat("side_", static_cast<int>(side)), language);
}

const std::string& StatementText(const v1::AlignmentStatement& statement,
                                 const std::string& language) {
  return language == "da" ? statement.text_da() : statement.text_en();
}

// Whether both sides agree with it.
bool BothAgree(const AlignmentRound& round, const std::string& id) {
  int agree = 0;
  for (const auto& side : round.answers()) {
    const auto& answers = side.answers();
    agree += std::any_of(answers.begin(), answers.end(), [&](const v1::AlignmentAnswer& answer) {
      return answer.statement_id() == id && answer.agreement() >= kAgrees;
    });
  }
  return agree == 2;
}

// A text with headings and lines.
class Page {
 public:
  explicit Page(const std::string& language) : language_(language) {}

  void Heading(const char* key) { absl::StrAppend(&text_, "\n", Text(key, language_), "\n"); }
  void Line(const std::string& line) { absl::StrAppend(&text_, "  ", line, "\n"); }
  void Whole(const std::string& line) { absl::StrAppend(&text_, line, "\n"); }
  std::string Take() { return std::move(text_); }

 private:
  const std::string& language_;
  std::string text_;
};

void AddTasks(const Collaboration& collaboration, const std::string& language, Page& page) {
  page.Heading("tasks");
  for (const auto& task : collaboration.tasks()) {
    if (task.state() == v1::TASK_STATE_DROPPED) continue;
    const bool owned = task.owner_side() != v1::COLLABORATION_SIDE_UNSPECIFIED;
    std::string line =
        absl::StrCat(task.title(), " – ",
                     owned ? SideText(task.owner_side(), language) : Text("nobody", language));
    if (!task.due_date().empty()) {
      absl::StrAppend(&line, ", ", Text("until", language), " ", task.due_date());
    }
    page.Line(line);
  }
}

void AddAgreed(const AlignmentRound& round, const std::string& language, Page& page) {
  page.Heading("agreed");
  for (const auto& statement : round.statements()) {
    if (BothAgree(round, statement.id())) page.Line(StatementText(statement, language));
  }
  if (round.talks().empty()) return;
  page.Heading("talked");
  for (const auto& talk : round.talks()) {
    for (const auto& statement : round.statements()) {
      if (statement.id() == talk.statement_id()) page.Line(StatementText(statement, language));
    }
    page.Line("→ " + talk.outcome());
  }
}

// Whether both sides hold to a meaning of a word that begins so.
bool IsExplained(const Collaboration& collaboration, const std::string& stem) {
  const auto& meanings = collaboration.meanings();
  return std::any_of(meanings.begin(), meanings.end(), [&](const v1::SharedMeaning& meaning) {
    return IsShared(meaning) && absl::StartsWith(absl::AsciiStrToLower(meaning.word()), stem);
  });
}

void AddMeanings(const Collaboration& collaboration, Page& page) {
  bool first = true;
  for (const auto& meaning : collaboration.meanings()) {
    if (!IsShared(meaning)) continue;
    if (first) page.Heading("meanings");
    first = false;
    page.Line(absl::StrCat(meaning.word(), ": ", meaning.text()));
  }
}

std::string AllTexts(const Collaboration& collaboration, const AlignmentRound& round) {
  std::string texts = collaboration.title();
  for (const auto& [language, text] : collaboration.aim().by_language()) {
    absl::StrAppend(&texts, " ", text);
  }
  for (const auto& task : collaboration.tasks()) absl::StrAppend(&texts, " ", task.title());
  for (const auto& talk : round.talks()) absl::StrAppend(&texts, " ", talk.outcome());
  for (const auto& side : round.answers()) {
    for (const auto& answer : side.answers()) absl::StrAppend(&texts, " ", answer.comment());
  }
  return absl::AsciiStrToLower(texts);
}

}  // namespace

std::string AgreementText(const Collaboration& collaboration,
                          const AlignmentRound& round,
                          const std::string& language) {
  Page page(language);
  page.Whole(absl::StrCat(Text("agreement", language), ": ", collaboration.title()));
  const std::string aim = In(collaboration.aim(), language);
  if (!aim.empty()) {
    page.Heading("aim");
    page.Line(aim);
  }
  page.Heading("parties");
  for (const auto& party : collaboration.parties()) {
    if (party.left_date().empty()) page.Line(party.title() + RolesOf(party, language));
  }
  if (!collaboration.start_date().empty()) {
    page.Heading("when");
    std::string line = absl::StrCat(Text("from", language), " ", collaboration.start_date());
    if (!collaboration.end_date().empty()) {
      absl::StrAppend(&line, " ", Text("to", language), " ", collaboration.end_date());
    }
    page.Line(line);
  }
  if (!collaboration.tasks().empty()) AddTasks(collaboration, language, page);
  AddAgreed(round, language, page);
  AddMeanings(collaboration, page);
  const auto words = WordsToExplain(collaboration, round);
  if (!words.empty()) {
    page.Heading("words");
    page.Line(absl::StrJoin(words, ", "));
  }
  const bool accepted = round.state() == v1::ALIGNMENT_STATE_ALIGNED;
  page.Whole(absl::StrCat("\n", Text(accepted ? "accepted" : "not_accepted", language)));
  return page.Take();
}

std::vector<std::string> WordsToExplain(const Collaboration& collaboration,
                                        const AlignmentRound& round) {
  const std::string texts = AllTexts(collaboration, round);
  std::vector<std::string> words;
  const absl::string_view file(kWordsCsv.data(), kWordsCsv.size());
  for (const absl::string_view line : absl::StrSplit(file, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> parts = absl::StrSplit(line, '|');
    const bool used = parts.size() == 2 && texts.find(parts[0]) != std::string::npos;
    if (used && !IsExplained(collaboration, parts[0])) words.push_back(parts[1]);
  }
  return words;
}

}  // namespace brobygger::collab
