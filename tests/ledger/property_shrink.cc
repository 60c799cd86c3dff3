#include "tests/ledger/property_shrink.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>

#include "ledger/text.h"

namespace meritbook::property {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

std::string FailureOf(const History& history) {
  int pipe_ends[2];
  if (::pipe(pipe_ends) != 0) return "";
  const pid_t child = ::fork();
  if (child < 0) return "";
  if (child == 0) {
    ::close(pipe_ends[0]);
    ::dup2(pipe_ends[1], STDERR_FILENO);  // the last words of an abort
    std::signal(SIGABRT, SIG_DFL);
    const Played played = Play(Again(history), nullptr);
    const std::string text =
        played.failure.empty() ? "" : Text("after\n", played.story, played.failure);
    for (size_t at = 0; at < text.size();) {
      const ssize_t written = ::write(pipe_ends[1], text.data() + at, text.size() - at);
      if (written <= 0) break;
      at += static_cast<size_t>(written);
    }
    ::_exit(played.failure.empty() ? 0 : 1);
  }
  ::close(pipe_ends[1]);
  std::string failure;
  char bytes[4096];
  for (ssize_t got; (got = ::read(pipe_ends[0], bytes, sizeof bytes)) > 0;) {
    failure.append(bytes, static_cast<size_t>(got));
  }
  ::close(pipe_ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
  if (WIFSIGNALED(status)) {
    std::string story;
    for (const Turn& turn : history) {
      story += Text("  wall ", turn.wall_us, turn.asks.empty() ? " sweep" : "",
                    turn.atomic ? " all or nothing" : "", "\n");
      for (const Ask& ask : turn.asks) story += Text("    ", Describe(ask), "\n");
    }
    return Text("after\n", story, "  the ledger aborted: ", failure);
  }
  return failure;
}

History Shrunk(History history, int seconds_max) {
  const auto end = Clock::now() + std::chrono::seconds(seconds_max);
  // Leaves out ever shorter stretches, while that goes on failing.
  for (size_t stretch = history.size() / 2; stretch > 0; stretch /= 2) {
    for (bool shorter = true; shorter;) {
      shorter = false;
      for (size_t at = 0; at < history.size() && Clock::now() < end;) {
        History rest = history;
        const auto from = rest.begin() + static_cast<std::ptrdiff_t>(at);
        rest.erase(from, from + static_cast<std::ptrdiff_t>(std::min(stretch, rest.size() - at)));
        if (FailureOf(rest).empty()) {
          at += stretch;
        } else {
          history = std::move(rest);
          shorter = true;
        }
      }
    }
  }
  return history;
}

}  // namespace meritbook::property
