#include <memory>

#include <fmt/format.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/output.h"
#include "core/cli/paging.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using registry::v1::AssociationRelation;
using registry::v1::ListRelationsRequest;
using registry::v1::ListRelationsResponse;

struct RelationOptions {
  std::string from;
  std::string to;
  std::string kind;
  std::string relation;
  std::string etag;
  PageOptions page;
};

// "branch-of" and so on, as typed and as shown.
std::string KindWord(AssociationRelation::Kind kind) {
  std::string word = ShowEnum(AssociationRelation::Kind_Name(kind), "KIND_");
  for (char& letter : word) letter = letter == ' ' ? '-' : letter;
  return word;
}

std::vector<std::string> KindWords() {
  std::vector<std::string> words;
  for (int i = AssociationRelation::Kind_MIN + 1; i <= AssociationRelation::Kind_MAX; ++i) {
    words.push_back(KindWord(static_cast<AssociationRelation::Kind>(i)));
  }
  return words;
}

AssociationRelation::Kind ToKind(const std::string& word) {
  const auto words = KindWords();
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == word) return static_cast<AssociationRelation::Kind>(i + 1);
  }
  return AssociationRelation::KIND_UNSPECIFIED;
}

std::vector<Column> RelationColumns() {
  return {{"id", "ID"}, {"from", "FROM"}, {"kind", "IS"}, {"to", "TO"}, {"valid_from", "SINCE"}};
}

std::vector<Cell> Cells(const AssociationRelation& relation) {
  return {{relation.id()},
          {relation.from_association_id()},
          {KindWord(relation.kind())},
          {relation.to_association_id()},
          {relation.valid().from_date()}};
}

Outcome List(Session& session, const RelationOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.from));
  ListRelationsRequest request;
  request.set_association_id(association.id());
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "relations", RelationColumns()));
  const auto add = [&](const ListRelationsResponse& page) {
    for (const auto& relation : page.relations()) writer.Add(relation, Cells(relation));
    return page.relations_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListRelationsResponse>(session, request, options.page, add)));
  pages.last.clear_relations();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "relation", pages.last.next_page_token());
  return 0;
}

Outcome Create(Session& session, const RelationOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto from, FindAssociation(session, options.from));
  BB_ASSIGN_OR_RETURN(const auto to, FindAssociation(session, options.to));
  registry::v1::CreateRelationRequest request;
  request.mutable_relation()->set_from_association_id(from.id());
  request.mutable_relation()->set_to_association_id(to.id());
  request.mutable_relation()->set_kind(ToKind(options.kind));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto response,
                      session.Call<registry::v1::CreateRelationResponse>(request));
  session.Say(
      fmt::format("Created: {} is {} {}", from.official_name(), options.kind, to.official_name()));
  WriteRecord(session, response.relation(), [&] {
    return Rows{.columns = RelationColumns(), .cells = {Cells(response.relation())}};
  });
  return 0;
}

Outcome Delete(Session& session, const RelationOptions& options) {
  BB_ASSIGN_OR_RETURN(const bool sure,
                      session.Confirm("Take the relation " + options.relation + " away?"));
  if (!sure) return absl::CancelledError("Nothing was deleted.");
  registry::v1::DeleteRelationRequest request;
  request.set_relation_id(options.relation);
  request.set_etag(options.etag);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto response,
                      session.Call<registry::v1::DeleteRelationResponse>(request));
  session.Say("Taken away in revision " + std::to_string(response.revision()) + ".");
  return 0;
}

}  // namespace

void AddRelation(const Command& root) {
  Command relation = root.Add("relation", "How associations stand to one another");
  const auto options = std::make_shared<RelationOptions>();
  const ValueHint which{.summary = "Id (or its start), CVR number or whole name",
                        .completes = Completes::kAssociation};
  Command list = relation.Add("list", "List the relations of an association, both ways");
  list.Argument("ASSOCIATION", options->from, which);
  AddPageOptions(list, options->page);
  list.Does([options](Session& session) { return List(session, *options); });

  relation.Add("create", "Say that FROM is KIND TO, as in: A branch-of B")
      .Argument("FROM", options->from, which)
      .Argument("KIND", options->kind,
                {.summary = "How it stands to the other", .words = KindWords()})
      .Argument("TO", options->to, which)
      .Does([options](Session& session) { return Create(session, *options); });

  relation.Add("delete", "Take a relation away; earlier revisions still show it")
      .Argument("RELATION", options->relation, {.summary = "Its id"})
      .Option("--etag", options->etag, {.summary = "Fail if it is not at this etag any more"})
      .Does([options](Session& session) { return Delete(session, *options); });
}

}  // namespace brobygger::cli
