#include "core/web/method_table.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <absl/strings/str_cat.h>

#include "brobygger/access/v1/access_service.pb.h"
#include "brobygger/access/v1/join_service.pb.h"
#include "brobygger/audit/v1/audit_service.pb.h"
#include "brobygger/collab/v1/advice_service.pb.h"
#include "brobygger/collab/v1/collaboration_service.pb.h"
#include "brobygger/collab/v1/course_service.pb.h"
#include "brobygger/collab/v1/network_service.pb.h"
#include "brobygger/collab/v1/resource_check_service.pb.h"
#include "brobygger/contact/v1/contact_service.pb.h"
#include "brobygger/discovery/v1/discovery_service.pb.h"
#include "brobygger/event/v1/event_service.pb.h"
#include "brobygger/feed/v1/feed_service.pb.h"
#include "brobygger/grant/v1/grant_service.pb.h"
#include "brobygger/grant/v1/pool_service.pb.h"
#include "brobygger/grant/v1/premises_service.pb.h"
#include "brobygger/identity/v1/identity_service.pb.h"
#include "brobygger/people/v1/people_service.pb.h"
#include "brobygger/registry/v1/municipality_service.pb.h"
#include "brobygger/registry/v1/registry_service.pb.h"
#include "brobygger/report/v1/programme_service.pb.h"
#include "brobygger/search/v1/search_service.pb.h"
#include "brobygger/sync/v1/sync_service.pb.h"

namespace brobygger::web {
namespace {

using google::protobuf::Descriptor;

constexpr char kTypeUrlPrefix[] = "type.googleapis.com/";

// Join signs an association in, and GetFeed opens what a secret opens at an address of its own.
constexpr std::array<std::string_view, 2> kKept = {"brobygger.access.v1.JoinService/Join",
                                                   "brobygger.event.v1.EventService/GetFeed"};

// One message of each file with a service, named so that a linker keeps what is generated for it.
std::array<const Descriptor*, 22> MessagesOfServices() {
  return {access::v1::WhoAmIRequest::descriptor(),
          access::v1::JoinRequest::descriptor(),
          audit::v1::ListAccessLogRequest::descriptor(),
          collab::v1::ListAdviceRequest::descriptor(),
          collab::v1::ExplainWordRequest::descriptor(),
          collab::v1::GetCourseRequest::descriptor(),
          collab::v1::GetNetworkRequest::descriptor(),
          collab::v1::ListResourceChecksRequest::descriptor(),
          contact::v1::ListTouchpointsRequest::descriptor(),
          discovery::v1::WhoKnowsRequest::descriptor(),
          event::v1::ListEventsRequest::descriptor(),
          feed::v1::FollowChangesRequest::descriptor(),
          grant::v1::ListGrantApplicationsRequest::descriptor(),
          grant::v1::ListPoolsRequest::descriptor(),
          grant::v1::ListPremisesRequest::descriptor(),
          identity::v1::ListQuestionsRequest::descriptor(),
          people::v1::AddPersonRequest::descriptor(),
          registry::v1::ListTasksRequest::descriptor(),
          registry::v1::GetAssociationRequest::descriptor(),
          report::v1::ListProgrammesRequest::descriptor(),
          search::v1::SearchAssociationsRequest::descriptor(),
          sync::v1::ListConnectionsRequest::descriptor()};
}

std::string UrlOf(const Descriptor& message) {
  return absl::StrCat(kTypeUrlPrefix, message.full_name());
}

}  // namespace

MethodTable::MethodTable() {
  for (const Descriptor* const message : MessagesOfServices()) {
    for (int i = 0; i < message->file()->service_count(); ++i) Add(*message->file()->service(i));
  }
}

void MethodTable::Add(const google::protobuf::ServiceDescriptor& service) {
  for (int i = 0; i < service.method_count(); ++i) {
    const auto& method = *service.method(i);
    std::string name = absl::StrCat(service.full_name(), "/", method.name());
    const bool kept = std::find(kKept.begin(), kKept.end(), name) != kKept.end();
    if (kept || method.client_streaming()) continue;
    methods_.emplace(name, Method{.path = "/" + name,
                                  .request_url = UrlOf(*method.input_type()),
                                  .response_url = UrlOf(*method.output_type()),
                                  .streams = method.server_streaming()});
  }
}

const Method* MethodTable::Find(const std::string& name) const {
  const auto found = methods_.find(name);
  return found == methods_.end() ? nullptr : &found->second;
}

}  // namespace brobygger::web
