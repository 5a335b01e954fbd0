#include "core/web/partner_routes.h"

#include <array>
#include <utility>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/exchange/csv_out.h"
#include "core/exchange/partner.h"
#include "core/web/openapi.h"
#include "core/web/partner_words.h"
#include "core/web/problem.h"
#include "core/web/visit.h"

namespace brobygger::web {
namespace {

constexpr std::string_view kOne = "/v1/partners/";
constexpr char kPaths[] = "/v1/partners, /v1/partners.csv, /v1/partners/ID, /v1/openapi.json";
constexpr char kCsv[] = "text/csv; charset=utf-8; header=present";
constexpr char kCsvName[] = "foreninger.csv";

// What the hub calls what is asked here.
constexpr std::array<ParameterName, 10> kNames = {{{"query", "q"},
                                                   {"themes", "theme"},
                                                   {"audiences", "audience"},
                                                   {"language_codes", "language"},
                                                   {"areas", "area"},
                                                   {"activities", "activity"},
                                                   {"weekdays", "weekday"},
                                                   {"min_capacity", "capacity"},
                                                   {"updated_since_date", "updated_since"},
                                                   {"municipality_codes", "municipality"}}};

void AnswerPage(CallersDoor& door, const Parameters& asked, const std::shared_ptr<Visit>& visit) {
  const auto criteria = ToCriteria(asked);
  if (!criteria.ok()) return visit->Refuse(criteria.status());
  discovery::v1::FindPartnersRequest request;
  *request.mutable_criteria() = *criteria;
  request.set_page_size(asked.Number("page_size", 0));
  request.set_page_token(asked.Text("page_token"));
  door.client().Find(visit->caller(), request,
                     [visit](absl::StatusOr<discovery::v1::FindPartnersResponse> page) {
                       if (!page.ok())
                         return visit->Refuse(NamingParameters(page.status(), kNames));
                       visit->Tell(kJsonType, TextOf(ToPartnersJson(*page)));
                     });
}

void AnswerTable(CallersDoor& door, const Parameters& asked, const std::shared_ptr<Visit>& visit) {
  const auto criteria = ToCriteria(asked);
  if (!criteria.ok()) return visit->Refuse(criteria.status());
  door.lists().Get(
      visit->caller(), *criteria, false, [visit](const absl::StatusOr<PartnerLists::List>& list) {
        if (!list.ok()) return visit->Refuse(NamingParameters(list.status(), kNames));
        const PartnerList& all = **list;
        const auto row = [&](std::size_t i) { return exchange::ToTableRow(all.At(i)); };
        visit->Tell(kCsv, exchange::AssociationsAsCsv(all.size(), row), kCsvName);
      });
}

void AnswerOne(CallersDoor& door, const std::string& id, const std::shared_ptr<Visit>& visit) {
  door.client().Get(visit->caller(), id,
                    [visit](absl::StatusOr<discovery::v1::GetPartnerResponse> answer) {
                      if (!answer.ok()) return visit->Refuse(answer.status());
                      visit->Tell(kJsonType, TextOf(ToPartnerJson(answer->partner())));
                    });
}

const std::vector<Endpoint>& Endpoints() {
  static const std::vector<Endpoint> kEndpoints = {
      {"/v1/partners", "Associations that may be asked to work together, page by page.",
       PartnerRules(), ""},
      {"/v1/partners.csv", "All of them as a table with Danish headings.", PartnerFilterRules(),
       "text/csv"},
      {"/v1/partners/{id}", "One of them.", {}, ""}};
  return kEndpoints;
}

}  // namespace

void AnswerPartners(CallersDoor& door, const Request& request, Respond respond) {
  const std::string& path = request.path;
  if (path == "/v1/openapi.json") {
    const Json document = OpenApiOf("Brobygger: partners", door.public_url(), Endpoints());
    return respond(Public(kJsonType, TextOf(document)));
  }
  const std::string id = path.starts_with(kOne) ? path.substr(kOne.size()) : std::string();
  const bool lists = path == "/v1/partners" || path == "/v1/partners.csv";
  if (!lists && !base::IsUuid(id)) return respond(NoSuchPath(kPaths));
  const auto visit = Visit::Begin(request, door.admission(), std::move(respond));
  if (visit == nullptr) return;
  const bool table = path == "/v1/partners.csv";
  const std::vector<ParameterRule> none;
  const auto& rules = !lists ? none : table ? PartnerFilterRules() : PartnerRules();
  const auto asked = Parameters::Read(request.query, rules);
  if (!asked.ok()) return visit->Refuse(asked.status());
  if (!lists) return AnswerOne(door, id, visit);
  return table ? AnswerTable(door, *asked, visit) : AnswerPage(door, *asked, visit);
}

}  // namespace brobygger::web
