#include "core/daemon/statement_files.h"

#include <absl/strings/str_cat.h>

namespace brobygger::daemon {
namespace {

// With the file's name before the line.
template <typename T>
auto Named(absl::StatusOr<T> (*parse)(std::string_view file)) {
  return [parse](const std::string& text, const std::string& name) -> absl::StatusOr<T> {
    auto parsed = parse(text);
    if (parsed.ok()) return parsed;
    return absl::FailedPreconditionError(
        absl::StrCat(name, ": ", std::string(parsed.status().message())));
  };
}

}  // namespace

absl::StatusOr<std::unique_ptr<StatementsKeeper>> OpenStatements(const std::string& path,
                                                                 const base::Clock& clock) {
  const StatementsKeeper::Rules rules{Named(&collab::ParseStatements), "collaboration.statements",
                                      "statements_read", "statements_refused"};
  if (!path.empty()) return StatementsKeeper::Open(path, clock, rules);
  return std::make_unique<StatementsKeeper>("", clock, collab::ShippedStatements(), rules);
}

absl::StatusOr<std::unique_ptr<ResourceStatementsKeeper>> OpenResourceStatements(
    const std::string& path, const base::Clock& clock) {
  const ResourceStatementsKeeper::Rules rules{
      Named(&collab::ParseResourceStatements), "collaboration.resource_statements",
      "resource_statements_read", "resource_statements_refused"};
  if (!path.empty()) return ResourceStatementsKeeper::Open(path, clock, rules);
  return std::make_unique<ResourceStatementsKeeper>("", clock, collab::ShippedResourceStatements(),
                                                    rules);
}

}  // namespace brobygger::daemon
