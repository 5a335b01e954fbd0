#include <algorithm>
#include <utility>

#include <absl/strings/ascii.h>

#include "core/base/error.h"
#include "core/exchange/hsds_terms.h"
#include "core/web/hsds_pages.h"
#include "core/web/hsds_routes.h"
#include "core/web/problem.h"

namespace brobygger::web {
namespace {

using exchange::Json;

constexpr int kUsualOnPage = 50;

constexpr char kProfile[] =
    "Brobygger's profile of Open Referral HSDS 3.0\n"
    "\n"
    "An HSDS organization is an association, a service is one of its activities. Only what the key "
    "was granted is told; nothing that was not granted is null, it is not there. There are no "
    "contacts (they are persons), no programs, no funding, no service_at_locations, and nothing "
    "can be written.\n"
    "\n"
    "* description of an organization: its purpose; its name where no purpose is told, since HSDS "
    "asks for one.\n"
    "* locations: a location without an address has the postal district as its name; more of an "
    "address is not told.\n"
    "* attributes: terms of our taxonomies theme, audience and age_band. Codes never change.\n"
    "* languages: BCP 47. schedules: the description is the rule as RFC 5545 writes it "
    "(FREQ=WEEKLY;BYDAY=TH); freq, byday and their like are told beside it where the rule is "
    "weekly "
    "or monthly. Without the weekday, which a key may not be granted, there is no schedule.\n"
    "* last_modified: when the association's record changed. assured_date: the last day on which "
    "any part of it was confirmed.\n"
    "* search finds associations that hold all that is asked; all their services are told. Ended "
    "associations and activities are left out.\n"
    "* The first page of a list is true now. The pages after it come from the same list for as "
    "long as no two minutes pass between them, and ten minutes at most. A page after the last is "
    "an error.\n"
    "* An association that was merged into another answers to its old id with the record it "
    "became.\n";

Json AboutApi(const std::string& url) {
  return {{"version", "3.0"},
          {"profile", url + "/hsds/profile"},
          {"openapi_url", url + "/hsds/openapi.json"}};
}

bool Mentions(const Json& item, const std::string& word) {
  const std::string wanted = absl::AsciiStrToLower(word);
  for (const char* name : {"name", "description"}) {
    const auto text = absl::AsciiStrToLower(item.at(name).get<std::string>());
    if (text.find(wanted) != std::string::npos) return true;
  }
  return false;
}

std::vector<Json> Terms(const Parameters& asked) {
  std::vector<Json> terms;
  // No list of ours has a value below another.
  if (asked.Has("parent_id")) return terms;
  const std::string taxonomy = absl::AsciiStrToLower(asked.Text("taxonomy_id"));
  for (const auto& term : exchange::HsdsTerms()) {
    if (!taxonomy.empty() && exchange::HsdsTaxonomyId(term.taxonomy) != taxonomy) continue;
    terms.push_back(exchange::ToHsdsTerm(term));
  }
  return terms;
}

Response PageOf(std::vector<Json> items, const Parameters& asked) {
  std::erase_if(items, [&](const Json& item) { return !Mentions(item, asked.Text("search")); });
  const auto bounds = BoundsOf(asked, items.size(), kUsualOnPage);
  if (!bounds.ok()) return ToProblem(bounds.status());
  const auto begin = items.begin();
  return Public(kJsonType, PageText(*bounds, {begin + static_cast<std::ptrdiff_t>(bounds->first),
                                              begin + static_cast<std::ptrdiff_t>(bounds->end)}));
}

Response OneOf(const std::vector<Json>& items, const std::string& id) {
  const auto found = std::find_if(items.begin(), items.end(),
                                  [&](const Json& item) { return item.at("id") == id; });
  if (found != items.end()) return Public(kJsonType, TextOf(*found));
  return NoSuchPath("/hsds/taxonomies and /hsds/taxonomy_terms");
}

// `path` is /hsds/taxonomies, /hsds/taxonomy_terms or an item of one of them.
Response Taxonomy(const std::string& path, const Request& request) {
  const bool terms = path.starts_with("/hsds/taxonomy_terms");
  const std::string list = terms ? "/hsds/taxonomy_terms" : "/hsds/taxonomies";
  const bool one = path.size() > list.size();
  const auto asked = Parameters::Read(request.query, HsdsRules(one ? list + "/{id}" : list));
  if (!asked.ok()) return ToProblem(asked.status());
  std::vector<Json> items = terms ? Terms(*asked) : exchange::HsdsTaxonomies();
  return one ? OneOf(items, path.substr(list.size() + 1)) : PageOf(std::move(items), *asked);
}

bool IsTaxonomy(const std::string& path) {
  for (const std::string list : {"/hsds/taxonomies", "/hsds/taxonomy_terms"}) {
    if (path == list || path.starts_with(list + "/")) return true;
  }
  return false;
}

}  // namespace

bool AnswerHsdsAbout(const CallersDoor& door, const Request& request, const Respond& respond) {
  const std::string& path = request.path;
  const bool root = path == "/hsds" || path == "/hsds/";
  const bool page = path == "/hsds/profile" || path == "/hsds/openapi.json";
  if (!root && !page && !IsTaxonomy(path)) return false;
  if (IsTaxonomy(path)) {
    respond(Taxonomy(path, request));
    return true;
  }
  const auto asked = Parameters::Read(request.query, {});
  if (!asked.ok()) {
    respond(ToProblem(asked.status()));
  } else if (root) {
    respond(Public(kJsonType, TextOf(AboutApi(door.public_url()))));
  } else if (path == "/hsds/profile") {
    respond(Public("text/plain; charset=utf-8", kProfile));
  } else {
    respond(Public(kJsonType, TextOf(OpenApiOf("Brobygger: Open Referral HSDS 3.0, read only",
                                               door.public_url(), HsdsEndpoints()))));
  }
  return true;
}

}  // namespace brobygger::web
