#pragma once

#include <functional>
#include <set>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "plugins/centres/hsds/client.h"

namespace brobygger::hsds {

// What a list had.
struct Listed {
  std::set<std::string> ids;
  std::size_t pages = 0;
  // How many the server says that there are; -1: it does not say.
  long long total = -1;

  // Whether it brought as many as there are.
  bool IsWhole() const { return total < 0 || static_cast<long long>(ids.size()) >= total; }
};

// Reads a list page by page to its last. `path` has what is asked for ("/organizations?full=true"),
// without page. Gives each item to `take`, whose error ends it. Refuses a page that is not the one
// asked for, one that brings nothing new, and a list without end: rule 42.
absl::StatusOr<Listed> ReadPages(Client& client,
                                 const std::string& path,
                                 int page_size,
                                 const std::function<absl::Status(const json& item)>& take);

}  // namespace brobygger::hsds
