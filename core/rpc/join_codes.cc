#include "core/rpc/join_codes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/registry/each_record.h"
#include "core/registry/joining.h"
#include "core/registry/links.h"
#include "core/registry/query.h"

namespace brobygger::rpc {
namespace {

using access::v1::JoinCode;
using access::v1::StoredJoinCode;
using storage::Kind;

constexpr std::string_view kLetters = "34679ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kCodeLetters = 16;
constexpr std::size_t kGroup = 4;
constexpr std::size_t kMostListed = 500;
constexpr std::chrono::hours kKeptAfterItsEnd(24 * 365);

// What is read or heard in place of a letter that codes have.
constexpr std::array<std::pair<char, char>, 4> kMistaken = {
    {{'8', 'B'}, {'5', 'S'}, {'2', 'Z'}, {'U', 'V'}}};

absl::Status Invalid() {
  return base::MakeError(errors::v1::ERROR_REASON_JOIN_CODE_INVALID,
                         "this code does not let anybody in: look whether it is typed as it stands "
                         "in the letter. A code works once and for 30 days; the municipality can "
                         "give you a new one");
}

absl::StatusOr<std::string> RandomLetters() {
  // Bytes above the greatest multiple of 27 are drawn anew, so that no letter is likelier.
  constexpr std::size_t kEven = 256 / kLetters.size() * kLetters.size();
  std::string letters;
  while (letters.size() < kCodeLetters) {
    unsigned char byte = 0;
    if (RAND_bytes(&byte, 1) != 1) {
      return absl::InternalError("There are no random bytes to make a join code of.");
    }
    if (byte < kEven) letters += kLetters[byte % kLetters.size()];
  }
  return letters;
}

std::string Grouped(const std::string& letters) {
  std::string text;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (i > 0 && i % kGroup == 0) text += '-';
    text += letters[i];
  }
  return text;
}

// The letters and digits of what was typed, as codes have them.
std::string LettersOf(std::string_view typed) {
  std::string letters;
  for (const char c : typed) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c))) continue;
    const char upper = absl::ascii_toupper(static_cast<unsigned char>(c));
    const auto* const meant = std::find_if(kMistaken.begin(), kMistaken.end(),
                                           [&](const auto& pair) { return pair.first == upper; });
    letters += meant == kMistaken.end() ? upper : meant->second;
  }
  return letters;
}

