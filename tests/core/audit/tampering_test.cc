// Somebody with all rights on the machine changes the log (S5). Only what is kept outside
// is out of their reach: the checkpoints' copy and the public key.
#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/audit/checkpoint.h"
#include "core/audit/segment.h"
#include "core/audit/verify.h"
#include "tests/core/audit/entries.h"
#include "tests/support/rounds.h"

namespace brobygger::audit {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::string>;
using Random = std::mt19937;

constexpr int kRecords = 400;

std::size_t Pick(Random& random, std::size_t count) {
  return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
}

// A log with all that belongs to it, and the folder outside.
class Scene {
 public:
  Scene() {
    fs::create_directory(folder_.path() / "outside");
    Options options = QuietOptions(folder_.path());
    options.segment_bytes = 8 << 10;
    options.checkpoint_records = 50;
    options.outside_folder = (folder_.path() / "outside").string();
    {
      const auto log = OpenLog(options);
      for (int i = 1; i <= kRecords; ++i) {
        v1::Entry entry = EntryBy("p" + std::to_string(i % 7), "o" + std::to_string(i));
        entry.add_subject_digests(std::string(32, static_cast<char>(i)));
        REQUIRE(log->Append(entry, Patient()).ok());
      }
    }
    files_ = FilesOf(options.folder);
    Spill(folder_.path() / "outside" / kPublicKeyFile, files_[kPublicKeyFile]);
    REQUIRE(Segments().size() > 5);
  }

  const Files& files() const { return files_; }

  std::vector<std::string> Segments() const {
    std::vector<std::string> names;
    for (const auto& [name, bytes] : files_) {
      if (fs::path(name).extension() == ".log") names.push_back(name);
    }
    return names;
  }

  // What verification says of a folder with these files.
  VerifyResult Verify(const Files& files, bool outside = true) {
    const fs::path tampered = folder_.path() / "tampered";
    fs::remove_all(tampered);
    fs::create_directory(tampered);
    for (const auto& [name, bytes] : files) Spill(tampered / name, bytes);
    VerifyRequest request{.folder = tampered.string()};
    if (outside) {
      request.outside_checkpoints = (folder_.path() / "outside" / kCheckpointsFile).string();
      request.public_key = (folder_.path() / "outside" / kPublicKeyFile).string();
    }
    const auto result = VerifyLog(request);
    REQUIRE(result.ok());
    return *result;
  }

  // The one that the log signs with, which is on the machine as well.
  std::unique_ptr<Signer> LogSigner() const {
    return *OpenSigner((folder_.path() / "audit").string());
  }

 private:
  const support::TempFolder folder_;
  Files files_;
};

std::vector<Frame> FramesOf(const std::string& bytes) {
  std::vector<Frame> frames;
  SegmentWalker walker(bytes);
  Frame frame;
  while (walker.Next(frame) == Step::kFrame) frames.push_back(frame);
  return frames;
}

// All bytes of a frame, its hash too.
std::string WholeFrame(const std::string& bytes, const Frame& frame) {
  return bytes.substr(frame.offset, frame.hashed.size() + frame.hash.size());
}

std::string FrameOf(std::string_view payload, ChainHead before) {
  ChainHasher hasher;
  std::string out;
  AppendFrame(payload, hasher, before, out);
  return out;
}

std::string EditedPayload(const Frame& frame, Random& random) {
  v1::LogRecord record;
  REQUIRE(record.ParseFromArray(frame.payload.data(), static_cast<int>(frame.payload.size())));
  switch (Pick(random, 3)) {
    case 0:
      record.mutable_entry()->set_actor("somebody-else");
      break;
    case 1:
      record.mutable_entry()->clear_subject_digests();
      break;
    default:
      record.mutable_record_time()->set_seconds(record.record_time().seconds() - 3600);
  }
  return record.SerializeAsString();
}

void FlipByte(const Scene& scene, Random& random, Files& files) {
  auto names = scene.Segments();
  names.push_back(kCheckpointsFile);
  std::string& bytes = files[names[Pick(random, names.size())]];
  const std::size_t place = Pick(random, bytes.size());
  bytes[place] = static_cast<char>(bytes[place] ^ (1 + Pick(random, 255)));
}

void EditRow(const Scene& scene, Random& random, Files& files) {
  const auto names = scene.Segments();
  std::string& bytes = files[names[Pick(random, names.size())]];
  const std::string original = bytes;
  const auto frames = FramesOf(original);
  const std::size_t chosen = Pick(random, frames.size());
  const Frame& frame = frames[chosen];
  ChainHead before{.sequence = frame.sequence - 1, .hash = {}};
  before.hash = chosen == 0 ? ReadSegmentHeader(original)->hash : frames[chosen - 1].hash;
  std::string edited = FrameOf(EditedPayload(frame, random), before);
  // With a hash of its own that fits, or with the old one.
  if (random() % 2 == 0) {
    edited.resize(edited.size() - frame.hash.size());
    edited.append(reinterpret_cast<const char*>(frame.hash.data()), frame.hash.size());
  }
  bytes = original.substr(0, frame.offset) + edited +
          original.substr(frame.offset + WholeFrame(original, frame).size());
}

void DeleteRows(const Scene& scene, Random& random, Files& files) {
  const auto names = scene.Segments();
  std::string& bytes = files[names[Pick(random, names.size())]];
  const std::string original = bytes;
  const auto frames = FramesOf(original);
  const std::size_t first = Pick(random, frames.size());
  const std::size_t count = 1 + Pick(random, std::min<std::size_t>(5, frames.size() - first));
  const Frame& last = frames[first + count - 1];
  bytes = original.substr(0, frames[first].offset) +
          original.substr(last.offset + WholeFrame(original, last).size());
}

void SwapRows(const Scene& scene, Random& random, Files& files) {
  auto names = scene.Segments();
  names.pop_back();  // it may hold one row alone
  std::string& bytes = files[names[Pick(random, names.size())]];
  const std::string original = bytes;
  const auto frames = FramesOf(original);
  const std::size_t first = Pick(random, frames.size() - 1);
  const std::size_t second = first + 1 + Pick(random, frames.size() - first - 1);
  bytes = original.substr(0, kHeaderBytes);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::size_t from = i == first ? second : i == second ? first : i;
    bytes += WholeFrame(original, frames[from]);
  }
}

