// person add and update.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/enum_words.h"
#include "core/cli/person.h"
#include "core/cli/valid_days.h"

namespace brobygger::cli {
namespace {

using people::v1::Person;
using people::v1::PersonRole;

struct WriteOptions {
  std::string id;
  std::string name;
  std::string email;
  std::string phone;
  std::string association;
  std::string department;
  std::string function;
  std::string basis;
  std::string sensitive_basis;
  std::string basis_date;
  std::string evidence;
  std::string expires;
  std::string from;
  std::string to;
  bool override_suppression = false;
};

absl::StatusOr<PersonRole> ToRole(Session& session, const WriteOptions& options) {
  PersonRole role;
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    role.set_association_id(association.id());
  }
  BB_ASSIGN_OR_RETURN(*role.mutable_department_id(), DepartmentId(session, options.department));
  role.set_function(
      static_cast<people::v1::PersonFunction>(EnumNumber(FunctionWords(), options.function)));
  role.set_basis(static_cast<people::v1::RecordingBasis>(EnumNumber(BasisWords(), options.basis)));
  role.set_sensitive_basis(static_cast<people::v1::SensitiveBasis>(
      EnumNumber(SensitiveBasisWords(), options.sensitive_basis)));
  // Most consents are written down the same day: one thing less to type.
  role.set_basis_date(options.basis_date.empty() ? Today() : options.basis_date);
  role.set_evidence(options.evidence);
  role.set_expires_date(options.expires);
  BB_RETURN_IF_ERROR(ChangeValid(options.from, options.to, *role.mutable_valid()));
  return role;
}

Outcome Add(Session& session, const WriteOptions& options) {
  people::v1::AddPersonRequest request;
  Person& person = *request.mutable_person();
  person.set_display_name(options.name);
  person.set_email(options.email);
  person.set_phone(options.phone);
  request.set_override_suppression(options.override_suppression);
  BB_ASSIGN_OR_RETURN(*person.add_roles(), ToRole(session, options));
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<people::v1::AddPersonResponse>(request));
  session.Say(fmt::format("Recorded until {}, and no longer.", options.expires));
  WriteRecord(session, answer, [&] {
    return Rows{.columns = {{"id", "ID"}}, .cells = {{{answer.person_id()}}}};
  });
  return 0;
}

// Puts the role in the place of the one of the same owner and function, or at the end.
void PutRole(const PersonRole& role, Person& person) {
  auto& roles = *person.mutable_roles();
  const auto same = std::find_if(roles.begin(), roles.end(), [&](const PersonRole& each) {
    return each.association_id() == role.association_id() &&
           each.department_id() == role.department_id() && each.function() == role.function();
  });
  if (same == roles.end()) {
    *roles.Add() = role;
  } else {
    *same = role;
  }
}

Outcome Update(Session& session, const WriteOptions& options) {
  people::v1::UnfoldPersonRequest unfold;
  unfold.set_person_id(options.id);
  BB_ASSIGN_OR_RETURN(const auto known, session.Call<people::v1::UnfoldPersonResponse>(unfold));
  people::v1::UpdatePersonRequest request;
  request.set_person_id(options.id);
  *request.mutable_person() = known.person();
  request.set_override_suppression(options.override_suppression);
  Person& person = *request.mutable_person();
  const auto change = [&](const char* path, const std::string& value, std::string& into) {
    if (value.empty()) return;
    into = value == "-" ? "" : value;
    request.mutable_update_mask()->add_paths(path);
  };
  change("display_name", options.name, *person.mutable_display_name());
  change("email", options.email, *person.mutable_email());
  change("phone", options.phone, *person.mutable_phone());
  if (!options.function.empty()) {
    BB_ASSIGN_OR_RETURN(const PersonRole role, ToRole(session, options));
    PutRole(role, person);
    request.mutable_update_mask()->add_paths("roles");
  }
  if (request.update_mask().paths().empty()) {
    return absl::InvalidArgumentError("Say what to change: --name, --email, --phone or a role.");
  }
  BB_RETURN_IF_ERROR(session.Call<people::v1::UpdatePersonResponse>(request).status());
  session.Say("It is changed.");
  return 0;
}

void AddContactOptions(Command& command, const std::shared_ptr<WriteOptions>& options) {
  command.Option("--name", options->name, {.summary = "As they wish to be called"})
      .Option("--email", options->email, {.summary = "Address for this work"})
      .Option("--phone", options->phone, {.summary = "Number for this work"})
      .Flag("--override-suppression", options->override_suppression,
            "They were erased, and now ask for it themselves; with --evidence");
}

void AddRoleOptions(Command& command, const std::shared_ptr<WriteOptions>& options) {
  command
      .Option("--association", options->association,
              {.summary = "Whose: its id, CVR number or official name",
               .completes = Completes::kAssociation})
      .Option("--department", options->department, {.summary = "Or a department's"})
      .Option("--function", options->function,
              {.summary = "What they are there",
               .completes = Completes::kWord,
               .words = FunctionWords()})
      .Option("--basis", options->basis,
              {.summary = "Why it may be recorded",
               .completes = Completes::kWord,
               .words = BasisWords()})
      .Option("--sensitive-basis", options->sensitive_basis,
              {.summary = "Why it may be recorded although it may reveal something",
               .completes = Completes::kWord,
               .words = SensitiveBasisWords()})
      .Option("--basis-date", options->basis_date, {.summary = "Since when; else today"})
      .Option("--evidence", options->evidence, {.summary = "How that is known, without names"})
      .Option("--expires", options->expires,
              {.summary = "The day on which it is no longer recorded: 2027-05-01"});
  AddValidOptions(command, options->from, options->to);
}

}  // namespace

void AddPersonWriting(const Command& parent) {
  const auto options = std::make_shared<WriteOptions>();
  Command add = parent.Add("add", "Record a person for one function");
  AddContactOptions(add, options);
  AddRoleOptions(add, options);
  add.Does([options](Session& session) { return Add(session, *options); });
  Command update = parent.Add("update", "Change a person, or add or renew one of their functions");
  update.Argument("ID", options->id, {.summary = "As brobygger person list shows it"});
  AddContactOptions(update, options);
  AddRoleOptions(update, options);
  update.Does([options](Session& session) { return Update(session, *options); });
}

}  // namespace brobygger::cli
