#include "core/web/own_origin.h"

#include <absl/strings/ascii.h>

namespace brobygger::web {
namespace {

// How this machine may be called by those on it.
bool IsThisMachine(const std::string& host) {
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

}  // namespace

OwnOrigin::OwnOrigin(const std::string& public_url, const std::string& address, bool encrypts) {
  scheme_ = encrypts ? "https://" : "http://";
  if (public_url.empty()) {
    port_ = address.substr(address.rfind(':'));
    return;
  }
  const std::size_t host = public_url.find("://") + 3;
  scheme_ = public_url.substr(0, host);
  host_ = absl::AsciiStrToLower(public_url.substr(host, public_url.find('/', host) - host));
}

bool OwnOrigin::IsOurs(const Request& request) const {
  const std::string host = absl::AsciiStrToLower(request.Field("host"));
  if (!host_.empty()) return host == host_;
  return host.ends_with(port_) && IsThisMachine(host.substr(0, host.size() - port_.size()));
}

bool OwnOrigin::IsFromOurPage(const Request& request) const {
  const std::string& site = request.Field("sec-fetch-site");
  if (!site.empty() && site != "same-origin") return false;
  const std::string& origin = request.Field("origin");
  if (origin.empty()) return !site.empty();
  return origin == AddressFor(request);
}

std::string OwnOrigin::AddressFor(const Request& request) const {
  return scheme_ + (host_.empty() ? absl::AsciiStrToLower(request.Field("host")) : host_);
}

}  // namespace brobygger::web
