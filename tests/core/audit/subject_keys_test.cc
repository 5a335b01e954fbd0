#include "core/audit/subject_keys.h"

#include <atomic>
#include <set>
#include <thread>

#include <absl/strings/escaping.h>

#include "core/audit/verify.h"
#include "tests/core/audit/entries.h"
#include "tests/core/audit/faulty_disk.h"

namespace brobygger::audit {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<SubjectKeys> OpenKeys(const SubjectKeys::Options& options) {
  auto keys = SubjectKeys::Open(options);
  INFO(std::string(keys.status().message()));
  REQUIRE(keys.ok());
  return *std::move(keys);
}

SubjectKeys::Options KeysIn(const fs::path& folder) {
  SubjectKeys::Options options;
  options.folder = (folder / "audit").string();
  return options;
}

std::string DigestOf(SubjectKeys& keys, const std::string& subject) {
  const auto digest = keys.Digest(subject, Patient());
  REQUIRE(digest.ok());
  return *digest;
}

TEST_CASE("a subject has one digest, also after the keys are opened again", "[audit]") {
  const support::TempFolder folder;
  std::string first;
  {
    const auto keys = OpenKeys(KeysIn(folder.path()));
    first = DigestOf(*keys, "s1");
    CHECK(first.size() == 32);
    CHECK(DigestOf(*keys, "s1") == first);
    CHECK(DigestOf(*keys, "s2") != first);
  }
  const auto keys = OpenKeys(KeysIn(folder.path()));
  CHECK(keys->Find("s1") == first);
  CHECK(keys->count() == 2);
}

TEST_CASE("a look-up makes no key", "[audit]") {
  const support::TempFolder folder;
  const auto keys = OpenKeys(KeysIn(folder.path()));
  CHECK_FALSE(keys->Find("never met").has_value());
  CHECK(keys->count() == 0);
}

TEST_CASE("many new subjects share one flush", "[audit]") {
  const support::TempFolder folder;
  FaultyDisk disk;
  SubjectKeys::Options options = KeysIn(folder.path());
  options.disk = &disk;
  const auto keys = OpenKeys(options);
  std::vector<std::string> ids;
  for (int i = 0; i < 500; ++i) ids.push_back("s" + std::to_string(i % 400));
  const int before = disk.flushes();
  const auto digests = keys->Digests(ids, Patient());
  REQUIRE(digests.ok());
  CHECK(disk.flushes() - before == 1);
  CHECK(std::set<std::string>(digests->begin(), digests->end()).size() == 400);
  CHECK((*digests)[3] == (*digests)[403]);
  REQUIRE(keys->Digests(ids, Patient()).ok());
  CHECK(disk.flushes() - before == 1);
}

TEST_CASE("an erased subject is found nowhere in the files, and the chain verifies", "[audit]") {
  const support::TempFolder folder;
  const Options options = QuietOptions(folder.path());
  const std::string subject = "4f6c2b1e-subject-to-erase";
  std::string digest;
  {
    const auto log = OpenLog(options);
    const auto keys = OpenKeys(KeysIn(folder.path()));
    for (int i = 0; i < 20; ++i) {
      v1::Entry entry = EntryBy("p1");
      entry.add_subject_digests(DigestOf(*keys, i % 2 == 0 ? subject : "somebody-else"));
      REQUIRE(log->Append(entry, Patient()).ok());
    }
    digest = keys->Find(subject).value();
    CHECK(log->EntriesAbout(digest, {})->records.size() == 10);
  }
  // All that is kept of the subject: tag, key and when.
  const std::string slot = FilesOf(options.folder)["subjects"].substr(0, 128);
  {
    const auto keys = OpenKeys(KeysIn(folder.path()));
    REQUIRE(keys->Erase(subject, Patient()).ok());
    CHECK_FALSE(keys->Find(subject).has_value());
    CHECK(keys->Find("somebody-else").has_value());
  }
  const std::string key = slot.substr(32, 32);
  for (const auto& [name, bytes] : FilesOf(options.folder)) {
    CAPTURE(name);
    CHECK(bytes.find(subject) == std::string::npos);
    CHECK(bytes.find(key) == std::string::npos);
    CHECK(bytes.find(absl::BytesToHexString(key)) == std::string::npos);
    CHECK(bytes.find(slot.substr(0, 32)) == std::string::npos);
  }
  const auto log = OpenLog(options);
  const auto keys = OpenKeys(KeysIn(folder.path()));
  CHECK_FALSE(keys->Find(subject).has_value());
  CHECK(AllOf(*log).size() == 20);
  const auto result = VerifyLog({.folder = options.folder});
  REQUIRE(result.ok());
  CHECK_FALSE(result->first_bad.has_value());
  // Whoever comes back is somebody new.
  CHECK(DigestOf(*keys, subject) != digest);
}

TEST_CASE("a restored file of keys brings no erased subject back", "[audit]") {
  const support::TempFolder folder;
  support::FakeClock clock;
  SubjectKeys::Options options = KeysIn(folder.path());
  options.clock = &clock;
  const fs::path audit(options.folder);
  std::string backup;
  {
    const auto keys = OpenKeys(options);
    DigestOf(*keys, "gone");
    DigestOf(*keys, "stays");
  }
  backup = Slurp(audit / "subjects");
  {
    const auto keys = OpenKeys(options);
    clock.Advance(std::chrono::hours(1));
    REQUIRE(keys->Erase("gone", Patient()).ok());
    DigestOf(*keys, "gone");  // came back, as somebody new, in the same instant
  }
  const std::string ledger = Slurp(audit / "erasures");

  SECTION("with the ledger beside it") {
    Spill(audit / "subjects", backup);
    const auto keys = OpenKeys(options);
    CHECK_FALSE(keys->Find("gone").has_value());
    CHECK(keys->Find("stays").has_value());
  }
  SECTION("with a ledger from elsewhere") {
    Spill(audit / "subjects", backup);
    Spill(audit / "erasures", "");
    Spill(folder.path() / "outside", ledger);
    const auto keys = OpenKeys(options);
    CHECK(keys->Find("gone").has_value());
    CHECK(keys->ApplyLedger((folder.path() / "outside").string(), Patient()).value() == 1);
    CHECK_FALSE(keys->Find("gone").has_value());
    CHECK(keys->ApplyLedger((folder.path() / "outside").string(), Patient()).value() == 0);
    CHECK(Slurp(audit / "erasures") == ledger);
  }
  SECTION("a key that is younger than the erasure stays") {
    const auto keys = OpenKeys(options);
    CHECK(keys->Find("gone").has_value());
  }
  SECTION("a ledger that cannot be read does nothing") {
    Spill(audit / "subjects", backup);
    Spill(audit / "erasures", "");
    Spill(folder.path() / "outside", ledger + "what is this\n");
    const auto keys = OpenKeys(options);
    CHECK(absl::IsDataLoss(
        keys->ApplyLedger((folder.path() / "outside").string(), Patient()).status()));
    CHECK(keys->Find("gone").has_value());
  }
}

TEST_CASE("a key that cannot be put on disk is given to nobody", "[audit]") {
  const support::TempFolder folder;
  FaultyDisk disk;
  SubjectKeys::Options options = KeysIn(folder.path());
  options.disk = &disk;
  {
    const auto keys = OpenKeys(options);
    const std::string known = DigestOf(*keys, "known");
    SECTION("full") {
      disk.LeaveRoom(60);
      CHECK(base::ReasonOf(keys->Digest("new", Patient()).status()) ==
            errors::v1::ERROR_REASON_AUDIT_UNAVAILABLE);
      disk.MakeRoom();
    }
    SECTION("flushes fail") {
      disk.FailFlushes(true);
      CHECK_FALSE(keys->Digest("new", Patient()).ok());
      disk.FailFlushes(false);
    }
    SECTION("hung") {
      disk.Hang("subjects");
      CHECK(base::ReasonOf(keys->Digest("new", Within(std::chrono::milliseconds(20))).status()) ==
            errors::v1::ERROR_REASON_AUDIT_UNAVAILABLE);
      disk.Release();
    }
    CHECK(DigestOf(*keys, "known") == known);
    DigestOf(*keys, "new");
    CHECK(keys->count() == 2);
  }
  CHECK(OpenKeys(options)->count() == 2);
}

TEST_CASE("an erasure that a crash cut short is done at the next start", "[audit]") {
  const support::TempFolder folder;
  FaultyDisk disk;
  SubjectKeys::Options options = KeysIn(folder.path());
  options.disk = &disk;
  {
    const auto keys = OpenKeys(options);
    DigestOf(*keys, "gone");
    // Room for the line in the ledger and not for the zeros.
    disk.LeaveRoom(100);
    CHECK_FALSE(keys->Erase("gone", Patient()).ok());
    CHECK_FALSE(keys->Find("gone").has_value());
    disk.MakeRoom();
    if (GENERATE(true, false)) CHECK(keys->Erase("gone", Patient()).ok());
  }
  const auto keys = OpenKeys(options);
  CHECK_FALSE(keys->Find("gone").has_value());
  const std::string slots = Slurp(fs::path(options.folder) / "subjects");
  CHECK(slots.find_first_not_of('\0') == std::string::npos);
}

TEST_CASE("a file in which no key can be read is refused and left as it is", "[audit]") {
  const support::TempFolder folder;
  const SubjectKeys::Options options = KeysIn(folder.path());
  {
    const auto keys = OpenKeys(options);
    for (const char* subject : {"s1", "s2", "s3"}) DigestOf(*keys, subject);
  }
  const fs::path path = fs::path(options.folder) / "subjects";
  const std::string other = Slurp(path).substr(1) + "x";
  Spill(path, other);
  CHECK(absl::IsDataLoss(SubjectKeys::Open(options).status()));
  CHECK(Slurp(path) == other);
}

TEST_CASE("a place in the file is used again once it was wiped", "[audit]") {
  const support::TempFolder folder;
  const auto keys = OpenKeys(KeysIn(folder.path()));
  for (int i = 0; i < 10; ++i) {
    DigestOf(*keys, "s" + std::to_string(i));
    REQUIRE(keys->Erase("s" + std::to_string(i), Patient()).ok());
  }
  CHECK(fs::file_size(folder.path() / "audit" / "subjects") == 128);
}

TEST_CASE("many threads may meet, find and erase subjects at once", "[audit]") {
  const support::TempFolder folder;
  const auto keys = OpenKeys(KeysIn(folder.path()));
  // Checks are for one thread at a time.
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 20; ++n) {
        const std::string own = std::to_string(i) + "-" + std::to_string(n);
        const auto digests = keys->Digests({own, "shared", own}, Patient());
        const bool found = digests.ok() && keys->Find(own) == digests->front();
        const bool erased = keys->Erase(own, Patient()).ok() && !keys->Find(own).has_value();
        failed += found && erased ? 0 : 1;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(failed == 0);
  CHECK(keys->count() == 1);
}

}  // namespace
}  // namespace brobygger::audit
