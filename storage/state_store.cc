#include "storage/state_store.h"

namespace meritbook {

StateStore::~StateStore() = default;

}  // namespace meritbook
