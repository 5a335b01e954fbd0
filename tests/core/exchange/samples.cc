#include "tests/core/exchange/samples.h"

namespace brobygger::exchange {

using registry::v1::Association;

Association Bare() {
  Association association;
  association.set_id("0b6f3f0e-8a1c-4a57-9d0f-7f1d2f6c1a01");
  association.set_official_name("Lektiecaféen Nordbyen");
  association.set_municipality_code("0998");
  return association;
}

Association Full() {
  Association association = Bare();
  auto& identifier = *association.add_identifiers();
  identifier.set_scheme("DK-CVR");
  identifier.set_value("99100265");
  association.add_other_names()->set_text("Nordbyens Lektiehjælp");
  (*association.mutable_purpose()->mutable_by_language())["da"] = "Lektiehjælp til børn og unge";
  (*association.mutable_purpose()->mutable_by_language())["en"] = "Homework help";
  association.set_status(registry::v1::ASSOCIATION_STATUS_ACTIVE);
  association.set_legal_form(registry::v1::LEGAL_FORM_VOLUNTARY_ASSOCIATION);
  association.set_founded_date("2016-03-01");
  association.set_coverage_area("Nordbyen");
  auto& address = *association.add_addresses();
  address.set_street("Nordre Kaj");
  address.set_house_number("7");
  address.set_floor_and_door("st. tv.");
  address.set_postal_code("9998");
  address.set_postal_district("Fjordby");
  association.add_phones("+4510550265");
  association.add_emails("kontakt@lektiecafe-nordbyen.example");
  association.add_websites("https://lektiecafe-nordbyen.example");
  association.add_language_codes("da");
  association.add_language_codes("ar");
  association.mutable_update_time()->set_seconds(1'780'000'000);
  auto& confirmation = *association.add_confirmations();
  confirmation.set_section("contact");
  confirmation.set_date("2026-05-04");
  auto& activity = *association.add_activities();
  activity.set_id("5d3e7a42-2b44-4b8e-8f62-6d6f3c1b0d11");
  activity.set_title("Lektiecafé");
  (*activity.mutable_description()->mutable_by_language())["da"] = "Hjælp til lektier";
  activity.add_themes(registry::v1::THEME_SCHOOL_AND_HOMEWORK);
  activity.add_audiences(registry::v1::AUDIENCE_CHILDREN);
  activity.add_audiences(registry::v1::AUDIENCE_YOUTH);
  activity.add_age_bands(registry::v1::AGE_BAND_0_12);
  activity.add_age_bands(registry::v1::AGE_BAND_13_18);
  activity.add_language_codes("ar");
  activity.set_recurrence_rule("FREQ=WEEKLY;BYDAY=TH");
  activity.set_place("Biblioteket");
  activity.set_price_oere(0);
  activity.set_status(registry::v1::ACTIVITY_STATUS_ACTIVE);
  return association;
}

Association Hostile() {
  Association association = Full();
  association.set_official_name(
      "=HYPERLINK(\"http://x.example\") <script>alert('x')</script> & جمعية");
  association.mutable_purpose()->clear_by_language();
  (*association.mutable_purpose()->mutable_by_language())["so"] = "a;b\r\n\"c\"";
  association.set_coverage_area("@SUM(A1)");
  association.set_phones(0, "-10550265");
  auto& activity = *association.mutable_activities(0);
  activity.set_id("aktivitet-7");
  activity.set_recurrence_rule("FREQ=DAILY;X;=;;BYDAY=");
  activity.set_title("\"><img src=x>");
  activity.set_price_oere(12'345);
  activity.add_age_bands(registry::v1::AGE_BAND_65_PLUS);
  return association;
}

discovery::v1::Partner FullPartner() {
  const Association full = Full();
  discovery::v1::Partner partner;
  partner.set_association_id(full.id());
  partner.set_official_name(full.official_name());
  *partner.mutable_other_names() = full.other_names();
  partner.set_municipality_code(full.municipality_code());
  partner.set_status(full.status());
  *partner.mutable_purpose() = full.purpose();
  partner.set_area(full.coverage_area());
  partner.add_postal_districts("Fjordby");
  partner.add_themes(registry::v1::THEME_SCHOOL_AND_HOMEWORK);
  partner.add_audiences(registry::v1::AUDIENCE_CHILDREN);
  *partner.mutable_language_codes() = full.language_codes();
  auto& activity = *partner.add_activities();
  activity.set_id(full.activities(0).id());
  activity.set_title(full.activities(0).title());
  *activity.mutable_description() = full.activities(0).description();
  *activity.mutable_themes() = full.activities(0).themes();
  *activity.mutable_audiences() = full.activities(0).audiences();
  *activity.mutable_age_bands() = full.activities(0).age_bands();
  *activity.mutable_language_codes() = full.activities(0).language_codes();
  activity.set_recurrence_rule(full.activities(0).recurrence_rule());
  activity.set_place(full.activities(0).place());
  activity.set_price_oere(0);
  activity.set_capacity(20);
  activity.set_open_to_public(true);
  activity.set_status(full.activities(0).status());
  partner.set_capacity(20);
  partner.set_last_confirmed_date("2026-05-04");
  *partner.mutable_update_time() = full.update_time();
  *partner.mutable_identifiers() = full.identifiers();
  *partner.mutable_contact()->mutable_emails() = full.emails();
  *partner.mutable_contact()->mutable_phones() = full.phones();
  *partner.mutable_contact()->mutable_websites() = full.websites();
  partner.add_reasons()->set_asked("lektier");
  return partner;
}

}  // namespace brobygger::exchange
