// Whom a caller means, and all that is recorded on one person.
#include <absl/strings/str_cat.h>
#include <google/protobuf/util/json_util.h>

#include "core/base/status_macros.h"
#include "core/model/rules.h"
#include "core/people/people.h"
#include "core/people/person_view.h"
#include "core/people/rules.h"
#include "core/registry/each_record.h"
#include "core/registry/index_scan.h"

namespace brobygger::people {

namespace {

using storage::Index;

constexpr int kMostFound = 100;

absl::StatusOr<std::vector<std::string>> IdsAt(const storage::Snapshot& whole,
                                               const std::vector<std::string>& digests) {
  std::vector<std::string> all;
  for (const std::string& digest : digests) {
    BB_ASSIGN_OR_RETURN(const auto ids, registry::KeysAt(whole, Index::kPersonByDigest, digest));
    all.insert(all.end(), ids.begin(), ids.end());
  }
  return all;
}

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
  if (request.display_name().empty() || request.email().empty()) {
    return model::BrokenRule({nullptr, "person_id"}, "is required, or both display_name and email");
  }
  const auto digests = MailDigests(*keys_, request.display_name(), request.email());
  BB_ASSIGN_OR_RETURN(const auto ids, IdsAt(whole, digests));
  for (const std::string& id : ids) {
    if (access::SeesAll(caller)) return id;
    const auto person = LoadFor(caller, whole, id);
    if (person.ok()) return id;
    if (!absl::IsNotFound(person.status())) return person.status();
  }
  // One recorded before names were held in this form is found by looking at all.
  v1::Person wanted;
  wanted.set_display_name(request.display_name());
  wanted.set_email(request.email());
  BB_ASSIGN_OR_RETURN(const auto found, AllMeant(caller, whole, wanted));
  return found.empty() ? PersonNotFound("") : absl::StatusOr<std::string>(found.front().id());
}

absl::StatusOr<std::vector<v1::Person>> People::AllMeant(const access::Caller& caller,
                                                         const storage::Snapshot& whole,
                                                         const v1::Person& wanted) const {
  std::vector<v1::Person> found;
  const auto look_at = [&](const v1::StoredPerson& stored) -> absl::Status {
    auto person = Opened(stored);
    // Erased since the snapshot was taken, or restored without a key.
    if (absl::IsNotFound(person.status())) return absl::OkStatus();
    BB_RETURN_IF_ERROR(person.status());
    if (!IsMeant(*person, wanted)) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(const OwnRoles own, KeepOwnRoles(caller, whole, *person));
    if (own.any) found.push_back(*std::move(person));
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(
      (registry::ForEachRecord<v1::StoredPerson>(whole, storage::Kind::kPerson, "", look_at)));
  return found;
}

absl::StatusOr<v1::FindPersonResponse> People::Find(const access::Caller& caller,
                                                    const v1::FindPersonRequest& request) const {
  v1::Person wanted;
  wanted.set_display_name(request.display_name());
  wanted.set_email(request.email());
  wanted.set_phone(request.phone());
  if (wanted.ByteSizeLong() == 0) {
    return model::BrokenRule({nullptr, "display_name"}, "is required, or email or phone");
  }
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  BB_ASSIGN_OR_RETURN(const auto persons, AllMeant(caller, *latest, wanted));
  v1::FindPersonResponse response;
  for (const v1::Person& person : persons) {
    if (response.persons_size() == kMostFound) break;
    v1::FoundPerson& found = *response.add_persons();
    found.set_person_id(person.id());
    for (const v1::PersonRole& role : person.roles()) {
      if (!role.association_id().empty()) found.add_association_ids(role.association_id());
      if (!role.department_id().empty()) found.add_department_ids(role.department_id());
    }
  }
  return response;
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
