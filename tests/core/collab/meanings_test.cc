#include "core/collab/meanings.h"

#include "core/collab/agreement.h"
#include "tests/core/collab/working_town.h"

namespace brobygger::collab {
namespace {

absl::StatusOr<v1::Collaboration> Explain(WorkingTown& town,
                                          const std::string& id,
                                          v1::CollaborationSide side,
                                          const std::string& word,
                                          const std::string& meaning,
                                          const Actor* actor = nullptr) {
  v1::ExplainWordRequest request;
  request.set_collaboration_id(id);
  request.set_side(side);
  request.set_word(word);
  request.set_meaning(meaning);
  return town.Try([&](storage::Transaction& transaction) {
    return ExplainWord(transaction, request, actor == nullptr ? town.employee : *actor);
  });
}

v1::Collaboration About(WorkingTown& town, const std::string& title) {
  v1::CreateCollaborationRequest request;
  request.mutable_collaboration()->set_title(title);
  auto& party = *request.add_parties();
  party.set_side(kTheirs);
  party.set_association_id(town.association);
  return town.Create(request);
}

}  // namespace

TEST_CASE("a word is pointed out until both sides hold to one meaning", "[collab]") {
  WorkingTown town;
  const auto made = About(town, "Mere frivillighed");
  CHECK(WordsToExplain(made, {}) == std::vector<std::string>{"frivillighed"});
  auto now = Explain(town, made.id(), kOurs, "Frivillighed", "Hjælp uden løn, når man har tid");
  REQUIRE(now.ok());
  CHECK(WordsToExplain(*now, {}).size() == 1);
  CHECK_FALSE(IsShared(now->meanings(0)));
  // Whatever the case of its letters.
  now = Explain(town, made.id(), kTheirs, "frivillighed", "", &town.itself);
  REQUIRE(now.ok());
  REQUIRE(now->meanings_size() == 1);
  CHECK(IsShared(now->meanings(0)));
  CHECK(WordsToExplain(*now, {}).empty());
  CHECK(AgreementText(*now, {}, "da").find("Frivillighed: Hjælp uden løn, når man har tid") !=
        std::string::npos);
}

TEST_CASE("another meaning has to be accepted anew, and the same again has not", "[collab]") {
  WorkingTown town;
  const auto made = About(town, "Mere frivillighed");
  REQUIRE(Explain(town, made.id(), kOurs, "frivillighed", "Ulønnet").ok());
  REQUIRE(Explain(town, made.id(), kTheirs, "frivillighed", "Ulønnet").ok());
  auto now = Explain(town, made.id(), kOurs, "frivillighed", "Ulønnet");
  CHECK(IsShared(now->meanings(0)));
  now = Explain(town, made.id(), kTheirs, "frivillighed", "Ulønnet, med kaffe");
  CHECK_FALSE(IsShared(now->meanings(0)));
  CHECK(AgreementText(*now, {}, "da").find("med kaffe") == std::string::npos);
}

TEST_CASE("there is nothing to accept where nobody has said anything", "[collab]") {
  WorkingTown town;
  const auto made = About(town, "Fest");
  const auto refused = Explain(town, made.id(), kOurs, "ansvar", "");
  CHECK(base::ErrorMetadata(refused.status(), "field") == "meaning");
  CHECK(base::ErrorMetadata(Explain(town, made.id(), kOurs, "", "x").status(), "field") == "word");
  CHECK(base::ReasonOf(Explain(town, made.id(), kOurs, "ansvar", "Os", &town.itself).status()) ==
        errors::v1::ERROR_REASON_NOT_ALLOWED);
  CHECK(town.Get(made.id(), town.employee).collaboration().meanings().empty());
}

TEST_CASE("a side accepts the meaning that it has read", "[collab]") {
  WorkingTown town;
  const auto made = About(town, "Mere frivillighed");
  const auto read = Explain(town, made.id(), kOurs, "frivillighed", "Ulønnet");
  REQUIRE(Explain(town, made.id(), kOurs, "frivillighed", "Ulønnet, hver tirsdag").ok());
  v1::ExplainWordRequest request;
  request.set_collaboration_id(made.id());
  request.set_side(kTheirs);
  request.set_word("frivillighed");
  request.set_etag(read->etag());
  const auto late = town.Try([&](storage::Transaction& transaction) {
    return ExplainWord(transaction, request, town.itself);
  });
  CHECK(base::ReasonOf(late.status()) == errors::v1::ERROR_REASON_ETAG_MISMATCH);
}

}  // namespace brobygger::collab
