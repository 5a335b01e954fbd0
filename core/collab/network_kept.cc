#include "core/collab/network_kept.h"

#include <algorithm>
#include <utility>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/collab/kept_records.h"
#include "core/registry/query.h"

namespace brobygger::collab {
namespace {

using storage::Kind;
using storage::Snapshot;
using v1::Network;
using v1::NetworkMeeting;
using v1::NetworkMember;

absl::Status NameConvenor(const Snapshot& snapshot, Leads& leads, Network& network) {
  network.clear_convenor_title();
  if (!network.convenor_department_id().empty()) {
    const auto department = registry::GetDepartment(snapshot, network.convenor_department_id());
    if (department.ok()) network.set_convenor_title(department->official_name());
    return absl::OkStatus();
  }
  BB_ASSIGN_OR_RETURN(const Led led, leads.To(network.convenor_association_id()));
  network.set_convenor_association_id(led.id);
  // It is a member, and named as one.
  for (const NetworkMember& member : network.members()) {
    if (member.association_id() == led.id) network.set_convenor_title(member.title());
  }
  return absl::OkStatus();
}

void KeepMeetingsUntil(const std::string& day, Network& network) {
  auto& meetings = *network.mutable_meetings();
  meetings.erase(std::remove_if(meetings.begin(), meetings.end(),
                                [&](const NetworkMeeting& each) { return each.date() > day; }),
                 meetings.end());
}

// Who joined after it had left is no matter of an association's.
void KeepMembersUntil(const std::string& day, Network& network) {
  auto& members = *network.mutable_members();
  members.erase(std::remove_if(members.begin(), members.end(),
                               [&](const NetworkMember& each) { return each.joined_date() > day; }),
                members.end());
}

}  // namespace

absl::Status NetworkNotFound(const std::string& typed, const std::string& what) {
  return base::MakeError(errors::v1::ERROR_REASON_NETWORK_NOT_FOUND, what,
                         {{"network_id", registry::Shown(typed)}});
}

absl::StatusOr<Network> LoadNetwork(const Snapshot& snapshot,
                                    const std::string& typed,
                                    const std::string& etag) {
  BB_ASSIGN_OR_RETURN(auto network, FindByStart<Network>(snapshot, Kind::kNetwork, typed));
  if (!network) {
    return NetworkNotFound(typed, "there is no network '" + registry::Shown(typed) +
                                      "' that you may see; see brobygger network list");
  }
  BB_RETURN_IF_ERROR(registry::CheckEtag(etag, network->etag(), {"network_id", network->id()}));
  return *std::move(network);
}

absl::StatusOr<Network> StoredNetwork(storage::Transaction& transaction,
                                      Network network,
                                      const Actor& actor) {
  network.clear_convenor_title();
  std::stable_sort(network.mutable_meetings()->begin(), network.mutable_meetings()->end(),
                   [](const NetworkMeeting& left, const NetworkMeeting& right) {
                     return std::pair(left.date(), left.from_clock()) <
                            std::pair(right.date(), right.from_clock());
                   });
  network.set_etag(registry::EtagOf(transaction.revision()));
  *network.mutable_update_time() = base::ToTimestamp(transaction.now());
  if (!network.has_create_time()) *network.mutable_create_time() = network.update_time();
  std::vector<storage::IndexTerm> terms;
  for (const NetworkMember& member : network.members()) {
    terms.push_back({storage::Index::kNetworkByAssociation, member.association_id()});
  }
  BB_RETURN_IF_ERROR(
      transaction.Put(Kind::kNetwork, network.id(), registry::ToBytes(network), std::move(terms)));
  return ShownNetwork(transaction, std::move(network), actor);
}

absl::StatusOr<Network> ShownNetwork(const Snapshot& snapshot,
                                     Network network,
                                     const Actor& actor) {
  Leads leads(snapshot);
  BB_RETURN_IF_ERROR(ShowTakers(leads, actor, *network.mutable_members()));
  BB_RETURN_IF_ERROR(NameConvenor(snapshot, leads, network));
  BB_ASSIGN_OR_RETURN(const std::string self, SelfOf(snapshot, actor));
  if (self.empty()) return network;
  for (const NetworkMember& member : network.members()) {
    const bool left = member.association_id() == self && !member.left_date().empty();
    if (!left) continue;
    const std::string day = member.left_date();
    KeepMeetingsUntil(day, network);
    KeepMembersUntil(day, network);
    break;
  }
  return network;
}

}  // namespace brobygger::collab
