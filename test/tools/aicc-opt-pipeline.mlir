// Python and upstream passes mix in pipelines, nests, flags and named pipelines.

// RUN: aicc-opt %s --load-pass-plugin=%S/Inputs/passes.py \
// RUN:   --pass-pipeline='builtin.module(func.func(cse,test-tag{text="a b" times=2}),test-list{sizes=[1,2] ratio=2})' | FileCheck %s
// RUN: aicc-opt %s --load-pass-plugin=%S/Inputs/passes.py --test-tag="text='a b' times=2" --cse --test-list='sizes=1,2 ratio=2' | FileCheck %s
// RUN: aicc-opt - --load-pass-plugin=%S/Inputs/passes.py -test-clean-up=rounds=2 --dump-pass-pipeline < %s 2>&1 | FileCheck %s --check-prefix=NAMED

// CHECK: module attributes {test.sizes = "[1, 2] 2.0"}
// CHECK: func.func @f
// CHECK-SAME: attributes {test.tag = "a ba b"}
// CHECK-NEXT: %[[SUM:.*]] = arith.addi
// CHECK-NEXT: arith.muli %[[SUM]], %[[SUM]]

// NAMED: builtin.module(test-tag{text=clean},canonicalize,func.func(cse),canonicalize,func.func(cse))
// NAMED: test.tag = "clean"
// NAMED-NEXT: %[[SUM:.*]] = arith.addi
// NAMED-NEXT: arith.muli %[[SUM]], %[[SUM]]
func.func @f(%a: i32) -> i32 {
  %0 = arith.addi %a, %a : i32
  %1 = arith.addi %a, %a : i32
  %2 = arith.muli %0, %1 : i32
  return %2 : i32
}
