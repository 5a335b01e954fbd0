#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <utility>

namespace brobygger::base {

// An opaque identifier that cannot be mixed up with another kind's.
// `Tag` is an empty struct that names the kind.
template <typename Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  std::string text_;
};

using AssociationId = Id<struct AssociationTag>;
using RelationId = Id<struct RelationTag>;
using DepartmentId = Id<struct DepartmentTag>;
using ConnectionId = Id<struct ConnectionTag>;
using PlanId = Id<struct PlanTag>;
using RunId = Id<struct RunTag>;

// A new random UUID (RFC 4122, version 4) as lower-case text. Thread-safe.
std::string MakeUuid();

// For a test whose story must repeat: from now on new UUIDs follow from `seed`, on all
// threads, and can be guessed. 0 makes them random again.
void SeedUuids(std::uint64_t seed);

// Whether `text` is a UUID in lower-case text form.
bool IsUuid(const std::string& text);

}  // namespace brobygger::base
