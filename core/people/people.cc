#include "core/people/people.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/field_mask_util.h>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/model/rules.h"
#include "core/model/text.h"
#include "core/people/person_view.h"
#include "core/people/rules.h"
#include "core/registry/index_scan.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"
#include "core/registry/query.h"
#include "core/registry/records.h"
#include "core/scope/scoped_transaction.h"

namespace brobygger::people {
namespace {

using storage::Index;
using storage::Kind;

// Laid under the seal, so that no record can be put in another's place.
std::string About(const std::string& id) { return absl::StrCat("brobygger.people.v1.Person/", id); }

// Whether a role there may reveal something under article 9: unless somebody said that it is no
// minority association, it may.
bool MayReveal(const storage::Snapshot& snapshot, const std::string& association_id) {
  const auto association = registry::FollowMerges(snapshot, association_id);
  if (!association.ok() || !association->has_value()) return true;
  const auto& minority = (*association)->minority();
  return !minority.has_is_minority_association() || minority.is_minority_association();
}

absl::Status CheckOwners(const storage::Snapshot& snapshot, const v1::Person& person) {
  for (const v1::PersonRole& role : person.roles()) {
    const absl::Status there =
        role.association_id().empty()
            ? registry::GetDepartment(snapshot, role.department_id()).status()
            : registry::GetLive(snapshot, role.association_id()).status();
    BB_RETURN_IF_ERROR(there);
  }
  return absl::OkStatus();
}

// NOT_ALLOWED unless every role is the caller's to change.
absl::Status CheckAllOwn(const access::Caller& caller,
                         const storage::Snapshot& whole,
                         v1::Person person) {
  BB_ASSIGN_OR_RETURN(const OwnRoles own, KeepOwnRoles(caller, whole, person));
  return own.all ? absl::OkStatus() : scope::NotYours();
}

absl::Status CheckSuppression(const storage::Snapshot& snapshot, const PersonDigests& digests) {
  for (const std::string& digest : digests.Suppressions()) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes found, snapshot.Find(Kind::kSuppression, digest));
    if (found == nullptr) continue;
    return base::MakeError(errors::v1::ERROR_REASON_PERSON_SUPPRESSED,
                           "this person was erased and is not to be recorded again, unless they "
                           "have asked for it and there is evidence of that");
  }
  return absl::OkStatus();
}

}  // namespace

std::string People::Today() const { return base::DanishDayOf(options_.clock->Now()); }

absl::StatusOr<v1::Person> People::Opened(const v1::StoredPerson& stored) const {
  const auto key = keys_->Find(stored.id());
  if (!key) return PersonNotFound(stored.id());
  BB_ASSIGN_OR_RETURN(const std::string text, Unseal(*key, About(stored.id()), stored.sealed()));
  v1::Person person;
  if (person.ParseFromString(text)) return person;
  return base::MakeError(errors::v1::ERROR_REASON_STORAGE_CORRUPT,
                         "a person's record cannot be read", {{"kind", "person"}});
}

absl::StatusOr<v1::Person> People::Load(const storage::Snapshot& snapshot,
                                        const std::string& id) const {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kPerson, id));
  if (bytes == nullptr) return PersonNotFound(id);
  v1::StoredPerson stored;
  BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, stored));
  return Opened(stored);
}

absl::StatusOr<v1::Person> People::LoadFor(const access::Caller& caller,
                                           const storage::Snapshot& whole,
                                           const std::string& id) const {
  BB_ASSIGN_OR_RETURN(v1::Person person, Load(whole, id));
  BB_ASSIGN_OR_RETURN(const OwnRoles own, KeepOwnRoles(caller, whole, person));
  if (!own.any) return PersonNotFound(id);
  return person;
}

absl::StatusOr<People::Draft> People::Check(const storage::Snapshot& snapshot,
                                            v1::Person person,
                                            bool override_suppression) const {
  const auto may_reveal = [&](const std::string& id) { return MayReveal(snapshot, id); };
  Draft draft;
  // Whether evidence is needed is known only once the name is in normal form.
  BB_RETURN_IF_ERROR(NormalizeAndCheck({.today = Today(), .may_reveal = may_reveal}, person));
  BB_RETURN_IF_ERROR(CheckOwners(snapshot, person));
  BB_ASSIGN_OR_RETURN(draft.digests, DigestsOf(snapshot, *keys_, person));
  if (const absl::Status suppressed = CheckSuppression(snapshot, draft.digests); !suppressed.ok()) {
    if (!override_suppression) return suppressed;
    BB_RETURN_IF_ERROR(NormalizeAndCheck(
        {.today = Today(), .may_reveal = may_reveal, .needs_evidence = true}, person));
  }
  draft.person = std::move(person);
  return draft;
}

