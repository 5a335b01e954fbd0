#include "core/report/report.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/model/rules.h"
#include "core/registry/query.h"
#include "core/report/definitions.h"
#include "core/report/figures.h"
#include "core/report/ground.h"
#include "core/report/programmes.h"

namespace brobygger::report {
namespace {

using v1::ReportFigure;
using v1::ReportValue;

absl::StatusOr<Period> PeriodOf(const v1::GetProgrammeReportRequest& request,
                                const v1::Programme& programme) {
  Period period{request.start_date(), request.end_date()};
  BB_RETURN_IF_ERROR(model::FixDate({nullptr, "start_date"}, period.from));
  BB_RETURN_IF_ERROR(model::FixDate({nullptr, "end_date"}, period.to));
  if (period.from.empty()) period.from = programme.start_date();
  if (period.to.empty()) period.to = programme.end_date();
  if (period.to >= period.from) return period;
  return model::BrokenRule({nullptr, "end_date"}, "must not be before start_date");
}

absl::StatusOr<ReportValue> WorkedOut(ReportFigure figure, const Ground& ground) {
  switch (figure) {
    case v1::REPORT_FIGURE_YEARS:
      return Years(ground);
    case v1::REPORT_FIGURE_MUNICIPALITIES:
      return Municipalities(ground);
    case v1::REPORT_FIGURE_ASSOCIATIONS:
      return Associations(ground);
    case v1::REPORT_FIGURE_NEW_COLLABORATIONS:
      return NewCollaborations(ground);
    case v1::REPORT_FIGURE_STEPS:
      return Steps(ground);
    case v1::REPORT_FIGURE_COLLABORATION_DAYS:
      return CollaborationDays(ground);
    case v1::REPORT_FIGURE_NETWORK_DAYS:
      return NetworkDays(ground);
    case v1::REPORT_FIGURE_RESOURCE_CHANGE:
      return ResourceChange(ground);
    case v1::REPORT_FIGURE_NOT_ABOUT_MONEY:
      return NotAboutMoney(ground);
    default:
      return NationalEstimate(ground);
  }
}

// Years, municipalities and days are about nobody.
bool IsAboutAnybody(ReportFigure figure) {
  switch (figure) {
    case v1::REPORT_FIGURE_ASSOCIATIONS:
    case v1::REPORT_FIGURE_NEW_COLLABORATIONS:
    case v1::REPORT_FIGURE_STEPS:
    case v1::REPORT_FIGURE_RESOURCE_CHANGE:
    case v1::REPORT_FIGURE_NOT_ABOUT_MONEY:
      return true;
    default:
      return false;
  }
}

// Keeps back what stands for so few that they could be recognised.
void KeepBack(ReportFigure figure, ReportValue& value) {
  if (!IsAboutAnybody(figure)) return;
  const auto are_few = [](double count) { return count > 0 && count < kLeastTold; };
  // Of a share, those on either side of it could be recognised as well.
  const bool share = figure == v1::REPORT_FIGURE_NOT_ABOUT_MONEY;
  const int listed = value.items_size();
  const bool few = are_few(value.has_of() ? value.of() : value.value()) ||
                   (share && (are_few(listed) || are_few(value.of() - listed)));
  if (!few) return;
  value.clear_value();
  value.clear_items();
  value.clear_of();
  value.set_kept_back(true);
}

void Describe(const v1::Programme& programme, ReportFigure figure, ReportValue& value) {
  value.set_figure(figure);
  value.set_definition_da(DefinitionOf(figure, "da"));
  value.set_definition_en(DefinitionOf(figure, "en"));
  for (const v1::ReportTarget& target : programme.targets()) {
    if (target.figure() == figure) value.set_target(target.value());
  }
}

}  // namespace

absl::StatusOr<v1::ProgrammeReport> MakeReport(const storage::Store& store,
                                               base::Instant now,
                                               const v1::GetProgrammeReportRequest& request) {
  BB_ASSIGN_OR_RETURN(const auto snapshot, registry::SnapshotAt(store, request.as_of()));
  BB_ASSIGN_OR_RETURN(const v1::Programme programme,
                      GetProgramme(*snapshot, request.programme_id()));
  BB_ASSIGN_OR_RETURN(const Period period, PeriodOf(request, programme));
  BB_ASSIGN_OR_RETURN(const Ground ground, LayGround(*snapshot, now, programme, period));
  v1::ProgrammeReport report;
  *report.mutable_programme() = programme;
  report.set_start_date(period.from);
  report.set_end_date(period.to);
  report.set_revision(snapshot->revision());
  report.set_definitions_version(DefinitionsVersion());
  for (int number = 1; number <= v1::ReportFigure_MAX; ++number) {
    const auto figure = static_cast<ReportFigure>(number);
    BB_ASSIGN_OR_RETURN(ReportValue value, WorkedOut(figure, ground));
    KeepBack(figure, value);
    Describe(programme, figure, value);
    *report.add_values() = std::move(value);
  }
  BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
  BB_ASSIGN_OR_RETURN(auto quotes, Quotes(ground, *latest));
  for (v1::ReportQuote& quote : quotes) *report.add_quotes() = std::move(quote);
  return report;
}

}  // namespace brobygger::report
