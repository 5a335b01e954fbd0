#include "core/web/partner_list.h"

#include <algorithm>

#include <absl/hash/hash.h>

#include "core/exchange/hsds.h"
#include "core/exchange/partner.h"

namespace brobygger::web {
namespace {

// A string's own part, and its places in the other lists.
constexpr std::size_t kBytesBeside = sizeof(std::string) + sizeof(std::size_t) + 16;
constexpr std::size_t kBytesOfService = 16;

std::uint64_t HashOf(const std::string& id) { return absl::HashOf(id); }

}  // namespace

void PartnerList::Add(const discovery::v1::FindPartnersResponse& page) {
  revision_ = page.revision();
  if (services_before_.empty()) services_before_.push_back(0);
  for (const auto& partner : page.partners()) {
    const auto association = exchange::ToAssociation(partner);
    for (const auto& activity : association.activities()) {
      by_service_.emplace_back(HashOf(exchange::HsdsServiceId(association, activity)),
                               static_cast<std::uint32_t>(partners_.size()));
    }
    const auto count = static_cast<std::size_t>(partner.activities_size());
    services_before_.push_back(services_before_.back() + count);
    partners_.push_back(partner.SerializeAsString());
    bytes_ += partners_.back().size() + kBytesBeside + count * kBytesOfService;
  }
}

void PartnerList::Finish() { std::sort(by_service_.begin(), by_service_.end()); }

discovery::v1::Partner PartnerList::At(std::size_t index) const {
  discovery::v1::Partner partner;
  partner.ParseFromString(partners_.at(index));
  return partner;
}

std::pair<std::size_t, int> PartnerList::PartnerOfService(std::size_t number) const {
  const auto after = std::upper_bound(services_before_.begin(), services_before_.end(), number);
  const auto partner = static_cast<std::size_t>(after - services_before_.begin()) - 1;
  return {partner, static_cast<int>(number - services_before_[partner])};
}

std::optional<std::pair<std::size_t, int>> PartnerList::FindService(const std::string& id) const {
  const std::uint64_t hash = HashOf(id);
  auto at = std::lower_bound(by_service_.begin(), by_service_.end(),
                             std::pair<std::uint64_t, std::uint32_t>(hash, 0));
  for (; at != by_service_.end() && at->first == hash; ++at) {
    const auto association = exchange::ToAssociation(At(at->second));
    for (int i = 0; i < association.activities_size(); ++i) {
      if (exchange::HsdsServiceId(association, association.activities(i)) == id) {
        return std::pair<std::size_t, int>(at->second, i);
      }
    }
  }
  return std::nullopt;
}

}  // namespace brobygger::web
