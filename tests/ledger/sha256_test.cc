#include "ledger/sha256.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"

namespace meritbook {
namespace {

std::string Hex(const Hash& hash) { return absl::BytesToHexString(std::string(AsBytes(hash))); }

// From the examples that NIST publishes with FIPS 180-4.
TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(Hex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(Sha256(std::string(1000000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Stream, PartsHashLikeTheWhole) {
  Sha256Stream one;
  Sha256Stream other;  // interleaved with the first
  one.Update("a");
  other.Update("ab");
  one.Update("");
  one.Update("bc");
  other.Update("c");
  EXPECT_EQ(one.Finish(), Sha256("abc"));
  EXPECT_EQ(other.Finish(), Sha256("abc"));
  EXPECT_EQ(one.Finish(), Sha256(""));  // started anew
  one.Update("abc");
  EXPECT_EQ(one.Finish(), Sha256("abc"));
}

}  // namespace
}  // namespace meritbook
