#include "core/access/access.h"

#include <memory>
#include <string>

#include <catch2/catch.hpp>
#include <google/protobuf/descriptor.pb.h>

#include "brobygger/feed/v1/feed_service.pb.h"
#include "brobygger/registry/v1/registry_service.pb.h"
#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/base/error.h"

namespace brobygger::access {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;
using google::protobuf::ServiceDescriptor;

MethodAccess Needs(Right right) {
  MethodAccess access;
  access.set_right(right);
  access.set_data_class(v1::DATA_CLASS_NONE);
  access.set_scope(v1::SCOPE_CALLER);
  return access;
}

// A service of two methods, of which the second says `access`.
class MadeUpService {
 public:
  explicit MadeUpService(const MethodAccess* access) {
    FileDescriptorProto file;
    file.set_name("made_up.proto");
    file.add_message_type()->set_name("Nothing");
    auto* service = file.add_service();
    service->set_name("MadeUp");
    for (const char* name : {"First", "Second"}) {
      auto* method = service->add_method();
      method->set_name(name);
      method->set_input_type(".Nothing");
      method->set_output_type(".Nothing");
    }
    *service->mutable_method(0)->mutable_options()->MutableExtension(v1::method_access) =
        Needs(v1::RIGHT_NONE);
    if (access != nullptr) {
      *service->mutable_method(1)->mutable_options()->MutableExtension(v1::method_access) = *access;
    }
    file_ = pool_.BuildFile(file);
  }

  const ServiceDescriptor* get() const { return file_->service(0); }

 private:
  DescriptorPool pool_;
  const FileDescriptor* file_;
};

TEST_CASE("the operator at the socket may call whatever needs a right") {
  const Caller caller = LocalOperator();
  CHECK(caller.actor == "operator");
  for (int number = v1::Right_MIN; number <= v1::Right_MAX; ++number) {
    if (!v1::Right_IsValid(number)) continue;
    const auto right = static_cast<Right>(number);
    CAPTURE(v1::Right_Name(right));
    CHECK(MayCall(caller, Needs(right)).ok() == (right != v1::RIGHT_UNSPECIFIED));
  }
}

TEST_CASE("a caller without the right is refused, and told which") {
  const Caller caller{"reader", {v1::RIGHT_REGISTRY_READ}};
  CHECK(MayCall(caller, Needs(v1::RIGHT_REGISTRY_READ)).ok());
  CHECK(MayCall(caller, Needs(v1::RIGHT_NONE)).ok());
  const auto status = MayCall(caller, Needs(v1::RIGHT_REGISTRY_WRITE));
  CHECK(base::ReasonOf(status) == errors::v1::ERROR_REASON_NOT_ALLOWED);
  CHECK(status.code() == absl::StatusCode::kPermissionDenied);
  CHECK(std::string(status.message()).find("registry.write") != std::string::npos);
}

TEST_CASE("what is about everybody's records only the operator may call") {
  MethodAccess access = Needs(v1::RIGHT_REGISTRY_WRITE);
  access.set_scope(v1::SCOPE_HUB);
  CHECK(MayCall(LocalOperator(), access).ok());
  for (const CallerKind kind : {CallerKind::kEmployee, CallerKind::kSystem, CallerKind::kDoor,
                                CallerKind::kVolunteerCentre, CallerKind::kAssociation}) {
    Caller caller = LocalOperator();
    caller.kind = kind;
    CHECK(base::ReasonOf(MayCall(caller, access)) == errors::v1::ERROR_REASON_NOT_ALLOWED);
  }
}

TEST_CASE("every service of ours says what its methods need") {
  const std::string name =
      GENERATE("brobygger.registry.v1.RegistryService", "brobygger.feed.v1.FeedService",
               "brobygger.sync.v1.SyncService", "grpc.health.v1.Health",
               "grpc.reflection.v1alpha.ServerReflection");
  // Naming a message of each file keeps the linker from dropping its description.
  registry::v1::AsOf::descriptor();
  feed::v1::FollowChangesRequest::descriptor();
  sync::v1::ListConnectionsRequest::descriptor();
  CAPTURE(name);
  CHECK(CheckServices({name}).ok());
}

TEST_CASE("a service that nobody has described stops the start") {
  const auto status = CheckServices({std::string("brobygger.unheard.v1.Service")});
  CHECK(std::string(status.message()).find("brobygger.unheard.v1.Service") != std::string::npos);
}

TEST_CASE("a method that leaves out what it needs stops the start and is named") {
  MethodAccess access = Needs(v1::RIGHT_NONE);
  const std::string fault =
      GENERATE("no option", "no class", "no right", "unknown right", "no scope", "unknown scope");
  CAPTURE(fault);
  if (fault == "no class") access.clear_data_class();
  if (fault == "no right") access.clear_right();
  if (fault == "unknown right") access.set_right(static_cast<Right>(99));
  if (fault == "no scope") access.clear_scope();
  if (fault == "unknown scope") access.set_scope(static_cast<v1::Scope>(99));
  const MadeUpService service(fault == "no option" ? nullptr : &access);
  const auto status = CheckServices({service.get()});
  REQUIRE_FALSE(status.ok());
  CHECK(std::string(status.message()).find("MadeUp.Second") != std::string::npos);
}

TEST_CASE("a complete service passes") {
  const MethodAccess access = Needs(v1::RIGHT_SYNC_READ);
  const MadeUpService service(&access);
  CHECK(CheckServices({service.get()}).ok());
}

TEST_CASE("a call's path leads to what its method needs") {
  registry::v1::AsOf::descriptor();
  const auto access = AccessOfPath("/brobygger.registry.v1.RegistryService/CreateAssociation");
  REQUIRE(access.ok());
  CHECK(access->right() == v1::RIGHT_REGISTRY_WRITE);
  CHECK(access->data_class() == v1::DATA_CLASS_INTERNAL);
  CHECK(AccessOfPath("/grpc.health.v1.Health/Check")->right() == v1::RIGHT_NONE);
  for (const char* path : {"", "/", "x", "/brobygger.registry.v1.RegistryService/NoSuch", "/a/b"}) {
    CAPTURE(path);
    CHECK(AccessOfPath(path).status().code() == absl::StatusCode::kUnimplemented);
  }
}

}  // namespace
}  // namespace brobygger::access
