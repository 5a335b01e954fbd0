// R1-R10: that all is read, and that nothing is lost when a reader stops and goes on.
#include <absl/strings/str_cat.h>

#include "core/base/status_macros.h"
#include "core/conformance/cases/reading.h"

namespace brobygger::conformance {
namespace {

using plugin::v1::ReadRequest;

constexpr int kPageRecords = 7;
constexpr int kSameTime = 500;

// R1
absl::Status FullSnapshot(Bench& bench) {
  std::set<std::string> first;
  for (int run = 0; run < 2; ++run) {
    BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
    BB_ASSIGN_OR_RETURN(const ReadOutcome outcome, ReadAll(*talk, bench));
    std::set<std::string> ids;
    for (const Record& record : outcome.records) {
      BB_RETURN_IF_ERROR(Expect(ids.insert(record.external_id()).second,
                                absl::StrCat("id '", record.external_id(), "' comes twice")));
    }
    Content content;
    Fold(outcome.records, content);
    BB_RETURN_IF_ERROR(SameAsMock(content, bench));
    BB_RETURN_IF_ERROR(Expect(run == 0 || ids == first, "two runs tell other ids"));
    first = ids;
  }
  return absl::OkStatus();
}

// R2
absl::Status CountAndDigest(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const ReadOutcome outcome, ReadAll(*talk, bench));
  Content content;
  Fold(outcome.records, content);
  BB_RETURN_IF_ERROR(Expect(outcome.end->record_count() == content.size(),
                            absl::StrCat("SnapshotEnd counts ", outcome.end->record_count(),
                                         ", and there came ", content.size())));
  BB_ASSIGN_OR_RETURN(const ReadOutcome again, ReadAll(*talk, bench));
  BB_RETURN_IF_ERROR(
      Expect(again.end->id_digest() == outcome.end->id_digest(), "the same ids have two digests"));
  if (outcome.end->id_digest().empty() || bench.fixture().verbs.count("add") == 0) {
    return absl::OkStatus();
  }
  BB_RETURN_IF_ERROR(bench.mock().Add("kit-new", bench.fixture().new_record));
  BB_ASSIGN_OR_RETURN(const ReadOutcome more, ReadAll(*talk, bench));
  return Expect(more.end->id_digest() != outcome.end->id_digest(),
                "other ids have the same digest");
}

// R3
absl::Status CutIsNotComplete(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartOn("cut"));
  const ReadOutcome outcome = talk->Read({.stream = bench.fixture().stream});
  BB_RETURN_IF_ERROR(Expect(!outcome.end || !outcome.end->complete(),
                            "a source that broke off was told as a complete snapshot"));
  return Expect(!outcome.status.ok(), "the read did not end with an error");
}

// R4
absl::Status EmptyIsDoubted(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartOn("empty"));
  const ReadOutcome outcome = talk->Read({.stream = bench.fixture().stream});
  return Expect(!outcome.end || !outcome.end->complete(),
                "an empty answer was believed, though another question says otherwise");
}

// R5
absl::Status DeltaTellsEdits(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const ReadOutcome all, ReadAll(*talk, bench));
  Content content;
  Fold(all.records, content);
  const std::size_t size = content.size();
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  std::set<std::string> edited;
  for (const auto& [id, record] : before) {
    if (edited.size() == 2) break;
    BB_RETURN_IF_ERROR(bench.mock().Edit(id, OneText(bench, absl::StrCat("Edited ", id))));
    edited.insert(id);
  }
  BB_RETURN_IF_ERROR(bench.mock().Add("kit-new", bench.fixture().new_record));
  BB_ASSIGN_OR_RETURN(const ReadOutcome delta,
                      ReadAll(*talk, bench, {.mode = ReadRequest::MODE_DELTA, .from = all.last()}));
  Fold(delta.records, content);
  BB_RETURN_IF_ERROR(SameAsMock(content, bench));
  std::size_t others = 0;
  for (const Record& record : delta.records) {
    if (edited.count(record.external_id()) == 0 && before.count(record.external_id()) > 0) ++others;
  }
  // Those at the border may come again, but a delta is not the whole.
  return Expect(others <= size / 2, absl::StrCat(others, " records came that nobody changed"));
}

