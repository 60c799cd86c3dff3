// Owns: a record of service as it comes in, whatever the command: whom and what it names, and its
// row. Promises: the record is kept, waiting, wherever its volunteer is known. Thread: one.
#ifndef MERITBOOK_CLI_AUDIT_INCOMING_H_
#define MERITBOOK_CLI_AUDIT_INCOMING_H_

#include <string_view>

#include "cli/audit/books.h"
#include "cli/audit/earning.h"
#include "cli/audit/finding.h"
#include "cli/audit/service.h"
#include "meritbook/v1/command.pb.h"

namespace meritbook::audit {

struct Incoming {
  Named named;
  Service service;
  Record* record = nullptr;  // nothing where the volunteer is unknown
  bool readable = false;     // what it names and its times are known
};

// `source` is the platform whose record it is.
MaybeViolation ReadIncoming(Taking& taking, std::string_view source,
                            const v1::ServiceRecord& posted, Incoming& incoming);
// Whether it may be taken, and what it comes to. Needs a readable one.
MaybeViolation EarnIncoming(const Taking& taking, const Incoming& incoming, Window window,
                            Minutes minutes, EarnedList& earned);
// The record of whatever comes in has a row of its own.
Record& KeepRecord(Taking& taking, Volunteer& volunteer);
MaybeViolation NoteRecord(Taking& taking, std::string_view source, std::string_view record_id);
// Only platforms post records.
MaybeViolation RequireSource(const Taking& taking);

}  // namespace meritbook::audit

#endif  // MERITBOOK_CLI_AUDIT_INCOMING_H_
