// grant list --association: an association's money on one page.
#include "core/cli/grant_money.h"

#include <string>

#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/grant.h"
#include "core/cli/grant_overlap.h"
#include "core/cli/output.h"
#include "core/cli/table.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using grant::v1::AssociationMoney;
using grant::v1::DepartmentMoney;
using grant::v1::GrantApplication;

// Without those who stand on every line: the page is about one association.
Table ApplicationTable(const AssociationMoney& money, const std::string& language) {
  const auto shown = [](const std::string& key) { return key != "applicant"; };
  const auto all = ApplicationColumns();
  std::vector<Column> columns;
  for (const Column& column : all) {
    if (shown(column.key)) columns.push_back(column);
  }
  Table table(columns);
  for (const GrantApplication& application : money.applications()) {
    const auto cells = ApplicationCells(application, language);
    std::vector<Cell> row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (shown(all[i].key)) row.push_back(cells[i]);
    }
    table.Add(std::move(row));
  }
  return table;
}

std::vector<Cell> MoneyCells(const std::string& title,
                             const DepartmentMoney& money,
                             const std::string& language) {
  return {{title},
          {std::to_string(money.application_count())},
          {std::to_string(money.granted_count())},
          {std::to_string(money.refused_count())},
          {ShowKroner(money.applied_ore(), language)},
          {ShowKroner(money.awarded_ore(), language)},
          {ShowKroner(money.disbursed_ore(), language)}};
}

Table DepartmentTable(const AssociationMoney& money, const std::string& language) {
  Table table({{"department", "DEPARTMENT"},
               {"applications", "APPLICATIONS"},
               {"granted", "GRANTED"},
               {"refused", "REFUSED"},
               {"applied", "APPLIED KR."},
               {"awarded", "GRANTED KR."},
               {"disbursed", "PAID KR."}});
  for (const DepartmentMoney& department : money.departments()) {
    table.Add(MoneyCells(department.title(), department, language));
  }
  if (money.departments_size() > 1) table.Add(MoneyCells("all", money.total(), language));
  return table;
}

void WritePage(Session& session, const AssociationMoney& money) {
  const std::string& language = session.language();
  session.Write(money.official_name() + "\n\n");
  if (money.applications().empty()) {
    session.Write("No application is known.\n");
  } else {
    session.Write(ApplicationTable(money, language).Render(session.terminal()) + "\n");
    session.Write(DepartmentTable(money, language).Render(session.terminal()));
  }
  WriteOverlaps(session, money.overlaps(), money.applications());
  if (!money.open_follow_ups().empty()) session.Write("\n");
  for (const auto& follow_up : money.open_follow_ups()) {
    session.Write(fmt::format(
        "To do by {}: {} was refused; tell why, and what else there is. Then: "
        "brobygger grant followed-up {}\n",
        ShowField("due_date", follow_up.due_date(), language),
        NamedApplication(follow_up.application()), ApplicationWord(follow_up.application())));
  }
  const auto& kinds = money.contact_kinds();
  session.Write(fmt::format("\nKnown to {} system{}, of which {} for grants.{}\n",
                            kinds.connection_count(), kinds.connection_count() == 1 ? "" : "s",
                            kinds.grant_connection_count(),
                            kinds.money_only() ? " All that the municipality knows of it is about "
                                                 "money: is there something to work together on?"
                                               : ""));
}

Rows ToRows(const AssociationMoney& money, const std::string& language) {
  Rows rows;
  rows.columns = ApplicationColumns();
  for (const auto& application : money.applications()) {
    rows.cells.push_back(ApplicationCells(application, language));
  }
  return rows;
}

}  // namespace

Outcome ShowMoney(Session& session, const std::string& association_id) {
  grant::v1::GetAssociationMoneyRequest request;
  request.set_association_id(association_id);
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<grant::v1::GetAssociationMoneyResponse>(request));
  if (session.format() == Format::kTable) {
    WritePage(session, answer.money());
  } else {
    WriteRecord(session, answer.money(),
                [&] { return ToRows(answer.money(), session.language()); });
  }
  return 0;
}

}  // namespace brobygger::cli
