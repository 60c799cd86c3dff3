// Owns: every request id, record id and order id that the log has used.
// Promises: never misses a repetition; 126 bits of hash make a false one unthinkable, not
// impossible. Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_SEEN_REQUESTS_H_
#define MERITBOOK_CLI_AUDIT_SEEN_REQUESTS_H_

#include <cstdint>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_set.h"

namespace meritbook::audit {

class SeenRequests {
 public:
  // Whose ids they are, and of which kind of command.
  struct Space {
    int kind = 0;
    int scope = 0;
    std::string_view name;  // the source, merchant or principal
  };
  struct Repeated {
    bool request = false;
    bool subject = false;
  };

  // `subject` is the record or order; empty for commands that have none. Mostly it equals the
  // request id: then one look-up does for both.
  Repeated Note(const Space& space, std::string_view request_id, std::string_view subject);

 private:
  enum Use : uint64_t { kRequest = 1, kSubject = 2 };

  // Sixteen bytes: the uses are the low bits of the second word.
  struct Entry {
    uint64_t high = 0;
    mutable uint64_t low_and_uses = 0;

    friend bool operator==(const Entry& a, const Entry& b) {
      return a.high == b.high && (a.low_and_uses >> 2) == (b.low_and_uses >> 2);
    }
    template <typename H>
    friend H AbslHashValue(H state, const Entry& entry) {
      return H::combine(std::move(state), entry.high);
    }
  };

  // Notes the uses of an id; returns those that it had before.
  uint64_t NoteUses(const Space& space, std::string_view id, uint64_t uses);

  absl::flat_hash_set<Entry> entries_;
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_SEEN_REQUESTS_H_
