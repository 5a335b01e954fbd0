#include "core/sync/connections.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/model/places.h"
#include "core/registry/ingest.h"
#include "core/sync/claims.h"
#include "core/sync/intake.h"

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
    to->set_default_municipality_code(from->default_municipality_code());
    to->set_stream(from->stream());
  }
  return left.SerializeAsString() == right.SerializeAsString();
}

absl::Status LookAgainAtAll(storage::Store& store,
                            const StreamKey& stream,
                            const std::string& actor) {
  BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
  storage::KeyRange range{.prefix = stream.prefix(), .after = "", .limit = 1000};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto claims, latest->Scan(Kind::kClaim, range));
    if (claims.empty()) return absl::OkStatus();
    const auto written = store.Write(actor, [&](storage::Transaction& transaction) -> absl::Status {
      for (const auto& claim : claims) {
        BB_RETURN_IF_ERROR(transaction.Put(Kind::kPending, claim.key, kPendingTold));
      }
      return absl::OkStatus();
    });
    BB_RETURN_IF_ERROR(written.status());
    range.after = claims.back().key;
  }
}

}  // namespace

absl::Status CheckConnectionFields(const Connection& connection) {
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
  const auto config = nlohmann::json::parse(connection.config_json(), nullptr, false);
  if (!config.is_object()) return Invalid("config_json", "must be a JSON object");
  if (connection.has_every() && connection.every().seconds() < kShortestIntervalSeconds) {
    return Invalid("every", "must be at least 10 seconds");
  }
  if (!connection.default_municipality_code().empty() &&
      !model::IsMunicipalityCode(connection.default_municipality_code())) {
    return Invalid("default_municipality_code", "is no municipality's code");
  }
  BB_RETURN_IF_ERROR(CheckJail(connection));
  BB_RETURN_IF_ERROR(CheckReferences(connection));
  return Mapping::Make(connection).status();
}

absl::StatusOr<Connection> StoreNewConnection(storage::Store& store,
                                              Connection wanted,
                                              const std::string& actor) {
  BB_RETURN_IF_ERROR(CheckConnectionFields(wanted));
  const auto written = store.Write(actor, [&](storage::Transaction& transaction) -> absl::Status {
    BB_ASSIGN_OR_RETURN(const storage::Bytes there,
                        transaction.Find(Kind::kConnection, wanted.id()));
    if (there != nullptr) {
      return base::MakeError(
          errors::v1::ERROR_REASON_ALREADY_EXISTS,
          "there is a connection '" + wanted.id() + "' already; update it, or choose another id",
          {{"connection_id", wanted.id()}});
    }
    *wanted.mutable_create_time() = base::ToTimestamp(transaction.now());
    wanted.set_etag(RevisionEtag(transaction.revision()));
    return transaction.Put(Kind::kConnection, wanted.id(), wanted.SerializeAsString());
  });
  BB_RETURN_IF_ERROR(written.status());
  return wanted;
}

absl::StatusOr<Connection> StoreChangedConnection(storage::Store& store,
                                                  Connection wanted,
                                                  const std::string& actor) {
  BB_RETURN_IF_ERROR(CheckConnectionFields(wanted));
  bool means_the_same = true;
  const auto written = store.Write(actor, [&](storage::Transaction& transaction) -> absl::Status {
    BB_ASSIGN_OR_RETURN(const Connection before, FindConnection(transaction, wanted.id()));
    if (!wanted.etag().empty() && wanted.etag() != before.etag()) {
      return base::MakeError(errors::v1::ERROR_REASON_ETAG_MISMATCH,
                             "the connection was changed since it was read; read it again",
                             {{"connection_id", wanted.id()}, {"current_etag", before.etag()}});
    }
    means_the_same = MeansTheSame(before, wanted);
    *wanted.mutable_create_time() = before.create_time();
    wanted.set_etag(RevisionEtag(transaction.revision()));
    return transaction.Put(Kind::kConnection, wanted.id(), wanted.SerializeAsString());
  });
  BB_RETURN_IF_ERROR(written.status());
  if (!means_the_same) BB_RETURN_IF_ERROR(LookAgainAtAll(store, StreamOf(wanted), actor));
  return wanted;
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
    if (other.id() != connection.id())
      owned.insert(other.owned_paths().begin(), other.owned_paths().end());
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
  for (const auto& [name, reference] : connection.secret_references()) {
    BB_ASSIGN_OR_RETURN(spec.secrets[name], secrets(reference));
  }
  plugin::v1::StreamSelection selection;
  selection.set_stream(StreamOf(connection).stream);
  for (const std::string& field : mapping.SourceFields()) selection.add_fields(field);
  spec.streams.push_back(std::move(selection));
  const auto& jail = connection.jail();
  spec.jail.read_paths.assign(jail.read_paths().begin(), jail.read_paths().end());
  spec.jail.write_paths.assign(jail.write_paths().begin(), jail.write_paths().end());
  for (const auto port : jail.tcp_ports())
    spec.jail.tcp_ports.push_back(static_cast<std::uint16_t>(port));
  spec.jail.resolve_names = jail.resolve_names();
  return spec;
}

}  // namespace brobygger::sync
