// A department and an association that want to do something together.
#pragma once

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/collab/alignment.h"
#include "core/collab/collaborations.h"
#include "core/collab/statements.h"
#include "core/registry/edit.h"
#include "core/registry/records.h"
#include "core/storage/memory/memory_store.h"
#include "tests/support/fake_clock.h"

namespace brobygger::collab {

struct WorkingTown {
  support::FakeClock clock;
  std::unique_ptr<storage::Store> store = storage::OpenMemoryStore(clock);
  Actor employee{"user:1"};
  std::string department = Department("Integration");
  std::string association = Association("Lanternen");
  Actor itself{"user:2", association};

  // What `body(transaction)` gives; its error if it fails.
  template <typename Body>
  auto Try(const Body& body) {
    decltype(body(std::declval<storage::Transaction&>())) result =
        absl::UnknownError("the body did not run");
    (void)store->Write("operator", [&](storage::Transaction& transaction) {
      result = body(transaction);
      return result.status();
    });
    return result;
  }
  template <typename Body>
  auto Do(const Body& body) {
    auto result = Try(body);
    INFO(result.status());
    REQUIRE(result.ok());
    return *std::move(result);
  }

  std::string Department(const std::string& official_name) {
    registry::v1::Department wanted;
    wanted.set_official_name(official_name);
    wanted.set_municipality_code("0615");
    return Do([&](storage::Transaction& transaction) {
             return registry::CreateDepartment(transaction, wanted, "operator");
           })
        .id();
  }
  std::string Association(const std::string& official_name) {
    registry::v1::Association wanted;
    wanted.set_official_name(official_name);
    wanted.set_municipality_code("0615");
    return Do([&](storage::Transaction& transaction) {
             return registry::CreateAssociation(transaction, wanted, "operator");
           })
        .id();
  }

  v1::Collaboration Create(const v1::CreateCollaborationRequest& request) {
    return Do([&](storage::Transaction& transaction) {
      return CreateCollaboration(transaction, request, employee);
    });
  }
  // With both sides, an aim and a lead.
  v1::Collaboration Festival() {
    v1::CreateCollaborationRequest request;
    auto& wanted = *request.mutable_collaboration();
    wanted.set_title("Høstfest");
    (*wanted.mutable_aim()->mutable_by_language())["da"] = "En fest for hele kvarteret";
    wanted.set_start_date("2024-05-01");
    auto& ours = *request.add_parties();
    ours.set_side(v1::COLLABORATION_SIDE_MUNICIPALITY);
    ours.set_department_id(department);
    ours.add_roles(v1::PARTY_ROLE_LEAD);
    auto& theirs = *request.add_parties();
    theirs.set_side(v1::COLLABORATION_SIDE_ASSOCIATION);
    theirs.set_association_id(association);
    return Create(request);
  }

  absl::StatusOr<v1::Collaboration> Move(const std::string& id,
                                         v1::CollaborationState state,
                                         const std::string& reason = "",
                                         const std::string& etag = "") {
    v1::MoveCollaborationRequest request;
    request.set_collaboration_id(id);
    request.set_state(state);
    request.set_reason(reason);
    request.set_etag(etag);
    return Try([&](storage::Transaction& transaction) {
      return MoveCollaboration(transaction, request, employee);
    });
  }

  v1::AlignmentRound Start(const std::string& id) {
    return Do([&](storage::Transaction& transaction) {
      return StartAlignment(transaction, id, employee, ShippedStatements());
    });
  }
  // `agreement` with every statement but those of `except`.
  absl::StatusOr<v1::AlignmentRound> Answer(const std::string& id,
                                            v1::CollaborationSide side,
                                            int agreement,
                                            const std::map<std::string, int>& except = {},
                                            const Actor* actor = nullptr) {
    v1::AnswerAlignmentRequest request;
    request.set_collaboration_id(id);
    request.set_side(side);
    for (const auto& statement : ShippedStatements().all) {
      auto& answer = *request.add_answers();
      answer.set_statement_id(statement.id());
      const auto other = except.find(statement.id());
      answer.set_agreement(other == except.end() ? agreement : other->second);
    }
    return Try([&](storage::Transaction& transaction) {
      return AnswerAlignment(transaction, request, actor == nullptr ? employee : *actor);
    });
  }
  absl::StatusOr<v1::AlignmentRound> Talk(const std::string& id,
                                          const std::string& statement,
                                          const std::string& outcome) {
    v1::RecordTalkRequest request;
    request.set_collaboration_id(id);
    request.mutable_talk()->set_statement_id(statement);
    request.mutable_talk()->set_outcome(outcome);
    return Try([&](storage::Transaction& transaction) {
      return RecordTalk(transaction, request, employee);
    });
  }
  absl::StatusOr<v1::AlignmentRound> Accept(const std::string& id,
                                            v1::CollaborationSide side,
                                            const Actor* actor = nullptr) {
    v1::AcceptAlignmentRequest request;
    request.set_collaboration_id(id);
    request.set_side(side);
    return Try([&](storage::Transaction& transaction) {
      return AcceptAlignment(transaction, request, actor == nullptr ? employee : *actor);
    });
  }

  v1::GetCollaborationResponse Get(const std::string& id, const Actor& actor) {
    const auto latest = store->Latest();
    auto answer = GetCollaboration(**latest, id, clock.Now(), actor);
    INFO(answer.status());
    REQUIRE(answer.ok());
    return *std::move(answer);
  }
};

inline constexpr auto kOurs = v1::COLLABORATION_SIDE_MUNICIPALITY;
inline constexpr auto kTheirs = v1::COLLABORATION_SIDE_ASSOCIATION;

}  // namespace brobygger::collab
