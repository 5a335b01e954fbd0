#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "brobygger/discovery/v1/partner_calls.pb.h"

namespace brobygger::web {

// All partners that one caller was told for one question, true for one revision. Packed, since
// several may be kept at once; reading one costs a few microseconds. Add() is for one thread,
// the rest thread-safe.
class PartnerList {
 public:
  // The next page; the last one is followed by Finish().
  void Add(const discovery::v1::FindPartnersResponse& page);
  void Finish();

  std::size_t size() const { return partners_.size(); }
  discovery::v1::Partner At(std::size_t index) const;

  // How long it is on the wire: what it costs to tell it.
  std::size_t BytesOf(std::size_t index) const { return partners_.at(index).size(); }

  // Their activities, as HSDS services in the order of the partners.
  std::size_t services() const { return services_before_.empty() ? 0 : services_before_.back(); }
  // The partner to whom the service of this number (from 0) belongs, and its number there.
  std::pair<std::size_t, int> PartnerOfService(std::size_t number) const;
  // The same of the service with this HSDS id.
  std::optional<std::pair<std::size_t, int>> FindService(const std::string& id) const;

  std::uint64_t revision() const { return revision_; }
  // Memory it takes, about.
  std::size_t bytes() const { return bytes_; }

 private:
  std::vector<std::string> partners_;         // as protobuf has them on the wire
  std::vector<std::size_t> services_before_;  // and with each partner; one more than partners
  // Hash of a service's id, and its partner; sorted when finished.
  std::vector<std::pair<std::uint64_t, std::uint32_t>> by_service_;
  std::uint64_t revision_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace brobygger::web
