#include "core/exchange/giving.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/time_util.h>

#include "core/exchange/hsds_parts.h"

namespace brobygger::exchange {
namespace {

using grant::v1::GrantApplication;
using registry::v1::Association;

constexpr char kVersion[] = "1.4";

// Øre as kroner, exact to the last digit: the number is written as text that JSON takes for one.
Json Kroner(std::int64_t oere) {
  return Json::parse(absl::StrCat(oere / 100, ".", oere / 10 % 10, oere % 10));
}

Json Recipient(const Publisher& publisher, const Association& association) {
  const std::string cvr = CvrOf(association);
  Json recipient;
  recipient["id"] = cvr.empty() ? absl::StrCat(publisher.prefix, "-", association.id())
                                : absl::StrCat("DK-CVR-", cvr);
  recipient["name"] = association.official_name();
  if (!cvr.empty()) recipient["companyNumber"] = cvr;
  recipient["addressCountry"] = "DK";
  return recipient;
}

Json GrantOf(const Publisher& publisher, const GivenGrant& given) {
  const GrantApplication& application = given.application;
  Json grant;
  grant["id"] = absl::StrCat(publisher.prefix, "-", application.id());
  grant["title"] = application.title().empty() ? application.pool() : application.title();
  grant["description"] = grant["title"];
  grant["currency"] = application.currency().empty() ? "DKK" : application.currency();
  if (application.has_applied_ore()) grant["amountAppliedFor"] = Kroner(application.applied_ore());
  grant["amountAwarded"] = Kroner(application.awarded_ore());
  if (application.has_disbursed_ore()) {
    grant["amountDisbursed"] = Kroner(application.disbursed_ore());
  }
  grant["awardDate"] = application.decided_date();
  const auto& period = application.period();
  if (!period.from_date().empty() || !period.to_date().empty()) {
    Json dates;
    if (!period.from_date().empty()) dates["startDate"] = period.from_date();
    if (!period.to_date().empty()) dates["endDate"] = period.to_date();
    grant["plannedDates"] = Json::array({std::move(dates)});
  }
  grant["recipientOrganization"] = Json::array({Recipient(publisher, given.recipient)});
  Json funder = {{"id", publisher.id}, {"name", publisher.name}};
  if (!given.department.empty()) funder["department"] = given.department;
  grant["fundingOrganization"] = Json::array({std::move(funder)});
  if (!application.pool().empty()) {
    grant["grantProgramme"] = Json::array({{{"title", application.pool()}}});
  }
  if (application.has_update_time()) {
    grant["dateModified"] = google::protobuf::util::TimeUtil::ToString(application.update_time());
  }
  return grant;
}

}  // namespace

bool IsGiven(const GrantApplication& application) {
  switch (application.state()) {
    case grant::v1::GRANT_STATE_GRANTED:
    case grant::v1::GRANT_STATE_PARTLY_GRANTED:
    case grant::v1::GRANT_STATE_PAID:
    case grant::v1::GRANT_STATE_AWAITING_ACCOUNTS:
    case grant::v1::GRANT_STATE_CLOSED:
      break;
    default:
      return false;
  }
  return application.has_awarded_ore() && application.awarded_ore() > 0 &&
         !application.decided_date().empty() && !application.association_id().empty() &&
         !application.has_gone_time();
}

Json To360Giving(const Publisher& publisher, const std::vector<GivenGrant>& grants) {
  Json list = Json::array();
  for (const GivenGrant& each : grants) list.push_back(GrantOf(publisher, each));
  return {{"version", kVersion}, {"title", publisher.name}, {"grants", std::move(list)}};
}

}  // namespace brobygger::exchange
