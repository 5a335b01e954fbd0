// What others read of an association: absent stays absent, and no text breaks a format.
#include <set>

#include <catch2/catch.hpp>

#include "core/exchange/card.h"
#include "core/exchange/csv_out.h"
#include "core/exchange/giving.h"
#include "core/exchange/hsds.h"
#include "core/exchange/hsds_terms.h"
#include "core/exchange/nested_id.h"
#include "core/exchange/partner.h"
#include "tests/core/exchange/samples.h"

namespace brobygger::exchange {
namespace {

grant::v1::GrantApplication Granted() {
  grant::v1::GrantApplication application;
  application.set_id("tilskud/5010");
  application.set_state(grant::v1::GRANT_STATE_GRANTED);
  application.set_association_id(Full().id());
  application.set_title("Sommerlejr");
  application.set_pool("Fritidspuljen");
  application.set_awarded_ore(3'000'000'000'000'001);
  application.set_decided_date("2026-09-01");
  return application;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a part has the same id each time, and another than its neighbours") {
  CHECK(NestedId(Bare().id(), "phone/0") == NestedId(Bare().id(), "phone/0"));
  CHECK(NestedId(Bare().id(), "phone/0") != NestedId(Bare().id(), "phone/1"));
  CHECK(NestedId("tilskud/1", "x") == NestedId("tilskud/1", "x"));
  // RFC 4122, appendix B, as corrected: the name "www.example.com" within DNS.
  CHECK(NestedId("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com") ==
        "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST_CASE("what a record does not say is not in its HSDS") {
  const Json bare = ToHsds(Bare());
  CHECK(bare.size() == 3);
  CHECK(bare.at("description") == bare.at("name"));
  const Json full = ToHsds(Full());
  for (const char* const part : {"phones", "locations", "services", "organization_identifiers"}) {
    CHECK(full.at(part).size() == 1);
  }
  CHECK_FALSE(full.contains("contacts"));
  CHECK(full.at("legal_status") == "frivillig forening");
  CHECK(ToHsds(Full()).dump() == full.dump());
}

TEST_CASE("an activity is a service with its weekdays, ages, languages and terms") {
  const Json service = ToHsdsService(Full(), Full().activities(0));
  CHECK(service.at("status") == "active");
  CHECK(service.at("minimum_age") == 0);
  CHECK(service.at("maximum_age") == 18);
  CHECK(service.at("fees_description") == "gratis");
  CHECK(service.at("schedules").at(0).at("freq") == "WEEKLY");
  CHECK(service.at("schedules").at(0).at("byday") == "TH");
  CHECK(service.at("languages").at(0).at("code") == "ar");
  CHECK(service.at("attributes").size() == 5);
  CHECK(service.at("organization").at("name") == "Lektiecaféen Nordbyen");

  const Json odd = ToHsdsService(Hostile(), Hostile().activities(0));
  CHECK_FALSE(odd.at("schedules").at(0).contains("freq"));
  CHECK_FALSE(odd.contains("maximum_age"));
  CHECK(odd.at("fees_description") == "123,45 kr.");
  auto written = Full();
  written.mutable_activities(0)->set_recurrence_rule("RRULE:freq=weekly;interval=1;byday=th");
  CHECK(ToHsdsService(written, written.activities(0)).at("schedules").at(0).at("byday") == "TH");
  CHECK(Has(CardText(written, "da", "2026-11-27"), "Hver torsdag"));
}

TEST_CASE("a partner of whom everything was told is the record that it was made of") {
  auto expected = Full();
  // What a caller is never told, and how little of an address.
  expected.clear_legal_form();
  expected.clear_founded_date();
  expected.mutable_addresses(0)->Clear();
  expected.mutable_addresses(0)->set_postal_district("Fjordby");
  expected.mutable_confirmations(0)->clear_section();
  expected.mutable_activities(0)->set_capacity(20);
  expected.mutable_activities(0)->set_open_to_public(true);
  CHECK(ToAssociation(FullPartner()).DebugString() == expected.DebugString());
  CHECK(ToHsdsService(expected, expected.activities(0)).at("assured_date") == "2026-05-04");
}

TEST_CASE("a partner of whom nothing more was told is an id and a name") {
  discovery::v1::Partner partner;
  partner.set_association_id(Bare().id());
  partner.set_official_name("Lektiecaféen Nordbyen");
  auto expected = Bare();
  expected.clear_municipality_code();
  CHECK(ToAssociation(partner).DebugString() == expected.DebugString());
  CHECK(ToHsds(ToAssociation(partner)).size() == 3);
  const auto row = [&](std::size_t) { return ToTableRow(partner); };
  CHECK(AssociationsAsCsv(1, row) ==
        "\xEF\xBB\xBFId;Navn\r\n" + Bare().id() + ";Lektiecaféen Nordbyen\r\n");
  // Activities were not told, but what they are about was: in a table that has no place of its own.
  partner.add_themes(registry::v1::THEME_CULTURE);
  CHECK(Has(AssociationsAsCsv(1, row), ";kultur\r\n"));
  partner.add_places("Biblioteket");
  partner.add_places("Skolen");
  partner.set_capacity(25);
  CHECK(Has(AssociationsAsCsv(1, row), ";kultur;Biblioteket, Skolen;25\r\n"));
  CHECK_FALSE(ToHsds(ToAssociation(partner)).contains("services"));
}

TEST_CASE("a location without an address has the postal district as its HSDS name") {
  const Json locations = ToHsds(ToAssociation(FullPartner())).at("locations");
  CHECK(locations.at(0).at("name") == "Fjordby");
  CHECK_FALSE(locations.at(0).contains("addresses"));
}

TEST_CASE("terms of our lists have ids that are theirs alone, and are found by them") {
  std::set<std::string> ids;
  for (const HsdsTerm& term : HsdsTerms()) {
    const std::string id = HsdsTermId(term);
    ids.insert(id);
    CHECK(FindHsdsTerm(id)->value == term.value);
    CHECK(FindHsdsTaxonomy(HsdsTaxonomyId(term.taxonomy)) == term.taxonomy);
    CHECK(ToHsdsTerm(term).at("id") == id);
  }
  CHECK(ids.size() == HsdsTerms().size());
  CHECK_FALSE(FindHsdsTerm(Bare().id()).has_value());
  CHECK(FindHsdsTaxonomy(Bare().id()).empty());
  // Others may have kept it.
  CHECK(HsdsTermId({"theme", registry::v1::Theme_descriptor(), registry::v1::THEME_CULTURE}) ==
        NestedId("brobygger", "THEME_CULTURE"));
}

TEST_CASE("a page says where it stands") {
  const Json empty = ToHsdsPage({.total = 0, .number = 1, .size = 50}, {});
  CHECK(empty.at("total_pages") == 1);
  CHECK(empty.at("first_page") == true);
  CHECK(empty.at("last_page") == true);
  CHECK(empty.at("empty") == true);
  CHECK(empty.at("contents").is_array());
  const Json second = ToHsdsPage({.total = 101, .number = 2, .size = 50}, {Json::object()});
  CHECK(second.at("total_pages") == 3);
  CHECK(second.at("first_page") == false);
  CHECK(second.at("last_page") == false);
  CHECK(second.at("size") == 1);
}

TEST_CASE("a table has a column only where somebody says something") {
  CHECK(AssociationsAsCsv({Bare()}) ==
        "\xEF\xBB\xBFId;Navn;Kommune\r\n"
        "0b6f3f0e-8a1c-4a57-9d0f-7f1d2f6c1a01;Lektiecaféen Nordbyen;0998\r\n");
  const std::string both = AssociationsAsCsv({Full(), Bare()});
  CHECK(Has(both, "CVR-nummer;Status"));
  CHECK(Has(both, ";Sprog;Ugedage;Steder;"));
  CHECK(Has(both, ";torsdag;"));
  CHECK(Has(both, "børn, unge"));
  CHECK(Has(both, "+4510550265"));
  CHECK(AssociationsAsCsv({}) == "\xEF\xBB\xBF\r\n");
}

TEST_CASE("no cell of a table is a formula or breaks its line") {
  const std::string csv = AssociationsAsCsv({Hostile()});
  CHECK(Has(csv, ";\"'=HYPERLINK(\"\"http://x.example\"\") <script>"));
  CHECK(Has(csv, ";'@SUM(A1);"));
  CHECK(Has(csv, ";'-10550265;"));
  CHECK(Has(csv, "\"a;b\r\n\"\"c\"\"\""));
}

TEST_CASE("a card says what the association does, when, and how to reach it") {
  const std::string card = CardText(Full(), "da", "2026-11-27");
  CHECK(Has(card, "Lektiecaféen Nordbyen\naktiv · CVR 99100265 · Nordbyen\n"));
  CHECK(Has(card, "Det laver vi: Lektiecafé\n  Hjælp til lektier\n  Hver torsdag\n"));
  CHECK(Has(card, "  Pris: gratis\n"));
  CHECK(Has(card, "  Nordre Kaj 7, st. tv., 9998 Fjordby\n"));
  auto renumbered = Full();
  renumbered.mutable_identifiers(0)->mutable_valid()->set_to_date("2025-12-31");
  CHECK_FALSE(Has(CardText(renumbered, "da", "2026-11-27"), "99100265"));
  auto in_one = Full();
  in_one.mutable_addresses(0)->set_street("Søndre Kaj 29");
  in_one.mutable_addresses(0)->clear_house_number();
  in_one.mutable_addresses(0)->clear_floor_and_door();
  CHECK(Has(CardText(in_one, "da", "2026-11-27"), "  Søndre Kaj 29, 9998 Fjordby\n"));
  CHECK(Has(CardText(Full(), "en", "2026-11-27"), "Every Thursday"));
  CHECK(CardText(Bare(), "da", "2026-11-27") ==
        "Lektiecaféen Nordbyen\n\nFra den fælles foreningsliste, 2026-11-27.\n");
}

TEST_CASE("a card's page shows texts as they are, and runs nothing") {
  const std::string page = CardHtml(Hostile(), "da", "2026-11-27");
  CHECK_FALSE(Has(page, "<script"));
  CHECK_FALSE(Has(page, "<img"));
  CHECK(Has(page, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; جمعية"));
  CHECK(Has(page, "<html lang=\"da\">"));
}

TEST_CASE("what was granted is told to the øre, and what was not is not told") {
  const Publisher publisher{"360G-fjordby", "DK-CVR-99000998", "Fjordby Kommune"};
  REQUIRE(IsGiven(Granted()));
  const std::string text = To360Giving(publisher, {{Granted(), Full(), "Kultur"}}).dump();
  CHECK(Has(text, "\"amountAwarded\":30000000000000.01"));
  CHECK(Has(text, "\"id\":\"DK-CVR-99100265\""));
  CHECK_FALSE(Has(text, "amountAppliedFor"));
  const std::string unregistered = To360Giving(publisher, {{Granted(), Bare(), ""}}).dump();
  CHECK(Has(unregistered, "\"id\":\"360G-fjordby-" + Bare().id() + "\""));

  auto refused = Granted();
  refused.set_state(grant::v1::GRANT_STATE_REFUSED);
  CHECK_FALSE(IsGiven(refused));
  auto unknown = Granted();
  unknown.clear_association_id();
  CHECK_FALSE(IsGiven(unknown));
  auto undecided = Granted();
  undecided.clear_decided_date();
  CHECK_FALSE(IsGiven(undecided));
}

}  // namespace brobygger::exchange
