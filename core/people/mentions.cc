#include "core/people/mentions.h"

#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "brobygger/collab/v1/alignment.pb.h"
#include "brobygger/collab/v1/collaboration.pb.h"
#include "brobygger/collab/v1/course.pb.h"
#include "brobygger/collab/v1/network.pb.h"
#include "brobygger/collab/v1/resource_check.pb.h"
#include "brobygger/contact/v1/touchpoint.pb.h"
#include "brobygger/event/v1/event.pb.h"
#include "brobygger/grant/v1/grant_application.pb.h"
#include "brobygger/grant/v1/pool.pb.h"
#include "brobygger/grant/v1/premises.pb.h"
#include "brobygger/people/v1/person.pb.h"
#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/registry/v1/municipality.pb.h"
#include "brobygger/registry/v1/municipality_work.pb.h"
#include "brobygger/report/v1/programme.pb.h"
#include "brobygger/sync/v1/claim.pb.h"
#include "brobygger/sync/v1/operation.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/status_macros.h"
#include "core/model/names.h"

namespace brobygger::people {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using storage::Kind;

constexpr int kMostMentions = 500;
constexpr int kReadAtOnce = 500;
constexpr std::size_t kFewestDigits = 8;

// A kind of record in which people write.
struct Written {
  Kind kind;
  const char* word;
  const Message& prototype;
};

const std::vector<Written>& AllWritten() {
  static const auto* const kAll = new std::vector<Written>{
      {Kind::kAssociation, "association", registry::v1::Association::default_instance()},
      {Kind::kRelation, "relation", registry::v1::AssociationRelation::default_instance()},
      {Kind::kDepartment, "department", registry::v1::Department::default_instance()},
      {Kind::kGrantApplication, "grant application",
       grant::v1::GrantApplication::default_instance()},
      {Kind::kFollowUp, "follow-up", grant::v1::FollowUp::default_instance()},
      {Kind::kPolicy, "policy", registry::v1::Policy::default_instance()},
      {Kind::kCoordinationGroup, "coordination group",
       registry::v1::CoordinationGroup::default_instance()},
      {Kind::kCollaboration, "collaboration", collab::v1::Collaboration::default_instance()},
      {Kind::kAlignmentRound, "alignment", collab::v1::AlignmentRound::default_instance()},
      {Kind::kResourceCheck, "resource check", collab::v1::ResourceCheck::default_instance()},
      {Kind::kCourse, "course", collab::v1::Course::default_instance()},
      {Kind::kNetwork, "network", collab::v1::Network::default_instance()},
      {Kind::kPool, "pool", grant::v1::Pool::default_instance()},
      {Kind::kPremisesNeed, "premises need", grant::v1::PremisesNeed::default_instance()},
      {Kind::kPremises, "premises", grant::v1::PremisesAllocation::default_instance()},
      {Kind::kProgramme, "programme", report::v1::Programme::default_instance()},
      {Kind::kClaim, "record of a source", sync::v1::Claim::default_instance()},
      {Kind::kPlanPart, "plan", sync::v1::PlanPart::default_instance()},
      {Kind::kRejected, "rejected record", sync::v1::RejectedRecord::default_instance()},
      {Kind::kConflict, "conflict", sync::v1::Conflict::default_instance()},
      {Kind::kOverruled, "value that gave way", sync::v1::OverruledValue::default_instance()},
      {Kind::kRunPart, "run", sync::v1::RunPart::default_instance()},
      {Kind::kTouchpoint, "touchpoint", contact::v1::StoredTouchpoint::default_instance()},
      {Kind::kEvent, "event", event::v1::Event::default_instance()},
      {Kind::kInvitation, "invitation", event::v1::Invitation::default_instance()},
      {Kind::kCorrection, "correction", v1::Correction::default_instance()},
  };
  return *kAll;
}

const Written* WrittenOf(Kind kind) {
  for (const Written& each : AllWritten()) {
    if (each.kind == kind) return &each;
  }
  return nullptr;
}

std::string Spaced(const std::string& folded) { return absl::StrCat(" ", folded, " "); }

// The digits of a text, with a bar wherever another sign than one of those stands that people write
// within a number.
std::string DigitsOf(const std::string& text) {
  constexpr std::string_view kWithin = " -.()/+";
  std::string digits;
  for (const char sign : text) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(sign))) {
      digits += sign;
    } else if (kWithin.find(sign) == std::string_view::npos) {
      digits += '|';
    }
  }
  return digits;
}

// What a person is found by in a text.
class Sought {
 public:
  explicit Sought(const v1::Person& person) : email_(absl::AsciiStrToLower(person.email())) {
    const std::string folded = model::FoldName(person.display_name());
    std::vector<std::string> words = absl::StrSplit(folded, ' ', absl::SkipEmpty());
    if (words.size() > 1) {
      names_.push_back(Spaced(absl::StrJoin(words, " ")));
      words.insert(words.begin(), words.back());
      words.pop_back();
      names_.push_back(Spaced(absl::StrJoin(words, " ")));
    }
    const std::string digits = DigitsOf(person.phone());
    // However the country is written.
    if (digits.size() >= kFewestDigits) phone_ = digits.substr(digits.size() - kFewestDigits);
  }

  bool nothing() const { return names_.empty() && email_.empty() && phone_.empty(); }

  std::set<std::string> In(const std::string& text) const {
    std::set<std::string> found;
    if (!names_.empty()) {
      const std::string folded = Spaced(model::FoldName(text));
      for (const std::string& name : names_) {
        if (folded.find(name) != std::string::npos) found.insert("display_name");
      }
    }
    if (!email_.empty() && absl::AsciiStrToLower(text).find(email_) != std::string::npos) {
      found.insert("email");
    }
    if (!phone_.empty() && DigitsOf(text).find(phone_) != std::string::npos) found.insert("phone");
    return found;
  }

