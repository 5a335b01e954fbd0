// What a question's answer must be, worked out the long way: each document is looked at by itself,
// without bit sets, ranks, runs, or stopping early.
#pragma once

#include "core/search/evaluate.h"

namespace brobygger::search {

// As Evaluate(), with reasons left out; the budget is not looked at.
Answer EvaluateExhaustively(const View& view, const Question& question);

}  // namespace brobygger::search
