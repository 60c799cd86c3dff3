// Owns: the filling in of an event's words, in parts: event_words.cc has volunteers and hours,
// mall_event_words.cc merchants, orders and settlement.
// Promises: one description for one event. Thread: one.
#ifndef MERITBOOK_CLI_EVENT_DESCRIPTION_H_
#define MERITBOOK_CLI_EVENT_DESCRIPTION_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "cli/event_words.h"

namespace meritbook::cli {

// With blanks between those that aren't empty.
std::string Joined(std::initializer_list<std::string_view> parts);

class Description {
 public:
  Description(const v1::Event& event, Language language, absl::TimeZone zone);

  EventWords Take();

 private:
  const char* Say(const char* english, const char* chinese) const {
    return Pick(language_, english, chinese);
  }
  void What(const char* english, const char* chinese, std::string about = "") {
    words_.what = Say(english, chinese);
    words_.about = std::move(about);
  }
  void Of(const std::string& volunteer_id) { words_.volunteer_id = volunteer_id; }
  void Of(const std::string& volunteer_id, int64_t units) {
    Of(volunteer_id);
    words_.units = units;
  }

  void Fill();
  // Records of service.
  void Credited(const v1::ServiceRecord& record, const v1::Credit& credit);
  void AddMaturity(const v1::Credit& credit);
  void Reviewed(const v1::HoursReviewed& body);
  template <typename Body>
  void SubmittedOrWaiting(const Body& body);

  // Merchants and items.
  void MallChanged();
  // Orders, from the hold to the refund.
  void Ordered();
  void Held(const std::string& order_id, const std::string& merchant_id, const v1::Hold& hold);
  void Confirmed(const v1::OrderConfirmed& body);
  void Ended(const v1::HoldEnded& body, const std::string& reason_code);
  // Budgets, statements, payments, closed months.
  void Settled();
  void Money(const v1::Amounts& amounts);

  const v1::Event& event_;
  const Language language_;
  const absl::TimeZone zone_;
  EventWords words_;
};

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_EVENT_DESCRIPTION_H_
