#include "core/collab/networks.h"

#include <algorithm>
#include <utility>

#include <google/protobuf/util/field_mask_util.h>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/collab/acting.h"
#include "core/collab/fixes.h"
#include "core/collab/kept_records.h"
#include "core/collab/network_kept.h"
#include "core/collab/rules.h"
#include "core/model/rules.h"
#include "core/registry/joining.h"
#include "core/registry/query.h"
#include "core/registry/update_mask.h"

namespace brobygger::collab {
namespace {

using google::protobuf::FieldMask;
using google::protobuf::util::FieldMaskUtil;
using model::BrokenRule;
using storage::Snapshot;
using storage::Transaction;
using v1::Network;
using v1::NetworkMeeting;
using v1::NetworkMember;

constexpr int kMostMembers = 500;
constexpr int kMostMeetings = 500;
constexpr char kDepartmentPath[] = "convenor_department_id";
constexpr char kAssociationPath[] = "convenor_association_id";

// What a person may write.
const FieldMask& WritableNetwork() {
  static const auto* const kMask = [] {
    auto* made = new FieldMask;
    for (const char* const path : {"title", "aim", kDepartmentPath, kAssociationPath}) {
      made->add_paths(path);
    }
    return made;
  }();
  return *kMask;
}

absl::Status NotAllowed(const std::string& text) {
  return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED, text);
}

// OK for employees, and for the association that calls it together. NOT_ALLOWED.
absl::Status CheckConvenes(const Snapshot& snapshot,
                           const Network& network,
                           const Actor& actor,
                           const std::string& what) {
  if (!actor.is_association()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const std::string self, SelfOf(snapshot, actor));
  BB_ASSIGN_OR_RETURN(const Led convenor, LedTo(snapshot, network.convenor_association_id()));
  if (convenor.id == self) return absl::OkStatus();
  return NotAllowed(what + " is for whoever calls the network together; ask them");
}

absl::Status LetIn(const Transaction& transaction, const std::string& id, Network& network) {
  BB_ASSIGN_OR_RETURN(const auto association, registry::GetLive(transaction, id));
  BB_ASSIGN_OR_RETURN(NetworkMember* const there,
                      FindTaker(transaction, *network.mutable_members(), association.id()));
  if (there != nullptr) {
    there->clear_left_date();
    return absl::OkStatus();
  }
  BB_RETURN_IF_ERROR(CheckRoom("members", network.members_size(), kMostMembers));
  NetworkMember& added = *network.add_members();
  added.set_association_id(association.id());
  added.set_title(association.official_name());
  added.set_joined_date(base::DanishDayOf(transaction.now()));
  return absl::OkStatus();
}

// Whoever calls it together is there; an association is a member then.
absl::Status SeatConvenor(const Transaction& transaction, Network& network) {
  if (!network.convenor_department_id().empty()) {
    return registry::GetDepartment(transaction, network.convenor_department_id()).status();
  }
  return LetIn(transaction, network.convenor_association_id(), network);
}

bool Holds(const FieldMask& mask, const char* path) {
  return std::find(mask.paths().begin(), mask.paths().end(), path) != mask.paths().end();
}

// In the language, else in Danish, else in whichever there is.
std::string TextIn(const registry::v1::LocalizedText& text, const std::string& language) {
  const auto& texts = text.by_language();
  for (const std::string& each : {language, std::string("da")}) {
    const auto found = texts.find(each);
    if (found != texts.end()) return found->second;
  }
  return texts.empty() ? "" : texts.begin()->second;
}

}  // namespace

absl::StatusOr<Network> CreateNetwork(Transaction& transaction,
                                      const v1::CreateNetworkRequest& wanted,
                                      const Actor& actor) {
  Network network;
  FieldMaskUtil::MergeMessageTo(wanted.network(), WritableNetwork(), {}, &network);
  if (actor.is_association()) {
    if (!network.convenor_department_id().empty() || !wanted.association_ids().empty()) {
      return NotAllowed(
          "an association makes a network that it calls together itself; ask the "
          "department for others");
    }
    if (network.convenor_association_id().empty()) {
      network.set_convenor_association_id(actor.association_id);
    }
    BB_RETURN_IF_ERROR(CheckConvenes(transaction, network, actor, "a network"));
  }
  BB_RETURN_IF_ERROR(NormalizeAndCheck(network));
  network.set_id(base::MakeUuid());
  BB_RETURN_IF_ERROR(SeatConvenor(transaction, network));
  for (const std::string& id : wanted.association_ids()) {
    BB_RETURN_IF_ERROR(LetIn(transaction, id, network));
  }
  return StoredNetwork(transaction, std::move(network), actor);
}

