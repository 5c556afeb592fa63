// RUN: aicc-opt %s --cse --canonicalize --mlir-print-ir-before=canonicalize --mlir-print-ir-after=cse 2>&1 >/dev/null | FileCheck %s --check-prefix=SOME
// SOME: IR Dump After cse
// SOME: IR Dump Before canonicalize
// SOME-NOT: IR Dump

// RUN: aicc-opt %s --cse --cse --mlir-print-ir-after-change 2>&1 >/dev/null | FileCheck %s --check-prefix=CHANGE
// CHANGE: IR Dump After cse
// CHANGE-NOT: IR Dump After cse

// RUN: aicc-opt %s --cse --canonicalize --mlir-print-ir-before-all --mlir-print-ir-after-all --mlir-timing 2>&1 >/dev/null | FileCheck %s --check-prefix=ALL
// ALL: IR Dump Before cse
// ALL: IR Dump After cse
// ALL: IR Dump Before canonicalize
// ALL: IR Dump After canonicalize
// ALL: Execution time report
// ALL: {{[0-9.]+}} ({{ *}}{{[0-9.]+}}%)  canonicalize

// RUN: not aicc-opt %s --cse --mlir-print-ir-after=canonicalize 2>&1 | FileCheck %s --check-prefix=ABSENT
// ABSENT: error: 'canonicalize' is not in the pipeline, which has cse

// RUN: aicc-opt %s --emit-bytecode | aicc-opt - --mlir-print-op-generic --mlir-print-debuginfo | FileCheck %s --check-prefix=GENERIC
// GENERIC: "arith.addi"(%{{.*}}, %{{.*}})
// GENERIC: loc("{{.*}}aicc-opt-print-ir.mlir":
func.func @f(%a: i32) -> i32 {
  %0 = arith.addi %a, %a : i32
  %1 = arith.addi %a, %a : i32
  %2 = arith.muli %0, %1 : i32
  return %2 : i32
}
