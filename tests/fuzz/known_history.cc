#include "tests/fuzz/known_history.h"

#include <memory>

#include "ledger/ledger.h"
#include "tests/ledger/property_command.h"
#include "tests/ledger/property_play.h"

namespace meritbook::fuzz {
namespace {

// A live ledger with orders, records and proposals.
constexpr uint64_t kSeed = 5;
constexpr size_t kEventsMin = 90;

}  // namespace

std::vector<std::string> KnownHistory() {
  model::Model model;
  property::World world(model, property::Chances(kSeed));
  Ledger ledger("linhai");
  std::vector<std::string> events;
  uint64_t salt = 0;
  const auto next_salt = [&salt] { return ++salt; };
  while (events.size() < kEventsMin) {
    const property::Turn turn = world.Next();
    if (turn.asks.size() != 1) continue;
    const model::Ask& ask = turn.asks.front();
    const Caller caller = property::CallerOf(ask);
    auto command = property::CommandOf(ask, caller);
    if (!std::holds_alternative<Command>(command)) continue;
    model.Execute(ask, turn.wall_us);
    model.TakeEmitted();
    ledger.Execute(std::get<Command>(command), {turn.wall_us, next_salt},
                   [&](std::string_view event) { events.emplace_back(event); });
  }
  return events;
}

}  // namespace meritbook::fuzz
