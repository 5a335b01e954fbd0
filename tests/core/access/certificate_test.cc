#include "core/access/certificate.h"

#include <memory>

#include <absl/strings/escaping.h>
#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

namespace brobygger::access {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const base::Instant kCheckedAt(std::chrono::seconds(1'800'000'000));

std::string TakenFrom(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  std::string text(bytes, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

struct Made {
  std::string pem;
  std::string der;
};

// A certificate that signs itself, good for that long before and after kCheckedAt.
Made Make(seconds before = hours(1), seconds after = hours(1)) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), X509_free);
  REQUIRE(key != nullptr);
  const auto at = [](seconds offset) {
    return (kCheckedAt.time_since_epoch() / seconds(1)) + offset.count();
  };
  ASN1_TIME_set(X509_getm_notBefore(made.get()), at(-before));
  ASN1_TIME_set(X509_getm_notAfter(made.get()), at(after));
  X509_set_pubkey(made.get(), key.get());
  REQUIRE(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
  BIO* pem = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(pem, made.get());
  BIO* der = BIO_new(BIO_s_mem());
  i2d_X509_bio(der, made.get());
  return {TakenFrom(pem), TakenFrom(der)};
}

// As nginx does it: all but letters, digits and a few signs.
std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    escaped += plain ? std::string(1, c) : "%" + absl::BytesToHexString(std::string(1, c));
  }
  return escaped;
}

CertificateRefusal RefusalOf(const std::string& text) {
  return CertificateRefusalOf(ReadCertificate(text).status());
}

}  // namespace

TEST_CASE("a certificate is known by the SHA-256 of its DER, and has its times") {
  const Made made = Make(seconds(10), seconds(20));
  const auto read = ReadCertificate(Escaped(made.pem));
  REQUIRE(read.ok());
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(made.der.data()), made.der.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  CHECK(read->sha256 == digest);
  CHECK(read->not_before == kCheckedAt - seconds(10));
  CHECK(read->not_after == kCheckedAt + seconds(20));
  CHECK(ReadCertificate(Escaped(made.pem) + "%0a").ok());
}

TEST_CASE("a certificate is good from its first second to its last") {
  const auto read = ReadCertificate(Escaped(Make(seconds(10), seconds(20)).pem));
  REQUIRE(read.ok());
  const auto refusal = [&](base::Instant now) {
    return CertificateRefusalOf(CheckTimes(*read, now));
  };
  CHECK(refusal(kCheckedAt - seconds(10) - std::chrono::microseconds(1)) ==
        CertificateRefusal::kNotYetValid);
  CHECK(refusal(kCheckedAt - seconds(10)) == CertificateRefusal::kNone);
  CHECK(refusal(kCheckedAt + seconds(20)) == CertificateRefusal::kNone);
  CHECK(refusal(kCheckedAt + seconds(21)) == CertificateRefusal::kExpired);
}

TEST_CASE("what is not one certificate alone is none") {
  const std::string good = Escaped(Make().pem);
  const std::string other = Escaped(Make().pem);
  REQUIRE(RefusalOf(good) == CertificateRefusal::kNone);
  const std::string no_certificate =
      Escaped("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
  for (const std::string& text :
       {std::string(), std::string("nonsense"), good + other, "x" + good, good + "x",
        good.substr(0, good.size() / 2), good.substr(0, good.size() - 1), std::string("%"),
        std::string("%2"), std::string("%zz") + good, no_certificate, std::string("%00") + good,
        std::string(20'000, 'a'), good + std::string(13'000, 'a')}) {
    CAPTURE(text);
    CHECK(RefusalOf(text) == CertificateRefusal::kNotACertificate);
  }
}

TEST_CASE("any bit of a certificate that is turned makes it another one, or none") {
  const Made made = Make();
  const auto good = ReadCertificate(Escaped(made.pem));
  REQUIRE(good.ok());
  for (std::size_t place = 0; place < made.pem.size(); ++place) {
    std::string changed = made.pem;
    changed[place] ^= 1;
    const auto read = ReadCertificate(Escaped(changed));
    CAPTURE(place);
    // A bit of base64 beyond the last byte says nothing; all others count.
    if (read.ok() && read->sha256 == good->sha256) {
      CHECK(place + 30 > made.pem.size());
    }
  }
}

}  // namespace brobygger::access
