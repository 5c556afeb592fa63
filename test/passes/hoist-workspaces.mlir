// RUN: aicc-opt %s --hoist-workspaces | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(hoist-workspaces,hoist-workspaces)' | filecheck %s

// CHECK-LABEL: func.func @main
// CHECK: %[[W:.*]] = memref.alloc() {aicc.workspace} : memref<16xf32>
// CHECK: call @kernel(%arg0, %[[W]])
func.func @main(%x: memref<8xf32>) {
  call @kernel(%x) : (memref<8xf32>) -> ()
  return
}

// What lies in a loop stays there.
// CHECK-LABEL: func.func private @kernel
// CHECK-SAME: memref<16xf32> {aicc.workspace}
// CHECK-NOT: memref.alloc()
// CHECK: scf.for
// CHECK: memref.alloc() : memref<2xf32>
func.func private @kernel(%x: memref<8xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %t = memref.alloc() : memref<16xf32>
  scf.for %i = %c0 to %c8 step %c1 {
    %u = memref.alloc() : memref<2xf32>
    %v = memref.load %x[%i] : memref<8xf32>
    memref.store %v, %u[%c0] : memref<2xf32>
    memref.store %v, %t[%i] : memref<16xf32>
  }
  return
}

// What a call returns goes on to those who read it.
// CHECK-LABEL: func.func @reads_result
// CHECK: %[[R:.*]] = call @returns_view(%arg0, %{{.*}})
// CHECK: memref.load %[[R]]
func.func @reads_result(%x: memref<8xf32>) -> f32 {
  %c0 = arith.constant 0 : index
  %r = call @returns_view(%x) : (memref<8xf32>) -> memref<8xf32>
  %v = memref.load %r[%c0] : memref<8xf32>
  return %v : f32
}

func.func private @returns_view(%x: memref<8xf32>) -> memref<8xf32> {
  %t = memref.alloc() : memref<8xf32>
  memref.copy %x, %t : memref<8xf32> to memref<8xf32>
  return %t : memref<8xf32>
}
