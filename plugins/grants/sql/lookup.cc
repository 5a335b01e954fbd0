#include "plugins/grants/sql/lookup.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "brobygger/sdk/error.h"

#include "plugins/grants/sql/cell.h"

namespace brobygger::sql {
namespace {

using plugin::v1::LookupRequest;
using plugin::v1::LookupResponse;

constexpr std::size_t kMostAtOnce = 512;

absl::Status CannotFindBy(const TableConfig& config, const std::string& what) {
  if (!config.part.empty()) {
    return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_UNSUPPORTED,
                           .code = "grants.sql.unsupported",
                           .da = "Ansøgninger læses kun og kan kun slås op efter deres nøgle.",
                           .en = "Applications are only read, and can be looked up only by key.",
                           .path = config.part + "key"});
  }
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_UNSUPPORTED,
                         .code = "grants.sql.unsupported",
                         .da = "Der kan ikke slås op efter " + what + " uden '" + what +
                               "' i forbindelsens opsætning.",
                         .en = "Nothing can be looked up by " + what + " without '" + what +
                               "' in the connection's configuration.",
                         .path = what});
}

// One request in progress.
class Search {
 public:
  Search(const TableConfig& config,
         const std::vector<Column>& shown,
         Database& database,
         const sdk::Call& call)
      : finder_(config, shown, database), call_(call) {}

  // Finds by `column`; `told` says what a row holds there, as it was asked for.
  template <typename Told>
  absl::Status Find(const std::string& column, const std::vector<std::string>& asked, Told told) {
    for (std::size_t begin = 0; begin < asked.size(); begin += kMostAtOnce) {
      if (call_.cancelled()) return absl::CancelledError("nobody listens");
      const std::size_t end = std::min(begin + kMostAtOnce, asked.size());
      const std::vector<std::string> part(asked.begin() + static_cast<std::ptrdiff_t>(begin),
                                          asked.begin() + static_cast<std::ptrdiff_t>(end));
      const std::set<std::string> wanted(part.begin(), part.end());
      auto rows = finder_.Find(column, part, Lock::kNone);
      if (!rows.ok()) return rows.status();
      for (FoundRow& row : *rows) {
        const std::string name = told(row);
        // A database may find more than asked for, such as other letters' case.
        if (wanted.count(name) == 0) continue;
        found_.insert(name);
        Add(std::move(row));
      }
    }
    return absl::OkStatus();
  }

  bool Found(const std::string& name) const { return found_.count(name) > 0; }
  LookupResponse& response() { return response_; }

 private:
  void Add(FoundRow row) {
    if (!sent_.insert(row.key_text()).second) return;
    if (row.fault.ok()) {
      *response_.add_records() = std::move(row.record);
    } else {
      *response_.add_diagnostics() = sdk::DiagnosticOf(row.fault);
    }
  }

  RowFinder finder_;
  const sdk::Call& call_;
  LookupResponse response_;
  std::set<std::string> found_;
  std::set<std::string> sent_;
};

absl::Status FindByLink(const LookupRequest& request,
                        const TableConfig& config,
                        const Database& database,
                        Search& search) {
  if (!config.write || config.write->link_by.empty()) return CannotFindBy(config, "write.link_by");
  const Column& column = *config.ColumnOf(config.write->link_by);
  std::vector<std::string> cells;
  for (const plugin::v1::Record& record : request.natural_keys()) {
    const auto value = record.fields().find(column.field);
    if (value == record.fields().end()) continue;
    const auto cell = ToCell(column, database.Info(column.source), value->second, nullptr);
    if (cell.ok() && *cell) cells.push_back(std::string(Trim(**cell)));
  }
  return search.Find(column.source, cells, [&](const FoundRow& row) {
    const plugin::v1::Value* told = row.Held(column.field);
    if (told == nullptr) return std::string();
    const auto cell = ToCell(column, database.Info(column.source), *told, nullptr);
    return cell.ok() && *cell ? std::string(Trim(**cell)) : std::string();
  });
}

}  // namespace

absl::StatusOr<LookupResponse> LookUp(const LookupRequest& request,
                                      const TableConfig& config,
                                      const std::vector<Column>& shown,
                                      Database& database,
                                      const sdk::Call& call) {
  Search search(config, shown, database, call);
  const std::vector<std::string> keys(request.external_ids().begin(), request.external_ids().end());
  const std::vector<std::string> ids(request.foreign_ids().begin(), request.foreign_ids().end());
  absl::Status done =
      search.Find(config.key, keys, [](const FoundRow& row) { return row.key_text(); });
  std::set<std::string> absent;
  for (const std::string& key : keys) {
    if (!search.Found(key)) absent.insert(key);
  }
  if (done.ok() && !ids.empty()) {
    if (!config.write) return CannotFindBy(config, "write.id");
    done = search.Find(config.write->id, ids, [](const FoundRow& row) { return row.id_text(); });
  }
  for (const std::string& id : ids) {
    if (!search.Found(id)) absent.insert(id);
  }
  if (done.ok() && !request.natural_keys().empty()) {
    done = FindByLink(request, config, database, search);
  }
  if (!done.ok()) return done;
  for (const std::string& name : absent) search.response().add_definitely_absent(name);
  return std::move(search.response());
}

}  // namespace brobygger::sql
