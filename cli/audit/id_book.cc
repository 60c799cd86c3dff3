#include "cli/audit/id_book.h"

#include "absl/hash/hash.h"
#include "cli/audit/text.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::audit {

static_assert(v1::CommandKind_MAX < 56, "a bit for each kind of command");

IdBook::Entry IdBook::EntryOf(const Space& space, std::string_view id) {
  Entry entry;
  entry.high = absl::HashOf(1, space.scope, AbslView(space.name), AbslView(id));
  entry.low_and_uses =
      uint64_t{absl::HashOf(2, space.scope, AbslView(space.name), AbslView(id))} & ~Entry::kUses;
  return entry;
}

const IdBook::Entry& IdBook::Insert(const Space& space, std::string_view id) {
  if (last_ != nullptr && space.scope == last_scope_ && space.name == last_name_ &&
      id == last_id_) {
    return *last_;
  }
  last_ = &*entries_.insert(EntryOf(space, id)).first;
  last_scope_ = space.scope;
  last_name_ = space.name;
  last_id_ = id;
  return *last_;
}

bool IdBook::NoteRequest(const Space& space, int kind, std::string_view id) {
  const Entry& entry = Insert(space, id);
  const uint64_t use = uint64_t{1} << kind;
  const bool before = (entry.low_and_uses & use) != 0;
  entry.low_and_uses |= use;
  return before;
}

bool IdBook::NoteRecord(std::string_view source, std::string_view id, uint32_t row) {
  const Entry& entry = Insert({v1::REQUEST_SCOPE_SOURCE, source}, id);
  if (entry.record != kNoRow) return true;
  entry.low_and_uses |= 1;
  entry.record = row;
  return false;
}

bool IdBook::NoteOrder(const Space& space, std::string_view id, uint32_t row) {
  const Entry entry = EntryOf(space, id);
  return !orders_.try_emplace({entry.high, entry.low_and_uses}, row).second;
}

uint32_t IdBook::FindRecord(std::string_view source, std::string_view id) const {
  const auto found = entries_.find(EntryOf({v1::REQUEST_SCOPE_SOURCE, source}, id));
  return found == entries_.end() ? kNoRow : found->record;
}

uint32_t IdBook::FindOrder(const Space& space, std::string_view id) const {
  const Entry entry = EntryOf(space, id);
  const auto found = orders_.find({entry.high, entry.low_and_uses});
  return found == orders_.end() ? kNoRow : found->second;
}

}  // namespace meritbook::audit
