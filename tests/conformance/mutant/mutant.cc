// The reference connector with one fault: the file "fault" beside this library names the
// case of the kit that must find it ("R1"), or nothing ("none"). The fault sits between
// the host and the connector, and lays hands on the messages that pass.
#include <fstream>
#include <optional>
#include <string>
#include <thread>

#include <boost/dll/alias.hpp>
#include <boost/dll/runtime_symbol_info.hpp>

#include "brobygger/sdk/connector.h"

#include "plugins/reference/registry/connector.h"
#include "tests/conformance/mutant/mutations.h"
#include "tests/conformance/mutant/sending_thread.h"

namespace brobygger::mutant {
namespace {

using Reference = sdk::Entry<reference::RegistryConnector>;

constexpr int kUnavailable = 14;

std::string ReadFault() {
  std::ifstream in((boost::dll::this_line_location().parent_path() / "fault").string());
  std::string fault = "none";
  in >> fault;
  return fault;
}

Mutation Choose() {
  const std::string fault = ReadFault();
  for (const Mutations& some :
       {OtherMutations(), ReadMutations(), WriteMutations(), EngineMutations()}) {
    if (const auto found = some.find(fault); found != some.end()) return found->second;
  }
  return {};
}

const Mutation& Chosen() {
  static const Mutation kMutation = Choose();
  return kMutation;
}

const bb_host_v1* real_host = nullptr;
void* reference = nullptr;

// The call that this thread answers.
struct Now {
  std::string method;
  bool swallows = false;            // an answer that nobody asked for
  SendingThread* buffer = nullptr;  // for a plugin that waits for nobody
  bool paused = false;              // it has waited once for its caller to go
};
thread_local Now now;

int Send(bb_call* call, const google::protobuf::MessageLite& message) {
  const std::string bytes = message.SerializeAsString();
  return real_host->reply(call, bytes.data(), bytes.size());
}

template <typename Message>
int Change(bb_call* call,
           const void* bytes,
           std::size_t size,
           const std::function<void(Message&)>& hook) {
  if (hook == nullptr) return real_host->reply(call, bytes, size);
  Message message;
  message.ParseFromArray(bytes, static_cast<int>(size));
  hook(message);
  return Send(call, message);
}

int ChangeEvents(bb_call* call, const void* bytes, std::size_t size) {
  ReadResponse event;
  event.ParseFromArray(bytes, static_cast<int>(size));
  const std::uint64_t epoch = event.epoch();
  for (ReadResponse& told : Chosen().told(std::move(event))) {
    told.set_epoch(epoch);
    if (const int gone = Send(call, told); gone != 0) return gone;
  }
  return 0;
}

// Answers a renewed secret itself, as if the hub had kept it.
void PretendStored(bb_call* call, const void* bytes, std::size_t size) {
  plugin::v1::EventsResponse event;
  event.ParseFromArray(bytes, static_cast<int>(size));
  if (!event.has_secret()) return;
  plugin::v1::AckEventRequest answer;
  answer.set_id(event.id());
  answer.set_stored(true);
  const std::string told = answer.SerializeAsString();
  char error[BB_ERROR_ROOM];
  std::size_t error_size = sizeof(error);
  now.swallows = true;
  Reference::Call(reference, "AckEvent", told.data(), told.size(), call, error, &error_size);
  now.swallows = false;
}

int Reply(bb_call* call, const void* bytes, std::size_t size) {
  const Mutation& mutation = Chosen();
  if (now.swallows) return 0;
  if (now.method == "Events" && mutation.hasty_with_secrets) PretendStored(call, bytes, size);
  if (now.method == "Handshake") return Change(call, bytes, size, mutation.greets);
  if (now.method == "Spec") return Change(call, bytes, size, mutation.spec);
  if (now.method == "Configure") return Change(call, bytes, size, mutation.configured);
  if (now.method == "Check") return Change(call, bytes, size, mutation.checked);
  if (now.method == "Discover") return Change(call, bytes, size, mutation.discovered);
  if (now.method == "Lookup") return Change(call, bytes, size, mutation.found);
  if (now.method == "Write") return Change(call, bytes, size, mutation.written);
  if (now.method == "UpgradeState") return Change(call, bytes, size, mutation.upgraded);
  if (now.method == "Read" && mutation.told != nullptr) return ChangeEvents(call, bytes, size);
  if (now.buffer != nullptr) {
    now.buffer->Send(std::string(static_cast<const char*>(bytes), size));
    return 0;
  }
  const int gone = real_host->reply(call, bytes, size);
  if (gone != 0) std::this_thread::sleep_for(mutation.lingers);
  // Whoever is to linger when a caller has gone must still be telling when that comes through: on
  // a busy machine all of a read would be told by then.
  const bool first = now.method == "Read" && mutation.lingers.count() > 0 && !now.paused;
  if (gone == 0 && first) {
    now.paused = true;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  return gone;
}

template <typename Message>
void ChangeRequest(const std::function<void(Message&)>& hook, std::string& bytes) {
  if (hook == nullptr) return;
  Message message;
  message.ParseFromString(bytes);
  hook(message);
  bytes = message.SerializeAsString();
}

// Returns false to refuse the call.
bool Prepare(const std::string& method, std::string& bytes) {
  const Mutation& mutation = Chosen();
  if (method == "Configure") ChangeRequest(mutation.configure, bytes);
  if (method == "Read") ChangeRequest(mutation.read, bytes);
  if (method == "Write") ChangeRequest(mutation.write, bytes);
  if (method == "Handshake" && mutation.greeted != nullptr) {
    plugin::v1::HandshakeRequest request;
    request.ParseFromString(bytes);
    if (!mutation.greeted(request)) return false;
  }
  return mutation.before == nullptr || mutation.before(method);
}

// Writes what nobody asked for.
void WriteUnasked(void* self, bb_call* call) {
  WriteRequest request;
  request.set_stream("associations");
  auto& operation = *request.add_operations();
  operation.set_op_id("nobody asked");
  operation.set_kind(plugin::v1::Operation::KIND_CREATE);
  (*operation.mutable_set())["name"].set_text("Nobody asked for it");
  const std::string bytes = request.SerializeAsString();
  char error[BB_ERROR_ROOM];
  std::size_t error_size = sizeof(error);
  now.swallows = true;
  Reference::Call(self, "Write", bytes.data(), bytes.size(), call, error, &error_size);
  now.swallows = false;
}

int TellComplete(const std::string& request_bytes, bb_call* call) {
  plugin::v1::ReadRequest request;
  request.ParseFromString(request_bytes);
  ReadResponse end;
  end.set_epoch(request.epoch());
  end.mutable_snapshot_end()->set_complete(true);
  Send(call, end);
  return 0;
}

void ChangeTrouble(void* error, std::size_t* error_size) {
  Diagnostic diagnostic;
  if (Chosen().failed == nullptr || *error_size == 0) return;
  if (!diagnostic.ParseFromArray(error, static_cast<int>(*error_size))) return;
  Chosen().failed(diagnostic);
  *error_size = sdk::WriteDiagnostic(sdk::ToStatus(diagnostic), error, BB_ERROR_ROOM);
}

void* Create(const bb_host_v1* host) {
  static bb_host_v1 between = *host;
  real_host = host;
  between.reply = Reply;
  reference = Reference::Create(&between);
  return reference;
}

int Call(void* self,
         const char* method,
         const void* request,
         std::size_t size,
         bb_call* call,
         void* error,
         std::size_t* error_size) {
  std::string bytes(static_cast<const char*>(request), size);
  now = {.method = method};
  const Mutation& mutation = Chosen();
  if (!Prepare(method, bytes)) {
    *error_size = 0;
    return kUnavailable;
  }
  if (mutation.writes_in == method) WriteUnasked(self, call);
  std::optional<SendingThread> buffer;
  if (mutation.buffers && now.method == "Read") now.buffer = &buffer.emplace(*real_host, call);
  const int code =
      Reference::Call(self, method, bytes.data(), bytes.size(), call, error, error_size);
  if (code != 0) ChangeTrouble(error, error_size);
  if (code != 0 && mutation.ends_complete && now.method == "Read") {
    *error_size = 0;
    return TellComplete(bytes, call);
  }
  return code;
}

}  // namespace

const bb_plugin_v1* MutantTable() {
  static const bb_plugin_v1 kTable = {.size = sizeof(bb_plugin_v1),
                                      .abi_major = BB_ABI_MAJOR,
                                      .abi_minor = BB_ABI_MINOR,
                                      .name = "conformance.mutant",
                                      .version = "1.0.0",
                                      .create = Create,
                                      .destroy = Reference::Destroy,
                                      .call = Call};
  Reference::name = "conformance.mutant";
  Reference::version = "1.0.0";
  return &kTable;
}

}  // namespace brobygger::mutant

using brobygger::mutant::MutantTable;
BOOST_DLL_ALIAS_SECTIONED(MutantTable, bb_entry_v1, bbplug)
