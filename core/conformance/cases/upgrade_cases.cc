// U: from one version to the next.
#include "core/conformance/cases/upgrade_cases.h"

#include <absl/strings/str_cat.h>

#include "core/base/status_macros.h"
#include "core/conformance/contract.h"
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

absl::Status Knows(const google::protobuf::Message& answer, const std::string& verb) {
  const std::string unknown = UnknownField(answer);
  return Expect(unknown.empty(), absl::StrCat(verb, " answers with ", unknown,
                                              ", which the contract does not know"));
}

// Whether all that it says is in the words of the contract.
absl::Status SaysWhatWeKnow(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(bench.fixture().jail));
  BB_ASSIGN_OR_RETURN(const auto spec, talk->Spec());
  BB_RETURN_IF_ERROR(Knows(spec, "Spec"));
  BB_ASSIGN_OR_RETURN(const auto configured, talk->Configure(bench.Configuration({})));
  BB_RETURN_IF_ERROR(Knows(configured, "Configure"));
  BB_ASSIGN_OR_RETURN(const auto checked, talk->Check());
  BB_RETURN_IF_ERROR(Knows(checked, "Check"));
  BB_ASSIGN_OR_RETURN(const auto discovered, talk->Discover());
  BB_RETURN_IF_ERROR(Knows(discovered, "Discover"));
  const auto knows = [](const plugin::v1::ReadResponse& event) { return Knows(event, "Read"); };
  return talk->Read({.stream = bench.fixture().stream, .on_event = knows}).status;
}

// U5: what it carries of the contract, and what it says. A program carries what it likes.
absl::Status ContractIsKept(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartBare(bench.fixture().jail));
  BB_ASSIGN_OR_RETURN(const auto greeting, talk->Handshake({}));
  const bool later = greeting.wire_minor() > kWireMinor;
  if (bench.entry().file.kind == "dll") {
    const Contract carried = ContractIn(bench.entry().file.path);
    const std::string difference = carried.empty() ? "" : DifferenceFromOurs(carried, later);
    BB_RETURN_IF_ERROR(Expect(difference.empty(), difference));
  }
  if (later) return absl::OkStatus();
  BB_RETURN_IF_ERROR(Knows(greeting, "Handshake"));
  return SaysWhatWeKnow(bench);
}

}  // namespace

std::vector<Case> UpgradeCases() {
  return {
      {"U1",
       "cursors and ids of the previous version are brought up to date",
       {"delta", "previous:cursor"},
       OldStateIsUpgraded},
      {"U2",
       "a cursor of a newer version is refused or nothing is skipped",
       {"snapshot"},
       DowngradeIsClean},
      {"U3",
       "an upgrade in the middle of a run loses nothing and does nothing twice",
       {"mappings", "verb:edit"},
       UpgradeUnderLoad},
      {"U4", "a new version that fails leaves the old one at work", {"snapshot"}, FailedUpgrade},
      {"U5", "it speaks the released contract, in what it carries and says", {}, ContractIsKept},
      {.id = "U6",
       .title = "a plugin built with the previous SDK passes",
       .held_by = "this SDK is the first; run the kit on the older build of the plugin"},
  };
}

}  // namespace brobygger::conformance
