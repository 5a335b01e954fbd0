#include "core/conformance/engine_hub.h"

#include <algorithm>

#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>

#include "core/base/status_macros.h"
#include "core/matching/model.h"
#include "core/model/fields.h"
#include "core/registry/edit.h"
#include "core/registry/indexing_store.h"
#include "core/registry/query.h"
#include "core/storage/memory/memory_store.h"
#include "core/sync/claims.h"
#include "core/sync/connections.h"
#include "core/sync/lists.h"
#include "core/sync/resolve.h"

namespace brobygger::conformance {
namespace {

namespace v1 = sync::v1;
using registry::v1::Association;

constexpr char kEngineConnection[] = "kit";
constexpr char kPerson[] = "operator";
constexpr char kCredential[] = "credential:";
constexpr int kMostAnswerPages = 10'000;
// What becomes quiet does so in a few rounds, or never.
constexpr int kRoundsToAgree = 4;
constexpr auto kMoment = std::chrono::seconds(1);
constexpr char kMunicipality[] = "0615";

// The secrets' values stay with the hub, which is asked for them by name.
v1::Connection ConnectionOf(const Bench& bench, const nlohmann::json& overlay) {
  const supervisor::ProcessSpec spec = bench.Spec(overlay);
  v1::Connection connection;
  connection.set_id(kEngineConnection);
  connection.set_title("Kilde");
  connection.set_plugin(spec.plugin);
  connection.set_family(v1::Connection::FAMILY_GRANTS);
  connection.set_stream(bench.fixture().stream);
  connection.set_config_json(spec.config_json);
  connection.set_default_municipality_code(kMunicipality);
  for (const auto& [name, value] : spec.secrets) {
    (*connection.mutable_secret_references())[name] = kCredential + name;
  }
  auto& jail = *connection.mutable_jail();
  jail.mutable_read_paths()->Add(spec.jail.read_paths.begin(), spec.jail.read_paths.end());
  jail.mutable_write_paths()->Add(spec.jail.write_paths.begin(), spec.jail.write_paths.end());
  jail.mutable_tcp_ports()->Add(spec.jail.tcp_ports.begin(), spec.jail.tcp_ports.end());
  jail.set_resolve_names(spec.jail.resolve_names);
  for (const auto& [field, told] : bench.fixture().mappings.items()) {
    auto& mapping = *connection.add_mappings();
    mapping.set_source_field(field);
    mapping.set_target(told.value("target", ""));
    v1::FieldMapping::Policy policy = v1::FieldMapping::POLICY_UNSPECIFIED;
    v1::FieldMapping::Policy_Parse("POLICY_" + told.value("policy", "UNSPECIFIED"), &policy);
    mapping.set_policy(policy);
  }
  return connection;
}

}  // namespace

std::string SourceField(const Bench& bench, const std::string& path) {
  for (const auto& [field, mapping] : bench.fixture().mappings.items()) {
    if (mapping.value("target", "") == path) return field;
  }
  return "";
}

EngineHub::EngineHub(Bench& bench, HubSetup setup)
    : bench_(bench),
      setup_(std::move(setup)),
      identity_(matching::Model::Shipped()),
      secrets_(bench.fixture().secrets) {
  auto disk = std::make_unique<MortalStore>(storage::OpenMemoryStore(clock_));
  disk_ = disk.get();
  store_ = registry::MakeIndexingStore(std::move(disk), identity_);
}

EngineHub::~EngineHub() = default;

absl::StatusOr<std::unique_ptr<EngineHub>> EngineHub::Make(Bench& bench, const HubSetup& setup) {
  if (SourceField(bench, kName).empty() || SourceField(bench, kPurpose).empty()) {
    return NotApplicable(absl::StrCat("mappings to ", kName, " and ", kPurpose));
  }
  std::unique_ptr<EngineHub> hub(new EngineHub(bench, setup));
  BB_RETURN_IF_ERROR(hub->SetUp());
  return hub;
}

absl::StatusOr<std::unique_ptr<EngineHub>> EngineHub::MakeAgreed(Bench& bench,
                                                                 const HubSetup& setup) {
  BB_ASSIGN_OR_RETURN(auto hub, Make(bench, setup));
  for (int round = 0; round < kRoundsToAgree; ++round) {
    BB_ASSIGN_OR_RETURN(const v1::Plan plan, hub->Plan());
    if (round > 0 && plan.part_count() == 0) return hub;
    BB_RETURN_IF_ERROR(hub->Apply(plan).status());
  }
  return Expect(false, "hub and source do not come to rest");
}

absl::Status EngineHub::SetUp() {
  BB_RETURN_IF_ERROR(Restart());
  const v1::Connection connection = ConnectionWith(nlohmann::json::object());
  return store_
      ->Write(kPerson,
              [&](storage::Transaction& transaction) {
                return sync::CreateConnection(transaction, connection).status();
              })
      .status();
}

absl::Status EngineHub::Restart() {
  engine_.reset();
  supervisor_.reset();
  disk_->Live();
  cancel_ = std::make_unique<supervisor::CancelToken>();
  BB_ASSIGN_OR_RETURN(const auto latest, store_->Latest());
  BB_RETURN_IF_ERROR(identity_.Load(*latest));
  supervisor::SupervisorOptions options = bench_.Options();
  options.run_dir = (bench_.folder() / "engine").string();
  options.clock = &clock_;
  // However far the clock is set: a process that went by itself would be one commit more.
  options.idle_stop = std::chrono::hours(24 * 365);
  if (!setup_.plugin_root.empty()) options.plugin_roots = {setup_.plugin_root};
  options.next_epoch = [this](const base::ConnectionId& connection) {
    return sync::NextEpoch(*store_, connection);
  };
  BB_ASSIGN_OR_RETURN(supervisor_, bench_.MakeSupervisor(options));
  const auto secret = [this](const std::string& reference) -> absl::StatusOr<std::string> {
    const auto found = secrets_.find(std::string(absl::StripPrefix(reference, kCredential)));
    if (found != secrets_.end()) return found->second;
    return absl::NotFoundError("the fixture has no such secret");
  };
  engine_ = std::make_unique<sync::Engine>(*store_, identity_, *supervisor_, clock_, secret);
  return absl::OkStatus();
}

v1::Connection EngineHub::ConnectionWith(const nlohmann::json& overlay) const {
  v1::Connection connection = ConnectionOf(bench_, overlay);
  connection.set_creates(setup_.creates && bench_.Can("create"));
  return connection;
}

absl::Status EngineHub::Change(const v1::Connection& connection) {
  return store_
      ->Write(kPerson,
              [&](storage::Transaction& transaction) {
                return sync::UpdateConnection(transaction, connection).status();
              })
      .status();
}

absl::Status EngineHub::Suffer(const std::string& fault_name) {
  const Fault& fault = bench_.fixture().faults.at(fault_name);
  if (!fault.mock.empty()) BB_RETURN_IF_ERROR(bench_.mock().Run(fault.mock).status());
  if (!fault.secrets.empty()) secrets_ = fault.secrets;
  return Change(ConnectionWith(fault.config.is_null() ? nlohmann::json::object() : fault.config));
}

absl::Status EngineHub::Recover() {
  secrets_ = bench_.fixture().secrets;
  if (bench_.fixture().verbs.count("recover") > 0) {
    BB_RETURN_IF_ERROR(bench_.mock().Run({"recover"}).status());
  }
  return Change(ConnectionWith(nlohmann::json::object()));
}

absl::StatusOr<v1::Plan> EngineHub::Plan() {
  PassTime(kMoment);
  return engine_->PlanSync(kEngineConnection, kPerson, nullptr, *cancel_);
}

absl::StatusOr<v1::Run> EngineHub::Apply(const v1::Plan& plan) {
  v1::ApplyPlanRequest request;
  request.set_plan_id(plan.id());
  request.set_accept_held(true);
  return engine_->ApplyPlan(request, kPerson, nullptr, *cancel_);
}

absl::StatusOr<v1::Run> EngineHub::Sync() {
  BB_ASSIGN_OR_RETURN(const v1::Plan plan, Plan());
  return Apply(plan);
}

absl::StatusOr<v1::Run> EngineHub::RunUnattended() {
  PassTime(kMoment);
  return engine_->RunUnattended(kEngineConnection, *cancel_);
}

absl::Status EngineHub::RunOutbound() {
  PassTime(kMoment);
  return engine_->RunOutbound(kEngineConnection, *cancel_);
}

absl::Status EngineHub::NothingToDo() {
  BB_ASSIGN_OR_RETURN(const v1::Plan plan, Plan());
  if (plan.part_count() == 0) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const auto actions, Actions(plan.id()));
  return Expect(false, absl::StrCat("a plan that should be empty has ", actions.size(),
                                    " actions, the first of record '",
                                    actions.empty() ? "" : actions[0].external_id(), "'"));
}

