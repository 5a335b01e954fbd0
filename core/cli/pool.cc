// pool list, show, import, close and reopen.
#include <memory>

#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "brobygger/grant/v1/pool_service.pb.h"

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/enum_words.h"
#include "core/cli/output.h"
#include "core/cli/paging.h"
#include "core/cli/pool_file.h"
#include "core/cli/pool_words.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using grant::v1::ListPoolsResponse;
using grant::v1::Pool;
using grant::v1::PoolState;

struct PoolOptions {
  std::string pool;
  std::string file;
  std::string municipality_code;
  std::string as_of;
  bool closed = false;
  bool dry_run = false;
  PageOptions page;
};

std::vector<std::string> ListKeys() {
  return {"key", "title", "municipality", "deadline", "amount", "themes", "state"};
}

std::vector<Cell> PoolCells(const Pool& pool, const std::string& language) {
  return {{pool.key()},
          {pool.title()},
          {WhoseText(pool, language)},
          {DeadlineText(pool, Today(), language)},
          {AmountText(pool, language)},
          {EnumTexts(*registry::v1::Theme_descriptor(), pool.themes(), language)},
          {EnumText(*grant::v1::PoolState_descriptor(), pool.state(), language)}};
}

Outcome List(Session& session, const PoolOptions& options) {
  grant::v1::ListPoolsRequest request;
  request.set_municipality_code(options.municipality_code);
  request.set_show_closed(options.closed);
  const std::string& language = session.language();
  BB_ASSIGN_OR_RETURN(ListWriter writer,
                      ListWriter::Make(session, "pools", PoolColumns(ListKeys(), language)));
  const auto add = [&](const ListPoolsResponse& page) {
    for (const Pool& pool : page.pools()) writer.Add(pool, PoolCells(pool, language));
    return page.pools_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListPoolsResponse>(session, request, options.page, add)));
  pages.last.clear_pools();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "fund", pages.last.next_page_token());
  return 0;
}

// For people with fields in their language; `named` is false for programs, which want keys that
// stay.
Rows RowsOf(const grant::v1::GetPoolResponse& answer, bool named, const std::string& language) {
  const Pool& pool = answer.pool();
  Rows rows{.columns = PoolColumns({"field", "value"}, language), .cells = {}};
  const auto add = [&](const std::string& field, const std::string& value) {
    const std::string name = named ? PoolText("field_" + field, language) : field;
    if (!value.empty()) rows.cells.push_back({{name}, {value}});
  };
  const auto cells = PoolCells(pool, language);
  const auto keys = ListKeys();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] != "deadline") add(keys[i], cells[i].value);
  }
  if (pool.all_year()) add("deadline", PoolText("all_year", language));
  for (const std::string& day : pool.deadline_dates()) {
    add("deadline", ShowField("deadline_date", day, language));
  }
  const bool gone = !pool.owner_department_id().empty() && pool.department_name().empty();
  add("department", gone ? PoolText("gone_department", language) : pool.department_name());
  add("law", pool.law());
  add("kle", pool.kle_number());
  add("kind", EnumText(*grant::v1::GrantKind_descriptor(), pool.kind(), language));
  add("text", InLanguage(pool.description(), language));
  add("link", pool.url());
  for (const auto& wanted : answer.wanted()) add("criterion", InLanguage(wanted, language));
  add("id", pool.id());
  return rows;
}

Outcome Show(Session& session, const PoolOptions& options) {
  BB_ASSIGN_OR_RETURN(const Pool pool, FindPool(session, options.pool));
  grant::v1::GetPoolRequest request;
  request.set_pool_id(pool.id());
  BB_ASSIGN_OR_RETURN(*request.mutable_as_of(), ToAsOf(options.as_of));
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<grant::v1::GetPoolResponse>(request));
  WriteRecord(session, answer, [&] {
    return RowsOf(answer, session.format() == Format::kTable, session.language());
  });
  return 0;
}

// The funds with the ids of their departments.
absl::StatusOr<std::vector<Pool>> Resolved(Session& session, const PoolFile& file) {
  std::vector<Pool> pools;
  for (const PoolRow& row : file.rows) {
    Pool& pool = pools.emplace_back(row.pool);
    const auto department = DepartmentId(session, row.department);
    if (!department.ok()) {
      const Given here{.file = file.path, .line = row.line, .key = "department", .values = {}};
      return here.Wrong(std::string(department.status().message()));
    }
    pool.set_owner_department_id(*department);
  }
  return pools;
}

