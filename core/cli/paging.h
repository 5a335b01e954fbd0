#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "core/base/status_macros.h"
#include "core/cli/command.h"
#include "core/cli/session.h"

namespace brobygger::cli {

struct PageOptions {
  std::uint64_t size = 0;
  std::string token;
  bool all = false;
};

// `all` says in the help what --all shows.
void AddPageOptions(Command& command, PageOptions& options, const std::string& all = "All pages");

// The last page that was read, and how many records there were in all.
template <typename Response>
struct Pages {
  Response last;
  size_t count = 0;
};

inline constexpr int kLargestPage = 500;

// Reads one page, or all of them; `add` takes each and returns its record count.
template <typename Response, typename Request, typename Add>
absl::StatusOr<Pages<Response>> ReadPages(Session& session,
                                          Request request,
                                          const PageOptions& options,
                                          const Add& add) {
  const auto usual = options.all ? kLargestPage : 0;
  request.set_page_size(options.size == 0 ? usual : static_cast<int>(options.size));
  request.set_page_token(options.token);
  Pages<Response> pages;
  do {
    BB_ASSIGN_OR_RETURN(pages.last, session.Call<Response>(request));
    pages.count += static_cast<size_t>(add(pages.last));
    request.set_page_token(pages.last.next_page_token());
  } while (options.all && !request.page_token().empty());
  return pages;
}

// Tells how many there were, and how to see the rest. `noun` in the singular.
void SayHowMany(Session& session,
                size_t count,
                const std::string& noun,
                const std::string& next_page_token);

}  // namespace brobygger::cli
