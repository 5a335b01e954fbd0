#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "core/matching/text.h"
#include "core/search/bits.h"
#include "core/search/document.h"
#include "core/search/words.h"

namespace brobygger::search {

// A document and a term of one segment, by number.
using DocId = std::uint32_t;
using TermId = std::uint32_t;

// The documents that hold a term, in order, and in which text fields each does (one bit each).
struct Postings {
  std::span<const DocId> docs;
  std::span<const std::uint8_t> fields;
};

// Documents of a term that all count the same for it, in order.
struct Run {
  std::uint8_t fields = 0;
  std::uint8_t name_words = 0;  // of the name; 0 if the term is in no name
  std::span<const DocId> docs;
};

// A term that many documents hold, once more as bits, and by what it counts for.
class Frequent {
 public:
  const Bits& docs() const { return docs_.bits(); }
  // Where a document that holds the term stands in its postings.
  std::uint32_t PlaceOf(DocId doc) const { return docs_.PlaceOf(doc); }
  std::size_t run_count() const { return runs_.size(); }
  Run run(std::size_t number) const;
  std::size_t MemoryBytes() const;

 private:
  friend class SegmentTables;
  struct RunEnd {
    std::uint8_t fields;
    std::uint8_t name_words;
    std::uint32_t end;
  };
  RankedBits docs_;
  std::vector<DocId> by_run_;
  std::vector<RunEnd> runs_;
};

// Documents that have one value of a field: as bits, or in order where they are few.
struct ValueDocs {
  std::vector<DocId> list;
  Bits bits;
  std::uint32_t count = 0;

  void AddTo(Bits& docs) const;
  std::uint32_t CountIn(const Bits& docs) const;
};

// Some documents with all that finds them: words in order of the alphabet with the documents that
// hold each, which words are kin, and the words of each document in their order, which is enough to
// make a segment again. Documents are numbered in the order of names (Place), so the first of equal
// ones is the one of the smallest number. About 600 bytes a document. Never changes once it is
// made, so it is read without a lock; what became of its documents since is somebody else's to
// know.
class Segment {
 public:
  static constexpr TermId kNoTerm = ~TermId{0};
  // In words(): a term, with its field in the four highest bits; or a boundary, which is the end of
  // a value and says which activity of the document tells it (kNoActivity: none).
  static bool IsBoundary(std::uint32_t word) { return word >> kFieldShift == kNoField; }
  static std::uint32_t ActivityAt(std::uint32_t boundary) { return boundary & kTermMask; }
  static TermId TermOf(std::uint32_t word) { return word & kTermMask; }
  static Field FieldAt(std::uint32_t word) { return static_cast<Field>(word >> kFieldShift); }

  std::uint32_t size() const { return static_cast<std::uint32_t>(facts_.size()); }
  std::string_view id(DocId doc) const { return TextAt(ids_, id_starts_, doc); }
  std::optional<DocId> Find(std::string_view id) const;
  const Facts& facts(DocId doc) const { return facts_[doc]; }

  std::span<const std::uint32_t> words(DocId doc) const { return Slice(words_, word_starts_, doc); }
  // An activity, and where its languages stand in activity_languages().
  std::span<const ActivityFacts> activities(DocId doc) const {
    return Slice(activities_, activity_starts_, doc);
  }
  // Of the activity by its place among all of the segment: see first_activity().
  std::span<const std::uint16_t> activity_languages(std::uint32_t activity) const {
    return Slice(activity_languages_, activity_language_starts_, activity);
  }
  std::uint32_t first_activity(DocId doc) const { return activity_starts_[doc]; }
  // The title of that activity, as a number below title_count().
  std::uint32_t activity_title(std::uint32_t activity) const { return activity_titles_[activity]; }
  std::uint32_t title_count() const { return static_cast<std::uint32_t>(title_keys_.size()); }
  std::string_view title(std::uint32_t title) const {
    return TextAt(titles_, title_starts_, title);
  }
  // The same for titles that are one but for accents, capital letters and signs, in any segment.
  std::uint64_t title_key(std::uint32_t title) const { return title_keys_[title]; }
  // Numbers in language_tags().
  std::span<const std::uint16_t> languages(DocId doc) const {
    return Slice(languages_, language_starts_, doc);
  }
  const std::vector<std::string>& language_tags() const { return language_tags_; }
  // The documents with this value of kTheme, kAudience, kWeekday, kStatus or kMunicipality, or that
  // speak a language, themselves or in an activity, by its number in language_tags(). Of kCapacity
  // those with at least so many places, for kCapacitySteps and 1. Null: none.
  const ValueDocs* docs_with(Field field, std::uint32_t value) const;
  // The same of kTheme and kAudience, with activities that have ended.
  const ValueDocs* docs_ever_with(Field field, std::uint32_t value) const {
    return docs_with(field, value | kEver);
  }
  // Those that agreed to be shown to volunteer centres, and to other municipalities.
  const Bits& shown_to_centres() const { return shown_to_centres_; }
  const Bits& shown_to_municipalities() const { return shown_to_municipalities_; }
  // A number in area_names(), of which the first is "".
  std::uint32_t area(DocId doc) const { return areas_[doc]; }
  const std::vector<std::string>& area_names() const { return area_names_; }

  TermId term_count() const { return static_cast<TermId>(term_starts_.size() - 1); }
  std::string_view term(TermId term) const { return TextAt(terms_, term_starts_, term); }
  // kNoTerm if there is none.
  TermId FindTerm(std::string_view text) const;
  // The terms that begin so: from the first up to, but without, the second.
  std::pair<TermId, TermId> TermsWithPrefix(std::string_view prefix) const;
  Postings postings(TermId term) const {
    return {Slice(docs_, posting_starts_, term), Slice(fields_, posting_starts_, term)};
  }
  // Null if the term is not one of many documents.
  const Frequent* frequent(TermId term) const;
  // All text fields in which any document holds the term.
  std::uint8_t fields_of(TermId term) const { return term_fields_[term]; }

