// association export, association card and grant export: the registry in formats that others read.
#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "brobygger/grant/v1/grant_service.pb.h"

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/paging.h"
#include "core/exchange/card.h"
#include "core/exchange/csv_out.h"
#include "core/exchange/giving.h"
#include "core/exchange/hsds.h"

namespace brobygger::cli {
namespace {

using grant::v1::GrantApplication;
using registry::v1::Association;

PageOptions AllPages() { return {.size = 0, .token = "", .all = true}; }

struct ExportOptions {
  std::string filter;
  std::string format = "csv";
};

struct CardOptions {
  std::string association;
  bool html = false;
};

struct GrantExportOptions {
  exchange::Publisher publisher;
  std::string department;
};

Outcome Export(Session& session, const ExportOptions& options) {
  registry::v1::ListAssociationsRequest request;
  request.set_filter(options.filter);
  std::vector<Association> associations;
  const auto add = [&](const registry::v1::ListAssociationsResponse& page) {
    associations.insert(associations.end(), page.associations().begin(), page.associations().end());
    return page.associations_size();
  };
  BB_RETURN_IF_ERROR(
      (ReadPages<registry::v1::ListAssociationsResponse>(session, request, AllPages(), add))
          .status());
  if (options.format == "csv") {
    session.Write(exchange::AssociationsAsCsv(associations));
    return 0;
  }
  std::vector<exchange::Json> organizations;
  for (const Association& each : associations) {
    organizations.push_back(exchange::ToHsds(each));
  }
  const int size = static_cast<int>(std::max<std::size_t>(organizations.size(), 1));
  const exchange::HsdsPage page{.total = std::ssize(organizations), .number = 1, .size = size};
  session.Write(exchange::ToHsdsPage(page, std::move(organizations)).dump(2) + "\n");
  return 0;
}

Outcome Card(Session& session, const CardOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
  const std::string today = base::DanishDayOf(base::SystemClock().Now());
  session.Write(options.html ? exchange::CardHtml(association, session.language(), today)
                             : exchange::CardText(association, session.language(), today));
  return 0;
}

// The recipients, each asked for once.
class Recipients {
 public:
  explicit Recipients(Session& session) : session_(session) {}

  absl::StatusOr<Association> Get(const std::string& id) {
    const auto known = known_.find(id);
    if (known != known_.end()) return known->second;
    registry::v1::GetAssociationRequest request;
    request.set_association_id(id);
    BB_ASSIGN_OR_RETURN(const auto answer,
                        session_.Call<registry::v1::GetAssociationResponse>(request));
    return known_[id] = answer.association();
  }

 private:
  Session& session_;
  std::map<std::string, Association> known_;
};

Outcome ExportGrants(Session& session, const GrantExportOptions& options) {
  grant::v1::ListGrantApplicationsRequest request;
  request.set_department_id(options.department);
  std::vector<GrantApplication> applications;
  const auto add = [&](const grant::v1::ListGrantApplicationsResponse& page) {
    applications.insert(applications.end(), page.applications().begin(), page.applications().end());
    return page.applications_size();
  };
  BB_RETURN_IF_ERROR(
      (ReadPages<grant::v1::ListGrantApplicationsResponse>(session, request, AllPages(), add))
          .status());
  Recipients recipients(session);
  std::vector<exchange::GivenGrant> grants;
  for (GrantApplication& application : applications) {
    if (!exchange::IsGiven(application)) continue;
    BB_ASSIGN_OR_RETURN(auto recipient, recipients.Get(application.association_id()));
    std::string department = application.written_department();
    grants.push_back({std::move(application), std::move(recipient), std::move(department)});
  }
  if (grants.empty()) {
    return absl::NotFoundError(
        "there is no grant to publish: none is granted to an association that is known, with an "
        "amount and a day");
  }
  session.Write(exchange::To360Giving(options.publisher, grants).dump(2) + "\n");
  session.Say(
      fmt::format("{} grants. Left out: {} applications that are not granted, lack an amount or a "
                  "day, or are of an "
                  "association that is not known.",
                  grants.size(), applications.size() - grants.size()));
  return 0;
}

}  // namespace

void AddAssociationExport(const Command& parent) {
  const auto options = std::make_shared<ExportOptions>();
  parent.Add("export", "Write the list for another program: a table, or Open Referral HSDS 3.0")
      .Option("--filter", options->filter,
              {.summary = "Only those that fit, as in association list"})
      .Option("--format", options->format,
              {.summary = "csv: a table with Danish headings, for an office program; hsds: JSON",
               .words = {"csv", "hsds"}})
      .Does([options](Session& session) { return Export(session, *options); });
}

void AddAssociationCard(const Command& parent) {
  const auto options = std::make_shared<CardOptions>();
  parent.Add("card", "Show a page about one association, to print or to send")
      .Argument(
          "ASSOCIATION", options->association,
          {.summary = "Its id, CVR number or official name", .completes = Completes::kAssociation})
      .Flag("--html", options->html, "As an HTML page of one A4 sheet")
      .Does([options](Session& session) { return Card(session, *options); });
}

void AddGrantExport(const Command& parent) {
  const auto options = std::make_shared<GrantExportOptions>();
  parent.Add("export", "Write what was granted, to publish it (360Giving, JSON)")
      .Required("--publisher-prefix", options->publisher.prefix,
                {.summary = "What 360Giving gave the publisher, as in 360G-fjordby"})
      .Required("--publisher-id", options->publisher.id,
                {.summary = "Its organization id, as in DK-CVR-12345678"})
      .Required("--publisher-name", options->publisher.name,
                {.summary = "Its name, as in Fjordby Kommune"})
      .Option("--department", options->department,
              {.summary = "Only the grants of the department with this id"})
      .Does([options](Session& session) { return ExportGrants(session, *options); });
}

}  // namespace brobygger::cli
