#pragma once

#include <string>
#include <vector>

#include "brobygger/collab/v1/alignment.pb.h"
#include "brobygger/collab/v1/collaboration.pb.h"

namespace brobygger::collab {

// What was agreed, in plain words, in "da" or "en": aim, parties, who does what, what both agree on
// (4 or 5 on both sides) and what came of talking. Says only what is in the records; says itself
// whether both sides have accepted. Lines of any length. Pure.
std::string AgreementText(const v1::Collaboration& collaboration,
                          const v1::AlignmentRound& round,
                          const std::string& language);

// Words of the list in data/ that the texts of a collaboration and its round use and for which both
// sides hold to no meaning: people understand them differently, so it is worth saying what is
// meant. In the order of the list.
std::vector<std::string> WordsToExplain(const v1::Collaboration& collaboration,
                                        const v1::AlignmentRound& round);

}  // namespace brobygger::collab
