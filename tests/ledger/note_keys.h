// Owns: keys for the tests of notes, checkpoints and cosignatures.
// Promises: the same in every run.
// Thread: any.
#ifndef MERITBOOK_TESTS_LEDGER_NOTE_KEYS_H_
#define MERITBOOK_TESTS_LEDGER_NOTE_KEYS_H_

#include <cstdint>
#include <string_view>

#include "ledger/note.h"

namespace meritbook {

// From golang.org/x/mod/sumdb/note.
inline constexpr std::string_view kNeumannVkey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
inline constexpr std::string_view kNeumannSkey =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
inline constexpr std::string_view kNeumannText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
inline constexpr std::string_view kNeumannLine =
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE"
    "6RyyBwJnAM=\n";

inline Ed25519Seed SeedOf(uint8_t byte) {
  Ed25519Seed seed;
  seed.bytes.fill(byte);
  return seed;
}

inline SignerKey LogKeyOf(std::string_view name, uint8_t byte) {
  return MakeSignerKey(name, KeyType::kEd25519, SeedOf(byte)).value();
}

inline SignerKey WitnessKeyOf(std::string_view name, uint8_t byte) {
  return MakeSignerKey(name, KeyType::kCosignature, SeedOf(byte)).value();
}

}  // namespace meritbook

#endif  // MERITBOOK_TESTS_LEDGER_NOTE_KEYS_H_