absl::StatusOr<Network> UpdateNetwork(Transaction& transaction,
                                      const v1::UpdateNetworkRequest& wanted,
                                      const Actor& actor) {
  const FieldMask& mask = wanted.update_mask();
  BB_RETURN_IF_ERROR(registry::CheckUpdateMask(mask, WritableNetwork()));
  BB_ASSIGN_OR_RETURN(Network network,
                      LoadNetwork(transaction, wanted.network().id(), wanted.network().etag()));
  BB_RETURN_IF_ERROR(CheckConvenes(transaction, network, actor, "changing it"));
  const bool department = Holds(mask, kDepartmentPath);
  const bool association = Holds(mask, kAssociationPath);
  if (department || association) {
    BB_RETURN_IF_ERROR(CheckEmployee(actor, "saying who calls it together"));
  }
  FieldMaskUtil::MergeOptions replace;
  replace.set_replace_message_fields(true);
  FieldMaskUtil::MergeMessageTo(wanted.network(), mask, replace, &network);
  // Whoever calls it together from now on takes the place of who did.
  if (department && !association) network.clear_convenor_association_id();
  if (association && !department) network.clear_convenor_department_id();
  BB_RETURN_IF_ERROR(NormalizeAndCheck(network));
  if (department || association) BB_RETURN_IF_ERROR(SeatConvenor(transaction, network));
  return StoredNetwork(transaction, std::move(network), actor);
}

absl::StatusOr<Network> AddNetworkMember(Transaction& transaction,
                                         const v1::AddNetworkMemberRequest& wanted,
                                         const Actor& actor) {
  BB_RETURN_IF_ERROR(CheckEmployee(actor, "letting an association in"));
  BB_ASSIGN_OR_RETURN(Network network, LoadNetwork(transaction, wanted.network_id()));
  BB_RETURN_IF_ERROR(LetIn(transaction, wanted.association_id(), network));
  return StoredNetwork(transaction, std::move(network), actor);
}

absl::StatusOr<Network> RemoveNetworkMember(Transaction& transaction,
                                            const v1::RemoveNetworkMemberRequest& wanted,
                                            const Actor& actor) {
  BB_ASSIGN_OR_RETURN(Network network, LoadNetwork(transaction, wanted.network_id()));
  const model::Place place{nullptr, "association_id"};
  BB_ASSIGN_OR_RETURN(NetworkMember* const there,
                      FindTaker(transaction, *network.mutable_members(), wanted.association_id()));
  if (there == nullptr) return BrokenRule(place, "is of no member of this network");
  BB_ASSIGN_OR_RETURN(const Led leaves, LedTo(transaction, there->association_id()));
  BB_ASSIGN_OR_RETURN(const std::string self, SelfOf(transaction, actor));
  if (actor.is_association() && leaves.id != self) {
    return NotAllowed("an association leaves for itself alone; ask the department");
  }
  BB_ASSIGN_OR_RETURN(const Led convenor, LedTo(transaction, network.convenor_association_id()));
  if (leaves.id == convenor.id) {
    return BrokenRule(place,
                      "calls the network together; say first who does that from now on: "
                      "brobygger network update --department or --association");
  }
  if (there->left_date().empty()) there->set_left_date(base::DanishDayOf(transaction.now()));
  return StoredNetwork(transaction, std::move(network), actor);
}

