#include "cli/progress.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "cli/quantity.h"
#include "cli/text.h"

namespace meritbook::cli {
namespace {

constexpr uint64_t kBarColumns = 30;
constexpr std::chrono::seconds kSilent{1};
constexpr std::chrono::milliseconds kBetweenDraws{200};
constexpr const char* kClearLine = "\r\033[K";

}  // namespace

Progress::Progress(std::string what) : what_(std::move(what)), terminal_(isatty(2) == 1) {}

Progress::~Progress() {
  if (shown_) std::fputs(kClearLine, stderr);
}

void Progress::Update(uint64_t done, uint64_t total) {
  if (!terminal_ || total == 0) return;
  const Clock::time_point now = Clock::now();
  if (now - begin_ < kSilent || now - drawn_ < kBetweenDraws) return;
  drawn_ = now;
  shown_ = true;
  const uint64_t full = done * kBarColumns / total;
  const double seconds = std::chrono::duration<double>(now - begin_).count();
  const auto rate = static_cast<uint64_t>(static_cast<double>(done) / seconds);
  std::string bar(full, '#');
  bar.resize(kBarColumns, '.');
  const std::string line = Text(kClearLine, what_, " [", bar, "] ", done * 100 / total, "%  ",
                                Grouped(done), " of ", Grouped(total), "  ", Grouped(rate), "/s");
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace meritbook::cli
