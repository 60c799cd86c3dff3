// Owns: the hashes of an RFC 6962 tree (SHA-256) and a compact range, which grows leaf by leaf.
// Promises: shares nothing with the server's tree; a range of any size holds at most 64 hashes.
// Thread: any for the functions; a range belongs to one thread.
#ifndef MERITBOOK_CLI_AUDIT_MERKLE_H_
#define MERITBOOK_CLI_AUDIT_MERKLE_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace meritbook::audit {

using Hash = std::array<uint8_t, 32>;

inline std::string_view BytesOf(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

Hash Sha256Of(std::string_view bytes);
// RFC 6962, section 2.1: SHA-256(0x00 || entry), SHA-256(0x01 || left || right), SHA-256("").
Hash HashLeaf(std::string_view entry);
Hash HashNode(const Hash& left, const Hash& right);
Hash EmptyTreeRoot();

// The root over complete subtrees that lie side by side, largest first: what `subtrees()` of one
// range gives, or those of several put one after the other.
Hash FoldSubtrees(const std::vector<Hash>& subtrees);

// Its leaves may just as well be the roots of complete subtrees of one size.
class CompactRange {
 public:
  void Append(const Hash& leaf);

  uint64_t size() const { return size_; }
  // Of the complete subtrees, largest first.
  const std::vector<Hash>& subtrees() const { return subtrees_; }
  Hash Root() const { return FoldSubtrees(subtrees_); }

 private:
  uint64_t size_ = 0;
  std::vector<Hash> subtrees_;
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_MERKLE_H_
