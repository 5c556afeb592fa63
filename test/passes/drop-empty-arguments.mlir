// RUN: aicc-opt %s --drop-empty-arguments | filecheck %s

// A public function keeps the pointer; a kernel loses the argument.
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: memref<0xf32>, %[[OUT:.*]]: memref<2x4xf32>)
// CHECK-NEXT: call @kernel(%[[OUT]]) : (memref<2x4xf32>) -> ()
// CHECK-NEXT: return
func.func @main(%x: memref<2x0x4xf32>, %out: memref<2x4xf32>) {
  %view = memref.collapse_shape %x [[0, 1], [2]] : memref<2x0x4xf32> into memref<0x4xf32>
  call @kernel(%view, %out) : (memref<0x4xf32>, memref<2x4xf32>) -> ()
  return
}

// CHECK-LABEL: func.func private @kernel
// CHECK-SAME: (%{{.*}}: memref<2x4xf32> {llvm.noalias})
func.func private @kernel(
    %x: memref<0x4xf32> {llvm.noalias}, %out: memref<2x4xf32> {llvm.noalias}) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  memref.store %zero, %out[%c0, %c0] : memref<2x4xf32>
  return
}

// What still reads an empty argument gets a buffer of no bytes: the signature follows from types.
// CHECK-LABEL: func.func private @reads() -> index
// CHECK-NEXT: %[[EMPTY:.*]] = memref.alloca() : memref<0x4xf32>
// CHECK: memref.dim %[[EMPTY]]
func.func private @reads(%x: memref<0x4xf32>) -> index {
  %c0 = arith.constant 0 : index
  %d = memref.dim %x, %c0 : memref<0x4xf32>
  return %d : index
}

// A kernel that is compiled elsewhere is called as its definition will be there.
// CHECK-LABEL: func.func @calls
// CHECK-NEXT: call @elsewhere(%{{.*}}) : (memref<2x4xf32>) -> ()
// CHECK: func.func private @elsewhere(memref<2x4xf32>)
func.func @calls(%x: memref<0x4xf32>, %out: memref<2x4xf32>) {
  call @elsewhere(%x, %out) : (memref<0x4xf32>, memref<2x4xf32>) -> ()
  return
}
func.func private @elsewhere(memref<0x4xf32>, memref<2x4xf32>)
