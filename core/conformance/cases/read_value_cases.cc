// R11-R18: that what is read is told rightly, and what cannot be read too.
#include <algorithm>

#include <absl/strings/str_cat.h>

#include "core/base/status_macros.h"
#include "core/conformance/cases/reading.h"

namespace brobygger::conformance {
namespace {

using plugin::v1::ReadRequest;

constexpr std::size_t kLongBytes = std::size_t{1} << 20;       // more than a message takes
constexpr std::size_t kLongishBytes = std::size_t{100} << 10;  // less
constexpr std::uint32_t kUnknownCursorVersion = 9999;

// R11
absl::Status TombstonesAreTold(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const ReadOutcome all, ReadAll(*talk, bench));
  Record gone = all.records.front();
  for (const Record& record : all.records) {
    if (!record.foreign_id().empty()) gone = record;
  }
  BB_RETURN_IF_ERROR(bench.mock().Remove(gone.external_id()));
  BB_ASSIGN_OR_RETURN(const ReadOutcome delta,
                      ReadAll(*talk, bench, {.mode = ReadRequest::MODE_DELTA, .from = all.last()}));
  for (const Record& record : delta.records) {
    if (record.external_id() != gone.external_id() || !record.deleted()) continue;
    return Expect(
        !bench.Can("foreign_id_in_tombstones") || record.foreign_id() == gone.foreign_id(),
        "the tombstone does not tell our id");
  }
  return Expect(false, "the record that was removed is not told as deleted");
}

// R12
absl::Status EmptyIsNotMissing(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content want, bench.mock().List());
  const bool empties = std::any_of(want.begin(), want.end(), [](const auto& record) {
    const auto& fields = record.second.fields();
    return std::any_of(fields.begin(), fields.end(),
                       [](const auto& field) { return field.second.has_empty(); });
  });
  BB_RETURN_IF_ERROR(Expect(empties, "the fixture has no empty field to tell"));
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const ReadOutcome outcome, ReadAll(*talk, bench));
  for (const Record& record : outcome.records) {
    const auto found = want.find(record.external_id());
    if (found == want.end()) continue;
    for (const auto& [name, value] : found->second.fields()) {
      const auto told = record.fields().find(name);
      BB_RETURN_IF_ERROR(Expect(told != record.fields().end(),
                                absl::StrCat("'", name, "' is empty or set, and not told")));
      BB_RETURN_IF_ERROR(Expect(told->second.has_empty() == value.has_empty(),
                                absl::StrCat("'", name, "' is told empty or set wrongly")));
    }
    BB_RETURN_IF_ERROR(SameFields(record, found->second, bench));
  }
  return absl::OkStatus();
}

// R13
absl::Status BadRecordIsOne(Bench& bench) {
  BB_RETURN_IF_ERROR(bench.mock().Run({"malformed"}).status());
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const ReadOutcome outcome, ReadAll(*talk, bench));
  BB_RETURN_IF_ERROR(Expect(!outcome.errors.empty(), "the malformed record is not told"));
  const Diagnostic& diagnostic = outcome.errors.front().diagnostic();
  BB_RETURN_IF_ERROR(Expect(!diagnostic.path().empty() || !outcome.errors[0].external_id().empty(),
                            "nobody can find the malformed record: no path, no id"));
  Content content;
  Fold(outcome.records, content);
  return SameAsMock(content, bench);
}

// R14
absl::Status DatesAreExact(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content want, bench.mock().List());
  bool leap = false;
  for (const auto& [id, record] : want) {
    for (const auto& [name, value] : record.fields()) {
      leap = leap || value.date().find("-02-29") != std::string::npos;
    }
  }
  BB_RETURN_IF_ERROR(Expect(leap, "the fixture has no 29 February"));
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const ReadOutcome outcome, ReadAll(*talk, bench));
  Content content;
  Fold(outcome.records, content);
  for (const auto& [id, record] : want) {
    for (const auto& [name, value] : record.fields()) {
      if (!value.has_instant() && value.kind_case() != Value::kDate) continue;
      const auto& told = content[id].fields();
      const auto found = told.find(name);
      BB_RETURN_IF_ERROR(Expect(found != told.end() && Same(found->second, value),
                                absl::StrCat("'", name, "' of '", id, "' is another time")));
    }
  }
  return absl::OkStatus();
}

// R15
absl::Status NothingIsCutShort(Bench& bench) {
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"long", std::string(kLongBytes, 'x')},
      {"longish", std::string(kLongishBytes, 'x')},
      {"line", "one\ntwo"},
      {"nul", std::string("one\0two", 7)}};
  for (const auto& [kind, text] : texts) {
    if (bench.fixture().cannot_hold.count(kind) > 0) continue;
    const std::string id = "kit-" + kind;
    BB_RETURN_IF_ERROR(bench.mock().Reset());
    Fields fields = bench.fixture().new_record;
    fields[bench.fixture().text_field] = TextValue(text);
    BB_RETURN_IF_ERROR(bench.mock().Add(id, fields));
    BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
    const ReadOutcome outcome = talk->Read({.stream = bench.fixture().stream});
    // It may refuse it, with words; what it tells must be the whole.
    bool told = !outcome.status.ok() &&
                DiagnosticOf(outcome.status).class_() != Diagnostic::CLASS_UNSPECIFIED;
    told = told || !outcome.errors.empty();
    for (const Record& record : outcome.records) {
      if (record.external_id() != id) continue;
      told = record.fields().at(bench.fixture().text_field).text() == text;
      BB_RETURN_IF_ERROR(Expect(told, absl::StrCat("the text of '", id, "' was changed")));
    }
    BB_RETURN_IF_ERROR(Expect(told, absl::StrCat("nothing was told of '", id, "'")));
  }
  return absl::OkStatus();
}

