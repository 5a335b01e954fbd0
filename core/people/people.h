#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>
#include <google/protobuf/field_mask.pb.h>

#include "brobygger/people/v1/people_service.pb.h"

#include "core/access/access.h"
#include "core/base/clock.h"
#include "core/people/erasure_ledger.h"
#include "core/people/person_digests.h"
#include "core/people/person_keys.h"
#include "core/storage/store.h"

namespace brobygger::people {

struct PeopleOptions {
  // Where people.keys, people.erasures and, unless another path is given, people.key lie.
  std::string folder;
  std::string master_key_path = {};
  // Must outlive the object.
  const base::Clock* clock = &base::SystemClock();
  // Called with the id when all else of a person is gone, and again where that has to be
  // repeated: what is kept elsewhere under the id is to go, too. Its error is the erasure's.
  std::function<absl::Status(const std::string& person_id)> on_erase = {};
  // Who has looked at the person, as a JSON array for the export; none: the export lacks it.
  std::function<absl::StatusOr<std::string>(const std::string& person_id)> look_ups = {};
};

// The persons the hub knows, each sealed with a key of their own. Whoever calls sees and changes
// the persons of their own municipality's associations and departments, and of each those roles
// alone (person_view.h); others are not there for them. One who has roles elsewhere, too, is the
// operator's to change: NOT_ALLOWED. Thread-safe; writes come one
// at a time and wait for the disk, so they do not belong on a thread of gRPC's. No log and no
// error holds anything of a person but the id.
class People {
 public:
  // Finishes every erasure that the ledger tells of and that a crash, or the restore of an older
  // store or file of keys, left undone. `store` must outlive the object. SECRET_UNREADABLE,
  // STORAGE_CORRUPT, DATA_LOSS (the ledger), STORAGE_BUSY, and what PeopleOptions::on_erase says.
  static absl::StatusOr<std::unique_ptr<People>> Open(storage::Store& store, PeopleOptions options);

  People(const People&) = delete;
  People& operator=(const People&) = delete;

  // Records persons, all or none, with one flush for their keys; the ids, in their order. The
  // errors are AddPerson's.
  absl::StatusOr<std::vector<std::string>> Add(const access::Caller& caller,
                                               std::vector<v1::Person> persons,
                                               bool override_suppression);
  // The same of one, under an id that was told before: a new UUID.
  absl::Status AddAs(const access::Caller& caller,
                     const std::string& id,
                     v1::Person person,
                     bool override_suppression);
  // What AddAs() would answer, as far as that is known before.
  absl::Status CheckAdd(const access::Caller& caller,
                        v1::Person person,
                        bool override_suppression) const;
  // Replaces fields; the errors are UpdatePerson's.
  absl::Status Update(const access::Caller& caller, const v1::UpdatePersonRequest& request);
  // The errors are ErasePerson's.
  absl::StatusOr<v1::ErasePersonResponse> Erase(const access::Caller& caller,
                                                const v1::ErasePersonRequest& request);
  // Of the persons whom the caller may change, the others stay as they are and are not counted.
  absl::StatusOr<v1::RunRetentionResponse> RunRetention(const access::Caller& caller,
                                                        bool validate_only);

  absl::StatusOr<v1::ListContactPointsResponse> ListContactPoints(
      const access::Caller& caller, const v1::ListContactPointsRequest& request) const;
  absl::StatusOr<v1::Person> Unfold(const access::Caller& caller,
                                    const v1::UnfoldPersonRequest& request) const;
  absl::StatusOr<std::string> Export(const access::Caller& caller,
                                     const v1::ExportPersonRequest& request) const;

  // The id of whom a request names: by it, as it stands there, or by a name and an address.
  // PERSON_NOT_FOUND, FIELD_INVALID.
  absl::StatusOr<std::string> FindId(const access::Caller& caller,
                                     const v1::ExportPersonRequest& request) const;

