// Owns: MB_CHECK, the assertion for what only a bug can cause.
// Promises: it is checked in every build; a failure prints file, line and condition, then aborts.
// Thread: any.
#ifndef MERITBOOK_LEDGER_CHECK_H_
#define MERITBOOK_LEDGER_CHECK_H_

#include <cstdio>
#include <cstdlib>

namespace meritbook {

[[noreturn]] inline void CheckFailed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "%s:%d: MB_CHECK(%s) failed\n", file, line, condition);
  std::fflush(stderr);
  std::abort();
}

}  // namespace meritbook

#define MB_CHECK(condition)                                     \
  do {                                                          \
    if (!(condition)) [[unlikely]] {                            \
      ::meritbook::CheckFailed(__FILE__, __LINE__, #condition); \
    }                                                           \
  } while (false)

#endif  // MERITBOOK_LEDGER_CHECK_H_
