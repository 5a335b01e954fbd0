// Finding a record by its whole title, where what was typed is no id.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/cli/session.h"

namespace brobygger::cli {

// What a kind of record is called in errors.
struct KindWords {
  base::ErrorReason not_found;
  const char* one;   // "course"; also the command that lists them
  const char* many;  // "courses"
};

// The one record among all pages of a list whose title is `typed`. `records(page)` gives a page's.
// `words.not_found`, or INVALID_ARGUMENT where several have the title.
template <typename Response, typename Request, typename Records>
auto FindByTitle(Session& session,
                 Request list,
                 const std::string& typed,
                 const Records& records,
                 const KindWords& words)
    -> absl::StatusOr<std::decay_t<decltype(*records(std::declval<Response&>())->begin())>> {
  using Record = std::decay_t<decltype(*records(std::declval<Response&>())->begin())>;
  constexpr int kPage = 500;
  list.set_page_size(kPage);
  std::vector<Record> same;
  do {
    BB_ASSIGN_OR_RETURN(auto page, session.Call<Response>(list));
    for (Record& each : *records(page)) {
      if (each.title() == typed) same.push_back(std::move(each));
    }
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  if (same.size() == 1) return std::move(same.front());
  // The hub repeats no words that may be anybody's; here they are the caller's own.
  if (same.empty()) {
    return base::MakeError(
        words.not_found, fmt::format("there is no {} '{}' that you may see; see brobygger {} list",
                                     words.one, typed, words.one));
  }
  return absl::InvalidArgumentError(
      fmt::format("{} {} have that title; write the start of an id.", same.size(), words.many));
}

}  // namespace brobygger::cli