// A file with a mistake in it changes nothing, which has to be said.
absl::Status NothingImported(Session& session, const absl::Status& status) {
  absl::Status said(status.code(), fmt::format("{}{}", std::string(status.message()),
                                               PoolText("nothing_imported", session.language())));
  status.ForEachPayload(
      [&](absl::string_view url, const absl::Cord& payload) { said.SetPayload(url, payload); });
  return said;
}

Outcome Import(Session& session, const PoolOptions& options) {
  const auto file = ReadPoolFile(options.file);
  if (!file.ok()) return NothingImported(session, file.status());
  const auto pools = Resolved(session, *file);
  if (!pools.ok()) return NothingImported(session, pools.status());
  grant::v1::ImportPoolsRequest request;
  request.mutable_pools()->Assign(pools->begin(), pools->end());
  request.set_validate_only(options.dry_run);
  request.set_request_id(base::MakeUuid());
  const auto answer = session.Call<grant::v1::ImportPoolsResponse>(request);
  if (!answer.ok()) return NothingImported(session, AtPoolLine(*file, answer.status()));
  const std::string& language = session.language();
  const std::string text = PoolText("imported", language,
                                    {{"created", std::to_string(answer->created_count())},
                                     {"updated", std::to_string(answer->updated_count())},
                                     {"unchanged", std::to_string(answer->unchanged_count())}});
  session.Say((options.dry_run ? PoolText("dry_run", language) : "") + text);
  WriteRecord(session, *answer, [&] {
    Rows rows{.columns = PoolColumns(ListKeys(), language), .cells = {}};
    for (const Pool& pool : answer->pools()) rows.cells.push_back(PoolCells(pool, language));
    return rows;
  });
  return 0;
}

Outcome SetState(Session& session, const PoolOptions& options, PoolState state) {
  BB_ASSIGN_OR_RETURN(const Pool pool, FindPool(session, options.pool));
  grant::v1::SetPoolStateRequest request;
  request.set_pool_id(pool.id());
  request.set_state(state);
  // Whoever changed it meanwhile has to be seen first.
  request.set_etag(pool.etag());
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<grant::v1::SetPoolStateResponse>(request));
  const std::string& language = session.language();
  session.Say(PoolText(state == grant::v1::POOL_STATE_CLOSED ? "closed" : "reopened", language,
                       {{"title", pool.title()}, {"key", pool.key()}}));
  WriteRecord(session, answer.pool(), [&] {
    return Rows{.columns = PoolColumns(ListKeys(), language),
                .cells = {PoolCells(answer.pool(), language)}};
  });
  return 0;
}

}  // namespace

void AddPool(const Command& root) {
  Command group = root.Add("pool", "Funds (puljer): what they ask, and which fit an association");
  const auto options = std::make_shared<PoolOptions>();
  Command list = group.Add("list", "List funds");
  list.Option("--municipality", options->municipality_code,
              {.summary = "Only this municipality's (code), and the national ones"})
      .Flag("--closed", options->closed, "Closed ones, too");
  AddPageOptions(list, options->page);
  list.Does([options](Session& session) { return List(session, *options); });

  const ValueHint fund = {.summary = "Its key, its title or its id"};
  group.Add("show", "Show a fund and what it asks")
      .Argument("FUND", options->pool, fund)
      .Option("--as-of", options->as_of, {.summary = "As it was at a revision, date or instant"})
      .Does([options](Session& session) { return Show(session, *options); });
  AddPoolFit(group);

  group.Add("import", "Make and change funds as a file has them; a mistake changes nothing")
      .Argument("FILE", options->file,
                {.summary = "TOML with [[pool]], or CSV; core/cli/README.md has the keys",
                 .completes = Completes::kFile})
      .Flag("--dry-run", options->dry_run, "Only say what would be done")
      .Does([options](Session& session) { return Import(session, *options); });
  group.Add("close", "Say that a fund cannot be applied to any more")
      .Argument("FUND", options->pool, fund)
      .Does([options](Session& session) {
        return SetState(session, *options, grant::v1::POOL_STATE_CLOSED);
      });
  group.Add("reopen", "Say that a closed fund can be applied to again")
      .Argument("FUND", options->pool, fund)
      .Does([options](Session& session) {
        return SetState(session, *options, grant::v1::POOL_STATE_OPEN);
      });
}

}  // namespace brobygger::cli
