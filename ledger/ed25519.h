// Owns: Ed25519 (RFC 8032), the signatures of logs and witnesses, by OpenSSL.
// Promises: a signature is a function of key and message; a seed's copy inside is never printed.
// Thread: any; one key may sign from several at once.
#ifndef MERITBOOK_LEDGER_ED25519_H_
#define MERITBOOK_LEDGER_ED25519_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

struct evp_pkey_st;

namespace meritbook {

// 32 bytes each, and so are hashes: types of their own, since a seed must not be taken for a key.
struct Ed25519Seed {
  std::array<uint8_t, 32> bytes = {};
};

struct Ed25519PublicKey {
  std::array<uint8_t, 32> bytes = {};

  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  friend bool operator==(const Ed25519PublicKey&, const Ed25519PublicKey&) = default;
};

struct Ed25519Signature {
  std::array<uint8_t, 64> bytes = {};

  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

class Ed25519Key {
 public:
  explicit Ed25519Key(const Ed25519Seed& seed);

  const Ed25519PublicKey& public_key() const { return public_key_; }
  Ed25519Signature Sign(std::string_view message) const;

 private:
  std::shared_ptr<evp_pkey_st> key_;  // wiped when the last copy goes
  Ed25519PublicKey public_key_;
};

// False too for a signature that hasn't 64 bytes and for bytes that are no point of the curve.
bool VerifyEd25519(const Ed25519PublicKey& key, std::string_view message,
                   std::string_view signature);

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_ED25519_H_
