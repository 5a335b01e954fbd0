#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <catch2/catch.hpp>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include "brobygger/access/v1/method_access.pb.h"
#include "brobygger/errors/v1/error_reason.pb.h"

#include "core/base/error.h"

namespace brobygger {
namespace {

namespace pb = google::protobuf;

// The protos as they are written, with their comments: the generated code has
// none, and holds only the files that somebody links.
class Protos {
 public:
  Protos() {
    pb::FileDescriptorSet files;
    std::ifstream file(DESCRIPTOR_SET, std::ios::binary);
    REQUIRE(files.ParseFromIstream(&file));
    for (const auto& proto : files.file()) {
      names_.push_back(proto.name());
      REQUIRE(pool_.BuildFile(proto) != nullptr);
    }
  }

  const pb::FileDescriptor* File(const std::string& path) { return pool_.FindFileByName(path); }

  // The services the hub serves: all but the plugins' own.
  std::vector<const pb::ServiceDescriptor*> HubServices() {
    std::vector<const pb::ServiceDescriptor*> services;
    for (const std::string& name : names_) {
      const pb::FileDescriptor* file = File(name);
      if (file->package() == "brobygger.plugin.v1") continue;
      for (int i = 0; i < file->service_count(); ++i) services.push_back(file->service(i));
    }
    return services;
  }

 private:
  std::vector<std::string> names_;
  pb::DescriptorPool pool_;
};

template <typename Descriptor>
std::string CommentOf(const Descriptor* descriptor) {
  pb::SourceLocation location;
  REQUIRE(descriptor->GetSourceLocation(&location));
  return location.leading_comments;
}

bool StartsWithOneOf(const std::string& text, const std::vector<std::string>& starts) {
  for (const std::string& start : starts) {
    if (text.rfind(" " + start, 0) == 0) return true;
  }
  return false;
}

TEST_CASE("every method of the hub says what right and data class it needs", "[proto]") {
  Protos protos;
  const auto services = protos.HubServices();
  REQUIRE(services.size() >= 3);
  for (const auto* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      CAPTURE(service->method(i)->full_name());
      // The pool's options know our extension only as bytes.
      pb::MethodOptions options;
      REQUIRE(options.ParseFromString(service->method(i)->options().SerializeAsString()));
      REQUIRE(options.HasExtension(access::v1::method_access));
      const auto& needs = options.GetExtension(access::v1::method_access);
      CHECK(needs.right() != access::v1::RIGHT_UNSPECIFIED);
      CHECK(needs.data_class() != access::v1::DATA_CLASS_UNSPECIFIED);
    }
  }
}

TEST_CASE("every field of a request says whether it is required", "[proto]") {
  Protos protos;
  for (const auto* service : protos.HubServices()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* request = service->method(i)->input_type();
      for (int j = 0; j < request->field_count(); ++j) {
        CAPTURE(request->field(j)->full_name());
        CHECK(StartsWithOneOf(CommentOf(request->field(j)), {"Required", "Optional"}));
      }
    }
  }
}

TEST_CASE("every field of an association says who may write it", "[proto]") {
  Protos protos;
  const auto* file = protos.File("brobygger/registry/v1/association.proto");
  REQUIRE(file != nullptr);
  const auto* association = file->FindMessageTypeByName("Association");
  REQUIRE(association != nullptr);
  for (int i = 0; i < association->field_count(); ++i) {
    CAPTURE(association->field(i)->full_name());
    CHECK(
        StartsWithOneOf(CommentOf(association->field(i)), {"Required", "Optional", "Output only"}));
  }
}

TEST_CASE("every error reason travels under the code that its comment tells", "[proto]") {
  const std::map<std::string, absl::StatusCode> codes = {
      {"NOT_FOUND", absl::StatusCode::kNotFound},
      {"ABORTED", absl::StatusCode::kAborted},
      {"FAILED_PRECONDITION", absl::StatusCode::kFailedPrecondition},
      {"INVALID_ARGUMENT", absl::StatusCode::kInvalidArgument},
      {"ALREADY_EXISTS", absl::StatusCode::kAlreadyExists},
      {"OUT_OF_RANGE", absl::StatusCode::kOutOfRange},
      {"UNAVAILABLE", absl::StatusCode::kUnavailable},
      {"RESOURCE_EXHAUSTED", absl::StatusCode::kResourceExhausted},
      {"DEADLINE_EXCEEDED", absl::StatusCode::kDeadlineExceeded},
      {"UNAUTHENTICATED", absl::StatusCode::kUnauthenticated},
      {"PERMISSION_DENIED", absl::StatusCode::kPermissionDenied},
      {"UNIMPLEMENTED", absl::StatusCode::kUnimplemented},
      {"DATA_LOSS", absl::StatusCode::kDataLoss},
      {"UNAUTHENTICATED", absl::StatusCode::kUnauthenticated},
  };
  Protos protos;
  const auto* file = protos.File("brobygger/errors/v1/error_reason.proto");
  REQUIRE(file != nullptr);
  const auto* reasons = file->FindEnumTypeByName("ErrorReason");
  REQUIRE(reasons != nullptr);
  for (int i = 0; i < reasons->value_count(); ++i) {
    const auto* reason = reasons->value(i);
    if (reason->number() == errors::v1::ERROR_REASON_UNSPECIFIED) continue;
    CAPTURE(reason->name());
    const std::string comment = CommentOf(reason);
    const auto told = codes.find(comment.substr(1, comment.find('.') - 1));
    REQUIRE(told != codes.end());
    CHECK(base::CodeOf(static_cast<base::ErrorReason>(reason->number())) == told->second);
  }
}

}  // namespace
}  // namespace brobygger
