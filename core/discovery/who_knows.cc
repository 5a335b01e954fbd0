#include "core/discovery/who_knows.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <absl/strings/str_cat.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/discovery/pick.h"
#include "core/model/rules.h"
#include "core/registry/joining.h"
#include "core/registry/page.h"

namespace brobygger::discovery {
namespace {

using registry::v1::Association;
using v1::GetContactMatrixRequest;
using v1::GetContactMatrixResponse;
using v1::KnownAssociation;
using v1::WhoKnowsRequest;
using v1::WhoKnowsResponse;

constexpr std::size_t kLongestArea = 100;

absl::Status Check(const WhoKnowsRequest& request) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(request, {}));
  BB_RETURN_IF_ERROR(CheckMunicipality(request.municipality_code(), false));
  std::string area = request.area();
  BB_RETURN_IF_ERROR(model::FixLine({nullptr, "area"}, {0, kLongestArea}, area));
  const bool asked = !request.association_id().empty() || request.audience() != 0 ||
                     request.theme() != 0 || !request.area().empty() ||
                     !request.municipality_code().empty();
  if (asked) return absl::OkStatus();
  return model::BrokenRule({nullptr, "association_id"},
                           "is required, or an audience, a theme, an area or a municipality");
}

absl::Status AddKnown(Overview& overview,
                      const Association& association,
                      WhoKnowsResponse& response) {
  KnownAssociation& known = *response.add_associations();
  known.set_association_id(association.id());
  known.set_official_name(association.official_name());
  known.set_municipality_code(association.municipality_code());
  BB_ASSIGN_OR_RETURN(auto acquaintances, overview.AcquaintancesOf(association));
  for (auto& each : acquaintances) *known.add_acquaintances() = std::move(each);
  return absl::OkStatus();
}

std::string ArgumentsOf(const WhoKnowsRequest& request) {
  return registry::PageArguments({"who-knows", absl::StrCat(request.audience()),
                                  absl::StrCat(request.theme()), request.area(),
                                  request.municipality_code(), absl::StrCat(request.most())});
}

// The caller, told no more than `most` of anything.
access::Caller NoMoreThan(access::Caller caller, access::Disclosure::Level most) {
  if (most == v1::DISCLOSURE_LEVEL_UNSPECIFIED) return caller;
  for (auto* level :
       {&caller.disclosure.own, &caller.disclosure.municipality, &caller.disclosure.elsewhere}) {
    *level = std::min(*level, most);
  }
  return caller;
}

// Numbers the departments as they come.
class Columns {
 public:
  int Of(const v1::Acquaintance& acquaintance) {
    // Those that the registry does not know have a name alone.
    const std::string& id = acquaintance.department_id();
    const auto [place, added] =
        places_.emplace(id.empty() ? acquaintance.department_name() : id, columns_.size());
    if (added) {
      v1::MatrixColumn column;
      column.set_department_id(acquaintance.department_id());
      column.set_department_name(acquaintance.department_name());
      column.set_contact_email(acquaintance.contact_email());
      columns_.push_back(std::move(column));
    }
    return static_cast<int>(place->second);
  }

  // By name, and the cells follow.
  void Write(GetContactMatrixResponse& response) {
    std::vector<int> order(columns_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
    std::sort(order.begin(), order.end(), [&](int left, int right) {
      return columns_[left].department_name() < columns_[right].department_name();
    });
    std::vector<int> place(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      place[order[i]] = static_cast<int>(i);
      *response.add_columns() = columns_[order[i]];
    }
    for (auto& row : *response.mutable_rows()) {
      for (auto& cell : *row.mutable_cells()) cell.set_column(place[cell.column()]);
      std::sort(row.mutable_cells()->begin(), row.mutable_cells()->end(),
                [](const auto& left, const auto& right) { return left.column() < right.column(); });
    }
  }

 private:
  std::vector<v1::MatrixColumn> columns_;
  std::map<std::string, std::size_t> places_;
};

}  // namespace

absl::StatusOr<Overview> OverviewFor(const Asker& asker) {
  if (!asker.index.loaded()) {
    return base::MakeError(errors::v1::ERROR_REASON_OVERLOADED,
                           "the hub has just started and still reads its contacts; try again in a "
                           "few seconds");
  }
  BB_ASSIGN_OR_RETURN(auto snapshot, asker.store.Latest());
  return Overview(std::move(snapshot), asker.index, asker.caller, asker.clock.Now());
}

absl::StatusOr<WhoKnowsResponse> WhoKnows(const Asker& whole, const WhoKnowsRequest& request) {
  BB_RETURN_IF_ERROR(Check(request));
  BB_ASSIGN_OR_RETURN(const int size, registry::PageSize(request.page_size()));
  const access::Caller caller = NoMoreThan(whole.caller, request.most());
  const Asker asker{whole.store, whole.index, whole.clock, caller, whole.shelf};
  BB_ASSIGN_OR_RETURN(Overview overview, OverviewFor(asker));
  WhoKnowsResponse response;
  response.set_revision(overview.snapshot().revision());
  const Criteria criteria{.municipality_code = request.municipality_code(),
                          .theme = request.theme(),
                          .audience = request.audience(),
                          .area = request.area()};
  if (!request.association_id().empty()) {
    BB_ASSIGN_OR_RETURN(const Association association,
                        registry::GetLive(overview.snapshot(), request.association_id()));
    if (!Matches(criteria, association)) return response;
    BB_RETURN_IF_ERROR(AddKnown(overview, association, response));
    return response;
  }
  registry::PagePlace place;
  const std::string arguments = ArgumentsOf(request);
  if (!request.page_token().empty()) {
    BB_ASSIGN_OR_RETURN(place, registry::ReadPageToken(request.page_token(), arguments));
  }
  BB_ASSIGN_OR_RETURN(const Picked picked,
                      PickMatching(overview.snapshot(), asker.shelf, criteria, place, size));
  for (const Association& association : picked.associations) {
    BB_RETURN_IF_ERROR(AddKnown(overview, association, response));
  }
  if (picked.more) {
    response.set_next_page_token(registry::MakePageToken(picked.next, arguments));
  }
  return response;
}

absl::StatusOr<GetContactMatrixResponse> GetContactMatrix(const Asker& asker,
                                                          const GetContactMatrixRequest& request) {
  BB_RETURN_IF_ERROR(CheckMunicipality(request.municipality_code(), true));
  WhoKnowsRequest wanted;
  wanted.set_municipality_code(request.municipality_code());
  wanted.set_theme(request.theme());
  wanted.set_audience(request.audience());
  wanted.set_page_size(request.page_size());
  wanted.set_page_token(request.page_token());
  // A table shows no single contacts.
  wanted.set_most(v1::DISCLOSURE_LEVEL_SUMMARY);
  BB_ASSIGN_OR_RETURN(const WhoKnowsResponse known, WhoKnows(asker, wanted));
  GetContactMatrixResponse response;
  Columns columns;
  for (const KnownAssociation& association : known.associations()) {
    v1::MatrixRow& row = *response.add_rows();
    row.set_association_id(association.association_id());
    row.set_official_name(association.official_name());
    for (const auto& acquaintance : association.acquaintances()) {
      v1::MatrixCell& cell = *row.add_cells();
      cell.set_column(columns.Of(acquaintance));
      cell.set_level(acquaintance.level());
      if (acquaintance.has_familiarity()) {
        *cell.mutable_familiarity() = acquaintance.familiarity();
      }
    }
  }
  columns.Write(response);
  response.set_next_page_token(known.next_page_token());
  response.set_revision(known.revision());
  return response;
}

}  // namespace brobygger::discovery
