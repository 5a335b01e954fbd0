#include "core/grants/rules.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/model/identifiers.h"
#include "core/model/rules.h"

namespace brobygger::grants {
namespace {

using model::Place;

constexpr std::size_t kLongestLine = 200;
constexpr std::size_t kLongestCaseId = 100;
// A hundred milliards of kroner: more is a mistake in the mapping.
constexpr std::int64_t kMostOre = 10'000'000'000'000;

bool IsDigit(char sign) { return sign >= '0' && sign <= '9'; }

// KLE number: two digits, up to three times, with points between.
absl::Status FixKle(const Place& place, std::string& text) {
  BB_RETURN_IF_ERROR(model::FixLine(place, {0, kLongestLine}, text));
  bool right = text.size() == 2 || text.size() == 5 || text.size() == 8 || text.empty();
  for (std::size_t at = 0; at < text.size(); ++at) {
    right = right && (at % 3 == 2 ? text[at] == '.' : IsDigit(text[at]));
  }
  if (right) return absl::OkStatus();
  return model::BrokenRule(place, "is not a KLE number such as \"18.15.05\"");
}

absl::Status FixCurrency(const Place& place, std::string& text) {
  BB_RETURN_IF_ERROR(model::FixLine(place, {0, kLongestLine}, text));
  std::transform(text.begin(), text.end(), text.begin(), [](char sign) {
    return sign >= 'a' && sign <= 'z' ? static_cast<char>(sign - 32) : sign;
  });
  if (text == "DKK") text.clear();
  const bool code = text.size() == 3 && std::all_of(text.begin(), text.end(), [](char sign) {
                      return sign >= 'A' && sign <= 'Z';
                    });
  if (text.empty() || code) return absl::OkStatus();
  return model::BrokenRule(place, "is not a currency (ISO 4217) such as \"DKK\"");
}

absl::Status FixApplicant(const Place& place, grant::v1::Applicant& applicant) {
  BB_RETURN_IF_ERROR(
      model::FixLine({&place, "external_id"}, {0, kLongestLine}, *applicant.mutable_external_id()));
  BB_RETURN_IF_ERROR(model::FixLine({&place, "written_name"}, {0, kLongestLine},
                                    *applicant.mutable_written_name()));
  if (applicant.written_cvr().empty()) return absl::OkStatus();
  // What somebody mistyped is what is written: it names nobody, and says so.
  const auto cvr = model::NormalizeCvr(applicant.written_cvr());
  if (cvr.ok()) applicant.set_written_cvr(*cvr);
  return model::FixLine({&place, "written_cvr"}, {0, 20}, *applicant.mutable_written_cvr());
}

absl::Status CheckAmounts(const GrantApplication& application) {
  BB_RETURN_IF_ERROR(
      model::CheckRange({nullptr, "applied_ore"}, application.applied_ore(), 0, kMostOre));
  BB_RETURN_IF_ERROR(
      model::CheckRange({nullptr, "awarded_ore"}, application.awarded_ore(), 0, kMostOre));
  return model::CheckRange({nullptr, "disbursed_ore"}, application.disbursed_ore(), 0, kMostOre);
}

absl::Status FixDates(GrantApplication& application) {
  BB_RETURN_IF_ERROR(
      model::FixDate({nullptr, "received_date"}, *application.mutable_received_date()));
  BB_RETURN_IF_ERROR(
      model::FixDate({nullptr, "decided_date"}, *application.mutable_decided_date()));
  BB_RETURN_IF_ERROR(
      model::FixDate({nullptr, "reporting_due_date"}, *application.mutable_reporting_due_date()));
  if (!application.has_period()) return absl::OkStatus();
  return model::FixInterval({nullptr, "period"}, *application.mutable_period());
}

}  // namespace

absl::Status NormalizeAndCheck(GrantApplication& application) {
  // First, since the rest needs text that is UTF-8.
  BB_RETURN_IF_ERROR(model::CheckEverywhere(application, {}));
  if (application.has_applicant()) {
    BB_RETURN_IF_ERROR(FixApplicant({nullptr, "applicant"}, *application.mutable_applicant()));
  }
  for (const auto& [name, text] :
       {std::pair("written_department", application.mutable_written_department()),
        std::pair("pool", application.mutable_pool()),
        std::pair("title", application.mutable_title())}) {
    BB_RETURN_IF_ERROR(model::FixLine({nullptr, name}, {0, kLongestLine}, *text));
  }
  BB_RETURN_IF_ERROR(
      model::FixLine({nullptr, "case_id"}, {0, kLongestCaseId}, *application.mutable_case_id()));
  BB_RETURN_IF_ERROR(
      model::FixUuid({nullptr, "department_id"}, *application.mutable_department_id()));
  BB_RETURN_IF_ERROR(CheckAmounts(application));
  BB_RETURN_IF_ERROR(FixCurrency({nullptr, "currency"}, *application.mutable_currency()));
  BB_RETURN_IF_ERROR(FixDates(application));
  BB_RETURN_IF_ERROR(FixKle({nullptr, "kle"}, *application.mutable_kle()));
  return model::FixLine({nullptr, "facet"}, {0, 4}, *application.mutable_facet());
}

bool IsGranted(GrantState state) {
  switch (state) {
    case grant::v1::GRANT_STATE_GRANTED:
    case grant::v1::GRANT_STATE_PARTLY_GRANTED:
    case grant::v1::GRANT_STATE_PAID:
    case grant::v1::GRANT_STATE_AWAITING_ACCOUNTS:
    case grant::v1::GRANT_STATE_CLOSED:
      return true;
    default:
      return false;
  }
}

bool IsUndecided(GrantState state) {
  switch (state) {
    case grant::v1::GRANT_STATE_RECEIVED:
    case grant::v1::GRANT_STATE_INCOMPLETE:
    case grant::v1::GRANT_STATE_IN_PROGRESS:
    case grant::v1::GRANT_STATE_RECOMMENDED:
      return true;
    default:
      return false;
  }
}

}  // namespace brobygger::grants
