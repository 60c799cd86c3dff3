// Owns: answers to repeated requests: rebuilt from the first event, or the fields that differ.
// Promises: a repetition with the same content gets the first answer again, however old.
// Thread: any that may wait for the disk.
#ifndef MERITBOOK_SERVICES_FIRST_ANSWER_H_
#define MERITBOOK_SERVICES_FIRST_ANSWER_H_

#include <string>
#include <variant>
#include <vector>

#include "google/protobuf/message.h"
#include "ledger/command.h"
#include "ledger/ledger.h"
#include "meritbook/v1/event.pb.h"
#include "storage/event_log.h"

namespace meritbook {

// One durable event.
std::variant<v1::Event, Refused> ReadEvent(const EventLog& log, const std::string& ledger_id,
                                           uint64_t sequence);

// Paths of the fields in which two messages of one type differ, such as "interval.end_us".
std::vector<std::string> DifferingFields(const google::protobuf::Message& a,
                                         const google::protobuf::Message& b);

// True for an answer that needs the log: a repetition, or a conflict that has to name its fields.
bool NeedsLog(const Answer& answer);

// AlreadyApplied becomes the first event, with its bytes' fields; a conflict names what differs;
// everything else stays.
struct FirstAnswer {
  v1::Event event;
};
std::variant<FirstAnswer, Refused> ResolveFromLog(const EventLog& log, const std::string& ledger_id,
                                                  const Command& command, const Answer& answer);

}  // namespace meritbook

#endif  // MERITBOOK_SERVICES_FIRST_ANSWER_H_
