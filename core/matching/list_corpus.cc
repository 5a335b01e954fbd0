#include "core/matching/list_corpus.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <numeric>
#include <utility>

#include <absl/container/flat_hash_set.h>

#include "core/matching/text.h"

namespace brobygger::matching {
namespace {

constexpr std::size_t kListChunk = 512;

// One thread's way into a lexicon that several fill at a time: what it has met once it
// knows without asking the others.
class SharedLexicon {
 public:
  SharedLexicon(Lexicon& lexicon, std::mutex& mutex) : lexicon_(lexicon), mutex_(mutex) {}

  WordId Take(const std::string& text) {
    if (const auto known = ids_.find(text); known != ids_.end()) return known->second;
    const std::lock_guard lock(mutex_);
    const WordId id = lexicon_.Intern(text);
    ids_.emplace(text, id);
    words_.emplace(id, &lexicon_[id]);
    return id;
  }
  // One that it has taken. Words stay where they are.
  const KnownWord& operator[](WordId id) const { return *words_.at(id); }

 private:
  Lexicon& lexicon_;
  std::mutex& mutex_;
  TextMap<WordId> ids_;
  absl::flat_hash_map<WordId, const KnownWord*> words_;
};

// What one thread needs to prepare records.
struct Reader {
  Reader(const Tables& tables, const Places& places, Lexicon& shared, std::mutex& mutex)
      : lexicon(shared, mutex),
        preparer(
            tables,
            places,
            [this](const std::string& text) { return lexicon.Take(text); },
            [this](WordId id) -> const KnownWord& { return lexicon[id]; }) {}

  SharedLexicon lexicon;
  Preparer preparer;
};

}  // namespace

ListCorpus::ListCorpus(const Tables& tables,
                       const RecordSource& records,
                       std::span<const std::uint32_t> numbers,
                       int threads,
                       const BatchProgress& progress)
    : tables_(tables), lexicon_(tables), places_(Places::Shipped()) {
  OrderByTown(records, numbers, threads);
  PrepareAll(records, numbers, threads, progress);
  CountNames();
  blocks_.emplace(MakeWords(), prepared_, threads);
}

// Learns all towns, too, before any name is read.
void ListCorpus::OrderByTown(const RecordSource& records,
                             std::span<const std::uint32_t> numbers,
                             int threads) {
  std::vector<std::uint64_t> towns(numbers.size());
  std::vector<absl::flat_hash_set<std::string>> seen(
      static_cast<std::size_t>(std::max(1, threads)));
  ForEachChunk(numbers.size(), kListChunk, threads,
               [&](int thread, std::size_t begin, std::size_t end) {
                 for (std::size_t i = begin; i < end; ++i) {
                   const Record record = records.At(numbers[i]);
                   towns[i] = StableHash(record.city.empty() ? record.postal_code : record.city);
                   seen[static_cast<std::size_t>(thread)].insert(record.city);
                 }
               });
  for (const auto& cities : seen) {
    for (const std::string& city : cities) places_.Add(city);
  }
  record_at_.resize(numbers.size());
  std::iota(record_at_.begin(), record_at_.end(), RecordId{0});
  std::stable_sort(record_at_.begin(), record_at_.end(),
                   [&](RecordId a, RecordId b) { return towns[a] < towns[b]; });
  place_of_.resize(numbers.size());
  for (RecordId place = 0; place < record_at_.size(); ++place) place_of_[record_at_[place]] = place;
}

void ListCorpus::PrepareAll(const RecordSource& records,
                            std::span<const std::uint32_t> numbers,
                            int threads,
                            const BatchProgress& progress) {
  prepared_.resize(numbers.size());
  std::mutex mutex;
  std::vector<std::unique_ptr<Reader>> readers;
  for (int thread = 0; thread < std::max(1, threads); ++thread) {
    readers.push_back(std::make_unique<Reader>(tables_, places_, lexicon_, mutex));
  }
  ChunkProgress done(numbers.size(), progress);
  ForEachChunk(numbers.size(), kListChunk, threads,
               [&](int thread, std::size_t begin, std::size_t end) {
                 Preparer& preparer = readers[static_cast<std::size_t>(thread)]->preparer;
                 for (std::size_t place = begin; place < end; ++place) {
                   prepared_[place] = preparer.Prepare(records.At(numbers[record_at_[place]]));
                 }
                 done.Add(end - begin);
               });
}

void ListCorpus::CountNames() {
  for (const Prepared& prepared : prepared_) {
    names_ += prepared.names.size();
    for (const PreparedName& name : prepared.names) {
      for (const PreparedName::PlacedWord word : name.words) lexicon_.CountName(word.id, 1);
    }
  }
}

CompareContext ListCorpus::ContextFor(const Words& words) const {
  return {
      .words = words, .counts = *blocks_, .ln_names = std::log(static_cast<double>(names_) + 1)};
}

std::vector<std::uint32_t> AllOf(const RecordSource& records) {
  std::vector<std::uint32_t> all(records.size());
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

}  // namespace brobygger::matching