  // Under which ids persons are on record whom the caller sees and the request describes. Opens
  // every record: about a second for a hundred thousand persons. FIELD_INVALID.
  absl::StatusOr<v1::FindPersonResponse> Find(const access::Caller& caller,
                                              const v1::FindPersonRequest& request) const;

  // Whether the caller may hear of the person at all.
  absl::StatusOr<bool> Sees(const access::Caller& caller, const std::string& person_id) const;

  // How many persons have a key.
  std::size_t count() const { return keys_->count(); }

 private:
  struct Draft {
    v1::Person person;
    PersonDigests digests;
  };
  // Who is to go and what is to change, as retention finds it.
  struct Expired {
    std::vector<Erasure> persons;
    std::vector<std::string> with_expired_roles;
    v1::RunRetentionResponse counts;
  };

  People(storage::Store& store, PeopleOptions options)
      : store_(store), options_(std::move(options)) {}

  std::string Today() const;
  absl::StatusOr<v1::Person> Load(const storage::Snapshot& snapshot, const std::string& id) const;
  absl::StatusOr<v1::Person> Opened(const v1::StoredPerson& stored) const;
  // With no roles but the caller's own; PERSON_NOT_FOUND without any.
  absl::StatusOr<v1::Person> LoadFor(const access::Caller& caller,
                                     const storage::Snapshot& whole,
                                     const std::string& id) const;
  absl::StatusOr<std::vector<v1::Person>> At(const access::Caller& caller,
                                             const storage::Snapshot& whole,
                                             const std::string& owner_id) const;
  absl::StatusOr<std::string> IdMeant(const access::Caller& caller,
                                      const storage::Snapshot& whole,
                                      const v1::ExportPersonRequest& request) const;
  absl::StatusOr<std::vector<v1::Person>> AllMeant(const access::Caller& caller,
                                                   const storage::Snapshot& whole,
                                                   const v1::Person& wanted) const;
  absl::StatusOr<Draft> Check(const storage::Snapshot& snapshot,
                              v1::Person person,
                              bool override_suppression) const;
  // What is to be recorded, without an id.
  absl::StatusOr<Draft> DraftOf(const access::Caller& caller,
                                const std::shared_ptr<const storage::Snapshot>& latest,
                                v1::Person person,
                                bool override_suppression) const;
  absl::Status StoreNew(const access::Caller& caller, std::vector<Draft> drafts)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckNotKnown(const access::Caller& caller,
                             const storage::Snapshot& whole,
                             const Draft& draft) const;
  absl::Status Store(storage::Transaction& transaction, Draft draft) const;

  // The ledger, the keys, the records and their digests, in this order; then Finish().
  absl::Status EraseAll(const std::vector<Erasure>& erasures) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status RemoveRecords(const std::vector<Erasure>& erasures);
  // So that no file of the store has anything of theirs, nor anybody who goes by the ids.
  absl::Status Finish(const std::vector<Erasure>& erasures) const;
  absl::Status FinishOldErasures() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status DropExpiredRoles(const std::vector<std::string>& ids, const std::string& today)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Status DropExpiredRolesOf(storage::Transaction& transaction,
                                  const std::string& id,
                                  const std::string& today) const;
  // What another municipality has a part in is the operator's.
  absl::StatusOr<bool> MayRetire(const access::Caller& caller,
                                 const storage::Snapshot& whole,
                                 const v1::StoredPerson& stored) const;
  absl::Status CheckMayErase(const access::Caller& caller,
                             const storage::Snapshot& whole,
                             const std::string& id,
                             absl::StatusOr<v1::Person> person) const;
  // Says what retention does to one record.
  absl::Status Sort(const v1::StoredPerson& stored,
                    const std::string& today,
                    Expired& expired) const;

  storage::Store& store_;
  const PeopleOptions options_;
  std::unique_ptr<PersonKeys> keys_;
  // Held for a whole write, and never while a caller's answer is sent.
  mutable absl::Mutex mutex_;
  std::unique_ptr<ErasureLedger> ledger_ ABSL_PT_GUARDED_BY(mutex_);
};

}  // namespace brobygger::people
