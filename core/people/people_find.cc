// Whom a caller means, and all that is recorded on one person.
#include <absl/strings/str_cat.h>
#include <google/protobuf/util/json_util.h>

#include "core/base/status_macros.h"
#include "core/model/rules.h"
#include "core/people/people.h"
#include "core/people/rules.h"
#include "core/registry/index_scan.h"

namespace brobygger::people {

namespace {

using storage::Index;

}  // namespace

absl::StatusOr<bool> People::Sees(const access::Caller& caller,
                                  const std::string& person_id) const {
  if (access::SeesAll(caller)) return true;
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  const auto person = LoadFor(caller, *latest, person_id);
  if (absl::IsNotFound(person.status())) return false;
  BB_RETURN_IF_ERROR(person.status());
  return true;
}

absl::StatusOr<std::string> People::IdMeant(const access::Caller& caller,
                                            const storage::Snapshot& whole,
                                            const v1::ExportPersonRequest& request) const {
  if (!request.person_id().empty()) return request.person_id();
  const std::string digest = MailDigest(*keys_, request.display_name(), request.email());
  if (digest.empty()) {
    return model::BrokenRule({nullptr, "person_id"}, "is required, or both display_name and email");
  }
  BB_ASSIGN_OR_RETURN(const auto ids, registry::KeysAt(whole, Index::kPersonByDigest, digest));
  for (const std::string& id : ids) {
    if (access::SeesAll(caller)) return id;
    const auto person = LoadFor(caller, whole, id);
    if (person.ok()) return id;
    if (!absl::IsNotFound(person.status())) return person.status();
  }
  return PersonNotFound("");
}

absl::StatusOr<std::string> People::FindId(const access::Caller& caller,
                                           const v1::ExportPersonRequest& request) const {
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  return IdMeant(caller, *latest, request);
}

absl::StatusOr<std::string> People::Export(const access::Caller& caller,
                                           const v1::ExportPersonRequest& request) const {
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  BB_ASSIGN_OR_RETURN(const std::string id, IdMeant(caller, *latest, request));
  BB_ASSIGN_OR_RETURN(const v1::Person person, LoadFor(caller, *latest, id));
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(person, &json, options).ok()) {
    return absl::InternalError("a person's record cannot be written as JSON");
  }
  std::string whole = absl::StrCat("{\n\"person\": ", json);
  if (options_.look_ups) {
    BB_ASSIGN_OR_RETURN(const std::string look_ups, options_.look_ups(id));
    absl::StrAppend(&whole, ",\n\"look_ups\": ", look_ups);
  }
  return absl::StrCat(whole, "\n}\n");
}

}  // namespace brobygger::people