// Whom another municipality has on record is not known here, and not told of.
absl::Status People::CheckNotKnown(const access::Caller& caller,
                                   const storage::Snapshot& whole,
                                   const Draft& draft) const {
  std::vector<std::string> digests = draft.digests.seats;
  // With an address, two of one name in one association are two.
  if (!draft.person.email().empty()) digests = draft.digests.mail;
  for (const std::string& digest : digests) {
    BB_ASSIGN_OR_RETURN(const auto ids, registry::KeysAt(whole, Index::kPersonByDigest, digest));
    for (const std::string& id : ids) {
      if (id == draft.person.id()) continue;
      if (!access::SeesAll(caller) && absl::IsNotFound(LoadFor(caller, whole, id).status())) {
        continue;
      }
      return base::MakeError(errors::v1::ERROR_REASON_ALREADY_EXISTS,
                             absl::StrCat("this person is on record already, as ", id),
                             {{"person_id", id}});
    }
  }
  return absl::OkStatus();
}

absl::Status People::Store(storage::Transaction& transaction, Draft draft) const {
  v1::Person& person = draft.person;
  person.set_etag(registry::EtagOf(transaction.revision()));
  *person.mutable_update_time() = base::ToTimestamp(transaction.now());
  if (!person.has_create_time()) *person.mutable_create_time() = person.update_time();
  const auto key = keys_->Find(person.id());
  if (!key) return PersonNotFound(person.id());
  v1::StoredPerson stored;
  stored.set_id(person.id());
  BB_ASSIGN_OR_RETURN(*stored.mutable_sealed(),
                      Seal(*key, About(person.id()), person.SerializeAsString()));
  std::set<storage::IndexTerm> terms;
  for (const v1::PersonRole& role : person.roles()) {
    terms.insert({Index::kPersonByAssociation,
                  role.association_id().empty() ? role.department_id() : role.association_id()});
  }
  for (std::string& digest : draft.digests.All()) {
    terms.insert({Index::kPersonByDigest, std::move(digest)});
  }
  return transaction.Put(Kind::kPerson, person.id(), stored.SerializeAsString(),
                         {terms.begin(), terms.end()});
}

absl::StatusOr<People::Draft> People::DraftOf(
    const access::Caller& caller,
    const std::shared_ptr<const storage::Snapshot>& latest,
    v1::Person person,
    bool override_suppression) const {
  for (const char* output : {"id", "etag", "create_time", "update_time", "recorded_by"}) {
    person.GetReflection()->ClearField(&person, person.GetDescriptor()->FindFieldByName(output));
  }
  BB_ASSIGN_OR_RETURN(Draft draft,
                      Check(*scope::Seen(caller, latest), std::move(person), override_suppression));
  BB_RETURN_IF_ERROR(CheckAllOwn(caller, *latest, draft.person));
  BB_RETURN_IF_ERROR(CheckNotKnown(caller, *latest, draft));
  draft.person.set_recorded_by(caller.actor);
  return draft;
}

absl::Status People::CheckAdd(const access::Caller& caller,
                              v1::Person person,
                              bool override_suppression) const {
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  return DraftOf(caller, latest, std::move(person), override_suppression).status();
}

absl::StatusOr<std::vector<std::string>> People::Add(const access::Caller& caller,
                                                     std::vector<v1::Person> persons,
                                                     bool override_suppression) {
  const absl::MutexLock lock(&mutex_);
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  std::vector<Draft> drafts;
  std::vector<std::string> ids;
  for (v1::Person& person : persons) {
    BB_ASSIGN_OR_RETURN(Draft draft,
                        DraftOf(caller, latest, std::move(person), override_suppression));
    ids.push_back(base::MakeUuid());
    draft.person.set_id(ids.back());
    drafts.push_back(std::move(draft));
  }
  BB_RETURN_IF_ERROR(StoreNew(caller, std::move(drafts)));
  return ids;
}

absl::Status People::AddAs(const access::Caller& caller,
                           const std::string& id,
                           v1::Person person,
                           bool override_suppression) {
  const absl::MutexLock lock(&mutex_);
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  BB_ASSIGN_OR_RETURN(Draft draft,
                      DraftOf(caller, latest, std::move(person), override_suppression));
  draft.person.set_id(id);
  return StoreNew(caller, {std::move(draft)});
}

absl::Status People::StoreNew(const access::Caller& caller, std::vector<Draft> drafts) {
  std::vector<std::string> ids;
  for (const Draft& draft : drafts) ids.push_back(draft.person.id());
  BB_RETURN_IF_ERROR(keys_->Make(ids).status());
  const auto body = [&](storage::Transaction& transaction) -> absl::Status {
    for (Draft& draft : drafts) {
      // Again: an association may have moved, and there are those of this very call.
      BB_RETURN_IF_ERROR(CheckAllOwn(caller, transaction, draft.person));
      BB_RETURN_IF_ERROR(CheckNotKnown(caller, transaction, draft));
      BB_RETURN_IF_ERROR(Store(transaction, draft));
    }
    return absl::OkStatus();
  };
  const auto written = store_.Write(caller.actor, body);
  if (written.ok()) return absl::OkStatus();
  for (const std::string& id : ids) keys_->Destroy(id).IgnoreError();
  return written.status();
}

