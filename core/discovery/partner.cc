#include "core/discovery/partner.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "core/access/scope.h"
#include "core/discovery/fits_alone.h"
#include "core/discovery/granted_fields.h"
#include "core/search/activity_words.h"
#include "core/search/document.h"
#include "core/search/filters.h"

namespace brobygger::discovery {
namespace {

using access::AssociationField;
using registry::v1::Activity;
using registry::v1::Association;
using search::Field;
using search::Filter;
using Texts = google::protobuf::RepeatedPtrField<std::string>;

bool HasAny(const Filter& filter, const google::protobuf::RepeatedField<int>& values) {
  return std::any_of(values.begin(), values.end(), [&](int value) {
    const auto& wanted = filter.numbers;
    return std::find(wanted.begin(), wanted.end(), static_cast<std::uint32_t>(value)) !=
           wanted.end();
  });
}

bool Speaks(const Filter& filter, const Texts& told) {
  return std::any_of(filter.texts.begin(), filter.texts.end(), [&](const std::string& asked) {
    return std::any_of(told.begin(), told.end(),
                       [&](const std::string& tag) { return search::SpeaksAs(asked, tag); });
  });
}

bool Holds(const Filter& filter, const Association& association, const Activity& activity) {
  switch (filter.field) {
    case Field::kTheme:
      return HasAny(filter, activity.themes());
    case Field::kAudience:
      return HasAny(filter, activity.audiences());
    case Field::kWeekday: {
      const std::uint8_t days = search::WeekdaysOf(activity.recurrence_rule());
      return std::any_of(filter.numbers.begin(), filter.numbers.end(),
                         [&](std::uint32_t day) { return (days >> day & 1U) != 0; });
    }
    case Field::kCapacity:
      return std::any_of(filter.numbers.begin(), filter.numbers.end(), [&](std::uint32_t least) {
        return activity.capacity() > 0 && static_cast<std::uint32_t>(activity.capacity()) >= least;
      });
    case Field::kLanguage:
      return Speaks(filter, activity.language_codes()) ||
             Speaks(filter, association.language_codes());
    default:
      return true;
  }
}

// Copies the parts of a record that were granted.
class Teller {
 public:
  Teller(const Association& association, const access::Caller& caller, const search::Query& query)
      : association_(association), caller_(caller), query_(query) {}

  v1::Partner Tell() {
    partner_.set_association_id(association_.id());
    partner_.set_official_name(association_.official_name());
    TellWhoItIs();
    TellWhatItDoes();
    TellWhenItWasTold();
    if (Granted(access::v1::ASSOCIATION_FIELD_CONTACT)) TellContact();
    return std::move(partner_);
  }

 private:
  bool Granted(AssociationField field) const { return IsGranted(caller_, field); }

  void TellWhoItIs() {
    if (Granted(access::v1::ASSOCIATION_FIELD_OTHER_NAME)) {
      *partner_.mutable_other_names() = association_.other_names();
    }
    if (Granted(access::v1::ASSOCIATION_FIELD_MUNICIPALITY)) {
      partner_.set_municipality_code(association_.municipality_code());
    }
    if (Granted(access::v1::ASSOCIATION_FIELD_STATUS)) partner_.set_status(association_.status());
    if (Granted(access::v1::ASSOCIATION_FIELD_PURPOSE) && association_.has_purpose()) {
      *partner_.mutable_purpose() = association_.purpose();
    }
    if (Granted(access::v1::ASSOCIATION_FIELD_NUMBER)) {
      for (const auto& identifier : association_.identifiers()) {
        if (identifier.valid().to_date().empty()) *partner_.add_identifiers() = identifier;
      }
    }
    if (!Granted(access::v1::ASSOCIATION_FIELD_AREA)) return;
    partner_.set_area(association_.coverage_area());
    for (const auto& address : association_.addresses()) {
      AddOnce(address.postal_district(), *partner_.mutable_postal_districts());
    }
  }

  void TellWhatItDoes() {
    if (Granted(access::v1::ASSOCIATION_FIELD_LANGUAGE)) {
      *partner_.mutable_language_codes() = association_.language_codes();
    }
    for (const Activity& activity : association_.activities()) {
      if (activity.status() == registry::v1::ACTIVITY_STATUS_ENDED) continue;
      TellSum(activity);
      if (Granted(access::v1::ASSOCIATION_FIELD_ACTIVITY)) TellActivity(activity);
    }
    auto& told = *partner_.mutable_activities();
    std::stable_sort(told.begin(), told.end(),
                     [](const v1::PartnerActivity& left, const v1::PartnerActivity& right) {
                       return left.fits() && !right.fits();
                     });
  }