 private:
  const std::string email_;
  std::vector<std::string> names_;
  std::string phone_;
};

// What was found, by the path of the field in which it stands.
using FoundAt = std::map<std::string, std::set<std::string>>;

void LookIn(const Message& message, const Sought& sought, const std::string& path, FoundAt& found);

void LookInField(const Message& message,
                 const FieldDescriptor* field,
                 const Sought& sought,
                 const std::string& path,
                 FoundAt& found) {
  const auto& reflection = *message.GetReflection();
  const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
  for (int i = 0; i < count; ++i) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const Message& part = field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                                 : reflection.GetMessage(message, field);
      LookIn(part, sought, path, found);
      continue;
    }
    const std::string text = field->is_repeated() ? reflection.GetRepeatedString(message, field, i)
                                                  : reflection.GetString(message, field);
    if (const auto here = sought.In(text); !here.empty()) {
      found[path].insert(here.begin(), here.end());
    }
  }
}

void LookIn(const Message& message, const Sought& sought, const std::string& path, FoundAt& found) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* const field : fields) {
    const bool text = field->type() == FieldDescriptor::TYPE_STRING;
    if (!text && field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    // A map's entries are messages of their own, of which the names say nothing.
    const bool entry = field->containing_type()->options().map_entry();
    LookInField(message, field, sought,
                entry ? path : absl::StrCat(path, path.empty() ? "" : ".", field->name()), found);
  }
}

// The association that a record is about, as it says so itself or in its first part.
std::string AssociationOf(const Message& record) {
  std::vector<const FieldDescriptor*> fields;
  record.GetReflection()->ListFields(record, &fields);
  for (const FieldDescriptor* const field : fields) {
    if (field->is_repeated()) continue;
    if (field->name() == "association_id") return record.GetReflection()->GetString(record, field);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const Message& part = record.GetReflection()->GetMessage(record, field);
    const auto* const id = part.GetDescriptor()->FindFieldByName("association_id");
    if (id != nullptr && !id->is_repeated()) return part.GetReflection()->GetString(part, id);
  }
  return "";
}

// Gathers places, first of all that is kept in versions, then of what is kept only as it is.
class MentionSearch {
 public:
  MentionSearch(const storage::Store& store, const Sought& sought)
      : store_(store), sought_(sought) {}

  absl::Status ReadChanges() {
    storage::Revision after = 0;
    while (true) {
      BB_ASSIGN_OR_RETURN(const auto changes, store_.ChangesAfter(after, kReadAtOnce));
      if (changes.empty()) return absl::OkStatus();
      for (const storage::Change& change : changes) {
        const Written* const written = WrittenOf(change.kind);
        if (written != nullptr) Take(*written, change.key, change.bytes);
      }
      after = changes.back().revision;
    }
  }

  absl::Status ReadWorkingState() {
    BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
    for (const Written& written : AllWritten()) {
      if (storage::IsVersioned(written.kind)) continue;
      storage::KeyRange range{.prefix = "", .after = "", .limit = kReadAtOnce};
      while (true) {
        BB_ASSIGN_OR_RETURN(const auto entries, latest->Scan(written.kind, range));
        if (entries.empty()) break;
        for (const storage::Entry& entry : entries) Take(written, entry.key, entry.bytes);
        range.after = entries.back().key;
      }
    }
    return absl::OkStatus();
  }

  void Tell(v1::ErasePersonResponse& response) const {
    for (const auto& [place, mention] : mentions_) {
      if (response.mentions_size() == kMostMentions) return response.set_more_mentions(true);
      *response.add_mentions() = mention;
    }
  }

 private:
  // One version of a record, the oldest first.
  void Take(const Written& written, const std::string& key, const storage::Bytes& bytes) {
    FoundAt found;
    const std::unique_ptr<Message> record(written.prototype.New());
    // One that cannot be read is for others to complain about.
    if (bytes != nullptr && record->ParseFromString(*bytes)) LookIn(*record, sought_, "", found);
    const Place first{written.kind, key, ""};
    for (auto at = mentions_.lower_bound(first); at != mentions_.end(); ++at) {
      if (std::get<0>(at->first) != written.kind || std::get<1>(at->first) != key) break;
      // What stood there stands in a version now.
      at->second.set_in_history(at->second.in_history() || at->second.current());
      at->second.set_current(false);
    }
    for (const auto& [path, what] : found) {
      v1::PersonMention& mention = mentions_[{written.kind, key, path}];
      mention.set_record_kind(written.word);
      mention.set_record_id(key);
      mention.set_field_path(path);
      mention.set_current(true);
      mention.set_association_id(written.kind == Kind::kAssociation ? key : AssociationOf(*record));
      std::set<std::string> all(mention.found().begin(), mention.found().end());
      all.insert(what.begin(), what.end());
      mention.mutable_found()->Assign(all.begin(), all.end());
    }
  }

  using Place = std::tuple<Kind, std::string, std::string>;

  const storage::Store& store_;
  const Sought& sought_;
  std::map<Place, v1::PersonMention> mentions_;
};

}  // namespace

absl::Status FindMentions(const storage::Store& store,
                          const v1::Person& person,
                          v1::ErasePersonResponse& response) {
  const Sought sought(person);
  if (sought.nothing()) return absl::OkStatus();
  MentionSearch search(store, sought);
  BB_RETURN_IF_ERROR(search.ReadChanges());
  BB_RETURN_IF_ERROR(search.ReadWorkingState());
  search.Tell(response);
  return absl::OkStatus();
}

}  // namespace brobygger::people
