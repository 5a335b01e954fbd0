// How commands that search say what they found.
#pragma once

#include <string>
#include <vector>

#include "brobygger/search/v1/search_service.pb.h"

#include "core/cli/session.h"

namespace brobygger::cli {

// "name, purpose (lektier)": where what was asked was found, and as what.
std::string MatchedText(const google::protobuf::RepeatedPtrField<search::v1::SearchReason>& reasons,
                        const std::string& language);

// Fields that hits can be counted by: of associations also by who knows them.
std::vector<std::string> FacetWords(bool of_associations);

// "theme: culture 3 · integration 2", a line each.
void SayFacets(Session& session,
               const google::protobuf::RepeatedPtrField<search::v1::SearchFacet>& facets);

}  // namespace brobygger::cli
