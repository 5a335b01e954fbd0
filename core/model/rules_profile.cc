#include "core/model/rules_profile.h"

#include <algorithm>

namespace brobygger::model {
namespace {

using google::protobuf::RepeatedField;

constexpr std::int64_t kMostPeople = 10'000'000;
constexpr std::int64_t kMostOere = 100'000'000'000;
constexpr std::int64_t kMinutesAWeek = 7 * 24 * 60;

void DropRepeated(RepeatedField<int>& values) {
  RepeatedField<int> kept;
  for (const int value : values) {
    if (value != 0 && std::find(kept.begin(), kept.end(), value) == kept.end()) kept.Add(value);
  }
  values.Swap(&kept);
}

absl::Status FixPremises(const Place& place, registry::v1::Premises& premises) {
  if (premises.kind() == registry::v1::Premises::KIND_UNSPECIFIED) {
    return BrokenRule({&place, "kind"}, "is required and is not set");
  }
  if (premises.has_address()) {
    BB_RETURN_IF_ERROR(FixAddress({&place, "address"}, *premises.mutable_address()));
  }
  BB_RETURN_IF_ERROR(
      CheckRange({&place, "minutes_per_week"}, premises.minutes_per_week(), 0, kMinutesAWeek));
  return FixText({&place, "needs"}, {0, 500}, *premises.mutable_needs());
}

absl::Status CheckPart(const Place& place, bool told, int part, int total) {
  if (!told || part <= total) return absl::OkStatus();
  return BrokenRule(place, "is " + std::to_string(part) + ", more than members_total, which is " +
                               std::to_string(total));
}

absl::Status CheckMembers(const Place& place, const registry::v1::ResourceStatement& resources) {
  const int total = resources.members_total();
  BB_RETURN_IF_ERROR(CheckRange({&place, "members_total"}, total, 0, kMostPeople));
  BB_RETURN_IF_ERROR(
      CheckRange({&place, "members_paying"}, resources.members_paying(), 0, kMostPeople));
  BB_RETURN_IF_ERROR(
      CheckRange({&place, "members_under_25"}, resources.members_under_25(), 0, kMostPeople));
  if (!resources.has_members_total()) return absl::OkStatus();
  BB_RETURN_IF_ERROR(CheckPart({&place, "members_paying"}, resources.has_members_paying(),
                               resources.members_paying(), total));
  return CheckPart({&place, "members_under_25"}, resources.has_members_under_25(),
                   resources.members_under_25(), total);
}

}  // namespace

absl::Status FixActivity(const Place& place, registry::v1::Activity& activity) {
  BB_RETURN_IF_ERROR(FixLine({&place, "id"}, {1, 100}, *activity.mutable_id()));
  BB_RETURN_IF_ERROR(FixLine({&place, "title"}, {1, 200}, *activity.mutable_title()));
  if (activity.has_description()) {
    BB_RETURN_IF_ERROR(
        FixLocalized({&place, "description"}, 2000, *activity.mutable_description()));
  }
  DropRepeated(*activity.mutable_themes());
  DropRepeated(*activity.mutable_audiences());
  DropRepeated(*activity.mutable_age_bands());
  BB_RETURN_IF_ERROR(
      FixTexts({&place, "language_codes"}, FixLanguage, *activity.mutable_language_codes()));
  BB_RETURN_IF_ERROR(
      FixLine({&place, "recurrence_rule"}, {0, 500}, *activity.mutable_recurrence_rule()));
  BB_RETURN_IF_ERROR(FixLine({&place, "place"}, {0, 200}, *activity.mutable_place()));
  BB_RETURN_IF_ERROR(CheckRange({&place, "price_oere"}, activity.price_oere(), 0, kMostOere));
  return CheckRange({&place, "capacity"}, activity.capacity(), 0, kMostPeople);
}

absl::Status FixResources(const Place& place, registry::v1::ResourceStatement& resources) {
  BB_RETURN_IF_ERROR(CheckRange({&place, "year"}, resources.year(), 1800, 2200));
  BB_RETURN_IF_ERROR(CheckMembers(place, resources));
  BB_RETURN_IF_ERROR(
      CheckRange({&place, "membership_fee_oere"}, resources.membership_fee_oere(), 0, kMostOere));
  BB_RETURN_IF_ERROR(
      CheckRange({&place, "volunteers_active"}, resources.volunteers_active(), 0, kMostPeople));
  BB_RETURN_IF_ERROR(CheckRange({&place, "board_size"}, resources.board_size(), 0, 1000));
  return FixParts({&place, "premises"}, FixPremises, *resources.mutable_premises());
}

absl::Status FixSeat(const Place& place, registry::v1::BoardSeat& seat) {
  BB_RETURN_IF_ERROR(FixLine({&place, "id"}, {1, 100}, *seat.mutable_id()));
  if (seat.role() == registry::v1::BoardSeat::ROLE_UNSPECIFIED) {
    return BrokenRule({&place, "role"}, "is required and is not set");
  }
  return seat.has_term() ? FixInterval({&place, "term"}, *seat.mutable_term()) : absl::OkStatus();
}

absl::Status FixWorkGroup(const Place& place, registry::v1::WorkGroup& group) {
  BB_RETURN_IF_ERROR(FixLine({&place, "id"}, {1, 100}, *group.mutable_id()));
  BB_RETURN_IF_ERROR(FixLine({&place, "title"}, {1, 200}, *group.mutable_title()));
  return FixText({&place, "task"}, {0, 500}, *group.mutable_task());
}

}  // namespace brobygger::model
