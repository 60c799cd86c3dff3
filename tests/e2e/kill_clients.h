// Owns: the clients of a town whose server is killed again and again.
// Promises: as caller.h.
// Thread: as caller.h.
#ifndef MERITBOOK_TESTS_E2E_KILL_CLIENTS_H_
#define MERITBOOK_TESTS_E2E_KILL_CLIENTS_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/caller.h"

namespace meritbook::e2e {

// Whom all tills serve, so that their orders meet.
inline constexpr int kCustomers = 5;
std::string Customer(int number);

// Credits a minute at a time, asks what became of it, reads.
std::unique_ptr<Caller> NewCreditor(Stage& stage, int number, const std::string& key,
                                    uint64_t seed);
// The same by the batch, bad items among good ones.
std::unique_ptr<Caller> NewBatchCreditor(Stage& stage, int number, const std::string& key,
                                         uint64_t seed);
// Holds, confirms, cancels, lets time out, refunds and redeems at the bakery.
std::unique_ptr<Caller> NewTill(Stage& stage, int number, const std::string& key,
                                const std::string& source, uint64_t seed);
// Brings what is scarce, and gives the customers points.
std::unique_ptr<Caller> NewSupplier(Stage& stage, int number, const std::string& key,
                                    uint64_t seed);
// Follows the events.
std::unique_ptr<Caller> NewFollower(Stage& stage, const std::string& auditor_key, uint64_t seed);

// The volunteers that a creditor of this number posts for.
std::vector<std::string> VolunteersOf(int creditor);

}  // namespace meritbook::e2e

#endif  // MERITBOOK_TESTS_E2E_KILL_CLIENTS_H_
