#include "core/model/validate.h"

#include <functional>
#include <string>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/model/fields.h"

namespace brobygger::model {
namespace {

using registry::v1::AssociationRelation;
using registry::v1::Department;

Association Valid() {
  Association association;
  association.set_official_name("Fjordby Folkedans");
  association.set_municipality_code("0615");
  return association;
}

std::string Repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

using Change = std::function<void(Association&)>;

// A change, and the reason and the field that its refusal names.
struct Refusal {
  std::string field;
  Change change;
  base::ErrorReason reason = errors::v1::ERROR_REASON_FIELD_INVALID;
};

void CheckRefused(const Refusal& refusal) {
  CAPTURE(refusal.field);
  Association association = Valid();
  refusal.change(association);
  const auto status = NormalizeAndCheck(association);
  CAPTURE(status.message());
  CHECK(base::ReasonOf(status) == refusal.reason);
  CHECK(base::ErrorMetadata(status, "field") == refusal.field);
}

TEST_CASE("a record with a name and a home is in order, and stays so") {
  Association association = Valid();
  REQUIRE(NormalizeAndCheck(association).ok());
  const std::string once = association.SerializeAsString();
  REQUIRE(NormalizeAndCheck(association).ok());
  CHECK(association.SerializeAsString() == once);
  CHECK(once == Valid().SerializeAsString());
}

TEST_CASE("texts are brought into normal form") {
  Association association = Valid();
  association.set_official_name("  Fjordby\t  Folkedans\n");
  (*association.mutable_purpose()->mutable_by_language())["DA"] = " a\r\n\r\nb \t c ";
  (*association.mutable_purpose()->mutable_by_language())["en"] = "  ";
  association.set_coverage_area("A\xCC\x8A");
  REQUIRE(NormalizeAndCheck(association).ok());
  CHECK(association.official_name() == "Fjordby Folkedans");
  CHECK(association.coverage_area() == "\xC3\x85");
  REQUIRE(association.purpose().by_language_size() == 1);
  CHECK(association.purpose().by_language().at("da") == "a\n\nb c");
}

TEST_CASE("ways to reach an association are brought into normal form") {
  Association association = Valid();
  for (const char* phone :
       {"20 10 10 12", "+45 20101012", "0045-20101012", "4520101012", "", "+46 8 123 456 78"}) {
    association.add_phones(phone);
  }
  for (const char* email : {" Info@Eksempel.DK ", "Info@eksempel.dk"}) {
    association.add_emails(email);
  }
  for (const char* url : {"Eksempel.dk/Dans", "HTTP://WWW.eksempel.dk", "https://a.dk:8080/?q=1"}) {
    association.add_websites(url);
  }
  for (const char* language : {"DA", "kmr", "zh-hant-tw", "da"}) {
    association.add_language_codes(language);
  }
  auto* address = association.add_addresses();
  address->set_postal_code("800");
  address->set_municipality_code("615");
  REQUIRE(NormalizeAndCheck(association).ok());
  CHECK(FieldText(association, "phones").value_or("") == R"(["+4520101012","+46812345678"])");
  CHECK(FieldText(association, "emails").value_or("") == R"(["Info@eksempel.dk"])");
  CHECK(FieldText(association, "websites").value_or("") ==
        R"(["https://eksempel.dk/Dans","http://www.eksempel.dk","https://a.dk:8080/?q=1"])");
  CHECK(FieldText(association, "language_codes").value_or("") == R"(["da","kmr","zh-Hant-TW"])");
  CHECK(address->postal_code() == "0800");
  CHECK(address->municipality_code() == "0615");
}

TEST_CASE("lengths count code points") {
  Association association = Valid();
  association.set_official_name(Repeat("\xC3\xA6", 200));
  CHECK(NormalizeAndCheck(association).ok());
  association.set_official_name(Repeat("\xC3\xA6", 201));
  const auto status = NormalizeAndCheck(association);
  CHECK(base::ErrorMetadata(status, "field") == "official_name");
  CHECK(base::ErrorMetadata(status, "limit") == "200");
}

TEST_CASE("broken names and texts are refused by field") {
  const Refusal refusals[] = {
      {"official_name", [](auto& a) { a.set_official_name(" \n "); }},
      {"official_name",
       [](auto& a) {
         a.set_official_name(
             "a\x01"
             "b");
       }},
      {"official_name", [](auto& a) { a.set_official_name("a\x7F"); }},
      {"official_name", [](auto& a) { a.set_official_name("\xC3\x28"); }},
      {"official_name", [](auto& a) { a.set_official_name("\xED\xA0\x80"); }},
      {"other_names[0].text", [](auto& a) { a.add_other_names(); }},
      {"other_names[0].language_code",
       [](auto& a) {
         a.add_other_names()->set_text("x");
         a.mutable_other_names(0)->set_language_code("danish!");
       }},
      {"purpose.da",
       [](auto& a) { (*a.mutable_purpose()->mutable_by_language())["da"] = Repeat("x", 2001); }},
      {"purpose", [](auto& a) { (*a.mutable_purpose()->mutable_by_language())["d"] = "x"; }},
      {"purpose", [](auto& a) { (*a.mutable_purpose()->mutable_by_language())[""] = "x"; }},
      {"coverage_area", [](auto& a) { a.set_coverage_area(Repeat("x", 201)); }},
  };
  for (const Refusal& refusal : refusals) CheckRefused(refusal);
}

TEST_CASE("broken places, dates and contacts are refused by field") {
  const Refusal refusals[] = {
      {"municipality_code", [](auto& a) { a.clear_municipality_code(); }},
      {"municipality_code", [](auto& a) { a.set_municipality_code("9999"); }},
      {"coverage_municipality_codes[1]",
       [](auto& a) {
         a.add_coverage_municipality_codes("0751");
         a.add_coverage_municipality_codes("Horsens");
       }},
      {"founded_date", [](auto& a) { a.set_founded_date("2023-02-29"); }},
      {"founded_date", [](auto& a) { a.set_founded_date("01-02-2023"); }},
      {"dissolved_date",
       [](auto& a) {
         a.set_founded_date("2023-02-02");
         a.set_dissolved_date("2023-02-01");
       }},
      {"addresses[0]", [](auto& a) { a.add_addresses(); }},
      {"addresses[0].postal_code", [](auto& a) { a.add_addresses()->set_postal_code("87000"); }},
      {"addresses[0].dar_id", [](auto& a) { a.add_addresses()->set_dar_id("x"); }},
      {"phones[0]", [](auto& a) { a.add_phones("112"); }},
      {"phones[0]", [](auto& a) { a.add_phones("ring til formanden"); }},
      {"phones[0]", [](auto& a) { a.add_phones("+4501010112"); }},
      {"emails[0]", [](auto& a) { a.add_emails("eksempel.dk"); }},
      {"emails[0]", [](auto& a) { a.add_emails("a b@eksempel.dk"); }},
      {"websites[0]", [](auto& a) { a.add_websites("javascript://eksempel.dk/"); }},
      {"websites[0]", [](auto& a) { a.add_websites("ingen hjemmeside"); }},
      {"language_codes[0]", [](auto& a) { a.add_language_codes("kurdisk"); }},
      {"phones",
       [](auto& a) {
         for (int i = 0; i < 501; ++i) a.add_phones("20101012");
       }},
  };
  for (const Refusal& refusal : refusals) CheckRefused(refusal);
}

TEST_CASE("broken parts of the profile are refused by field") {
  const Refusal refusals[] = {
      {"activities[0].id", [](auto& a) { a.add_activities()->set_title("x"); }},
      {"activities[1]",
       [](auto& a) {
         for (const char* title : {"x", "y"}) {
           a.add_activities()->set_id("1");
           a.mutable_activities(a.activities_size() - 1)->set_title(title);
         }
       }},
      {"activities[0].capacity",
       [](auto& a) {
         a.add_activities()->set_id("1");
         a.mutable_activities(0)->set_title("x");
         a.mutable_activities(0)->set_capacity(-1);
       }},
      {"activities[0].themes[0]",
       [](auto& a) {
         a.add_activities()->set_id("1");
         a.mutable_activities(0)->add_themes(static_cast<registry::v1::Theme>(99));
       }},
      {"status", [](auto& a) { a.set_status(static_cast<registry::v1::AssociationStatus>(77)); }},
      {"resource_statements[0].year", [](auto& a) { a.add_resource_statements(); }},
      {"resource_statements[0].members_paying",
       [](auto& a) {
         a.add_resource_statements()->set_year(2025);
         a.mutable_resource_statements(0)->set_members_total(5);
         a.mutable_resource_statements(0)->set_members_paying(6);
       }},
      {"resource_statements[0].members_under_25",
       [](auto& a) {
         a.add_resource_statements()->set_year(2025);
         a.mutable_resource_statements(0)->set_members_total(0);
         a.mutable_resource_statements(0)->set_members_under_25(1);
       }},
      {"resource_statements[1]",
       [](auto& a) {
         a.add_resource_statements()->set_year(2025);
         a.add_resource_statements()->set_year(2025);
         a.mutable_resource_statements(1)->set_board_size(5);
       }},
      {"resource_statements[0].premises[0].kind",
       [](auto& a) {
         a.add_resource_statements()->set_year(2025);
         a.mutable_resource_statements(0)->add_premises();
       }},
      {"board_seats[0].role", [](auto& a) { a.add_board_seats()->set_id("1"); }},
      {"work_groups[0].title", [](auto& a) { a.add_work_groups()->set_id("1"); }},
      {"minority", [](auto& a) { a.mutable_minority()->set_is_minority_association(true); }},
      {"collaboration_interests[0].level",
       [](auto& a) {
         a.add_collaboration_interests()->set_perspective(registry::v1::PERSPECTIVE_ASSOCIATION);
         a.mutable_collaboration_interests(0)->set_level(5);
       }},
      {"collaboration_interests[0].perspective", [](auto& a) { a.add_collaboration_interests(); }},
      {"approvals[0].decision",
       [](auto& a) {
         a.add_approvals()->set_act("folkeoplysningsloven");
         a.mutable_approvals(0)->set_decision("maybe");
       }},
      {"confirmations[0].section", [](auto& a) { a.add_confirmations(); }},
      {"statutes.document_url", [](auto& a) { a.mutable_statutes()->set_document_url("x"); }},
      {"digital_readiness.as_of_date",
       [](auto& a) { a.mutable_digital_readiness()->set_as_of_date("2025-13-01"); }},
  };
  for (const Refusal& refusal : refusals) CheckRefused(refusal);
}

TEST_CASE("identifiers are normalised, and each scheme has one in use") {
  Association association = Valid();
  auto* first = association.add_identifiers();
  first->set_scheme("DK-CVR");
  first->set_value("DK 36 72 99 29");
  first->mutable_valid()->set_to_date("2020-01-01");
  auto* second = association.add_identifiers();
  second->set_scheme("DK-CVR");
  second->set_value("25052943");
  REQUIRE(NormalizeAndCheck(association).ok());
  CHECK(association.identifiers(0).value() == "36729929");

  association.mutable_identifiers(0)->clear_valid();
  CHECK(base::ErrorMetadata(NormalizeAndCheck(association), "field") == "identifiers");
  association.mutable_identifiers(0)->set_value("25052943");
  CHECK(NormalizeAndCheck(association).ok());
  CHECK(association.identifiers_size() == 1);
  association.mutable_identifiers(0)->set_value("12345678");
  const auto status = NormalizeAndCheck(association);
  CHECK(base::ReasonOf(status) == errors::v1::ERROR_REASON_IDENTIFIER_INVALID);
  CHECK(base::ErrorMetadata(status, "scheme") == "DK-CVR");
}

TEST_CASE("a CPR number is refused in whatever text it stands") {
  const std::string cpr = "ring 250257-1234";
  const auto refused = errors::v1::ERROR_REASON_CPR_REFUSED;
  const Refusal refusals[] = {
      {"official_name", [&](auto& a) { a.set_official_name(cpr); }, refused},
      {"phones[0]", [&](auto& a) { a.add_phones("2502571234"); }, refused},
      {"purpose.da", [&](auto& a) { (*a.mutable_purpose()->mutable_by_language())["da"] = cpr; },
       refused},
      {"other_names[0].text", [&](auto& a) { a.add_other_names()->set_text(cpr); }, refused},
      {"identifiers.SBSYS",
       [&](auto& a) {
         a.add_identifiers()->set_scheme("SBSYS");
         a.mutable_identifiers(0)->set_value("2502571234");
       },
       refused},
      {"activities[0].description.en",
       [&](auto& a) {
         (*a.add_activities()->mutable_description()->mutable_by_language())["en"] = cpr;
       },
       refused},
      {"resource_statements[0].premises[0].needs",
       [&](auto& a) { a.add_resource_statements()->add_premises()->set_needs(cpr); }, refused},
      {"resource_statements[0].premises[0].address.street",
       [&](auto& a) {
         a.add_resource_statements()->add_premises()->mutable_address()->set_street(cpr);
       },
       refused},
      {"provenance[0].other_values.official_name",
       [&](auto& a) { (*a.add_provenance()->mutable_other_values())["official_name"] = cpr; },
       refused},
      {"provenance[0].external_id",
       [&](auto& a) { a.add_provenance()->set_external_id("2502571234"); }, refused},
  };
  for (const Refusal& refusal : refusals) {
    CheckRefused(refusal);
    Association association = Valid();
    refusal.change(association);
    const auto status = NormalizeAndCheck(association);
    CHECK(std::string(status.message()).find("250257") == std::string::npos);
  }
}

TEST_CASE("a UUID that happens to hold a date is no CPR number") {
  Association association = Valid();
  association.set_id("00000000-0000-4000-8000-a0101901234b");
  CHECK(NormalizeAndCheck(association).ok());
}

TEST_CASE("repetitions in lists are dropped") {
  Association association = Valid();
  for (const char* spelling : {"FD ", " FD"}) association.add_other_names()->set_text(spelling);
  association.add_activities()->set_id("1");
  association.mutable_activities(0)->set_title("x");
  for (int i = 0; i < 2; ++i) {
    association.mutable_activities(0)->add_themes(registry::v1::THEME_CULTURE);
  }
  REQUIRE(NormalizeAndCheck(association).ok());
  CHECK(association.other_names_size() == 1);
  CHECK(association.activities(0).themes_size() == 1);
}

TEST_CASE("departments have a home, a name and a mailbox") {
  Department department;
  department.set_municipality_code("615");
  department.set_official_name(" Kultur og Fritid ");
  department.set_contact_email("kultur@FJORDBY.example");
  REQUIRE(NormalizeAndCheck(department).ok());
  CHECK(department.official_name() == "Kultur og Fritid");
  CHECK(department.municipality_code() == "0615");
  CHECK(department.contact_email() == "kultur@fjordby.example");
  department.set_parent_department_id("not a uuid");
  CHECK(base::ErrorMetadata(NormalizeAndCheck(department), "field") == "parent_department_id");
}

TEST_CASE("a relation joins two different associations in a known way") {
  AssociationRelation relation;
  relation.set_from_association_id("00000000-0000-4000-8000-000000000001");
  relation.set_to_association_id("00000000-0000-4000-8000-000000000002");
  CHECK(base::ErrorMetadata(NormalizeAndCheck(relation), "field") == "kind");
  relation.set_kind(AssociationRelation::KIND_BRANCH_OF);
  CHECK(NormalizeAndCheck(relation).ok());
  relation.mutable_valid()->set_from_date("2025-01-02");
  relation.mutable_valid()->set_to_date("2025-01-01");
  CHECK(base::ErrorMetadata(NormalizeAndCheck(relation), "field") == "valid.to_date");
  relation.clear_valid();
  relation.set_to_association_id(relation.from_association_id());
  CHECK(base::ErrorMetadata(NormalizeAndCheck(relation), "field") == "to_association_id");
}

}  // namespace
}  // namespace brobygger::model