// R6
absl::Status ResumeAnywhere(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const std::vector<Stop> stops, ReadInSteps(*talk, bench, 1));
  BB_RETURN_IF_ERROR(Expect(!stops.empty(), "there is no checkpoint"));
  for (const Stop& stop : stops) {
    BB_ASSIGN_OR_RETURN(const auto again, bench.Start());
    BB_ASSIGN_OR_RETURN(const ReadOutcome rest, ReadAll(*again, bench, {.from = stop.checkpoint}));
    Content content = stop.held;
    Fold(rest.records, content);
    BB_RETURN_IF_ERROR(SameAsMock(content, bench));
  }
  return absl::OkStatus();
}

// R7
absl::Status KilledAnywhere(Bench& bench) {
  const std::size_t rounds = bench.longer() ? 20 : 5;
  std::size_t events = 0;
  {
    BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
    const auto count = [&](const plugin::v1::ReadResponse&) {
      ++events;
      return absl::OkStatus();
    };
    BB_RETURN_IF_ERROR(ReadAll(*talk, bench, {.batch_records = 1, .on_event = count}).status());
  }
  for (std::size_t round = 0; round < rounds; ++round) {
    BB_ASSIGN_OR_RETURN(const Stop stop, ReadUntilKilled(bench, round * events / rounds));
    BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
    BB_ASSIGN_OR_RETURN(const ReadOutcome rest, ReadAll(*talk, bench, {.from = stop.checkpoint}));
    Content content = stop.held;
    Fold(rest.records, content);
    BB_RETURN_IF_ERROR(SameAsMock(content, bench));
  }
  return absl::OkStatus();
}

// R8
absl::Status SameTimeStamp(Bench& bench) {
  BB_RETURN_IF_ERROR(bench.mock().Fill(kSameTime));
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  const ReadRequest::Mode mode =
      bench.Can("delta") ? ReadRequest::MODE_DELTA : ReadRequest::MODE_SNAPSHOT;
  BB_ASSIGN_OR_RETURN(const Content content, ReadPages(*talk, bench, mode, kPageRecords, {}));
  return SameAsMock(content, bench);
}

// R9
absl::Status ChangedWhilePaging(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  const std::string first = before.begin()->first;
  const std::string last = before.rbegin()->first;
  const auto change = [&](int page) -> absl::Status {
    if (page != 1) return absl::OkStatus();
    BB_RETURN_IF_ERROR(bench.mock().Edit(first, OneText(bench, "Changed meanwhile")));
    return bench.mock().Edit(last, OneText(bench, "Changed meanwhile too"));
  };
  BB_ASSIGN_OR_RETURN(const Content content,
                      ReadPages(*talk, bench, ReadRequest::MODE_SNAPSHOT, 2, change));
  return SameAsMock(content, bench);
}

// R10
absl::Status DeletedWhilePaging(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  const std::string first = before.begin()->first;
  const auto remove = [&](int page) {
    return page == 1 ? bench.mock().Remove(first) : absl::OkStatus();
  };
  BB_ASSIGN_OR_RETURN(Content content,
                      ReadPages(*talk, bench, ReadRequest::MODE_SNAPSHOT, 2, remove));
  // A source without tombstones cannot say that it is gone; its neighbours count.
  if (!bench.Can("tombstones")) content.erase(first);
  return SameAsMock(content, bench);
}

}  // namespace

std::vector<Case> ReadCases() {
  std::vector<Case> cases = {
      {"R1", "a full snapshot tells all, once, and the same ids twice", {"snapshot"}, FullSnapshot},
      {"R2", "the end of a snapshot counts right", {"snapshot"}, CountAndDigest},
      {"R3",
       "a source that breaks off gives no complete snapshot",
       {"fault:cut"},
       CutIsNotComplete},
      {"R4", "an empty answer is doubted", {"fault:empty"}, EmptyIsDoubted},
      {"R5", "a delta tells the edits", {"delta", "verb:edit", "verb:add"}, DeltaTellsEdits},
      {"R6", "a reader can go on from every checkpoint", {"snapshot"}, ResumeAnywhere},
      {"R7", "nothing is missing after kill -9 in a read", {"snapshot"}, KilledAnywhere},
      {"R8", "records with one time stamp are all read across pages", {"verb:fill"}, SameTimeStamp},
      {"R9",
       "a record changed while paging is told in its newest form",
       {"snapshot", "verb:edit"},
       ChangedWhilePaging},
      {"R10",
       "a record deleted while paging hides none of its neighbours",
       {"snapshot", "verb:remove"},
       DeletedWhilePaging},
  };
  for (Case& one : ReadValueCases()) cases.push_back(std::move(one));
  return cases;
}

}  // namespace brobygger::conformance
