// Owns: SHA-256, the only hash of the system (FIPS 180-4), by OpenSSL.
// Promises: the bytes of the standard; a stream may be interleaved with any other.
// Thread: any; one stream is used by one thread at a time.
#ifndef MERITBOOK_LEDGER_SHA256_H_
#define MERITBOOK_LEDGER_SHA256_H_

#include <array>
#include <cstdint>
#include <string_view>

struct evp_md_ctx_st;

namespace meritbook {

using Hash = std::array<uint8_t, 32>;

Hash Sha256(std::string_view bytes);

inline std::string_view AsBytes(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

// For a hash over parts that do not lie next to each other:
//
//   Sha256Stream leaf;
//   leaf.Update(std::string_view("\0", 1));
//   leaf.Update(event);
//   const Hash hash = leaf.Finish();
//
// Finish starts the stream anew.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;

  void Update(std::string_view bytes);
  Hash Finish();

 private:
  evp_md_ctx_st* context_;
  bool finished_ = false;  // to be started anew by the next call
};

}  // namespace meritbook

#endif  // MERITBOOK_LEDGER_SHA256_H_
