#include "core/exchange/partner.h"

namespace brobygger::exchange {
namespace {

using discovery::v1::Partner;
using discovery::v1::PartnerActivity;
using registry::v1::Activity;
using registry::v1::Association;

Activity ToActivity(const PartnerActivity& told) {
  Activity activity;
  activity.set_id(told.id());
  activity.set_title(told.title());
  if (told.has_description()) *activity.mutable_description() = told.description();
  *activity.mutable_themes() = told.themes();
  *activity.mutable_audiences() = told.audiences();
  *activity.mutable_age_bands() = told.age_bands();
  *activity.mutable_language_codes() = told.language_codes();
  activity.set_recurrence_rule(told.recurrence_rule());
  activity.set_place(told.place());
  if (told.has_price_oere()) activity.set_price_oere(told.price_oere());
  if (told.has_open_to_public()) activity.set_open_to_public(told.open_to_public());
  if (told.has_capacity()) activity.set_capacity(told.capacity());
  activity.set_status(told.status());
  return activity;
}

}  // namespace

Association ToAssociation(const Partner& partner) {
  Association association;
  association.set_id(partner.association_id());
  association.set_official_name(partner.official_name());
  *association.mutable_other_names() = partner.other_names();
  association.set_municipality_code(partner.municipality_code());
  association.set_status(partner.status());
  if (partner.has_purpose()) *association.mutable_purpose() = partner.purpose();
  association.set_coverage_area(partner.area());
  for (const auto& district : partner.postal_districts()) {
    association.add_addresses()->set_postal_district(district);
  }
  *association.mutable_language_codes() = partner.language_codes();
  for (const auto& told : partner.activities()) {
    *association.add_activities() = ToActivity(told);
  }
  if (!partner.last_confirmed_date().empty()) {
    association.add_confirmations()->set_date(partner.last_confirmed_date());
  }
  if (partner.has_update_time()) *association.mutable_update_time() = partner.update_time();
  *association.mutable_identifiers() = partner.identifiers();
  *association.mutable_emails() = partner.contact().emails();
  *association.mutable_phones() = partner.contact().phones();
  *association.mutable_websites() = partner.contact().websites();
  return association;
}

Association ToTableRow(const Partner& partner) {
  Association association = ToAssociation(partner);
  if (partner.activities().empty()) {
    Activity& untold = *association.add_activities();
    *untold.mutable_themes() = partner.themes();
    *untold.mutable_audiences() = partner.audiences();
    if (partner.has_capacity()) untold.set_capacity(partner.capacity());
    for (const auto& place : partner.places()) association.add_activities()->set_place(place);
  }
  return association;
}

}  // namespace brobygger::exchange
