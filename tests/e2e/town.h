// Owns: a running server with one ledger that is ready for hours, and a client for each dev role.
// Promises: what it sets up is checked; the town lives as long as this object.
// Thread: one; the clients may be used from any.
#ifndef MERITBOOK_TESTS_E2E_TOWN_H_
#define MERITBOOK_TESTS_E2E_TOWN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "meritbook/v1/event.pb.h"
#include "tests/e2e/client.h"
#include "tests/e2e/requests.h"
#include "tests/e2e/server_process.h"

namespace meritbook::e2e {

class Town {
 public:
  // A live ledger kLedger with the rule, the activity, the session and the volunteer `ann`.
  explicit Town(int recording_unit_minutes = 15, ServerOptions options = {});

  ServerProcess& server() { return server_; }
  const Client& operators() const { return *operators_; }
  const Client& committee() const { return *committee_; }
  const Client& platform() const { return *platform_; }
  const Client& auditor() const { return *auditor_; }
  // One who was registered in the ledger with Principal().
  Client As(const std::string& principal) const { return {server_.port(), KeyOf(principal)}; }

  // Starts the server, which must not be running, and connects anew.
  void Start();
  // Disconnects, then stops the server: it would wait for a client that sleeps. Its exit code.
  int Stop();

  v1::Balance BalanceOf(const std::string& volunteer) const;
  v1::ShelfItem ItemOf(const std::string& item) const;
  uint64_t Size() const;
  std::vector<v1::Event> Events(uint64_t from = 0) const;
  v1::Record RecordOf(const std::string& record) const;
  // All that waits, in pages of this size.
  std::vector<v1::Review> Reviews(uint32_t page_size = 1'024) const;
  // All that the ledger answers about its state: balances, totals, what waits, and these records.
  std::string State(const std::vector<std::string>& records) const;

 private:
  ServerProcess server_;
  std::optional<Client> operators_;
  std::optional<Client> committee_;
  std::optional<Client> platform_;
  std::optional<Client> auditor_;
};

// All of a ledger's events from a sequence on, as the stream has them.
std::vector<v1::Event> EventsOf(const Client& auditor, const std::string& ledger, uint64_t from);

// The events as text, one a line, without their salt: equal for equal histories.
std::string WithoutSalt(const std::vector<v1::Event>& events);

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_TOWN_H_
