#include "core/audit/checkpoint.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include "core/audit/verify.h"
#include "tests/core/audit/entries.h"
#include "tests/core/audit/faulty_disk.h"

namespace brobygger::audit {
namespace {

namespace fs = std::filesystem;

std::size_t LinesIn(const fs::path& path) {
  const std::string text = Slurp(path);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST_CASE("a checkpoint's line reads back with the right key alone", "[audit]") {
  const support::TempFolder folder;
  const auto signer = OpenSigner(folder.path().string());
  REQUIRE(signer.ok());
  Checkpoint checkpoint;
  checkpoint.head.sequence = 1000;
  checkpoint.head.hash[0] = 0xAB;
  checkpoint.time = base::Instant(std::chrono::microseconds(1'714'564'800'000'000));
  const std::string line = (*signer)->Line(checkpoint);
  const auto read = ReadCheckpoint(line, (*signer)->public_key());
  REQUIRE(read.ok());
  CHECK(read->head == checkpoint.head);
  CHECK(read->time == checkpoint.time);
  PublicKey other = (*signer)->public_key();
  other[3] ^= 1;
  CHECK(absl::IsDataLoss(ReadCheckpoint(line, other).status()));
}

TEST_CASE("a checkpoint of which any sign was changed is refused", "[audit]") {
  const support::TempFolder folder;
  const auto signer = OpenSigner(folder.path().string());
  REQUIRE(signer.ok());
  const std::string line = (*signer)->Line({.head = {.sequence = 7, .hash = {}}, .time = {}});
  REQUIRE(ReadCheckpoint(line, (*signer)->public_key()).ok());
  for (std::size_t i = 0; i < line.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = line;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      CAPTURE(i, bit);
      CHECK_FALSE(ReadCheckpoint(changed, (*signer)->public_key()).ok());
    }
  }
  CHECK_FALSE(ReadCheckpoint(line + " ", (*signer)->public_key()).ok());
  CHECK_FALSE(ReadCheckpoint("", (*signer)->public_key()).ok());
}

TEST_CASE("the signing key is made once, for the hub's user alone", "[audit]") {
  const support::TempFolder folder;
  const auto first = OpenSigner(folder.path().string());
  const auto second = OpenSigner(folder.path().string());
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  CHECK((*first)->public_key() == (*second)->public_key());
  const fs::path key = folder.path() / "checkpoint.key";
  CHECK(fs::status(key).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(ReadPublicKey((folder.path() / kPublicKeyFile).string()).value() == (*first)->public_key());
  fs::permissions(key, fs::perms::others_read, fs::perm_options::add);
  CHECK(absl::IsFailedPrecondition(OpenSigner(folder.path().string()).status()));
}

TEST_CASE("a checkpoint is made after so many records, here and outside", "[audit]") {
  const support::TempFolder folder;
  fs::create_directory(folder.path() / "outside");
  Options options = QuietOptions(folder.path());
  options.checkpoint_records = 10;
  options.outside_folder = (folder.path() / "outside").string();
  const auto log = OpenLog(options);
  for (int i = 0; i < 10; ++i) REQUIRE(log->Append(EntryBy("p1"), Patient()).ok());
  while (log->health().newest_checkpoint < 10) std::this_thread::yield();
  CHECK(LinesIn(fs::path(options.folder) / kCheckpointsFile) == 1);
  CHECK(Slurp(fs::path(options.folder) / kCheckpointsFile) ==
        Slurp(folder.path() / "outside" / kCheckpointsFile));
}

TEST_CASE("a checkpoint of fewer records is made after a while, and none of no new ones",
          "[audit]") {
  const support::TempFolder folder;
  Options options = QuietOptions(folder.path());
  options.checkpoint_interval = std::chrono::milliseconds(20);
  {
    const auto log = OpenLog(options);
    REQUIRE(log->Append(EntryBy("p1"), Patient()).ok());
    while (log->health().newest_checkpoint < 1) std::this_thread::yield();
  }
  CHECK(LinesIn(fs::path(options.folder) / kCheckpointsFile) == 1);
  { const auto log = OpenLog(options); }
  CHECK(LinesIn(fs::path(options.folder) / kCheckpointsFile) == 1);
}

TEST_CASE("a folder outside that hangs keeps no entry waiting", "[audit]") {
  const support::TempFolder folder;
  fs::create_directory(folder.path() / "outside");
  FaultyDisk disk;
  Options options = QuietOptions(folder.path());
  options.disk = &disk;
  options.checkpoint_records = 1;
  options.outside_folder = (folder.path() / "outside").string();
  const auto log = OpenLog(options);
  disk.Hang("outside");
  REQUIRE(log->Append(EntryBy("p1"), Patient()).ok());
  disk.AwaitHung();
  for (int i = 0; i < 100; ++i) REQUIRE(log->Append(EntryBy("p2"), Patient()).ok());
  CHECK(log->health().newest_checkpoint == 0);
  disk.Release();
  while (log->health().newest_checkpoint < 101) std::this_thread::yield();
}

TEST_CASE("a folder outside that is missing is told of, and filled when it is back", "[audit]") {
  const support::TempFolder folder;
  Options options = QuietOptions(folder.path());
  options.checkpoint_records = 1;
  options.checkpoint_interval = std::chrono::milliseconds(5);
  options.outside_folder = (folder.path() / "outside").string();
  const auto log = OpenLog(options);
  REQUIRE(log->Append(EntryBy("p1"), Patient()).ok());
  while (!log->health().checkpoints_failing) std::this_thread::yield();
  fs::create_directory(folder.path() / "outside");
  while (log->health().newest_checkpoint < 1) std::this_thread::yield();
  CHECK_FALSE(log->health().checkpoints_failing);
  CHECK(LinesIn(folder.path() / "outside" / kCheckpointsFile) == 1);
  CHECK(LinesIn(fs::path(options.folder) / kCheckpointsFile) == 1);
}

}  // namespace
}  // namespace brobygger::audit
