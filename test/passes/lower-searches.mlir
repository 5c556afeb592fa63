// RUN: aicc-opt %s --lower-searches | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(lower-searches,lower-searches)' | filecheck %s

module attributes {aicc.target = "x86-64-v4", aicc.threads = 2 : i64} {
  // 16 groups bound the row; what passes is listed and ranked, with insertion for what does not fit.
  // CHECK-LABEL: func.func private @one_row(
  // CHECK: scf.for
  // CHECK-COUNT-4: vector.load %arg0[
  // CHECK: scf.for
  // CHECK: cmpf ogt
  // CHECK: scf.for
  // CHECK: cmpf uge
  // CHECK: scf.if
  // CHECK-COUNT-2: vector.compressstore
  // CHECK: vector.maskedload %arg0[
  // CHECK: scf.if
  // CHECK: memref.store {{.*}} %arg1[
  // CHECK: memref.store {{.*}} %arg2[
  // CHECK: } else {
  // CHECK: scf.while
  // CHECK-NOT: linalg
  // CHECK: return
  func.func private @one_row(%x: memref<1x1000xf32>, %v: memref<1x5xf32>, %i: memref<1x5xi64>) attributes {aicc.kernel = "data_movement", aicc.top_k = {groups = 1 : i64, k = 5 : i64, lanes = 16 : i64, largest = true, length = 1000 : i64}} {
    %zero = arith.constant 0.0 : f32
    linalg.fill ins(%zero : f32) outs(%v : memref<1x5xf32>)
    return
  }

  // Rows in chunks for the threads, each with lists of its own; the smallest are the largest of the
  // negated; a bound of many groups is found bit by bit.
  // CHECK-LABEL: func.func private @rows(
  // CHECK: scf.forall (%{{.*}}) in (8)
  // CHECK-COUNT-3: memref.alloca
  // CHECK: arith.negf
  // CHECK: arith.shrui
  // CHECK: cmpf oge
  // CHECK: cmpf uge
  // CHECK-NOT: linalg
  // CHECK: return
  func.func private @rows(%x: memref<2x16x2048xf32>, %v: memref<2x16x100xf32>, %i: memref<2x16x100xi64>) attributes {aicc.kernel = "data_movement", aicc.top_k = {groups = 16 : i64, k = 100 : i64, lanes = 16 : i64, largest = false, length = 2048 : i64}} {
    %zero = arith.constant 0.0 : f32
    linalg.fill ins(%zero : f32) outs(%v : memref<2x16x100xf32>)
    return
  }
}
