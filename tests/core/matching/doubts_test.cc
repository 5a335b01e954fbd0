// Pairs that look much alike on paper and are two, and pairs that are one: what the hub may join
// by itself, and what only a person can say.
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/matching/index.h"

namespace brobygger::matching {
namespace {

struct Row {
  std::string name;
  std::string postal_code = "8700";
  std::string city = "Horsens";
  std::string cvr = {};
  std::string phone = {};
  std::string email = {};
  std::string street = {};
};

Record RecordFrom(const Row& row) {
  Record record;
  record.names = {row.name};
  record.postal_code = row.postal_code;
  record.city = row.city;
  record.municipality_code = "0615";
  record.cvr = row.cvr;
  if (!row.phone.empty()) record.phones = {row.phone};
  if (!row.email.empty()) record.emails = {row.email};
  record.street = row.street;
  return record;
}

// A town's registry, so that words are common or rare as they are.
void FillTown(Index& index) {
  const std::vector<std::string> names = {"Horsens Skakklub",
                                          "Stensballe Idrætsforening",
                                          "Dansk Folkehjælp Horsens",
                                          "Horsens Roklub",
                                          "Hatting Forsamlingshus",
                                          "Midnimo Kulturforening",
                                          "Newroz Kulturforening",
                                          "Birlik Boldklub",
                                          "Horsens Folkekor",
                                          "Ældre Sagen Horsens",
                                          "Brædstrup Håndbold",
                                          "Lund Beboerforening",
                                          "Bosnisk Kvindeforening",
                                          "Tamilsk Ungdomsklub",
                                          "Horsens Gymnastikforening",
                                          "Egebjerg IF",
                                          "Horsens Billedskole",
                                          "Torsted Spejdergruppe",
                                          "Søvind Badminton",
                                          "Gedved Skytteforening",
                                          "Polsk Kulturforening Horsens",
                                          "Vietnamesisk Seniorklub",
                                          "Horsens Frivilligcenter",
                                          "Østbyens Kvindenetværk",
                                          "Red Barnet Horsens",
                                          "Horsens Klatreklub",
                                          "Hansted Jagtforening",
                                          "Nim Idrætsforening",
                                          "Kulturhuset Komediegården",
                                          "Afrikansk Familieforening"};
  int number = 0;
  for (const std::string& name : names) {
    index.Put("town" + std::to_string(number),
              {RecordFrom({.name = name, .phone = std::to_string(75600000 + 137 * number)})});
    ++number;
  }
}

// What the second row comes to where the first is known.
Verdict Between(const Row& known, const Row& comes) {
  Index index(Model::Shipped());
  FillTown(index);
  index.Put("known", {RecordFrom(known)});
  for (const Match& match : index.Resolve(RecordFrom(comes)).matches) {
    if (match.association_id == "known") return match.verdict;
  }
  return Verdict::kDifferent;
}

struct Pair {
  Row known;
  Row comes;
};

// Each of these came above the score of "same".
TEST_CASE("what looks alike and says that it is two is for a person to say", "[matching]") {
  const Row house{.name = "Tyrkisk Kulturforening Horsens",
                  .phone = "75610001",
                  .email = "huset@horsenshuset.example",
                  .street = "Allégade 5"};
  const auto in_the_house = [&](const std::string& name) {
    Row row = house;
    row.name = name;
    return row;
  };
  const std::vector<Pair> pairs = {
      {{.name = "KFUM Spejderne Horsens"}, {.name = "KFUK Spejderne Horsens"}},
      {{.name = "Kurdisk Kvindeforening", .phone = "75610002", .email = "kurd@mail.example"},
       {.name = "Kurdisk Kulturforening", .phone = "75610002", .email = "kurd@mail.example"}},
      {{.name = "Mosaik Horsens", .cvr = "12345674", .phone = "75610003", .email = "m@m.example"},
       {.name = "Mosaik Horsens", .cvr = "10150817", .phone = "75610003", .email = "m@m.example"}},
      {{.name = "Grundejerforeningen Solbakken"}, {.name = "Grundejerforeningen Solbakken II"}},
      {{.name = "Kvinder på Tværs"},
       {.name = "Kvinder på Tværs", .postal_code = "9000", .city = "Aalborg"}},
      {{.name = "Moderate Muslimer"}, {.name = "Moderne Muslimer"}},
      {house, in_the_house("Kurdisk Kulturforening Horsens")},
      {house, in_the_house("Kurdisk Kvindeforening")},
      {house, in_the_house("Somalisk Ungdom")},
      {in_the_house("Dansk-Irakisk Venskab"), in_the_house("Seniordans")}};
  for (const Pair& pair : pairs) {
    CAPTURE(pair.known.name, pair.comes.name);
    CHECK(Between(pair.known, pair.comes) == Verdict::kAsk);
    CHECK(Between(pair.comes, pair.known) == Verdict::kAsk);
  }
}

TEST_CASE("one CVR number and nothing else in common is for a person to say", "[matching]") {
  const Row houses{.name = "Andelsboligforeningen Fuglevænget", .cvr = "12345674"};
  Row chess{.name = "Horsens Skakforening af 1901",
            .cvr = "12345674",
            .phone = "75610099",
            .email = "skak@horsensskak.example"};
  CHECK(Between(houses, chess) == Verdict::kAsk);
  // It has only changed its name.
  Row renamed = houses;
  renamed.phone = chess.phone;
  renamed.email = chess.email;
  CHECK(Between(renamed, chess) == Verdict::kSame);
}

TEST_CASE("a country's association and a town's of the same name are parent and branch",
          "[matching]") {
  CHECK(Between({.name = "BROEN Danmark"}, {.name = "BROEN Horsens"}) == Verdict::kBranch);
}

TEST_CASE("what is one is joined", "[matching]") {
  const std::vector<Pair> pairs = {
      {{.name = "Somalisk Kvindeforening Hodan", .phone = "75610012"},
       {.name = "Somalisk Kvindeforening Xodan", .phone = "75610012"}},
      {{.name = "Newroz Venner", .email = "newroz@venner.example"},
       {.name = "Nevruz Venner", .email = "newroz@venner.example"}},
      {{.name = "Kulturforeningen Drina", .cvr = "12345674"},
       {.name = "Drina Bosnisk Kulturforening", .cvr = "12345674"}},
      {{.name = "Ældre Sagen", .cvr = "12345674"},
       {.name = "Ældre Sagen Horsens", .cvr = "12345674"}},
      {{.name = "Grundejerforeningen Solbakken II"}, {.name = "Solbakken II Grundejerforening"}}};
  for (const Pair& pair : pairs) {
    CAPTURE(pair.known.name, pair.comes.name);
    CHECK(Between(pair.known, pair.comes) == Verdict::kSame);
  }
}

}  // namespace
}  // namespace brobygger::matching
