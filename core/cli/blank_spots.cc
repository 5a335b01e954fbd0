// blank-spots, initiative and dependencies.
#include <memory>

#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/discovery_words.h"
#include "core/cli/output.h"
#include "core/cli/paging.h"
#include "core/cli/words.h"
#include "core/model/labels.h"

namespace brobygger::cli {
namespace {

using discovery::v1::BlankSpot;
using discovery::v1::GetInitiativeBalanceRequest;
using discovery::v1::GetInitiativeBalanceResponse;
using discovery::v1::ListBlankSpotsRequest;
using discovery::v1::ListBlankSpotsResponse;
using discovery::v1::ListOnePersonDependenciesRequest;
using discovery::v1::ListOnePersonDependenciesResponse;

struct BlankOptions {
  std::string municipality;
  std::string kind;
  std::string association;
  std::string department;
  PageOptions page;
};

discovery::v1::BlankSpotKind KindOf(const std::string& typed) {
  if (typed == "nobody") return discovery::v1::BLANK_SPOT_KIND_NOBODY;
  if (typed == "one-department") return discovery::v1::BLANK_SPOT_KIND_ONE_DEPARTMENT;
  if (typed == "silent") return discovery::v1::BLANK_SPOT_KIND_SILENT;
  return discovery::v1::BLANK_SPOT_KIND_UNSPECIFIED;
}

std::vector<Cell> SpotCells(const BlankSpot& spot, const std::string& language) {
  const auto& acquaintance = spot.acquaintance();
  return {{spot.official_name()},
          {std::string(model::Label("brobygger.discovery.v1.BlankSpotKind",
                                    discovery::v1::BlankSpotKind_Name(spot.kind()), language))},
          {acquaintance.department_name()},
          {ShowField("date", acquaintance.familiarity().last_date(), language)},
          {acquaintance.contact_email()},
          {spot.association_id().substr(0, 8)}};
}

Outcome BlankSpots(Session& session, const BlankOptions& options) {
  ListBlankSpotsRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_municipality_code(),
                      HomeMunicipality(session, options.municipality));
  request.set_kind(KindOf(options.kind));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "blankSpots",
                                                          {{"association", "ASSOCIATION"},
                                                           {"kind", "WHY"},
                                                           {"department", "DEPARTMENT"},
                                                           {"last", "LAST"},
                                                           {"ask", "ASK"},
                                                           {"id", "ID"}}));
  const auto add = [&](const ListBlankSpotsResponse& page) {
    for (const BlankSpot& spot : page.blank_spots()) {
      writer.Add(spot, SpotCells(spot, session.language()));
    }
    return page.blank_spots_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListBlankSpotsResponse>(session, request, options.page, add)));
  auto& last = pages.last;
  last.clear_blank_spots();
  writer.Finish(&last);
  SayHowMany(session, pages.count, "blank spot", last.next_page_token());
  session.Say(fmt::format(
      "Of {} associations {} are known by nobody, {} by one department alone, and {} have not been "
      "heard of for half a year.",
      last.association_count(), last.nobody_count(), last.one_department_count(),
      last.silent_count()));
  return 0;
}

Outcome Initiative(Session& session, const BlankOptions& options) {
  GetInitiativeBalanceRequest request;
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    request.set_association_id(association.id());
  } else {
    BB_ASSIGN_OR_RETURN(*request.mutable_municipality_code(),
                        HomeMunicipality(session, options.municipality));
  }
  BB_ASSIGN_OR_RETURN(*request.mutable_department_id(), DepartmentId(session, options.department));
  BB_ASSIGN_OR_RETURN(const auto balance, session.Call<GetInitiativeBalanceResponse>(request));
  WriteRecord(session, balance, [&] {
    return Rows{.columns = {{"municipality", "MUNICIPALITY"},
                            {"association", "ASSOCIATION"},
                            {"other", "OTHERS"},
                            {"unknown", "NOT TOLD"}},
                .cells = {{{std::to_string(balance.municipality_count())},
                           {std::to_string(balance.association_count())},
                           {std::to_string(balance.other_count())},
                           {std::to_string(balance.unknown_count())}}}};
  });
  session.Say("Who reached out, in contacts of the last twelve months.");
  if (balance.one_sided()) {
    session.Say(balance.municipality_count() > balance.association_count()
                    ? "Nearly all began with the municipality: ask them what they would like to do."
                    : "Nearly all began with the association: it may be the municipality's turn.");
  }
  return 0;
}

Outcome Dependencies(Session& session, const BlankOptions& options) {
  ListOnePersonDependenciesRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_municipality_code(),
                      HomeMunicipality(session, options.municipality));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "dependencies",
                                                          {{"association", "ASSOCIATION"},
                                                           {"department", "DEPARTMENT"},
                                                           {"roles", "ROLE"},
                                                           {"last", "LAST"}}));
  const auto add = [&](const ListOnePersonDependenciesResponse& page) {
    for (const auto& each : page.dependencies()) {
      const auto& acquaintance = each.acquaintance();
      writer.Add(each,
                 {{each.official_name()},
                  {acquaintance.department_name()},
                  {absl::StrJoin(acquaintance.our_roles(), ", ")},
                  {ShowField("date", acquaintance.familiarity().last_date(), session.language())}});
    }
    return page.dependencies_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages, (ReadPages<ListOnePersonDependenciesResponse>(
                                      session, request, options.page, add)));
  auto& last = pages.last;
  last.clear_dependencies();
  writer.Finish(&last);
  session.Say(fmt::format(
      "The contact of {} of {} associations hangs on one role of one department, as far as roles "
      "are told.",
      last.total_count(), last.known_count()));
  return 0;
}

}  // namespace

void AddBlankSpots(const Command& root) {
  const auto options = std::make_shared<BlankOptions>();
  const ValueHint municipality = {.summary =
                                      "Municipality code; else the one of the hub's departments"};
  Command spots = root.Add("blank-spots", "Associations that few or none in the municipality know");
  spots.Option("--municipality", options->municipality, municipality)
      .Option("--kind", options->kind,
              {.summary = "Only of this kind",
               .completes = Completes::kWord,
               .words = {"nobody", "one-department", "silent"}});
  AddPageOptions(spots, options->page);
  spots.Does([options](Session& session) { return BlankSpots(session, *options); });

  Command initiative = root.Add("initiative", "Who reached out in the last twelve months");
  initiative
      .OptionalArgument(
          "ASSOCIATION", options->association,
          {.summary = "With this one; else with all", .completes = Completes::kAssociation})
      .Option("--department", options->department, {.summary = "Only this department's contacts"})
      .Option("--municipality", options->municipality, municipality)
      .Does([options](Session& session) { return Initiative(session, *options); });

  Command dependencies =
      root.Add("dependencies", "Associations whose whole contact hangs on one role");
  dependencies.Option("--municipality", options->municipality, municipality);
  AddPageOptions(dependencies, options->page);
  dependencies.Does([options](Session& session) { return Dependencies(session, *options); });
}

}  // namespace brobygger::cli
