// RUN: aicc-opt %s --elide-copies --split-input-file | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(elide-copies,elide-copies)' --split-input-file | filecheck %s

// A contiguous slice is a view; the buffer becomes bytes.
// CHECK-LABEL: func.func @slice
// CHECK: %[[D:.*]] = memref.alloc() {{.*}}: memref<128xi8>
// CHECK: %[[A:.*]] = memref.view %[[D]][%c0{{.*}}][] : memref<128xi8> to memref<2x16xf32>
// CHECK: call @make(%arg0, %[[A]])
// CHECK-NOT: call @upper
// CHECK: %[[B:.*]] = memref.view %[[D]][%c64{{.*}}][] : memref<128xi8> to memref<1x16xf32>
// CHECK: call @use(%[[B]], %arg1)
func.func @slice(%x: memref<2x16xf32>, %y: memref<1x16xf32>) {
  %a = memref.alloc() : memref<2x16xf32>
  call @make(%x, %a) : (memref<2x16xf32>, memref<2x16xf32>) -> ()
  %b = memref.alloc() : memref<1x16xf32>
  call @upper(%a, %b) : (memref<2x16xf32>, memref<1x16xf32>) -> ()
  call @use(%b, %y) : (memref<1x16xf32>, memref<1x16xf32>) -> ()
  return
}
func.func private @make(%x: memref<2x16xf32>, %y: memref<2x16xf32>) {
  linalg.add ins(%x, %x : memref<2x16xf32>, memref<2x16xf32>) outs(%y : memref<2x16xf32>)
  return
}
func.func private @upper(%x: memref<2x16xf32>, %y: memref<1x16xf32>) {
  %s = memref.subview %x[1, 0] [1, 16] [1, 1] : memref<2x16xf32> to memref<1x16xf32, strided<[16, 1], offset: 16>>
  linalg.copy ins(%s : memref<1x16xf32, strided<[16, 1], offset: 16>>) outs(%y : memref<1x16xf32>)
  return
}
func.func private @use(%x: memref<1x16xf32>, %y: memref<1x16xf32>) {
  linalg.add ins(%x, %x : memref<1x16xf32>, memref<1x16xf32>) outs(%y : memref<1x16xf32>)
  return
}

// -----

// The producer writes its part of the concatenation; the model's input is copied there.
// CHECK-LABEL: func.func @concat
// CHECK: %[[D:.*]] = memref.alloc() {{.*}}: memref<192xi8>
// CHECK: %[[A:.*]] = memref.view %[[D]][%c0{{.*}}][] : memref<192xi8> to memref<1x2x16xf32>
// CHECK: call @make(%arg1, %[[A]])
// CHECK: %[[C:.*]] = memref.view %[[D]][%c0{{.*}}][] : memref<192xi8> to memref<1x3x16xf32>
// CHECK: %[[B:.*]] = memref.view %[[D]][%c128{{.*}}][] : memref<192xi8> to memref<1x1x16xf32>
// CHECK: memref.copy %arg0, %[[B]]
// CHECK-NOT: call @join
// CHECK: call @use(%[[C]], %arg2)
func.func @concat(%x: memref<1x1x16xf32>, %z: memref<1x2x16xf32>, %y: memref<1x3x16xf32>) {
  %a = memref.alloc() : memref<1x2x16xf32>
  call @make(%z, %a) : (memref<1x2x16xf32>, memref<1x2x16xf32>) -> ()
  %c = memref.alloc() : memref<1x3x16xf32>
  call @join(%a, %x, %c) : (memref<1x2x16xf32>, memref<1x1x16xf32>, memref<1x3x16xf32>) -> ()
  call @use(%c, %y) : (memref<1x3x16xf32>, memref<1x3x16xf32>) -> ()
  return
}
func.func private @make(%x: memref<1x2x16xf32>, %y: memref<1x2x16xf32>) {
  linalg.add ins(%x, %x : memref<1x2x16xf32>, memref<1x2x16xf32>) outs(%y : memref<1x2x16xf32>)
  return
}
func.func private @join(%a: memref<1x2x16xf32>, %b: memref<1x1x16xf32>, %y: memref<1x3x16xf32>) {
  %s = memref.subview %y[0, 0, 0] [1, 2, 16] [1, 1, 1] : memref<1x3x16xf32> to memref<1x2x16xf32, strided<[48, 16, 1]>>
  linalg.copy ins(%a : memref<1x2x16xf32>) outs(%s : memref<1x2x16xf32, strided<[48, 16, 1]>>)
  %t = memref.subview %y[0, 2, 0] [1, 1, 16] [1, 1, 1] : memref<1x3x16xf32> to memref<1x1x16xf32, strided<[48, 16, 1], offset: 32>>
  linalg.copy ins(%b : memref<1x1x16xf32>) outs(%t : memref<1x1x16xf32, strided<[48, 16, 1], offset: 32>>)
  return
}
func.func private @use(%x: memref<1x3x16xf32>, %y: memref<1x3x16xf32>) {
  linalg.add ins(%x, %x : memref<1x3x16xf32>, memref<1x3x16xf32>) outs(%y : memref<1x3x16xf32>)
  return
}