absl::StatusOr<Network> SetNetworkMeeting(Transaction& transaction,
                                          const v1::SetNetworkMeetingRequest& wanted,
                                          const Actor& actor) {
  BB_ASSIGN_OR_RETURN(Network network,
                      LoadNetwork(transaction, wanted.network_id(), wanted.etag()));
  BB_RETURN_IF_ERROR(CheckConvenes(transaction, network, actor, "planning a meeting"));
  NetworkMeeting meeting = wanted.meeting();
  BB_RETURN_IF_ERROR(NormalizeAndCheck(meeting));
  NetworkMeeting* const there = FindPart(*network.mutable_meetings(), meeting.id());
  if (!meeting.id().empty() && there == nullptr) {
    return BrokenRule({nullptr, "meeting.id"}, "is of no meeting of this network");
  }
  if (there == nullptr || there->event_id() != meeting.event_id()) {
    BB_RETURN_IF_ERROR(CheckEvent(transaction, meeting.event_id()));
  }
  if (there != nullptr) {
    *there = std::move(meeting);
    return StoredNetwork(transaction, std::move(network), actor);
  }
  BB_RETURN_IF_ERROR(CheckRoom("meetings", network.meetings_size(), kMostMeetings));
  meeting.set_id(base::MakeUuid());
  *network.add_meetings() = std::move(meeting);
  return StoredNetwork(transaction, std::move(network), actor);
}

absl::StatusOr<Network> PublishNetwork(Transaction& transaction,
                                       const v1::PublishNetworkRequest& wanted,
                                       const Actor& actor) {
  BB_ASSIGN_OR_RETURN(Network network,
                      LoadNetwork(transaction, wanted.network_id(), wanted.etag()));
  BB_RETURN_IF_ERROR(CheckConvenes(transaction, network, actor, "its page"));
  // One language may be written anew without the other.
  auto& texts = *network.mutable_page_text()->mutable_by_language();
  for (const auto& [language, text] : wanted.page_text().by_language()) texts[language] = text;
  BB_RETURN_IF_ERROR(NormalizeAndCheckPage(*network.mutable_page_text()));
  if (wanted.published() && network.page_text().by_language().empty()) {
    return BrokenRule({nullptr, "page_text"}, "is required for a page that everybody may read");
  }
  network.set_published(wanted.published());
  return StoredNetwork(transaction, std::move(network), actor);
}

absl::StatusOr<Network> GetNetwork(const Snapshot& snapshot,
                                   const std::string& typed,
                                   const Actor& actor) {
  BB_ASSIGN_OR_RETURN(Network network, LoadNetwork(snapshot, typed));
  return ShownNetwork(snapshot, std::move(network), actor);
}

absl::StatusOr<v1::ListNetworksResponse> ListNetworks(const Snapshot& snapshot,
                                                      const v1::ListNetworksRequest& request,
                                                      const Actor& actor) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(request, {}));
  BB_ASSIGN_OR_RETURN(auto all, LoadRecords<Network>(snapshot, storage::Kind::kNetwork,
                                                     storage::Index::kNetworkByAssociation,
                                                     request.association_id()));
  std::erase_if(all, [&](const Network& each) {
    return !request.department_id().empty() &&
           each.convenor_department_id() != request.department_id();
  });
  const std::string arguments =
      registry::PageArguments({"networks", request.department_id(), request.association_id()});
  BB_ASSIGN_OR_RETURN(auto page, PageOf(snapshot, std::move(all), request, arguments));
  v1::ListNetworksResponse response;
  for (Network& each : page.first) {
    BB_ASSIGN_OR_RETURN(*response.add_networks(), ShownNetwork(snapshot, std::move(each), actor));
  }
  response.set_next_page_token(page.second);
  return response;
}

absl::StatusOr<v1::GetNetworkPageResponse> GetNetworkPage(const Snapshot& snapshot,
                                                          const v1::GetNetworkPageRequest& request,
                                                          base::Instant now) {
  BB_ASSIGN_OR_RETURN(const Network network, LoadNetwork(snapshot, request.network_id()));
  if (!network.published()) {
    return NetworkNotFound(network.id(),
                           "the network has no page that everybody may read; "
                           "brobygger network publish makes it one");
  }
  v1::GetNetworkPageResponse page;
  page.set_title(network.title());
  page.set_aim(TextIn(network.aim(), request.language_code()));
  page.set_text(TextIn(network.page_text(), request.language_code()));
  const std::string today = base::DanishDayOf(now);
  for (const NetworkMeeting& meeting : network.meetings()) {
    if (meeting.called_off() || meeting.date() < today) continue;
    NetworkMeeting& told = *page.add_meetings();
    told.set_date(meeting.date());
    told.set_from_clock(meeting.from_clock());
    told.set_to_clock(meeting.to_clock());
    told.set_place(meeting.place());
  }
  return page;
}

}  // namespace brobygger::collab
