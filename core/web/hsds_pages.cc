#include "core/web/hsds_pages.h"

#include <algorithm>
#include <array>

#include <absl/strings/str_cat.h>

#include "core/base/error.h"
#include "core/web/problem.h"

namespace brobygger::web {
namespace {

constexpr int kMostPages = 1'000'000;
constexpr int kMostOnPage = 500;
// HSDS asks that a list of ids and times stand on one page.
constexpr int kMostOnMinimalPage = 10'000;

constexpr char kSchemaPlace[] =
    "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/";

ParameterRule Search() {
  return {"search", ParameterKind::kText, "Words, as in core/search; all associations they find."};
}
ParameterRule Page() {
  return {"page", ParameterKind::kNumber, "Which page, from 1.", 1, kMostPages};
}
ParameterRule PerPage(int most) {
  return {"per_page", ParameterKind::kNumber, "How many on a page; usually 50.", 1, most};
}
ParameterRule Format() { return {"format", ParameterKind::kJson, "Only json."}; }
ParameterRule Full(const char* about) { return {"full", ParameterKind::kFlag, about}; }
ParameterRule FullService() {
  return {"full_service", ParameterKind::kFlag, "With all of each service."};
}
ParameterRule TaxonomyRule(const char* about) { return {"taxonomy_id", ParameterKind::kId, about}; }

std::vector<Endpoint> MakeEndpoints() {
  const std::string compiled = std::string(kSchemaPlace) + "compiled/";
  const std::string plain = kSchemaPlace;
  return {
      {"/hsds/", "What this API is.", {}, "", false, false},
      {"/hsds/organizations",
       "Associations, as HSDS organizations.",
       {Search(), Full("With all that is nested."), FullService(), Page(), PerPage(kMostOnPage),
        Format()},
       compiled + "organization_list.json",
       true},
      {"/hsds/organizations/{id}",
       "One of them, with all that is nested.",
       {FullService()},
       compiled + "organization.json"},
      {"/hsds/services",
       "Their activities, as HSDS services.",
       {Search(),
        Page(),
        PerPage(kMostOnMinimalPage),
        Format(),
        {"taxonomy_term_id", ParameterKind::kId, "With this term; /hsds/taxonomy_terms."},
        TaxonomyRule("With any term of this taxonomy."),
        {"organization_id", ParameterKind::kId, "Of this HSDS organization."},
        {"modified_after", ParameterKind::kInstant, "Changed at this moment or later."},
        {"minimal", ParameterKind::kFlag, "Only id and last_modified; up to 10,000 on a page."},
        Full("With all that is nested.")},
       compiled + "service_list.json",
       true},
      {"/hsds/services/{id}",
       "One of them, with all that is nested.",
       {},
       compiled + "service.json"},
      {"/hsds/taxonomies",
       "Our lists.",
       {Search(), Page(), PerPage(kMostOnPage), Format()},
       plain + "taxonomy.json",
       true,
       false},
      {"/hsds/taxonomies/{id}", "One of them.", {}, plain + "taxonomy.json", false, false},
      {"/hsds/taxonomy_terms",
       "The values of our lists.",
       {Search(),
        Page(),
        PerPage(kMostOnPage),
        Format(),
        TaxonomyRule("Of this taxonomy."),
        {"top_only", ParameterKind::kFlag, "Those without a term below them: all are."},
        {"parent_id", ParameterKind::kId, "Below this term: none is."}},
       plain + "taxonomy_term.json",
       true,
       false},
      {"/hsds/taxonomy_terms/{id}", "One of them.", {}, plain + "taxonomy_term.json", false, false},
  };
}

}  // namespace

absl::Status NamingHsdsParameters(const absl::Status& status) {
  static constexpr std::array<ParameterName, 4> kNames = {
      {{"query", "search"},
       {"themes", "taxonomy_term_id"},
       {"audiences", "taxonomy_term_id"},
       {"updated_since_date", "modified_after"}}};
  return NamingParameters(status, kNames);
}

const std::vector<Endpoint>& HsdsEndpoints() {
  static const std::vector<Endpoint> kEndpoints = MakeEndpoints();
  return kEndpoints;
}

const std::vector<ParameterRule>& HsdsRules(const std::string& path) {
  static const std::vector<ParameterRule> kNone;
  const auto& all = HsdsEndpoints();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Endpoint& each) { return each.path == path; });
  return found == all.end() ? kNone : found->rules;
}

absl::StatusOr<PageBounds> BoundsOf(const Parameters& asked, std::size_t total, int usual_size) {
  PageBounds bounds{.number = asked.Number("page", 1),
                    .size = asked.Number("per_page", usual_size)};
  const auto size = static_cast<std::size_t>(bounds.size);
  const std::size_t pages = std::max<std::size_t>((total + size - 1) / size, 1);
  if (static_cast<std::size_t>(bounds.number) > pages) {
    const std::string allowed = pages == 1 ? "1" : absl::StrCat("1 to ", pages);
    return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                           absl::StrCat("there is no page ", bounds.number, "; with ", bounds.size,
                                        " on a page there is ", allowed),
                           {{"field", "page"}, {"allowed", allowed}});
  }
  bounds.total = total;
  bounds.first = (static_cast<std::size_t>(bounds.number) - 1) * size;
  bounds.end = std::min(bounds.first + size, total);
  return bounds;
}

std::string PageText(const PageBounds& bounds, std::vector<exchange::Json> contents) {
  return TextOf(exchange::ToHsdsPage({.total = static_cast<std::int64_t>(bounds.total),
                                      .number = bounds.number,
                                      .size = bounds.size},
                                     std::move(contents)));
}

}  // namespace brobygger::web
