// Owns: what clients asked and were told, and when.
// Promises: CheckHistory compares all of it with the log's order: what was acknowledged is there,
//           once; every answer is true at a size of the log that real time allows.
// Thread: one for each History; CheckHistory when all have ended.
#ifndef MERITBOOK_TESTS_E2E_HISTORY_H_
#define MERITBOOK_TESTS_E2E_HISTORY_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/e2e/ledger_story.h"

namespace meritbook::e2e {

// Of one sending whose outcome is known, in microseconds of the monotonic clock.
struct Exchange {
  int64_t sent_us = 0;
  int64_t answered_us = 0;
};

// The answer to a command.
struct Answered {
  Exchange at = {};
  std::string reason = {};  // of the refusal; empty: taken
  std::map<std::string, std::string> metadata = {};
  int64_t wall_us = 0;  // when it was answered, of the machine's clock
  // Of what was taken:
  uint64_t sequence = 0;
  int64_t recorded_us = 0;
  bool already_applied = false;
  size_t response = 0;  // hash of the answer but for `already_applied`
};

// A command, however often it was sent.
struct Deed {
  std::string key = {};  // CommandKey
  // What a refusal may be about.
  std::string volunteer = {};
  std::string item = {};
  std::string owner = {};
  std::string order = {};
  int64_t units = 0;
  uint64_t quantity = 0;
  // Sent with the key of another one that was taken, so it can't be.
  bool conflicts = false;

  int64_t first_sent_us = 0;
  int unknown = 0;  // sendings of unknown outcome
  std::vector<Answered> answers = {};
};

struct WealthRead {
  Exchange at;
  std::string volunteer;
  Wealth wealth;
  uint64_t size = 0;
};

struct ShelfRead {
  Exchange at;
  std::string item;
  Shelf shelf;
  uint64_t size = 0;
};

// A read that demanded more events than there were.
struct NotReached {
  Exchange at;
  uint64_t min_size = 0;
  uint64_t size = 0;
};

// GetByRequestId.
struct LookUp {
  Exchange at;
  std::string key;
  bool found = false;
  uint64_t sequence = 0;
  size_t event = 0;  // hash of the event's bytes
};

// One that followed the events had them up to here.
struct Followed {
  Exchange at;
  uint64_t first_sequence = 0;
  std::vector<size_t> events = {};  // hashes
};

struct History {
  std::vector<Deed> deeds;
  std::vector<WealthRead> wealth_reads;
  std::vector<ShelfRead> shelf_reads;
  std::vector<NotReached> not_reached;
  std::vector<LookUp> look_ups;
  std::vector<Followed> followed;
};

struct Verdict {
  uint64_t calls = 0;
  uint64_t acknowledged = 0;
  uint64_t repeated = 0;  // answers with `already_applied`
  uint64_t unknown = 0;
  uint64_t reads = 0;
  std::map<std::string, uint64_t> refused;  // by reason

  uint64_t lost = 0;                // acknowledged or shown, and not in the log, or not so
  uint64_t doubled = 0;             // took effect twice, or unasked, or was answered in two ways
  uint64_t out_of_order = 0;        // no order that respects real time explains the answer
  std::vector<std::string> faults;  // what these are; the first few
};

// `setup_size` events were there before the first of the calls.
Verdict CheckHistory(const std::vector<const History*>& histories, const LedgerStory& story,
                     uint64_t setup_size);

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_HISTORY_H_
