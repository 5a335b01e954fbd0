#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/identifiers.h"
#include "core/registry/filter.h"
#include "core/registry/ingest.h"
#include "core/registry/page.h"
#include "core/registry/query.h"
#include "core/registry/records.h"
#include "core/registry/snapshots.h"

namespace brobygger::registry {
namespace {

using storage::Index;
using storage::IndexEntry;
using storage::Kind;
using storage::Snapshot;

// A page looks at no more records than this, so that a filter that little passes
// answers in bounded time; the next page goes on from there.
constexpr int kMostExamined = 20'000;
constexpr int kBatch = 250;

struct Order {
  Index index;
  bool descending;
};

absl::StatusOr<Order> ParseOrder(const std::string& text) {
  std::string_view words = text;
  while (words.starts_with(' ')) words.remove_prefix(1);
  while (words.ends_with(' ')) words.remove_suffix(1);
  const std::size_t space = std::min(words.find(' '), words.size());
  const std::string_view field = words.substr(0, space);
  std::string_view direction = words.substr(space);
  while (direction.starts_with(' ')) direction.remove_prefix(1);

  const bool by_name = field.empty() || field == "official_name";
  const bool known = by_name || field == "update_time";
  if (known && (direction.empty() || direction == "asc" || direction == "desc")) {
    return Order{by_name ? Index::kAssociationByName : Index::kAssociationByUpdate,
                 direction == "desc"};
  }
  return base::MakeError(errors::v1::ERROR_REASON_FILTER_INVALID,
                         "order_by is \"official_name\" or \"update_time\", each with \" desc\" "
                         "for the other way round.",
                         {{"field", "order_by"}, {"position", "1"}});
}

// What a listing is asked for, understood.
struct Listing {
  int size;
  Filter filter;
  Order order;
  bool show_deleted;
};

// Fills one page.
class PageMaker {
 public:
  PageMaker(const Snapshot& snapshot, const Listing& listing, v1::ListAssociationsResponse& page)
      : snapshot_(snapshot), listing_(listing), page_(page) {}

  // Adds what follows `after` until the page is full, and moves `after` on. Returns
  // whether there may be more.
  absl::StatusOr<bool> Fill(IndexEntry& after) {
    while (examined_ < kMostExamined) {
      BB_ASSIGN_OR_RETURN(const std::vector<IndexEntry> places, NextPlaces(after));
      BB_ASSIGN_OR_RETURN(const bool took_all, TakeEach(places, after));
      if (!took_all) return true;
      if (places.size() < static_cast<std::size_t>(BatchSize())) return false;
    }
    return true;
  }

  // Adds the record if it passes. False if it passes but has no room any more.
  absl::StatusOr<bool> Take(const std::string& key) {
    ++examined_;
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot_.Find(Kind::kAssociation, key));
    v1::Association* association = page_.add_associations();
    BB_RETURN_IF_ERROR(ParseRecord(bytes, *association));
    const bool shown = listing_.show_deleted || !association->has_delete_time();
    const bool passes = shown && Matches(listing_.filter, *association);
    const bool fits = bytes_ == 0 || bytes_ + bytes->size() <= kPageBytes;
    if (passes && fits) {
      bytes_ += bytes->size();
    } else {
      page_.mutable_associations()->RemoveLast();
    }
    return !passes || fits;
  }

 private:
  // False if the page is full before the last of them.
  absl::StatusOr<bool> TakeEach(const std::vector<IndexEntry>& places, IndexEntry& after) {
    for (const IndexEntry& place : places) {
      if (IsFull()) return false;
      BB_ASSIGN_OR_RETURN(const bool took, Take(place.key));
      if (!took) return false;
      after = place;
    }
    return true;
  }

  bool IsFull() const { return page_.associations_size() == listing_.size; }

  // What a filter holds back makes room for more, so only a listing without one
  // knows how many places it needs.
  int BatchSize() const {
    const Filter& filter = listing_.filter;
    const bool all = filter.parts.empty() && !filter.comparison.has_value();
    return all ? std::min(listing_.size + 1, kBatch) : kBatch;
  }

  absl::StatusOr<std::vector<IndexEntry>> NextPlaces(const IndexEntry& after) const {
    return snapshot_.ScanIndex(listing_.order.index, {.prefix = Prefix(),
                                                      .after = after,
                                                      .limit = BatchSize(),
                                                      .backwards = listing_.order.descending});
  }

  // A name that every record must have leads straight to its place in the index.
  std::string Prefix() const {
    if (listing_.order.index != Index::kAssociationByName) return "";
    const Comparison* name = RequiredEqual(listing_.filter, FilterField::kOfficialName);
    return name == nullptr ? "" : name->text;
  }

  const Snapshot& snapshot_;
  const Listing& listing_;
  v1::ListAssociationsResponse& page_;
  int examined_ = 0;
  std::size_t bytes_ = 0;
};

// The identifier that every live record must have to pass, in the form of the
// index.
std::optional<std::pair<std::string, std::string>> RequiredIdentifier(const Listing& listing) {
  // The index knows nothing of deleted records.
  if (listing.show_deleted) return std::nullopt;
  if (const auto* cvr = RequiredEqual(listing.filter, FilterField::kCvr)) {
    return std::pair<std::string, std::string>(model::kSchemeCvr, cvr->text);
  }
  const auto* identifier = RequiredEqual(listing.filter, FilterField::kIdentifiers);
  if (identifier == nullptr) return std::nullopt;
  const std::size_t colon = identifier->text.find(':');
  return std::pair(identifier->text.substr(0, colon), identifier->text.substr(colon + 1));
}

absl::StatusOr<Listing> Understand(const v1::ListAssociationsRequest& request) {
  BB_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  BB_ASSIGN_OR_RETURN(Filter filter, ParseFilter(request.filter()));
  BB_ASSIGN_OR_RETURN(const Order order, ParseOrder(request.order_by()));
  return Listing{size, std::move(filter), order, request.show_deleted()};
}

}  // namespace

absl::StatusOr<v1::ListAssociationsResponse> ListAssociations(
    const storage::Store& store, const v1::ListAssociationsRequest& request) {
  BB_ASSIGN_OR_RETURN(const Listing listing, Understand(request));
  const std::string arguments =
      PageArguments({"associations", request.filter(), request.order_by(),
                     request.show_deleted() ? "1" : "0", ToBytes(request.as_of())});
  BB_ASSIGN_OR_RETURN(const PagedSnapshot paged,
                      SnapshotForPage(store, {&request.page_token(), &request.as_of(), arguments}));

  v1::ListAssociationsResponse response;
  response.set_revision(paged.place.revision);
  PageMaker page(*paged.snapshot, listing, response);
  if (const auto identifier = RequiredIdentifier(listing)) {
    BB_ASSIGN_OR_RETURN(const auto id,
                        FindByIdentifier(*paged.snapshot, identifier->first, identifier->second));
    if (id.has_value()) BB_RETURN_IF_ERROR(page.Take(*id).status());
    return response;
  }
  IndexEntry place{paged.place.value, paged.place.key};
  BB_ASSIGN_OR_RETURN(const bool more, page.Fill(place));
  if (more) {
    response.set_next_page_token(
        MakePageToken({paged.place.revision, place.value, place.key}, arguments));
  }
  return response;
}

}  // namespace brobygger::registry
