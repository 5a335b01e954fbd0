// association own-view: what the hub knows about an association, for the association itself.
#include <memory>

#include <fmt/format.h>

#include "brobygger/people/v1/people_service.pb.h"

#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/enum_words.h"
#include "core/cli/output.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using people::v1::GetOwnViewResponse;

using Lines = std::vector<std::vector<Cell>>;

// What each source said.
void AddFields(const GetOwnViewResponse& view, const SourceMarks& marks, Lines& lines) {
  for (const auto& provenance : view.association().provenance()) {
    for (const std::string& path : provenance.paths()) {
      lines.push_back({{"field"},
                       {path},
                       {ColumnText(view.association(), path)},
                       {marks.TitleOf(provenance.connection_id())}});
    }
  }
}

void AddContacts(const GetOwnViewResponse& view, const std::string& language, Lines& lines) {
  for (const auto& contact : view.contacts()) {
    std::string told;
    for (const int basis : contact.bases()) {
      if (!told.empty()) told += ", ";
      told += EnumText(*contact::v1::Touchpoint::Basis_descriptor(), basis, language);
    }
    lines.push_back({{"contacts"},
                     {contact.department_name()},
                     {fmt::format("{} ({} - {}), {} older", contact.count(), contact.first_date(),
                                  contact.last_date(), contact.older_count())},
                     {told}});
  }
}

void AddReferences(const GetOwnViewResponse& view,
                   const std::string& language,
                   const SourceMarks& marks,
                   Lines& lines) {
  for (const auto& event : view.events()) {
    lines.push_back(
        {{"event"},
         {event.title()},
         {EnumText(*event::v1::Invitation::State_descriptor(), event.state(), language)},
         {""}});
  }
  for (const auto& grant : view.grants()) {
    lines.push_back({{"application"},
                     {grant.title()},
                     {EnumText(*grant::v1::GrantState_descriptor(), grant.state(), language)},
                     {marks.TitleOf(grant.connection_id())}});
  }
  for (const auto& correction : view.corrections()) {
    lines.push_back(
        {{"correction"},
         {correction.field_path()},
         {EnumText(*people::v1::Correction::State_descriptor(), correction.state(), language)},
         {""}});
  }
  lines.push_back({{"persons"}, {"on record"}, {fmt::to_string(view.person_count())}, {""}});
}

Outcome OwnView(Session& session, const std::string& typed) {
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, typed));
  people::v1::GetOwnViewRequest request;
  request.set_association_id(association.id());
  BB_ASSIGN_OR_RETURN(const auto view, session.Call<GetOwnViewResponse>(request));
  BB_ASSIGN_OR_RETURN(const SourceMarks marks, GetSourceMarks(session));
  WriteRecord(session, view, [&] {
    Lines lines;
    AddFields(view, marks, lines);
    AddContacts(view, session.language(), lines);
    AddReferences(view, session.language(), marks, lines);
    return Rows{.columns = {{"what", "WHAT"},
                            {"which", "WHICH"},
                            {"value", "VALUE"},
                            {"said_by", "SAID BY"}},
                .cells = std::move(lines)};
  });
  session.Say("Not right? brobygger correction request ASSOCIATION --field F --statement TEXT");
  return 0;
}

}  // namespace

void AddAssociationOwnView(const Command& parent) {
  const auto typed = std::make_shared<std::string>();
  parent.Add("own-view", "Show all that is recorded about an association, for it to see")
      .Argument(
          "ASSOCIATION", *typed,
          {.summary = "Its id, CVR number or official name", .completes = Completes::kAssociation})
      .Does([typed](Session& session) { return OwnView(session, *typed); });
}

}  // namespace brobygger::cli
