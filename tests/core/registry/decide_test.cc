#include "core/registry/decide.h"

#include "core/base/error.h"
#include "core/registry/decision_log.h"
#include "core/registry/query.h"
#include "core/registry/records.h"
#include "tests/core/registry/identity_fixture.h"

namespace brobygger::registry {
namespace {

using idv1::Decision;

const Told kFirst = {"tilskud",
                     "1",
                     {{"official_name", "Kurdisk Kulturforening Fjordby"},
                      {"emails", R"(["kurdisk@fjordby.example"])"}}};
const Told kSecond = {
    "frivillig",
    "7",
    {{"official_name", "Kurdisk Kulturforening i Fjordby"}, {"phones", R"(["+4510550107"])"}}};

// Two associations, the first the older.
struct Two : IdentityFixture {
  const v1::Association first = Make(kFirst);
  const v1::Association second = Make(kSecond);
};

TEST_CASE("what is the same becomes one association with all that both held") {
  Two two;
  const auto said = two.Say(two.second.id(), Decision::KIND_SAME, two.first.id());
  INFO(said.status());
  REQUIRE(said.ok());
  CHECK(said->merge().survivor_association_id() == two.first.id());

  const auto survivor = two.Get(two.first.id());
  CHECK(survivor.official_name() == kFirst.fields[0].second);
  REQUIRE(survivor.other_names_size() == 1);
  CHECK(survivor.other_names(0).text() == kSecond.fields[0].second);
  CHECK(survivor.phones_size() == 1);
  CHECK(survivor.provenance_size() == 2);
  const auto absorbed = two.Get(two.second.id());
  CHECK(absorbed.has_delete_time());
  CHECK(absorbed.merged_into_association_id() == two.first.id());
  CHECK(two.identity.RootOf(two.second.id()) == two.first.id());
  CHECK(two.identity.size().associations == 1);
}

TEST_CASE("the id of what was merged leads to the survivor, and its own past stays readable") {
  Two two;
  REQUIRE(two.Say(two.second.id(), Decision::KIND_SAME, two.first.id()).ok());
  const auto bytes = GetAssociationBytes(*two.Latest(), two.second.id());
  REQUIRE(bytes.ok());
  v1::Association found;
  REQUIRE(found.ParseFromString(**bytes));
  CHECK(found.id() == two.first.id());

  v1::ListAssociationHistoryRequest request;
  request.set_association_id(two.second.id());
  const auto history = ListAssociationHistory(*two.store, request);
  REQUIRE(history.ok());
  REQUIRE(history->versions_size() == 2);
  CHECK(history->versions(0).changed_paths(1) == "merged_into_association_id");

  google::protobuf::FieldMask mask;
  mask.add_paths("status");
  const auto changed = two.Write([&](auto& transaction) {
    return UpdateAssociation(transaction, two.second, mask, "operator");
  });
  CHECK(base::ReasonOf(changed.status()) == errors::v1::ERROR_REASON_ASSOCIATION_MERGED);
  CHECK(base::ErrorMetadata(changed.status(), "merged_into_association_id") == two.first.id());
}

TEST_CASE("a merge that is taken back leaves both as they were, and does not come back") {
  Two two;
  const auto said = two.Say(two.second.id(), Decision::KIND_SAME, two.first.id());
  REQUIRE(said.ok());
  const auto undone = two.Undo(said->decision().id());
  INFO(undone.status());
  REQUIRE(undone.ok());
  CHECK(undone->conflicts().empty());
  CHECK(undone->restored_association_id() == two.second.id());
  CHECK(undone->decision().kind() == Decision::KIND_NOT_SAME);
  for (const v1::Association& before : {two.first, two.second}) {
    v1::Association after = two.Get(before.id());
    CHECK(after.etag() != before.etag());
    after.set_etag(before.etag());
    *after.mutable_update_time() = before.update_time();
    CHECK(ToBytes(after) == ToBytes(before));
  }
  const auto held = two.identity.DecidedBetween(two.first.id(), two.second.id());
  REQUIRE(held.has_value());
  CHECK(held->kind == Decision::KIND_NOT_SAME);
  CHECK(two.identity.Compare(two.first.id(), two.second.id()).verdict == Verdict::kDifferent);
  CHECK(base::ReasonOf(two.Undo(said->decision().id()).status()) ==
        errors::v1::ERROR_REASON_DECISION_UNDONE);
}

TEST_CASE("a merge against an earlier decision is refused until it is overridden") {
  Two two;
  const auto not_same = two.Say(two.first.id(), Decision::KIND_NOT_SAME, two.second.id());
  REQUIRE(not_same.ok());
  const auto refused = two.Say(two.first.id(), Decision::KIND_SAME, two.second.id());
  CHECK(base::ReasonOf(refused.status()) == errors::v1::ERROR_REASON_CONTRADICTS_DECISION);
  CHECK(base::ErrorMetadata(refused.status(), "decision_id") == not_same->decision().id());

  const auto overridden = two.Say(two.first.id(), Decision::KIND_SAME, two.second.id(), true);
  INFO(overridden.status());
  REQUIRE(overridden.ok());
  CHECK(overridden->decision().undoes_decision_id() == not_same->decision().id());
  const auto earlier = GetDecision(*two.Latest(), not_same->decision().id());
  REQUIRE(earlier.ok());
  CHECK(earlier->undone_by_decision_id() == overridden->decision().id());
}

TEST_CASE("a decision about what was merged holds for the survivor") {
  Two two;
  const auto third = two.Make({"tilskud", "3", {{"official_name", "Kurdisk Forening Nordby"}}});
  REQUIRE(two.Say(two.second.id(), Decision::KIND_NOT_SAME, third.id()).ok());
  REQUIRE(two.Say(two.first.id(), Decision::KIND_SAME, two.second.id()).ok());
  const auto refused = two.Say(two.first.id(), Decision::KIND_SAME, third.id());
  CHECK(base::ReasonOf(refused.status()) == errors::v1::ERROR_REASON_CONTRADICTS_DECISION);
}

TEST_CASE("a branch gets its relation, and loses it when the decision is taken back") {
  Two two;
  const auto said = two.Say(two.second.id(), Decision::KIND_BRANCH_OF, two.first.id());
  REQUIRE(said.ok());
  v1::ListRelationsRequest request;
  request.set_association_id(two.first.id());
  auto relations = ListRelations(*two.store, request);
  REQUIRE(relations.ok());
  REQUIRE(relations->relations_size() == 1);
  CHECK(relations->relations(0).kind() == v1::AssociationRelation::KIND_BRANCH_OF);
  CHECK(relations->relations(0).from_association_id() == two.second.id());
  CHECK(two.identity.Compare(two.first.id(), two.second.id()).verdict == Verdict::kBranch);

  const auto undone = two.Undo(said->decision().id());
  REQUIRE(undone.ok());
  CHECK(undone->decision().kind() == Decision::KIND_RETRACTED);
  relations = ListRelations(*two.store, request);
  REQUIRE(relations.ok());
  CHECK(relations->relations().empty());
  CHECK_FALSE(two.identity.DecidedBetween(two.first.id(), two.second.id()).has_value());
}

TEST_CASE("saying not the same of two ids of one association parts them") {
  Two two;
  REQUIRE(two.Say(two.first.id(), Decision::KIND_SAME, two.second.id()).ok());
  const auto parted = two.Say(two.first.id(), Decision::KIND_NOT_SAME, two.second.id());
  INFO(parted.status());
  REQUIRE(parted.ok());
  CHECK(parted->new_association_id() == two.second.id());
  CHECK_FALSE(two.Get(two.second.id()).has_delete_time());
  CHECK(two.identity.DecidedBetween(two.first.id(), two.second.id()).has_value());
}

TEST_CASE("a record can be taken out of an association, and is one of its own then") {
  IdentityFixture fixture;
  const auto made = fixture.Make(kFirst);
  v1::Association both = made;
  model::RecordOtherValue(both, SourceOf(kSecond), "official_name", kSecond.fields[0].second);
  both.add_phones("+4510550107");
  model::RecordStatement(both, SourceOf(kSecond), {"phones"});
  REQUIRE(fixture.Write([&](auto& t) { return IngestAssociation(t, both); }).ok());

  idv1::DecideRequest request;
  request.set_from_association_id(made.id());
  request.mutable_record()->set_connection_id(kSecond.connection);
  request.mutable_record()->set_external_id(kSecond.external_id);
  request.set_kind(Decision::KIND_NOT_SAME);
  const auto said = fixture.Say(request);
  INFO(said.status());
  REQUIRE(said.ok());
  const auto own = fixture.Get(said->new_association_id());
  CHECK(own.official_name() == kSecond.fields[0].second);
  CHECK(own.phones_size() == 1);
  const auto rest = fixture.Get(made.id());
  CHECK(rest.phones().empty());
  CHECK(rest.provenance_size() == 1);
  CHECK(fixture.identity.DecidedBetween(made.id(), own.id()).has_value());

  request.mutable_record()->set_connection_id(kFirst.connection);
  request.mutable_record()->set_external_id(kFirst.external_id);
  const auto refused = fixture.Say(request);
  CHECK(base::ReasonOf(refused.status()) == errors::v1::ERROR_REASON_FIELD_INVALID);
}

TEST_CASE("a note with a CPR number, or one that is too long, is refused") {
  Two two;
  idv1::DecideRequest request;
  request.set_from_association_id(two.first.id());
  request.set_to_association_id(two.second.id());
  request.set_kind(Decision::KIND_UNSURE);
  request.set_note("ring til 010100-0000");
  CHECK(base::ReasonOf(two.Say(request).status()) == errors::v1::ERROR_REASON_CPR_REFUSED);
  request.set_note(std::string(501, 'x'));
  CHECK(base::ReasonOf(two.Say(request).status()) == errors::v1::ERROR_REASON_FIELD_INVALID);
  request.set_note("Formanden siger, at de er to.");
  CHECK(two.Say(request).ok());
}

TEST_CASE("a body that fails after a merge leaves everything as it was") {
  Two two;
  const auto failed = two.store->Write("operator", [&](storage::Transaction& transaction) {
    idv1::DecideRequest request;
    request.set_from_association_id(two.first.id());
    request.set_to_association_id(two.second.id());
    request.set_kind(Decision::KIND_SAME);
    const auto decided = Decide(transaction, two.identity, request, "operator");
    CHECK(decided.ok());
    CHECK(two.identity.RootOf(two.second.id()) == two.first.id());
    return absl::CancelledError("killed");
  });
  CHECK_FALSE(failed.ok());
  CHECK(two.identity.RootOf(two.second.id()) == two.second.id());
  CHECK(two.identity.size().associations == 2);
  CHECK_FALSE(two.Get(two.second.id()).has_delete_time());
  const auto log = ListDecisions(*two.Latest(), {});
  REQUIRE(log.ok());
  CHECK(log->decisions().empty());
}

TEST_CASE("the log is paged, newest first, and can be asked about one association") {
  Two two;
  for (int i = 0; i < 5; ++i) {
    REQUIRE(two.Say(two.first.id(), Decision::KIND_UNSURE, two.second.id()).ok());
  }
  idv1::ListDecisionsRequest request;
  request.set_page_size(2);
  std::vector<std::string> ids;
  do {
    const auto page = ListDecisions(*two.Latest(), request);
    REQUIRE(page.ok());
    for (const auto& decision : page->decisions()) ids.push_back(decision.id());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  CHECK(ids.size() == 5);
  request.set_association_id(two.first.id());
  const auto about = ListDecisions(*two.Latest(), request);
  REQUIRE(about.ok());
  REQUIRE(about->decisions_size() == 2);
  CHECK(about->decisions(0).id() == ids[0]);
}

}  // namespace
}  // namespace brobygger::registry
