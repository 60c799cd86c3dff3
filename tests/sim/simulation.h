// Owns: one run of the simulation: a server, its disk and clock, the towns, and everything that
//       goes wrong, from one seed.
// Promises: the same seed tells the same story. Ends with all faults gone and everybody answered.
// Thread: one.
#ifndef MERITBOOK_TESTS_SIM_SIMULATION_H_
#define MERITBOOK_TESTS_SIM_SIMULATION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/chances.h"
#include "tests/sim/server.h"
#include "tests/sim/simulated_disk.h"
#include "tests/sim/town.h"

namespace meritbook::sim {

struct Outcome {
  std::string failure;  // "" if all is well
  uint64_t story = 0;   // a hash of everything that was told
  Tally tally;
};

class Simulation {
 public:
  // `aloud`: the story goes to standard output.
  Simulation(uint64_t seed, bool aloud);

  Outcome Run();

 private:
  // Which kinds of faults this seed knows, and how often, in chances of a thousand ticks.
  struct Swarm {
    size_t crash_in_a_call = 0;  // at a random operation of the disk
    size_t kill = 0;
    size_t stop = 0;  // cleanly
    size_t disk_trouble = 0;
    size_t full_disk = 0;
    size_t rot = 0;
    size_t clock_step = 0;
    size_t slow_log = 0;  // in a hundred: how often an append is left waiting
    bool power_cuts = false;
    bool notices_rot_late = false;
  };

  void Choose();
  ServerOptions Options();
  void Tick();
  void Disturb();
  void StepServer();
  void RunAppend();
  void Written(AppendResult result);
  void TakeDurable();
  // The log's events from a size on, whatever the disk's mood.
  std::vector<std::string> EventsFrom(const SimulatedEventLog& log, const std::string& town,
                                      uint64_t from);
  void Kill();
  void StopCleanly();
  void Start();
  void Opened(SimulatedEventLog& log);
  void Warned(const std::string& line);
  void Scrub(const SimulatedEventLog& log);
  void ConfirmClock();
  void TroubleDisk();
  void Calm();
  void End();
  void CompareLive();

  bool Lives() const { return server_ != nullptr && !disk_.crashed(); }
  bool Permille(size_t permille) { return permille > 0 && chances_.Permille(permille); }
  void Tell(const std::string& line);
  void Fail(const std::string& what);

  const bool aloud_;
  Outcome outcome_;
  Chances chances_;
  Swarm swarm_;
  RowsHabits habits_;
  SimulatedDisk disk_;
  SimulatedClock clock_;
  std::vector<int64_t> step_walls_;
  std::vector<std::unique_ptr<Town>> towns_;
  std::unique_ptr<Server> server_;
  bool rotten_ = false;  // bits were flipped and not put back
  bool ever_rotten_ = false;
  bool calm_ = false;
  uint64_t salt_ = 0;
  uint64_t free_bytes_floor_ = 0;
  size_t slice_commands_max_ = 512;
  size_t pending_bytes_max_ = 4 << 20;
  int64_t state_interval_us_ = 0;
};

}  // namespace meritbook::sim

#endif  // MERITBOOK_TESTS_SIM_SIMULATION_H_
