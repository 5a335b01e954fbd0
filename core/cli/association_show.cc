// association get and association history.
#include <memory>

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
using registry::v1::AssociationVersion;
using registry::v1::ListAssociationHistoryRequest;
using registry::v1::ListAssociationHistoryResponse;

struct ShowOptions {
  std::string association;
  std::string as_of;
  PageOptions page;
};

std::string Titles(const std::vector<std::string>& sources, const SourceMarks& marks) {
  std::string titles;
  for (const auto& source : sources) {
    titles += (titles.empty() ? "" : ", ") + marks.TitleOf(source);
  }
  return titles;
}

// A line for the field, and one more for each source that says something else.
void AddField(const Association& association,
              const std::string& path,
              const Sayers& sayers,
              const SourceMarks& marks,
              Rows& rows) {
  rows.cells.push_back({{path}, {ColumnText(association, path)}, {Titles(sayers.agreeing, marks)}});
  for (const auto& [source, value] : sayers.differing) {
    rows.cells.push_back({{path}, {value}, {"≠ " + marks.TitleOf(source)}});
  }
}

Rows FieldRows(const Association& association, const SourceMarks& marks) {
  Rows rows{.columns = {{"field", "FIELD"}, {"value", "VALUE"}, {"said_by", "SAID BY"}},
            .cells = {}};
  auto said = WhoSaidWhat(association);
  for (const char* path : {"id", "etag", "create_time", "update_time", "delete_time"}) {
    const std::string text = ColumnText(association, path);
    if (!text.empty()) rows.cells.push_back({{path}, {text}, {""}});
  }
  for (const auto& path : model::FilledPaths(association)) {
    AddField(association, path, said[path], marks, rows);
    said.erase(path);
  }
  for (const auto& [path, sayers] : said) AddField(association, path, sayers, marks, rows);
  return rows;
}

// For people: words instead of codes, and a field's path only once.
void MakeReadable(Rows& rows, const std::string& language) {
  std::string above;
  for (auto& row : rows.cells) {
    const std::string path = row[0].value;
    row[1].value = ShowField(path, row[1].value, language);
    if (path == above) row[0].value.clear();
    above = path;
  }
}

Outcome Get(Session& session, const ShowOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto as_of, ToAsOf(options.as_of));
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association, as_of));
  BB_ASSIGN_OR_RETURN(const auto marks, GetSourceMarks(session));
  WriteRecord(session, association, [&] {
    Rows rows = FieldRows(association, marks);
    if (session.format() == Format::kTable) MakeReadable(rows, session.language());
    return rows;
  });
  return 0;
}

using HistoryLines = std::vector<std::vector<Cell>>;

// The lines of one version: what it changed, from what to what. `before` is null
// if the version before is not known.
HistoryLines VersionLines(const AssociationVersion& version,
                          const Association* before,
                          const std::string& language) {
  const std::vector<Cell> head = {{std::to_string(version.revision())},
                                  {ShowTime(version.registered_time(), language)},
                                  {version.actor()}};
  HistoryLines lines;
  for (const auto& path : version.changed_paths()) {
    const std::string old_text = before == nullptr ? "" : ColumnText(*before, path);
    auto line = head;
    line.push_back({path});
    line.push_back({ShowField(path, old_text, language)});
    line.push_back({ShowField(path, ColumnText(version.association(), path), language)});
    lines.push_back(std::move(line));
  }
  if (lines.empty()) {
    auto line = head;
    line.push_back({version.association().has_delete_time() ? "(deleted)" : "(no field changed)"});
    lines.push_back(std::move(line));
  }
  return lines;
}

Outcome History(Session& session, const ShowOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
  ListAssociationHistoryRequest request;
  request.set_association_id(association.id());
  std::vector<AssociationVersion> versions;
  const auto keep = [&](const ListAssociationHistoryResponse& page) {
    versions.insert(versions.end(), page.versions().begin(), page.versions().end());
    return page.versions_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages, (ReadPages<ListAssociationHistoryResponse>(session, request,
                                                                             options.page, keep)));

  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "versions",
                                                          {{"revision", "REVISION"},
                                                           {"registered_time", "WHEN"},
                                                           {"actor", "WHO"},
                                                           {"field", "FIELD"},
                                                           {"before", "BEFORE"},
                                                           {"after", "AFTER"}}));
  const bool by_field = session.format() == Format::kTable || session.format() == Format::kCsv;
  for (size_t i = 0; i < versions.size(); ++i) {
    const Association* before = i + 1 < versions.size() ? &versions[i + 1].association() : nullptr;
    auto lines = VersionLines(versions[i], before, session.language());
    if (!by_field) lines.resize(1);
    for (const auto& line : lines) writer.Add(versions[i], line);
  }
  pages.last.clear_versions();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "version", pages.last.next_page_token());
  return 0;
}

}  // namespace

void AddAssociationShow(const Command& parent) {
  const auto options = std::make_shared<ShowOptions>();
  const ValueHint which{.summary = "Id (or its start), CVR number or whole name",
                        .completes = Completes::kAssociation};
  Command get = parent.Add("get", "Show one association: each field with who says it");
  get.Argument("ASSOCIATION", options->association, which)
      .Option("--as-of", options->as_of, {.summary = "As it was at a revision, date or instant"})
      .Does([options](Session& session) { return Get(session, *options); });

  Command history = parent.Add("history", "Show what changed, when, and by whom, newest first");
  history.Argument("ASSOCIATION", options->association, which);
  AddPageOptions(history, options->page);
  history.Does([options](Session& session) { return History(session, *options); });
}

}  // namespace brobygger::cli
