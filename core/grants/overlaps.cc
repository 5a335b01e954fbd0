#include "core/grants/overlaps.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "core/matching/text.h"

namespace brobygger::grants {
namespace {

using grant::v1::Overlap;

constexpr std::size_t kShortestWord = 4;

struct Judged {
  const GrantApplication* application;
  std::set<std::string> words;
  std::string from;  // the days between which the activity lies, ISO 8601
  std::string to;
};

bool HasLetter(const std::string& word) {
  return std::any_of(word.begin(), word.end(),
                     [](char sign) { return sign >= 'a' && sign <= 'z'; });
}

std::set<std::string> WordsOf(const std::string& title) {
  std::set<std::string> words;
  for (const matching::Word& word : matching::FoldWords(title)) {
    if (word.text.size() >= kShortestWord && HasLetter(word.text)) words.insert(word.text);
  }
  return words;
}

void SetTimes(const GrantApplication& application, Judged& judged) {
  judged.from = application.period().from_date();
  judged.to = application.period().to_date();
  if (!judged.from.empty() || !judged.to.empty()) {
    if (judged.to.empty()) judged.to = "9999-12-31";
    return;
  }
  const std::string& decided = application.decided_date();
  const std::string& day = decided.empty() ? application.received_date() : decided;
  judged.from = day.empty() ? "" : day.substr(0, 4) + "-01-01";
  judged.to = day.empty() ? "9999-12-31" : day.substr(0, 4) + "-12-31";
}

bool TimesMeet(const Judged& left, const Judged& right) {
  return left.from <= right.to && right.from <= left.to;
}

std::vector<std::string> SharedWords(const Judged& left, const Judged& right) {
  std::vector<std::string> shared;
  std::set_intersection(left.words.begin(), left.words.end(), right.words.begin(),
                        right.words.end(), std::back_inserter(shared));
  const std::size_t shorter = std::min(left.words.size(), right.words.size());
  const std::size_t enough = shorter <= 2 ? shorter : (2 * shorter + 2) / 3;
  if (shorter == 0 || shared.size() < enough) shared.clear();
  return shared;
}

Overlap::Kind KindOf(const GrantApplication& left, const GrantApplication& right) {
  const bool left_granted = IsGranted(left.state());
  const bool right_granted = IsGranted(right.state());
  if (left_granted && right_granted) return Overlap::KIND_BOTH_GRANTED;
  return left_granted || right_granted ? Overlap::KIND_ONE_GRANTED : Overlap::KIND_BOTH_APPLIED;
}

// The earlier one first, so that the same two are always told alike.
bool Earlier(const Judged& left, const Judged& right) {
  return std::tie(left.application->received_date(), left.application->id()) <
         std::tie(right.application->received_date(), right.application->id());
}

void AddIfOverlap(const Judged& first, const Judged& second, std::vector<Overlap>& overlaps) {
  if (!TimesMeet(first, second)) return;
  std::vector<std::string> shared = SharedWords(first, second);
  if (shared.empty()) return;
  Overlap& overlap = overlaps.emplace_back();
  overlap.set_kind(KindOf(*first.application, *second.application));
  overlap.set_first_application_id(first.application->id());
  overlap.set_second_application_id(second.application->id());
  for (std::string& word : shared) overlap.add_shared_words(std::move(word));
}

}  // namespace

std::vector<Overlap> FindOverlaps(const std::vector<GrantApplication>& applications) {
  std::vector<Judged> judged;
  for (const GrantApplication& application : applications) {
    const bool counts = IsGranted(application.state()) || IsUndecided(application.state());
    if (!counts || application.has_gone_time()) continue;
    judged.push_back(
        {.application = &application, .words = WordsOf(application.title()), .from = "", .to = ""});
    SetTimes(application, judged.back());
  }
  std::sort(judged.begin(), judged.end(), Earlier);
  std::vector<Overlap> overlaps;
  for (auto first = judged.begin(); first != judged.end(); ++first) {
    for (auto second = std::next(first); second != judged.end(); ++second) {
      AddIfOverlap(*first, *second, overlaps);
    }
  }
  return overlaps;
}

}  // namespace brobygger::grants
