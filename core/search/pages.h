#pragma once

#include <functional>
#include <string>

#include <absl/status/statusor.h>

#include "core/search/evaluate.h"
#include "core/search/shelf.h"

namespace brobygger::search {

// A question whose answer comes page by page.
struct Ask {
  const Query& query;
  // What a page token is bound to: the query's text, and all else that decides who is a hit.
  std::string arguments;
  std::string page_token = {};
  std::size_t size = 50;
  Reach reach = {};
  FieldSet facets = {};
  // Asked of each hit, by its id, for what the index does not know; hits it refuses are left out.
  // Empty: of none. A page then looks at 2,000 hits at most and may be shorter than asked, the
  // total is not known, and there are no facets.
  std::function<absl::StatusOr<bool>(const std::string& association_id)> keep = {};
};

struct Page {
  Answer answer;
  std::string next_page_token;  // empty: this was the last
  storage::Revision revision = 0;
  bool complete = false;     // all of the registry at `revision` was searched
  bool total_known = false;  // Answer::total counts all hits
};

// A page of hits. All pages of a list are true for the revision of the first, which is kept for
// them: they neither skip nor repeat, whatever is written meanwhile. SEARCH_PAGE_GONE when it is
// not kept any more (Shelf says for how long), PAGE_TOKEN_INVALID for a token of another list.
absl::StatusOr<Page> AskPage(Shelf& shelf, const Ask& ask);

}  // namespace brobygger::search
