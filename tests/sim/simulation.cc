#include "tests/sim/simulation.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/match.h"
#include "ledger/text.h"
#include "storage/scrub_pass.h"

namespace meritbook::sim {
namespace {

constexpr int kTicks = 2'500;
constexpr int kCalmTicksMax = 60'000;
constexpr char kDir[] = "/data";

constexpr uint64_t kFnvPrime = 1099511628211u;

}  // namespace

Simulation::Simulation(uint64_t seed, bool aloud) : aloud_(aloud), chances_(seed), disk_(~seed) {
  outcome_.story = 14695981039346656037u;
  Choose();
}

void Simulation::Tell(const std::string& line) {
  for (const char c : line) {
    outcome_.story = (outcome_.story ^ static_cast<unsigned char>(c)) * kFnvPrime;
  }
  if (aloud_) std::printf("%s\n", line.c_str());
}

void Simulation::Fail(const std::string& what) {
  if (outcome_.failure.empty()) outcome_.failure = what;
}

// Each seed knows some of the faults only, so that none hides behind another.
void Simulation::Choose() {
  const auto sometimes = [&](size_t most) {
    return chances_.Percent(50) ? 1 + chances_.Below(most) : 0;
  };
  swarm_.crash_in_a_call = sometimes(20);
  swarm_.kill = sometimes(6);
  swarm_.stop = sometimes(6);
  swarm_.disk_trouble = sometimes(10);
  swarm_.full_disk = sometimes(8);
  swarm_.rot = chances_.Percent(30) ? sometimes(6) : 0;
  swarm_.clock_step = sometimes(6);
  swarm_.slow_log = sometimes(80);
  swarm_.power_cuts = chances_.Percent(70);
  swarm_.notices_rot_late = chances_.Percent(50);
  habits_.silent_about_damage = chances_.Percent(50);
  habits_.verifies_reads = chances_.Percent(50);
  slice_commands_max_ = chances_.Percent(50) ? 512 : 1 + chances_.Below(4);
  pending_bytes_max_ = chances_.Percent(50) ? 4 << 20 : 200 + chances_.Below(4'000);
  state_interval_us_ =
      chances_.Percent(50) ? 0 : static_cast<int64_t>(chances_.Below(3'600)) * 1'000'000;
  free_bytes_floor_ = chances_.Percent(50) ? 0 : 20'000;

  Surroundings surroundings{.chances = &chances_,
                            .tally = &outcome_.tally,
                            .network = {.loses_request = sometimes(20),
                                        .loses_answer = sometimes(20),
                                        .repeats = sometimes(20),
                                        .gives_up = sometimes(30),
                                        .has_deadline = sometimes(30)},
                            .tell = [this](const std::string& line) { Tell(line); },
                            .step_walls = &step_walls_,
                            .server_lives = [this] { return Lives(); },
                            .monotonic_us = [this] { return clock_.MonotonicUs(); }};
  const size_t towns = chances_.Percent(60) ? 1 : 2;
  for (size_t i = 0; i < towns; ++i) {
    towns_.push_back(std::make_unique<Town>(Text("town", i), chances_.Word(), surroundings));
  }
}

ServerOptions Simulation::Options() {
  return {.log = {.disk = &disk_,
                  .dir = kDir,
                  .habits = habits_,
                  .clock = &clock_,
                  .nonce = [this] { return chances_.Word(); },
                  .free_bytes_floor = free_bytes_floor_,
                  .warn = [this](std::string_view line) { Warned(std::string(line)); },
                  .on_written = [this](AppendResult result) { Written(result); }},
          .slice_commands_max = slice_commands_max_,
          .pending_bytes_max = pending_bytes_max_,
          .state_interval_us = state_interval_us_,
          .salt = [this] { return ++salt_; },
          .warn = [this](const std::string& line) { Warned(line); },
          .on_log = [this](SimulatedEventLog& log) { Opened(log); }};
}

Outcome Simulation::Run() {
  for (int i = 0; i < kTicks && outcome_.failure.empty(); ++i) Tick();
  if (outcome_.failure.empty()) Calm();
  if (outcome_.failure.empty()) End();
  server_.reset();
  for (const auto& [name, count] : disk_.met) outcome_.tally["disk: " + name] += count;
  return std::move(outcome_);
}

void Simulation::Tick() {
  for (const auto& town : towns_) {
    if (!town->auditor().failure().empty()) Fail(Text(town->id(), ": ", town->auditor().failure()));
  }
  if (server_ != nullptr && disk_.crashed()) {
    Tell("the process is dead");
    ++outcome_.tally["crash"];
    Kill();
  }
  if (server_ == nullptr) {
    if (chances_.Percent(50)) Start();
    return;
  }
  Disturb();
  if (!Lives()) return;
  Town& town = *towns_[chances_.Below(towns_.size())];
  switch (chances_.Below(12)) {
    case 0:
    case 1: {
      int64_t wall_us = clock_.wall_us;
      if (town.Wish(&wall_us) && wall_us > clock_.wall_us) clock_.Advance(wall_us - clock_.wall_us);
      return;
    }
    case 2:
      if (chances_.Percent(40)) town.WishToRead();
      return;
    case 3:
    case 4:
    case 5:
      town.Deliver([this](Call call) { server_->sequencer().Enqueue(std::move(call)); });
      return;
    case 6:
    case 7:
      return StepServer();
    case 8:
    case 9:
      if (!chances_.Percent(swarm_.slow_log)) RunAppend();
      return;
    case 10:
      if (chances_.Percent(50)) server_->RunStateWork();
      if (server_->log() == nullptr) return;
      server_->log()->SyncDueGuards();
      if (chances_.Percent(10)) Scrub(*server_->log());
      return;
    case 11:
      clock_.Advance(static_cast<int64_t>(chances_.Below(2'000'000)));
      if (chances_.Percent(30)) town.AskAgain(false);
      return;
  }
}

void Simulation::Disturb() {
  // A wrong bit is fault enough: a guard torn beside a damaged log would be two.
  disk_.tears = !rotten_;
  if (Permille(swarm_.crash_in_a_call)) disk_.CrashAfter(chances_.Below(12));
  if (Permille(swarm_.kill)) {
    Tell("killed");
    ++outcome_.tally["kill"];
    disk_.Kill();
    return;
  }
  if (Permille(swarm_.stop)) return StopCleanly();
  if (Permille(swarm_.disk_trouble)) TroubleDisk();
  if (Permille(swarm_.full_disk)) {
    const bool full = disk_.capacity_bytes == UINT64_MAX;
    disk_.capacity_bytes = full ? disk_.used_bytes() + chances_.Below(3'000) : UINT64_MAX;
    Tell(full ? "the disk is full" : "there is room");
    ++outcome_.tally["disk full or freed"];
  }
  // One at a time: a log and the newest slot of its guard, both damaged at once, are two faults.
  if (Permille(swarm_.rot) && !rotten_) {
    std::string path;
    if (disk_.Rot(&path)) {
      Tell(Text("a bit of ", path, " flips"));
      rotten_ = ever_rotten_ = true;
    }
  }
  if (Permille(swarm_.clock_step)) {
    const int64_t seconds =
        chances_.Percent(50) ? 30 : 90 + static_cast<int64_t>(chances_.Below(9'000));
    clock_.wall_us += (chances_.Percent(50) ? 1 : -1) * seconds * 1'000'000;
    Tell("the wall clock steps");
    ++outcome_.tally["wall clock stepped"];
  }
  if (Permille(8)) ConfirmClock();
}

void Simulation::TroubleDisk() {
  if (chances_.Percent(50)) {
    disk_.faults = {};
    return;
  }
  disk_.faults = {.write_fails = chances_.Percent(50) ? chances_.Below(100) : 0,
                  .sync_fails = chances_.Percent(50) ? chances_.Below(100) : 0,
                  .name_fails = chances_.Percent(50) ? chances_.Below(100) : 0,
                  .read_fails = chances_.Percent(30) ? chances_.Below(30) : 0};
  Tell("the disk is in trouble");
}

void Simulation::Scrub(const SimulatedEventLog& log) {
  ScrubPass pass(log);
  while (!pass.done()) {
    const absl::StatusOr<uint64_t> verified = pass.Next(log, 100'000);
    if (verified.ok()) continue;
    Tell(Text("scrubbing: ", MessageOf(verified.status())));
    if (absl::IsDataLoss(verified.status())) {
      ++outcome_.tally["damage found by scrubbing"];
      if (!rotten_) Fail(Text("damage without a cause: ", MessageOf(verified.status())));
    }
    return;
  }
}

void Simulation::ConfirmClock() {
  Call call;
  call.confirms_clock = true;
  call.done = [](const std::vector<Answer>&) {};
  server_->sequencer().Enqueue(std::move(call));
}

void Simulation::StepServer() {
  step_walls_.push_back(clock_.WallUs());
  server_->sequencer().Step();
}

void Simulation::RunAppend() {
  SimulatedEventLog* const log = server_->log();
  if (log == nullptr || !log->in_flight()) return;
  log->RunJob();
}

void Simulation::Written(AppendResult result) {
  if (!Lives()) return;
  if (result == AppendResult::kDurable) TakeDurable();
  Tell(result == AppendResult::kDurable ? "durable" : "unknown");
  if (result != AppendResult::kDurable) ++outcome_.tally["append of unknown outcome"];
}

std::vector<std::string> Simulation::EventsFrom(const SimulatedEventLog& log,
                                                const std::string& town, uint64_t from) {
  disk_.observed = true;
  const auto run = log.Read(town, from, SIZE_MAX, SIZE_MAX);
  disk_.observed = false;
  std::vector<std::string> events;
  if (!run.ok()) {
    // What rotted is refused, not shown.
    if (!rotten_) Fail(Text("the log can't be read: ", MessageOf(run.status())));
    return events;
  }
  for (size_t i = 0; i < run->size(); ++i) events.emplace_back((*run)[i]);
  return events;
}

void Simulation::TakeDurable() {
  for (const auto& town : towns_) {
    town->auditor().Take(EventsFrom(*server_->log(), town->id(), town->auditor().size()));
  }
}

void Simulation::Opened(SimulatedEventLog& log) {
  if (disk_.crashed()) return;
  for (const auto& town : towns_) {
    const std::vector<std::string> events = EventsFrom(log, town->id(), 0);
    if (!rotten_ || !events.empty()) town->auditor().TakeAgain(events);
  }
  std::string sizes;
  for (const std::string& ledger : log.Ledgers()) sizes += Text(" ", ledger, ":", log.Size(ledger));
  Tell("the log is open" + sizes);
}

void Simulation::Warned(const std::string& line) {
  if (disk_.crashed()) return;
  Tell("warned: " + line);
  const bool discarded = absl::StrContains(line, "stored state discarded") ||
                         absl::StrContains(line, "state store starts empty");
  if (discarded) ++outcome_.tally["state built anew"];
  if (discarded && !ever_rotten_) Fail("without a cause: " + line);
}

void Simulation::Start() {
  // Nor does the power go while a bit is wrong: guards are synced each second only.
  disk_.Restart(swarm_.power_cuts && !rotten_ && chances_.Percent(50));
  server_ = std::make_unique<Server>(Options());
  const absl::Status started = server_->Start();
  Tell(Text("start: ", started.ok() ? "ok" : MessageOf(started)));
  ++outcome_.tally[started.ok() ? "started" : "start failed"];
  if (started.ok()) return;
  if (absl::IsDataLoss(started) && !disk_.crashed()) {
    if (!ever_rotten_) Fail(Text("refused without a cause: ", MessageOf(started)));
    ++outcome_.tally["refused damage"];
    // The operator puts back what rotted, as from a mirror.
    disk_.UndoRot();
    rotten_ = false;
  }
  disk_.Kill();
  server_.reset();
  for (const auto& town : towns_) town->LoseAll();
}

void Simulation::Kill() {
  disk_.Kill();
  server_.reset();
  for (const auto& town : towns_) town->LoseAll();
}

void Simulation::StopCleanly() {
  // As SequencerThread stops: what was accepted is answered first.
  for (int i = 0; i < 1'000 && server_->sequencer().Busy() && Lives(); ++i) {
    StepServer();
    RunAppend();
  }
  if (!Lives() || server_->sequencer().Busy()) return;
  const absl::Status closed = server_->sequencer().Close();
  if (!Lives()) return;
  Tell(Text("stopped: ", closed.ok() ? "ok" : MessageOf(closed)));
  ++outcome_.tally["stopped"];
  Kill();
}

void Simulation::Calm() {
  Tell("all is well from now on");
  calm_ = true;
  swarm_ = {};
  disk_.faults = {};
  disk_.capacity_bytes = UINT64_MAX;
  disk_.UndoRot();
  rotten_ = false;
  for (const auto& town : towns_) town->Calm();
  // A log that remembers damage takes nothing more; a new process does.
  if (server_ != nullptr) Kill();
  const auto open = [&] {
    return std::any_of(towns_.begin(), towns_.end(), [](const auto& town) {
      return town->has_open_wishes() || town->has_messages();
    });
  };
  for (int i = 0; i < kCalmTicksMax && outcome_.failure.empty(); ++i) {
    for (const auto& town : towns_) {
      if (!town->auditor().failure().empty()) {
        return Fail(Text(town->id(), ": ", town->auditor().failure()));
      }
    }
    if (!open()) return;
    if (server_ == nullptr) {
      Start();
      if (server_ != nullptr) ConfirmClock();
      continue;
    }
    for (const auto& town : towns_) {
      town->AskAgain(true);
      while (town->Deliver([this](Call call) { server_->sequencer().Enqueue(std::move(call)); })) {
      }
    }
    StepServer();
    RunAppend();
    server_->RunStateWork();
    clock_.Advance(100'000);
  }
  Fail("it never comes back to life");
}

void Simulation::End() {
  for (int restart = 0; restart < 2 && outcome_.failure.empty(); ++restart) {
    if (restart == 1 || server_ == nullptr) {
      if (server_ != nullptr) {
        StopCleanly();
        if (server_ != nullptr) return Fail("it can't be stopped");
      }
      Start();
      if (server_ == nullptr) return Fail("it doesn't start again");
    }
    CompareLive();
  }
  for (const auto& town : towns_) {
    if (!town->auditor().failure().empty()) Fail(Text(town->id(), ": ", town->auditor().failure()));
    if (const std::string wrong = town->CheckEnd(); !wrong.empty()) Fail(wrong);
    outcome_.tally["events"] += town->auditor().size();
  }
}

// What the server holds is what the model comes to.
void Simulation::CompareLive() {
  for (const auto& town : towns_) {
    auto difference = std::make_shared<std::string>("a read was never answered");
    Call call;
    call.ledger_id = town->id();
    call.read = [&auditor = town->auditor(), difference](const Ledger& ledger) {
      *difference = auditor.Compare(ledger.state());
    };
    call.done = [difference](const std::vector<Answer>& answers) {
      if (!answers.empty()) difference->clear();  // there is no such ledger
    };
    for (int i = 0; i < 100 && server_->sequencer().Busy(); ++i) {
      StepServer();
      RunAppend();
    }
    server_->sequencer().Enqueue(std::move(call));
    for (int i = 0; i < 100 && server_->sequencer().Busy(); ++i) {
      StepServer();
      RunAppend();
    }
    if (!difference->empty()) Fail(Text(town->id(), " at the end:\n", *difference));
  }
}

}  // namespace meritbook::sim
