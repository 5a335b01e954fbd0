#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "core/base/status_macros.h"
#include "core/registry/page.h"
#include "core/storage/store.h"

// Pages of lists that are read whole and sorted; for this module's own files.
namespace brobygger::grants {

// A page that is asked for: where it begins, and what all pages of the list are true for.
struct PageAsked {
  int size = 0;
  std::string arguments;
  registry::PagePlace from;  // empty key: the first page
  std::shared_ptr<const storage::Snapshot> snapshot;
};

// `arguments` are the list's name and all that chooses what is in it. FIELD_INVALID,
// PAGE_TOKEN_INVALID.
template <typename Request>
absl::StatusOr<PageAsked> OpenPage(const storage::Store& store,
                                   const Request& request,
                                   const std::vector<std::string>& arguments) {
  PageAsked asked;
  BB_ASSIGN_OR_RETURN(asked.size, registry::PageSize(request.page_size()));
  asked.arguments = registry::PageArguments(arguments);
  if (request.page_token().empty()) {
    BB_ASSIGN_OR_RETURN(asked.snapshot, store.Latest());
    return asked;
  }
  BB_ASSIGN_OR_RETURN(asked.from, registry::ReadPageToken(request.page_token(), asked.arguments));
  BB_ASSIGN_OR_RETURN(asked.snapshot, store.At(asked.from.revision));
  return asked;
}

// Hands the page's records to `add`, in the order of `place_of(record)` and then of ids. Returns
// the token of the next page; "" if this is the last.
template <typename Record, typename PlaceOf, typename Add>
std::string FillPage(const PageAsked& asked,
                     std::vector<Record> records,
                     const PlaceOf& place_of,
                     const Add& add) {
  const auto place = [&](const Record& record) { return std::pair(place_of(record), record.id()); };
  if (!asked.from.key.empty()) {
    const std::pair<std::string, std::string> last(asked.from.value, asked.from.key);
    std::erase_if(records, [&](const Record& record) { return place(record) <= last; });
  }
  std::sort(records.begin(), records.end(),
            [&](const Record& left, const Record& right) { return place(left) < place(right); });
  std::size_t bytes = 0;
  std::size_t count = 0;
  registry::PagePlace last{.revision = asked.snapshot->revision(), .value = "", .key = ""};
  for (Record& record : records) {
    bytes += record.ByteSizeLong();
    const bool full = count > 0 && bytes > registry::kPageBytes;
    if (full || count == static_cast<std::size_t>(asked.size)) {
      return registry::MakePageToken(last, asked.arguments);
    }
    std::tie(last.value, last.key) = place(record);
    add(std::move(record));
    ++count;
  }
  return "";
}

}  // namespace brobygger::grants
