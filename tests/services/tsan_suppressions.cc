// RocksDB and the zstd it uses come from Debian and are built without the thread sanitizer, which
// so sees the memcmp, free and close that they call, but not the atomic reference counts that put
// them in order, and takes "a reader's last use, then another thread's free" for a race. Reports
// with a frame of these libraries are left out; they call none of our code but what takes their
// warnings. (called_from_lib would be narrower, but hides RocksDB's mutexes too, and so makes 40
// new ones.)
#ifdef __SANITIZE_THREAD__
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:librocksdb.so\nrace:libzstd.so\n";
}
#endif
