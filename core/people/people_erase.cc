// Open(), and how persons go: by their own wish, by time, and again after a crash or a restore.
#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/people/mentions.h"
#include "core/people/people.h"
#include "core/people/person_view.h"
#include "core/people/rules.h"
#include "core/registry/each_record.h"
#include "core/registry/records.h"
#include "core/scope/scoped_store.h"
#include "core/scope/scoped_transaction.h"

namespace brobygger::people {
namespace {

using storage::Kind;

constexpr char kHub[] = "hub";
constexpr std::size_t kAtOnce = 500;

absl::Status RemoveRecord(storage::Transaction& transaction, const Erasure& erasure) {
  BB_RETURN_IF_ERROR(transaction.Remove(Kind::kPerson, erasure.person_id));
  v1::Suppression suppression;
  *suppression.mutable_create_time() = base::ToTimestamp(transaction.now());
  for (const std::string& digest : erasure.suppressions) {
    BB_RETURN_IF_ERROR(
        transaction.Put(Kind::kSuppression, digest, suppression.SerializeAsString()));
  }
  return absl::OkStatus();
}

// Runs `one(transaction, item)` for these, in one write.
template <typename Item, typename One>
absl::Status WriteSome(storage::Store& store, std::span<const Item> items, const One& one) {
  const auto body = [&](storage::Transaction& transaction) -> absl::Status {
    for (const Item& item : items) BB_RETURN_IF_ERROR(one(transaction, item));
    return absl::OkStatus();
  };
  return store.Write(kHub, body).status();
}

// The same for many, a few hundred a write, so that others get in between.
template <typename Item, typename One>
absl::Status WriteEach(storage::Store& store, const std::vector<Item>& items, const One& one) {
  const std::span<const Item> all(items);
  for (std::size_t from = 0; from < all.size(); from += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, all.size() - from);
    BB_RETURN_IF_ERROR(WriteSome(store, all.subspan(from, count), one));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<People>> People::Open(storage::Store& store, PeopleOptions options) {
  PersonKeys::Options keys;
  keys.path = options.folder + "/people.keys";
  keys.master_key_path =
      options.master_key_path.empty() ? options.folder + "/people.key" : options.master_key_path;
  keys.clock = options.clock;
  const std::string ledger = options.folder + "/people.erasures";
  std::unique_ptr<People> people(new People(store, std::move(options)));
  BB_ASSIGN_OR_RETURN(people->keys_, PersonKeys::Open(keys));
  const absl::MutexLock lock(&people->mutex_);
  BB_ASSIGN_OR_RETURN(people->ledger_, ErasureLedger::Open(audit::RealDisk(), ledger));
  BB_RETURN_IF_ERROR(people->FinishOldErasures());
  return people;
}

absl::Status People::FinishOldErasures() {
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  std::vector<Erasure> undone;
  for (const Erasure& erasure : ledger_->found()) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes record,
                        latest->Find(Kind::kPerson, erasure.person_id));
    bool there = record != nullptr || keys_->Find(erasure.person_id).has_value();
    for (const std::string& digest : erasure.suppressions) {
      BB_ASSIGN_OR_RETURN(const storage::Bytes kept, latest->Find(Kind::kSuppression, digest));
      there = there || kept == nullptr;
    }
    if (there) undone.push_back(erasure);
  }
  if (undone.empty()) return absl::OkStatus();
  for (const Erasure& erasure : undone) {
    BB_RETURN_IF_ERROR(keys_->Destroy(erasure.person_id));
  }
  BB_RETURN_IF_ERROR(RemoveRecords(undone));
  base::LogInfo("erasures_repeated", {{"persons", undone.size()}});
  return Finish(undone);
}

absl::Status People::RemoveRecords(const std::vector<Erasure>& erasures) {
  return WriteEach(store_, erasures, RemoveRecord);
}

absl::Status People::Finish(const std::vector<Erasure>& erasures) const {
  BB_RETURN_IF_ERROR(store_.Scrub());
  if (!options_.on_erase) return absl::OkStatus();
  for (const Erasure& erasure : erasures) {
    BB_RETURN_IF_ERROR(options_.on_erase(erasure.person_id));
  }
  return absl::OkStatus();
}

absl::Status People::EraseAll(const std::vector<Erasure>& erasures) {
  if (erasures.empty()) return absl::OkStatus();
  // First, so that whatever comes in between, the next start does the rest.
  BB_RETURN_IF_ERROR(ledger_->Append(erasures));
  for (const Erasure& erasure : erasures) {
    BB_RETURN_IF_ERROR(keys_->Destroy(erasure.person_id));
  }
  BB_RETURN_IF_ERROR(RemoveRecords(erasures));
  return Finish(erasures);
}

absl::StatusOr<v1::ErasePersonResponse> People::Erase(const access::Caller& caller,
                                                      const v1::ErasePersonRequest& request) {
  const auto start = std::chrono::steady_clock::now();
  const absl::MutexLock lock(&mutex_);
  v1::ErasePersonResponse response;
  Erasure erasure;
  v1::Person whom;
  {
    // Not held any longer: a reader is what Scrub() waits for.
    BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
    v1::ExportPersonRequest who;
    who.set_person_id(request.person_id());
    who.set_display_name(request.display_name());
    who.set_email(request.email());
    BB_ASSIGN_OR_RETURN(erasure.person_id, IdMeant(caller, *latest, who));
    BB_ASSIGN_OR_RETURN(const storage::Bytes record,
                        latest->Find(Kind::kPerson, erasure.person_id));
    const auto person = Load(*latest, erasure.person_id);
    BB_RETURN_IF_ERROR(CheckMayErase(caller, *latest, erasure.person_id, person));
    const bool half_done = ledger_->Holds(erasure.person_id);
    // What cannot be opened any more is taken away all the same.
    if (record == nullptr && !half_done) return person.status();
    if (person.ok()) {
      response.set_roles_removed(static_cast<std::uint32_t>(person->roles_size()));
      BB_ASSIGN_OR_RETURN(const auto digests, DigestsOf(*latest, *keys_, *person));
      if (request.suppress()) erasure.suppressions = digests.Suppressions();
      whom = *person;
    }
  }
  response.set_suppressions(static_cast<std::uint32_t>(erasure.suppressions.size()));
  BB_RETURN_IF_ERROR(EraseAll({erasure}));
  const auto took = std::chrono::steady_clock::now() - start;
  response.set_took_micros(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  base::LogInfo("person_erased", {{"suppressions", response.suppressions()}});
  // The person is gone whatever comes of this, so it is no error. Of one who could not be opened
  // nobody knows what to look for.
  if (whom.roles().empty() ||
      !FindMentions(scope::Stores(store_).For(caller), whom, response).ok()) {
    response.set_more_mentions(true);
  }
  return response;
}

absl::Status People::DropExpiredRoles(const std::vector<std::string>& ids,
                                      const std::string& today) {
  return WriteEach(store_, ids, [&](storage::Transaction& transaction, const std::string& id) {
    return DropExpiredRolesOf(transaction, id, today);
  });
}

absl::Status People::DropExpiredRolesOf(storage::Transaction& transaction,
                                        const std::string& id,
                                        const std::string& today) const {
  Draft draft;
  BB_ASSIGN_OR_RETURN(draft.person, Load(transaction, id));
  DropExpired(today, draft.person);
  BB_ASSIGN_OR_RETURN(draft.digests, DigestsOf(transaction, *keys_, draft.person));
  return Store(transaction, std::move(draft));
}

absl::StatusOr<bool> People::MayRetire(const access::Caller& caller,
                                       const storage::Snapshot& whole,
                                       const v1::StoredPerson& stored) const {
  if (access::SeesAll(caller)) return true;
  auto person = Opened(stored);
  // Whose one was that cannot be opened nobody knows any more.
  if (absl::IsNotFound(person.status())) return false;
  BB_RETURN_IF_ERROR(person.status());
  BB_ASSIGN_OR_RETURN(const OwnRoles own, KeepOwnRoles(caller, whole, *person));
  return own.any && own.all;
}

absl::Status People::CheckMayErase(const access::Caller& caller,
                                   const storage::Snapshot& whole,
                                   const std::string& id,
                                   absl::StatusOr<v1::Person> person) const {
  if (access::SeesAll(caller)) return absl::OkStatus();
  BB_RETURN_IF_ERROR(LoadFor(caller, whole, id).status());
  BB_RETURN_IF_ERROR(person.status());
  BB_ASSIGN_OR_RETURN(const OwnRoles own, KeepOwnRoles(caller, whole, *person));
  return own.all ? absl::OkStatus() : scope::NotYours();
}

absl::Status People::Sort(const v1::StoredPerson& stored,
                          const std::string& today,
                          Expired& expired) const {
  v1::RunRetentionResponse& counts = expired.counts;
  const auto person = Opened(stored);
  if (absl::IsNotFound(person.status())) {
    counts.set_unreadable_removed(counts.unreadable_removed() + 1);
    expired.persons.push_back({stored.id(), {}});
    return absl::OkStatus();
  }
  if (!person.ok()) return person.status();
  const auto roles = static_cast<std::uint32_t>(
      std::count_if(person->roles().begin(), person->roles().end(),
                    [&](const v1::PersonRole& role) { return HasExpired(role, today); }));
  counts.set_roles_removed(counts.roles_removed() + roles);
  if (static_cast<int>(roles) == person->roles_size()) {
    counts.set_persons_erased(counts.persons_erased() + 1);
    expired.persons.push_back({stored.id(), {}});
    return absl::OkStatus();
  }
  counts.set_persons_kept(counts.persons_kept() + 1);
  if (roles > 0) expired.with_expired_roles.push_back(stored.id());
  return absl::OkStatus();
}

absl::StatusOr<v1::RunRetentionResponse> People::RunRetention(const access::Caller& caller,
                                                              bool validate_only) {
  const absl::MutexLock lock(&mutex_);
  const std::string today = Today();
  Expired expired;
  {
    // Not held any longer: a reader is what Scrub() waits for.
    BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
    const auto sort = [&](const v1::StoredPerson& stored) -> absl::Status {
      BB_ASSIGN_OR_RETURN(const bool own, MayRetire(caller, *latest, stored));
      return own ? Sort(stored, today, expired) : absl::OkStatus();
    };
    BB_RETURN_IF_ERROR(
        (registry::ForEachRecord<v1::StoredPerson>(*latest, Kind::kPerson, "", sort)));
  }
  if (validate_only) return expired.counts;
  BB_RETURN_IF_ERROR(DropExpiredRoles(expired.with_expired_roles, today));
  // Roles that went are sealed with a key that lives on, so the store's log must not keep them.
  if (expired.persons.empty() && !expired.with_expired_roles.empty()) {
    BB_RETURN_IF_ERROR(Finish({}));
  }
  BB_RETURN_IF_ERROR(EraseAll(expired.persons));
  base::LogInfo("people_retention", {{"persons", expired.counts.persons_erased()},
                                     {"roles", expired.counts.roles_removed()}});
  return expired.counts;
}

}  // namespace brobygger::people
