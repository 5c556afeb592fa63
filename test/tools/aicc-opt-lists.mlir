// RUN: aicc-opt --list-passes --load-pass-plugin=%S/Inputs/passes.py | FileCheck %s --check-prefix=PASSES
// PASSES: --test-list {{ +}}analysis {{ *}}Write the options it was given to the module.
// PASSES-NEXT: sizes=<int,...> (None)
// PASSES-NEXT: ratio=<float> (0.5)
// PASSES: --test-tag {{ +}}utility {{ *}}Set the attribute `test.tag` on every function.
// PASSES: Named pipelines:
// PASSES: --test-clean-up {{ +}}Tag, then upstream's clean-ups.

// RUN: aicc-opt --show-dialects | FileCheck %s --check-prefix=DIALECTS
// DIALECTS: Available Dialects: {{.*}}arith,{{.*}}func,{{.*}}graph

// RUN: aicc-opt --help | FileCheck %s --check-prefix=HELP
// HELP: usage: aicc-opt
// HELP: --pass-pipeline TEXT