// The folder's own checkpoints up to a record, so that they tell of nothing behind it.
void CutCheckpoints(Files& files, std::uint64_t sequence, const Signer& signer) {
  std::string kept;
  std::string_view rest(files[kCheckpointsFile]);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    const auto checkpoint = ReadCheckpoint(line, signer.public_key());
    if (checkpoint.ok() && checkpoint->head.sequence <= sequence) kept += std::string(line) + "\n";
    rest.remove_prefix(line.size() + 1);
  }
  files[kCheckpointsFile] = kept;
}

void CutTail(const Scene& scene, Random& random, Files& files) {
  auto names = scene.Segments();
  const std::size_t chosen = Pick(random, names.size());
  for (std::size_t i = chosen + 1; i < names.size(); ++i) files.erase(names[i]);
  std::string& bytes = files[names[chosen]];
  const auto frames = FramesOf(bytes);
  const Frame& frame = frames[Pick(random, frames.size())];
  const std::uint64_t left = frame.sequence - 1;
  // At a record's end, or anywhere.
  bytes.resize(random() % 2 == 0 ? frame.offset : frame.offset + 1 + Pick(random, 60));
  if (random() % 2 == 0) CutCheckpoints(files, left, *scene.LogSigner());
}

// Every record again, one of them changed or left out, with hashes that fit, and with
// checkpoints signed with the log's own key: all that root can do.
void RewriteAll(const Scene& scene, Random& random, Files& files) {
  const auto signer = scene.LogSigner();
  const std::uint64_t victim = 1 + Pick(random, kRecords);
  const bool leave_out = random() % 2 == 0;
  ChainHasher hasher;
  ChainHead head;
  std::string checkpoints;
  for (const std::string& name : scene.Segments()) {
    std::string bytes = SegmentHeader(head);
    for (const Frame& frame : FramesOf(scene.files().at(name))) {
      if (frame.sequence == victim && leave_out) continue;
      AppendFrame(
          frame.sequence == victim ? EditedPayload(frame, random) : std::string(frame.payload),
          hasher, head, bytes);
      if (head.sequence % 50 == 0) checkpoints += signer->Line({.head = head, .time = {}}) + "\n";
    }
    files[name] = bytes;
  }
  files[kCheckpointsFile] = checkpoints;
}

void MoveSegments(const Scene& scene, Random& random, Files& files) {
  const auto names = scene.Segments();
  const std::size_t first = Pick(random, names.size() - 1);
  const std::size_t second = first + 1 + Pick(random, names.size() - first - 1);
  switch (Pick(random, 3)) {
    case 0:
      files.erase(names[first]);
      break;
    case 1:
      std::swap(files[names[first]], files[names[second]]);
      break;
    default:
      files[names[second]] = files[names[first]];
  }
}

void InsertRow(const Scene& scene, Random& random, Files& files) {
  const auto names = scene.Segments();
  const std::size_t segment = Pick(random, names.size());
  std::string& bytes = files[names[segment]];
  const std::string original = bytes;
  const auto frames = FramesOf(original);
  // Behind the log's last record it would be no record: what does not fit there is a write that
  // was cut short, and is dropped at the next start.
  const bool newest = segment + 1 == names.size();
  const Frame& frame = frames[Pick(random, frames.size() - (newest ? 1 : 0))];
  const std::size_t end = frame.offset + WholeFrame(original, frame).size();
  const std::string forged = FrameOf(EditedPayload(frame, random), {frame.sequence, frame.hash});
  bytes = original.substr(0, end) + forged + original.substr(end);
}

