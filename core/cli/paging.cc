#include "core/cli/paging.h"

#include <fmt/format.h>

namespace brobygger::cli {

void AddPageOptions(Command& command, PageOptions& options, const std::string& all) {
  command.Number("--page-size", options.size, "At most this many, up to 500; usually 50")
      .Option("--page-token", options.token, {.summary = "Go on after the page before"})
      .Flag("--all", options.all, all);
}

void SayHowMany(Session& session,
                size_t count,
                const std::string& noun,
                const std::string& next_page_token) {
  const std::string shown = fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
  if (next_page_token.empty()) {
    session.Say(shown + ".");
  } else {
    session.Say(shown + ", and there are more: --all shows them.");
    if (session.options().verbose) session.Say("The next page: --page-token " + next_page_token);
  }
}

}  // namespace brobygger::cli
