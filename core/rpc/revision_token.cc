#include "core/rpc/revision_token.h"

#include <string>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

#include "core/base/error.h"

namespace brobygger::rpc {

absl::StatusOr<std::optional<std::uint64_t>> WantedRevision(
    const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  const auto said = metadata.find(kMinRevisionKey);
  if (said == metadata.end()) return std::optional<std::uint64_t>();
  std::uint64_t revision = 0;
  if (absl::SimpleAtoi(absl::string_view(said->second.data(), said->second.size()), &revision)) {
    return std::optional(revision);
  }
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                         absl::StrCat("the metadata ", kMinRevisionKey,
                                      " is no revision; send the number that the answer to a write "
                                      "told as ",
                                      kRevisionKey),
                         {{"field", kMinRevisionKey}});
}

absl::Status CheckReached(std::uint64_t wanted, std::uint64_t newest) {
  if (wanted <= newest) return absl::OkStatus();
  return base::MakeError(
      errors::v1::ERROR_REASON_REVISION_UNKNOWN,
      absl::StrCat("the hub has revision ", newest, ", and the call asks for ", wanted,
                   " or a newer one: this is another hub than the one that told it, or one that "
                   "was restored from a backup"),
      {{"revision", absl::StrCat(wanted)}, {"latest_revision", absl::StrCat(newest)}});
}

}  // namespace brobygger::rpc
