#pragma once

#include <string>
#include <vector>

namespace brobygger::matching {

// How two records, or a record and an association, stand to each other.
enum class Verdict {
  kDifferent,  // nothing to do with each other
  kRelated,    // linked by an address, a telephone, a name; no more is known
  kBranch,     // one is a local branch or a section of the other
  kSister,     // two branches of one national association
  kSuccessor,  // one carries on the other under a new name
  kAsk,        // may be the same: a person has to say
  kSame,
};

// "same", "ask" ... as it stands in files, on screen and in the API's JSON.
std::string VerdictWord(Verdict verdict);

// One line of an explanation. The weights of all lines add up to the score.
struct Line {
  std::string key;      // which comparison or interaction: "phone", "same_name_other_place"
  std::string level;    // what it came to: "same", "different"; "" for the base line
  double weight = 0;    // in log-odds (natural): above 0 speaks for "same"
  std::string text_da;  // one sentence for a person
  std::string text_en;
};

// A piece of information that would settle a case, and what it would come to.
struct Settling {
  std::string key;            // the comparison: "cvr", "phone"
  double score_if_equal = 0;  // the score if both had it and it were equal
  double score_if_differs = 0;
  std::string question_da;  // to ask the association
  std::string question_en;
};

// Why two records are, or are not, taken to mean the same association.
struct Explanation {
  double score = 0;        // log-odds; exactly the sum of the lines, in their order
  double probability = 0;  // 1 / (1 + exp(-score))
  Verdict verdict = Verdict::kDifferent;
  std::vector<Line> lines;         // the base line first, then by weight, heaviest first
  std::vector<Settling> settling;  // what would change the verdict, best first
};

}  // namespace brobygger::matching
