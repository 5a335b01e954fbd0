#include "core/audit/subject_keys.h"

#include <algorithm>
#include <set>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "core/base/log.h"
#include "core/base/status_macros.h"

namespace brobygger::audit {
namespace {

// A subject's tag, and when its key was destroyed.
struct Erasure {
  Key tag{};
  base::Instant time;
};

std::string ToText(const Key& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string LineOf(const Erasure& erasure) {
  return absl::StrCat(absl::BytesToHexString(ToText(erasure.tag)), " ",
                      erasure.time.time_since_epoch().count(), "\n");
}

std::optional<Erasure> ReadLine(std::string_view line) {
  const std::vector<std::string> words = absl::StrSplit(std::string(line), ' ');
  std::int64_t micros = 0;
  if (words.size() != 2 || !absl::SimpleAtoi(words[1], &micros)) return std::nullopt;
  Erasure erasure;
  const std::string tag =
      words[0].size() == 2 * erasure.tag.size() &&
              std::all_of(words[0].begin(), words[0].end(), absl::ascii_isxdigit)
          ? absl::HexStringToBytes(words[0])
          : "";
  if (tag.empty()) return std::nullopt;
  std::copy(tag.begin(), tag.end(), erasure.tag.begin());
  erasure.time = base::Instant(std::chrono::microseconds(micros));
  return erasure;
}

struct Ledger {
  std::vector<Erasure> erasures;
  std::uint64_t unreadable = 0;
};

Ledger ReadLedger(std::string_view text) {
  Ledger ledger;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto erasure = ReadLine(text.substr(0, end));
    if (erasure.has_value()) {
      ledger.erasures.push_back(*erasure);
    } else {
      ++ledger.unreadable;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return ledger;
}

absl::Status Unavailable(const absl::Status& status) {
  return status.ok() ? status : AuditUnavailable(std::string(status.message()));
}

}  // namespace

// Shared with work that outlasts its caller's deadline.
struct SubjectKeys::State {
  explicit State(const Options& options) : clock(*options.clock) {}
  ~State() { OPENSSL_cleanse(file_key.data(), file_key.size()); }

  const base::Clock& clock;
  Key file_key{};

  // The disk thread's own.
  std::unique_ptr<SubjectSlots> slots;
  std::unique_ptr<TailFile> ledger;
  absl::flat_hash_map<Key, base::Instant> erased;
  std::vector<std::uint64_t> to_wipe;

  mutable absl::Mutex mutex;
  absl::flat_hash_map<Key, SubjectSlots::Placed> keys ABSL_GUARDED_BY(mutex);

  Key TagOf(const std::string& subject_id) const { return KeyedDigest(file_key, subject_id); }

  std::optional<std::string> DigestOf(const Key& tag, const std::string& subject_id) const {
    SubjectKey key;
    {
      absl::MutexLock lock(&mutex);
      const auto found = keys.find(tag);
      if (found == keys.end()) return std::nullopt;
      key = found->second.second;
    }
    return ToText(KeyedDigest(key.key, subject_id));
  }

  bool Has(const Key& tag) const {
    absl::MutexLock lock(&mutex);
    return keys.contains(tag);
  }

  // Keeps the younger of two keys of a subject: of one whose write failed half way
  // nobody was given a digest.
  void Keep(const SubjectSlots::Placed& placed) {
    absl::MutexLock lock(&mutex);
    const auto [place, added] = keys.emplace(placed.second.tag, placed);
    if (added) return;
    const bool younger = place->second.second.made < placed.second.made;
    to_wipe.push_back(younger ? place->second.first : placed.first);
    if (younger) place->second = placed;
  }

  absl::Status Add(const std::set<Key>& tags) {
    std::vector<SubjectKey> made;
    for (const Key& tag : tags) {
      if (Has(tag)) continue;
      SubjectKey& key = made.emplace_back();
      key.tag = tag;
      // Younger than its subject's erasure, however the clock jumped.
      const auto gone = erased.find(tag);
      key.made = clock.Now();
      if (gone != erased.end()) {
        key.made = std::max(key.made, gone->second + std::chrono::microseconds(1));
      }
      if (RAND_bytes(key.key.data(), static_cast<int>(key.key.size())) != 1) {
        return absl::InternalError("the machine has no random numbers");
      }
    }
    if (made.empty()) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(const auto places, slots->Put(made));
    for (std::size_t i = 0; i < made.size(); ++i) Keep({places[i], made[i]});
    return absl::OkStatus();
  }

  // Takes the key out of memory, to be wiped from the file. Whether there was one that
  // is not younger than the erasure.
  bool Forget(const Erasure& erasure) {
    base::Instant& newest = erased.try_emplace(erasure.tag, erasure.time).first->second;
    newest = std::max(newest, erasure.time);
    absl::MutexLock lock(&mutex);
    const auto found = keys.find(erasure.tag);
    if (found == keys.end() || found->second.second.made > erasure.time) return false;
    to_wipe.push_back(found->second.first);
    keys.erase(found);
    return true;
  }

  absl::Status WipeForgotten() {
    while (!to_wipe.empty()) {
      BB_RETURN_IF_ERROR(slots->Wipe(to_wipe.back()));
      to_wipe.pop_back();
    }
    return absl::OkStatus();
  }

  absl::Status Erase(const Key& tag) {
    Erasure erasure{.tag = tag, .time = clock.Now()};
    {
      absl::MutexLock lock(&mutex);
      const auto found = keys.find(tag);
      if (found != keys.end()) {
        erasure.time = std::max(erasure.time, found->second.second.made);
      }
    }
    BB_RETURN_IF_ERROR(ledger->Append(LineOf(erasure)));
    Forget(erasure);
    return WipeForgotten();
  }

  absl::StatusOr<std::uint64_t> Apply(const std::vector<Erasure>& erasures) {
    std::string lines;
    for (const Erasure& each : erasures) {
      const auto known = erased.find(each.tag);
      if (known == erased.end() || known->second < each.time) lines += LineOf(each);
    }
    if (!lines.empty()) BB_RETURN_IF_ERROR(ledger->Append(lines));
    const auto gone = std::count_if(erasures.begin(), erasures.end(),
                                    [this](const Erasure& each) { return Forget(each); });
    BB_RETURN_IF_ERROR(WipeForgotten());
    return static_cast<std::uint64_t>(gone);
  }
};

SubjectKeys::~SubjectKeys() = default;

absl::StatusOr<std::unique_ptr<SubjectKeys>> SubjectKeys::Open(const Options& options) {
  BB_RETURN_IF_ERROR(MakeFolder(options.folder));
  const auto state = std::make_shared<State>(options);
  BB_ASSIGN_OR_RETURN(KeyFile key, ReadOrMakeKey(options.folder + "/subjects.key"));
  state->file_key = key.key;
  OPENSSL_cleanse(key.key.data(), key.key.size());
  BB_ASSIGN_OR_RETURN(state->slots,
                      SubjectSlots::Open(*options.disk, options.folder + "/subjects"));
  for (const auto& placed : state->slots->TakeFound()) state->Keep(placed);
  // What is left of a wipe that a crash cut short is part of a key, and must go too.
  state->to_wipe.insert(state->to_wipe.end(), state->slots->unreadable().begin(),
                        state->slots->unreadable().end());
  if (!state->slots->unreadable().empty()) {
    base::LogWarning("audit_subject_keys_cut_short",
                     {{"count", state->slots->unreadable().size()}});
  }
  const std::string ledger_path = options.folder + "/erasures";
  BB_ASSIGN_OR_RETURN(state->ledger, TailFile::OpenLines(*options.disk, ledger_path));
  BB_ASSIGN_OR_RETURN(const std::string text, ReadFile(ledger_path));
  const Ledger ledger = ReadLedger(std::string_view(text).substr(0, state->ledger->size()));
  if (ledger.unreadable > 0) {
    base::LogError("audit_erasures_unreadable", {{"count", ledger.unreadable}});
  }
  for (const Erasure& each : ledger.erasures) state->Forget(each);
  BB_RETURN_IF_ERROR(state->WipeForgotten());
  return std::unique_ptr<SubjectKeys>(new SubjectKeys(state));
}

absl::StatusOr<std::string> SubjectKeys::Digest(const std::string& subject_id, Deadline deadline) {
  BB_ASSIGN_OR_RETURN(const auto digests, Digests({subject_id}, deadline));
  return digests.front();
}

absl::StatusOr<std::vector<std::string>> SubjectKeys::Digests(
    const std::vector<std::string>& subject_ids, Deadline deadline) {
  std::set<Key> unknown;
  for (const std::string& id : subject_ids) {
    const Key tag = state_->TagOf(id);
    if (!state_->Has(tag)) unknown.insert(tag);
  }
  if (!unknown.empty()) {
    BB_RETURN_IF_ERROR(disk_thread_.Run(
        [state = state_, unknown] { return Unavailable(state->Add(unknown)); }, deadline));
  }
  std::vector<std::string> digests;
  for (const std::string& id : subject_ids) {
    auto digest = state_->DigestOf(state_->TagOf(id), id);
    if (!digest.has_value()) return AuditUnavailable("a subject was erased meanwhile");
    digests.push_back(*std::move(digest));
  }
  return digests;
}

std::optional<std::string> SubjectKeys::Find(const std::string& subject_id) const {
  return state_->DigestOf(state_->TagOf(subject_id), subject_id);
}

absl::Status SubjectKeys::Erase(const std::string& subject_id, Deadline deadline) {
  const Key tag = state_->TagOf(subject_id);
  return disk_thread_.Run([state = state_, tag] { return Unavailable(state->Erase(tag)); },
                          deadline);
}

absl::StatusOr<std::uint64_t> SubjectKeys::ApplyLedger(const std::string& path, Deadline deadline) {
  BB_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  const auto ledger = std::make_shared<const Ledger>(ReadLedger(text));
  if (ledger->unreadable > 0) {
    return base::MakeError(errors::v1::ERROR_REASON_STORAGE_CORRUPT,
                           absl::StrCat(ledger->unreadable, " lines of the erasures in ", path,
                                        " cannot be read; nothing was erased"),
                           {{"kind", "erasures"}});
  }
  const auto gone = std::make_shared<std::uint64_t>(0);
  BB_RETURN_IF_ERROR(disk_thread_.Run(
      [state = state_, ledger, gone] {
        const auto count = state->Apply(ledger->erasures);
        if (count.ok()) *gone = *count;
        return Unavailable(count.status());
      },
      deadline));
  return *gone;
}

std::uint64_t SubjectKeys::count() const {
  absl::MutexLock lock(&state_->mutex);
  return state_->keys.size();
}

}  // namespace brobygger::audit
