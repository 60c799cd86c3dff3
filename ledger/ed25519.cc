#include "ledger/ed25519.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "ledger/check.h"

namespace meritbook {
namespace {

struct ContextFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextFree>;

Context NewContext() {
  Context context(EVP_MD_CTX_new());
  MB_CHECK(context != nullptr);
  return context;
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Ed25519Key::Ed25519Key(const Ed25519Seed& seed)
    : key_(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.bytes.data(),
                                        seed.bytes.size()),
           EVP_PKEY_free) {
  MB_CHECK(key_ != nullptr);
  size_t size = public_key_.bytes.size();
  MB_CHECK(EVP_PKEY_get_raw_public_key(key_.get(), public_key_.bytes.data(), &size) == 1);
  MB_CHECK(size == public_key_.bytes.size());
}

Ed25519Signature Ed25519Key::Sign(std::string_view message) const {
  const Context context = NewContext();
  Ed25519Signature signature;
  size_t size = signature.bytes.size();
  MB_CHECK(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
  MB_CHECK(EVP_DigestSign(context.get(), signature.bytes.data(), &size, Bytes(message),
                          message.size()) == 1);
  MB_CHECK(size == signature.bytes.size());
  return signature;
}

bool VerifyEd25519(const Ed25519PublicKey& key, std::string_view message,
                   std::string_view signature) {
  if (signature.size() != sizeof(Ed25519Signature::bytes)) return false;
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> verifier(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()),
      EVP_PKEY_free);
  MB_CHECK(verifier != nullptr);
  const Context context = NewContext();
  MB_CHECK(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, verifier.get()) == 1);
  const bool verified = EVP_DigestVerify(context.get(), Bytes(signature), signature.size(),
                                         Bytes(message), message.size()) == 1;
  if (!verified) ERR_clear_error();  // the queue is the thread's: TLS on it would find our error
  return verified;
}

}  // namespace meritbook
