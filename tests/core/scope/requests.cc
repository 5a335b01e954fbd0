#include "tests/core/scope/requests.h"

#include <algorithm>
#include <map>
#include <set>

#include <google/protobuf/descriptor_database.h>
#include <google/protobuf/field_mask.pb.h>

#include "brobygger/access/v1/method_access.pb.h"
#include "brobygger/registry/v1/common.pb.h"

#include "core/base/clock.h"
#include "core/base/day.h"

namespace brobygger::scope {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr int kDeepest = 4;

bool IsOurs(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_map() &&
         field.message_type()->full_name().starts_with("brobygger.");
}

// The planted record that a field of the name, in a message of the kind, means.
std::string NameOf(const FieldDescriptor& field) {
  static const std::map<std::string, std::string> kMeans = {
      {"from_association_id", "association_id"},
      {"to_association_id", "other_association_id"},
      {"left_association_id", "association_id"},
      {"right_association_id", "other_association_id"},
      {"parent_department_id", "department_id"},
      {"owner_department_id", "department_id"},
      {"host_department_ids", "department_id"},
      {"department_ids", "department_id"},
      {"decided_by_department_id", "department_id"},
      {"convenor_department_id", "department_id"},
      {"convenor_association_id", "association_id"},
      {"association_ids", "association_id"},
      {"object_id", "association_id"},
      {"grant_application_ids", "application_id"},
      {"event_ids", "event_id"}};
  static const std::map<std::string, std::string> kOwnIds = {
      {"Association", "association_id"},
      {"Department", "department_id"},
      {"Policy", "policy_id"},
      {"CoordinationGroup", "coordination_group_id"},
      {"Event", "event_id"},
      {"Collaboration", "collaboration_id"},
      {"Course", "course_id"},
      {"Network", "network_id"},
      {"Programme", "programme_id"},
      {"PremisesNeed", "premises_need_id"},
      {"Connection", "connection_id"}};
  if (field.containing_type()->name() == "RevokeAssociationKeyRequest" &&
      field.name() == "api_key_id") {
    return "association_key_id";
  }
  if (field.name() == "id") {
    const auto own = kOwnIds.find(field.containing_type()->name());
    return own == kOwnIds.end() ? "" : own->second;
  }
  const auto means = kMeans.find(field.name());
  return means == kMeans.end() ? field.name() : means->second;
}

std::string TextFor(const FieldDescriptor& field, const Planted& planted) {
  static const std::map<std::string, std::string> kTexts = {
      {"kle_number", "18.15.06"},
      {"plugin", "fake"},
      {"config_json", "{}"},
      {"actor", ""},
      {"request_id", ""},
      {"page_token", ""},
      {"etag", ""},
      {"filter", ""},
      {"order_by", ""},
      {"query", ""},
      {"facets", ""},
      {"position", ""},
      {"areas", ""},
      {"activities", ""},
      {"weekdays", ""},
      {"from_clock", ""},
      {"to_clock", ""},
      {"method", "WhoKnows"},
      {"secret", "s"},
      {"section", "contact"},
      {"url", "https://fjordby.example/"},
      {"purpose", "collaboration"},
      {"roles", "caseworker"},
      {"path", "phones"},
      {"field_path", "phones"},
      {"source_field", "navn"},
      {"target", "official_name"},
      {"owned_paths", ""},
      {"short_name", "bro"},
      {"statements_version", ""},
      {"advice_id", "open-questions"},
      {"stream", ""},
      {"recorded_by", ""},
      {"key", "ny-pulje"},
      {"deadline_dates", ""},
      {"from_time", "08:00"},
      {"to_time", "09:00"},
      {"os2mo_id", "00000000-0000-4000-8000-00000000000f"}};
  if (const std::string id = IdFor(field, planted); !id.empty()) return id;
  if (field.name() == "statement_id") {
    return field.containing_type()->name() == "ResourceScore" ? "vision-1" : "roles-1";
  }
  if (field.name() == "calendar") return planted.WordOf(storage::Kind::kPublication) + "calendar";
  if (const auto known = kTexts.find(field.name()); known != kTexts.end()) return known->second;
  const std::string& name = field.name();
  if (name.ends_with("email") || name.ends_with("emails")) return "ny@fjordby.example";
  if (name.ends_with("phone") || name.ends_with("phones")) return "+4510550101";
  if (name == "expires_date" || name == "to_date") {
    return base::DanishDayOf(base::SystemClock().Now(), 100);
  }
  // What is written down afterwards is over.
  if (field.containing_type()->name() == "ImportedCollaboration" && name.ends_with("date")) {
    return "2020-05-04";
  }
  if (name.ends_with("date")) return base::DanishDayOf(base::SystemClock().Now());
  if (name.ends_with("_id") || name.ends_with("_ids") || name == "id") return "";
  return HoldsWords(field) ? "noget" : "";
}

void SetText(const FieldDescriptor& field, const std::string& text, Message& message) {
  const auto* reflection = message.GetReflection();
  if (text.empty()) return reflection->ClearField(&message, &field);
  if (field.is_repeated()) {
    reflection->AddString(&message, &field, text);
  } else {
    reflection->SetString(&message, &field, text);
  }
}

void SetEnum(const FieldDescriptor& field, Message& message) {
  if (field.enum_type()->value_count() < 2) return;
  // An association says that it comes, and not that it is asked.
  const bool answers = field.containing_type()->name() == "AnswerInvitationRequest";
  const int first = field.enum_type()->value(answers ? 2 : 1)->number();
  if (!field.is_repeated()) {
    message.GetReflection()->SetEnumValue(&message, &field, first);
  } else if (field.name() == "topics") {
    message.GetReflection()->AddEnumValue(&message, &field, first);
  }
}

// Answers that say something, and a round that may be seen.
void SetNumber(const FieldDescriptor& field, Message& message) {
  const auto* reflection = message.GetReflection();
  if (field.name() == "agreement" || field.name() == "score") {
    reflection->SetInt32(&message, &field, 3);
  } else if (field.name() == "shared" && field.containing_type()->name() == "ResourceCheck") {
    reflection->SetBool(&message, &field, true);
  }
}

// A field that may be changed and that a message beside the mask has.
void SetMask(const FieldDescriptor& field, Message& message) {
  const Descriptor& request = *message.GetDescriptor();
  for (const char* const wanted : {"official_name", "title", "email"}) {
    for (int i = 0; i < request.field_count(); ++i) {
      const Descriptor* const beside = request.field(i)->message_type();
      if (beside == nullptr || beside->FindFieldByName(wanted) == nullptr) continue;
      auto& mask = *message.GetReflection()->MutableMessage(&message, &field);
      return static_cast<google::protobuf::FieldMask&>(mask).add_paths(wanted);
    }
  }
}

// Of what has rules for every field of it no more is filled in than it must have.
bool IsLeftOut(const FieldDescriptor& field) {
  static const std::set<std::string> kOfAssociation = {"id", "official_name", "municipality_code"};
  static const std::set<std::string> kOfConnection = {
      "meetings", "applications", "jail", "calls_per_minute", "default_municipality_code"};
  const std::string& message = field.containing_type()->name();
  // A party is one or the other.
  if (message == "Party" && field.name() == "association_id") return true;
  // What a criterion looks at is one of several, which are all left out.
  if (message == "Pool" && field.name() == "criteria") return true;
  if (message == "Association") return !kOfAssociation.contains(field.name());
  if (message == "Connection") return kOfConnection.contains(field.name());
  return field.name() == "as_of";
}

// Messages that a method may ask for; what is deep within them is left out.
void Fill(const Planted& planted, Message& message, int depth) {
  const auto* reflection = message.GetReflection();
  if (message.GetDescriptor() == registry::v1::LocalizedText::descriptor()) {
    auto& texts = static_cast<registry::v1::LocalizedText&>(message);
    (*texts.mutable_by_language())["da"] = "noget";
    return;
  }
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (field.real_containing_oneof() != nullptr || IsLeftOut(field)) continue;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
        field.type() == FieldDescriptor::TYPE_STRING) {
      SetText(field, TextFor(field, planted), message);
      // A group has at least two.
      const auto second = planted.ids.find("second_department_id");
      const bool group = field.name() == "department_ids" && second != planted.ids.end();
      if (group) SetText(field, second->second, message);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      SetEnum(field, message);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32 ||
               field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
      SetNumber(field, message);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
               field.message_type()->full_name() == "google.protobuf.FieldMask") {
      SetMask(field, message);
    } else if (IsOurs(field) && depth < kDeepest) {
      Fill(planted,
           field.is_repeated() ? *reflection->AddMessage(&message, &field)
                               : *reflection->MutableMessage(&message, &field),
           depth + 1);
    }
  }
}