  // What all activities together are about.
  void TellSum(const Activity& activity) {
    if (Granted(access::v1::ASSOCIATION_FIELD_THEME)) {
      for (const int theme : activity.themes()) AddOnce(theme, *partner_.mutable_themes());
    }
    if (Granted(access::v1::ASSOCIATION_FIELD_AUDIENCE)) {
      for (const int each : activity.audiences()) AddOnce(each, *partner_.mutable_audiences());
    }
    if (Granted(access::v1::ASSOCIATION_FIELD_LANGUAGE)) {
      for (const auto& tag : activity.language_codes()) {
        AddOnce(tag, *partner_.mutable_language_codes());
      }
    }
    if (Granted(access::v1::ASSOCIATION_FIELD_AREA)) {
      AddOnce(activity.place(), *partner_.mutable_places());
    }
    if (Granted(access::v1::ASSOCIATION_FIELD_CAPACITY) && activity.capacity() > 0) {
      partner_.set_capacity(std::max(partner_.capacity(), activity.capacity()));
    }
  }

  void TellActivity(const Activity& activity) {
    v1::PartnerActivity& told = *partner_.add_activities();
    told.set_id(activity.id());
    told.set_title(activity.title());
    if (activity.has_description()) *told.mutable_description() = activity.description();
    *told.mutable_age_bands() = activity.age_bands();
    if (activity.has_price_oere()) told.set_price_oere(activity.price_oere());
    if (activity.has_open_to_public()) told.set_open_to_public(activity.open_to_public());
    told.set_status(activity.status());
    told.set_fits(ActivityFits(query_, association_, activity));
    if (Granted(access::v1::ASSOCIATION_FIELD_THEME)) *told.mutable_themes() = activity.themes();
    if (Granted(access::v1::ASSOCIATION_FIELD_AUDIENCE)) {
      *told.mutable_audiences() = activity.audiences();
    }
    if (Granted(access::v1::ASSOCIATION_FIELD_LANGUAGE)) {
      *told.mutable_language_codes() = activity.language_codes();
    }
    if (Granted(access::v1::ASSOCIATION_FIELD_WEEKDAY)) {
      told.set_recurrence_rule(activity.recurrence_rule());
    }
    if (Granted(access::v1::ASSOCIATION_FIELD_AREA)) told.set_place(activity.place());
    if (Granted(access::v1::ASSOCIATION_FIELD_CAPACITY) && activity.has_capacity()) {
      told.set_capacity(activity.capacity());
    }
  }

  void TellWhenItWasTold() {
    if (Granted(access::v1::ASSOCIATION_FIELD_UPDATED) && association_.has_update_time()) {
      *partner_.mutable_update_time() = association_.update_time();
    }
    if (!Granted(access::v1::ASSOCIATION_FIELD_CONFIRMED)) return;
    for (const auto& confirmation : association_.confirmations()) {
      if (confirmation.date() > partner_.last_confirmed_date()) {
        partner_.set_last_confirmed_date(confirmation.date());
      }
    }
  }

  void TellContact() {
    // Its own municipality's officers see it as it stands; everybody else, where it agreed.
    const bool whole =
        access::SeesAll(caller_) || (caller_.kind == access::CallerKind::kEmployee &&
                                     access::IsOwn(caller_, association_.municipality_code()));
    if (!whole && !association_.visibility_consent().contact()) return;
    v1::PartnerContact contact;
    *contact.mutable_emails() = association_.emails();
    *contact.mutable_phones() = association_.phones();
    *contact.mutable_websites() = association_.websites();
    if (contact.ByteSizeLong() > 0) *partner_.mutable_contact() = std::move(contact);
  }

  template <typename List, typename Value>
  static void AddOnce(const Value& value, List& list) {
    if (std::find(list.begin(), list.end(), value) != list.end()) return;
    if constexpr (std::is_same_v<Value, std::string>) {
      if (value.empty()) return;
    }
    *list.Add() = value;
  }

  const Association& association_;
  const access::Caller& caller_;
  const search::Query& query_;
  v1::Partner partner_;
};

}  // namespace

v1::Partner ToPartner(const Association& association,
                      const access::Caller& caller,
                      const search::Query& query) {
  return Teller(association, caller, query).Tell();
}

bool IsPartner(const Association& association) {
  return !association.has_delete_time() &&
         association.status() != registry::v1::ASSOCIATION_STATUS_ENDED;
}

bool ActivityFits(const search::Query& query,
                  const Association& association,
                  const Activity& activity) {
  bool asked = false;
  for (const Filter& filter : query.filters) {
    if (!search::OfActivity(filter.field) || filter.excluded) continue;
    asked = true;
    if (!Holds(filter, association, activity)) return false;
  }
  search::Query words;
  for (const search::TextClause& clause : query.texts) {
    if (!search::AsksActivity(clause) && !search::AsksArea(clause)) continue;
    asked = asked || search::AsksActivity(clause);
    words.texts.push_back(clause);
  }
  if (!asked || words.texts.empty()) return asked;
  Association alone;
  alone.set_id(association.id());
  alone.set_coverage_area(association.coverage_area());
  *alone.mutable_addresses() = association.addresses();
  *alone.add_activities() = activity;
  return FitsAlone(alone, words);
}

}  // namespace brobygger::discovery
