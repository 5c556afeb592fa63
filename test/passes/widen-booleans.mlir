// RUN: aicc-opt %s --widen-booleans | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(widen-booleans,widen-booleans)' | filecheck %s

module {
  // CHECK-LABEL: llvm.func @invert
  // CHECK: %[[P:.*]] = llvm.getelementptr inbounds %arg0[%arg1] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  // CHECK: %[[BYTE:.*]] = llvm.load %[[P]] {alignment = 1 : i64} : !llvm.ptr -> i8
  // CHECK: %[[BIT:.*]] = llvm.trunc %[[BYTE]] : i8 to i1
  // CHECK: %[[NOT:.*]] = llvm.xor %[[BIT]], %{{.*}} : i1
  // CHECK: %[[WIDE:.*]] = llvm.zext %[[NOT]] : i1 to i8
  // CHECK: llvm.store %[[WIDE]], %[[P]] : i8, !llvm.ptr
  llvm.func @invert(%p: !llvm.ptr, %i: i64) {
    %true = llvm.mlir.constant(true) : i1
    %q = llvm.getelementptr inbounds %p[%i] : (!llvm.ptr, i64) -> !llvm.ptr, i1
    %b = llvm.load %q {alignment = 1 : i64} : !llvm.ptr -> i1
    %n = llvm.xor %b, %true : i1
    llvm.store %n, %q : i1, !llvm.ptr
    llvm.return
  }

  // Other types stay as they are.
  // CHECK-LABEL: llvm.func @number
  // CHECK: llvm.getelementptr {{.*}} -> !llvm.ptr, f32
  // CHECK: llvm.load {{.*}} -> f32
  // CHECK-NOT: llvm.trunc
  llvm.func @number(%p: !llvm.ptr, %i: i64) -> f32 {
    %q = llvm.getelementptr inbounds %p[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
    %b = llvm.load %q : !llvm.ptr -> f32
    llvm.return %b : f32
  }
}