void AddPlaces(const Descriptor& message, Path& path, std::vector<Path>& places) {
  if (path.size() > 2) return;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    path.push_back(&field);
    if (IsOurs(field)) AddPlaces(*field.message_type(), path, places);
    const bool names = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
                       NameOf(field).ends_with("_id") && NameOf(field) != "request_id" &&
                       NameOf(field) != "external_id" && NameOf(field) != "os2mo_id" &&
                       NameOf(field) != "advice_id";
    if (names) places.push_back(path);
    path.pop_back();
  }
}

bool NamesAssociation(const Path& path) {
  return path.back()->name().ends_with("association_id") || path.back()->name() == "object_id";
}

}  // namespace

std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  std::sort(files.begin(), files.end());
  std::vector<const MethodDescriptor*> methods;
  for (const std::string& name : files) {
    if (!name.starts_with("brobygger/") || name.starts_with("brobygger/plugin/")) continue;
    const auto* file = DescriptorPool::generated_pool()->FindFileByName(name);
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        methods.push_back(file->service(i)->method(j));
      }
    }
  }
  return methods;
}

std::vector<Path> PlacesOfRecords(const MethodDescriptor& method) {
  std::vector<Path> places;
  Path path;
  AddPlaces(*method.input_type(), path, places);
  return places;
}

