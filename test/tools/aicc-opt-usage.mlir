// Wrong command lines end with code 2 and a message that points at the place.

// RUN: not aicc-opt %s --pass-pipeline='builtin.module(cse,func.func(cse,canonicalise))' 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: error: pass pipeline: no pass or pipeline 'canonicalise'; see aicc-opt --list-passes (column 34)
// NAME-NEXT: {{^}}  builtin.module(cse,func.func(cse,canonicalise))
// NAME-NEXT: {{^ {35}[^]$}}

// RUN: not aicc-opt %s --load-pass-plugin=%S/Inputs/passes.py --test-tga 2>&1 | FileCheck %s --check-prefix=NEAR
// NEAR: no pass or pipeline 'test-tga'; did you mean test-tag?

// RUN: not aicc-opt %s --load-pass-plugin=%S/Inputs/passes.py --test-tag=size=3 2>&1 | FileCheck %s --check-prefix=OPTION
// OPTION: pass 'test-tag': no option 'size'; valid options: text=<str> ('seen'), times=<int> (1), loud=<bool> (False)

// RUN: not aicc-opt %s --load-pass-plugin=%S/Inputs/passes.py --test-tag=times=x 2>&1 | FileCheck %s --check-prefix=TYPE
// TYPE: pass 'test-tag': option 'times' takes int, not 'x'

// RUN: not aicc-opt %s --load-pass-plugin=%S/Inputs/passes.py --pass-pipeline='func.func(test-list)' 2>&1 | FileCheck %s --check-prefix=ANCHOR
// ANCHOR: pass 'test-list' runs on 'builtin.module', not on 'func.func' (column 11)

// RUN: not aicc-opt %s --llvm-request-c-wrappers 2>&1 | FileCheck %s --check-prefix=NEST
// NEST: runs on 'func.func': write func.func(llvm-request-c-wrappers)

// RUN: not aicc-opt %s --cse --pass-pipeline=cse 2>&1 | FileCheck %s --check-prefix=MIXED
// MIXED: aicc-opt: error: --pass-pipeline cannot be mixed with flags of passes (--cse)

// RUN: not aicc-opt %t-absent 2>&1 | FileCheck %s --check-prefix=ABSENT
// ABSENT: error: cannot read '{{.*}}-absent': No such file or directory
module {}
