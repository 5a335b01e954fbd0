#pragma once

#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/base/clock.h"

namespace brobygger::access {

// A client certificate, as far as a hub looks at it. Who signed it is the proxy's to check; what a
// hub goes by is the certificate itself, by its digest.
struct Certificate {
  // SHA-256 of the certificate (DER), 32 bytes: what `openssl x509 -fingerprint -sha256` shows,
  // and a token's x5t#S256 (RFC 8705 section 3.1).
  std::string sha256;
  base::Instant not_before;
  base::Instant not_after;  // still good at this moment (RFC 5280 section 4.1.2.5)
};

// Why a certificate was refused; for logs only.
enum class CertificateRefusal {
  // Not a refused certificate: another error, or none.
  kNone,
  // Not one certificate in PEM, percent-encoded.
  kNotACertificate,
  kNotYetValid,
  kExpired,
  // No system has it.
  kUnknown,
};

// The name without its k: "Expired". Lives for ever.
const char* NameOf(CertificateRefusal refusal);

// UNAUTHENTICATED, with the reason where only CertificateRefusalOf() finds it.
absl::Status RefuseCertificate(CertificateRefusal refusal);
CertificateRefusal CertificateRefusalOf(const absl::Status& status);

// Reads what nginx hands on as $ssl_client_escaped_cert: one certificate in PEM, percent-encoded,
// of at most 12 KiB, and nothing before or after it. UNAUTHENTICATED, kNotACertificate. Pure;
// thread-safe.
absl::StatusOr<Certificate> ReadCertificate(std::string_view escaped);

// Whether it is good at `now`, to the second and without a leeway: a certificate lives for months.
// UNAUTHENTICATED, kNotYetValid or kExpired. Pure.
absl::Status CheckTimes(const Certificate& certificate, base::Instant now);

}  // namespace brobygger::access
