// What stands when all is done, in words that do not depend on ids, times and counts.
#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/model/fields.h"
#include "core/sync/connections.h"
#include "core/sync/lists.h"
#include "core/sync/runs.h"
#include "tests/histories/cast.h"
#include "tests/histories/golden.h"

namespace brobygger::histories {
namespace {

using registry::v1::Association;
using storage::Kind;

using Lines = std::vector<std::string>;

// Who says what of an association, whatever the run and the hour.
Lines Statements(const Association& association) {
  std::map<std::string, std::set<std::string>> said;
  for (const auto& statement : association.provenance()) {
    const std::string& source = statement.connection_id();
    auto& one = said[source.empty() ? statement.actor() : source + " by " + statement.actor()];
    one.insert(statement.paths().begin(), statement.paths().end());
    for (const auto& [path, text] : statement.other_values()) {
      one.insert(fmt::format("({} is '{}')", path, text));
    }
  }
  Lines lines;
  for (const auto& [who, what] : said) {
    lines.push_back(
        fmt::format("{}: {} says {}", association.official_name(), who, fmt::join(what, ", ")));
  }
  return lines;
}

}  // namespace

std::string Golden::NameOfId(const std::string& id) const {
  for (const Association& association : All()) {
    if (association.id() == id) return association.official_name();
  }
  return id.empty() ? "nobody" : "unknown";
}

void Golden::TellRegistry(Lines& end) const {
  for (const Association& association : All()) {
    std::string line = association.official_name() + " here:";
    if (association.has_delete_time()) line += " deleted,";
    for (const std::string& path : model::FilledPaths(association)) {
      line += fmt::format(" {}={}", path, Held(association, path));
    }
    end.push_back(line);
    const Lines statements = Statements(association);
    end.insert(end.end(), statements.begin(), statements.end());
  }
}

void Golden::TellSource(Lines& end) const {
  for (const auto& [key, record] : source_.records) {
    std::map<std::string, std::string> fields;
    for (const auto& [field, value] : record.fields()) fields[field] = TextOf(record, field);
    fields["brobygger_id"] = NameOfId(record.foreign_id());
    std::string line = fields["navn"] + " there:";
    for (const auto& [field, text] : fields) line += fmt::format(" {}={}", field, text);
    end.push_back(line);
  }
}

void Golden::TellQueues(Lines& end) const {
  const auto latest = *store_->Latest();
  const auto conflicts = sync::ListConflicts(*latest, {});
  for (const auto& conflict : conflicts->conflicts()) {
    end.push_back(fmt::format("conflict {} about {} of {}: '{}' or '{}'",
                              static_cast<int>(conflict.kind()), conflict.path(),
                              NameOfId(conflict.association_id()), conflict.registry_value(),
                              conflict.source_value()));
  }
  const auto letters = sync::ListDeadLetters(*latest, {});
  for (const auto& letter : letters->dead_letters()) {
    end.push_back(
        fmt::format("dead letter {} of {}", letter.code(), NameOfId(letter.association_id())));
  }
  // Before a write that was cut off is made again, what gives way is logged again.
  std::set<std::string> overruled;
  const auto logged = sync::ListOverruledValues(*latest, {});
  for (const auto& value : logged->values()) {
    overruled.insert(fmt::format("overruled {} of {}: '{}' by '{}'{}", value.path(),
                                 NameOfId(value.association_id()), value.value(),
                                 value.replaced_by(), value.at_source() ? " there" : ""));
  }
  end.insert(end.end(), overruled.begin(), overruled.end());
}

void Golden::TellLinks(Lines& end) const {
  const auto latest = *store_->Latest();
  const auto connection = sync::FindConnection(*latest, "tilskud");
  const sync::StreamKey stream = sync::StreamOf(*connection);
  const auto links =
      latest->Scan(Kind::kLink, {.prefix = stream.prefix(), .after = "", .limit = 1000});
  int live = 0;
  for (const auto& entry : *links) {
    sync::v1::Link link;
    link.ParseFromString(*entry.bytes);
    live += link.state() == sync::v1::Link::STATE_LIVE ? 1 : 0;
    end.push_back(fmt::format("link of {} is {}", NameOfId(link.association_id()),
                              static_cast<int>(link.state())));
  }
  sync::v1::StreamState state;
  state.ParseFromString(**latest->Find(Kind::kStreamState, stream.prefix()));
  end.push_back(fmt::format("{} live links, counted as {}", live, state.live_records()));
  for (const Kind kind : {Kind::kPending, Kind::kDirty, Kind::kOperation, Kind::kRejected}) {
    const auto waiting = sync::Count(*latest, kind, stream.prefix());
    end.push_back(fmt::format("{} of kind {} wait", *waiting, static_cast<int>(kind)));
  }
  const auto vanished =
      sync::VanishedSince(*latest, "tilskud", clock_.Now() - std::chrono::hours(24 * 7));
  end.push_back(fmt::format("{} records have vanished in a week", *vanished));
}

Lines Golden::End() const {
  Lines end;
  TellRegistry(end);
  TellSource(end);
  TellQueues(end);
  TellLinks(end);
  std::sort(end.begin(), end.end());
  return end;
}

void Golden::CheckNothingTypedIsLost(const Lines& end) {
  std::set<std::string> kept = given_up_;
  for (const std::string& line : end) kept.merge(Tokens(line));
  for (const std::string& value : typed_) {
    if (kept.count(value) == 0) wrong_.push_back("'" + value + "' was typed and is lost");
  }
}

}  // namespace brobygger::histories
