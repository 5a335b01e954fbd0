#include "core/sync/connections.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/contact.h"
#include "core/model/fields.h"
#include "core/model/places.h"
#include "core/registry/ingest.h"
#include "core/sync/application_mapping.h"
#include "core/sync/claims.h"
#include "core/sync/intake.h"
#include "core/sync/meetings.h"

namespace brobygger::sync {
namespace {

using storage::Kind;
using v1::Connection;

constexpr std::int64_t kShortestIntervalSeconds = 10;

absl::Status Invalid(const std::string& field, const std::string& why) {
  return base::MakeError(errors::v1::ERROR_REASON_CONNECTION_INVALID,
                         "the connection's " + field + " " + why, {{"field", field}});
}

bool IsPlainName(const std::string& text, std::size_t longest) {
  return !text.empty() && text.size() <= longest &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

absl::Status CheckJail(const Connection& connection) {
  for (const auto& path : connection.jail().read_paths()) {
    if (path.empty() || path.front() != '/')
      return Invalid("jail.read_paths", "must be absolute paths");
  }
  for (const auto& path : connection.jail().write_paths()) {
    if (path.empty() || path.front() != '/')
      return Invalid("jail.write_paths", "must be absolute paths");
  }
  for (const auto port : connection.jail().tcp_ports()) {
    if (port == 0 || port > 65535) return Invalid("jail.tcp_ports", "must be between 1 and 65535");
  }
  return absl::OkStatus();
}

absl::Status CheckReferences(const Connection& connection) {
  for (const auto& [name, reference] : connection.secret_references()) {
    if (!reference.starts_with("file:/") && !reference.starts_with("credential:")) {
      // The reference itself is not repeated: it may be the secret.
      return Invalid(
          "secret_references." + name,
          "must say where the secret is (file:/path or credential:name), never the secret");
    }
  }
  for (const auto& path : connection.owned_paths()) {
    if (!model::IsFieldPath(path))
      return Invalid("owned_paths", "has the unknown field '" + path + "'");
  }
  return absl::OkStatus();
}

std::string RevisionEtag(storage::Revision revision) { return "r" + std::to_string(revision); }

// Settings that change what a record means to the registry.
bool MeansTheSame(const Connection& before, const Connection& after) {
  Connection left;
  Connection right;
  for (auto [from, to] : {std::pair(&before, &left), std::pair(&after, &right)}) {
    *to->mutable_mappings() = from->mappings();
    *to->mutable_owned_paths() = from->owned_paths();
    to->set_creates(from->creates());
    to->set_default_municipality_code(from->default_municipality_code());
    to->set_stream(from->stream());
    *to->mutable_applications() = from->applications();
    to->set_department_id(from->department_id());
  }
  return left.SerializeAsString() == right.SerializeAsString();
}

// There while the records that the connection has told are to be looked at again.
std::string LookAgainKey(const std::string& connection_id) {
  return connection_id + "//look-again";
}

// A record that waits already, perhaps to be deleted, waits on as it does; one that the
// source no longer has is not told again by a change of settings.
absl::Status LetWait(storage::Transaction& transaction, const std::vector<storage::Entry>& claims) {
  for (const storage::Entry& claim : claims) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes waits, transaction.Find(Kind::kPending, claim.key));
    BB_ASSIGN_OR_RETURN(const auto link, Load<v1::Link>(transaction, Kind::kLink, claim.key));
    const bool gone = link && link->state() != v1::Link::STATE_LIVE;
    if (waits != nullptr || gone) continue;
    BB_RETURN_IF_ERROR(transaction.Put(Kind::kPending, claim.key, kPendingTold));
  }
  return absl::OkStatus();
}

absl::Status LetApplicationsWait(storage::Store& store, const Connection& connection) {
  storage::KeyRange range{
      .prefix = ApplicationStreamOf(connection).prefix(), .after = "", .limit = 1000};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
    BB_ASSIGN_OR_RETURN(const auto claims, latest->Scan(Kind::kClaim, range));
    if (claims.empty()) return absl::OkStatus();
    range.after = claims.back().key;
    const auto wait = [&](storage::Transaction& transaction) {
      return LetWait(transaction, claims);
    };
    BB_RETURN_IF_ERROR(store.Write("sync", wait).status());
  }
}

// What is written to the source may differ for every association.
absl::Status FollowFromStart(storage::Transaction& transaction, const StreamKey& stream) {
  BB_ASSIGN_OR_RETURN(auto state,
                      Load<v1::StreamState>(transaction, Kind::kStreamState, stream.prefix()));
  if (!state) return absl::OkStatus();
  state->set_followed_revision(0);
  return transaction.Put(Kind::kStreamState, stream.prefix(), state->SerializeAsString());
}

