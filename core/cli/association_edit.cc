// association create, update, delete, undelete and consent.
#include <memory>
#include <set>

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/output.h"
#include "core/cli/words.h"
#include "core/model/fields.h"

namespace brobygger::cli {
namespace {

using registry::v1::Association;

struct EditOptions {
  std::string association;
  std::string file;
  std::string etag;
  std::vector<std::string> set;
  std::vector<std::string> clear;
  bool dry_run = false;
};

// Carries out "--set path=value" and "--clear path"; returns the top-level fields
// touched, for the update mask.
absl::StatusOr<std::set<std::string>> Edit(const EditOptions& options, Association& association) {
  std::set<std::string> touched;
  const auto apply = [&](const std::string& typed, const std::string& value) -> absl::Status {
    const std::string path = ToFieldPath(typed);
    BB_RETURN_IF_ERROR(model::SetFieldText(association, path, value));
    touched.insert(path.substr(0, path.find('.')));
    return absl::OkStatus();
  };
  for (const std::string& setting : options.set) {
    const size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      return absl::InvalidArgumentError(fmt::format(
          "--set '{}' is not FIELD=VALUE, as in --set purpose.da='Kultur for alle'.", setting));
    }
    BB_RETURN_IF_ERROR(apply(setting.substr(0, equals), setting.substr(equals + 1)));
  }
  for (const std::string& path : options.clear) BB_RETURN_IF_ERROR(apply(path, ""));
  return touched;
}

absl::StatusOr<Association> FromFile(const std::string& path) {
  Association association;
  if (path.empty()) return association;
  BB_ASSIGN_OR_RETURN(const std::string text, ReadText(path));
  const auto status = google::protobuf::util::JsonStringToMessage(text, &association);
  if (status.ok()) return association;
  return absl::InvalidArgumentError(
      fmt::format("{} is not an association in JSON: {}", path, status.message().as_string()));
}

void Report(Session& session, const Association& association, const std::string& done) {
  session.Say(fmt::format("{} {}: {}", done, association.id(), association.official_name()));
  WriteRecord(session, association, [&] {
    return Rows{
        .columns = {{"id", "ID"}, {"official_name", "NAME"}, {"etag", "ETAG"}},
        .cells = {{{association.id()}, {association.official_name()}, {association.etag()}}}};
  });
}

Outcome Create(Session& session, const EditOptions& options) {
  registry::v1::CreateAssociationRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_association(), FromFile(options.file));
  BB_RETURN_IF_ERROR(Edit(options, *request.mutable_association()).status());
  request.set_request_id(base::MakeUuid());
  request.set_validate_only(options.dry_run);
  BB_ASSIGN_OR_RETURN(const auto response,
                      session.Call<registry::v1::CreateAssociationResponse>(request));
  Report(session, response.association(), options.dry_run ? "Would create" : "Created");
  return 0;
}

Outcome Update(Session& session, const EditOptions& options) {
  registry::v1::UpdateAssociationRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_association(),
                      FindAssociation(session, options.association));
  BB_ASSIGN_OR_RETURN(const auto touched, Edit(options, *request.mutable_association()));
  if (touched.empty()) {
    return absl::InvalidArgumentError(
        "Nothing to change: give --set FIELD=VALUE or --clear FIELD.");
  }
  for (const auto& field : touched) request.mutable_update_mask()->add_paths(field);
  if (!options.etag.empty()) request.mutable_association()->set_etag(options.etag);
  request.set_request_id(base::MakeUuid());
  request.set_validate_only(options.dry_run);
  BB_ASSIGN_OR_RETURN(const auto response,
                      session.Call<registry::v1::UpdateAssociationResponse>(request));
  Report(session, response.association(), options.dry_run ? "Would change" : "Changed");
  return 0;
}

Outcome Delete(Session& session, const EditOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
  BB_ASSIGN_OR_RETURN(const bool sure,
                      session.Confirm(fmt::format("Delete '{}' ({})? Its history stays.",
                                                  association.official_name(), association.id())));
  if (!sure) return absl::CancelledError("Nothing was deleted.");
  registry::v1::DeleteAssociationRequest request;
  request.set_association_id(association.id());
  request.set_etag(options.etag.empty() ? association.etag() : options.etag);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto response,
                      session.Call<registry::v1::DeleteAssociationResponse>(request));
  Report(session, response.association(), "Deleted");
  return 0;
}

