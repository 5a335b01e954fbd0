#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "core/search/expand.h"
#include "core/search/query.h"
#include "core/search/view.h"

namespace brobygger::search {

// A document that holds what was asked, how well, and in which text fields (one bit each).
struct Scored {
  DocId doc = 0;
  float score = 0;
  std::uint8_t fields = 0;
  bool direct = false;  // what was asked is there, rather than what may be meant
};

// Whether the caller may know of the association of this id. Empty: of all.
using Visible = std::function<bool(std::string_view id, const Facts&)>;

// What a list of documents is read from, and what reading may cost.
struct Reading {
  const Part& part;
  const Visible& visible;
  Budget& budget;

  bool MayTell(DocId doc) const {
    return part.IsLive(doc) &&
           (!visible || visible(part.segment->id(doc), part.segment->facts(doc)));
  }
};

// The documents that the caller may know of and in which the clause holds, each once and in order.
// Stops when the budget is spent.
std::vector<Scored> ListOf(const Reading& reading, const TextClause& clause);

// The same for what is nowhere as it was asked: with words that may be meant.
std::vector<Scored> ListWidely(const Reading& reading, const TextClause& clause);

// Only the words as they were asked, or with another ending: for what must not be there.
std::vector<Scored> ListStrictly(const Reading& reading, const TextClause& clause);

// The terms of a segment that stand for the clause, as ListOf() or ListWidely() take them; of
// phrases, those of each of their words.
std::vector<Expansion> TermsOf(const Segment& segment, const TextClause& clause, bool widely);

// How much it counts to be found in these fields: a name before a purpose.
float FieldWeight(std::uint8_t fields);

}  // namespace brobygger::search
