// A shared library, but no plugin.
extern "C" int Nothing() { return 0; }
