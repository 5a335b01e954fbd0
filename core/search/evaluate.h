#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/search/expand.h"
#include "core/search/query.h"
#include "core/search/reach.h"
#include "core/search/view.h"

namespace brobygger::search {

// Where a hit stands in the order of hits: by score, then by name, then by id.
struct Place {
  float score = 0;
  std::uint64_t name_key = 0;
  std::string id;
};

// Why an association is a hit: one for each word that was asked.
struct Reason {
  Field field = Field::kName;
  How how = How::kExact;
  std::string asked;
  std::string found;  // the word as it is folded; "" for a phrase
};

struct Hit {
  Place place;
  std::vector<Reason> reasons;
};

// How many of all hits have a value.
struct FacetCount {
  std::string value;
  std::uint64_t count = 0;
};
struct Facet {
  Field field = Field::kTheme;
  std::vector<FacetCount> counts;  // the most frequent first, then by value; at most 100
};

struct Question {
  const Query& query;
  Reach reach = {};
  std::size_t size = 50;            // hits wanted
  std::optional<Place> after = {};  // only hits that come after this one
  FieldSet facets = {};             // of kFacetFields
  bool reasons = true;              // say why each is a hit
  // If it is set, only these are hits: what the index cannot know was asked of each.
  const std::vector<std::string>* among = nullptr;
  // Postings that may be looked at. The default is some 50 ms on a slow machine.
  std::int64_t budget = 8'000'000;
  // From so many hits of one clause on the best are looked for first; fewer are all looked at.
  std::uint32_t many_hits = 2'048;
};

struct Answer {
  std::vector<Hit> hits;
  bool more = false;        // there are hits after these
  std::uint64_t total = 0;  // of all hits
  std::vector<Facet> facets;
  // No association holds all that was asked, so these hold most of it.
  bool relaxed = false;
  // The budget was spent: there may be more hits.
  bool partial = false;
  // Where the next page begins, if there is one.
  std::optional<Place> last_examined = {};
};

// Answers a question from one view: the same question gives the same answer for as long as the
// view is held, so pages neither skip nor repeat. Safe from many threads.
Answer Evaluate(const View& view, const Question& question);

}  // namespace brobygger::search
