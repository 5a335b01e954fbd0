#include <map>
#include <memory>

#include <absl/strings/str_split.h>
#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/output.h"
#include "core/cli/paging.h"
#include "core/cli/words.h"
#include "core/model/fields.h"

namespace brobygger::cli {
namespace {

using registry::v1::Association;
using registry::v1::ListAssociationsRequest;
using registry::v1::ListAssociationsResponse;

constexpr char kUsualColumns[] = "id,name,cvr,municipality,status,phones,emails";
struct ListOptions {
  std::string filter;
  std::string order_by;
  std::string as_of;
  PageOptions page;
  bool show_deleted = false;
};

std::string Header(const std::string& path) {
  static const std::map<std::string, std::string> kHeaders = {
      {"official_name", "NAME"},
      {"identifiers.DK-CVR", "CVR"},
      {"municipality_code", "MUNICIPALITY"},
  };
  if (const auto known = kHeaders.find(path); known != kHeaders.end()) return known->second;
  std::string header = path;
  for (char& letter : header) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - ('a' - 'A'));
    if (letter == '_') letter = ' ';
  }
  return header;
}

bool IsMarked(const std::string& path) { return model::IsFieldPath(path); }

absl::StatusOr<std::vector<Column>> WantedColumns(const std::string& typed) {
  std::vector<Column> columns;
  const std::string wanted = typed.empty() ? kUsualColumns : typed;
  for (const auto word : absl::StrSplit(wanted, ',', absl::SkipWhitespace())) {
    const std::string path = ToFieldPath(std::string(word));
    BB_RETURN_IF_ERROR(CheckColumn(path));
    columns.push_back({.key = path, .header = Header(path), .marked = IsMarked(path)});
  }
  return columns;
}

// Makes the line of one association.
class Lines {
 public:
  Lines(Session& session, std::vector<Column> columns, SourceMarks marks)
      : session_(session), columns_(std::move(columns)), marks_(std::move(marks)) {}

  std::vector<Cell> Of(const Association& association) {
    const auto said = WhoSaidWhat(association);
    const bool for_people = session_.format() == Format::kTable;
    std::vector<Cell> cells;
    for (const Column& column : columns_) {
      Cell cell{.value = ColumnText(association, column.key)};
      const auto sayers = said.find(column.key);
      if (sayers != said.end()) {
        differing_ = differing_ || !sayers->second.differing.empty();
        cell.mark = for_people ? marks_.Of(sayers->second) : SaidByWords(sayers->second);
      }
      if (for_people) cell.value = ForPeople(column.key, cell.value);
      cells.push_back(std::move(cell));
    }
    return cells;
  }

  // What stands under the list; "" if nothing needs explaining.
  std::string Legend() const {
    const std::string legend = marks_.Legend();
    if (legend.empty()) return "";
    return fmt::format("\nWho says so: {}.{}\n", legend,
                       differing_ ? " [A≠B]: the list holds A's word; B says something else." : "");
  }

 private:
  std::string ForPeople(const std::string& path, const std::string& text) const {
    if (path == "id") return text.substr(0, kShownIdLength);
    return ShowField(path, text, session_.language());
  }

  Session& session_;
  std::vector<Column> columns_;
  SourceMarks marks_;
  bool differing_ = false;
};

Outcome List(Session& session, const ListOptions& options) {
  ListAssociationsRequest request;
  request.set_filter(options.filter);
  request.set_order_by(options.order_by);
  request.set_show_deleted(options.show_deleted);
  BB_ASSIGN_OR_RETURN(*request.mutable_as_of(), ToAsOf(options.as_of));
  BB_ASSIGN_OR_RETURN(const auto columns, WantedColumns(session.options().columns));
  BB_ASSIGN_OR_RETURN(auto marks, GetSourceMarks(session));
  Lines lines(session, columns, std::move(marks));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "associations", columns));

  const auto add = [&](const ListAssociationsResponse& page) {
    for (const auto& association : page.associations()) {
      writer.Add(association, lines.Of(association));
    }
    return page.associations_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListAssociationsResponse>(session, request, options.page, add)));
  pages.last.clear_associations();
  writer.Finish(&pages.last);
  if (session.format() == Format::kTable) session.Write(lines.Legend());
  SayHowMany(session, pages.count, "association", pages.last.next_page_token());
  return 0;
}

}  // namespace

void AddAssociationList(const Command& parent) {
  const auto options = std::make_shared<ListOptions>();
  Command list = parent.Add("list", "List associations, with who says each field");
  list.Option(
          "--filter", options->filter,
          {.summary = "Only those that fit, as in: status = ACTIVE AND official_name : \"kultur\""})
      .Option("--order-by", options->order_by,
              {.summary = "What to sort by",
               .words = {"official_name", "official_name desc", "update_time", "update_time desc"}})
      .Option("--as-of", options->as_of, {.summary = "As it was at a revision, date or instant"})
      .Flag("--show-deleted", options->show_deleted, "Deleted ones too");
  AddPageOptions(list, options->page);
  list.Does([options](Session& session) { return List(session, *options); });
}

}  // namespace brobygger::cli
