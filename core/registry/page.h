#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/storage/store.h"

namespace brobygger::registry {

// How many records a page may hold: 0 is 50, more than 500 is 500. FIELD_INVALID
// if negative.
absl::StatusOr<int> PageSize(int asked);

// How many bytes of records a page holds at most, so that it fits in a message.
// A page always holds its first record.
inline constexpr std::size_t kPageBytes = 768 * 1024;

// Where the next page begins.
struct PagePlace {
  storage::Revision revision = 0;  // which all pages of one listing are true for
  std::string value;
  std::string key;
};

// A token that leads back to `place` in a listing with the same `arguments`, and
// in no other.
std::string MakePageToken(const PagePlace& place, const std::string& arguments);

// PAGE_TOKEN_INVALID if the token is damaged or was made for other arguments.
absl::StatusOr<PagePlace> ReadPageToken(const std::string& token, const std::string& arguments);

// What a token is bound to: the listing's name and its arguments, but for page
// size and token.
std::string PageArguments(const std::vector<std::string>& parts);

}  // namespace brobygger::registry
