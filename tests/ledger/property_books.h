// Owns: what must hold of any ledger, whatever led to it ("Always true" in the design), worked out
//       from the events alone and held against the state.
// Promises: postings, sums, passbooks and caps are computed here once more, and slowly.
// Thread: one.
#ifndef MERITBOOK_TESTS_LEDGER_PROPERTY_BOOKS_H_
#define MERITBOOK_TESTS_LEDGER_PROPERTY_BOOKS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/state.h"
#include "meritbook/v1/event.pb.h"
#include "tests/ledger/property_mall_books.h"

namespace meritbook::property {

// By account and owner, such as "available v1"; all of them together are zero.
using Accounts = std::map<std::string, int64_t>;

// What an event moves: a function of the event alone.
Accounts PostingsOf(const v1::Event& event);

// Follows the events of one ledger.
class Books {
 public:
  // What is wrong with the next event; "" if nothing.
  std::string Post(const v1::Event& event);
  // What of the state contradicts the events so far, or itself; "" if nothing.
  std::string Check(const State& state) const;

 private:
  using Name = std::pair<std::string, std::string>;  // source, record id
  struct Booked {
    std::string volunteer;
    std::string activity;
    std::string submitted_by;
    std::optional<std::pair<int64_t, int64_t>> interval;
    std::vector<v1::CreditSegment> segments;  // while it counts
    bool award = false;
    bool counts = false;
    std::string disputed_by;  // while somebody does
  };
  void Need(bool holds, const char* what) {
    if (!holds && broken_.empty()) broken_ = what;
  }
  void Envelope(const v1::Event& event);
  void Hours(const v1::Event& event);
  void Orders(const v1::Event& event);
  void People(const v1::Event& event);
  void Bring(const Name& name, const v1::ServiceRecord& service, const v1::Event& event);
  void Count(const Name& name, const v1::Credit& credit);
  void CheckSegment(const Booked& record, const v1::CreditSegment& segment);
  std::string Survivor(std::string volunteer) const;
  std::set<std::string> SelvesOf(const std::string& principal) const;

  std::string broken_;
  uint64_t size_ = 0;
  int64_t recorded_us_ = 0;
  Accounts accounts_;
  std::map<std::string, std::pair<uint64_t, uint64_t>> passbooks_;  // events, the newest's sequence
  std::set<std::string> requests_;
  std::vector<v1::PublishRule> rules_;
  std::map<std::string, std::string> categories_;  // of activities
  std::map<std::string, std::string> selves_;      // of principals
  std::map<std::string, std::string> merged_;
  std::map<std::string, std::string> proposers_;
  std::map<std::string, std::string> activity_submitters_;
  std::map<Name, Booked> records_;
  std::map<std::string, std::string> shoppers_;  // of orders, as they were placed
  MallBooks mall_;
};

// What of the state's rows contradicts its other rows and its indexes; "" if nothing.
std::string BrokenRows(const State& state);

}  // namespace meritbook::property

#endif  // MERITBOOK_TESTS_LEDGER_PROPERTY_BOOKS_H_
