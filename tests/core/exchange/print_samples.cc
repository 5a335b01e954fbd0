// Prints texts of ours, one JSON object a line with the schema it should fit, for a reader that
// knows the published schemas.
#include <iostream>

#include "core/exchange/giving.h"
#include "core/exchange/hsds.h"
#include "core/exchange/hsds_terms.h"
#include "core/exchange/partner.h"
#include "tests/core/exchange/samples.h"

namespace brobygger::exchange {
namespace {

void Print(const char* schema, const Json& value) {
  std::cout << Json{{"schema", schema}, {"value", value}}.dump() << "\n";
}

}  // namespace

void PrintAll() {
  std::vector<GivenGrant> grants;
  for (const auto& association : {Bare(), Full(), Hostile(), ToAssociation(FullPartner())}) {
    Print("organization", ToHsds(association));
    Print("organization_list", ToHsdsListed(association));
    for (const auto& activity : association.activities()) {
      Print("service", ToHsdsService(association, activity));
      Print("service_list", ToHsdsListedService(association, activity));
    }
    grant::v1::GrantApplication application;
    application.set_id("tilskud/" + std::to_string(grants.size()));
    application.set_title(association.official_name());
    application.set_pool("Fritidspuljen");
    application.set_applied_ore(1'250'050);
    application.set_awarded_ore(1'000'000);
    application.set_decided_date("2026-09-01");
    application.mutable_period()->set_from_date("2026-10-01");
    application.mutable_update_time()->set_seconds(1'780'000'000);
    grants.push_back({application, association, "Kultur og Fritid"});
  }
  for (const auto& term : HsdsTerms()) Print("taxonomy_term", ToHsdsTerm(term));
  for (const auto& taxonomy : HsdsTaxonomies()) Print("taxonomy", taxonomy);
  Print("360-giving-package-schema",
        To360Giving({"360G-fjordby", "DK-CVR-99000998", "Fjordby Kommune"}, grants));
}

}  // namespace brobygger::exchange

int main() { brobygger::exchange::PrintAll(); }
