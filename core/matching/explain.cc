#include "core/matching/explain.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>

#include "core/matching/data.h"
#include "core/matching/keys.h"

namespace brobygger::matching {
namespace {

// What data/texts.csv says for a key, in both languages.
struct Text {
  std::string da;
  std::string en;
};

const TextMap<Text>& Texts() {
  static const TextMap<Text> kTexts = [] {
    TextMap<Text> read;
    const std::vector<std::string> lines = absl::StrSplit(std::string(data::kTexts), '\n');
    for (const std::string& line : lines) {
      const std::vector<std::string> fields = absl::StrSplit(line, '|');
      if (fields.size() == 3 && line.front() != '#') read[fields[0]] = {fields[1], fields[2]};
    }
    return read;
  }();
  return kTexts;
}

Text TextOf(const std::string& key) {
  const auto found = Texts().find(key);
  return found == Texts().end() ? Text{key, key} : found->second;
}

std::string WithCapital(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() -= 'a' - 'A';
  return text;
}

// "A, and b."
Text TextOf(const Interaction& interaction) {
  Text text;
  for (const std::string& piece : interaction.pieces) {
    const Text part = TextOf(piece);
    const bool first = text.da.empty();
    text.da += first ? part.da : ", og " + part.da;
    text.en += first ? part.en : ", and " + part.en;
  }
  return {WithCapital(text.da), WithCapital(text.en)};
}

template <typename Values, typename Key>
std::uint64_t SharedValue(const Values& left, const Values& right, const Key& key_of) {
  for (const auto& a : left) {
    for (const auto& b : right) {
      if (key_of(a) == key_of(b)) return key_of(a);
    }
  }
  return 0;
}

// The value that made the comparison come out as it did, as it is counted.
std::uint64_t CountedValue(Comparison comparison,
                           const Prepared& left,
                           const Prepared& right,
                           bool domain) {
  switch (comparison) {
    case Comparison::kCvr:
      return ValueOf(ValueKind::kCvr, left.cvr);
    case Comparison::kEmail:
      if (domain) {
        return ValueOf(ValueKind::kDomain, SharedValue(left.emails, right.emails,
                                                       [](const auto& e) { return e.domain; }));
      }
      return ValueOf(ValueKind::kEmail,
                     SharedValue(left.emails, right.emails, [](const auto& e) { return e.whole; }));
    case Comparison::kPhone:
      return ValueOf(ValueKind::kPhone,
                     SharedValue(left.phones, right.phones, [](auto p) { return p; }));
    case Comparison::kWebsite:
      return ValueOf(ValueKind::kWebsite, SharedValue(left.websites, right.websites,
                                                      [](const auto& w) { return w.whole; }));
    case Comparison::kAddress:
      return AddressValue(left);
    default:
      return 0;
  }
}

void FillCount(const CompareContext& context,
               Comparison comparison,
               const Prepared& left,
               const Prepared& right,
               Line& line) {
  if (line.text_da.find("{n}") == std::string::npos) return;
  const std::uint64_t value =
      CountedValue(comparison, left, right, line.level.starts_with("domain"));
  const std::size_t shared = context.counts.SharedBy(value);
  std::string count = std::to_string(shared);
  if (shared >= kCountLimit) count += "+";
  line.text_da = absl::StrReplaceAll(line.text_da, {{"{n}", count}});
  line.text_en = absl::StrReplaceAll(line.text_en, {{"{n}", count}});
}

// What a person can ask for, with the level it would come to if it were equal.
struct Askable {
  Comparison comparison;
  std::uint8_t equal;
};
constexpr std::array<Askable, 8> kAskable = {{
    {Comparison::kCvr, 6},
    {Comparison::kEmail, 7},
    {Comparison::kPhone, 5},
    {Comparison::kAddress, 5},
    {Comparison::kWebsite, 4},
    {Comparison::kFounded, 4},
    {Comparison::kArea, 4},
    {Comparison::kParent, 3},
}};

std::vector<Settling> SettlingOf(const Scorecard& scorecard,
                                 const Levels& levels,
                                 Verdict verdict) {
  std::vector<Settling> settling;
  for (const Askable& askable : kAskable) {
    if (LevelOf(levels, askable.comparison) != 0) continue;
    Levels changed = levels;
    const auto score_with = [&](std::uint8_t level) {
      LevelOf(changed, askable.comparison) = level;
      return ToScore(scorecard.Sum(changed));
    };
    Settling one;
    one.key = Comparisons()[static_cast<std::size_t>(askable.comparison)].key;
    one.score_if_differs = score_with(1);
    const Verdict if_differs = VerdictOf(scorecard, changed, one.score_if_differs);
    one.score_if_equal = score_with(askable.equal);
    const Verdict if_equal = VerdictOf(scorecard, changed, one.score_if_equal);
    if (if_equal == verdict && if_differs == verdict) continue;
    const Text question = TextOf("ask." + one.key);
    one.question_da = question.da;
    one.question_en = question.en;
    settling.push_back(std::move(one));
  }
  std::stable_sort(settling.begin(), settling.end(), [](const Settling& a, const Settling& b) {
    return a.score_if_equal - a.score_if_differs > b.score_if_equal - b.score_if_differs;
  });
  return settling;
}

}  // namespace

Explanation ExplainRecords(const CompareContext& context,
                           const Scorecard& scorecard,
                           const Prepared& left,
                           const Prepared& right) {
  const Levels levels = CompareRecords(context, left, right);
  Explanation explanation;
  explanation.score = ToScore(scorecard.Sum(levels));
  explanation.probability = 1 / (1 + std::exp(-explanation.score));
  explanation.verdict = VerdictOf(scorecard, levels, explanation.score);
  const auto add = [&](std::string key, std::string level, Weight weight, Text text) -> Line& {
    explanation.lines.push_back({std::move(key), std::move(level), ToScore(weight),
                                 std::move(text.da), std::move(text.en)});
    return explanation.lines.back();
  };
  for (std::size_t i = 0; i < kComparisonCount; ++i) {
    const Weight weight = scorecard.weights[i][levels[i]];
    if (levels[i] == 0 || weight == 0) continue;
    const ComparisonSpec& spec = Comparisons()[i];
    const std::string& level = spec.levels[levels[i]];
    Line& line = add(spec.key, level, weight, TextOf(spec.key + "." + level));
    FillCount(context, static_cast<Comparison>(i), left, right, line);
  }
  for (std::size_t i = 0; i < scorecard.interaction_weights.size(); ++i) {
    const Interaction& interaction = Interactions()[i];
    const Weight weight = scorecard.interaction_weights[i];
    if (weight != 0 && interaction.Holds(levels))
      add(interaction.key, "", weight, TextOf(interaction));
  }
  std::stable_sort(
      explanation.lines.begin(), explanation.lines.end(),
      [](const Line& a, const Line& b) { return std::abs(a.weight) > std::abs(b.weight); });
  const Text base = TextOf("base");
  explanation.lines.insert(explanation.lines.begin(),
                           {"base", "", ToScore(scorecard.base), base.da, base.en});
  explanation.settling = SettlingOf(scorecard, levels, explanation.verdict);
  return explanation;
}

}  // namespace brobygger::matching
