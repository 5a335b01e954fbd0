// Bit sets, runs and stopping early change what an answer costs, and nothing of what it is.
#include <algorithm>
#include <map>
#include <random>

#include "tests/core/search/exhaustive.h"
#include "tests/core/search/library.h"
#include "tests/support/made_up.h"

namespace brobygger::search {
namespace {

// What can be asked, put together at random.
constexpr const char* kWords[] = {"kultur",
                                  "forening",
                                  "lektier",
                                  "for*",
                                  "fo*",
                                  "sang",
                                  "\"kontakt mellem\"",
                                  "name:havn*",
                                  "somalisk",
                                  "dans",
                                  "kulturforenning",
                                  "nordby",
                                  "purpose:hjælp",
                                  "zzzz",
                                  "forening",
                                  "børn"};
constexpr const char* kExtras[] = {"-dans",
                                   "-\"kontakt mellem\"",
                                   "-for*",
                                   "language:ar",
                                   "language:ar,so",
                                   "-language:da",
                                   "theme:culture",
                                   "-theme:culture",
                                   "weekday:monday",
                                   "weekday:monday capacity:30",
                                   "audience:children theme:culture",
                                   "municipality:0615,0101",
                                   "-municipality:0615",
                                   "status:active",
                                   "updated:2024-06-01",
                                   "capacity:40",
                                   "capacity:20",
                                   "capacity:0",
                                   "-capacity:30",
                                   "-capacity:77",
                                   "activity:dans",
                                   "activity:fodbold,lektiehjælp weekday:monday",
                                   "activity:\"kreativt værksted\" weekday:monday",
                                   "activity:f* language:ar",
                                   "activity:zzzz",
                                   "area:nordbyen",
                                   "area:nord*,vest* theme:culture",
                                   "area:skole activity:dans weekday:friday"};

template <typename List>
std::string OneOf(std::mt19937& random, const List& list) {
  return list[random() % std::size(list)];
}

std::string RandomQuery(std::mt19937& random) {
  std::string text;
  for (auto words = random() % 4; words > 0; --words) text += OneOf(random, kWords) + " ";
  for (auto extras = random() % 3; extras > 0; --extras) text += OneOf(random, kExtras) + " ";
  return text;
}

Reach RandomReach(std::mt19937& random) {
  Reach reach{.all = random() % 2 == 0};
  if (random() % 8 == 0) reach.among = {"id1", "id2", "id3", "id5", "id8", "id13", "id21"};
  if (reach.all) return reach;
  if (random() % 2 == 0) reach.municipality = random() % 2 == 0 ? 615 : 101;
  reach.shown_to_centres = random() % 2 == 0;
  reach.shown_to_municipalities = random() % 2 == 0;
  if (random() % 3 == 0) reach.association_id = "id7";
  return reach;
}

struct Told {
  Ids ids;
  std::vector<float> scores;
  std::uint64_t total;
  bool more;
  bool relaxed;
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  bool operator==(const Told&) const = default;

  friend std::ostream& operator<<(std::ostream& out, const Told& told) {
    out << told.total << (told.more ? " and more" : "") << (told.relaxed ? ", relaxed" : "");
    for (std::size_t i = 0; i < told.ids.size(); ++i) {
      out << ' ' << told.ids[i] << '=' << told.scores[i];
    }
    for (const auto& [value, count] : told.counts) out << ' ' << value << ':' << count;
    return out;
  }
};

Told ToldBy(const Answer& answer) {
  Told told{IdsOf(answer), {}, answer.total, answer.more, answer.relaxed, {}};
  for (const Hit& hit : answer.hits) told.scores.push_back(hit.place.score);
  std::map<Field, std::vector<FacetCount>> facets;
  for (const Facet& facet : answer.facets) facets[facet.field] = facet.counts;
  for (const auto& [field, counts] : facets) {
    for (const FacetCount& each : counts) told.counts.emplace_back(each.value, each.count);
  }
  return told;
}

// The same title as another source writes it.
void Rewrite(std::string& title) {
  for (char& c : title) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  title += "!";
}

// A registry that changes, with merges that take as long as they take.
class Changing {
 public:
  explicit Changing(std::mt19937& random) : random_(random) {}

