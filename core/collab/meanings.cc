#include "core/collab/meanings.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/collab/acting.h"
#include "core/collab/kept.h"
#include "core/model/free_text.h"
#include "core/model/names.h"
#include "core/model/rules.h"

namespace brobygger::collab {
namespace {

using model::BrokenRule;
using model::Place;
using v1::Collaboration;
using v1::SharedMeaning;

constexpr std::size_t kLongestWord = 60;
constexpr std::size_t kLongestMeaning = 300;
constexpr int kMostMeanings = 50;

bool HasAccepted(const SharedMeaning& meaning, v1::CollaborationSide side) {
  const auto& sides = meaning.accepted_by();
  return std::find(sides.begin(), sides.end(), side) != sides.end();
}

absl::Status Normalize(std::string& word, std::string& meaning) {
  const Place place{nullptr, "word"};
  BB_RETURN_IF_ERROR(model::FixLine(place, {1, kLongestWord}, word));
  BB_RETURN_IF_ERROR(model::RefuseSensitiveWords(place, word));
  const Place text{nullptr, "meaning"};
  BB_RETURN_IF_ERROR(model::FixText(text, {0, kLongestMeaning}, meaning));
  return model::RefuseSensitiveWords(text, meaning);
}

// The word's place, made if there is none.
absl::StatusOr<SharedMeaning*> PlaceOf(const std::string& word, Collaboration& collaboration) {
  const std::string folded = model::FoldName(word);
  for (SharedMeaning& each : *collaboration.mutable_meanings()) {
    if (model::FoldName(each.word()) == folded) return &each;
  }
  if (collaboration.meanings_size() == kMostMeanings) {
    return BrokenRule({nullptr, "meanings"}, "are 50 already");
  }
  SharedMeaning* const made = collaboration.add_meanings();
  made->set_word(word);
  return made;
}

}  // namespace

bool IsShared(const SharedMeaning& meaning) {
  return HasAccepted(meaning, v1::COLLABORATION_SIDE_MUNICIPALITY) &&
         HasAccepted(meaning, v1::COLLABORATION_SIDE_ASSOCIATION);
}

absl::StatusOr<Collaboration> ExplainWord(storage::Transaction& transaction,
                                          const v1::ExplainWordRequest& wanted,
                                          const Actor& actor) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(wanted, {}));
  BB_RETURN_IF_ERROR(CheckSide(actor, wanted.side()));
  std::string word = wanted.word();
  std::string text = wanted.meaning();
  BB_RETURN_IF_ERROR(Normalize(word, text));
  BB_ASSIGN_OR_RETURN(Collaboration collaboration,
                      LoadAt(transaction, wanted.collaboration_id(), wanted.etag()));
  BB_ASSIGN_OR_RETURN(SharedMeaning * meaning, PlaceOf(word, collaboration));
  if (text.empty() && meaning->text().empty()) {
    return BrokenRule({nullptr, "meaning"}, "is required: nobody has said yet what the word means");
  }
  // What somebody else is to hold to they have to see first.
  if (!text.empty() && text != meaning->text()) meaning->clear_accepted_by();
  if (!text.empty()) meaning->set_text(std::move(text));
  if (!HasAccepted(*meaning, wanted.side())) meaning->add_accepted_by(wanted.side());
  BB_RETURN_IF_ERROR(StoreCollaboration(transaction, collaboration));
  return Shown(transaction, std::move(collaboration));
}

}  // namespace brobygger::collab
