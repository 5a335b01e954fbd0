#include "core/matching/list_corpus.h"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "core/matching/corpus.h"
#include "core/matching/record_fields.h"

namespace brobygger::matching {
namespace {

// Records that share words, towns and numbers with few or many others.
std::vector<Record> MadeUpList(std::size_t count) {
  std::mt19937 random(20261127);
  const auto any = [&](std::size_t below) { return std::to_string(random() % below); };
  static const std::vector<std::string> kWords = {"Newroz", "Lawan",  "Birlik",   "Kulturforening",
                                                  "Ungdom", "Kvinde", "Solsikken"};
  const auto word = [&] { return kWords[random() % kWords.size()]; };
  std::vector<Record> records(count);
  for (Record& record : records) {
    const std::string town = "Byby" + std::string(1 + random() % 5, 'x');
    record.names = {word() + " " + word() + " " + town + " " + any(40)};
    if (random() % 4 == 0) record.names.push_back(word());
    if (random() % 2 == 0) record.city = town;
    if (random() % 2 == 0) record.postal_code = "80" + any(30);
    // Half of them have one that is too common.
    record.phones = {"1000" + std::to_string(1000 + (random() % 2 == 0 ? random() % 3000 : 0))};
    if (random() % 2 == 0) record.emails = {"post" + any(50) + "@forening" + any(9) + ".example"};
    record.cvr = any(90'000'000);
  }
  return records;
}

using Pairs = std::set<std::pair<RecordId, RecordId>>;

TEST_CASE("a list's records are compared as in the hub's index, whatever the threads",
          "[matching]") {
  const std::vector<Record> records = MadeUpList(1500);
  Corpus corpus(Tables::Shipped());
  for (const Record& record : records) corpus.AddPlace(record);
  for (const Record& record : records) corpus.Add(record, kNoOwner);
  const RecordVector source(records);
  const int threads = GENERATE(1, 3);
  const ListCorpus list(Tables::Shipped(), source, AllOf(source), threads, {});
  REQUIRE(list.size() == records.size());
  const Words words = corpus.MakeWords();
  const Words list_words = list.MakeWords();
  const CompareContext context = corpus.ContextFor(words);
  const CompareContext list_context = list.ContextFor(list_words);

  Pairs in_corpus;
  Pairs in_list;
  std::vector<RecordId> found;
  std::size_t too_common = 0;
  for (RecordId record = 0; record < records.size(); ++record) {
    too_common += corpus.FindCandidates(words, corpus[record], found);
    for (const RecordId other : found) {
      if (other < record) in_corpus.emplace(other, record);
    }
  }
  for (RecordId place = 0; place < list.size(); ++place) {
    list.FindCandidates(place, found);
    for (const RecordId other : found) {
      in_list.insert(std::minmax({list.RecordAt(other), list.RecordAt(place)}));
    }
  }
  REQUIRE(in_list.size() > 10'000);
  CHECK(in_list == in_corpus);
  CHECK(too_common > list.too_common());
  CHECK(list.too_common() > 0);
  std::size_t different = 0;
  for (const auto& [left, right] : in_corpus) {
    different += CompareRecords(context, corpus[left], corpus[right]) !=
                 CompareRecords(list_context, list[left], list[right]);
  }
  CHECK(different == 0);
}

TEST_CASE("packed records are what was put in", "[matching]") {
  Record full;
  full.source = "grant";
  full.names = {"Newroz", "", std::string(10'000, 'x'), std::string("\0\x1E\x1F", 3)};
  full.cvr = "12345674";
  full.emails = {"post@newroz.example"};
  full.phones = {"12345678", "87654321"};
  full.websites = {"newroz.example"};
  full.street = "Søndergade";
  full.house_number = "4 B";
  full.postal_code = "8700";
  full.city = "Horsens";
  full.municipality_code = "0615";
  full.country = "DK";
  full.founded = "1998";
  full.contacts = {"A. B."};
  full.parent = std::string(300'000, 'p');
  PackedRecords records;
  for (int i = 0; i < 5; ++i) {
    records.Add(Record());
    records.Add(full);
  }
  REQUIRE(records.size() == 10);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Record record = records.At(i);
    const Record& expected = i % 2 == 0 ? Record() : full;
    CHECK(WholeText(record) == WholeText(expected));
    CHECK(record.names == expected.names);
    CHECK(record.contacts == expected.contacts);
    CHECK(record.source == expected.source);
    CHECK(record.parent == expected.parent);
  }
}

}  // namespace
}  // namespace brobygger::matching
