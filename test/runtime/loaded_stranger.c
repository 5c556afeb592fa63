// Calls what the runtime does not offer.
int system(const char *command);
int run_command(void) { return system("true"); }
