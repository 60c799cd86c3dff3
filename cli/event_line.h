// Owns: events as lines that a person reads.
// Promises: one line an event, whatever its kind.
// Thread: the main one.
#ifndef MERITBOOK_CLI_EVENT_LINE_H_
#define MERITBOOK_CLI_EVENT_LINE_H_

#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/table.h"
#include "meritbook/v1/event.pb.h"

namespace meritbook::cli {

// What an event comes to, for a line of it.
struct EventLine {
  std::string kind;       // HoursCredited
  std::string who;        // the volunteer, merchant or other party
  std::string reference;  // the record, order or other id
  int64_t units = 0;      // what it changes in the volunteer's available points
  uint64_t minutes = 0;
};
EventLine LineOf(const v1::Event& event);

// Sequence, time, kind, who, reference, time served, points.
std::vector<std::string> CellsOf(const v1::Event& event, const std::string& zone);

class EventTable {
 public:
  EventTable(const Context& context, std::string zone);
  void Add(const v1::Event& event);
  void Print() const;

 private:
  const Context& context_;
  const std::string zone_;
  Table table_;
};

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_EVENT_LINE_H_
