#include "core/events/rules.h"

#include <set>
#include <string>

#include "core/base/status_macros.h"
#include "core/model/free_text.h"
#include "core/model/rules.h"

namespace brobygger::events {
namespace {

using model::BrokenRule;

constexpr std::size_t kLongestLine = 200;
constexpr std::size_t kLongestTheme = 100;
constexpr std::size_t kLongestDescription = 2000;
constexpr std::size_t kLongestExchange = 500;
constexpr int kMostHosts = 20;
constexpr std::int64_t kLongestSeconds = 31LL * 24 * 3600;

absl::Status CheckInstants(const Event& event) {
  if (!event.has_start_time()) return BrokenRule({nullptr, "start_time"}, "is required");
  if (!event.has_end_time()) return BrokenRule({nullptr, "end_time"}, "is required");
  const std::int64_t seconds = event.end_time().seconds() - event.start_time().seconds();
  if (seconds <= 0) return BrokenRule({nullptr, "end_time"}, "must be later than start_time");
  if (seconds > kLongestSeconds) return BrokenRule({nullptr, "end_time"}, "is over 31 days later");
  return absl::OkStatus();
}

absl::Status FixDays(Event& event) {
  if (event.has_start_time() || event.has_end_time()) {
    return BrokenRule({nullptr, "start_date"},
                      "cannot be given together with start_time or end_time");
  }
  BB_RETURN_IF_ERROR(model::FixDate({nullptr, "start_date"}, *event.mutable_start_date()));
  if (event.end_date().empty()) event.set_end_date(event.start_date());
  BB_RETURN_IF_ERROR(model::FixDate({nullptr, "end_date"}, *event.mutable_end_date()));
  if (event.end_date() < event.start_date()) {
    return BrokenRule({nullptr, "end_date"}, "must not be before start_date");
  }
  return absl::OkStatus();
}

absl::Status CheckHosts(const Event& event) {
  const auto& hosts = event.host_department_ids();
  if (hosts.empty()) return BrokenRule({nullptr, "host_department_ids"}, "is required");
  if (hosts.size() > kMostHosts) {
    return BrokenRule({nullptr, "host_department_ids"}, "has more than 20 departments");
  }
  if (std::set<std::string>(hosts.begin(), hosts.end()).size() != std::size_t(hosts.size())) {
    return BrokenRule({nullptr, "host_department_ids"}, "names a department twice");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status NormalizeAndCheck(Event& event) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(event, {}));
  if (event.kind() == event::v1::EVENT_KIND_UNSPECIFIED) {
    return BrokenRule({nullptr, "kind"}, "is required");
  }
  BB_RETURN_IF_ERROR(model::FixLine({nullptr, "title"}, {1, kLongestLine}, *event.mutable_title()));
  BB_RETURN_IF_ERROR(model::FixText({nullptr, "description"}, {0, kLongestDescription},
                                    *event.mutable_description()));
  // Departments' calendars and their feeds show both to many.
  BB_RETURN_IF_ERROR(model::RefuseSensitiveWords({nullptr, "title"}, event.title()));
  BB_RETURN_IF_ERROR(model::RefuseSensitiveWords({nullptr, "description"}, event.description()));
  BB_RETURN_IF_ERROR(model::FixLine({nullptr, "place"}, {0, kLongestLine}, *event.mutable_place()));
  BB_RETURN_IF_ERROR(
      model::FixLine({nullptr, "theme"}, {0, kLongestTheme}, *event.mutable_theme()));
  BB_RETURN_IF_ERROR(model::FixUrl({nullptr, "url"}, *event.mutable_url()));
  const bool days = !event.start_date().empty() || !event.end_date().empty();
  BB_RETURN_IF_ERROR(days ? FixDays(event) : CheckInstants(event));
  return CheckHosts(event);
}

absl::Status NormalizeAndCheck(Invitation& invitation) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(invitation, {}));
  BB_RETURN_IF_ERROR(
      model::FixText({nullptr, "can_give"}, {0, kLongestExchange}, *invitation.mutable_can_give()));
  return model::FixText({nullptr, "can_get"}, {0, kLongestExchange}, *invitation.mutable_can_get());
}

}  // namespace brobygger::events