absl::Status People::Update(const access::Caller& caller, const v1::UpdatePersonRequest& request) {
  static const std::set<std::string> kChangeable = {"display_name", "email", "phone", "roles"};
  for (const std::string& path : request.update_mask().paths()) {
    if (!kChangeable.contains(path)) {
      return model::BrokenRule({nullptr, "update_mask"},
                               "may name display_name, email, phone and roles");
    }
  }
  const absl::MutexLock lock(&mutex_);
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  const std::string& id = request.person_id();
  BB_RETURN_IF_ERROR(LoadFor(caller, *latest, id).status());
  BB_ASSIGN_OR_RETURN(v1::Person person, Load(*latest, id));
  BB_RETURN_IF_ERROR(CheckAllOwn(caller, *latest, person));
  BB_RETURN_IF_ERROR(
      registry::CheckEtag(request.person().etag(), person.etag(), {"person_id", id}));
  // What retention would take away anyway must not refuse what is right.
  DropExpired(Today(), person);
  google::protobuf::util::FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  google::protobuf::util::FieldMaskUtil::MergeMessageTo(request.person(), request.update_mask(),
                                                        options, &person);
  BB_ASSIGN_OR_RETURN(Draft draft, Check(*scope::Seen(caller, latest), std::move(person),
                                         request.override_suppression()));
  BB_RETURN_IF_ERROR(CheckNotKnown(caller, *latest, draft));
  const auto body = [&](storage::Transaction& transaction) -> absl::Status {
    BB_RETURN_IF_ERROR(CheckAllOwn(caller, transaction, draft.person));
    return Store(transaction, draft);
  };
  return store_.Write(caller.actor, body).status();
}

absl::StatusOr<std::vector<v1::Person>> People::At(const access::Caller& caller,
                                                   const storage::Snapshot& whole,
                                                   const std::string& owner_id) const {
  BB_ASSIGN_OR_RETURN(const auto ids,
                      registry::KeysAt(whole, Index::kPersonByAssociation, owner_id));
  std::vector<v1::Person> persons;
  for (const std::string& id : ids) {
    auto person = LoadFor(caller, whole, id);
    // Erased since the snapshot was taken, or restored without a key.
    if (absl::IsNotFound(person.status())) continue;
    if (!person.ok()) return person.status();
    DropExpired(Today(), *person);
    persons.push_back(*std::move(person));
  }
  return persons;
}

absl::StatusOr<v1::ListContactPointsResponse> People::ListContactPoints(
    const access::Caller& caller, const v1::ListContactPointsRequest& request) const {
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  const auto seen = scope::Seen(caller, latest);
  std::vector<std::string> owners = {request.department_id()};
  if (!request.association_id().empty()) {
    BB_ASSIGN_OR_RETURN(const auto association,
                        registry::FollowMerges(*seen, request.association_id()));
    if (!association) return registry::AssociationNotFound(request.association_id());
    BB_ASSIGN_OR_RETURN(owners, registry::IdsOf(*seen, association->id()));
  } else {
    BB_RETURN_IF_ERROR(registry::GetDepartment(*seen, request.department_id()).status());
  }
  v1::ListContactPointsResponse response;
  for (const std::string& owner : owners) {
    BB_ASSIGN_OR_RETURN(const auto persons, At(caller, *latest, owner));
    for (const v1::Person& person : persons) {
      for (const v1::PersonRole& role : person.roles()) {
        if (role.association_id() != owner && role.department_id() != owner) continue;
        v1::ContactPoint& point = *response.add_contact_points();
        point.set_person_id(person.id());
        point.set_function(role.function());
        *point.mutable_valid() = role.valid();
        point.set_name_on_record(!person.display_name().empty());
        point.set_expires_date(role.expires_date());
      }
    }
  }
  std::sort(response.mutable_contact_points()->begin(), response.mutable_contact_points()->end(),
            [](const v1::ContactPoint& left, const v1::ContactPoint& right) {
              return std::make_pair(left.function(), std::cref(left.person_id())) <
                     std::make_pair(right.function(), std::cref(right.person_id()));
            });
  return response;
}

absl::StatusOr<v1::Person> People::Unfold(const access::Caller& caller,
                                          const v1::UnfoldPersonRequest& request) const {
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  BB_ASSIGN_OR_RETURN(v1::Person person, LoadFor(caller, *latest, request.person_id()));
  // Gone on the day, whenever retention runs.
  DropExpired(Today(), person);
  if (person.roles().empty()) return PersonNotFound(request.person_id());
  return person;
}

}  // namespace brobygger::people
