#include "cli/audit/seen_requests.h"

#include "absl/hash/hash.h"
#include "cli/audit/text.h"

namespace meritbook::audit {

SeenRequests::Repeated SeenRequests::Note(const Space& space, std::string_view request_id,
                                          std::string_view subject) {
  if (request_id == subject) {
    const uint64_t before = NoteUses(space, request_id, kRequest | kSubject);
    return {(before & kRequest) != 0, (before & kSubject) != 0};
  }
  Repeated repeated;
  repeated.request = (NoteUses(space, request_id, kRequest) & kRequest) != 0;
  if (!subject.empty()) repeated.subject = (NoteUses(space, subject, kSubject) & kSubject) != 0;
  return repeated;
}

uint64_t SeenRequests::NoteUses(const Space& space, std::string_view id, uint64_t uses) {
  Entry entry;
  entry.high = absl::HashOf(1, space.kind, space.scope, AbslView(space.name), AbslView(id));
  entry.low_and_uses =
      (uint64_t{absl::HashOf(2, space.kind, space.scope, AbslView(space.name), AbslView(id))} &
       ~uint64_t{3}) |
      uses;
  const auto [found, added] = entries_.insert(entry);
  if (added) return 0;
  const uint64_t before = found->low_and_uses & 3;
  found->low_and_uses |= uses;
  return before;
}

}  // namespace meritbook::audit
