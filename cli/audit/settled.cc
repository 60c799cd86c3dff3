#include "cli/audit/settled.h"

#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {

Record* FindRecord(Books& books, const v1::RecordRef& ref) {
  const uint32_t row = books.ids.FindRecord(ref.source(), ref.record_id());
  return row == kNoRow ? nullptr : &books.records[row];
}

MaybeViolation RequireOwnSource(const Taking& taking, const v1::RecordRef& ref) {
  const v1::Event& event = taking.event;
  if (event.scope() != v1::REQUEST_SCOPE_SOURCE || event.source() == ref.source()) {
    return std::nullopt;
  }
  return Violation{Invariant::SOURCE_BINDING_BROKEN,
                   Text(Shown(event.actor()), " of \"", Shown(event.source()),
                        "\" named a record of \"", Shown(ref.source()), "\"")};
}

MaybeViolation FindSettled(const Taking& taking, const v1::RecordRef& ref,
                           std::string_view volunteer_id, Settled& settled) {
  settled.record = FindRecord(taking.books, ref);
  if (settled.record == nullptr) return Unknown("record", ref.record_id());
  settled.volunteer = &Survivor(*settled.record->volunteer);
  if (settled.volunteer->id != volunteer_id) {
    return Violation{Invariant::VOLUNTEER_WRONG,
                     Text("the record is that of ", Shown(settled.volunteer->id), ", found ",
                          Shown(volunteer_id))};
  }
  // What was proposed by one and approved by another was the proposer's to name.
  if (taking.continues) return std::nullopt;
  return RequireOwnSource(taking, ref);
}

}  // namespace meritbook::audit
