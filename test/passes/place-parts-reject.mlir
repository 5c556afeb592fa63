// RUN: aicc-opt %s --place-parts | filecheck %s

// Nothing here may lie in the larger buffer: an input of the model; a value whose reader runs over
// its rows as one; one that is overwritten after it was copied; one whose copy the kernel clears
// again; and one of a single column, which its other reader would fetch line by line.
// CHECK-LABEL: func.func @main
// CHECK: call @join(%arg0, %arg0, %{{.*}}) :
// CHECK: call @rows(%{{.*}}, %arg1) :
// CHECK: call @pad(%{{.*}}, %{{.*}}) :
// CHECK: call @pad(%{{.*}}, %{{.*}}) :
// CHECK: call @make(%arg0, %{{.*}}) :
// CHECK: call @clear(%{{.*}}, %{{.*}}) :
// CHECK: call @column(%{{.*}}, %{{.*}}) :
// CHECK-NOT: aicc.part
func.func @main(%x: memref<4x16xf32>, %y: memref<64xf32>, %z: memref<4x16xf32>, %v: memref<64x1xf32>) {
  %j = memref.alloc() : memref<4x32xf32>
  call @join(%x, %x, %j) : (memref<4x16xf32>, memref<4x16xf32>, memref<4x32xf32>) -> ()
  call @wide(%j, %z) : (memref<4x32xf32>, memref<4x16xf32>) -> ()

  %a = memref.alloc() : memref<4x16xf32>
  call @make(%x, %a) : (memref<4x16xf32>, memref<4x16xf32>) -> ()
  call @rows(%a, %y) : (memref<4x16xf32>, memref<64xf32>) -> ()
  %p = memref.alloc() : memref<6x18xf32>
  call @pad(%a, %p) : (memref<4x16xf32>, memref<6x18xf32>) -> ()
  call @inner(%p, %z) : (memref<6x18xf32>, memref<4x16xf32>) -> ()

  %b = memref.alloc() : memref<4x16xf32>
  call @make(%x, %b) : (memref<4x16xf32>, memref<4x16xf32>) -> ()
  %q = memref.alloc() : memref<6x18xf32>
  call @pad(%b, %q) : (memref<4x16xf32>, memref<6x18xf32>) -> ()
  call @make(%x, %b) : (memref<4x16xf32>, memref<4x16xf32>) -> ()
  call @inner(%q, %b) : (memref<6x18xf32>, memref<4x16xf32>) -> ()

  %c = memref.alloc() : memref<4x16xf32>
  call @make(%x, %c) : (memref<4x16xf32>, memref<4x16xf32>) -> ()
  %r = memref.alloc() : memref<6x18xf32>
  call @clear(%c, %r) : (memref<4x16xf32>, memref<6x18xf32>) -> ()
  call @inner(%r, %z) : (memref<6x18xf32>, memref<4x16xf32>) -> ()

  %d = memref.alloc() : memref<64x1xf32>
  call @one(%y, %d) : (memref<64xf32>, memref<64x1xf32>) -> ()
  %e = memref.alloc() : memref<64x16xf32>
  call @column(%d, %e) : (memref<64x1xf32>, memref<64x16xf32>) -> ()
  call @last(%e, %d, %v) : (memref<64x16xf32>, memref<64x1xf32>, memref<64x1xf32>) -> ()
  return
}
func.func private @make(%x: memref<4x16xf32>, %y: memref<4x16xf32>) {
  linalg.add ins(%x, %x : memref<4x16xf32>, memref<4x16xf32>) outs(%y : memref<4x16xf32>)
  return
}
func.func private @join(%x: memref<4x16xf32>, %y: memref<4x16xf32>, %z: memref<4x32xf32>) {
  %l = memref.subview %z[0, 0] [4, 16] [1, 1] : memref<4x32xf32> to memref<4x16xf32, strided<[32, 1]>>
  linalg.copy ins(%x : memref<4x16xf32>) outs(%l : memref<4x16xf32, strided<[32, 1]>>)
  %r = memref.subview %z[0, 16] [4, 16] [1, 1] : memref<4x32xf32> to memref<4x16xf32, strided<[32, 1], offset: 16>>
  linalg.copy ins(%y : memref<4x16xf32>) outs(%r : memref<4x16xf32, strided<[32, 1], offset: 16>>)
  return
}
func.func private @wide(%x: memref<4x32xf32>, %y: memref<4x16xf32>) {
  %l = memref.subview %x[0, 8] [4, 16] [1, 1] : memref<4x32xf32> to memref<4x16xf32, strided<[32, 1], offset: 8>>
  linalg.add ins(%l, %l : memref<4x16xf32, strided<[32, 1], offset: 8>>, memref<4x16xf32, strided<[32, 1], offset: 8>>) outs(%y : memref<4x16xf32>)
  return
}
func.func private @rows(%x: memref<4x16xf32>, %y: memref<64xf32>) {
  %u = memref.collapse_shape %x [[0, 1]] : memref<4x16xf32> into memref<64xf32>
  linalg.add ins(%u, %u : memref<64xf32>, memref<64xf32>) outs(%y : memref<64xf32>)
  return
}
func.func private @pad(%x: memref<4x16xf32>, %p: memref<6x18xf32>) {
  %i = memref.subview %p[1, 1] [4, 16] [1, 1] : memref<6x18xf32> to memref<4x16xf32, strided<[18, 1], offset: 19>>
  linalg.copy ins(%x : memref<4x16xf32>) outs(%i : memref<4x16xf32, strided<[18, 1], offset: 19>>)
  return
}
func.func private @clear(%x: memref<4x16xf32>, %p: memref<6x18xf32>) {
  %zero = arith.constant 0.0 : f32
  %i = memref.subview %p[1, 1] [4, 16] [1, 1] : memref<6x18xf32> to memref<4x16xf32, strided<[18, 1], offset: 19>>
  linalg.copy ins(%x : memref<4x16xf32>) outs(%i : memref<4x16xf32, strided<[18, 1], offset: 19>>)
  linalg.fill ins(%zero : f32) outs(%p : memref<6x18xf32>)
  return
}
func.func private @inner(%p: memref<6x18xf32>, %y: memref<4x16xf32>) {
  %i = memref.subview %p[1, 1] [4, 16] [1, 1] : memref<6x18xf32> to memref<4x16xf32, strided<[18, 1], offset: 19>>
  linalg.add ins(%i, %i : memref<4x16xf32, strided<[18, 1], offset: 19>>, memref<4x16xf32, strided<[18, 1], offset: 19>>) outs(%y : memref<4x16xf32>)
  return
}
func.func private @one(%x: memref<64xf32>, %y: memref<64x1xf32>) {
  %u = memref.expand_shape %x [[0, 1]] output_shape [64, 1] : memref<64xf32> into memref<64x1xf32>
  linalg.add ins(%u, %u : memref<64x1xf32>, memref<64x1xf32>) outs(%y : memref<64x1xf32>)
  return
}
func.func private @column(%x: memref<64x1xf32>, %y: memref<64x16xf32>) {
  %c = memref.subview %y[0, 3] [64, 1] [1, 1] : memref<64x16xf32> to memref<64x1xf32, strided<[16, 1], offset: 3>>
  linalg.copy ins(%x : memref<64x1xf32>) outs(%c : memref<64x1xf32, strided<[16, 1], offset: 3>>)
  return
}
func.func private @last(%x: memref<64x16xf32>, %y: memref<64x1xf32>, %z: memref<64x1xf32>) {
  %c = memref.subview %x[0, 3] [64, 1] [1, 1] : memref<64x16xf32> to memref<64x1xf32, strided<[16, 1], offset: 3>>
  linalg.add ins(%c, %y : memref<64x1xf32, strided<[16, 1], offset: 3>>, memref<64x1xf32>) outs(%z : memref<64x1xf32>)
  return
}
