#pragma once

#include "core/matching/compare.h"
#include "core/matching/scorecard.h"
#include "core/matching/verdict.h"

namespace brobygger::matching {

// Why two records are, or are not, taken to mean the same association.
Explanation ExplainRecords(const CompareContext& context,
                           const Scorecard& scorecard,
                           const Prepared& left,
                           const Prepared& right);

// The verdict on a pair with these levels and this score, in nats.
Verdict VerdictOf(const Scorecard& scorecard, const Levels& levels, double score);

// Whether two have one CVR number, and all else speaks of two: a branch that applies under its
// parent's, a number in the wrong row. No ground to join them unasked.
bool IsNumberDoubtful(const Levels& levels);

// Whether two share nothing but words that nearly all names hold: no ground to
// call them the same, whatever the score.
bool SaysTooLittle(const Levels& levels);

// How two that are not the same stand to each other, by what they share; pure
// rules, since no model is needed to see that two branches of one national
// association are two.
Verdict RelationOf(const Levels& levels);

}  // namespace brobygger::matching
