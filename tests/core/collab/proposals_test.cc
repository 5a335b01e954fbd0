#include "core/collab/proposals.h"

#include "core/registry/consent.h"
#include "core/scope/scoped_store.h"
#include "tests/core/collab/working_town.h"

namespace brobygger::collab {
namespace {

using access::Caller;
using access::CallerKind;

Caller Of(CallerKind kind, const std::string& municipality_code) {
  Caller caller = access::LocalOperator();
  caller.actor = "somebody";
  caller.kind = kind;
  caller.municipality_code = municipality_code;
  return caller;
}

struct CentreTown : WorkingTown {
  const Caller centre = Of(CallerKind::kVolunteerCentre, "0615");

  void Agree(bool volunteer_centres) {
    registry::v1::VisibilityConsent consent;
    consent.set_volunteer_centres(volunteer_centres);
    consent.set_date("2024-05-01");
    consent.set_evidence("brev");
    REQUIRE(Try([&](storage::Transaction& transaction) {
              return registry::RecordVisibilityConsent(transaction, association, consent,
                                                       registry::v1::PERSPECTIVE_MUNICIPALITY);
            }).ok());
  }

  v1::ProposeCollaborationRequest Wanted() const {
    v1::ProposeCollaborationRequest wanted;
    wanted.set_title("Lektiecafé om torsdagen");
    (*wanted.mutable_aim()->mutable_by_language())["da"] = "Hjælp til lektier";
    wanted.set_centre_title("Frivilligcenter Horsens");
    wanted.add_association_ids(association);
    return wanted;
  }

  absl::StatusOr<v1::CollaborationProposal> Propose(const Caller& caller,
                                                    const v1::ProposeCollaborationRequest& wanted) {
    absl::StatusOr<v1::CollaborationProposal> made = absl::UnknownError("the body did not run");
    scope::ScopedStore scoped(*store, caller);
    const auto written = scoped.Write(caller.actor, [&](storage::Transaction& transaction) {
      made = ProposeCollaboration(transaction, wanted, caller.municipality_code);
      return made.status();
    });
    return written.ok() ? made : written.status();
  }

  std::vector<v1::CollaborationProposal> Proposals(const Caller& caller) {
    const scope::ScopedStore scoped(*store, caller);
    const auto listed = ListProposals(**scoped.Latest(), caller.municipality_code);
    REQUIRE(listed.ok());
    return {listed->proposals().begin(), listed->proposals().end()};
  }

