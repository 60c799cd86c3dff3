// The simulation over many seeds. sim_test [--seeds N | --seed N [--aloud]]
#include <signal.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <random>
#include <string>

#include "tests/sim/simulation.h"

namespace meritbook::sim {
namespace {

constexpr uint64_t kSeeds = 200;
constexpr uint64_t kSeedsLong = 10'000;

// What each run over many seeds has to meet; it goes on until it has, up to twice as many seeds.
const char* const kMustMeet[] = {"accepted",
                                 "already applied",
                                 "refused",
                                 "read",
                                 "atomic call rolled back",
                                 "event of its own hold timed out",
                                 "answered OUTCOME_UNKNOWN",
                                 "answered STORAGE_LOW",
                                 "answered LOG_DAMAGED",
                                 "answered CLOCK_SUSPECT",
                                 "answered DEADLINE_EXCEEDED",
                                 "append of unknown outcome",
                                 "asked again",
                                 "client gave up",
                                 "request lost",
                                 "answer lost",
                                 "request repeated by the network",
                                 "crash",
                                 "kill",
                                 "stopped",
                                 "start failed",
                                 "refused damage",
                                 "damage found by scrubbing",
                                 "state built anew",
                                 "wall clock stepped",
                                 "disk: power cut",
                                 "disk: names lost",
                                 "disk: unsynced write lost",
                                 "disk: unsynced write torn",
                                 "disk: crash while writing",
                                 "disk: crash while syncing",
                                 "disk: crash while renaming",
                                 "disk: crash while opening",
                                 "disk: failed writing",
                                 "disk: failed syncing",
                                 "disk: failed renaming",
                                 "disk: failed reading",
                                 "disk: write on a full disk",
                                 "disk: bit rot"};

char now_running[64];

void TellSeed(int number) {
  const ssize_t told = write(STDERR_FILENO, now_running, std::strlen(now_running));
  (void)told;
  signal(number, SIG_DFL);
  raise(number);
}

Outcome RunSeed(uint64_t seed, bool aloud) {
  std::snprintf(now_running, sizeof now_running, "seed %llu died\n",
                static_cast<unsigned long long>(seed));
  return Simulation(seed, aloud).Run();
}

int Report(uint64_t seed, const Outcome& outcome) {
  std::cout << "seed " << seed << " failed: " << outcome.failure << "\nstory " << outcome.story
            << "\nagain with: ./dev test sim --seed " << seed << "\n";
  return 1;
}

bool MetAll(const Tally& tally, bool tell) {
  bool all = true;
  for (const char* what : kMustMeet) {
    if (tally.count(what) != 0) continue;
    if (tell) std::cout << "never met: " << what << "\n";
    all = false;
  }
  return all;
}

int RunSeeds(uint64_t first, uint64_t seeds, bool must_meet_all) {
  Tally tally;
  uint64_t done = 0;
  for (; done < seeds || (must_meet_all && done < 2 * seeds && !MetAll(tally, false)); ++done) {
    const Outcome outcome = RunSeed(first + done, false);
    if (!outcome.failure.empty()) return Report(first + done, outcome);
    for (const auto& [name, count] : outcome.tally) tally[name] += count;
    // Now and then, that a seed tells the same story again.
    if (done % 50 == 0 && RunSeed(first + done, false).story != outcome.story) {
      std::cout << "seed " << first + done << " tells another story the second time\n";
      return 1;
    }
  }
  for (const auto& [name, count] : tally)
    std::printf("%10llu  %s\n", static_cast<unsigned long long>(count), name.c_str());
  std::cout << done << " seeds from " << first << ": nothing lost, nothing doubled, every answer "
            << "has its place\n";
  return !must_meet_all || MetAll(tally, true) ? 0 : 1;
}

int Main(int argc, char** argv) {
  for (const int number : {SIGABRT, SIGSEGV, SIGFPE}) signal(number, TellSeed);
  uint64_t seeds = std::getenv("MERIT_LONG") != nullptr ? kSeedsLong : kSeeds;
  uint64_t first = std::random_device{}();
  bool chosen = false;
  bool aloud = false;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    const bool has_value = i + 1 < argc;
    if (flag == "--seed" && has_value) {
      first = std::strtoull(argv[++i], nullptr, 10);
      chosen = true;
    } else if (flag == "--seeds" && has_value) {
      seeds = std::strtoull(argv[++i], nullptr, 10);
    } else if (flag == "--first" && has_value) {
      first = std::strtoull(argv[++i], nullptr, 10);
    } else if (flag == "--aloud") {
      aloud = true;
    } else {
      std::cerr << "sim_test [--seeds N] [--first N] | --seed N [--aloud]\n";
      return 2;
    }
  }
  if (!chosen) {
    std::cout << "seeds from " << first << std::endl;
    return RunSeeds(first, seeds, seeds >= kSeeds);
  }
  const Outcome outcome = RunSeed(first, aloud);
  if (!outcome.failure.empty()) return Report(first, outcome);
  std::cout << "seed " << first << ": all is well, story " << outcome.story << "\n";
  return 0;
}

}  // namespace
}  // namespace meritbook::sim

int main(int argc, char** argv) { return meritbook::sim::Main(argc, argv); }
