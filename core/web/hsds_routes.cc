#include "core/web/hsds_routes.h"

#include <algorithm>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/exchange/hsds.h"
#include "core/exchange/partner.h"
#include "core/web/hsds_pages.h"
#include "core/web/problem.h"

namespace brobygger::web {
namespace {

constexpr int kUsualOnList = 50;
// Records as the hub told them; as JSON with all that is nested they are some three times that.
constexpr std::size_t kMostPageBytes = std::size_t{6} << 20;

// A nested service that says no more than what it is.
exchange::Json Shortened(const exchange::Json& service) {
  exchange::Json shortened = exchange::Json::object();
  for (const char* name : {"id", "name", "status"}) shortened[name] = service.at(name);
  return shortened;
}

exchange::Json ToNested(const discovery::v1::Partner& partner, bool full_service) {
  exchange::Json told = exchange::ToHsds(exchange::ToAssociation(partner));
  if (full_service || !told.contains("services")) return told;
  for (auto& service : told["services"]) service = Shortened(service);
  return told;
}

absl::Status CheckSize(const PartnerList& list, const PageBounds& bounds) {
  std::size_t bytes = 0;
  for (std::size_t i = bounds.first; i < bounds.end; ++i) bytes += list.BytesOf(i);
  if (bytes <= kMostPageBytes) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                         "there is more on this page than one answer holds; ask for a smaller "
                         "per_page",
                         {{"field", "per_page"}});
}

absl::StatusOr<std::string> PageOf(const PartnerList& list, const Parameters& asked) {
  const auto bounds = BoundsOf(asked, list.size(), kUsualOnList);
  if (!bounds.ok()) return bounds.status();
  if (const absl::Status size = CheckSize(list, *bounds); !size.ok()) return size;
  const bool full_service = asked.Flag("full_service", false);
  const bool full = asked.Flag("full", false) || full_service;
  std::vector<exchange::Json> contents;
  for (std::size_t i = bounds->first; i < bounds->end; ++i) {
    const auto partner = list.At(i);
    contents.push_back(full ? ToNested(partner, full_service)
                            : exchange::ToHsdsListed(exchange::ToAssociation(partner)));
  }
  return PageText(*bounds, std::move(contents));
}

void AnswerList(CallersDoor& door, const Parameters& asked, const std::shared_ptr<Visit>& visit) {
  discovery::v1::PartnerCriteria criteria;
  criteria.set_query(asked.Text("search"));
  door.lists().Get(visit->caller(), criteria, asked.Number("page", 1) > 1,
                   [visit, asked](const absl::StatusOr<PartnerLists::List>& list) {
                     if (!list.ok()) return visit->Refuse(NamingHsdsParameters(list.status()));
                     auto page = PageOf(**list, asked);
                     if (!page.ok()) return visit->Refuse(page.status());
                     visit->Tell(kJsonType, *std::move(page));
                   });
}

void AnswerOne(CallersDoor& door,
               const std::string& id,
               const Parameters& asked,
               const std::shared_ptr<Visit>& visit) {
  const bool full_service = asked.Flag("full_service", false);
  door.client().Get(visit->caller(), id,
                    [visit, full_service](absl::StatusOr<discovery::v1::GetPartnerResponse> got) {
                      if (!got.ok()) return visit->Refuse(got.status());
                      visit->Tell(kJsonType, TextOf(ToNested(got->partner(), full_service)));
                    });
}

std::string PathList() {
  std::string paths;
  for (const Endpoint& each : HsdsEndpoints()) {
    absl::StrAppend(&paths, paths.empty() ? "" : ", ", each.path);
  }
  return paths;
}

// "/hsds/services/{id}" and its id, of an address that ends with one.
struct ServedPlace {
  std::string path;
  std::string id = {};
};
ServedPlace PlaceOf(const std::string& path) {
  const std::size_t slash = path.rfind('/') + 1;
  const std::string last = path.substr(slash);
  if (!base::IsUuid(last)) return {path};
  return {path.substr(0, slash) + "{id}", last};
}

bool IsServed(const ServedPlace& place) {
  const bool braces = place.path.find('{') != std::string::npos;
  if (braces && place.id.empty()) return false;  // as it stands in the document
  const auto& all = HsdsEndpoints();
  return std::any_of(all.begin(), all.end(),
                     [&](const Endpoint& each) { return each.path == place.path; });
}

}  // namespace

void AnswerHsds(CallersDoor& door, const Request& request, Respond respond) {
  if (AnswerHsdsAbout(door, request, respond)) return;
  const ServedPlace place = PlaceOf(request.path);
  if (!IsServed(place)) return respond(NoSuchPath(PathList()));
  const auto visit = Visit::Begin(request, door.admission(), std::move(respond));
  if (visit == nullptr) return;
  const auto asked = Parameters::Read(request.query, HsdsRules(place.path));
  if (!asked.ok()) return visit->Refuse(asked.status());
  const bool services = absl::StartsWith(place.path, "/hsds/services");
  if (place.id.empty()) {
    return services ? AnswerHsdsServices(door, *asked, visit) : AnswerList(door, *asked, visit);
  }
  return services ? AnswerHsdsService(door, place.id, visit)
                  : AnswerOne(door, place.id, *asked, visit);
}

}  // namespace brobygger::web
