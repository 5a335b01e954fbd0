// The lists of what is needed and of what is allocated: see premises.h.
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/grants/one_page.h"
#include "core/grants/premises.h"
#include "core/registry/each_record.h"
#include "core/registry/index_scan.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"
#include "core/registry/records.h"

namespace brobygger::grants {
namespace {

using grant::v1::ListPremisesNeedsRequest;
using grant::v1::ListPremisesNeedsResponse;
using grant::v1::ListPremisesRequest;
using grant::v1::ListPremisesResponse;
using storage::Index;
using storage::Kind;

// All records of the kind, or those of an association and of what was merged into it.
template <typename Record>
absl::StatusOr<std::vector<Record>> RecordsOf(const storage::Snapshot& snapshot,
                                              Kind kind,
                                              Index index,
                                              const std::string& association_id) {
  std::vector<Record> records;
  const auto add = [&](Record record) {
    records.push_back(std::move(record));
    return absl::OkStatus();
  };
  if (association_id.empty()) {
    BB_RETURN_IF_ERROR((registry::ForEachRecord<Record>(snapshot, kind, "", add)));
    return records;
  }
  BB_ASSIGN_OR_RETURN(const auto association, registry::FollowMerges(snapshot, association_id));
  if (!association) return registry::AssociationNotFound(association_id);
  BB_ASSIGN_OR_RETURN(const auto ids, registry::IdsOf(snapshot, association->id()));
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(const auto keys, registry::KeysAt(snapshot, index, id));
    for (const std::string& key : keys) {
      BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(kind, key));
      if (bytes == nullptr) continue;
      BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, records.emplace_back()));
    }
  }
  return records;
}

bool IsWanted(const ListPremisesRequest& request,
              const std::string& today,
              const PremisesAllocation& premises) {
  const bool now = request.show_past() || premises.season().to_date() > today;
  const bool department =
      request.department_id().empty() || request.department_id() == premises.department_id();
  return now && department &&
         PlaceKey(premises.place()).find(PlaceKey(request.place())) != std::string::npos;
}

std::string PlaceOf(const PremisesAllocation& premises) {
  return fmt::format("{}/{}/{}/{}", PlaceKey(premises.place()),
                     static_cast<int>(premises.slot().weekday()), premises.slot().from_time(),
                     premises.season().from_date());
}

std::string PlaceOf(const PremisesNeed& need) {
  return fmt::format("{:012}.{:09}", need.create_time().seconds(), need.create_time().nanos());
}

}  // namespace

absl::StatusOr<ListPremisesNeedsResponse> ListNeeds(const storage::Store& store,
                                                    const ListPremisesNeedsRequest& request) {
  BB_ASSIGN_OR_RETURN(const PageAsked asked, OpenPage(store, request,
                                                      {"premises needs", request.association_id(),
                                                       request.show_settled() ? "settled" : ""}));
  BB_ASSIGN_OR_RETURN(auto needs, (RecordsOf<PremisesNeed>(*asked.snapshot, Kind::kPremisesNeed,
                                                           Index::kPremisesNeedByAssociation,
                                                           request.association_id())));
  std::erase_if(needs, [&](const PremisesNeed& need) {
    return !request.show_settled() && need.state() != grant::v1::PREMISES_NEED_STATE_OPEN;
  });
  ListPremisesNeedsResponse response;
  response.set_next_page_token(FillPage(
      asked, std::move(needs), [](const PremisesNeed& need) { return PlaceOf(need); },
      [&](PremisesNeed&& need) { *response.add_needs() = std::move(need); }));
  for (PremisesNeed& need : *response.mutable_needs()) {
    BB_ASSIGN_OR_RETURN(need, Shown(*asked.snapshot, std::move(need)));
  }
  return response;
}

absl::StatusOr<ListPremisesResponse> ListPremises(const storage::Store& store,
                                                  const ListPremisesRequest& request,
                                                  const std::string& today) {
  BB_ASSIGN_OR_RETURN(const PageAsked asked,
                      OpenPage(store, request,
                               {"premises", request.association_id(), PlaceKey(request.place()),
                                request.department_id(), request.show_past() ? "past" : ""}));
  BB_ASSIGN_OR_RETURN(auto premises, (RecordsOf<PremisesAllocation>(
                                         *asked.snapshot, Kind::kPremises,
                                         Index::kPremisesByAssociation, request.association_id())));
  std::erase_if(premises, [&](const auto& each) { return !IsWanted(request, today, each); });
  ListPremisesResponse response;
  response.set_next_page_token(FillPage(
      asked, std::move(premises), [](const PremisesAllocation& each) { return PlaceOf(each); },
      [&](PremisesAllocation&& each) { *response.add_premises() = std::move(each); }));
  for (PremisesAllocation& each : *response.mutable_premises()) {
    BB_ASSIGN_OR_RETURN(each, Shown(*asked.snapshot, std::move(each)));
  }
  return response;
}

}  // namespace brobygger::grants
