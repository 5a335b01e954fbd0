#include "core/matching/corpus.h"

#include <algorithm>
#include <utility>

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

RecordId Corpus::Add(const Record& record, Owner owner) {
  AddPlace(record);
  const Preparer preparer(
      tables_, places_, [this](const std::string& text) { return lexicon_.Intern(text); },
      [this](WordId id) -> const KnownWord& { return lexicon_[id]; });
  RecordId id = static_cast<RecordId>(records_.size());
  if (free_.empty()) {
    records_.emplace_back();
  } else {
    id = free_.back();
    free_.pop_back();
  }
  records_[id] = {preparer.Prepare(record), owner};
  CountNames(records_[id].prepared, 1);
  thread_local std::vector<std::uint64_t> keys;
  KeysOf(MakeWords(), records_[id].prepared, keys);
  for (const std::uint64_t key : keys) Put(key, id);
  return id;
}

void Corpus::Remove(RecordId id) {
  thread_local std::vector<std::uint64_t> keys;
  KeysOf(MakeWords(), records_[id].prepared, keys);
  for (const std::uint64_t key : keys) Take(key, id);
  CountNames(records_[id].prepared, -1);
  records_[id] = Entry();
  free_.push_back(id);
}

void Corpus::CountNames(const Prepared& prepared, int by) {
  for (const PreparedName& name : prepared.names) {
    names_ += static_cast<std::size_t>(by);
    for (const WordId word : name.words) lexicon_.CountName(word, by);
  }
}

void Corpus::Put(std::uint64_t key, RecordId id) {
  const auto [place, is_new] = under_key_.try_emplace(key, id);
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
  const auto place = under_key_.find(key);
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
  const auto place = under_key_.find(key);
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
  const Preparer preparer(
      tables_, places_, [&](const std::string& text) { return words.Take(text); },
      [&](WordId id) -> const KnownWord& { return words[id]; });
  return preparer.Prepare(record);
}

namespace {

// Whether any two of the names have letters in common to speak of.
bool ResembleByLetters(const Prepared& left, const Prepared& right) {
  constexpr double kLeast = 0.4;
  for (const PreparedName& a : left.names) {
    for (const PreparedName& b : right.names) {
      if (LetterPairDice(a, b) >= kLeast) return true;
    }
  }
  return false;
}

}  // namespace

bool Corpus::FindCandidates(const Words& words,
                            const Prepared& prepared,
                            RecordId below,
                            std::vector<RecordId>& candidates) const {
  thread_local std::vector<std::uint64_t> keys;
  // The id, and in the lowest bit whether it was found by a weak key.
  thread_local std::vector<std::uint64_t> found;
  KeysOf(words, prepared, keys);
  candidates.clear();
  found.clear();
  bool too_many = false;
  for (const std::uint64_t key : keys) {
    const std::uint64_t weak = IsWeakKey(key) ? 1 : 0;
    ForEachUnder(key, too_many, [&](RecordId id) {
      if (id < below) found.push_back((std::uint64_t{id} << 1) | weak);
    });
  }
  std::sort(found.begin(), found.end());
  for (std::size_t i = 0; i < found.size();) {
    const std::uint64_t id = found[i] >> 1;
    const bool only_weak = (found[i] & 1) != 0;  // a stronger one would come first
    while (i < found.size() && (found[i] >> 1) == id) ++i;
    const auto candidate = static_cast<RecordId>(id);
    if (!only_weak || ResembleByLetters(prepared, records_[candidate].prepared)) {
      candidates.push_back(candidate);
    }
  }
  return too_many;
}

bool Corpus::HasTooCommonValue(const Words& words, const Prepared& prepared) const {
  thread_local std::vector<std::uint64_t> keys;
  KeysOf(words, prepared, keys);
  return std::any_of(keys.begin(), keys.end(), [&](std::uint64_t key) {
    if (!IsStrongKey(key)) return false;
    const auto place = under_key_.find(key);
    return place != under_key_.end() && place->second == kTooMany;
  });
}

std::size_t Corpus::SharedBy(std::uint64_t value) const {
  bool too_many = false;
  absl::InlinedVector<std::uint64_t, 8> owners;
  ForEachUnder(value, too_many, [&](RecordId id) {
    const std::uint64_t owner = records_[id].OwnerKey();
    if (owners.size() >= kCountLimit) return;
    if (std::find(owners.begin(), owners.end(), owner) == owners.end()) owners.push_back(owner);
  });
  return too_many ? kCountLimit : owners.size();
}

std::size_t Corpus::MemoryBytes() const {
  constexpr std::size_t kSlot = 17;
  std::size_t bytes = lexicon_.MemoryBytes() + under_key_.capacity() * kSlot +
                      records_.capacity() * sizeof(Entry) +
                      lists_.capacity() * sizeof(std::vector<RecordId>);
  for (const auto& list : lists_) bytes += list.capacity() * sizeof(RecordId);
  for (const Entry& entry : records_) {
    bytes += entry.prepared.names.capacity() * sizeof(PreparedName);
  }
  return bytes;
}

}  // namespace brobygger::matching
