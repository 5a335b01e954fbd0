#include "core/exchange/hsds.h"

#include <algorithm>
#include <utility>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/util/time_util.h>

#include "core/base/id.h"
#include "core/exchange/hsds_parts.h"
#include "core/exchange/nested_id.h"
#include "core/model/labels.h"

namespace brobygger::exchange {
namespace {

using registry::v1::Activity;
using registry::v1::Association;

// HSDS counts a page without entries as the first and the last.
int PagesOf(const HsdsPage& page) {
  const auto pages = (page.total + page.size - 1) / page.size;
  return static_cast<int>(std::max<std::int64_t>(pages, 1));
}

// Only what is there: an empty list would say that there is none.
void Put(Json& object, const char* name, Json value) {
  if (!value.empty()) object[name] = std::move(value);
}

void PutText(Json& object, const char* name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

std::string OtherNames(const Association& association) {
  std::vector<std::string> names;
  for (const auto& each : association.other_names()) names.push_back(each.text());
  return absl::StrJoin(names, "; ");
}

const char* StatusOf(const Activity& activity) {
  switch (activity.status()) {
    case registry::v1::ACTIVITY_STATUS_PAUSED:
      return "temporarily closed";
    case registry::v1::ACTIVITY_STATUS_ENDED:
      return "defunct";
    case registry::v1::ACTIVITY_STATUS_PLANNED:
      return "inactive";
    default:
      return "active";
  }
}

struct Ages {
  int least;
  int most;  // 0: no end
};

Ages AgesOf(int band) {
  switch (band) {
    case registry::v1::AGE_BAND_0_12:
      return {0, 12};
    case registry::v1::AGE_BAND_13_18:
      return {13, 18};
    case registry::v1::AGE_BAND_19_24:
      return {19, 24};
    case registry::v1::AGE_BAND_25_64:
      return {25, 64};
    default:
      return {65, 0};
  }
}

void PutAges(Json& service, const Activity& activity) {
  if (activity.age_bands().empty()) return;
  Ages all = AgesOf(activity.age_bands(0));
  for (const int band : activity.age_bands()) {
    const Ages ages = AgesOf(band);
    all.least = std::min(all.least, ages.least);
    all.most = all.most == 0 || ages.most == 0 ? 0 : std::max(all.most, ages.most);
  }
  service["minimum_age"] = all.least;
  if (all.most != 0) service["maximum_age"] = all.most;
}

// The last day on which anybody confirmed any of it.
Json ToNestedService(const Association& association, const Activity& activity) {
  Json service = ToHsdsListedService(association, activity);
  service.erase("organization");
  const std::string id = HsdsServiceId(association, activity);
  Put(service, "schedules", HsdsSchedules(id, activity));
  Put(service, "languages", HsdsLanguages(id, activity.language_codes()));
  Put(service, "attributes", HsdsAttributes(id, activity));
  if (!association.coverage_area().empty()) {
    service["service_areas"] = Json::array({{{"id", NestedId(id, "area")},
                                             {"service_id", id},
                                             {"name", association.coverage_area()}}});
  }
  return service;
}

}  // namespace

std::string HsdsServiceId(const Association& association, const Activity& activity) {
  // HSDS takes nothing but UUIDs, and a source may call its activities as it likes.
  if (base::IsUuid(activity.id())) return activity.id();
  const std::string& own = activity.id().empty() ? activity.title() : activity.id();
  return NestedId(association.id(), absl::StrCat("activity/", own));
}

Json ToHsdsListed(const Association& association) {
  Json organization;
  organization["id"] = association.id();
  organization["name"] = association.official_name();
  PutText(organization, "alternate_name", OtherNames(association));
  const std::string purpose = TextIn(association.purpose(), "da");
  organization["description"] = purpose.empty() ? association.official_name() : purpose;
  if (!association.emails().empty()) organization["email"] = association.emails(0);
  if (!association.websites().empty()) organization["website"] = association.websites(0);
  int year = 0;
  if (absl::SimpleAtoi(association.founded_date().substr(0, 4), &year)) {
    organization["year_incorporated"] = year;
  }
  if (association.legal_form() != registry::v1::LEGAL_FORM_UNSPECIFIED) {
    const std::string& code = registry::v1::LegalForm_Name(association.legal_form());
    organization["legal_status"] = model::Label("brobygger.registry.v1.LegalForm", code, "da");
  }
  return organization;
}

Json ToHsds(const Association& association) {
  Json organization = ToHsdsListed(association);
  Put(organization, "organization_identifiers", HsdsIdentifiers(association));
  Put(organization, "phones", HsdsPhones(association));
  Put(organization, "locations", HsdsLocations(association));
  Json services = Json::array();
  for (const Activity& activity : association.activities()) {
    services.push_back(ToNestedService(association, activity));
  }
  Put(organization, "services", std::move(services));
  return organization;
}

Json ToHsdsListedService(const Association& association, const Activity& activity) {
  Json service;
  service["id"] = HsdsServiceId(association, activity);
  service["organization_id"] = association.id();
  service["name"] = activity.title().empty() ? association.official_name() : activity.title();
  PutText(service, "description", TextIn(activity.description(), "da"));
  service["status"] = StatusOf(activity);
  PutText(service, "fees_description", PriceOf(activity, "da"));
  PutAges(service, activity);
  if (association.has_update_time()) {
    service["last_modified"] =
        google::protobuf::util::TimeUtil::ToString(association.update_time());
  }
  PutText(service, "assured_date", LastConfirmed(association));
  service["organization"] = ToHsdsListed(association);
  return service;
}

Json ToHsdsService(const Association& association, const Activity& activity) {
  Json service = ToNestedService(association, activity);
  service["organization"] = ToHsdsListed(association);
  Put(service, "phones", HsdsPhones(association));
  return service;
}

Json ToHsdsPage(const HsdsPage& page, std::vector<Json> contents) {
  const int pages = PagesOf(page);
  Json answer;
  answer["total_items"] = page.total;
  answer["total_pages"] = pages;
  answer["page_number"] = page.number;
  answer["size"] = contents.size();
  answer["first_page"] = page.number == 1;
  answer["last_page"] = page.number >= pages;
  answer["empty"] = contents.empty();
  answer["contents"] = std::move(contents);
  return answer;
}

}  // namespace brobygger::exchange
