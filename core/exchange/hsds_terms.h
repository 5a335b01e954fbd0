#pragma once

#include <optional>
#include <string>
#include <vector>

#include <google/protobuf/descriptor.h>

#include "core/exchange/hsds.h"

namespace brobygger::exchange {

// Our lists as HSDS taxonomies: "theme", "audience" and "age_band". Ids are the same in every hub
// and version.

// A value of one of our lists, as a term of the taxonomy that has the list's name.
struct HsdsTerm {
  const char* taxonomy;  // "theme"
  const google::protobuf::EnumDescriptor* list;
  int value;
};

// All of them, in the order of the lists.
const std::vector<HsdsTerm>& HsdsTerms();

std::string HsdsTermId(const HsdsTerm& term);
std::string HsdsTaxonomyId(const std::string& taxonomy);

// None if no term has the id.
std::optional<HsdsTerm> FindHsdsTerm(const std::string& id);
// "" if no taxonomy has the id.
std::string FindHsdsTaxonomy(const std::string& id);

// taxonomy_term.json: with a code of ours, Danish name and English description, the KLE number in
// it where there is one.
Json ToHsdsTerm(const HsdsTerm& term);

// taxonomy.json of each.
std::vector<Json> HsdsTaxonomies();

}  // namespace brobygger::exchange
