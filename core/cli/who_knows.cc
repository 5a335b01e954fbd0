// who-knows and matrix.
#include <memory>

#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/advice.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/discovery_words.h"
#include "core/cli/enum_words.h"
#include "core/cli/output.h"
#include "core/cli/paging.h"
#include "core/cli/registry_codes.h"
#include "core/cli/words.h"
#include "core/model/labels.h"

namespace brobygger::cli {
namespace {

using discovery::v1::Acquaintance;
using discovery::v1::GetContactMatrixRequest;
using discovery::v1::GetContactMatrixResponse;
using discovery::v1::KnownAssociation;
using discovery::v1::WhoKnowsRequest;
using discovery::v1::WhoKnowsResponse;

struct WhoKnowsOptions {
  std::string association;
  std::string theme;
  std::string audience;
  std::string area;
  std::string municipality;
  PageOptions page;
};

std::vector<Column> KnowerColumns() {
  return {{"association", "ASSOCIATION"},
          {"department", "DEPARTMENT"},
          {"grade", "KNOWN"},
          {"since", "SINCE"},
          {"last", "LAST"},
          {"next", "NEXT"},
          {"how", "HOW"},
          {"roles", "ROLES"},
          {"ask", "ASK"}};
}

std::string AskText(const Acquaintance& acquaintance) {
  const std::string& email = acquaintance.contact_email();
  return email.empty() ? acquaintance.contact_phone() : email;
}

std::vector<Cell> Cells(const KnownAssociation& association,
                        const Acquaintance& acquaintance,
                        const std::string& language) {
  const auto& familiarity = acquaintance.familiarity();
  const bool only_that = acquaintance.level() == discovery::v1::DISCLOSURE_LEVEL_EXISTENCE;
  return {{association.official_name()},
          {acquaintance.department_name()},
          {only_that ? DiscoveryText("ask_mailbox", language)
                     : GradeText(familiarity.grade(), language)},
          {ShowField("date", familiarity.first_date(), language)},
          {ShowField("date", familiarity.last_date(), language)},
          {ShowField("date", familiarity.next_date(), language)},
          {ChannelsText(familiarity, language)},
          {absl::StrJoin(acquaintance.our_roles(), ", ")},
          {AskText(acquaintance)}};
}

void AddLines(ListWriter& writer,
              const KnownAssociation& association,
              const std::string& language) {
  if (association.acquaintances().empty()) {
    std::vector<Cell> cells(KnowerColumns().size());
    cells[0] = Cell{association.official_name()};
    cells[1] = Cell{"-"};
    cells[2] = Cell{DiscoveryText("nobody", language)};
    writer.Add(association, cells);
    return;
  }
  // One line each for people; a program gets the association once, with all of them.
  for (const Acquaintance& acquaintance : association.acquaintances()) {
    writer.Add(association, Cells(association, acquaintance, language));
  }
}

Outcome WhoKnows(Session& session, const WhoKnowsOptions& options) {
  WhoKnowsRequest request;
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    request.set_association_id(association.id());
  }
  request.set_theme(static_cast<registry::v1::Theme>(EnumNumber(ThemeWords(), options.theme)));
  request.set_audience(
      static_cast<registry::v1::Audience>(EnumNumber(AudienceWords(), options.audience)));
  request.set_area(options.area);
  request.set_municipality_code(options.municipality);
  const bool asked = request.ByteSizeLong() > 0;
  // A table shows roles at most.
  const bool lines = session.format() == Format::kTable || session.format() == Format::kCsv;
  if (lines) request.set_most(discovery::v1::DISCLOSURE_LEVEL_ROLES);
  if (!asked) {
    BB_ASSIGN_OR_RETURN(*request.mutable_municipality_code(), HomeMunicipality(session, ""));
  }
  BB_ASSIGN_OR_RETURN(ListWriter writer,
                      ListWriter::Make(session, "associations", KnowerColumns()));
  const auto add = [&](const WhoKnowsResponse& page) {
    for (const KnownAssociation& association : page.associations()) {
      if (lines) {
        AddLines(writer, association, session.language());
      } else {
        writer.Add(association, {});
      }
    }
    return page.associations_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<WhoKnowsResponse>(session, request, options.page, add)));
  pages.last.clear_associations();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "association", pages.last.next_page_token());
  if (request.association_id().empty()) return 0;
  SayAdvice(session,
            {collab::v1::ADVICE_TRIGGER_FIRST_CONTACT, collab::v1::ADVICE_TRIGGER_ONE_SIDED,
             collab::v1::ADVICE_TRIGGER_MONEY_ONLY},
            request.association_id());
  return 0;
}

