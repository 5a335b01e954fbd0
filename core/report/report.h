#pragma once

#include <absl/status/statusor.h>

#include "brobygger/report/v1/programme_service.pb.h"

#include "core/base/clock.h"
#include "core/storage/store.h"

namespace brobygger::report {

// Figures that stand for fewer than this are kept back, with what is behind them: so few could be
// recognised. Nought is told.
inline constexpr int kLeastTold = 5;

// The programme in figures, as the store has it at the asked time. Of what the store does not show
// (core/scope) nothing is counted, and the report says that it is partial. PROGRAMME_NOT_FOUND,
// FIELD_INVALID, REVISION_UNKNOWN.
absl::StatusOr<v1::ProgrammeReport> MakeReport(const storage::Store& store,
                                               base::Instant now,
                                               const v1::GetProgrammeReportRequest& request);

}  // namespace brobygger::report