std::string DigestOf(const std::string& letters) {
  const std::string text = absl::StrCat("brobygger join code\n", letters);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return absl::BytesToHexString({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

JoinCode::State StateOf(const JoinCode& code, base::Instant now) {
  if (code.has_use_time()) return JoinCode::STATE_USED;
  if (code.has_withdraw_time()) return JoinCode::STATE_WITHDRAWN;
  return base::ToInstant(code.expire_time()) <= now ? JoinCode::STATE_EXPIRED
                                                    : JoinCode::STATE_OPEN;
}

absl::StatusOr<JoinCode> Shown(const storage::Snapshot& snapshot,
                               JoinCode code,
                               base::Instant now) {
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::FollowMerges(snapshot, code.association_id()));
  if (association) {
    code.set_association_id(association->id());
    code.set_official_name(association->official_name());
  }
  code.set_state(StateOf(code, now));
  return code;
}

absl::Status PutCode(storage::Transaction& transaction, const StoredJoinCode& stored) {
  return transaction.Put(Kind::kJoinCode, stored.join_code().id(), stored.SerializeAsString());
}

absl::Status ForgetOld(storage::Transaction& transaction, const std::string& association_id) {
  std::vector<std::string> old;
  const auto keep = [&](const StoredJoinCode& stored) {
    const JoinCode& code = stored.join_code();
    const bool ended = base::ToInstant(code.expire_time()) + kKeptAfterItsEnd < transaction.now();
    if (ended && code.association_id() == association_id) old.push_back(code.id());
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(
      (registry::ForEachRecord<StoredJoinCode>(transaction, Kind::kJoinCode, "", keep)));
  for (const std::string& id : old) {
    BB_RETURN_IF_ERROR(transaction.Remove(Kind::kJoinCode, id));
  }
  return absl::OkStatus();
}

// The stored code with this digest, wherever it stands. All are compared, to the last digit.
absl::StatusOr<std::optional<StoredJoinCode>> FindByDigest(const storage::Snapshot& snapshot,
                                                           const std::string& digest) {
  std::optional<StoredJoinCode> found;
  const auto compare = [&](StoredJoinCode stored) {
    const bool same = stored.digest().size() == digest.size() &&
                      CRYPTO_memcmp(stored.digest().data(), digest.data(), digest.size()) == 0;
    if (same) found = std::move(stored);
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(
      (registry::ForEachRecord<StoredJoinCode>(snapshot, Kind::kJoinCode, "", compare)));
  return found;
}

absl::StatusOr<StoredJoinCode> FindOpen(const storage::Snapshot& snapshot,
                                        const std::string& typed,
                                        base::Instant now) {
  BB_ASSIGN_OR_RETURN(auto found, FindByDigest(snapshot, DigestOf(LettersOf(typed))));
  if (!found || StateOf(found->join_code(), now) != JoinCode::STATE_OPEN) return Invalid();
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::FollowMerges(snapshot, found->join_code().association_id()));
  if (!association || association->has_delete_time()) return Invalid();
  return *std::move(found);
}

}  // namespace

absl::StatusOr<MadeJoinCode> CreateJoinCode(storage::Transaction& transaction,
                                            const std::string& association_id,
                                            const std::string& created_by) {
  BB_ASSIGN_OR_RETURN(const auto association, registry::GetLive(transaction, association_id));
  BB_RETURN_IF_ERROR(ForgetOld(transaction, association.id()));
  BB_ASSIGN_OR_RETURN(const std::string letters, RandomLetters());
  StoredJoinCode stored;
  stored.set_digest(DigestOf(letters));
  JoinCode& code = *stored.mutable_join_code();
  code.set_id(base::MakeUuid());
  code.set_association_id(association.id());
  code.set_created_by(created_by);
  *code.mutable_create_time() = base::ToTimestamp(transaction.now());
  *code.mutable_expire_time() = base::ToTimestamp(transaction.now() + kJoinCodeLife);
  BB_RETURN_IF_ERROR(PutCode(transaction, stored));
  MadeJoinCode made;
  BB_ASSIGN_OR_RETURN(made.join_code, Shown(transaction, code, transaction.now()));
  made.text = Grouped(letters);
  return made;
}

absl::StatusOr<std::vector<JoinCode>> ListJoinCodes(const storage::Snapshot& snapshot,
                                                    const std::string& association_id,
                                                    base::Instant now) {
  std::vector<std::string> ids;
  if (!association_id.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, registry::FollowMerges(snapshot, association_id));
    if (!association) return registry::AssociationNotFound(association_id);
    BB_ASSIGN_OR_RETURN(ids, registry::IdsOf(snapshot, association->id()));
  }
  std::vector<JoinCode> codes;
  const auto keep = [&](const StoredJoinCode& stored) {
    const JoinCode& code = stored.join_code();
    const bool wanted =
        ids.empty() || std::find(ids.begin(), ids.end(), code.association_id()) != ids.end();
    if (wanted) codes.push_back(code);
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(
      (registry::ForEachRecord<StoredJoinCode>(snapshot, Kind::kJoinCode, "", keep)));
  std::stable_sort(codes.begin(), codes.end(), [](const JoinCode& left, const JoinCode& right) {
    return base::ToInstant(left.create_time()) > base::ToInstant(right.create_time());
  });
  if (codes.size() > kMostListed) codes.resize(kMostListed);
  for (JoinCode& code : codes) {
    BB_ASSIGN_OR_RETURN(code, Shown(snapshot, std::move(code), now));
  }
  return codes;
}

absl::StatusOr<JoinCode> WithdrawJoinCode(storage::Transaction& transaction,
                                          const std::string& typed_id) {
  std::vector<StoredJoinCode> meant;
  const auto keep = [&](StoredJoinCode stored) {
    if (absl::StartsWith(stored.join_code().id(), typed_id)) meant.push_back(std::move(stored));
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(
      (registry::ForEachRecord<StoredJoinCode>(transaction, Kind::kJoinCode, "", keep)));
  const bool one = !typed_id.empty() && meant.size() == 1;
  if (!one || meant.front().join_code().has_use_time()) {
    return base::MakeError(
        errors::v1::ERROR_REASON_JOIN_CODE_INVALID,
        absl::StrCat("there is no code '", registry::Shown(typed_id),
                     "' that nobody has used; see brobygger association invites. What came of a "
                     "used one is a key: brobygger association keys"));
  }
  StoredJoinCode& stored = meant.front();
  if (!stored.join_code().has_withdraw_time()) {
    *stored.mutable_join_code()->mutable_withdraw_time() = base::ToTimestamp(transaction.now());
    BB_RETURN_IF_ERROR(PutCode(transaction, stored));
  }
  return Shown(transaction, stored.join_code(), transaction.now());
}

absl::StatusOr<JoinCode> FindOpenJoinCode(const storage::Snapshot& snapshot,
                                          const std::string& typed,
                                          base::Instant now) {
  BB_ASSIGN_OR_RETURN(const StoredJoinCode stored, FindOpen(snapshot, typed, now));
  return Shown(snapshot, stored.join_code(), now);
}

absl::StatusOr<CreatedApiKey> Redeem(storage::Transaction& transaction,
                                     const std::string& typed,
                                     const std::string& title) {
  BB_ASSIGN_OR_RETURN(StoredJoinCode stored, FindOpen(transaction, typed, transaction.now()));
  BB_ASSIGN_OR_RETURN(
      auto made, CreateAssociationKey(transaction, stored.join_code().association_id(), title));
  *stored.mutable_join_code()->mutable_use_time() = base::ToTimestamp(transaction.now());
  BB_RETURN_IF_ERROR(PutCode(transaction, stored));
  return made;
}

}  // namespace brobygger::rpc