// One letter-sparing cell: the grade, or that there is something to ask about.
std::string MatrixText(const discovery::v1::MatrixCell& cell, const std::string& language) {
  if (cell.level() == discovery::v1::DISCLOSURE_LEVEL_EXISTENCE) {
    return DiscoveryText("known", language);
  }
  const std::string date =
      ShowField("date",
                cell.familiarity().last_date().empty() ? cell.familiarity().next_date()
                                                       : cell.familiarity().last_date(),
                language);
  return fmt::format("{} {}", GradeText(cell.familiarity().grade(), language), date);
}

Outcome Matrix(Session& session, const WhoKnowsOptions& options) {
  GetContactMatrixRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_municipality_code(),
                      HomeMunicipality(session, options.municipality));
  request.set_theme(static_cast<registry::v1::Theme>(EnumNumber(ThemeWords(), options.theme)));
  request.set_audience(
      static_cast<registry::v1::Audience>(EnumNumber(AudienceWords(), options.audience)));
  const bool largest = options.page.all && options.page.size == 0;
  request.set_page_size(largest ? kLargestPage : static_cast<int>(options.page.size));
  request.set_page_token(options.page.token);
  BB_ASSIGN_OR_RETURN(const auto matrix, session.Call<GetContactMatrixResponse>(request));
  WriteRecord(session, matrix, [&] {
    Rows rows;
    rows.columns.push_back({"association", "ASSOCIATION"});
    for (const auto& column : matrix.columns()) {
      rows.columns.push_back({column.department_id(), column.department_name()});
    }
    for (const auto& row : matrix.rows()) {
      std::vector<Cell> cells(rows.columns.size());
      cells[0] = Cell{row.official_name()};
      for (const auto& cell : row.cells()) {
        cells[static_cast<size_t>(cell.column()) + 1] = Cell{MatrixText(cell, session.language())};
      }
      rows.cells.push_back(std::move(cells));
    }
    return rows;
  });
  SayHowMany(session, static_cast<size_t>(matrix.rows_size()), "association",
             matrix.next_page_token());
  return 0;
}

void AddCriteria(Command& command, const std::shared_ptr<WhoKnowsOptions>& options) {
  command
      .Option("--theme", options->theme,
              {.summary = "Associations with an activity of this theme",
               .completes = Completes::kWord,
               .words = ThemeWords()})
      .Option("--audience", options->audience,
              {.summary = "Associations with an activity for these",
               .completes = Completes::kWord,
               .words = AudienceWords()})
      .Option("--municipality", options->municipality,
              {.summary = "Municipality code; else the one of the hub's departments"});
  AddPageOptions(command, options->page);
}

}  // namespace

void AddWhoKnows(const Command& root) {
  const auto options = std::make_shared<WhoKnowsOptions>();
  Command who = root.Add("who-knows", "Which departments know an association, a theme, an area");
  who.OptionalArgument(
         "ASSOCIATION", options->association,
         {.summary = "Its id, CVR number or official name", .completes = Completes::kAssociation})
      .Option("--area", options->area,
              {.summary = "Associations whose area or postal district has this in it"});
  AddCriteria(who, options);
  who.Does([options](Session& session) { return WhoKnows(session, *options); });

  Command matrix =
      root.Add("matrix", "Departments against associations: who is in touch with whom");
  AddCriteria(matrix, options);
  matrix.Does([options](Session& session) { return Matrix(session, *options); });
}

}  // namespace brobygger::cli
