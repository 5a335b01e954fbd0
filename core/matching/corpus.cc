#include "core/matching/corpus.h"

#include <algorithm>
#include <utility>

#include "core/matching/candidates.h"
#include "core/matching/text.h"

namespace brobygger::matching {
namespace {

// The value of a key: a record's id, or with this bit the number of a list.
constexpr std::uint32_t kList = 1U << 31;
constexpr std::uint32_t kTooMany = std::numeric_limits<std::uint32_t>::max();

}  // namespace

Corpus::Corpus(const Tables& tables)
    : tables_(tables), lexicon_(tables), places_(Places::Shipped()) {}

std::uint64_t Corpus::Entry::OwnerKey() const {
  return owner == kNoOwner ? prepared.name_key : MixHash(owner, 0x0B);
}

RecordId Corpus::NewId() {
  if (!free_.empty()) {
    const RecordId id = free_.back();
    free_.pop_back();
    return id;
  }
  if (count_ % kChunk == 0) chunks_.push_back(std::make_unique<Chunk>());
  return count_++;
}

RecordId Corpus::Add(const Record& record, Owner owner) {
  AddPlace(record);
  Preparer preparer(
      tables_, places_, [this](const std::string& text) { return lexicon_.Intern(text); },
      [this](WordId id) -> const KnownWord& { return lexicon_[id]; });
  const RecordId id = NewId();
  At(id) = {preparer.Prepare(record), owner};
  CountNames(At(id).prepared, 1);
  thread_local std::vector<std::uint64_t> keys;
  KeysOf(MakeWords(), At(id).prepared, keys);
  for (const std::uint64_t key : keys) Put(key, id);
  return id;
}

void Corpus::Remove(RecordId id) {
  thread_local std::vector<std::uint64_t> keys;
  KeysOf(MakeWords(), At(id).prepared, keys);
  for (const std::uint64_t key : keys) Take(key, id);
  CountNames(At(id).prepared, -1);
  At(id) = Entry();
  free_.push_back(id);
}

void Corpus::CountNames(const Prepared& prepared, int by) {
  for (const PreparedName& name : prepared.names) {
    names_ += static_cast<std::size_t>(by);
    for (const PreparedName::PlacedWord word : name.words) lexicon_.CountName(word.id, by);
  }
}

void Corpus::Put(std::uint64_t key, RecordId id) {
  const auto [place, is_new] = under_key_.try_emplace(PackedKey(key), id);
  if (is_new || place->second == kTooMany) return;
  if ((place->second & kList) == 0) {
    std::uint32_t number = static_cast<std::uint32_t>(lists_.size());
    if (free_lists_.empty()) {
      lists_.emplace_back();
    } else {
      number = free_lists_.back();
      free_lists_.pop_back();
    }
    lists_[number] = {place->second, id};
    place->second = number | kList;
    return;
  }
  const std::uint32_t number = place->second & ~kList;
  if (lists_[number].size() < MostUnderKey(key)) {
    lists_[number].push_back(id);
    return;
  }
  // For good: otherwise what is found would depend on the order of arrivals.
  lists_[number] = {};
  free_lists_.push_back(number);
  place->second = kTooMany;
}

void Corpus::Take(std::uint64_t key, RecordId id) {
  const auto place = under_key_.find(PackedKey(key));
  if (place == under_key_.end() || place->second == kTooMany) return;
  if ((place->second & kList) == 0) {
    under_key_.erase(place);
    return;
  }
  const std::uint32_t number = place->second & ~kList;
  auto& list = lists_[number];
  list.erase(std::remove(list.begin(), list.end(), id), list.end());
  if (list.size() > 1) return;
  place->second = list.front();
  list = {};
  free_lists_.push_back(number);
}

template <typename Each>
void Corpus::ForEachUnder(std::uint64_t key, bool& too_many, const Each& each) const {
  const auto place = under_key_.find(PackedKey(key));
  if (place == under_key_.end()) return;
  if (place->second == kTooMany) {
    too_many = true;
  } else if ((place->second & kList) == 0) {
    each(place->second);
  } else {
    for (const RecordId id : lists_[place->second & ~kList]) each(id);
  }
}

Prepared Corpus::Prepare(const Record& record, Words& words) const {
  Preparer preparer(
      tables_, places_, [&](const std::string& text) { return words.Take(text); },
      [&](WordId id) -> const KnownWord& { return words[id]; });
  return preparer.Prepare(record);
}

bool Corpus::FindCandidates(const Words& words,
                            const Prepared& prepared,
                            std::vector<RecordId>& candidates) const {
  thread_local std::vector<std::uint64_t> keys;
  thread_local CandidateFilter filter;
  KeysOf(words, prepared, keys);
  filter.Clear();
  bool too_many = false;
  for (const std::uint64_t key : keys) {
    const bool weak = IsWeakKey(key);
    ForEachUnder(key, too_many, [&](RecordId id) { filter.Add(id, weak); });
  }
  filter.Take(
      prepared, [&](RecordId id) -> const Prepared& { return At(id).prepared; }, candidates);
  return too_many;
}

std::size_t Corpus::SharedBy(std::uint64_t value) const {
  bool too_many = false;
  absl::InlinedVector<std::uint64_t, 8> owners;
  ForEachUnder(value, too_many, [&](RecordId id) {
    const std::uint64_t owner = At(id).OwnerKey();
    if (owners.size() >= kCountLimit) return;
    if (std::find(owners.begin(), owners.end(), owner) == owners.end()) owners.push_back(owner);
  });
  return too_many ? kCountLimit : owners.size();
}

namespace {

// What a record takes beside its own place: more names than one, long texts.
std::size_t HeapBytes(const Prepared& prepared) {
  constexpr std::size_t kInPlace = 15;  // letters that a std::string keeps in itself
  const std::size_t names = prepared.names.capacity();
  std::size_t bytes = names > 1 ? names * sizeof(PreparedName) : 0;
  for (const PreparedEmail& email : prepared.emails) {
    if (email.local.capacity() > kInPlace) bytes += email.local.capacity() + 1;
  }
  return bytes;
}

}  // namespace

std::size_t Corpus::MemoryBytes() const {
  constexpr std::size_t kSlot = sizeof(std::pair<PackedKey, std::uint32_t>) + 1;
  std::size_t bytes = lexicon_.MemoryBytes() + under_key_.capacity() * kSlot +
                      chunks_.size() * sizeof(Chunk) +
                      lists_.capacity() * sizeof(std::vector<RecordId>);
  for (const auto& list : lists_) bytes += list.capacity() * sizeof(RecordId);
  for (RecordId id = 0; id < count_; ++id) bytes += HeapBytes(At(id).prepared);
  return bytes;
}

}  // namespace brobygger::matching
