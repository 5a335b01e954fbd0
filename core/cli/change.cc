#include <algorithm>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "brobygger/feed/v1/feed_service.pb.h"

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/errors.h"
#include "core/cli/output.h"
#include "core/cli/text_width.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using feed::v1::Change;
using feed::v1::FollowChangesResponse;

struct FollowOptions {
  std::uint64_t after = 0;
  bool stop_at_end = false;
};

// What a change is about, by the field that names it: {"collaboration", its id}.
std::pair<std::string, std::string> SubjectOf(const Change& change) {
  const auto* reflection = Change::GetReflection();
  const auto* field =
      reflection->GetOneofFieldDescriptor(change, Change::descriptor()->FindOneofByName("subject"));
  // From a hub that is newer than this.
  if (field == nullptr) return {"other", ""};
  static const std::map<std::string, std::string> kWords = {
      {"grant_application_id", "application"},
      {"follow_up_application_id", "follow-up"},
      {"alignment_collaboration_id", "alignment"},
      {"resource_check_subject_id", "resource check"},
      {"pool_id", "fund"}};
  const auto known = kWords.find(field->name());
  std::string word = known != kWords.end() ? known->second : field->name();
  constexpr std::string_view kSuffix = "_id";
  if (known == kWords.end()) word.resize(word.size() - kSuffix.size());
  std::replace(word.begin(), word.end(), '_', ' ');
  return {word, reflection->GetString(change, field)};
}

std::vector<std::string> Fields(const Change& change, const std::string& language) {
  const auto [what, id] = SubjectOf(change);
  const std::string title = change.has_department() ? change.department().official_name()
                                                    : change.association().official_name();
  return {std::to_string(change.revision()),
          ShowTime(change.registered_time(), language),
          ShowEnum(Change::Kind_Name(change.kind()), "KIND_"),
          what,
          id,
          title};
}

// A stream is written line by line, as each change comes: JSON one object a line.
std::string Line(Session& session, const Change& change) {
  if (session.format() == Format::kJson) return ToJsonLine(change) + "\n";
  if (session.format() == Format::kYaml) return "---\n" + JsonToYaml(ToJson(change));
  const auto fields = Fields(change, session.language());
  if (session.format() == Format::kTable) {
    return fmt::format("{:>8}  {}  {:8} {:14} {}  {}\n", fields[0], fields[1], fields[2], fields[3],
                       fields[4], OneCleanLine(fields[5]));
  }
  std::string line;
  for (const auto& field : fields) {
    line += (line.empty() ? "" : ",") + CsvField(field, session.options().excel_safe);
  }
  return line + "\r\n";
}

Outcome Follow(Session& session, const FollowOptions& options) {
  feed::v1::FollowChangesRequest request;
  request.set_after_revision(options.after);
  request.set_stop_at_end(options.stop_at_end);
  request.set_include_records(true);
  if (session.format() == Format::kCsv) {
    session.Write("revision,registered_time,kind,record,id,official_name\r\n");
  }
  std::uint64_t through = options.after;
  const auto status = session.hub().Stream<FollowChangesResponse>(
      request, session.patience(Patience::zero()), [&](const FollowChangesResponse& response) {
        for (const auto& change : response.changes()) session.Write(Line(session, change));
        session.Flush();
        through = std::max(through, response.through_revision());
        return true;
      });
  session.Say(fmt::format("Seen through revision {}; go on with --after {}.", through, through));
  if (!status.ok()) return status;
  return kExitDone;
}

}  // namespace

void AddChange(const Command& root) {
  Command change = root.Add("change", "What has changed in the registry");
  const auto options = std::make_shared<FollowOptions>();
  change.Add("follow", "Show every change, oldest first, and go on with new ones")
      .Number("--after", options->after, "Only changes after this revision")
      .Flag("--stop-at-end", options->stop_at_end, "End at the newest change")
      .Does([options](Session& session) { return Follow(session, *options); });
}

}  // namespace brobygger::cli
