#pragma once

#include <set>
#include <string>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/statusor.h>

#include "plugins/calendars/caldav/dav.h"

namespace brobygger::caldav {

// No calendar has more pages; a server that says so goes round in circles.
inline constexpr int kMostPages = 10'000;

// One page of what a calendar tells of its items.
struct Page {
  std::vector<std::string> present = {};  // canonical paths of new or changed items
  std::vector<std::string> removed = {};
  std::string token = {};  // to go on from; "" if the server has none
  bool more = false;
};

// One item's text, or why it cannot be had.
struct Object {
  std::string path;
  std::string text = {};
  absl::Status error = absl::OkStatus();
};

// One calendar collection at a server. Belongs to one thread; all must outlive it.
class Collection {
 public:
  Collection(Dav& dav, std::string path, Place place);

  const Place& place() const { return place_; }

  // What changed after `token` (RFC 6578), at most one page. Errors that ServerAnswered() says of
  // a token mean that the server will not have it any more.
  absl::StatusOr<Page> Changes(const std::string& token);

  // The items of the whole collection, by sync-collection or, where that is refused, by PROPFIND
  // (no token then); at most one page. An empty list is believed only if both say so.
  absl::StatusOr<Page> List();

  // Fetches these items in batches and gives each to `take`, whose error ends it. Items that are
  // gone meanwhile are left out; those that the server keeps to itself come with an error.
  absl::Status Fetch(const std::vector<std::string>& paths,
                     absl::FunctionRef<absl::Status(const Object&)> take);

 private:
  using Take = absl::FunctionRef<absl::Status(const Object&)>;

  absl::StatusOr<Page> ListByPropfind();
  // `answered_at`: where redirects led to.
  bool IsSelf(const Found& found, const std::string& answered_at) const;
  Page ToPage(const Multistatus& answer) const;
  absl::Status FetchBatch(const std::vector<std::string>& paths, Take take);
  // Takes what is told, and strikes it off `missing`.
  static absl::Status TakeTold(const std::vector<Found>& told,
                               std::set<std::string>& missing,
                               Take take);
  absl::Status FetchHalves(const std::vector<std::string>& paths, Take take);
  absl::Status FetchOne(const std::string& path, Take take);

  Dav& dav_;
  const std::string path_;
  const Place place_;
};

// Whether a request was answered, but not with what was asked for: another way may be tried. Not
// so of 401, 429, 503, and of what went wrong on the line.
bool ServerAnswered(const absl::Status& status);

}  // namespace brobygger::caldav
