#include "core/registry/update_mask.h"

#include <algorithm>
#include <string>

#include "core/base/error.h"
#include "core/model/rules.h"
#include "core/registry/records.h"

namespace brobygger::registry {

absl::Status CheckUpdateMask(const google::protobuf::FieldMask& mask,
                             const google::protobuf::FieldMask& writable) {
  const auto& allowed = writable.paths();
  for (const std::string& path : mask.paths()) {
    if (std::find(allowed.begin(), allowed.end(), path) == allowed.end()) {
      return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                             "update_mask: '" + Shown(path) + "' cannot be written.",
                             {{"field", "update_mask"}, {"path", Shown(path)}});
    }
  }
  if (mask.paths().empty()) return model::BrokenRule({nullptr, "update_mask"}, "is required");
  return absl::OkStatus();
}

}  // namespace brobygger::registry
