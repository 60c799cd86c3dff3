// Owns: every request id, record id and order id that the log has used, and which row it is.
// Promises: never misses a repetition; 87 bits of hash make a false one unthinkable, not
// impossible. Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_ID_BOOK_H_
#define MERITBOOK_CLI_AUDIT_ID_BOOK_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

namespace meritbook::audit {

inline constexpr uint32_t kNoRow = 0xFFFF'FFFF;

class IdBook {
 public:
  // Whose ids they are.
  struct Space {
    int scope = 0;
    std::string_view name;  // the source, merchant or principal
  };

  // A request id of one kind of command; whether it was used before.
  bool NoteRequest(const Space& space, int kind, std::string_view id);
  // A record becomes `row`, unless its id was used before; whether it was.
  bool NoteRecord(std::string_view source, std::string_view id, uint32_t row);
  // An order, likewise.
  bool NoteOrder(const Space& space, std::string_view id, uint32_t row);

  // kNoRow where there is none.
  uint32_t FindRecord(std::string_view source, std::string_view id) const;
  uint32_t FindOrder(const Space& space, std::string_view id) const;

 private:
  struct Entry {
    // What an id was used as: bit 0 as a record's, bit n as a request id of commands of kind n.
    static constexpr int kUseBits = 56;
    static constexpr uint64_t kUses = (uint64_t{1} << kUseBits) - 1;

    uint64_t high = 0;
    mutable uint64_t low_and_uses = 0;
    mutable uint32_t record = kNoRow;

    friend bool operator==(const Entry& a, const Entry& b) {
      return a.high == b.high && (a.low_and_uses >> kUseBits) == (b.low_and_uses >> kUseBits);
    }
    template <typename H>
    friend H AbslHashValue(H state, const Entry& entry) {
      return H::combine(std::move(state), entry.high);
    }
  };
  static Entry EntryOf(const Space& space, std::string_view id);
  const Entry& Insert(const Space& space, std::string_view id);

  absl::flat_hash_set<Entry> entries_;
  absl::flat_hash_map<std::pair<uint64_t, uint64_t>, uint32_t> orders_;
  // The entry inserted last: mostly a record's id is its request's, too. Void after the next
  // insert.
  const Entry* last_ = nullptr;
  int last_scope_ = 0;
  std::string last_name_;
  std::string last_id_;
};

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_ID_BOOK_H_