// -----

// What is copied into an output is computed there, under the shape that its kernel knows; a
// transpose of unit dimensions is a reshape.
// CHECK-LABEL: func.func @output
// CHECK-NOT: memref.alloc
// CHECK: memref.collapse_shape %arg1
// CHECK: %[[A:.*]] = memref.expand_shape %{{.*}} output_shape [1, 1, 16]
// CHECK: call @make(%{{.*}}, %[[A]])
// CHECK-NOT: call
// CHECK: return
func.func @output(%x: memref<1x16x1xf32>, %y: memref<1x16xf32>) {
  %t = memref.alloc() : memref<1x1x16xf32>
  call @transpose(%x, %t) : (memref<1x16x1xf32>, memref<1x1x16xf32>) -> ()
  %a = memref.alloc() : memref<1x1x16xf32>
  call @make(%t, %a) : (memref<1x1x16xf32>, memref<1x1x16xf32>) -> ()
  %v = memref.collapse_shape %a [[0, 1], [2]] : memref<1x1x16xf32> into memref<1x16xf32>
  call @copy(%v, %y) : (memref<1x16xf32>, memref<1x16xf32>) -> ()
  return
}
func.func private @transpose(%x: memref<1x16x1xf32>, %y: memref<1x1x16xf32>) {
  linalg.generic {indexing_maps = [affine_map<(a, b, c) -> (a, c, b)>, affine_map<(a, b, c) -> (a, b, c)>],
                  iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%x : memref<1x16x1xf32>) outs(%y : memref<1x1x16xf32>) {
  ^bb0(%in: f32, %o: f32):
    linalg.yield %in : f32
  }
  return
}
func.func private @make(%x: memref<1x1x16xf32>, %y: memref<1x1x16xf32>) {
  linalg.add ins(%x, %x : memref<1x1x16xf32>, memref<1x1x16xf32>) outs(%y : memref<1x1x16xf32>)
  return
}
func.func private @copy(%x: memref<1x16xf32>, %y: memref<1x16xf32>) {
  memref.copy %x, %y : memref<1x16xf32> to memref<1x16xf32>
  return
}

// -----

// Strided parts stay calls; so does a copy of what is overwritten later.
// CHECK-LABEL: func.func @stays
// CHECK: call @columns
// CHECK: call @copy
func.func @stays(%x: memref<4x8xf32>, %y: memref<4x4xf32>) {
  %a = memref.alloc() : memref<4x8xf32>
  call @make(%x, %a) : (memref<4x8xf32>, memref<4x8xf32>) -> ()
  %b = memref.alloc() : memref<4x4xf32>
  call @columns(%a, %b) : (memref<4x8xf32>, memref<4x4xf32>) -> ()
  %c = memref.alloc() : memref<4x4xf32>
  call @copy(%b, %c) : (memref<4x4xf32>, memref<4x4xf32>) -> ()
  call @columns(%x, %b) : (memref<4x8xf32>, memref<4x4xf32>) -> ()
  call @sum(%b, %c, %y) : (memref<4x4xf32>, memref<4x4xf32>, memref<4x4xf32>) -> ()
  return
}
func.func private @make(%x: memref<4x8xf32>, %y: memref<4x8xf32>) {
  linalg.add ins(%x, %x : memref<4x8xf32>, memref<4x8xf32>) outs(%y : memref<4x8xf32>)
  return
}
func.func private @columns(%x: memref<4x8xf32>, %y: memref<4x4xf32>) {
  %s = memref.subview %x[0, 4] [4, 4] [1, 1] : memref<4x8xf32> to memref<4x4xf32, strided<[8, 1], offset: 4>>
  linalg.copy ins(%s : memref<4x4xf32, strided<[8, 1], offset: 4>>) outs(%y : memref<4x4xf32>)
  return
}
func.func private @copy(%x: memref<4x4xf32>, %y: memref<4x4xf32>) {
  memref.copy %x, %y : memref<4x4xf32> to memref<4x4xf32>
  return
}
func.func private @sum(%a: memref<4x4xf32>, %b: memref<4x4xf32>, %y: memref<4x4xf32>) {
  linalg.add ins(%a, %b : memref<4x4xf32>, memref<4x4xf32>) outs(%y : memref<4x4xf32>)
  return
}
