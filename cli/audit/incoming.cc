#include "cli/audit/incoming.h"

#include "cli/audit/body.h"
#include "cli/audit/require.h"
#include "cli/audit/text.h"

namespace meritbook::audit {

Record& KeepRecord(Taking& taking, Volunteer& volunteer) {
  Record& record = taking.books.records.emplace_back();
  record.volunteer = &volunteer;
  record.submitted_by = taking.actor;
  return record;
}

MaybeViolation NoteRecord(Taking& taking, std::string_view source, std::string_view record_id) {
  // The record stands at the back already.
  const auto row = static_cast<uint32_t>(taking.books.records.size() - 1);
  const bool before = taking.books.ids.NoteRecord(source, record_id, row);
  if (auto violation = RequireId("record_id", record_id)) return violation;
  if (!before) return std::nullopt;
  return Violation{Invariant::RECORD_REPEATED,
                   Text(Shown(record_id), " of \"", Shown(source), "\" stands in the log before")};
}

MaybeViolation RequireSource(const Taking& taking) {
  if (taking.event.scope() == v1::REQUEST_SCOPE_SOURCE) return std::nullopt;
  return Violation{Invariant::SCOPE_WRONG, "only who posts for a platform posts records"};
}

MaybeViolation ReadIncoming(Taking& taking, std::string_view source,
                            const v1::ServiceRecord& posted, Incoming& incoming) {
  auto violation = FindNamed(taking.books, posted, incoming.named);
  const Named& named = incoming.named;
  if (named.volunteer == nullptr) return violation;
  Record& record = KeepRecord(taking, *named.volunteer);
  incoming.record = &record;
  auto repeated = NoteRecord(taking, source, posted.record_id());
  record.activity = named.activity;
  record.session = named.session;
  auto unreadable = ReadService(taking.books.days, posted, incoming.service);
  if (!unreadable) {
    record.start_us = incoming.service.start_us;
    record.first_day = incoming.service.first_day;
    record.minutes = static_cast<uint32_t>(incoming.service.minutes);
  }
  incoming.readable = !violation && !unreadable;
  if (!violation) violation = std::move(unreadable);
  return violation ? violation : repeated;
}

MaybeViolation EarnIncoming(const Taking& taking, const Incoming& incoming, Window window,
                            Minutes minutes, EarnedList& earned) {
  const Named& named = incoming.named;
  const Service& service = incoming.service;
  if (auto violation = CheckService(taking, service, *named.activity, named.session, window)) {
    return violation;
  }
  if (auto violation = Earn(taking, *named.volunteer, *named.activity, service, minutes, earned)) {
    return violation;
  }
  return RequireOccurred(taking, service.OccurredUs(taking.books.days));
}

}  // namespace meritbook::audit
