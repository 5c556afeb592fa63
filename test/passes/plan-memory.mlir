// RUN: aicc-opt %s --plan-memory | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(plan-memory,plan-memory)' | filecheck %s
// RUN: aicc-opt %s --plan-memory='algorithm=share' | filecheck %s --check-prefix=SHARE
// RUN: aicc-opt %s --plan-memory='algorithm=naive' | filecheck %s --check-prefix=NAIVE

// %a and %c are never alive together: they share bytes. %b is alive with both.
// CHECK-LABEL: func.func @main
// CHECK-SAME: memref<512xi8> {aicc.arena}
// CHECK-SAME: algorithm = "best-fit"
// CHECK-SAME: bytes = 512
// CHECK-SAME: lower_bound = 512
// CHECK-SAME: steps = [{first = 0 : i64, last = 0 : i64, nodes = ["first"], op = "k"}
// CHECK-SAME: without_reuse = 768
// CHECK: %[[A:.*]] = arith.constant 0 : index
// CHECK: memref.view %arg2[%[[A]]]
// CHECK: %[[B:.*]] = arith.constant 256 : index
// CHECK: memref.view %arg2[%[[B]]]
// CHECK: %[[C:.*]] = arith.constant 0 : index
// CHECK: memref.view %arg2[%[[C]]]
// CHECK-NOT: memref.alloc
// CHECK: return{{$}}
// SHARE: memref<512xi8> {aicc.arena}
// NAIVE: memref<768xi8> {aicc.arena}
func.func @main(%x: memref<64xf32>, %y: memref<64xf32>) -> memref<64xf32> {
  %a = memref.alloc() : memref<64xf32>
  call @k(%x, %a) : (memref<64xf32>, memref<64xf32>) -> () loc("first")
  %b = memref.alloc() : memref<64xf32>
  call @k(%a, %b) : (memref<64xf32>, memref<64xf32>) -> ()
  %c = memref.alloc() : memref<64xf32>
  call @k(%b, %c) : (memref<64xf32>, memref<64xf32>) -> ()
  call @k(%c, %y) : (memref<64xf32>, memref<64xf32>) -> ()
  return %y : memref<64xf32>
}

// The kernel has read %x before it writes %y: in one call of @lookup they share bytes, and must not
// be called noalias. %t is alive with both.
// CHECK-LABEL: func.func @prepare
// CHECK-SAME: memref<256xi8> {aicc.arena}
// CHECK-SAME: offset = 128 : i64, values = [{bytes = 64 : i64, nodes = ["made"], role = "result"}]
// CHECK-SAME: first = 2 : i64, last = 3 : i64, offset = 128 : i64
// CHECK-SAME: role = "workspace"
func.func @prepare(%x: memref<16xf32>, %y: memref<32xf32>) {
  %a = memref.alloc() : memref<16xf32> loc("made")
  call @j(%x, %a) : (memref<16xf32>, memref<16xf32>) -> ()
  %b = memref.alloc() : memref<32xf32>
  %t = memref.alloc() {aicc.workspace} : memref<32xf32>
  call @lookup(%a, %b, %t) : (memref<16xf32>, memref<32xf32>, memref<32xf32>) -> ()
  call @i(%b, %y) : (memref<32xf32>, memref<32xf32>) -> ()
  return
}

// A kernel is no business of the plan.
// CHECK-LABEL: func.func private @k
// CHECK-NOT: aicc.arena
// CHECK-NOT: aicc.may_alias
func.func private @k(%x: memref<64xf32>, %y: memref<64xf32>) {
  memref.copy %x, %y : memref<64xf32> to memref<64xf32>
  return
}

func.func private @i(%x: memref<32xf32>, %y: memref<32xf32>) {
  memref.copy %x, %y : memref<32xf32> to memref<32xf32>
  return
}

func.func private @j(%x: memref<16xf32>, %y: memref<16xf32>) {
  memref.copy %x, %y : memref<16xf32> to memref<16xf32>
  return
}

// CHECK-LABEL: func.func private @lookup
// CHECK-SAME: %arg0: memref<16xf32> {aicc.may_alias}, %arg1: memref<32xf32> {aicc.may_alias}, %arg2: memref<32xf32>
func.func private @lookup(%x: memref<16xf32>, %y: memref<32xf32>, %t: memref<32xf32>) {
  %low = memref.subview %t[0] [16] [1] : memref<32xf32> to memref<16xf32, strided<[1]>>
  memref.copy %x, %low : memref<16xf32> to memref<16xf32, strided<[1]>>
  %high = memref.subview %t[16] [16] [1] : memref<32xf32> to memref<16xf32, strided<[1], offset: 16>>
  memref.copy %x, %high : memref<16xf32> to memref<16xf32, strided<[1], offset: 16>>
  memref.copy %t, %y : memref<32xf32> to memref<32xf32>
  return
}
