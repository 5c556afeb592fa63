// RUN: aicc-opt %s --place-parts --symbol-dce --split-input-file | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(place-parts,place-parts,symbol-dce)' --split-input-file | filecheck %s

// The producer writes inside the borders, which the consumer fills; the other consumer, which does
// not pad, reads there.
// CHECK-LABEL: func.func @padded
// CHECK: %[[P:.*]] = memref.alloc() {aicc.holds = {{.*}}"workspace"{{.*}}"part"{{.*}}} : memref<6x18xf32>
// CHECK-NEXT: call @make_[[MAKE:[0-9a-f]+]](%arg0, %[[P]])
// CHECK-NEXT: call @blur_[[BLUR:[0-9a-f]+]](%arg1, %[[P]])
// CHECK-NEXT: call @make_[[READ:[0-9a-f]+]](%[[P]], %arg2)
// CHECK-NEXT: return
// CHECK-DAG: func.func private @make_[[MAKE]](%arg0: memref<4x16xf32>, %arg1: memref<6x18xf32> {aicc.part = [array<i64: 1, 1>, array<i64: 4, 16>]})
// CHECK-DAG: func.func private @make_[[READ]](%arg0: memref<6x18xf32> {aicc.part = {{.*}}}, %arg1: memref<4x16xf32>)
func.func @padded(%x: memref<4x16xf32>, %y: memref<4x16xf32>, %z: memref<4x16xf32>) {
  %a = memref.alloc() : memref<4x16xf32>
  call @make_0(%x, %a) : (memref<4x16xf32>, memref<4x16xf32>) -> ()
  %p = memref.alloc() {aicc.workspace} : memref<6x18xf32>
  call @blur_0(%a, %y, %p) : (memref<4x16xf32>, memref<4x16xf32>, memref<6x18xf32>) -> ()
  call @make_0(%a, %z) : (memref<4x16xf32>, memref<4x16xf32>) -> ()
  return
}
func.func private @make_0(%x: memref<4x16xf32>, %y: memref<4x16xf32>) {
  linalg.add ins(%x, %x : memref<4x16xf32>, memref<4x16xf32>) outs(%y : memref<4x16xf32>)
  return
}
// CHECK: func.func private @blur_[[BLUR]](%arg0: memref<4x16xf32>, %arg1: memref<6x18xf32>)
// CHECK-COUNT-4: linalg.fill
// CHECK-NOT: linalg.copy
func.func private @blur_0(%x: memref<4x16xf32>, %y: memref<4x16xf32>, %p: memref<6x18xf32> {aicc.workspace}) {
  %zero = arith.constant 0.0 : f32
  %t = memref.subview %p[0, 0] [1, 18] [1, 1] : memref<6x18xf32> to memref<1x18xf32, strided<[18, 1]>>
  linalg.fill ins(%zero : f32) outs(%t : memref<1x18xf32, strided<[18, 1]>>)
  %b = memref.subview %p[5, 0] [1, 18] [1, 1] : memref<6x18xf32> to memref<1x18xf32, strided<[18, 1], offset: 90>>
  linalg.fill ins(%zero : f32) outs(%b : memref<1x18xf32, strided<[18, 1], offset: 90>>)
  %l = memref.subview %p[1, 0] [4, 1] [1, 1] : memref<6x18xf32> to memref<4x1xf32, strided<[18, 1], offset: 18>>
  linalg.fill ins(%zero : f32) outs(%l : memref<4x1xf32, strided<[18, 1], offset: 18>>)
  %r = memref.subview %p[1, 17] [4, 1] [1, 1] : memref<6x18xf32> to memref<4x1xf32, strided<[18, 1], offset: 35>>
  linalg.fill ins(%zero : f32) outs(%r : memref<4x1xf32, strided<[18, 1], offset: 35>>)
  %i = memref.subview %p[1, 1] [4, 16] [1, 1] : memref<6x18xf32> to memref<4x16xf32, strided<[18, 1], offset: 19>>
  linalg.copy ins(%x : memref<4x16xf32>) outs(%i : memref<4x16xf32, strided<[18, 1], offset: 19>>)
  %s = memref.subview %p[2, 2] [4, 16] [1, 1] : memref<6x18xf32> to memref<4x16xf32, strided<[18, 1], offset: 38>>
  linalg.add ins(%i, %s : memref<4x16xf32, strided<[18, 1], offset: 19>>, memref<4x16xf32, strided<[18, 1], offset: 38>>) outs(%y : memref<4x16xf32>)
  return
}

