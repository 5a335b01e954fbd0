#include "core/registry/request_answers.h"

#include <array>
#include <chrono>
#include <vector>

#include <openssl/evp.h>

#include "brobygger/sync/v1/claim.pb.h"

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

using storage::Kind;
using sync::v1::RequestAnswer;

constexpr std::chrono::hours kKeptFor{24};
// How many old answers one write looks at. More than one, so that answers are
// forgotten faster than they are made.
constexpr int kLookedAt = 4;

bool HasExpired(const RequestAnswer& answer, base::Instant now) {
  return base::ToInstant(answer.expire_time()) <= now;
}

// Request ids are random, so the answers that follow a new one are a random
// few: over many writes each old answer gets its turn.
absl::Status ForgetSome(storage::Transaction& transaction, const std::string& from) {
  BB_ASSIGN_OR_RETURN(
      std::vector<storage::Entry> entries,
      transaction.Scan(Kind::kRequestAnswer, {.prefix = "", .after = from, .limit = kLookedAt}));
  if (entries.size() < kLookedAt) {
    BB_ASSIGN_OR_RETURN(
        const std::vector<storage::Entry> first,
        transaction.Scan(Kind::kRequestAnswer, {.prefix = "", .after = "", .limit = kLookedAt}));
    entries.insert(entries.end(), first.begin(), first.end());
  }
  for (const storage::Entry& entry : entries) {
    RequestAnswer answer;
    BB_RETURN_IF_ERROR(ParseRecord(entry.bytes, answer));
    if (!HasExpired(answer, transaction.now())) continue;
    BB_RETURN_IF_ERROR(transaction.Remove(Kind::kRequestAnswer, entry.key));
  }
  return absl::OkStatus();
}

absl::Status Keep(storage::Transaction& transaction,
                  const std::string& key,
                  const std::string& digest,
                  const std::string& text) {
  RequestAnswer answer;
  answer.set_request_digest(digest);
  answer.set_answer(text);
  *answer.mutable_expire_time() = base::ToTimestamp(transaction.now() + kKeptFor);
  return transaction.Put(Kind::kRequestAnswer, key, answer.SerializeAsString());
}

}  // namespace

std::string DigestOf(const std::string& request_bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(request_bytes.data(), request_bytes.size(), digest.data(), &size, EVP_sha256(),
             nullptr);
  return {digest.begin(), digest.begin() + size};
}

absl::Status AnswerOnce(storage::Transaction& transaction,
                        const RetryableRequest& request,
                        absl::FunctionRef<absl::StatusOr<std::string>()> run,
                        std::string* answer) {
  if (request.request_id.empty()) {
    BB_ASSIGN_OR_RETURN(*answer, run());
    return absl::OkStatus();
  }
  if (!base::IsUuid(request.request_id)) {
    return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                           "request_id is not a UUID in lower case.", {{"field", "request_id"}});
  }
  const std::string key = request.method + "/" + request.request_id;
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, transaction.Find(Kind::kRequestAnswer, key));
  RequestAnswer known;
  if (bytes != nullptr) BB_RETURN_IF_ERROR(ParseRecord(bytes, known));
  if (bytes != nullptr && !HasExpired(known, transaction.now())) {
    if (known.request_digest() != request.digest) {
      return base::MakeError(errors::v1::ERROR_REASON_REQUEST_ID_REUSED,
                             "request_id was used for another request; make a new UUID for each.",
                             {{"request_id", request.request_id}});
    }
    *answer = known.answer();
    return absl::OkStatus();
  }
  BB_ASSIGN_OR_RETURN(*answer, run());
  BB_RETURN_IF_ERROR(Keep(transaction, key, request.digest, *answer));
  return ForgetSome(transaction, key);
}

}  // namespace brobygger::registry
