// Each way a pass can fail ends with a located message and the name of the pass.

// RUN: not aicc-opt %s --load-pass-plugin=%S/Inputs/passes.py --test-fail 2>&1 | FileCheck %s --check-prefix=FAILURE
// FAILURE: aicc-opt-failures.mlir:[[LINE:[0-9]+]]:1: error: 'func.func' op cannot go on
// FAILURE-NEXT: func.func @here() {
// FAILURE-NEXT: {{^}}^
// FAILURE-NEXT: note: pass 'test-fail' failed

// RUN: not aicc-opt %s --load-pass-plugin=%S/Inputs/passes.py --test-fail=how=errors 2>&1 | FileCheck %s --check-prefix=ERRORS
// ERRORS-DAG: warning: 'func.func' op beware
// ERRORS-DAG: error: 'func.func' op first reason
// ERRORS-DAG: note: and why
// ERRORS-DAG: error: 'func.func' op second reason

// RUN: not aicc-opt %s --load-pass-plugin=%S/Inputs/passes.py --test-fail=how=exception 2>&1 | FileCheck %s --check-prefix=EXCEPTION
// EXCEPTION-NOT: Traceback
// EXCEPTION: error: pass 'test-fail' raised KeyError at passes.py:{{[0-9]+}}: 'missing'

// RUN: not aicc-opt %s --load-pass-plugin=%S/Inputs/passes.py --test-fail=how=invalid 2>&1 | FileCheck %s --check-prefix=INVALID
// INVALID: error: 'func.func' op {{.*}}'sym_name'
// INVALID: note: pass 'test-fail' left invalid IR

// RUN: rm -rf %t
// RUN: not aicc-opt %s --load-pass-plugin=%S/Inputs/passes.py --cse --test-fail --mlir-pass-pipeline-crash-reproducer=%t 2>&1 | FileCheck %s --check-prefix=REPRODUCER
// RUN: FileCheck %s --check-prefix=WRITTEN --input-file=%t/failed-before-test-fail.mlir
// REPRODUCER: IR before the pass: {{.*}}failed-before-test-fail.mlir
// REPRODUCER-NEXT: repeat with: aicc-opt {{.*}}failed-before-test-fail.mlir --pass-pipeline='builtin.module(test-fail)'
// WRITTEN: // aicc-opt {{.*}} --pass-pipeline='builtin.module(test-fail)'
// WRITTEN: func.func @here()
func.func @here() {
  return
}