absl::StatusOr<std::vector<v1::PlannedAction>> EngineHub::Actions(const std::string& plan_id) {
  std::vector<v1::PlannedAction> actions;
  v1::ListPlannedActionsRequest request;
  request.set_plan_id(plan_id);
  for (int page = 0; page < kMostAnswerPages; ++page) {
    BB_ASSIGN_OR_RETURN(const auto listed, engine_->ListPlannedActions(request));
    actions.insert(actions.end(), listed.actions().begin(), listed.actions().end());
    request.set_page_token(listed.next_page_token());
    if (listed.next_page_token().empty()) break;
  }
  return actions;
}

absl::StatusOr<std::vector<Association>> EngineHub::All() {
  BB_ASSIGN_OR_RETURN(const auto latest, store_->Latest());
  std::vector<Association> all;
  const auto take = [&](const std::string& /*id*/, const std::string& bytes) {
    all.emplace_back().ParseFromString(bytes);
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(sync::ForEach(*latest, storage::Kind::kAssociation, "", take));
  return all;
}

absl::StatusOr<std::size_t> EngineHub::CountHere() {
  BB_ASSIGN_OR_RETURN(const auto all, All());
  return static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [](const auto& one) { return !one.has_delete_time(); }));
}

absl::StatusOr<Association> EngineHub::Find(const std::string& external_id) {
  BB_ASSIGN_OR_RETURN(const auto latest, store_->Latest());
  const sync::StreamKey stream{.connection_id = kEngineConnection,
                               .stream = bench_.fixture().stream};
  BB_ASSIGN_OR_RETURN(const auto link,
                      sync::Load<v1::Link>(*latest, storage::Kind::kLink, stream.For(external_id)));
  if (!link.has_value() || link->association_id().empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("record '", external_id, "' became no association"));
  }
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes,
                      registry::GetAssociationBytes(*latest, link->association_id()));
  Association association;
  association.ParseFromString(*bytes);
  return association;
}