// -----

// Two consumers with borders of different widths share the wider one.
// CHECK-LABEL: func.func @shared
// CHECK: %[[P:.*]] = memref.alloc() {{.*}} : memref<8x16xf32>
// CHECK-NEXT: call @make_{{[0-9a-f]+}}(%arg0, %[[P]])
// CHECK-NEXT: call @narrow_{{[0-9a-f]+}}(%[[P]], %arg1)
// CHECK-NEXT: call @wide_{{[0-9a-f]+}}(%arg2, %[[P]])
// CHECK-NEXT: return
// CHECK: func.func private @narrow_{{[0-9a-f]+}}(%arg0: memref<8x16xf32>, %arg1: memref<4x16xf32>)
// CHECK: memref.subview %arg0[1, 0] [6, 16]
func.func @shared(%x: memref<4x16xf32>, %y: memref<4x16xf32>, %z: memref<4x16xf32>) {
  %a = memref.alloc() : memref<4x16xf32>
  call @make_0(%x, %a) : (memref<4x16xf32>, memref<4x16xf32>) -> ()
  %p = memref.alloc() {aicc.workspace} : memref<6x16xf32>
  call @narrow_0(%a, %y, %p) : (memref<4x16xf32>, memref<4x16xf32>, memref<6x16xf32>) -> ()
  %q = memref.alloc() {aicc.workspace} : memref<8x16xf32>
  call @wide_0(%a, %z, %q) : (memref<4x16xf32>, memref<4x16xf32>, memref<8x16xf32>) -> ()
  return
}
func.func private @make_0(%x: memref<4x16xf32>, %y: memref<4x16xf32>) {
  linalg.add ins(%x, %x : memref<4x16xf32>, memref<4x16xf32>) outs(%y : memref<4x16xf32>)
  return
}
func.func private @narrow_0(%x: memref<4x16xf32>, %y: memref<4x16xf32>, %p: memref<6x16xf32> {aicc.workspace}) {
  %zero = arith.constant 0.0 : f32
  %t = memref.subview %p[0, 0] [1, 16] [1, 1] : memref<6x16xf32> to memref<1x16xf32, strided<[16, 1]>>
  linalg.fill ins(%zero : f32) outs(%t : memref<1x16xf32, strided<[16, 1]>>)
  %b = memref.subview %p[5, 0] [1, 16] [1, 1] : memref<6x16xf32> to memref<1x16xf32, strided<[16, 1], offset: 80>>
  linalg.fill ins(%zero : f32) outs(%b : memref<1x16xf32, strided<[16, 1], offset: 80>>)
  %i = memref.subview %p[1, 0] [4, 16] [1, 1] : memref<6x16xf32> to memref<4x16xf32, strided<[16, 1], offset: 16>>
  linalg.copy ins(%x : memref<4x16xf32>) outs(%i : memref<4x16xf32, strided<[16, 1], offset: 16>>)
  %s = memref.subview %p[2, 0] [4, 16] [1, 1] : memref<6x16xf32> to memref<4x16xf32, strided<[16, 1], offset: 32>>
  linalg.copy ins(%s : memref<4x16xf32, strided<[16, 1], offset: 32>>) outs(%y : memref<4x16xf32>)
  return
}
func.func private @wide_0(%x: memref<4x16xf32>, %y: memref<4x16xf32>, %p: memref<8x16xf32> {aicc.workspace}) {
  %one = arith.constant 1.0 : f32
  %t = memref.subview %p[0, 0] [2, 16] [1, 1] : memref<8x16xf32> to memref<2x16xf32, strided<[16, 1]>>
  linalg.fill ins(%one : f32) outs(%t : memref<2x16xf32, strided<[16, 1]>>)
  %b = memref.subview %p[6, 0] [2, 16] [1, 1] : memref<8x16xf32> to memref<2x16xf32, strided<[16, 1], offset: 96>>
  linalg.fill ins(%one : f32) outs(%b : memref<2x16xf32, strided<[16, 1], offset: 96>>)
  %i = memref.subview %p[2, 0] [4, 16] [1, 1] : memref<8x16xf32> to memref<4x16xf32, strided<[16, 1], offset: 32>>
  linalg.copy ins(%x : memref<4x16xf32>) outs(%i : memref<4x16xf32, strided<[16, 1], offset: 32>>)
  %s = memref.subview %p[4, 0] [4, 16] [1, 1] : memref<8x16xf32> to memref<4x16xf32, strided<[16, 1], offset: 64>>
  linalg.copy ins(%s : memref<4x16xf32, strided<[16, 1], offset: 64>>) outs(%y : memref<4x16xf32>)
  return
}

