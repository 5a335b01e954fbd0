#include "core/model/public_part.h"

namespace brobygger::model {

using registry::v1::Association;

Association PublicPart(const Association& association) {
  Association told;
  told.set_id(association.id());
  told.set_official_name(association.official_name());
  *told.mutable_other_names() = association.other_names();
  told.set_municipality_code(association.municipality_code());
  told.set_etag(association.etag());
  if (association.has_create_time()) *told.mutable_create_time() = association.create_time();
  if (association.has_update_time()) *told.mutable_update_time() = association.update_time();
  if (association.has_delete_time()) *told.mutable_delete_time() = association.delete_time();
  told.set_kind(association.kind());
  told.set_legal_form(association.legal_form());
  told.set_status(association.status());
  *told.mutable_identifiers() = association.identifiers();
  if (association.has_purpose()) *told.mutable_purpose() = association.purpose();
  if (association.has_offers()) *told.mutable_offers() = association.offers();
  if (association.has_wishes()) *told.mutable_wishes() = association.wishes();
  if (association.has_statutes()) *told.mutable_statutes() = association.statutes();
  told.set_founded_date(association.founded_date());
  told.set_dissolved_date(association.dissolved_date());
  *told.mutable_coverage_municipality_codes() = association.coverage_municipality_codes();
  told.set_coverage_area(association.coverage_area());
  *told.mutable_addresses() = association.addresses();
  *told.mutable_phones() = association.phones();
  *told.mutable_emails() = association.emails();
  *told.mutable_websites() = association.websites();
  if (association.has_advertising_protected()) {
    told.set_advertising_protected(association.advertising_protected());
  }
  *told.mutable_activities() = association.activities();
  *told.mutable_language_codes() = association.language_codes();
  *told.mutable_approvals() = association.approvals();
  *told.mutable_confirmations() = association.confirmations();
  told.set_merged_into_association_id(association.merged_into_association_id());
  return told;
}

}  // namespace brobygger::model