std::unique_ptr<Message> RequestAbout(const MethodDescriptor& method, const Planted& planted) {
  std::unique_ptr<Message> request(google::protobuf::MessageFactory::generated_factory()
                                       ->GetPrototype(method.input_type())
                                       ->New());
  Fill(planted, *request, 0);
  // What is made anew has a name of its own.
  for (const Path& place : PlacesOfRecords(method)) {
    const bool anew = method.name().starts_with("Create") && place.back()->name() == "id";
    if (anew) PutAt(place, "ny-kilde", *request);
  }
  return request;
}

std::string IdFor(const FieldDescriptor& field, const Planted& planted) {
  if (field.name().ends_with("municipality_code") || field.name().ends_with("municipality_codes")) {
    return planted.municipality_code;
  }
  const auto id = planted.ids.find(NameOf(field));
  return id == planted.ids.end() ? "" : id->second;
}

void SetFlags(bool all, Message& request) {
  const auto* reflection = request.GetReflection();
  for (int i = 0; i < request.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *request.GetDescriptor()->field(i);
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_BOOL) continue;
    // Who follows changes stops where they end, or the test never would.
    if (all || field.name() == "stop_at_end" || field.name() == "include_records") {
      reflection->SetBool(&request, &field, true);
    }
  }
}

void PutAt(const Path& path, const std::string& text, Message& request) {
  Message* message = &request;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const auto* reflection = message->GetReflection();
    const bool none = path[i]->is_repeated() && reflection->FieldSize(*message, path[i]) == 0;
    if (none) reflection->AddMessage(message, path[i]);
    message = path[i]->is_repeated() ? reflection->MutableRepeatedMessage(message, path[i], 0)
                                     : reflection->MutableMessage(message, path[i]);
  }
  message->GetReflection()->ClearField(message, path.back());
  SetText(*path.back(), text, *message);
}

std::vector<std::unique_ptr<Message>> CuriousRequests(const MethodDescriptor& method,
                                                      const Planted& planted) {
  std::vector<std::unique_ptr<Message>> requests;
  const auto add = [&](std::unique_ptr<Message> request) {
    SetFlags(false, *request);
    requests.push_back(std::move(request));
  };
  const auto full = RequestAbout(method, planted);
  const auto copy = [&] {
    std::unique_ptr<Message> same(full->New());
    same->CopyFrom(*full);
    return same;
  };
  const auto empty = [&] { return std::unique_ptr<Message>(full->New()); };
  for (int i = 0; i < method.input_type()->field_count(); ++i) {
    const auto* part = method.input_type()->field(i);
    if (part->message_type() == nullptr) continue;
    auto without = copy();
    without->GetReflection()->ClearField(without.get(), part);
    add(std::move(without));
  }
  add(empty());
  add(copy());
  auto flags = copy();
  SetFlags(true, *flags);
  add(std::move(flags));
  flags = empty();
  SetFlags(true, *flags);
  add(std::move(flags));
  for (const char* other : {"other_association_id", "plain_association_id"}) {
    Planted instead = planted;
    instead.ids["association_id"] = planted.ids.at(other);
    add(RequestAbout(method, instead));
  }
  for (const Path& place : PlacesOfRecords(method)) {
    auto one = empty();
    PutAt(place, IdFor(*place.back(), planted), *one);
    add(std::move(one));
    // All of it but this: of two ways to name something one may be refused beside the other.
    auto without = copy();
    PutAt(place, "", *without);
    add(std::move(without));
    if (!NamesAssociation(place)) continue;
    one = empty();
    PutAt(place, planted.open_association, *one);
    add(std::move(one));
  }
  if (const auto* code = method.input_type()->FindFieldByName("municipality_code")) {
    auto there = empty();
    PutAt({code}, planted.municipality_code, *there);
    add(std::move(there));
  }
  return requests;
}

}  // namespace brobygger::scope
