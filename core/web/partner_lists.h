#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include <absl/status/statusor.h>

#include "core/base/clock.h"
#include "core/web/partner_client.h"
#include "core/web/partner_list.h"

namespace brobygger::web {

struct PartnerListLimits {
  std::size_t page = 500;         // the most that the hub tells at once
  std::size_t partners = 50'000;  // of one list
  std::size_t list_bytes = std::size_t{48} << 20;
  // Of all lists, those that are being read included.
  std::size_t bytes = std::size_t{96} << 20;
  std::size_t lists = 64;
  std::size_t reading = 16;        // at once,
  std::size_t reading_of_one = 4;  // and of one key
  // A list serves the pages after its first for so long after the last of them, and never longer.
  std::chrono::seconds idle = std::chrono::seconds(120);
  std::chrono::seconds age = std::chrono::seconds(600);
  // For the hub to tell all of a list.
  std::chrono::seconds patience = std::chrono::seconds(30);
};

// Whole lists of partners, for formats that count pages (HSDS), number what is within partners, or
// have no pages (CSV): the hub tells pages by cursor, and nobody knows where page 7 begins who has
// not read the six before it. A list is read once, by the caller's own calls, and kept a little.
//
// Kept is not the same as told: whoever asks again is first asked about, by a call for one partner
// of the same question with the caller's key, so that a key that is revoked, or has used up its
// quota, is refused at once. That answer's revision also tells whether the list is still true; the
// first page of a list always is. The pages after it come from the same list (`idle`, `age`), so
// that nobody who turns pages misses one or sees one twice; they are true for its revision.
//
// A list belongs to one key (by its digest) and one question. Two who ask for the same one at once
// wait for one reading. Thread-safe.
class PartnerLists {
 public:
  using List = std::shared_ptr<const PartnerList>;
  using Done = std::function<void(absl::StatusOr<List>)>;

  // Both must outlive it, and calls under way.
  PartnerLists(PartnerClient& client,
               const base::Clock& clock,
               const PartnerListLimits& limits = {});

  // `later_page`: for a page that is not the first of its list. The hub's errors; LIST_TOO_LONG;
  // QUOTA_EXCEEDED or OVERLOADED where too many lists are being read; SEARCH_BEHIND while the hub
  // cannot tell of all there are. `done` runs on one of gRPC's threads, or at once.
  void Get(const Caller& caller,
           const discovery::v1::PartnerCriteria& criteria,
           bool later_page,
           Done done);

  // Memory that lists take.
  std::size_t bytes() const;

 private:
  class Keeper;
  const std::shared_ptr<Keeper> keeper_;
};

}  // namespace brobygger::web
