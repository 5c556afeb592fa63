// The default size: AICC_THREADS wins unless it is nonsense, else the system decides.
#include <stdlib.h>
#include <unistd.h>

#include "aicc_rt.h"
#include "check.h"

int main(void) {
  CHECK(unsetenv("AICC_THREADS") == 0);
  int32_t system_threads = aicc_rt_default_threads();
  CHECK(system_threads >= 1 && system_threads <= sysconf(_SC_NPROCESSORS_ONLN));
  setenv("AICC_THREADS", "3", 1);
  CHECK(aicc_rt_default_threads() == 3);
  setenv("AICC_THREADS", "99999999999", 1);
  CHECK(aicc_rt_default_threads() == AICC_RT_MAX_THREADS);
  static const char *const nonsense[] = {"", "0", "-4", "many"};
  for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; ++i) {
    setenv("AICC_THREADS", nonsense[i], 1);
    CHECK(aicc_rt_default_threads() == system_threads);
  }
  return 0;
}
