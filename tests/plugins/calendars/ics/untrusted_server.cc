#include "tests/plugins/calendars/ics/untrusted_server.h"

#include <array>
#include <csignal>
#include <memory>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

namespace brobygger::ics {
namespace {

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* owned) const {
    kFree(owned);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Free<SSL_free>>;

constexpr long kHour = 3600;

Certificate SelfSigned(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  X509* raw = certificate.get();
  X509_set_version(raw, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(raw), 1);
  X509_gmtime_adj(X509_getm_notBefore(raw), -kHour);
  X509_gmtime_adj(X509_getm_notAfter(raw), kHour);
  X509_set_pubkey(raw, key);
  X509_NAME* name = X509_get_subject_name(raw);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
  X509_set_issuer_name(raw, name);
  // The name is right, so that only the trust is wrong.
  const Extension names(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1"));
  X509_add_ext(raw, names.get(), -1);
  if (X509_sign(raw, key, EVP_sha256()) == 0) throw std::runtime_error("no certificate");
  return certificate;
}

}  // namespace

UntrustedServer::UntrustedServer() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, plain, size) != 0 || listen(listener_, 8) != 0 ||
      getsockname(listener_, plain, &size) != 0) {
    throw std::runtime_error("no port to listen on");
  }
  port_ = ntohs(address.sin_port);
  // A client that hangs up must not end the tests.
  signal(SIGPIPE, SIG_IGN);
  thread_ = std::thread([this] { Run(); });
}

UntrustedServer::~UntrustedServer() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

std::string UntrustedServer::Url(const std::string& path) const {
  return "https://127.0.0.1:" + std::to_string(port_) + path;
}

void UntrustedServer::Run() {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = SelfSigned(key.get());
  const Context context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(context.get(), certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), key.get());
  const int line = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (line < 0) return;
  const Session session(SSL_new(context.get()));
  SSL_set_fd(session.get(), line);
  std::array<char, 4096> request{};
  if (SSL_accept(session.get()) == 1) {
    trusted_ = SSL_read(session.get(), request.data(), static_cast<int>(request.size())) > 0;
  }
  close(line);
}

}  // namespace brobygger::ics
