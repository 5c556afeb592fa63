// RUN: aicc-opt %s --pass-pipeline='builtin.module(scf-forall-to-parallel,parallel-to-openmp)' | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(scf-forall-to-parallel,parallel-to-openmp,parallel-to-openmp)' | filecheck %s

module attributes {aicc.threads = 2 : i64} {

// The stack buffer of an iteration becomes the thread's.
// CHECK-LABEL: func.func @loop
// CHECK: omp.parallel num_threads
// CHECK-NEXT: memref.alloca()
// CHECK-NEXT: omp.wsloop schedule(dynamic)
func.func @loop(%x: memref<8xf32>) {
  scf.forall (%i) in (8) {
    %t = memref.alloca() : memref<4xf32>
    %c = arith.constant 0 : index
    %v = memref.load %x[%i] : memref<8xf32>
    memref.store %v, %t[%c] : memref<4xf32>
  }
  return
}

// CHECK-LABEL: func.func @serial
// CHECK-NOT: omp.
// CHECK: return
func.func @serial() {
  return
}
}