  absl::Status Get(const Caller& caller, const std::string& id) {
    const scope::ScopedStore scoped(*store, caller);
    return GetCollaboration(**scoped.Latest(), id, clock.Now(), {.name = caller.actor}).status();
  }
};

}  // namespace

TEST_CASE("a volunteer centre proposes, and those who are meant see it", "[collab]") {
  CentreTown town;
  town.Agree(true);
  auto wanted = town.Wanted();
  wanted.add_department_ids(town.department);
  const auto made = town.Propose(town.centre, wanted);
  INFO(made.status());
  REQUIRE(made.ok());
  CHECK(made->state() == v1::COLLABORATION_STATE_IDEA);
  CHECK(made->association_names(0) == "Lanternen");
  const auto whole = town.WorkingTown::Get(made->collaboration_id(), town.employee);
  CHECK(whole.collaboration().proposed_by() == v1::COLLABORATION_SIDE_VOLUNTEER_CENTRE);
  REQUIRE(whole.collaboration().parties_size() == 3);
  CHECK(whole.collaboration().parties(0).title() == "Frivilligcenter Horsens");
  CHECK(town.Get(Of(CallerKind::kEmployee, "0615"), made->collaboration_id()).ok());
  CHECK_FALSE(town.Get(Of(CallerKind::kEmployee, "0998"), made->collaboration_id()).ok());
  CHECK_FALSE(town.Get(Of(CallerKind::kVolunteerCentre, "0998"), made->collaboration_id()).ok());
}

TEST_CASE("a volunteer centre is told where its proposals stand, and of no others", "[collab]") {
  CentreTown town;
  town.Agree(true);
  const auto made = town.Propose(town.centre, town.Wanted());
  REQUIRE(made.ok());
  town.Festival();
  REQUIRE(town.Move(made->collaboration_id(), v1::COLLABORATION_STATE_DROPPED, "ferie").ok());
  const auto told = town.Proposals(town.centre);
  REQUIRE(told.size() == 1);
  CHECK(told.front().collaboration_id() == made->collaboration_id());
  CHECK(told.front().state() == v1::COLLABORATION_STATE_DROPPED);
  CHECK(town.Proposals(Of(CallerKind::kVolunteerCentre, "0998")).empty());
}

TEST_CASE("what others make of a proposal is theirs", "[collab]") {
  CentreTown town;
  town.Agree(true);
  const auto made = town.Propose(town.centre, town.Wanted());
  REQUIRE(made.ok());
  const std::string id = made->collaboration_id();
  v1::Collaboration renamed;
  renamed.set_id(id);
  renamed.set_title("Lektier, men kun for pigerne");
  google::protobuf::FieldMask mask;
  mask.add_paths("title");
  town.Do([&](storage::Transaction& transaction) {
    return UpdateCollaboration(transaction, renamed, mask, town.employee);
  });
  v1::AddPartyRequest add;
  add.set_collaboration_id(id);
  add.mutable_party()->set_side(kTheirs);
  add.mutable_party()->set_association_id(town.Association("Havnens Venner"));
  const auto whole = town.Do(
      [&](storage::Transaction& transaction) { return AddParty(transaction, add, town.employee); });
  const auto told = town.Proposals(Of(CallerKind::kOperator, ""));
  REQUIRE(told.size() == 1);
  CHECK(told.front().title() == "Lektiecafé om torsdagen");
  REQUIRE(told.front().association_names_size() == 1);
  CHECK(told.front().association_names(0) == "Lanternen");

  v1::RemovePartyRequest remove;
  remove.set_collaboration_id(id);
  remove.set_party_id(whole.parties(0).id());
  town.Do([&](storage::Transaction& transaction) {
    return RemoveParty(transaction, remove, town.employee);
  });
  CHECK(town.Proposals(town.centre).empty());
}

TEST_CASE("a name that the centre may not see any more is not told", "[collab]") {
  CentreTown town;
  town.Agree(true);
  REQUIRE(town.Propose(town.centre, town.Wanted()).ok());
  town.Agree(false);
  const auto told = town.Proposals(town.centre);
  REQUIRE(told.size() == 1);
  CHECK(told.front().association_names().empty());
}

TEST_CASE("an association that did not agree to centres cannot be proposed to", "[collab]") {
  CentreTown town;
  CHECK(base::ReasonOf(town.Propose(town.centre, town.Wanted()).status()) ==
        errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND);
}

TEST_CASE("a proposal without an aim, a centre, an association or a municipality is refused",
          "[collab]") {
  CentreTown town;
  town.Agree(true);
  const auto field = [&](const v1::ProposeCollaborationRequest& wanted) {
    return base::ErrorMetadata(town.Propose(town.centre, wanted).status(), "field");
  };
  auto wanted = town.Wanted();
  wanted.clear_aim();
  CHECK(field(wanted) == "aim");
  wanted = town.Wanted();
  wanted.clear_centre_title();
  CHECK(field(wanted) == "party.title");
  wanted = town.Wanted();
  wanted.clear_association_ids();
  CHECK(field(wanted) == "association_ids");
  CHECK(
      base::ReasonOf(town.Propose(Of(CallerKind::kVolunteerCentre, ""), town.Wanted()).status()) ==
      errors::v1::ERROR_REASON_NOT_ALLOWED);
}

TEST_CASE("nobody becomes a centre's municipality by writing it into a party", "[collab]") {
  CentreTown town;
  const v1::Collaboration made = town.Festival();
  v1::AddPartyRequest add;
  add.set_collaboration_id(made.id());
  add.mutable_party()->set_side(v1::COLLABORATION_SIDE_VOLUNTEER_CENTRE);
  add.mutable_party()->set_title("Frivilligcenter Fjordby");
  add.mutable_party()->set_municipality_code("0998");
  town.Do(
      [&](storage::Transaction& transaction) { return AddParty(transaction, add, town.employee); });
  CHECK_FALSE(town.Get(Of(CallerKind::kVolunteerCentre, "0998"), made.id()).ok());
}

}  // namespace brobygger::collab
