#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "core/matching/tables.h"
#include "core/matching/text.h"

namespace brobygger::matching {

using WordId = std::uint32_t;

// A word that some record uses, with what comparing it needs, so that this is
// worked out once for each word and not for each pair of records.
struct KnownWord {
  std::string text;
  std::uint64_t skeleton = 0;       // hash of it
  std::uint64_t bare_skeleton = 0;  // without an article; 0 if there is none
  std::uint32_t letters = 0;        // bit i: the letter 'a' + i is in it
  std::uint32_t names = 0;          // how many names hold it
  Meaning meaning;
};

// All words of a registry or list. Words are never taken away, only counted down.
// Not synchronised: whoever owns it holds the lock.
class Lexicon {
 public:
  explicit Lexicon(const Tables& tables) : tables_(tables) {}

  WordId Intern(const std::string& text);
  // The word's number, or kUnknown: for reading without adding.
  static constexpr WordId kUnknown = ~WordId{0};
  WordId Find(std::string_view text) const;

  // Stays where it is.
  const KnownWord& operator[](WordId id) const { return (*chunks_[id / kChunk])[id % kChunk]; }
  const Tables& tables() const { return tables_; }

  void CountName(WordId id, int by) {
    (*chunks_[id / kChunk])[id % kChunk].names += static_cast<std::uint32_t>(by);
  }

  std::size_t size() const { return size_; }
  std::size_t MemoryBytes() const;

  static KnownWord MakeWord(const std::string& text, const Tables& tables);

 private:
  const Tables& tables_;
  // Words stay where they are, so that `ids_` may look into them.
  static constexpr WordId kChunk = 1024;
  std::vector<std::unique_ptr<std::array<KnownWord, kChunk>>> chunks_;
  std::size_t size_ = 0;
  absl::flat_hash_map<std::string_view, WordId, TextHash, TextEqual> ids_;
};

// What it tells that a name holds a word, in nats: ln of the number of names over
// that of those which hold it.
double Information(std::uint32_t held_by, double ln_names);

// The words of a lexicon, and beside them those of records that are only asked
// about: a question adds nothing to the lexicon. For one thread.
class Words {
 public:
  explicit Words(const Lexicon& lexicon)
      : lexicon_(lexicon), own_from_(static_cast<WordId>(lexicon.size())) {}

  const KnownWord& operator[](WordId id) const {
    return id < own_from_ ? lexicon_[id] : own_[id - own_from_];
  }
  WordId Take(const std::string& text);
  const Tables& tables() const { return lexicon_.tables(); }

 private:
  const Lexicon& lexicon_;
  const WordId own_from_;
  std::vector<KnownWord> own_;
};

}  // namespace brobygger::matching
