#include "core/audit/entry_rules.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <google/protobuf/unknown_field_set.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::audit {
namespace {

constexpr std::size_t kMostSigns = 100;
constexpr int kMostSubjects = 1000;
constexpr int kMostFieldClasses = 20;
constexpr std::size_t kDigestBytes = 32;

bool IsIdSign(char sign) {
  const bool letter = (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z');
  const bool digit = sign >= '0' && sign <= '9';
  return letter || digit || std::string_view("._:/+-").find(sign) != std::string_view::npos;
}

absl::Status Invalid(const std::string& field, const std::string& why) {
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                         "the audit entry's " + field + " " + why, {{"field", field}});
}

absl::Status CheckId(const std::string& field, const std::string& value) {
  if (value.size() > kMostSigns) return Invalid(field, "is longer than 100 signs");
  if (!std::all_of(value.begin(), value.end(), IsIdSign)) {
    return Invalid(field, "is no id: it holds other signs than letters, digits and ._:/+-");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateEntry(const v1::Entry& entry) {
  if (entry.actor().empty()) return Invalid("actor", "is missing");
  if (entry.method().empty()) return Invalid("method", "is missing");
  if (entry.decision() == v1::DECISION_UNSPECIFIED || !v1::Decision_IsValid(entry.decision())) {
    return Invalid("decision", "is missing");
  }
  BB_RETURN_IF_ERROR(CheckId("actor", entry.actor()));
  BB_RETURN_IF_ERROR(CheckId("on_behalf_of", entry.on_behalf_of()));
  BB_RETURN_IF_ERROR(CheckId("method", entry.method()));
  BB_RETURN_IF_ERROR(CheckId("object_id", entry.object_id()));
  BB_RETURN_IF_ERROR(CheckId("purpose", entry.purpose()));
  BB_RETURN_IF_ERROR(CheckId("reason", entry.reason()));
  BB_RETURN_IF_ERROR(CheckId("request_id", entry.request_id()));
  BB_RETURN_IF_ERROR(CheckId("call_id", entry.call_id()));
  BB_RETURN_IF_ERROR(CheckId("municipality_code", entry.municipality_code()));
  BB_RETURN_IF_ERROR(CheckId("department_id", entry.department_id()));
  if (entry.roles_size() > kMostRoles) return Invalid("roles", "are more than 20");
  for (const std::string& role : entry.roles()) BB_RETURN_IF_ERROR(CheckId("roles", role));
  if (entry.subject_digests_size() > kMostSubjects) {
    return Invalid("subject_digests", "are more than 1,000; append several entries");
  }
  if (std::any_of(entry.subject_digests().begin(), entry.subject_digests().end(),
                  [](const auto& digest) { return digest.size() != kDigestBytes; })) {
    return Invalid("subject_digests", "hold one that is not 32 bytes");
  }
  if (entry.field_classes_size() > kMostFieldClasses) {
    return Invalid("field_classes", "are more than 20");
  }
  // A message of a newer program could bring text along that nobody has looked at.
  if (!v1::Entry::GetReflection()->GetUnknownFields(entry).empty())
    return Invalid("fields", "hold some that are unknown");
  return absl::OkStatus();
}

}  // namespace brobygger::audit
