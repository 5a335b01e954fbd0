#include "core/search/pages.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/registry/page.h"

namespace brobygger::search {
namespace {

// The score's bits and the key of the name, so that nothing is lost by rounding.
std::string TextOf(const Place& place) {
  char text[32];
  std::snprintf(text, sizeof text, "%08x%016llx", std::bit_cast<std::uint32_t>(place.score),
                static_cast<unsigned long long>(place.name_key));
  return text;
}

std::optional<Place> ToPlace(const registry::PagePlace& token) {
  unsigned score = 0;
  unsigned long long key = 0;
  if (token.value.size() != 24) return std::nullopt;
  if (std::sscanf(token.value.c_str(), "%8x%16llx", &score, &key) != 2) return std::nullopt;
  return Place{std::bit_cast<float>(static_cast<std::uint32_t>(score)), key, token.key};
}

// Looks for hits that `ask.keep` keeps, and leaves off where it stopped.
absl::Status KeepHits(const View& view, const Ask& ask, Question question, Answer& answer) {
  std::vector<Hit> kept;
  std::size_t examined = 0;
  question.facets = {};
  bool more = true;
  std::optional<Place> last = question.after;
  while (more && kept.size() < ask.size && examined < ask.most_kept) {
    question.size = std::max<std::size_t>(ask.size * 4, 200);
    question.after = last;
    answer = Evaluate(view, question);
    more = answer.more;
    for (std::size_t i = 0; i < answer.hits.size(); ++i) {
      if (kept.size() == ask.size) {
        more = true;
        break;
      }
      ++examined;
      Hit& hit = answer.hits[i];
      last = hit.place;
      BB_ASSIGN_OR_RETURN(const bool keep, ask.keep(hit.place.id));
      if (keep) kept.push_back(std::move(hit));
    }
  }
  answer.hits = std::move(kept);
  answer.more = more;
  answer.last_examined = last;
  return absl::OkStatus();
}

// The ids of the hits of all pages, those that are kept; none if they are too many.
absl::StatusOr<std::optional<std::vector<std::string>>> AllIds(const View& view,
                                                               const Ask& ask,
                                                               Question question) {
  question.size = ask.most_kept;
  question.after.reset();
  question.facets = {};
  question.reasons = false;
  const Answer all = Evaluate(view, question);
  if (all.more) return std::optional<std::vector<std::string>>();
  std::vector<std::string> ids;
  for (const Hit& hit : all.hits) {
    bool keep = true;
    if (ask.keep) {
      BB_ASSIGN_OR_RETURN(keep, ask.keep(hit.place.id));
    }
    if (keep) ids.push_back(hit.place.id);
  }
  return std::optional(std::move(ids));
}

}  // namespace

absl::StatusOr<Page> AskPage(Shelf& shelf, const Ask& ask) {
  std::shared_ptr<const View> view = shelf.Newest();
  Question question{.query = ask.query, .reach = ask.reach, .size = ask.size, .facets = ask.facets};
  if (!ask.page_token.empty()) {
    BB_ASSIGN_OR_RETURN(const auto token, registry::ReadPageToken(ask.page_token, ask.arguments));
    question.after = ToPlace(token);
    view = shelf.Find(token.revision);
    if (view == nullptr || !question.after) {
      return base::MakeError(errors::v1::ERROR_REASON_SEARCH_PAGE_GONE,
                             "The list of this page is not kept any more; ask for its first page.");
    }
  }
  Page page;
  if (ask.keep || ask.tell_ids) {
    BB_ASSIGN_OR_RETURN(page.ids, AllIds(*view, ask, question));
  }
  page.total_known = !ask.keep || page.ids;
  if (!page.total_known) {
    BB_RETURN_IF_ERROR(KeepHits(*view, ask, question, page.answer));
  } else {
    if (ask.keep) question.among = &*page.ids;
    page.answer = Evaluate(*view, question);
    if (!page.answer.hits.empty()) page.answer.last_examined = page.answer.hits.back().place;
  }
  page.revision = view->revision;
  page.complete = view->complete;
  if (page.answer.more && page.answer.last_examined) {
    const Place& last = *page.answer.last_examined;
    page.next_page_token = registry::MakePageToken(
        {.revision = view->serial, .value = TextOf(last), .key = last.id}, ask.arguments);
    shelf.Keep(std::move(view));
  }
  return page;
}

}  // namespace brobygger::search
