#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <thread>

#include <boost/dll/runtime_symbol_info.hpp>
#include <nlohmann/json.hpp>
#include <sys/prctl.h>
#include <unistd.h>

#include "tests/conformance/mutant/mutations.h"

namespace brobygger::mutant {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using plugin::v1::CheckResponse;
using plugin::v1::ConfigureRequest;
using plugin::v1::ConfigureResponse;
using plugin::v1::DiscoverResponse;
using plugin::v1::FieldSchema;
using plugin::v1::SpecResponse;

constexpr std::size_t kLeak = std::size_t{128} << 10;
constexpr int kUnknownField = 4000;
constexpr auto kTooLong = std::chrono::milliseconds(2500);

// Changes the schema of the configuration, which is a JSON object.
Mutation OtherSchema(const std::function<void(json&)>& change) {
  return {.spec = [change](SpecResponse& spec) {
    json schema = json::parse(spec.config_json_schema());
    change(schema);
    spec.set_config_json_schema(schema.dump());
  }};
}

Mutation OtherConfig(const std::function<void(json&)>& change) {
  return {.configure = [change](ConfigureRequest& request) {
    json config = json::parse(request.config_json());
    change(config);
    request.set_config_json(config.dump());
  }};
}

// Refuses configurations that `refuses` fits, saying nothing of the kind before.
Mutation RefusesConfig(const std::function<bool(const json&)>& refuses) {
  const auto refused = std::make_shared<bool>(false);
  Mutation mutation;
  mutation.configure = [=](ConfigureRequest& request) {
    *refused = refuses(json::parse(request.config_json()));
  };
  mutation.configured = [refused](ConfigureResponse& response) {
    if (*refused) response.add_diagnostics()->set_class_(Diagnostic::CLASS_CONFIG);
  };
  return mutation;
}

Mutation WithSecret(const std::function<void(const std::string&)>& tell) {
  return {.configure = [tell](ConfigureRequest& request) {
    for (const auto& [name, secret] : request.secrets()) tell(secret);
  }};
}

// Changes every diagnostic.
Mutation EachTrouble(const std::function<void(Diagnostic&)>& change) {
  Mutation mutation;
  mutation.failed = change;
  mutation.checked = [change](CheckResponse& response) {
    for (Diagnostic& diagnostic : *response.mutable_diagnostics()) change(diagnostic);
  };
  return mutation;
}

Mutation EachField(const std::string& name, const std::function<void(FieldSchema&)>& change) {
  return {.discovered = [=](DiscoverResponse& response) {
    for (FieldSchema& field : *response.mutable_streams(0)->mutable_fields()) {
      if (field.name() == name) change(field);
    }
  }};
}

Mutation Before(const std::string& method, const std::function<void()>& act) {
  return {.before = [=](const std::string& called) {
    if (called == method) act();
    return true;
  }};
}

void Leak() {
  static std::vector<std::string> kept;
  kept.emplace_back(kLeak, 'x');
}

Mutation Ignores(int signal) {
  return Before("Configure", [signal] { std::signal(signal, SIG_IGN); });
}

void WithoutFaults(json& config) { config.erase("faults"); }

void AddLoading(Mutations& all) {
  all["L5"] = Before("Read", [] { std::cout << "reading" << std::endl; });
  all["L6"] = Before("Stop", [] { std::this_thread::sleep_for(std::chrono::minutes(1)); });
  all["L7"] = {.before = [](const std::string& method) { return method != "Spec"; }};
  all["L8"] = {.greeted = [](const auto& request) { return request.core_features().empty(); }};
  all["L10"] = {.spec = [](SpecResponse& spec) { spec.set_docs_url(std::to_string(getpid())); }};
}

void AddConfig(Mutations& all) {
  all["S1"] = OtherSchema([](json& schema) { schema["additionalProperties"] = false; });
  all["S2"] = OtherConfig([](json& config) { config.emplace("file", ""); });
  all["S3"] =
      RefusesConfig([](const json& config) { return config.contains("kit_key_nobody_knows"); });
  all["S4"] = OtherSchema([](json& schema) {
    schema["properties"]["api_token"] = {{"type", "string"}};
  });
  all["S5"] = WithSecret([](const std::string& secret) { std::cerr << secret << std::endl; });
  all["S6"] =
      EachTrouble([](Diagnostic& trouble) { trouble.set_class_(Diagnostic::CLASS_CONFIG); });
  all["S7"] = WithSecret([](const std::string& secret) { prctl(PR_SET_NAME, secret.c_str()); });
  all["S8"] = {.hasty_with_secrets = true};
  const auto configured = std::make_shared<int>(0);
  all["S9"] = RefusesConfig([configured](const json&) { return ++*configured > 1; });
  all["S10"] =
      RefusesConfig([](const json& config) { return !config.contains("access_key_sha256"); });
}

void AddChecks(Mutations& all) {
  all["C1"] = {.writes_in = "Check"};
  all["C2"] = EachTrouble([](Diagnostic& trouble) { trouble.mutable_text()->erase("da"); });
  all["C3"] = EachTrouble([](Diagnostic& trouble) { trouble.set_class_(Diagnostic::CLASS_BUG); });
  all["C4"] = {.discovered = [](DiscoverResponse& response) {
    response.mutable_streams(0)->set_schema_version(static_cast<std::uint32_t>(getpid()));
  }};
  all["C5"] = {.discovered = [](DiscoverResponse& response) {
    response.mutable_streams(0)->add_natural_key("nowhere");
  }};
  all["C6"] = {.discovered = [](DiscoverResponse& response) {
    response.mutable_streams(0)->mutable_abilities()->set_watch(true);
  }};
  all["C7"] =
      EachField("founded", [](FieldSchema& field) { field.set_type(FieldSchema::TYPE_TEXT); });
  all["C8"] = EachField("email", [](FieldSchema& field) { field.set_personal_data(false); });
  all["C9"] =
      EachField("purpose", [](FieldSchema& field) { (*field.mutable_title())["da"] = "Form?l"; });
  all["C10"] = {.configure = [](ConfigureRequest& request) { request.clear_streams(); }};
}

void AddFaults(Mutations& all) {
  all["F1"] = Ignores(SIGSEGV);
  all["F2"] = Ignores(SIGABRT);
  all["F3"] = all["F4"] = all["F5"] = OtherConfig(WithoutFaults);
  all["F7"] = all["F8"] = OtherConfig(WithoutFaults);
  all["F9"] = {.ends_complete = true};
  // It stops where others end, and nobody is told.
  all["F10"] = Before("Configure", [] { std::signal(SIGPIPE, [](int) { std::raise(SIGSTOP); }); });
  all["F13"] = {
      .checked = [](CheckResponse& response) { response.set_epoch(response.epoch() - 1); }};
}

void AddLimits(Mutations& all) {
  all["B1"] = {.buffers = true};
  // Long enough to be found by a kit that a busy machine has kept waiting.
  all["B2"] = {.lingers = 4 * kTooLong};
  all["B3"] = Before("Check", [] { std::this_thread::sleep_for(kTooLong); });
  all["B4"] = {.greets = [](plugin::v1::HandshakeResponse& response) {
    auto& rate = *response.mutable_limits()->add_rates();
    rate.set_name("shut");
    rate.set_fill_per_second(1);
  }};
  all["B6"] = {.told = [](ReadResponse event) {
    return event.has_heartbeat() ? std::vector<ReadResponse>()
                                 : std::vector<ReadResponse>{std::move(event)};
  }};
  const auto position = std::make_shared<std::uint64_t>(0);
  all["B7"] = {.told = [position](ReadResponse event) {
    if (event.has_heartbeat()) event.mutable_heartbeat()->set_position(++*position);
    return std::vector<ReadResponse>{std::move(event)};
  }};
  all["B8"] = Before("Read", Leak);
}

// Of the version that lies where this library was loaded from; "" if it cannot be read any more.
std::string InstalledVersion() {
  const fs::path folder = boost::dll::this_line_location().parent_path().string();
  std::ifstream in(folder / "plugin.json");
  const json manifest = json::parse(in, nullptr, /*allow_exceptions=*/false);
  return manifest.is_object() ? manifest.value("version", "") : "";
}

void AddUpgrades(Mutations& all) {
  all["U1"] = {.upgraded = [](plugin::v1::UpgradeStateResponse& response) {
    response.set_cursor(R"({"position": 99, "ids": []})");
  }};
  // Its next version has forgotten how to write a field.
  all["U3"] = {.write = [](WriteRequest& request) {
    if (!InstalledVersion().ends_with("+kit")) return;
    for (auto& operation : *request.mutable_operations()) operation.mutable_set()->erase("purpose");
  }};
  // It goes on looking into its own folder, where another version lies by then.
  all["U4"] = {.before = [](const std::string& method) {
    static const std::string kVersion = InstalledVersion();
    return method != "Check" || InstalledVersion() == kVersion;
  }};
  all["U5"] = {.discovered = [](DiscoverResponse& response) {
    response.GetReflection()->MutableUnknownFields(&response)->AddVarint(kUnknownField, 1);
  }};
}

}  // namespace

Mutations OtherMutations() {
  Mutations all;
  AddLoading(all);
  AddConfig(all);
  AddChecks(all);
  AddFaults(all);
  AddLimits(all);
  AddUpgrades(all);
  return all;
}

}  // namespace brobygger::mutant
