// The list of applications: see applications.h.
#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "core/base/status_macros.h"
#include "core/grants/applications.h"
#include "core/grants/owner.h"
#include "core/registry/page.h"
#include "core/registry/records.h"

namespace brobygger::grants {
namespace {

using grant::v1::ListGrantApplicationsRequest;
using grant::v1::ListGrantApplicationsResponse;
using storage::Kind;

constexpr int kListedAtOnce = 1000;

bool Matches(const ListGrantApplicationsRequest& request, const GrantApplication& application) {
  const auto is = [](const std::string& wanted, const std::string& value) {
    return wanted.empty() || wanted == value;
  };
  const bool state = request.state() == grant::v1::GRANT_STATE_UNSPECIFIED ||
                     request.state() == application.state();
  return is(request.connection_id(), application.connection_id()) &&
         is(request.department_id(), application.department_id()) && state &&
         (request.show_gone() || !application.has_gone_time());
}

// All that match, without regard to whose they are.
absl::StatusOr<std::vector<GrantApplication>> ReadAll(const storage::Snapshot& snapshot,
                                                      const ListGrantApplicationsRequest& request) {
  std::vector<GrantApplication> applications;
  storage::KeyRange range{.prefix = "", .after = "", .limit = kListedAtOnce};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(Kind::kGrantApplication, range));
    if (entries.empty()) return applications;
    for (const storage::Entry& entry : entries) {
      GrantApplication application;
      BB_RETURN_IF_ERROR(registry::ParseRecord(entry.bytes, application));
      if (Matches(request, application)) applications.push_back(std::move(application));
    }
    range.after = entries.back().key;
  }
}

absl::StatusOr<std::vector<GrantApplication>> Wanted(const storage::Snapshot& snapshot,
                                                     const ListGrantApplicationsRequest& request) {
  std::vector<GrantApplication> applications;
  if (!request.association_id().empty()) {
    BB_ASSIGN_OR_RETURN(applications, ApplicationsOf(snapshot, request.association_id()));
    std::erase_if(applications, [&](const auto& each) { return !Matches(request, each); });
  } else {
    BB_ASSIGN_OR_RETURN(applications, ReadAll(snapshot, request));
  }
  if (!request.unresolved()) return applications;
  std::vector<GrantApplication> unresolved;
  for (GrantApplication& application : applications) {
    BB_RETURN_IF_ERROR(SetOwner(snapshot, application));
    if (application.association_id().empty()) unresolved.push_back(std::move(application));
  }
  return unresolved;
}

std::string ArgumentsOf(const ListGrantApplicationsRequest& request) {
  return registry::PageArguments(
      {"grant applications", request.association_id(), request.connection_id(),
       request.department_id(), std::to_string(request.state()),
       request.unresolved() ? "unresolved" : "", request.show_gone() ? "gone" : ""});
}

bool Newer(const GrantApplication& left, const GrantApplication& right) {
  return std::tie(right.received_date(), left.id()) < std::tie(left.received_date(), right.id());
}

}  // namespace

void NewestFirst(std::vector<GrantApplication>& applications) {
  std::sort(applications.begin(), applications.end(), Newer);
}

absl::StatusOr<ListGrantApplicationsResponse> ListGrantApplications(
    const storage::Store& store, const ListGrantApplicationsRequest& request) {
  BB_ASSIGN_OR_RETURN(const int size, registry::PageSize(request.page_size()));
  const std::string arguments = ArgumentsOf(request);
  registry::PagePlace place;
  BB_ASSIGN_OR_RETURN(std::shared_ptr<const storage::Snapshot> snapshot, store.Latest());
  if (!request.page_token().empty()) {
    BB_ASSIGN_OR_RETURN(place, registry::ReadPageToken(request.page_token(), arguments));
    BB_ASSIGN_OR_RETURN(snapshot, store.At(place.revision));
  }
  BB_ASSIGN_OR_RETURN(auto applications, Wanted(*snapshot, request));
  NewestFirst(applications);
  auto next = applications.begin();
  if (!place.key.empty()) {
    GrantApplication last;
    last.set_received_date(place.value);
    last.set_id(place.key);
    next = std::upper_bound(applications.begin(), applications.end(), last, Newer);
  }
  ListGrantApplicationsResponse response;
  response.set_total_count(applications.size());
  std::size_t bytes = 0;
  for (; next != applications.end() && response.applications_size() < size; ++next) {
    bytes += next->ByteSizeLong();
    if (bytes > registry::kPageBytes && response.applications_size() > 0) break;
    BB_RETURN_IF_ERROR(SetOwner(*snapshot, *next));
    *response.add_applications() = std::move(*next);
  }
  if (next != applications.end()) {
    const auto& last = response.applications(response.applications_size() - 1);
    response.set_next_page_token(registry::MakePageToken(
        {snapshot->revision(), last.received_date(), last.id()}, arguments));
  }
  return response;
}

}  // namespace brobygger::grants
