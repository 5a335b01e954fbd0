// That a key which was granted only some fields of an association is shown nothing else by any
// method the hub has: no person, no grant, no contact, no note, and no other field.
#include <algorithm>
#include <regex>
#include <set>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "core/access/access.h"
#include "tests/core/scope/requests.h"
#include "tests/core/scope/world.h"
#include "tests/support/grpc_errors.h"

namespace brobygger::scope {
namespace {

using access::AssociationField;
using google::protobuf::MethodDescriptor;

// What stands in the answers of what was planted: "association official_name", or the number of
// another kind.
std::set<std::string> WordsOf(const std::string& text, const Planted& planted) {
  static const std::regex kWord("-k([0-9]+)-([a-z_]*)");
  const std::string association = std::to_string(static_cast<int>(storage::Kind::kAssociation));
  std::set<std::string> words;
  for (std::size_t at = text.find(planted.word); at != std::string::npos;
       at = text.find(planted.word, at + 1)) {
    std::smatch match;
    const std::string rest = text.substr(at + planted.word.size(), 80);
    if (!std::regex_search(rest, match, kWord)) continue;
    words.insert(match[1] == association ? "association " + match[2].str()
                                         : "kind " + match[1].str());
  }
  return words;
}

// A volunteer centre's key, with every right and class there is, so that nothing but the granted
// fields stands in the way.
access::Caller Key(const Planted& planted, std::set<AssociationField> fields) {
  access::Caller key = CallerOf(access::CallerKind::kVolunteerCentre, planted);
  key.fields = std::move(fields);
  return key;
}

// All words that all methods show to the caller, and which methods answered at all.
struct Shown {
  std::set<std::string> words;
  std::set<std::string> answered;
};
Shown ShownTo(World& world, const access::Caller& caller) {
  world.CallAs(caller);
  Shown shown;
  for (const MethodDescriptor* method : AllMethods()) {
    for (const auto& request : CuriousRequests(*method, world.ours)) {
      const Answer answer = world.Call(*method, request->SerializeAsString());
      shown.words.merge(WordsOf(answer.Text(), world.ours));
      if (answer.status.ok()) shown.answered.insert(method->name());
    }
  }
  return shown;
}

}  // namespace

TEST_CASE("a key without fields is told ids and names, and nothing else by any method") {
  World world;
  world.AgreeToCentres(world.ours);
  const Shown shown = ShownTo(world, Key(world.ours, {}));
  CHECK(shown.words == std::set<std::string>{"association official_name"});
  for (const char* method : {"FindPartners", "FollowPartners", "SearchAssociations"}) {
    CHECK(shown.answered.contains(method));
  }
  for (const std::string& method : shown.answered) {
    const auto known = AllMethods();
    const auto found = std::find_if(known.begin(), known.end(), [&](const MethodDescriptor* each) {
      return each->name() == method;
    });
    const auto access = access::AccessOf(**found);
    INFO(method);
    CHECK((access->field_by_field() || access->right() == access::v1::RIGHT_NONE));
    CHECK_FALSE(access::IsToWrite(access->right()));
  }
}

TEST_CASE("a key with all fields is told public facts, and nothing else by any method") {
  World world;
  world.AgreeToCentres(world.ours);
  std::set<AssociationField> all;
  for (int i = 1; i <= access::v1::AssociationField_MAX; ++i) {
    all.insert(static_cast<AssociationField>(i));
  }
  const Shown shown = ShownTo(world, Key(world.ours, all));
  static const std::set<std::string> kPublic = {
      "association official_name",   "association text",   "association da",
      "association coverage_area",   "association title",  "association place",
      "association emails",          "association phones", "association websites",
      "association value",           "association scheme", "association postal_district",
      "association recurrence_rule", "association date"};
  for (const std::string& word : shown.words) {
    INFO(word);
    // What comes after it in the message may be a letter, too.
    CHECK(std::any_of(kPublic.begin(), kPublic.end(),
                      [&](const std::string& known) { return word.starts_with(known); }));
  }
  // It does see what it was granted, or the test would see nothing either way.
  for (const char* word : {"association title", "association emails", "association da"}) {
    INFO(word);
    CHECK(shown.words.contains(word));
  }
}

}  // namespace brobygger::scope
