#include "ledger/sha256.h"

#include <openssl/evp.h>

#include <vector>

#include "ledger/check.h"

namespace meritbook {
namespace {

// Fetched once: a fetch takes a lock and a search by name, ten times a small hash. Never freed, so
// that a thread that outlives main may still hash.
const EVP_MD* Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  MB_CHECK(algorithm != nullptr);
  return algorithm;
}

// Contexts are pooled by thread: making one costs more than hashing an event.
class ContextPool {
 public:
  ~ContextPool() {
    for (EVP_MD_CTX* context : idle_) EVP_MD_CTX_free(context);
  }

  EVP_MD_CTX* Take() {
    if (!idle_.empty()) {
      EVP_MD_CTX* const context = idle_.back();
      idle_.pop_back();
      return context;
    }
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    MB_CHECK(context != nullptr);
    return context;
  }

  void Return(EVP_MD_CTX* context) { idle_.push_back(context); }

 private:
  std::vector<EVP_MD_CTX*> idle_;
};

ContextPool& Pool() {
  thread_local ContextPool pool;
  return pool;
}

void Start(EVP_MD_CTX* context) {
  MB_CHECK(EVP_DigestInit_ex2(context, Algorithm(), nullptr) == 1);
}

}  // namespace

Sha256Stream::Sha256Stream() : context_(Pool().Take()) { Start(context_); }

Sha256Stream::~Sha256Stream() { Pool().Return(context_); }

void Sha256Stream::Update(std::string_view bytes) {
  if (finished_) Start(context_);
  finished_ = false;
  MB_CHECK(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1);
}

Hash Sha256Stream::Finish() {
  if (finished_) Start(context_);
  finished_ = true;
  Hash hash;
  MB_CHECK(EVP_DigestFinal_ex(context_, hash.data(), nullptr) == 1);
  return hash;
}

Hash Sha256(std::string_view bytes) {
  EVP_MD_CTX* const context = Pool().Take();
  Start(context);
  Hash hash;
  MB_CHECK(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1);
  MB_CHECK(EVP_DigestFinal_ex(context, hash.data(), nullptr) == 1);
  Pool().Return(context);
  return hash;
}

}  // namespace meritbook
