// An audit hashes tens of millions of small inputs. The calls below do nothing but hash; a digest
// of OpenSSL's newer interface is started and ended through its provider, which costs as much
// again.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "cli/audit/merkle.h"

#include <openssl/sha.h>

#include <algorithm>

namespace meritbook::audit {

Hash Sha256Of(std::string_view bytes) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  Hash hash;
  SHA256_Final(hash.data(), &context);
  return hash;
}

Hash HashLeaf(std::string_view entry) {
  constexpr uint8_t kLeafPrefix = 0x00;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, &kLeafPrefix, 1);
  SHA256_Update(&context, entry.data(), entry.size());
  Hash hash;
  SHA256_Final(hash.data(), &context);
  return hash;
}

Hash HashNode(const Hash& left, const Hash& right) {
  std::array<uint8_t, 1 + 2 * sizeof(Hash)> bytes;
  bytes[0] = 0x01;
  std::copy(left.begin(), left.end(), bytes.begin() + 1);
  std::copy(right.begin(), right.end(), bytes.begin() + 1 + sizeof(Hash));
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  Hash hash;
  SHA256_Final(hash.data(), &context);
  return hash;
}

Hash EmptyTreeRoot() { return Sha256Of(""); }

Hash FoldSubtrees(const std::vector<Hash>& subtrees) {
  if (subtrees.empty()) return EmptyTreeRoot();
  Hash root = subtrees.back();
  for (size_t i = subtrees.size() - 1; i > 0; --i) root = HashNode(subtrees[i - 1], root);
  return root;
}

void CompactRange::Append(const Hash& leaf) {
  Hash hash = leaf;
  // Every trailing one bit of the size is a subtree as large as the one that was just completed.
  for (uint64_t size = size_; size % 2 == 1; size /= 2) {
    hash = HashNode(subtrees_.back(), hash);
    subtrees_.pop_back();
  }
  subtrees_.push_back(hash);
  ++size_;
}

}  // namespace meritbook::audit