// The streams of calendars: meetings in, events out, and when they are taken.
std::vector<plugin::v1::StreamSelection> CalendarStreams(const Connection& connection) {
  plugin::v1::StreamSelection meetings;
  meetings.set_stream(MeetingStreamOf(connection).stream);
  for (const char* const field : {"calendar", "opted_out", "parts", "remarks"}) {
    meetings.add_fields(field);
  }
  plugin::v1::StreamSelection events;
  events.set_stream(kEventStream);
  for (const char* const field : {"calendar", "title", "description", "place", "url", "start",
                                  "end", "sequence", "cancelled"}) {
    events.add_fields(field);
  }
  events.set_write(true);
  plugin::v1::StreamSelection busy;
  busy.set_stream("busy");
  for (const char* const field : {"calendar", "date", "minutes"}) busy.add_fields(field);
  return {std::move(meetings), std::move(events), std::move(busy)};
}

// What it is called and where it comes from.
absl::Status CheckNames(const Connection& connection) {
  if (!IsPlainName(connection.id(), 40) || connection.id().find('_') != std::string::npos) {
    return Invalid("id", "must be 1-40 of a-z, 0-9 and '-'");
  }
  if (connection.title().empty() || connection.title().size() > 200) {
    return Invalid("title", "must have 1-200 characters");
  }
  if (connection.plugin().empty())
    return Invalid("plugin", "is missing; see brobygger plugin list");
  if (connection.family() == Connection::FAMILY_UNSPECIFIED) {
    return Invalid("family", "is missing: grants, centres, calendars, files or registers");
  }
  if (!connection.stream().empty() && !IsPlainName(connection.stream(), 40)) {
    return Invalid("stream", "must be 1-40 of a-z, 0-9, '-' and '_'");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckConnectionFields(const Connection& connection) {
  BB_RETURN_IF_ERROR(CheckNames(connection));
  const auto config = nlohmann::json::parse(connection.config_json(), nullptr, false);
  if (!config.is_object()) return Invalid("config_json", "must be a JSON object");
  if (connection.has_every() && connection.every().seconds() < kShortestIntervalSeconds) {
    return Invalid("every", "must be at least 10 seconds");
  }
  if (!connection.default_municipality_code().empty() &&
      !model::IsMunicipalityCode(connection.default_municipality_code())) {
    return Invalid("default_municipality_code", "is no municipality's code");
  }
  if (!connection.responsible_email().empty() &&
      !model::IsMailbox(connection.responsible_email())) {
    return Invalid("responsible_email",
                   "must be one plain e-mail address: it@municipality.example");
  }
  BB_RETURN_IF_ERROR(CheckJail(connection));
  BB_RETURN_IF_ERROR(CheckReferences(connection));
  BB_RETURN_IF_ERROR(Mapping::Make(connection).status());
  return connection.has_applications() ? ApplicationMapping::Make(connection).status()
                                       : absl::OkStatus();
}

absl::StatusOr<Connection> CreateConnection(storage::Transaction& transaction, Connection wanted) {
  BB_RETURN_IF_ERROR(CheckConnectionFields(wanted));
  if (wanted.has_meetings()) BB_RETURN_IF_ERROR(CheckMeetings(transaction, wanted));
  BB_ASSIGN_OR_RETURN(const storage::Bytes there, transaction.Find(Kind::kConnection, wanted.id()));
  if (there != nullptr) {
    return base::MakeError(
        errors::v1::ERROR_REASON_ALREADY_EXISTS,
        "there is a connection '" + wanted.id() + "' already; update it, or choose another id",
        {{"connection_id", wanted.id()}});
  }
  *wanted.mutable_create_time() = base::ToTimestamp(transaction.now());
  wanted.set_etag(RevisionEtag(transaction.revision()));
  BB_RETURN_IF_ERROR(transaction.Put(Kind::kConnection, wanted.id(), wanted.SerializeAsString()));
  return wanted;
}

absl::StatusOr<Connection> UpdateConnection(storage::Transaction& transaction, Connection wanted) {
  BB_RETURN_IF_ERROR(CheckConnectionFields(wanted));
  if (wanted.has_meetings()) BB_RETURN_IF_ERROR(CheckMeetings(transaction, wanted));
  BB_ASSIGN_OR_RETURN(const Connection before, FindConnection(transaction, wanted.id()));
  if (!wanted.etag().empty() && wanted.etag() != before.etag()) {
    return base::MakeError(errors::v1::ERROR_REASON_ETAG_MISMATCH,
                           "the connection was changed since it was read; read it again",
                           {{"connection_id", wanted.id()}, {"current_etag", before.etag()}});
  }
  *wanted.mutable_create_time() = before.create_time();
  wanted.set_etag(RevisionEtag(transaction.revision()));
  BB_RETURN_IF_ERROR(transaction.Put(Kind::kConnection, wanted.id(), wanted.SerializeAsString()));
  if (!MeansTheSame(before, wanted)) {
    BB_RETURN_IF_ERROR(transaction.Put(Kind::kStreamState, LookAgainKey(wanted.id()),
                                       v1::StreamState().SerializeAsString()));
  }
  return wanted;
}

absl::Status LookAgainIfChanged(storage::Store& store, const Connection& connection) {
  const std::string asked = LookAgainKey(connection.id());
  BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
  BB_ASSIGN_OR_RETURN(const storage::Bytes wanted, latest->Find(Kind::kStreamState, asked));
  if (wanted == nullptr) return absl::OkStatus();
  BB_RETURN_IF_ERROR(LetApplicationsWait(store, connection));
  storage::KeyRange range{.prefix = StreamOf(connection).prefix(), .after = "", .limit = 1000};
  bool more = true;
  while (more) {
    BB_ASSIGN_OR_RETURN(const auto claims, latest->Scan(Kind::kClaim, range));
    more = !claims.empty();
    if (more) range.after = claims.back().key;
    const auto written =
        store.Write("sync", [&](storage::Transaction& transaction) -> absl::Status {
          BB_RETURN_IF_ERROR(LetWait(transaction, claims));
          BB_ASSIGN_OR_RETURN(const Connection now, FindConnection(transaction, connection.id()));
          // Changed again meanwhile: the next plan, which knows how, looks once more.
          if (more || now.etag() != connection.etag()) return absl::OkStatus();
          BB_RETURN_IF_ERROR(FollowFromStart(transaction, StreamOf(connection)));
          return transaction.Remove(Kind::kStreamState, asked);
        });
    BB_RETURN_IF_ERROR(written.status());
  }
  return absl::OkStatus();
}

absl::StatusOr<Connection> FindConnection(const storage::Snapshot& snapshot,
                                          const std::string& id) {
  BB_ASSIGN_OR_RETURN(auto connection, Load<Connection>(snapshot, Kind::kConnection, id));
  if (connection) return *std::move(connection);
  return base::MakeError(errors::v1::ERROR_REASON_CONNECTION_NOT_FOUND,
                         "there is no connection '" + id + "'; see brobygger connection list",
                         {{"connection_id", id}});
}

absl::StatusOr<std::vector<Connection>> AllConnections(const storage::Snapshot& snapshot) {
  std::vector<Connection> connections;
  BB_RETURN_IF_ERROR(ForEach(snapshot, Kind::kConnection, "",
                             [&](const std::string& /*key*/, const std::string& bytes) {
                               connections.emplace_back().ParseFromString(bytes);
                               return absl::OkStatus();
                             }));
  return connections;
}

StreamKey StreamOf(const Connection& connection) {
  return {.connection_id = connection.id(),
          .stream = connection.stream().empty() ? "associations" : connection.stream()};
}

absl::StatusOr<std::set<std::string>> OwnedElsewhere(const storage::Snapshot& snapshot,
                                                     const Connection& connection) {
  BB_ASSIGN_OR_RETURN(const auto all, AllConnections(snapshot));
  std::set<std::string> owned;
  for (const Connection& other : all) {
    if (other.id() != connection.id()) owned.merge(OwnedPaths(other));
  }
  return owned;
}

std::set<std::string> OwnedPaths(const Connection& connection) {
  std::set<std::string> owned(connection.owned_paths().begin(), connection.owned_paths().end());
  for (const auto& mapping : connection.mappings()) {
    if (mapping.policy() == v1::FieldMapping::POLICY_SOURCE) {
      owned.insert(Mapping::PathOf(mapping.target()));
    }
  }
  return owned;
}

absl::StatusOr<supervisor::ProcessSpec> ProcessSpecOf(const Connection& connection,
                                                      const Mapping& mapping,
                                                      const SecretResolver& secrets) {
  supervisor::ProcessSpec spec;
  spec.connection = base::ConnectionId(connection.id());
  spec.plugin = connection.plugin();
  spec.config_json = connection.config_json();
  spec.calls_per_minute = connection.calls_per_minute();
  for (const auto& [name, reference] : connection.secret_references()) {
    BB_ASSIGN_OR_RETURN(spec.secrets[name], secrets(reference));
  }
  if (connection.has_meetings()) {
    BB_ASSIGN_OR_RETURN(spec.secrets["pseudonym_key"], secrets(kPseudonymKeyReference));
    spec.streams = CalendarStreams(connection);
  } else {
    plugin::v1::StreamSelection selection;
    selection.set_stream(StreamOf(connection).stream);
    for (const std::string& field : mapping.SourceFields()) selection.add_fields(field);
    selection.set_write(mapping.writes());
    spec.streams.push_back(std::move(selection));
  }
  if (connection.has_applications()) {
    BB_ASSIGN_OR_RETURN(const auto applications, ApplicationMapping::Make(connection));
    plugin::v1::StreamSelection& second = spec.streams.emplace_back();
    second.set_stream(ApplicationStreamOf(connection).stream);
    for (const std::string& field : applications.SourceFields()) second.add_fields(field);
  }
  const auto& jail = connection.jail();
  spec.jail.read_paths.assign(jail.read_paths().begin(), jail.read_paths().end());
  spec.jail.write_paths.assign(jail.write_paths().begin(), jail.write_paths().end());
  for (const auto port : jail.tcp_ports())
    spec.jail.tcp_ports.push_back(static_cast<std::uint16_t>(port));
  spec.jail.resolve_names = jail.resolve_names();
  return spec;
}

}  // namespace brobygger::sync
