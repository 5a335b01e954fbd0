#include "core/access/certificate.h"

#include <array>
#include <cstddef>
#include <ctime>
#include <memory>
#include <optional>

#include <absl/strings/cord.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace brobygger::access {
namespace {

constexpr char kCertificateTypeUrl[] = "brobygger/certificate-refusal";
constexpr std::size_t kMostBytes = std::size_t{12} << 10;
constexpr std::size_t kFingerprintBytes = 32;

// In the order of the enumeration.
constexpr std::array kCertificateRefusals = {"None", "NotACertificate", "NotYetValid", "Expired",
                                             "Unknown"};
static_assert(kCertificateRefusals.size() ==
              static_cast<std::size_t>(CertificateRefusal::kUnknown) + 1);

using X509Pointer = std::unique_ptr<X509, decltype(&X509_free)>;
using BioPointer = std::unique_ptr<BIO, decltype(&BIO_free)>;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> Unescaped(std::string_view escaped) {
  std::string text;
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '%') {
      text += escaped[i];
      continue;
    }
    if (i + 2 >= escaped.size()) return std::nullopt;
    const int high = HexDigit(escaped[i + 1]);
    const int low = HexDigit(escaped[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    text += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return text;
}

// OpenSSL skips what stands before a block and leaves what follows; neither has a place here.
bool IsOneBlock(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----\n";
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  while (pem.ends_with('\n')) pem.remove_suffix(1);
  return pem.starts_with(kBegin) && pem.ends_with(kEnd) &&
         pem.find("-----BEGIN", 1) == std::string_view::npos;
}

std::optional<base::Instant> ToInstant(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return base::Instant(std::chrono::seconds(timegm(&parts)));
}

}  // namespace

const char* NameOf(CertificateRefusal refusal) {
  return kCertificateRefusals.at(static_cast<std::size_t>(refusal));
}

absl::Status RefuseCertificate(CertificateRefusal refusal) {
  absl::Status status = absl::UnauthenticatedError("The client certificate was refused.");
  status.SetPayload(kCertificateTypeUrl, absl::Cord(NameOf(refusal)));
  return status;
}

CertificateRefusal CertificateRefusalOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kCertificateTypeUrl);
  if (!payload.has_value()) return CertificateRefusal::kNone;
  const std::string name(*payload);
  for (std::size_t i = 0; i < kCertificateRefusals.size(); ++i) {
    if (name == kCertificateRefusals[i]) return static_cast<CertificateRefusal>(i);
  }
  return CertificateRefusal::kNone;
}

absl::StatusOr<Certificate> ReadCertificate(std::string_view escaped) {
  const absl::Status refused = RefuseCertificate(CertificateRefusal::kNotACertificate);
  if (escaped.size() > kMostBytes) return refused;
  const auto pem = Unescaped(escaped);
  if (!pem.has_value() || !IsOneBlock(*pem)) return refused;
  const BioPointer bio(BIO_new_mem_buf(pem->data(), static_cast<int>(pem->size())), BIO_free);
  if (bio == nullptr) return refused;
  const X509Pointer parsed(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
  if (parsed == nullptr) return refused;
  Certificate certificate;
  certificate.sha256.resize(kFingerprintBytes);
  unsigned int size = 0;
  auto* bytes = reinterpret_cast<unsigned char*>(certificate.sha256.data());
  if (X509_digest(parsed.get(), EVP_sha256(), bytes, &size) != 1 || size != kFingerprintBytes) {
    return refused;
  }
  const auto not_before = ToInstant(X509_get0_notBefore(parsed.get()));
  const auto not_after = ToInstant(X509_get0_notAfter(parsed.get()));
  if (!not_before.has_value() || !not_after.has_value()) return refused;
  certificate.not_before = *not_before;
  certificate.not_after = *not_after;
  return certificate;
}

absl::Status CheckTimes(const Certificate& certificate, base::Instant now) {
  if (now < certificate.not_before) return RefuseCertificate(CertificateRefusal::kNotYetValid);
  if (now >= certificate.not_after + std::chrono::seconds(1)) {
    return RefuseCertificate(CertificateRefusal::kExpired);
  }
  return absl::OkStatus();
}

}  // namespace brobygger::access
