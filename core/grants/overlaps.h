#pragma once

#include <vector>

#include "brobygger/grant/v1/money.pb.h"

#include "core/grants/rules.h"

namespace brobygger::grants {

// Pairs of one association's applications that may be for the same activity: both
// granted or still undecided, at times that meet, with titles of which the shorter
// one's words (four letters or more, folded) stand in the other: all of one or two
// words, two thirds of more. Where no period is told, the year in which the
// application was decided or came in stands for it; where nothing is, any time.
//
// A question to those who decide. Pure; every pair is looked at, so the cost grows
// with the square of the number of applications.
std::vector<grant::v1::Overlap> FindOverlaps(const std::vector<GrantApplication>& applications);

}  // namespace brobygger::grants
