#!/usr/bin/env bash
# The direction of includes: cli ─gRPC─► services ─► storage ─► ledger ─► proto. Arrows may include.
# layout_test.sh ROOT
set -euo pipefail
cd "$1"
failed=0

# forbid FOLDER PATTERN WHY: no file below FOLDER includes anything that matches PATTERN.
forbid() {
  local hits
  hits=$(grep -rnE --include='*.h' --include='*.cc' "^#include [<\"]($2)" "$1" || true)
  [ -z "$hits" ] && return
  echo "$3:"
  echo "$hits"
  failed=1
}

forbid ledger 'storage/|services/|cli/' 'ledger is below everything'
forbid storage 'services/|cli/' 'storage is below services and cli'
forbid services 'cli/' 'services is not above cli'
forbid cli 'ledger/|storage/|services/' 'cli is a client: it knows the proto only'
forbid cli/audit 'cli/[b-z]' 'the audit shares nothing with the rest of the command line'
for folder in ledger storage; do
  forbid $folder 'grpc|.*\.grpc\.pb\.h' "$folder never sees gRPC"
done
for folder in ledger services cli; do
  forbid $folder 'rocksdb/' 'only storage knows RocksDB'
done
# What the sanitizer trees build has no gRPC either.
for file in clock call sequencer sequencer_thread state_writer follower summary worker growth; do
  for source in services/$file.h services/$file.cc; do
    [ -e "$source" ] && forbid "$source" 'grpc|.*\.grpc\.pb\.h' 'the sequencer is a library without gRPC'
  done
done
# A test must be able to fail: the check itself finds what it looks for.
probe=$(mktemp -d)
trap 'rm -rf "$probe"' EXIT
printf '#include "services/clock.h"\n' >"$probe/wrong.h"
before=$failed
forbid "$probe" 'services/' 'probe' >/dev/null
if [ "$failed" = "$before" ] && [ "$before" = 0 ]; then
  echo "the check can't fail"
  exit 1
fi
failed=$before
exit $failed
