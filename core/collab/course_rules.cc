// What may be written down of courses and networks. See rules.h.
#include <string>

#include "core/base/status_macros.h"
#include "core/collab/fixes.h"
#include "core/collab/rules.h"
#include "core/model/rules.h"

namespace brobygger::collab {
namespace {

using model::BrokenRule;
using model::Place;

constexpr std::size_t kLongestText = 2000;
constexpr std::size_t kLongestTrial = 1000;
constexpr std::size_t kLongestPage = 5000;

// Of a session or a meeting: when and where.
template <typename Meeting>
absl::Status FixMeeting(const Place& parent, Meeting& meeting) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(meeting, parent));
  BB_RETURN_IF_ERROR(FixMeetingTimes(
      &parent,
      {*meeting.mutable_date(), *meeting.mutable_from_clock(), *meeting.mutable_to_clock()}));
  return FixOwnLine({&parent, "place"}, 0, *meeting.mutable_place());
}

}  // namespace

absl::Status NormalizeAndCheck(v1::Course& course) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(course, {}));
  BB_RETURN_IF_ERROR(FixOwnLine({nullptr, "title"}, 1, *course.mutable_title()));
  BB_RETURN_IF_ERROR(
      model::FixMunicipality({nullptr, "municipality_code"}, *course.mutable_municipality_code()));
  if (course.municipality_code().empty()) {
    return BrokenRule({nullptr, "municipality_code"}, "is required, or a department");
  }
  BB_RETURN_IF_ERROR(model::FixUuid({nullptr, "programme_id"}, *course.mutable_programme_id()));
  return FixDays(nullptr, {"start_date", *course.mutable_start_date()},
                 {"end_date", *course.mutable_end_date()});
}

absl::Status NormalizeAndCheck(v1::CourseSession& session) {
  return FixMeeting({nullptr, "session"}, session);
}

absl::Status NormalizeAndCheck(v1::CourseDocument& document) {
  const Place parent{nullptr, "document"};
  BB_RETURN_IF_ERROR(model::CheckEverywhere(document, parent));
  BB_RETURN_IF_ERROR(FixOwnLine({&parent, "title"}, 1, *document.mutable_title()));
  BB_RETURN_IF_ERROR(model::FixUrl({&parent, "url"}, *document.mutable_url()));
  return document.url().empty() ? BrokenRule({&parent, "url"}, "is required") : absl::OkStatus();
}

absl::Status NormalizeAndCheck(v1::CourseTrial& trial) {
  const Place parent{nullptr, "trial"};
  BB_RETURN_IF_ERROR(model::CheckEverywhere(trial, parent));
  BB_RETURN_IF_ERROR(FixOwnText({&parent, "text"}, {1, kLongestTrial}, *trial.mutable_text()));
  BB_RETURN_IF_ERROR(
      FixOwnText({&parent, "outcome"}, {0, kLongestTrial}, *trial.mutable_outcome()));
  return model::FixDate({&parent, "date"}, *trial.mutable_date());
}

absl::Status NormalizeAndCheck(v1::ConsultantSession& session) {
  const Place parent{nullptr, "consultant_session"};
  BB_RETURN_IF_ERROR(model::CheckEverywhere(session, parent));
  BB_RETURN_IF_ERROR(model::FixDate({&parent, "date"}, *session.mutable_date()));
  if (session.date().empty()) return BrokenRule({&parent, "date"}, "is required");
  if (session.department_id().empty()) return BrokenRule({&parent, "department_id"}, "is required");
  return FixOwnText({&parent, "text"}, {0, kLongestText}, *session.mutable_text());
}

absl::Status NormalizeAndCheck(v1::Network& network) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(network, {}));
  BB_RETURN_IF_ERROR(FixOwnLine({nullptr, "title"}, 1, *network.mutable_title()));
  const bool department = !network.convenor_department_id().empty();
  const bool association = !network.convenor_association_id().empty();
  if (department == association) {
    return BrokenRule({nullptr, "convenor_department_id"},
                      "or convenor_association_id is required, and one of them alone");
  }
  if (!network.has_aim()) return absl::OkStatus();
  return FixOwnLocalized({nullptr, "aim"}, kLongestText, *network.mutable_aim());
}

absl::Status NormalizeAndCheck(v1::NetworkMeeting& meeting) {
  const Place parent{nullptr, "meeting"};
  BB_RETURN_IF_ERROR(FixMeeting(parent, meeting));
  return FixOwnText({&parent, "note"}, {0, kLongestText}, *meeting.mutable_note());
}

absl::Status NormalizeAndCheckPage(registry::v1::LocalizedText& text) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(text, {nullptr, "page_text"}));
  return FixOwnLocalized({nullptr, "page_text"}, kLongestPage, text);
}

}  // namespace brobygger::collab