absl::StatusOr<std::string> EngineHub::TextHere(const std::string& external_id,
                                                const std::string& path) {
  BB_ASSIGN_OR_RETURN(const Association association, Find(external_id));
  return model::FieldText(association, path);
}

absl::StatusOr<std::string> EngineHub::TextThere(const std::string& external_id,
                                                 const std::string& path) {
  BB_ASSIGN_OR_RETURN(const Record record, AtMock(bench_, external_id));
  const auto field = record.fields().find(SourceField(bench_, path));
  return field == record.fields().end() ? "" : field->second.text();
}

absl::Status EngineHub::EditHere(const std::string& external_id,
                                 const std::string& path,
                                 const std::string& text) {
  BB_ASSIGN_OR_RETURN(Association association, Find(external_id));
  return EditHere(std::move(association), path, text);
}

absl::Status EngineHub::EditHere(Association association,
                                 const std::string& path,
                                 const std::string& text) {
  BB_RETURN_IF_ERROR(model::SetFieldText(association, path, text));
  google::protobuf::FieldMask mask;
  mask.add_paths(path.substr(0, path.find('.')));
  return store_
      ->Write(
          kPerson,
          [&](storage::Transaction& transaction) {
            return registry::UpdateAssociation(transaction, association, mask, kPerson).status();
          })
      .status();
}

absl::Status EngineHub::EditThere(const std::string& external_id,
                                  const std::string& path,
                                  const std::string& text) {
  Fields fields;
  Value& value = fields[SourceField(bench_, path)];
  if (text.empty()) {
    value.mutable_empty();
  } else {
    value.set_text(text);
  }
  return bench_.mock().Edit(external_id, fields);
}

absl::Status EngineHub::MakeHere(const std::string& name, const std::string& purpose) {
  Association wanted;
  wanted.set_official_name(name);
  wanted.set_municipality_code(kMunicipality);
  BB_RETURN_IF_ERROR(model::SetFieldText(wanted, kPurpose, purpose));
  return store_
      ->Write(kPerson,
              [&](storage::Transaction& transaction) {
                return registry::CreateAssociation(transaction, wanted, kPerson).status();
              })
      .status();
}

absl::Status EngineHub::DeleteHere(const std::string& external_id) {
  BB_ASSIGN_OR_RETURN(const Association association, Find(external_id));
  return store_
      ->Write(
          kPerson,
          [&](storage::Transaction& transaction) {
            return registry::DeleteAssociation(transaction, association.id(), "", kPerson).status();
          })
      .status();
}

absl::StatusOr<bool> EngineHub::IsDeletedHere(const std::string& external_id) {
  BB_ASSIGN_OR_RETURN(const Association association, Find(external_id));
  return association.has_delete_time();
}

absl::StatusOr<std::vector<v1::Conflict>> EngineHub::Conflicts() {
  BB_ASSIGN_OR_RETURN(const auto latest, store_->Latest());
  BB_ASSIGN_OR_RETURN(const auto listed, sync::ListConflicts(*latest, {}));
  return std::vector<v1::Conflict>(listed.conflicts().begin(), listed.conflicts().end());
}

absl::Status EngineHub::Resolve(const std::string& conflict_id,
                                v1::ResolveConflictRequest::Choice choice,
                                const std::string& value) {
  v1::ResolveConflictRequest request;
  request.set_conflict_id(conflict_id);
  request.set_choice(choice);
  request.set_value(value);
  return store_
      ->Write(kPerson,
              [&](storage::Transaction& transaction) {
                return sync::ResolveConflict(transaction, request, kPerson).status();
              })
      .status();
}

absl::StatusOr<std::size_t> EngineHub::CountDeadLetters() {
  BB_ASSIGN_OR_RETURN(const auto latest, store_->Latest());
  BB_ASSIGN_OR_RETURN(const auto listed, sync::ListDeadLetters(*latest, {}));
  return static_cast<std::size_t>(listed.dead_letters_size());
}

absl::Status EngineHub::ReplayDeadLetters() {
  v1::ReplayDeadLettersRequest request;
  request.set_connection_id(kEngineConnection);
  return store_
      ->Write(kPerson,
              [&](storage::Transaction& transaction) {
                return sync::ReplayDeadLetters(transaction, request).status();
              })
      .status();
}

}  // namespace brobygger::conformance
