#include "core/web/transcoder.h"

#include <utility>

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver_util.h>
#include <nlohmann/json.hpp>

namespace brobygger::web {

namespace util = google::protobuf::util;

// Types as the generated code has them. Working one out means copying its descriptor's every
// option, which takes longer than most messages.
class Transcoder::KnownTypes final : public util::TypeResolver {
 public:
  KnownTypes()
      : resolver_(util::NewTypeResolverForDescriptorPool(
            "type.googleapis.com", google::protobuf::DescriptorPool::generated_pool())) {}

  util::Status ResolveMessageType(const std::string& url, google::protobuf::Type* type) override {
    return Resolve(messages_, url, type, &util::TypeResolver::ResolveMessageType);
  }

  util::Status ResolveEnumType(const std::string& url, google::protobuf::Enum* type) override {
    return Resolve(enums_, url, type, &util::TypeResolver::ResolveEnumType);
  }

 private:
  template <typename Type>
  using Kept = absl::flat_hash_map<std::string, std::unique_ptr<const Type>>;

  // Fields' options (lengths, classes of data) are of no use to a transcoder; those of the message
  // say whether it is a map's entry.
  static void Slim(google::protobuf::Type& type) {
    for (auto& field : *type.mutable_fields()) field.clear_options();
  }
  static void Slim(google::protobuf::Enum& type) {
    type.clear_options();
    for (auto& value : *type.mutable_enumvalue()) value.clear_options();
  }

  template <typename Type>
  util::Status Resolve(Kept<Type>& kept,
                       const std::string& url,
                       Type* type,
                       util::Status (util::TypeResolver::*resolve)(const std::string&, Type*)) {
    {
      const absl::ReaderMutexLock lock(&mutex_);
      if (const auto found = kept.find(url); found != kept.end()) {
        *type = *found->second;
        return {};
      }
    }
    util::Status status = (resolver_.get()->*resolve)(url, type);
    if (!status.ok()) return status;
    Slim(*type);
    const absl::MutexLock lock(&mutex_);
    kept.emplace(url, std::make_unique<const Type>(*type));
    return status;
  }

  const std::unique_ptr<util::TypeResolver> resolver_;
  absl::Mutex mutex_;
  Kept<google::protobuf::Type> messages_ ABSL_GUARDED_BY(mutex_);
  Kept<google::protobuf::Enum> enums_ ABSL_GUARDED_BY(mutex_);
};

Transcoder::Transcoder() : types_(std::make_unique<KnownTypes>()) {}

Transcoder::~Transcoder() = default;

absl::StatusOr<std::string> Transcoder::ToWire(const std::string& type_url,
                                               const std::string& json) const {
  // Nothing at all, and "null", are an empty message to protobuf; here they are a mistake.
  const std::size_t first = json.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || json[first] != '{') {
    return absl::InvalidArgumentError("the message must be one JSON object");
  }
  // Protobuf takes what is nearly JSON, too: quotes of another kind, a comma too many.
  if (!nlohmann::json::accept(json)) {
    return absl::InvalidArgumentError("the message is no JSON (RFC 8259)");
  }
  std::string wire;
  const util::Status status = util::JsonToBinaryString(types_.get(), type_url, json, &wire);
  if (!status.ok()) return absl::InvalidArgumentError(std::string(status.message()));
  return wire;
}

absl::StatusOr<std::string> Transcoder::ToJson(const std::string& type_url,
                                               const std::string& wire) const {
  std::string json;
  const util::Status status = util::BinaryToJsonString(types_.get(), type_url, wire, &json);
  if (!status.ok()) return absl::InternalError("the hub's answer is no message that is known");
  return json;
}

}  // namespace brobygger::web