// -----

// A concatenation along the last dimension: each producer writes its columns, one through a
// reshape that the whole takes too, one of the two into an output of the model. A split of the
// columns reads them where they are.
// CHECK-LABEL: func.func @columns
// CHECK-NEXT: call @make_[[L:[0-9a-f]+]](%arg0, %arg1)
// CHECK-NEXT: call @make_[[R:[0-9a-f]+]](%arg0, %arg1)
// CHECK-NEXT: call @use_[[U:[0-9a-f]+]](%arg1, %arg2)
// CHECK-NEXT: return
// CHECK-DAG: func.func private @make_[[L]]({{.*}}, %arg1: memref<4x32xf32> {aicc.part = [array<i64: 0, 0>, array<i64: 4, 16>]})
// CHECK-DAG: func.func private @make_[[R]]({{.*}}, %arg1: memref<4x32xf32> {aicc.part = [array<i64: 0, 16>, array<i64: 4, 16>]})
// CHECK-DAG: func.func private @use_[[U]](%arg0: memref<4x32xf32> {aicc.part = [array<i64: 0, 16>, array<i64: 4, 16>]}, %arg1: memref<4x16xf32>)
// CHECK-DAG: memref.expand_shape {{.*}} : memref<128xf32> into memref<4x8x4xf32>
func.func @columns(%x: memref<4x16xf32>, %y: memref<4x32xf32>, %z: memref<4x16xf32>) {
  %a = memref.alloc() : memref<4x16xf32>
  call @make_0(%x, %a) : (memref<4x16xf32>, memref<4x16xf32>) -> ()
  %b = memref.alloc() : memref<4x16xf32>
  call @make_0(%x, %b) : (memref<4x16xf32>, memref<4x16xf32>) -> ()
  call @join_0(%a, %b, %y) : (memref<4x16xf32>, memref<4x16xf32>, memref<4x32xf32>) -> ()
  %c = memref.alloc() : memref<4x16xf32>
  call @right_0(%y, %c) : (memref<4x32xf32>, memref<4x16xf32>) -> ()
  call @use_0(%c, %z) : (memref<4x16xf32>, memref<4x16xf32>) -> ()
  return
}
func.func private @make_0(%x: memref<4x16xf32>, %y: memref<4x16xf32>) {
  %u = memref.expand_shape %x [[0], [1, 2]] output_shape [4, 4, 4] : memref<4x16xf32> into memref<4x4x4xf32>
  %v = memref.expand_shape %y [[0], [1, 2]] output_shape [4, 4, 4] : memref<4x16xf32> into memref<4x4x4xf32>
  linalg.add ins(%u, %u : memref<4x4x4xf32>, memref<4x4x4xf32>) outs(%v : memref<4x4x4xf32>)
  return
}
func.func private @use_0(%x: memref<4x16xf32>, %y: memref<4x16xf32>) {
  linalg.add ins(%x, %x : memref<4x16xf32>, memref<4x16xf32>) outs(%y : memref<4x16xf32>)
  return
}
func.func private @join_0(%x: memref<4x16xf32>, %y: memref<4x16xf32>, %z: memref<4x32xf32>) {
  %l = memref.subview %z[0, 0] [4, 16] [1, 1] : memref<4x32xf32> to memref<4x16xf32, strided<[32, 1]>>
  linalg.copy ins(%x : memref<4x16xf32>) outs(%l : memref<4x16xf32, strided<[32, 1]>>)
  %r = memref.subview %z[0, 16] [4, 16] [1, 1] : memref<4x32xf32> to memref<4x16xf32, strided<[32, 1], offset: 16>>
  linalg.copy ins(%y : memref<4x16xf32>) outs(%r : memref<4x16xf32, strided<[32, 1], offset: 16>>)
  return
}
func.func private @right_0(%x: memref<4x32xf32>, %y: memref<4x16xf32>) {
  %r = memref.subview %x[0, 16] [4, 16] [1, 1] : memref<4x32xf32> to memref<4x16xf32, strided<[32, 1], offset: 16>>
  linalg.copy ins(%r : memref<4x16xf32, strided<[32, 1], offset: 16>>) outs(%y : memref<4x16xf32>)
  return
}