  std::span<const TermId> kin(Kin kin, std::uint64_t key) const;
  // Terms one of whose Deletions() is this: to be compared, since numbers may meet by chance.
  std::span<const TermId> near(std::uint32_t deletion) const;

  std::size_t MemoryBytes() const;

 private:
  friend class SegmentBuilder;
  friend class SegmentTables;
  static std::uint32_t ValueKey(Field field, std::uint32_t value) {
    return static_cast<std::uint32_t>(field) << 24 | value;
  }
  static constexpr std::uint32_t kEver = 1U << 23;
  static constexpr int kFieldShift = 28;
  static constexpr std::uint32_t kNoField = 15;
  static constexpr std::uint32_t kTermMask = (1U << kFieldShift) - 1;
  static constexpr int kKins = 4;

  template <typename Key>
  struct Table {
    std::vector<Key> keys;  // sorted
    std::vector<TermId> terms;
    std::span<const TermId> Find(Key key) const;
  };
  template <typename T>
  static std::span<const T> Slice(const std::vector<T>& all,
                                  const std::vector<std::uint32_t>& starts,
                                  std::uint32_t number) {
    return {all.data() + starts[number], all.data() + starts[number + 1]};
  }
  static std::string_view TextAt(const std::string& all,
                                 const std::vector<std::uint32_t>& starts,
                                 std::uint32_t number) {
    return std::string_view(all).substr(starts[number], starts[number + 1] - starts[number]);
  }

  std::string ids_;
  std::vector<std::uint32_t> id_starts_ = {0};
  std::vector<std::pair<std::uint32_t, DocId>> by_id_;  // hash of the id, sorted
  std::vector<Facts> facts_;
  std::vector<std::uint32_t> words_;
  std::vector<std::uint32_t> word_starts_ = {0};
  std::vector<ActivityFacts> activities_;
  std::vector<std::uint32_t> activity_starts_ = {0};
  std::vector<std::uint16_t> activity_languages_;
  std::vector<std::uint32_t> activity_language_starts_ = {0};
  std::vector<std::uint32_t> activity_titles_;  // of each activity
  std::string titles_;
  std::vector<std::uint32_t> title_starts_ = {0};
  std::vector<std::uint64_t> title_keys_;
  std::vector<std::uint16_t> languages_;
  std::vector<std::uint32_t> language_starts_ = {0};
  std::vector<std::string> language_tags_;
  absl::flat_hash_map<std::uint32_t, ValueDocs> values_;  // by ValueKey()
  Bits shown_to_centres_;
  Bits shown_to_municipalities_;
  std::vector<std::uint32_t> areas_;
  std::vector<std::string> area_names_ = {""};

  std::string terms_;
  std::vector<std::uint32_t> term_starts_ = {0};
  std::vector<std::uint8_t> term_fields_;
  std::vector<std::uint32_t> posting_starts_ = {0};
  std::vector<DocId> docs_;
  std::vector<std::uint8_t> fields_;
  std::vector<TermId> frequent_terms_;  // sorted
  std::vector<Frequent> frequents_;     // of these
  std::array<Table<std::uint64_t>, kKins> kin_;
  Table<std::uint32_t> near_;
};

// Makes a segment, document by document. For one thread.
class SegmentBuilder {
 public:
  SegmentBuilder();

  void Add(const Document& document);
  // A document of another segment, as it is there.
  void AddFrom(const Segment& other, DocId doc);
  std::uint32_t size() const { return segment_->size(); }

  // The builder is of no use afterwards but for places().
  std::shared_ptr<const Segment> Finish();
  // The number in the segment of each document, in the order they were added.
  const std::vector<DocId>& places() const { return places_; }

 private:
  struct Numbers {
    std::uint16_t NumberOf(const std::string& text, std::vector<std::string>& texts);
    absl::flat_hash_map<std::string, std::uint16_t> numbers;
  };
  TermId Intern(std::string_view text);
  void AddId(std::string_view id, const Facts& facts);
  void AddLanguages(const std::vector<std::string>& tags, std::vector<std::uint16_t>& numbers);
  void AddActivity(const Document::Activity& activity);
  void EndDocument(const std::string& area);
  void SortDocuments();
  void SortTerms();

  std::shared_ptr<Segment> segment_;
  // In the order they came; `segment_` holds them sorted in the end.
  std::vector<std::unique_ptr<std::string>> terms_;
  absl::flat_hash_map<std::string_view, TermId, matching::TextHash, matching::TextEqual> ids_;
  Numbers languages_;
  absl::flat_hash_map<std::string, std::uint32_t> areas_;
  absl::flat_hash_map<std::string, std::uint32_t> titles_;
  // What terms of the segment copied from last are here.
  const Segment* copied_ = nullptr;
  std::vector<TermId> copied_terms_;
  std::vector<DocId> places_;
};

// Fills in what a segment finds its documents by, once these and its terms are sorted.
class SegmentTables {
 public:
  explicit SegmentTables(Segment& segment) : segment_(segment) {}
  void Fill();

 private:
  void FillPostings();
  void FillFrequent();
  Frequent FrequentOf(TermId term) const;
  void FillValues();
  void AddValuesOf(DocId doc);
  void FillKin();

  Segment& segment_;
};

}  // namespace brobygger::search
