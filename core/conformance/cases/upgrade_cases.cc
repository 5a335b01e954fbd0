// U: from one version to the next.
#include <absl/strings/str_cat.h>

#include "core/base/status_macros.h"
#include "core/conformance/scenes.h"

namespace brobygger::conformance {
namespace {

using plugin::v1::ReadRequest;

// U1
absl::Status OldStateIsUpgraded(Bench& bench) {
  const nlohmann::json& previous = bench.fixture().previous;
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  plugin::v1::UpgradeStateRequest request;
  request.set_stream(bench.fixture().stream);
  request.set_from_version(previous.at("version").get<std::string>());
  request.set_cursor(previous.at("cursor").get<std::string>());
  request.set_cursor_version(previous.at("cursor_version").get<std::uint32_t>());
  BB_ASSIGN_OR_RETURN(const Content content, bench.mock().List());
  for (const auto& [id, record] : content) request.add_external_ids(id);
  BB_ASSIGN_OR_RETURN(const auto upgraded, talk->UpgradeState(request));
  BB_RETURN_IF_ERROR(FirstError(upgraded.diagnostics()));
  BB_RETURN_IF_ERROR(
      Expect(upgraded.external_ids().size() == content.size(), "not every old id has a new one"));
  plugin::v1::Checkpoint from;
  from.set_cursor(upgraded.cursor());
  from.set_cursor_version(upgraded.cursor_version());
  BB_ASSIGN_OR_RETURN(const ReadOutcome delta,
                      ReadAll(*talk, bench, {.mode = ReadRequest::MODE_DELTA, .from = from}));
  // The fixture names what the old reader had not yet got.
  std::set<std::string> told;
  for (const Record& record : delta.records) told.insert(record.external_id());
  for (const auto& id : previous.value("unread", std::vector<std::string>())) {
    BB_RETURN_IF_ERROR(
        Expect(told.count(id) > 0, absl::StrCat("record '", id, "' is skipped by the upgrade")));
  }
  return absl::OkStatus();
}

// U2
absl::Status DowngradeIsClean(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const ReadOutcome all, ReadAll(*talk, bench));
  plugin::v1::Checkpoint newer = all.last();
  newer.set_cursor_version(newer.cursor_version() + 1);
  const ReadOutcome outcome = talk->Read({.stream = bench.fixture().stream, .from = newer});
  if (!outcome.status.ok()) {
    return Expect(DiagnosticOf(outcome.status).class_() != Diagnostic::CLASS_UNSPECIFIED,
                  "a newer version's cursor fails without a class");
  }
  Content content;
  Fold(outcome.records, content);
  return Expect(SameAsMock(content, bench).ok(), "a newer version's cursor was taken for our own");
}

}  // namespace

std::vector<Case> UpgradeCases() {
  const std::string held = "this version of the hub upgrades by stopping and starting";
  return {
      {"U1",
       "cursors and ids of the previous version are brought up to date",
       {"delta", "previous:cursor"},
       OldStateIsUpgraded},
      {"U2",
       "a cursor of a newer version is refused or nothing is skipped",
       {"snapshot"},
       DowngradeIsClean},
      {.id = "U3", .title = "an upgrade under load loses nothing", .held_by = held},
      {.id = "U4", .title = "a new version that fails leaves the old one at work", .held_by = held},
      {.id = "U5",
       .title = "the released contract is frozen",
       .held_by = "it is the contract's: tests/proto"},
      {.id = "U6",
       .title = "a plugin built with the previous SDK passes",
       .held_by = "there is no previous SDK yet"},
  };
}

}  // namespace brobygger::conformance
