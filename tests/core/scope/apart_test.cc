// That no call of anybody shows or changes what belongs to another municipality: every method the
// hub has, with every record that can be named.
#include <map>
#include <set>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "core/access/access.h"
#include "core/access/explain.h"
#include "tests/core/scope/requests.h"
#include "tests/core/scope/world.h"
#include "tests/support/grpc_errors.h"

namespace brobygger::scope {
namespace {

using access::Caller;
using access::CallerKind;
using google::protobuf::MethodDescriptor;

std::vector<std::pair<std::string, Caller>> Strangers(const Planted& ours) {
  Caller nowhere = CallerOf(CallerKind::kEmployee, ours);
  nowhere.municipality_code.clear();
  Caller association = CallerOf(CallerKind::kAssociation, ours);
  association.association_id = ours.ids.at("association_id");
  return {{"employee", CallerOf(CallerKind::kEmployee, ours)},
          {"system", CallerOf(CallerKind::kSystem, ours)},
          {"volunteer centre", CallerOf(CallerKind::kVolunteerCentre, ours)},
          {"employee of no municipality", nowhere},
          {"association", association}};
}

// The words of a municipality that stand in what a caller can read, by the kind of their record.
std::set<std::string> WordsIn(const std::string& text, const Planted& planted) {
  std::set<std::string> words;
  for (std::size_t at = text.find(planted.word); at != std::string::npos;
       at = text.find(planted.word, at + 1)) {
    const std::size_t end = text.find('-', at + planted.word.size() + 1);
    words.insert(text.substr(at, end - at + 1));
  }
  return words;
}

TEST_CASE("no call of anybody shows what belongs to another municipality, or changes it") {
  World world;
  std::string before = world.Stored(world.theirs);
  int calls = 0;
  for (const auto& [name, caller] : Strangers(world.ours)) {
    world.CallAs(caller);
    for (const MethodDescriptor* method : AllMethods()) {
      for (const auto& request : CuriousRequests(*method, world.theirs)) {
        const Answer answer = world.Call(*method, request->SerializeAsString());
        const auto shown = WordsIn(answer.Text(), world.theirs);
        ++calls;
        if (shown.empty()) continue;
        FAIL_CHECK(name << " reads " << *shown.begin() << " by " << method->full_name() << " of\n"
                        << request->DebugString());
      }
      const std::string after = world.Stored(world.theirs);
      if (after == before) continue;
      FAIL_CHECK(name << " changes another municipality's records by " << method->full_name());
      before = after;
    }
  }
  CHECK(calls > 3000);
}

// What somebody is shown by all methods, over all requests about one municipality.
struct Reached {
  std::set<std::string> words;
  std::map<std::string, std::string> refused;  // why, of a method that never answered
};

// What is answered by methods that cannot succeed here, when they have found what was named.
bool FoundIt(const MethodDescriptor& method, const std::string& reason) {
  static const std::map<std::string, std::string> kReasons = {
      {"MoveCollaboration", "COLLABORATION_MOVE_INVALID"},  // an idea again, it never becomes
      {"MoveCourse", "COURSE_STATE_INVALID"},               // it runs, and is not planned again
      {"AnswerAlignment", "ALIGNMENT_CLOSED"},              // both sides have
      {"RejectPlan", "PLAN_STALE"},                         // nor rejects one
      {"AnswerInvitation", "EVENT_OVER"},                   // it was there already
      {"ProposeCollaboration", "NOT_ALLOWED"},  // for a volunteer centre of some municipality
      {"ListProposals", "NOT_ALLOWED"},
      {"ApplyPlan", "PLAN_STALE"},             // nobody applies a plan that a test wrote
      {"ListBusyDays", "CONNECTION_INVALID"},  // a grant system has no calendars
      {"UndeleteAssociation", "ASSOCIATION_NOT_DELETED"},
      {"PreviewModel", "MODEL_INVALID"},  // no file of a model is at hand
      // Nobody is signed in by a world, which has neither a login provider nor a demo.
      {"BeginSignIn", "NOT_SIGNED_IN"},
      {"FinishSignIn", "NOT_SIGNED_IN"},
      {"RenewSignIn", "NOT_SIGNED_IN"},
      {"EndSignIn", "NOT_SIGNED_IN"},
      {"DemoSignIn", "NOT_SIGNED_IN"},
  };
  const auto known = kReasons.find(method.name());
  return known != kReasons.end() && known->second == reason;
}

void Reach(World& world, const MethodDescriptor& method, const Planted& planted, Reached& reached) {
  bool answered = false;
  std::string why;
  for (const auto& request : CuriousRequests(method, planted)) {
    if (const auto* secret = method.input_type()->FindFieldByName("secret")) {
      PutAt({secret}, planted.feed_secret, *request);
    }
    if (method.name() == "Join") {
      PutAt({method.input_type()->FindFieldByName("code")}, planted.join_code, *request);
    }
    const Answer answer = world.Call(method, request->SerializeAsString());
    answered = answered || answer.status.ok() || FoundIt(method, support::ReasonOf(answer.status));
    if (!answer.status.ok()) why += "\n" + answer.status.error_message();
    for (const auto& word : WordsIn(answer.Text(), planted)) reached.words.insert(word);
  }
  if (!answered) reached.refused[method.full_name()] = why;
}

// `whose` and `caller` choose from a world. Each method that writes gets one of its own.
template <typename Whose, typename CallerIn>
Reached ReachAll(const Whose& whose, const CallerIn& caller) {
  Reached reached;
  World reads;
  for (const MethodDescriptor* method : AllMethods()) {
    const bool writes = access::IsToWrite(access::AccessOf(*method)->right());
    std::unique_ptr<World> own;
    if (writes) own = std::make_unique<World>();
    World& world = writes ? *own : reads;
    world.CallAs(caller(world));
    Reach(world, *method, whose(world), reached);
  }
  return reached;
}

std::set<std::string> WordsOfAll(const Planted& planted) {
  std::set<std::string> words = {planted.word + "-log-"};
  for (const PlantedRecord& record : planted.records) {
    if (IsShown(record.kind)) words.insert(planted.WordOf(record.kind));
  }
  return words;
}

TEST_CASE("the requests reach every method, and find every kind of record where they may") {
  World world;
  // The operator may see all, so what it is not shown the test above would not find either.
  const Reached reached = ReachAll([](World& in) -> const Planted& { return in.theirs; },
                                   [](World& /*in*/) {
                                     access::Caller local = access::LocalOperator();
                                     local.purpose = "collaboration";
                                     return local;
                                   });
  for (const auto& [method, why] : reached.refused) FAIL_CHECK(method << why);
  for (const std::string& word : WordsOfAll(world.theirs)) {
    INFO(word);
    CHECK(reached.words.contains(word));
  }
}

TEST_CASE("an employee is shown every kind of record of their own municipality") {
  World world;
  const Reached reached =
      ReachAll([](World& in) -> const Planted& { return in.ours; },
               [](World& in) { return CallerOf(CallerKind::kEmployee, in.ours); });
  for (const auto& [method, why] : reached.refused) {
    // About the hub itself, and about files and secrets of its machine.
    if (method.ends_with(".CreateConnection") || method.ends_with(".UpdateConnection")) continue;
    const auto* known =
        google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(method);
    if (access::AccessOf(*known)->scope() == access::v1::SCOPE_HUB) continue;
    FAIL_CHECK(method << why);
  }
  for (const std::string& word : WordsOfAll(world.ours)) {
    INFO(word);
    CHECK(reached.words.contains(word));
  }
}

TEST_CASE("of every method it can be said why a call of it is or is not allowed") {
  for (const MethodDescriptor* method : AllMethods()) {
    access::v1::ExplainAccessRequest request;
    request.set_method(method->service()->full_name() + "/" + method->name());
    request.add_roles("caseworker");
    const auto told = access::Explain(access::Policy::Shipped(), request);
    INFO(request.method() << " " << told.status());
    CHECK(told.ok());
  }
}

}  // namespace
}  // namespace brobygger::scope
