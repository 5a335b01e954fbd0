#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/discovery/v1/discovery_service.pb.h"

#include "core/discovery/who_knows.h"
#include "core/search/query.h"
#include "core/search/shelf.h"

namespace brobygger::discovery {

// What becomes new of the partners that fit some criteria, for one caller, from a position on.
//
// Begins, where there is no position, with all there are; a position comes at the end of that.
// After it, each association that changed is held against what it was at the position: told if it
// fits and if what the caller is told of it differs, gone if it fitted and does not any more. So a
// change of a field that was not granted is no news, and an id that the caller could not have seen
// is never named. Whoever goes on from a position hears of everything after it at least once.
// Belongs to one thread at a time.
class PartnerNews {
 public:
  // What `asker` and `shelf` refer to must outlive it. QUERY_INVALID, as FindPartners();
  // PAGE_TOKEN_INVALID for a position that was made for other criteria; REVISION_UNKNOWN.
  static absl::StatusOr<PartnerNews> From(const Asker& asker,
                                          search::Shelf& shelf,
                                          const v1::FollowPartnersRequest& request);

  // What comes next, some hundreds at most; empty if there is nothing now. SEARCH_PAGE_GONE if the
  // first list took too long to be read.
  absl::StatusOr<std::vector<v1::FollowPartnersResponse>> Next();

  // Empty as long as the first list is not told.
  const std::string& position() const { return position_; }

  // All that was there when it began is told.
  bool IsAtEnd() const { return !listing_ && revision_ >= began_at_; }

 private:
  using News = std::vector<v1::FollowPartnersResponse>;
  using Ids = std::set<std::string, std::less<>>;

  PartnerNews(const Asker& asker, search::Shelf& shelf, search::Query query, std::string arguments)
      : asker_(asker), shelf_(shelf), query_(std::move(query)), arguments_(std::move(arguments)) {}

  absl::StatusOr<News> NextOfFirstList();
  absl::StatusOr<Ids> ChangedUpTo(storage::Revision newest, storage::Revision& through) const;
  absl::StatusOr<News> Compare(const search::View& view, const Ids& changed);
  void MoveTo(storage::Revision revision);

  const Asker asker_;
  search::Shelf& shelf_;
  search::Query query_;
  std::string arguments_;
  storage::Revision revision_ = 0;
  std::string position_;
  std::string page_token_;  // of the first list
  bool listing_ = true;
  storage::Revision began_at_ = 0;
  storage::Revision listed_revision_ = 0;
};

}  // namespace brobygger::discovery
