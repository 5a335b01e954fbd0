// The town, and a search index that follows it.
#pragma once

#include "core/registry/edit.h"
#include "core/registry/records.h"
#include "core/search/follower.h"
#include "tests/core/discovery/town.h"

namespace brobygger::discovery {

struct SearchedTown : Town {
  feed::Feed feed{*store};
  search::Follower follower{*store, feed, {}};

  // The index has all that was written.
  search::Shelf& Shelf() {
    const auto revision = (*store->Latest())->revision();
    REQUIRE(follower.AwaitRevision(revision, absl::Now() + absl::Seconds(60)));
    return follower.shelf();
  }

  using Association = registry::v1::Association;

  // Changes a live association as `edit` does.
  template <typename Edit>
  void Change(const std::string& id, const Edit& edit) {
    Write([&](storage::Transaction& transaction) -> absl::StatusOr<Association> {
      auto association = registry::GetAssociation(transaction, id);
      if (!association.ok()) return association.status();
      edit(*association);
      google::protobuf::FieldMask all;
      all.add_paths("*");
      return registry::UpdateAssociation(transaction, *association, all, "operator");
    });
  }

  void Delete(const std::string& id) {
    Write([&](storage::Transaction& transaction) {
      return registry::DeleteAssociation(transaction, id, "", "operator");
    });
  }

  void AgreeToCentres(const std::string& association, bool contact = false) {
    registry::v1::VisibilityConsent consent;
    consent.set_volunteer_centres(true);
    consent.set_contact(contact);
    consent.set_date(base::DayOf(clock.Now()));
    consent.set_evidence("brev");
    Write([&](storage::Transaction& transaction) {
      return registry::RecordVisibilityConsent(transaction, association, consent,
                                               registry::v1::PERSPECTIVE_MUNICIPALITY);
    });
  }

  // A homework café on Thursdays, in Arabic, with a value in every field that can be granted.
  std::string Cafe(const std::string& official_name) {
    Association wanted;
    wanted.set_official_name(official_name);
    wanted.set_municipality_code("0615");
    wanted.set_status(registry::v1::ASSOCIATION_STATUS_ACTIVE);
    wanted.add_other_names()->set_text("Lektiehjaelpen");
    (*wanted.mutable_purpose()->mutable_by_language())["da"] = "Vi laver lektier sammen.";
    wanted.set_coverage_area("Nordby");
    auto& address = *wanted.add_addresses();
    address.set_street("Nordre Kaj");
    address.set_postal_code("8700");
    address.set_postal_district("Horsens");
    auto& number = *wanted.add_identifiers();
    number.set_scheme("BB-0615");
    number.set_value(std::to_string(++numbers_));
    wanted.add_emails("post@lektier.example");
    wanted.add_phones("+4510550101");
    wanted.add_websites("https://lektier.example/");
    wanted.add_language_codes("ar");
    auto& confirmation = *wanted.add_confirmations();
    confirmation.set_section("contact");
    confirmation.set_date("2026-05-04");
    confirmation.set_perspective(registry::v1::PERSPECTIVE_ASSOCIATION);
    auto& activity = *wanted.add_activities();
    activity.set_id("7c0c4f6e-0000-4000-8000-000000000001");
    activity.set_title("Lektiecafe");
    (*activity.mutable_description()->mutable_by_language())["da"] = "Kom og lav lektier.";
    activity.add_themes(registry::v1::THEME_SCHOOL_AND_HOMEWORK);
    activity.add_audiences(registry::v1::AUDIENCE_CHILDREN);
    activity.add_age_bands(registry::v1::AGE_BAND_13_18);
    activity.add_language_codes("ar");
    activity.set_recurrence_rule("FREQ=WEEKLY;BYDAY=TH");
    activity.set_place("Biblioteket i Nordby");
    activity.set_price_oere(0);
    activity.set_open_to_public(true);
    activity.set_capacity(25);
    activity.set_status(registry::v1::ACTIVITY_STATUS_ACTIVE);
    return Write([&](storage::Transaction& transaction) {
             return registry::CreateAssociation(transaction, wanted, "operator");
           })
        .id();
  }

  // A key with the volunteer centres' role, granted these fields.
  access::Caller Centre(std::set<access::AssociationField> fields) {
    access::Caller centre = As("volunteer-centre", "0615");
    centre.fields = std::move(fields);
    return centre;
  }

 private:
  int numbers_ = 0;
};

}  // namespace brobygger::discovery
