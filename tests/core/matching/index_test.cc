#include "core/matching/index.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include <catch2/catch.hpp>

namespace brobygger::matching {
namespace {

Record Of(const std::string& name, const std::string& city, const std::string& postal_code) {
  Record record;
  record.names = {name};
  record.city = city;
  record.postal_code = postal_code;
  return record;
}

Record Lawan(const std::string& city, const std::string& postal_code) {
  Record record = Of("LAWAN Kurdisk Ungdomsforening " + city, city, postal_code);
  record.emails = {"info@lawan.example"};
  return record;
}

// A registry with enough in it for words to be common or rare.
void Fill(Index& index) {
  const std::vector<std::string> towns = {"Horsens", "Vejle", "Kolding", "Aarhus C", "Odense C"};
  const std::vector<std::string> codes = {"8700", "7100", "6000", "8000", "5000"};
  const std::vector<std::string> kinds = {"Kulturforening", "Idrætsforening", "Kvindeforening",
                                          "Boldklub"};
  const std::vector<std::string> own = {"Solsikken", "Newroz", "Midnimo",
                                        "Birlik",    "Drina",  "Omid"};
  int number = 0;
  for (std::size_t town = 0; town < towns.size(); ++town) {
    for (const std::string& kind : kinds) {
      for (const std::string& each : own) {
        Record record = Of(each + " " + kind + " " + towns[town], towns[town], codes[town]);
        record.phones = {std::to_string(10000000 + 1111 * number)};
        index.Put("a" + std::to_string(number++), {record});
      }
    }
  }
}

TEST_CASE("the same name spelt by ear, with the same telephone, is the same", "[matching]") {
  Index index(Model::Shipped());
  Fill(index);
  Record record = Of("NEVROZ kult.for. horsens", "Horsens", "8700");
  record.phones = {"+45 " + std::to_string(10000000 + 1111)};
  const Resolution resolution = index.Resolve(record);
  REQUIRE_FALSE(resolution.matches.empty());
  CHECK(resolution.verdict == Verdict::kSame);
  CHECK(resolution.matches.front().association_id == "a1");
}

TEST_CASE("the same name in another town is another association", "[matching]") {
  Index index(Model::Shipped());
  Fill(index);
  index.Put("horsens", {Lawan("Horsens", "8700")});
  const Resolution resolution = index.Resolve(Lawan("Aarhus C", "8000"));
  CHECK(resolution.verdict != Verdict::kSame);
  REQUIRE_FALSE(resolution.matches.empty());
  CHECK(resolution.matches.front().verdict == Verdict::kSister);
}

TEST_CASE("names that differ by a number alone are for a person to say", "[matching]") {
  Index index(Model::Shipped());
  Fill(index);
  index.Put("h114", {Of("Haveforeningen Solgården 114", "Horsens", "8700")});
  Record other = Of("Haveforeningen Solgården 144", "Horsens", "8700");
  CHECK(index.Resolve(other).verdict == Verdict::kAsk);
  CHECK(index.Resolve(Of("Haveforeningen Solgården 114", "Horsens", "8700")).verdict ==
        Verdict::kSame);
}

TEST_CASE("a local part and its national association are told apart", "[matching]") {
  Index index(Model::Shipped());
  Fill(index);
  Record national = Of("LAWAN – Kurdisk Ungdomsforening i Danmark", "Horsens", "8700");
  national.emails = {"info@lawan.example"};
  index.Put("national", {national});
  Record local = Lawan("Vejle", "7100");
  local.parent = national.names.front();
  const Resolution resolution = index.Resolve(local);
  REQUIRE_FALSE(resolution.matches.empty());
  CHECK(resolution.verdict == Verdict::kBranch);
}

TEST_CASE("lines of an explanation add up to the score exactly", "[matching]") {
  Index index(Model::Shipped());
  Fill(index);
  const std::vector<Record> records = {Lawan("Horsens", "8700"), Lawan("Vejle", "7100"),
                                       Of("Newroz Kulturforening", "Horsens", "8700"),
                                       Of("", "", ""), Of("Forening", "", "")};
  for (const Record& left : records) {
    for (const Record& right : records) {
      const Explanation why = index.Explain(left, right);
      double sum = 0;
      for (const Line& line : why.lines) {
        sum += line.weight;
        CHECK_FALSE(line.text_da.empty());
        // A line without words of its own shows its key.
        CHECK(line.text_en.find('_') == std::string::npos);
      }
      CHECK(std::abs(sum - why.score) < 1e-9);
      CHECK(why.probability == Approx(1 / (1 + std::exp(-why.score))));
    }
  }
}

TEST_CASE("an explanation is the same from either side", "[matching]") {
  Index index(Model::Shipped());
  Fill(index);
  const Record left = Lawan("Horsens", "8700");
  const Record right = Of("Lavan Ungdom", "Horsens", "8700");
  CHECK(index.Explain(left, right).score == index.Explain(right, left).score);
}

TEST_CASE("what would settle a doubtful case is asked for", "[matching]") {
  Index index(Model::Shipped());
  Fill(index);
  const Record left = Of("Midnimo Kulturforening Horsens", "Horsens", "8700");
  const Record right = Of("Midnimo Horsens", "Horsens", "");
  const Explanation why = index.Explain(left, right);
  REQUIRE_FALSE(why.settling.empty());
  CHECK(why.settling.front().score_if_equal > why.settling.front().score_if_differs);
  CHECK(why.settling.front().question_da.ends_with("?"));
}

TEST_CASE("the order of arrivals does not matter to what is found", "[matching]") {
  std::vector<std::pair<std::string, Record>> arrivals;
  for (int i = 0; i < 40; ++i) {
    Record record = Of("Forening " + std::string(1, static_cast<char>('a' + i % 20)) + "lfa",
                       "Horsens", "8700");
    record.phones = {std::to_string(20000000 + i / 2)};
    arrivals.emplace_back("a" + std::to_string(i), record);
  }
  const Record asked = arrivals.front().second;
  const auto answer = [&] {
    Index index(Model::Shipped());
    for (const auto& [id, record] : arrivals) index.Put(id, {record});
    std::string text;
    for (const Match& match : index.Resolve(asked).matches) {
      text += match.association_id + ":" + std::to_string(match.score) + " ";
    }
    return text;
  };
  const std::string once = answer();
  std::mt19937 random(7);
  for (int i = 0; i < 10; ++i) {
    std::shuffle(arrivals.begin(), arrivals.end(), random);
    CHECK(answer() == once);
  }
}

TEST_CASE("an association that is taken away is not found, and back again is", "[matching]") {
  Index index(Model::Shipped());
  Fill(index);
  const std::size_t records = index.records();
  index.Put("x", {Lawan("Horsens", "8700")});
  CHECK(index.Resolve(Lawan("Horsens", "8700")).matches.front().association_id == "x");
  index.Put("x", {});
  CHECK(index.records() == records);
  for (const Match& match : index.Resolve(Lawan("Horsens", "8700")).matches) {
    CHECK(match.association_id != "x");
  }
  index.Put("x", {Lawan("Horsens", "8700")});
  CHECK(index.Resolve(Lawan("Horsens", "8700")).matches.front().association_id == "x");
}

TEST_CASE("a house that sixty share makes nobody the same", "[matching]") {
  Index index(Model::Shipped());
  for (int i = 0; i < 60; ++i) {
    Record record =
        Of("Gruppe " + std::string(1, static_cast<char>('a' + i % 26)) + std::to_string(i),
           "Horsens", "8700");
    record.street = "Allégade";
    record.house_number = "5";
    record.phones = {"12345678"};
    record.emails = {"huset@husene.example"};
    index.Put("a" + std::to_string(i), {record});
  }
  Record newcomer = Of("Helt Andet Navn", "Horsens", "8700");
  newcomer.street = "Allégade";
  newcomer.house_number = "5";
  newcomer.phones = {"12345678"};
  newcomer.emails = {"huset@husene.example"};
  CHECK(index.Resolve(newcomer).verdict != Verdict::kSame);
  CHECK(index.Resolve(newcomer).verdict != Verdict::kAsk);
}

TEST_CASE("languages and whom it is for are no part of what is compared", "[matching]") {
  // Record has no field for them, and words for a community never stand alone.
  Index index(Model::Shipped());
  Fill(index);
  index.Put("k1", {Of("Kurdisk Kvindenetværk", "Horsens", "8700")});
  CHECK(index.Resolve(Of("Kurdisk Seniorklub", "Horsens", "8700")).verdict != Verdict::kSame);
}

TEST_CASE("records that say nothing or nonsense are answered", "[matching]") {
  Index index(Model::Shipped());
  Fill(index);
  for (const std::string& name :
       {std::string(), std::string("A"), std::string("Kulturforening"), std::string(10'000, 'x'),
        std::string("\x01\x02\x03"), std::string("\u202E\u0634\u0645\u0633 Lawan")}) {
    Record record;
    record.names = {name};
    CHECK(index.Resolve(record).verdict != Verdict::kSame);
    index.Put("odd", {record});
    index.Put("odd", {});
  }
}

}  // namespace
}  // namespace brobygger::matching
