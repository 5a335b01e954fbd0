#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/record.pb.h"
#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/sync/v1/claim.pb.h"
#include "brobygger/sync/v1/connection.pb.h"

namespace brobygger::sync {

// What a record tells, in the registry's own words: field path to text form
// (core/model/fields.h). "" is told to be empty; a path that is missing was not
// told. Values are in normal form, so they compare with the registry's.
using ToldFields = std::map<std::string, std::string>;

// What the registry says of an association beside its fields, for sources that keep
// it on their records. Never taken over from a source.
inline constexpr char kHubAssociationId[] = "hub.association_id";
inline constexpr char kHubStatus[] = "hub.status";
inline constexpr char kHubRevision[] = "hub.revision";
inline constexpr char kHubSuccessor[] = "hub.successor_association_id";

// Whether `path` is one of these.
inline bool IsHubPath(const std::string& path) { return path.starts_with("hub."); }

// The same as a record of the registry: an association that holds what was told,
// in normal form and checked, and the paths that were told (an empty one too).
struct ToldAssociation {
  registry::v1::Association association;
  std::set<std::string> paths;
  ToldFields hub_fields;  // the source's copies of what the registry says of itself

  // The told paths that hold something, sorted.
  std::vector<std::string> FilledPaths() const;
  absl::StatusOr<ToldFields> Fields() const;
};

// Of lists, by path: how many entries the source has fields for. What is not here it can hold
// whole.
using Slots = std::map<std::string, std::size_t>;

// Turns a source's records into the registry's words, as the connection's
// mappings say. Pure; safe to share across threads.
//
// A target is a field path, or one of the short forms that a flat source needs:
// "cvr" (identifiers.DK-CVR); "phone", "email", "website", "language_code",
// "other_name" (each one more entry of its list); "address.street",
// "address.house_number", "address.floor_and_door", "address.postal_code",
// "address.postal_district" (parts of the one address); or one of the hub's own
// paths above.
class Mapping {
 public:
  // CONNECTION_INVALID if a target is unknown or used twice where it cannot be.
  static absl::StatusOr<Mapping> Make(const v1::Connection& connection);

  // FIELD_INVALID, CPR_REFUSED or IDENTIFIER_INVALID if a value breaks a rule of
  // the registry: the record is then kept aside.
  absl::StatusOr<ToldAssociation> Tell(const plugin::v1::Record& record) const;

  // The source's fields that are wanted; empty: all that it offers.
  std::vector<std::string> SourceFields() const;

  // Whether any field may be written to the source.
  bool writes() const { return !writable_.empty(); }
  // The paths that may be written to the source, and of these the ones that the
  // registry decides.
  const std::set<std::string>& writable() const { return writable_; }
  const std::set<std::string>& hub_decides() const { return hub_decides_; }
  const std::vector<v1::FieldMapping>& mappings() const { return mappings_; }
  // Of lists whose entries have source fields of their own: how many the record has, as the source
  // tells it now and told it before. One that it tells as a list has no end.
  Slots SlotsIn(const v1::Claim& claim) const;

  // The field path that a target ends up in.
  static std::string PathOf(const std::string& target);

  // Takes away the fields nobody asked for.
  void KeepWanted(plugin::v1::Record& record) const;

 private:
  Mapping() = default;

  absl::Status TakePolicies();
  // Puts what is told in the connection's municipality if nothing else is told, and
  // checks all of it.
  absl::Status PlaceAndCheck(ToldAssociation& told) const;

  std::vector<v1::FieldMapping> mappings_;
  std::set<std::string> writable_;
  std::set<std::string> hub_decides_;
  std::string default_municipality_code_;
};

}  // namespace brobygger::sync