// R16
absl::Status ClocksMayBeWrong(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const ReadOutcome all, ReadAll(*talk, bench));
  Content content;
  Fold(all.records, content);
  plugin::v1::Checkpoint from = all.last();
  int round = 0;
  for (const char* const offset : {"600", "-600", "0"}) {
    BB_RETURN_IF_ERROR(bench.mock().Run({"clock", offset}).status());
    for (const std::string& id : {content.begin()->first, content.rbegin()->first}) {
      BB_RETURN_IF_ERROR(bench.mock().Edit(id, OneText(bench, absl::StrCat("Round ", ++round))));
    }
    BB_ASSIGN_OR_RETURN(const ReadOutcome delta,
                        ReadAll(*talk, bench, {.mode = ReadRequest::MODE_DELTA, .from = from}));
    Fold(delta.records, content);
    BB_RETURN_IF_ERROR(SameAsMock(content, bench));
    if (!delta.checkpoints.empty()) from = delta.last();
  }
  return absl::OkStatus();
}

// Either refused, or everything: never an empty success.
absl::Status RefusedOrWhole(const ReadOutcome& outcome, Bench& bench, const std::string& what) {
  if (!outcome.status.ok()) {
    return Expect(
        DiagnosticOf(outcome.status).class_() != Diagnostic::CLASS_UNSPECIFIED,
        absl::StrCat(what, " ended without a class: ", std::string(outcome.status.message())));
  }
  Content content;
  Fold(outcome.records, content);
  return Expect(SameAsMock(content, bench).ok(), absl::StrCat(what, " was an empty success"));
}

// R17
absl::Status NonsenseIsRefused(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const ReadOutcome all, ReadAll(*talk, bench));
  const ReadOutcome stranger = talk->Read({.stream = "no such stream"});
  BB_RETURN_IF_ERROR(Expect(!stranger.status.ok(), "an unknown stream was read"));
  plugin::v1::Checkpoint garbage = all.last();
  garbage.set_cursor("\x01 no cursor of yours");
  plugin::v1::Checkpoint foreign = all.last();
  foreign.set_cursor_version(kUnknownCursorVersion);
  std::vector<ReadRequest::Mode> modes = {ReadRequest::MODE_SNAPSHOT};
  if (bench.Can("delta")) modes.push_back(ReadRequest::MODE_DELTA);
  for (const ReadRequest::Mode mode : modes) {
    for (const auto& from : {garbage, foreign}) {
      const ReadOutcome outcome =
          talk->Read({.mode = mode, .stream = bench.fixture().stream, .from = from});
      BB_RETURN_IF_ERROR(RefusedOrWhole(outcome, bench,
                                        from.cursor() == garbage.cursor()
                                            ? "a garbage cursor"
                                            : "a cursor of an unknown version"));
    }
  }
  return absl::OkStatus();
}

// R18
absl::Status ReadingChangesNothing(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const ReadOutcome all, ReadAll(*talk, bench));
  if (bench.Can("delta")) {
    BB_RETURN_IF_ERROR(
        ReadAll(*talk, bench, {.mode = ReadRequest::MODE_DELTA, .from = all.last()}).status());
  }
  if (bench.Can("by_ids")) {
    BB_RETURN_IF_ERROR(Get(*talk, bench, before.begin()->first).status());
  }
  return Unchanged(bench, before);
}

}  // namespace

std::vector<Case> ReadValueCases() {
  return {
      {"R11",
       "a removed record is told as deleted",
       {"tombstones", "delta", "verb:remove"},
       TombstonesAreTold},
      {"R12", "told empty is not the same as not told", {"snapshot"}, EmptyIsNotMissing},
      {"R13", "one malformed record costs one record", {"verb:malformed"}, BadRecordIsOne},
      {"R14", "dates and times are exact", {"date"}, DatesAreExact},
      {"R15", "a text is told whole or refused", {"verb:add"}, NothingIsCutShort},
      {"R16",
       "a source whose clock is wrong loses nothing",
       {"delta", "verb:clock", "verb:edit"},
       ClocksMayBeWrong},
      {"R17", "an unknown stream or cursor is no empty success", {"snapshot"}, NonsenseIsRefused},
      {"R18", "reading changes nothing at the source", {"snapshot"}, ReadingChangesNothing},
  };
}

}  // namespace brobygger::conformance
