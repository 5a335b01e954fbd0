#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

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
  // Empty: of none. If there are more than `most_kept` hits before it is asked, a page may be
  // shorter than was wanted, the total is not known, and there are no facets.
  std::function<absl::StatusOr<bool>(const std::string& association_id)> keep = {};
  // Whether to tell the ids of the hits of all pages, if there are no more than `most_kept`.
  bool tell_ids = false;
  std::size_t most_kept = 2'000;
};

struct Page {
  Answer answer;
  std::string next_page_token;  // empty: this was the last
  storage::Revision revision = 0;
  bool complete = false;     // all of the registry at `revision` was searched
  bool total_known = false;  // Answer::total counts all hits
  // Of the hits of all pages; none if they were not to be told, or are too many.
  std::optional<std::vector<std::string>> ids;
};

// A page of hits. All pages of a list are true for the revision of the first, which is kept for
// them: they neither skip nor repeat, whatever is written meanwhile. SEARCH_PAGE_GONE when it is
// not kept any more (Shelf says for how long), PAGE_TOKEN_INVALID for a token of another list.
absl::StatusOr<Page> AskPage(Shelf& shelf, const Ask& ask);

}  // namespace brobygger::search
