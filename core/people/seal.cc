#include "core/people/seal.h"

#include <memory>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "core/base/error.h"

namespace brobygger::people {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Context NewContext() { return {EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free}; }

unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* Bytes(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

absl::Status CannotRead() {
  return base::MakeError(errors::v1::ERROR_REASON_STORAGE_CORRUPT,
                         "a person's record cannot be opened with the person's key",
                         {{"kind", "person"}});
}

}  // namespace

absl::StatusOr<std::string> Seal(const SealKey& key,
                                 const std::string& about,
                                 const std::string& text) {
  std::string sealed(kNonceBytes + text.size() + kTagBytes, '\0');
  const Context context = NewContext();
  int size = 0;
  unsigned char* const into = Bytes(sealed);
  const bool done =
      context != nullptr && RAND_bytes(into, kNonceBytes) == 1 &&
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), into) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &size, Bytes(about),
                        static_cast<int>(about.size())) == 1 &&
      EVP_EncryptUpdate(context.get(), into + kNonceBytes, &size, Bytes(text),
                        static_cast<int>(text.size())) == 1 &&
      EVP_EncryptFinal_ex(context.get(), into + kNonceBytes + size, &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes,
                          into + kNonceBytes + text.size()) == 1;
  if (!done) return absl::InternalError("a person's record cannot be sealed");
  return sealed;
}

absl::StatusOr<std::string> Unseal(const SealKey& key,
                                   const std::string& about,
                                   const std::string& sealed) {
  if (sealed.size() < kNonceBytes + kTagBytes) return CannotRead();
  std::string text(sealed.size() - kNonceBytes - kTagBytes, '\0');
  std::string tag = sealed.substr(sealed.size() - kTagBytes);
  const Context context = NewContext();
  int size = 0;
  const bool done =
      context != nullptr &&
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), Bytes(sealed)) ==
          1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &size, Bytes(about),
                        static_cast<int>(about.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), Bytes(text), &size, Bytes(sealed) + kNonceBytes,
                        static_cast<int>(text.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), Bytes(text) + size, &size) == 1;
  if (done) return text;
  OPENSSL_cleanse(text.data(), text.size());
  return CannotRead();
}

}  // namespace brobygger::people