Outcome Undelete(Session& session, const EditOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
  registry::v1::UndeleteAssociationRequest request;
  request.set_association_id(association.id());
  request.set_etag(options.etag);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto response,
                      session.Call<registry::v1::UndeleteAssociationResponse>(request));
  Report(session, response.association(), "Undeleted");
  return 0;
}

struct ConsentOptions {
  std::string association;
  std::string municipalities;
  std::string centres;
  std::string contact;
  std::string date;
  std::string evidence;
};

Outcome Consent(Session& session, const ConsentOptions& options) {
  registry::v1::RecordVisibilityConsentRequest request;
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
  request.set_association_id(association.id());
  auto& consent = *request.mutable_consent();
  consent.set_other_municipalities(options.municipalities == "yes");
  consent.set_volunteer_centres(options.centres == "yes");
  consent.set_contact(options.contact == "yes");
  consent.set_date(options.date.empty() ? base::DanishDayOf(base::SystemClock().Now())
                                        : options.date);
  consent.set_evidence(options.evidence);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<registry::v1::RecordVisibilityConsentResponse>(request));
  const auto& now = answer.association().visibility_consent();
  session.Say(fmt::format("{}: other municipalities {}, volunteer centres {}; how to reach it {}.",
                          answer.association().official_name(),
                          now.other_municipalities() ? "may hear of it" : "may not",
                          now.volunteer_centres() ? "may hear of it" : "may not",
                          now.contact() ? "may be told" : "is not told"));
  return 0;
}

using SharedEditOptions = std::shared_ptr<EditOptions>;

void AddSettings(Command& command, const SharedEditOptions& options) {
  command
      .Options("--set", options->set,
               {.summary = "FIELD=VALUE, as in official_name=... or purpose.da=...; lists as JSON"})
      .Flag("--dry-run", options->dry_run, "Only say whether it would work");
}

void AddWhich(Command& command, const SharedEditOptions& options) {
  command
      .Argument("ASSOCIATION", options->association,
                {.summary = "Id (or its start), CVR number or whole name",
                 .completes = Completes::kAssociation})
      .Option("--etag", options->etag,
              {.summary = "Fail if the record is not at this etag any more"});
}

void AddConsent(const Command& parent) {
  const auto options = std::make_shared<ConsentOptions>();
  const ValueHint yes_or_no = {.summary = "Whether it agrees; else no",
                               .completes = Completes::kWord,
                               .words = {"yes", "no"}};
  Command consent =
      parent.Add("consent", "Write down who else may hear of an association: its own choice");
  consent
      .Argument("ASSOCIATION", options->association,
                {.summary = "Id (or its start), CVR number or whole name",
                 .completes = Completes::kAssociation})
      .Option("--municipalities", options->municipalities, yes_or_no)
      .Option("--volunteer-centres", options->centres, yes_or_no)
      .Option("--contact", options->contact, yes_or_no)
      .Option("--date", options->date, {.summary = "The day it said so; else today"})
      .Required("--evidence", options->evidence,
                {.summary = "How that is known: letter of 4 May; no names"})
      .Does([options](Session& session) { return Consent(session, *options); });
}

}  // namespace

void AddAssociationEdit(const Command& parent) {
  AddConsent(parent);
  const auto options = std::make_shared<EditOptions>();
  Command create = parent.Add("create", "Add an association");
  AddSettings(create, options);
  create
      .Option("--file", options->file,
              {.summary = "JSON of the association; - is standard input",
               .completes = Completes::kFile})
      .Does([options](Session& session) { return Create(session, *options); });

  Command update = parent.Add("update", "Change fields of an association");
  AddWhich(update, options);
  AddSettings(update, options);
  update.Options("--clear", options->clear, {.summary = "Field to empty"})
      .Does([options](Session& session) { return Update(session, *options); });

  Command remove = parent.Add("delete", "Mark an association as deleted; its history stays");
  AddWhich(remove, options);
  remove.Does([options](Session& session) { return Delete(session, *options); });

  Command undelete = parent.Add("undelete", "Take a deletion back");
  AddWhich(undelete, options);
  undelete.Does([options](Session& session) { return Undelete(session, *options); });
}

void AddAssociation(const Command& root) {
  Command association = root.Add("association", "Associations as the registry holds them");
  association.Alias("assoc");
  AddAssociationList(association);
  AddAssociationSearch(association);
  AddAssociationShow(association);
  AddAssociationEdit(association);
  AddAssociationActivity(association);
  AddAssociationKeys(association);
  AddAssociationExport(association);
  AddAssociationCard(association);
}

}  // namespace brobygger::cli