  void Change(std::size_t count) {
    std::vector<Update> updates;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string id = "id" + std::to_string(random_() % 900);
      if (random_() % 5 == 0) {
        updates.push_back({id, std::nullopt});
        continue;
      }
      Association association = made_up_.Association(random_() % 5000);
      association.set_id(id);
      association.mutable_visibility_consent()->set_other_municipalities(random_() % 4 == 0);
      for (auto& activity : *association.mutable_activities()) {
        if (random_() % 4 == 0) Rewrite(*activity.mutable_title());
        if (random_() % 3 == 0)
          activity.set_place(random_() % 2 == 0 ? "Nordbyen" : "Vestre Skole");
        if (random_() % 3 == 0) activity.add_language_codes("ar");
        if (random_() % 9 == 0) activity.set_status(registry::v1::ACTIVITY_STATUS_ENDED);
      }
      updates.push_back({id, ToDocument(association)});
    }
    parts_.Put(updates);
    if (under_way_ && random_() % 2 == 0) {
      parts_.Install(*std::move(under_way_));
      under_way_.reset();
    }
    if (under_way_) return;
    if (auto plan = parts_.PlanMerge()) under_way_ = Merge(*std::move(plan));
  }

  View Now() const { return ViewOf(parts_); }

 private:
  std::mt19937& random_;
  support::MadeUp made_up_{BB_SEARCH_FIXTURES};
  PartList parts_{600};
  std::optional<Merged> under_way_;
};

// All pages of the question, in both ways of looking for the best.
void CompareAllPages(const View& view, Question question) {
  const Answer whole = EvaluateExhaustively(view, question);
  for (const std::uint32_t many : {0U, 10U, 1U << 30U}) {
    question.many_hits = many;
    question.after.reset();
    for (int page = 0; page < 4; ++page) {
      const Answer answer = Evaluate(view, question);
      INFO("many_hits " << many << ", page " << page);
      REQUIRE_FALSE(answer.partial);
      REQUIRE(ToldBy(answer) == ToldBy(EvaluateExhaustively(view, question)));
      if (!answer.more) break;
      question.after = answer.hits.back().place;
    }
  }
  REQUIRE(whole.total == Evaluate(view, question).total);
}

}  // namespace

TEST_CASE("an answer is the same as if each document had been looked at by itself", "[search]") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  Changing registry(random);
  registry.Change(1500);
  for (int round = 0; round < 12; ++round) {
    registry.Change(1 + random() % 200);
    const View view = registry.Now();
    for (int i = 0; i < 10; ++i) {
      const std::string text = RandomQuery(random);
      const Reach reach = RandomReach(random);
      INFO(text << ", all " << reach.all << ", centres " << reach.shown_to_centres);
      const Query query = Parsed(text);
      const FieldSet facets = random() % 2 == 0 ? kFacetFields : FieldSet{};
      CompareAllPages(
          view, {.query = query, .reach = reach, .size = 1 + random() % 30, .facets = facets});
    }
  }
}

TEST_CASE("of hits that count the same the first by name are told, however many there are",
          "[search]") {
  std::vector<Association> many;
  for (int i = 0; i < 3000; ++i) {
    // Names as they come, so that the order they are added in is not that of names.
    Association each = Named("a" + std::to_string(i), "F" + std::to_string(i * 7919 % 3000));
    SetPurpose(each, "Fælles spisning");
    many.push_back(std::move(each));
  }
  PartList parts(10'000);
  std::vector<Update> updates;
  for (const Association& each : many) updates.push_back({each.id(), ToDocument(each)});
  parts.Put(updates);
  const View view = ViewOf(parts);
  const Query query = Parsed("spisning");
  CompareAllPages(view, {.query = query, .size = 20, .facets = kFacetFields});
  const Answer answer = Evaluate(view, {.query = query, .size = 20});
  CHECK(answer.total == 3000);
  CHECK(answer.more);
  CHECK(std::is_sorted(answer.hits.begin(), answer.hits.end(), [](const Hit& l, const Hit& r) {
    return l.place.name_key < r.place.name_key;
  }));
}

}  // namespace brobygger::search
