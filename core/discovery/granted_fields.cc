#include "core/discovery/granted_fields.h"

#include <array>
#include <utility>

namespace brobygger::discovery {
namespace {

using access::AssociationField;
using search::Field;

constexpr std::array<std::pair<AssociationField, Field>, 13> kSearchable = {{
    {access::v1::ASSOCIATION_FIELD_OTHER_NAME, Field::kOtherName},
    {access::v1::ASSOCIATION_FIELD_PURPOSE, Field::kPurpose},
    {access::v1::ASSOCIATION_FIELD_ACTIVITY, Field::kActivity},
    {access::v1::ASSOCIATION_FIELD_AREA, Field::kArea},
    {access::v1::ASSOCIATION_FIELD_NUMBER, Field::kNumber},
    {access::v1::ASSOCIATION_FIELD_THEME, Field::kTheme},
    {access::v1::ASSOCIATION_FIELD_AUDIENCE, Field::kAudience},
    {access::v1::ASSOCIATION_FIELD_LANGUAGE, Field::kLanguage},
    {access::v1::ASSOCIATION_FIELD_MUNICIPALITY, Field::kMunicipality},
    {access::v1::ASSOCIATION_FIELD_STATUS, Field::kStatus},
    {access::v1::ASSOCIATION_FIELD_WEEKDAY, Field::kWeekday},
    {access::v1::ASSOCIATION_FIELD_CAPACITY, Field::kCapacity},
    {access::v1::ASSOCIATION_FIELD_UPDATED, Field::kUpdated},
}};

}  // namespace

bool IsGranted(const access::Caller& caller, AssociationField field) {
  return !caller.fields.has_value() || caller.fields->contains(field);
}

search::FieldSet SearchableBy(const access::Caller& caller) {
  if (!caller.fields.has_value()) {
    search::FieldSet all = search::FieldSet::All();
    // An association that said no to being reached is not to be found at its door either.
    if (caller.kind == access::CallerKind::kVolunteerCentre) all.Remove(Field::kAddress);
    return all;
  }
  search::FieldSet fields = {Field::kName};
  for (const auto& [granted, field] : kSearchable) {
    if (IsGranted(caller, granted)) fields.Add(field);
  }
  return fields;
}

}  // namespace brobygger::discovery