void TamperWithCheckpoints(const Scene& scene, Random& random, Files& files) {
  std::string& text = files[kCheckpointsFile];
  if (random() % 5 == 0) {
    files.erase(kCheckpointsFile);
    return;
  }
  std::vector<std::string> lines;
  for (std::string_view rest(text); !rest.empty();) {
    lines.emplace_back(rest.substr(0, rest.find('\n') + 1));
    rest.remove_prefix(lines.back().size());
  }
  const std::size_t chosen = Pick(random, lines.size());
  if (random() % 2 == 0) {
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(chosen));
  } else {
    const Signer forger{Key{}};
    const std::uint64_t sequence = 1 + Pick(random, kRecords);
    lines[chosen] = forger.Line({.head = {.sequence = sequence, .hash = {}}, .time = {}}) + "\n";
  }
  text.clear();
  for (const std::string& line : lines) text += line;
  static_cast<void>(scene);
}

struct Tampering {
  const char* name;
  void (*apply)(const Scene&, Random&, Files&);
};

constexpr Tampering kTamperings[] = {
    {"byte flip", FlipByte},
    {"row edited", EditRow},
    {"rows deleted", DeleteRows},
    {"rows swapped", SwapRows},
    {"tail cut", CutTail},
    {"all rewritten", RewriteAll},
    {"segment gone, moved or doubled", MoveSegments},
    {"row inserted", InsertRow},
    {"checkpoints changed", TamperWithCheckpoints},
};

TEST_CASE("whatever is changed in the log is found", "[audit]") {
  const unsigned seed = std::random_device()();
  CAPTURE(seed);
  Random random(seed);
  Scene scene;
  const VerifyResult untouched = scene.Verify(scene.files());
  INFO(VerifySentence(untouched));
  REQUIRE_FALSE(untouched.first_bad.has_value());
  REQUIRE(untouched.records == kRecords);

  const int rounds = support::RoundsFrom("BROBYGGER_AUDIT_TAMPERINGS", 1000);
  std::map<std::string, int> tried;
  int found = 0;
  for (int round = 0; round < rounds; ++round) {
    const Tampering& tampering = kTamperings[round % std::size(kTamperings)];
    Files files = scene.files();
    tampering.apply(scene, random, files);
    CAPTURE(round, tampering.name);
    REQUIRE(files != scene.files());
    const VerifyResult result = scene.Verify(files);
    CHECK(result.first_bad.has_value());
    found += result.first_bad.has_value() ? 1 : 0;
    ++tried[tampering.name];
  }
  std::string told = std::to_string(found) + " of " + std::to_string(rounds) + " found, seed " +
                     std::to_string(seed) + ":";
  for (const auto& [name, count] : tried) told += " " + name + " " + std::to_string(count) + ";";
  WARN(told);
}

TEST_CASE("the first record that was changed is told with its file and byte", "[audit]") {
  Scene scene;
  Files files = scene.files();
  const std::string name = scene.Segments()[2];
  const auto frames = FramesOf(scene.files().at(name));
  std::string& bytes = files[name];
  const Frame& victim = frames[3];
  bytes[victim.offset + kPrefixBytes + 5] ^= 1;
  // And another one behind it.
  files[scene.Segments()[4]][500] ^= 1;
  const auto result = scene.Verify(files);
  REQUIRE(result.first_bad.has_value());
  CHECK(result.first_bad->file == name);
  CHECK(result.first_bad->sequence == victim.sequence);
  CHECK(result.first_bad->offset == victim.offset);
  CHECK(result.records == victim.sequence - 1);
  CHECK(VerifySentence(result).find("BAD: " + name + ", record " +
                                    std::to_string(victim.sequence)) == 0);
}

TEST_CASE("what root rewrites with the log's own key is seen from outside alone", "[audit]") {
  Scene scene;
  Random random(1);
  Files files = scene.files();
  RewriteAll(scene, random, files);
  CHECK_FALSE(scene.Verify(files, false).first_bad.has_value());
  CHECK(scene.Verify(files, true).first_bad.has_value());
}

TEST_CASE("a log signed with another key is found when the public key was kept outside",
          "[audit]") {
  Scene scene;
  Files files = scene.files();
  const Signer forger{Key{}};
  files[kPublicKeyFile] = PublicKeyText(forger.public_key()) + "\n";
  files.erase(kCheckpointsFile);
  CHECK(scene.Verify(files).first_bad.has_value());
}

TEST_CASE("verification needs the files it was told of and changes none", "[audit]") {
  const support::TempFolder folder;
  CHECK(absl::IsNotFound(VerifyLog({.folder = (folder.path() / "none").string()}).status()));
  const Options options = QuietOptions(folder.path());
  {
    const auto log = OpenLog(options);
    REQUIRE(log->Append(EntryBy("p1"), Patient()).ok());
  }
  CHECK_FALSE(
      VerifyLog({.folder = options.folder, .outside_checkpoints = options.folder + "/none"}).ok());
  CHECK_FALSE(VerifyLog({.folder = options.folder, .public_key = options.folder + "/lock"}).ok());
  const Files before = FilesOf(options.folder);
  REQUIRE(VerifyLog({.folder = options.folder}).ok());
  CHECK(FilesOf(options.folder) == before);
}

}  // namespace
}  // namespace brobygger::audit
