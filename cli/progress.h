// Owns: the progress bar on standard error.
// Promises: nothing in the first second and nothing where standard error is no terminal; leaves an
// empty line behind. Thread: one.
#ifndef MERITBOOK_CLI_PROGRESS_H_
#define MERITBOOK_CLI_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <string>

namespace meritbook::cli {

class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Cheap enough for every batch; draws a few times a second.
  void Update(uint64_t done, uint64_t total);

 private:
  using Clock = std::chrono::steady_clock;

  const std::string what_;
  const bool terminal_;
  const Clock::time_point begin_ = Clock::now();
  Clock::time_point drawn_ = begin_;
  bool shown_ = false;
};

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_PROGRESS_H_
