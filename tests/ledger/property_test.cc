// Random commands from a small world (property_world.h), through the ledger and through the model
// (model.h): after each of them both must have said the same and be in the same state
// (property_play.h).
//
// MERIT_PROPERTY_CASES   play so many histories, instead of 100,000 commands
// MERIT_PROPERTY_SEED    the first history's seed; the others' count up from there
// MERIT_PROPERTY_SHRINK_SECONDS   how long a history that fails may take to be made short
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iomanip>
#include <iostream>
#include <random>

#include "ledger/refusal.h"
#include "ledger/text.h"
#include "tests/ledger/property_play.h"
#include "tests/ledger/property_shrink.h"

namespace meritbook::property {
namespace {

constexpr uint64_t kCommandsByDefault = 100'000;
constexpr uint64_t kCommandsLong = 2'000'000;  // with MERIT_LONG=1
constexpr uint64_t kTimesMax = 3;              // as many commands, until everything was met
constexpr uint64_t kShrinkSecondsByDefault = 20;

// What no command can be refused for here: it is said by the service, of roles, batches and itself.
const std::set<v1::Refusal> kUnreachable = {
    v1::REFUSAL_UNSPECIFIED,      v1::REFUSAL_ROLE_MISSING,  v1::REFUSAL_BATCH_TOO_LARGE,
    v1::REFUSAL_REQUEST_UNKNOWN,  v1::REFUSAL_QUEUE_FULL,    v1::REFUSAL_STORAGE_LOW,
    v1::REFUSAL_OUTCOME_UNKNOWN,  v1::REFUSAL_CLOCK_SUSPECT, v1::REFUSAL_DEADLINE_EXCEEDED,
    v1::REFUSAL_STOPPING,         v1::REFUSAL_INTERNAL,      v1::REFUSAL_SEQUENCE_NOT_REACHED,
    v1::REFUSAL_REPORT_NOT_YOURS, v1::REFUSAL_LOG_DAMAGED,   v1::REFUSAL_BACKUP_NOT_CONFIGURED,
    v1::REFUSAL_BACKUP_UNDER_WAY, v1::REFUSAL_BACKUP_FAILED};

std::string Command(uint64_t seed) {
  return Text("MERIT_PROPERTY_SEED=", seed, " MERIT_PROPERTY_CASES=1 ledger_property_test");
}

// For the last words of an abort, which has no time to put a text together.
char last_words[256];

void OnAbort(int) {
  const ssize_t ignored = ::write(STDERR_FILENO, last_words, std::strlen(last_words));
  static_cast<void>(ignored);
}

std::optional<uint64_t> FromEnvironment(const char* name) {
  const char* const text = std::getenv(name);
  if (text == nullptr) return std::nullopt;
  return std::strtoull(text, nullptr, 10);
}

void Print(const Tally& tally, double seconds) {
  uint64_t events = 0;
  for (const auto& [body, count] : tally.events) events += count;
  std::cout << tally.histories << " histories, " << tally.commands << " commands, " << events
            << " events in " << std::fixed << std::setprecision(1) << seconds << " s\n";
  for (const auto& [command, answers] : tally.answers) {
    std::multimap<uint64_t, std::string, std::greater<>> sorted;
    for (const auto& [answer, count] : answers) sorted.emplace(count, answer);
    std::cout << "  " << std::left << std::setw(22) << command;
    for (const auto& [count, answer] : sorted) std::cout << " " << answer << " " << count;
    std::cout << "\n";
  }
  for (const auto& [body, count] : tally.events) {
    std::cout << "  " << std::left << std::setw(22) << body << " " << count << "\n";
  }
  for (const auto& [what, count] : tally.met) std::cout << "  " << what << ": " << count << "\n";
}

// A run without one of these tests less than it says: what it hasn't met yet.
std::vector<std::string> Missing(const Tally& tally) {
  std::vector<std::string> missing;
  const auto* commands = v1::CommandKind_descriptor();
  std::map<std::string, uint64_t> answers;
  std::set<std::string> accepted;
  for (const auto& [command, by_answer] : tally.answers) {
    for (const auto& [answer, count] : by_answer) {
      answers[answer] += count;
      if (answer == "ok") accepted.insert(command);
    }
  }
  // All kinds but the unspecified one.
  if (accepted.size() != static_cast<size_t>(commands->value_count() - 1)) {
    missing.push_back(Text("only ", accepted.size(), " kinds of commands are accepted"));
  }
  const auto* bodies = v1::Event::descriptor()->FindOneofByName("body");
  for (int i = 0; i < bodies->field_count(); ++i) {
    const std::string& body = bodies->field(i)->message_type()->name();
    if (tally.events.count(body) == 0) missing.push_back(body);
  }
  const auto* refusals = v1::Refusal_descriptor();
  for (int i = 0; i < refusals->value_count(); ++i) {
    const auto refusal = static_cast<v1::Refusal>(refusals->value(i)->number());
    if (kUnreachable.count(refusal) != 0) continue;
    const std::string name(RefusalName(refusal));
    if (answers.count(name) == 0) missing.push_back(name);
  }
  if (answers.count("again") == 0) missing.push_back("again");
  for (const auto& [what, count] : tally.met) {
    if (count == 0) missing.push_back(what);
  }
  return missing;
}

TEST(Property, TheLedgerAndTheModelAgree) {
  const auto cases = FromEnvironment("MERIT_PROPERTY_CASES");
  const uint64_t commands =
      std::getenv("MERIT_LONG") != nullptr ? kCommandsLong : kCommandsByDefault;
  const uint64_t first_seed =
      FromEnvironment("MERIT_PROPERTY_SEED").value_or(std::random_device()());
  std::cout << "seeds from " << first_seed << "; the first again: " << Command(first_seed) << "\n";
  std::signal(SIGABRT, OnAbort);
  const auto begun = std::chrono::steady_clock::now();
  Tally tally;
  // On until everything was met, but not for ever.
  const auto goes_on = [&] {
    if (cases) return tally.histories < *cases;
    if (tally.commands < commands) return true;
    return tally.commands < kTimesMax * commands && !Missing(tally).empty();
  };
  for (uint64_t seed = first_seed; goes_on(); ++seed) {
    const std::string again = Text("\nthe same again: ", Command(seed), "\n");
    std::snprintf(last_words, sizeof last_words, "%s", again.c_str());
    Played played;
    if (cases == 1) {
      // Without the ledger, which may abort; then in a process of its own.
      Model model;
      const Turns turns = Random(seed);
      while (const auto turn = turns(model)) {
        played.history.push_back(*turn);
        if (turn->asks.empty()) {
          model.Sweep(turn->wall_us);
        } else if (turn->atomic) {
          model.ExecuteAtomic(turn->asks, turn->wall_us);
        } else {
          model.Execute(turn->asks.front(), turn->wall_us);
        }
      }
      played.failure = FailureOf(played.history);
    }
    if (played.failure.empty()) played = Play(Random(seed), &tally);
    if (played.failure.empty()) continue;
    const uint64_t seconds_max =
        FromEnvironment("MERIT_PROPERTY_SHRINK_SECONDS").value_or(kShrinkSecondsByDefault);
    const History shrunk = Shrunk(played.history, static_cast<int>(seconds_max));
    FAIL() << FailureOf(shrunk) << again;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  Print(tally, took.count());
  if (tally.commands < kCommandsByDefault) return;
  for (const std::string& what : Missing(tally)) ADD_FAILURE() << "never met: " << what;
}

}  // namespace
}  // namespace meritbook::property
