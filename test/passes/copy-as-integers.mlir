// RUN: aicc-opt %s --copy-as-integers | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(copy-as-integers,copy-as-integers)' | filecheck %s

module {
  // CHECK-LABEL: llvm.func @copy
  // CHECK: %[[WORD:.*]] = llvm.load %arg0 {alignment = 2 : i64} : !llvm.ptr -> i16
  // CHECK: llvm.store %[[WORD]], %arg1 : i16, !llvm.ptr
  // CHECK: llvm.store %[[WORD]], %arg0 : i16, !llvm.ptr
  llvm.func @copy(%p: !llvm.ptr, %q: !llvm.ptr) {
    %b = llvm.load %p {alignment = 2 : i64} : !llvm.ptr -> bf16
    llvm.store %b, %q : bf16, !llvm.ptr
    llvm.store %b, %p : bf16, !llvm.ptr
    llvm.return
  }

  // CHECK-LABEL: llvm.func @fill
  // CHECK: %[[ONE:.*]] = llvm.mlir.constant(16256 : i16) : i16
  // CHECK: %[[HALF:.*]] = llvm.mlir.constant(-18432 : i16) : i16
  // CHECK: llvm.store %[[ONE]], %arg0 : i16, !llvm.ptr
  // CHECK: llvm.store %[[HALF]], %arg0 : i16, !llvm.ptr
  llvm.func @fill(%p: !llvm.ptr) {
    %one = llvm.mlir.constant(1.0 : bf16) : bf16
    %half = llvm.mlir.constant(-0.5 : f16) : f16
    llvm.store %one, %p : bf16, !llvm.ptr
    llvm.store %half, %p : f16, !llvm.ptr
    llvm.return
  }

  // Used as a number, or wider than 16 bits: as it was.
  // CHECK-LABEL: llvm.func @number
  // CHECK: llvm.load %arg0 : !llvm.ptr -> f16
  // CHECK: llvm.store %{{.*}}, %arg1 : f16
  // CHECK: llvm.load %arg0 : !llvm.ptr -> f32
  llvm.func @number(%p: !llvm.ptr, %q: !llvm.ptr) {
    %h = llvm.load %p : !llvm.ptr -> f16
    %s = llvm.fadd %h, %h : f16
    llvm.store %h, %q : f16, !llvm.ptr
    llvm.store %s, %q : f16, !llvm.ptr
    %f = llvm.load %p : !llvm.ptr -> f32
    llvm.store %f, %q : f32, !llvm.ptr
    llvm.return
  }
}
