// RUN: aicc-opt %s --drop-body-results | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(drop-body-results,drop-body-results)' | filecheck %s

// CHECK-LABEL: func.func @body(%arg0: memref<4xf32>, %arg1: memref<4xf32>) attributes {aicc.body}
// CHECK: return{{$}}
func.func @body(%x: memref<4xf32>, %out: memref<4xf32>) -> memref<4xf32> attributes {aicc.body} {
  %0 = call @kernel(%x, %out) : (memref<4xf32>, memref<4xf32>) -> memref<4xf32>
  return %0 : memref<4xf32>
}

// What read a result reads the buffer that was given for it.
// CHECK-LABEL: func.func private @if_0
// CHECK: scf.if
// CHECK: func.call @body(%arg1, %arg2) : (memref<4xf32>, memref<4xf32>) -> ()
// CHECK: scf.yield %arg2
// CHECK: return{{$}}
func.func private @if_0(%c: i1, %x: memref<4xf32>, %out: memref<4xf32>) -> memref<4xf32> attributes {aicc.control} {
  %0 = scf.if %c -> memref<4xf32> {
    %1 = func.call @body(%x, %out) : (memref<4xf32>, memref<4xf32>) -> memref<4xf32>
    scf.yield %1 : memref<4xf32>
  } else {
    scf.yield %out : memref<4xf32>
  }
  return %0 : memref<4xf32>
}

// CHECK-LABEL: func.func @main
// CHECK: call @if_0(%arg0, %arg1, %[[B:.*]]) : (i1, memref<4xf32>, memref<4xf32>) -> ()
// CHECK: %[[R:.*]] = call @kernel(%[[B]], %arg2) : (memref<4xf32>, memref<4xf32>) -> memref<4xf32>
// CHECK: return %[[R]]
func.func @main(%c: i1, %x: memref<4xf32>, %y: memref<4xf32>) -> memref<4xf32> {
  %b = memref.alloc() : memref<4xf32>
  %0 = call @if_0(%c, %x, %b) : (i1, memref<4xf32>, memref<4xf32>) -> memref<4xf32>
  %1 = call @kernel(%0, %y) : (memref<4xf32>, memref<4xf32>) -> memref<4xf32>
  return %1 : memref<4xf32>
}

// The results of kernels are no matter of this pass.
// CHECK-LABEL: func.func private @kernel
// CHECK-SAME: -> memref<4xf32>
func.func private @kernel(%x: memref<4xf32>, %out: memref<4xf32>) -> memref<4xf32> {
  memref.copy %x, %out : memref<4xf32> to memref<4xf32>
  return %out : memref<4xf32>
}
