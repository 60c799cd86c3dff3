// Owns: the question whether bytes are UTF-8.
// Promises: RFC 3629 to the letter: no overlong forms, no surrogates.
// Thread: any.
#ifndef MERITBOOK_CLI_IMPORT_UTF8_H_
#define MERITBOOK_CLI_IMPORT_UTF8_H_

#include <string_view>

namespace meritbook::cli {

bool IsUtf8(std::string_view text);

}  // namespace meritbook::cli

#endif  // MERITBOOK_CLI_IMPORT_UTF8_H_
