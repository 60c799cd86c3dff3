// Owns: what tests of the auditor's tree need: keys that sign, and a log made by the definitions.
// Promises: hashes and proofs by the recursive definitions of RFC 6962, nothing from the audit.
// Thread: one.
#ifndef MERITBOOK_TESTS_CLI_AUDIT_PROOF_KIT_H_
#define MERITBOOK_TESTS_CLI_AUDIT_PROOF_KIT_H_

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "cli/audit/merkle.h"
#include "cli/audit/text.h"

namespace meritbook::audit {

namespace fs = std::filesystem;

inline Hash PlainSha256(const std::string& bytes) {
  Hash hash;
  SHA256(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size(), hash.data());
  return hash;
}
inline std::string Raw(const Hash& hash) { return {hash.begin(), hash.end()}; }
inline std::string Hex(const Hash& hash) { return absl::BytesToHexString(Raw(hash)); }

// MTH, PATH and PROOF of RFC 6962, section 2.1, over leaf hashes [begin, end).
class NaiveTree {
 public:
  explicit NaiveTree(const std::vector<std::string>& entries) {
    for (const std::string& entry : entries) {
      leaves_.push_back(PlainSha256(std::string(1, '\0') + entry));
    }
  }

  uint64_t size() const { return leaves_.size(); }
  const Hash& leaf(uint64_t index) const { return leaves_[index]; }
  Hash Root() const { return Mth(0, size()); }

  Hash Mth(uint64_t begin, uint64_t end) const {
    if (begin == end) return PlainSha256("");
    if (end - begin == 1) return leaves_[begin];
    const uint64_t middle = begin + Left(end - begin);
    return PlainSha256("\x01" + Raw(Mth(begin, middle)) + Raw(Mth(middle, end)));
  }
  std::vector<Hash> Path(uint64_t index, uint64_t begin, uint64_t end) const {
    if (end - begin == 1) return {};
    const uint64_t middle = begin + Left(end - begin);
    const bool left = index < middle;
    auto path = left ? Path(index, begin, middle) : Path(index, middle, end);
    path.push_back(left ? Mth(middle, end) : Mth(begin, middle));
    return path;
  }
  std::vector<Hash> Consistency(uint64_t old_size, uint64_t size) const {
    return SubProof(old_size, 0, size, true);
  }

 private:
  static uint64_t Left(uint64_t size) { return std::bit_floor(size - 1); }

  std::vector<Hash> SubProof(uint64_t old_end, uint64_t begin, uint64_t end, bool known) const {
    if (old_end == end) return known ? std::vector<Hash>{} : std::vector<Hash>{Mth(begin, end)};
    const uint64_t middle = begin + Left(end - begin);
    const bool left = old_end <= middle;
    auto proof =
        left ? SubProof(old_end, begin, middle, known) : SubProof(old_end, middle, end, false);
    proof.push_back(left ? Mth(middle, end) : Mth(begin, middle));
    return proof;
  }

  std::vector<Hash> leaves_;
};

inline std::vector<std::string> Numbers(uint64_t count) {
  std::vector<std::string> entries;
  for (uint64_t i = 0; i < count; ++i) entries.push_back(std::to_string(i));
  return entries;
}

// An Ed25519 key with a name, as log (type 1) or witness (type 4).
class TestKey {
 public:
  TestKey(std::string name, uint8_t type, uint8_t seed) : name_(std::move(name)), type_(type) {
    const std::string secret(32, static_cast<char>(seed));
    key_.reset(EVP_PKEY_new_raw_private_key(
        EVP_PKEY_ED25519, nullptr, reinterpret_cast<const uint8_t*>(secret.data()), secret.size()));
    std::string material(33, static_cast<char>(type));
    size_t length = 32;
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<uint8_t*>(material.data()) + 1,
                                &length);
    id_ = Raw(PlainSha256(name_ + "\n" + material)).substr(0, 4);
    vkey_ = Text(name_, "+", absl::BytesToHexString(id_), "+", absl::Base64Escape(material));
  }

  const std::string& vkey() const { return vkey_; }
  const std::string& name() const { return name_; }
  // A signature line over a note's text.
  std::string Line(const std::string& text, uint64_t time = 1'700'000'000) const {
    if (type_ == 1) return LineOf(Sign(text));
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(time >> shift));
    return LineOf(bytes + Sign(Text("cosignature/v1\ntime ", time, "\n", text)));
  }
  std::string LineOf(const std::string& signature) const {
    return Text("\xE2\x80\x94 ", name_, " ", absl::Base64Escape(id_ + signature), "\n");
  }
  std::string Sign(const std::string& message) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    std::string signature(64, '\0');
    size_t length = signature.size();
    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get());
    EVP_DigestSign(context.get(), reinterpret_cast<uint8_t*>(signature.data()), &length,
                   reinterpret_cast<const uint8_t*>(message.data()), message.size());
    return signature;
  }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  std::string name_;
  uint8_t type_;
  std::unique_ptr<EVP_PKEY, Free> key_;
  std::string id_;
  std::string vkey_;
};

inline std::string Body(const std::string& origin, uint64_t size, const Hash& root) {
  return Text(origin, "\n", size, "\n", absl::Base64Escape(Raw(root)), "\n");
}

// Removed with this object.
class ProofFolder {
 public:
  ProofFolder() {
    std::string name = testing::TempDir() + "audit-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~ProofFolder() { fs::remove_all(path_); }
  ProofFolder(const ProofFolder&) = delete;
  ProofFolder& operator=(const ProofFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string Read(const std::string& name) const {
    std::ifstream file(path_ + "/" + name, std::ios::binary);
    EXPECT_TRUE(file.is_open()) << name;
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void Write(const std::string& name, const std::string& bytes) const {
    const fs::path whole = fs::path(path_) / name;
    fs::create_directories(whole.parent_path());
    std::ofstream(whole, std::ios::binary) << bytes;
  }
  void Remove(const std::string& name) const { fs::remove(fs::path(path_) / name); }
  bool Has(const std::string& name) const { return fs::exists(fs::path(path_) / name); }
  // Of files, below the folder.
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(path_)) {
      if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), path_));
    }
    return names;
  }

 private:
  std::string path_;
};

inline std::string Flipped(std::string bytes, size_t bit) {
  bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  return bytes;
}

}  // namespace meritbook::audit

#endif  // MERITBOOK_TESTS_CLI_AUDIT_PROOF_KIT_H_
