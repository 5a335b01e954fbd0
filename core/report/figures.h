// The figures of a report, one function each; for this module's own files. None keeps back
// anything: report.cc does.
#pragma once

#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/report/v1/programme.pb.h"

#include "core/report/ground.h"

namespace brobygger::report {

v1::ReportValue Years(const Ground& ground);
v1::ReportValue Municipalities(const Ground& ground);
v1::ReportValue Associations(const Ground& ground);
absl::StatusOr<v1::ReportValue> NewCollaborations(const Ground& ground);
absl::StatusOr<v1::ReportValue> Steps(const Ground& ground);
absl::StatusOr<v1::ReportValue> CollaborationDays(const Ground& ground);
absl::StatusOr<v1::ReportValue> NetworkDays(const Ground& ground);
absl::StatusOr<v1::ReportValue> ResourceChange(const Ground& ground);
absl::StatusOr<v1::ReportValue> NotAboutMoney(const Ground& ground);
v1::ReportValue NationalEstimate(const Ground& ground);

// What sides said of what they did together within the period, and agreed to have told,
// then and in `latest`; by day.
absl::StatusOr<std::vector<v1::ReportQuote>> Quotes(const Ground& ground,
                                                    const storage::Snapshot& latest);

}  // namespace brobygger::report
