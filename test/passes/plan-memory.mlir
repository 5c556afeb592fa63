// RUN: aicc-opt %s --plan-memory | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(plan-memory,plan-memory)' | filecheck %s

// %a and %c are never alive together: they share bytes. %b is alive with both.
// CHECK-LABEL: func.func @main
// CHECK-SAME: memref<512xi8> {aicc.arena}
// CHECK-SAME: bytes = 512
// CHECK: %[[A:.*]] = arith.constant 0 : index
// CHECK: memref.view %arg2[%[[A]]]
// CHECK: %[[B:.*]] = arith.constant 256 : index
// CHECK: memref.view %arg2[%[[B]]]
// CHECK: %[[C:.*]] = arith.constant 0 : index
// CHECK: memref.view %arg2[%[[C]]]
// CHECK-NOT: memref.alloc
// CHECK: return{{$}}
func.func @main(%x: memref<64xf32>, %y: memref<64xf32>) -> memref<64xf32> {
  %a = memref.alloc() : memref<64xf32>
  call @k(%x, %a) : (memref<64xf32>, memref<64xf32>) -> ()
  %b = memref.alloc() : memref<64xf32>
  call @k(%a, %b) : (memref<64xf32>, memref<64xf32>) -> ()
  %c = memref.alloc() : memref<64xf32>
  call @k(%b, %c) : (memref<64xf32>, memref<64xf32>) -> ()
  call @k(%c, %y) : (memref<64xf32>, memref<64xf32>) -> ()
  return %y : memref<64xf32>
}

// A kernel is no business of the plan.
// CHECK-LABEL: func.func private @k
// CHECK-NOT: aicc.arena
func.func private @k(%x: memref<64xf32>, %y: memref<64xf32>) {
  memref.copy %x, %y : memref<64xf32> to memref<64xf32>
  return
}
