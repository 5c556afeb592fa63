// RUN: aicc-opt %s --lower-vectors | filecheck %s
// RUN: aicc-opt %s --lower-vectors > %t.once
// RUN: aicc-opt %t.once --lower-vectors > %t.twice
// RUN: diff %t.once %t.twice

#s = affine_map<(m, n) -> ()>
#o = affine_map<(m, n) -> (m, n)>
#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>

// The temporary tile lives in registers; five lanes of the second vector are masked off.
// CHECK-LABEL: func.func @tile
// CHECK-NOT: memref.alloc
// CHECK: %[[ACC:.*]]:4 = scf.for
// CHECK-COUNT-4: vector.fma
// CHECK: vector.store %[[ACC]]#0
// CHECK: vector.maskedstore {{.*}}%[[ACC]]#1
// CHECK-NOT: linalg
func.func @tile(%a: memref<2x64xf32>, %b: memref<64x21xf32>, %c: memref<2x21xf32>) {
  %zero = arith.constant 0.0 : f32
  %t = memref.alloc() : memref<2x21xf32>
  linalg.generic {indexing_maps = [#s, #o], iterator_types = ["parallel", "parallel"]} ins(%zero : f32) outs(%t : memref<2x21xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32):
    linalg.yield %x : f32
  }
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%a, %b : memref<2x64xf32>, memref<64x21xf32>) outs(%t : memref<2x21xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %p = arith.mulf %x, %y : f32
    %q = arith.addf %z, %p : f32
    linalg.yield %q : f32
  }
  linalg.generic {indexing_maps = [#o, #o], iterator_types = ["parallel", "parallel"]} ins(%t : memref<2x21xf32>) outs(%c : memref<2x21xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32):
    linalg.yield %x : f32
  }
  return
}

// No mark, no change; a marked body without a vector form only loses the mark.
// CHECK-LABEL: func.func @refused
// CHECK: linalg.generic
// CHECK-NOT: aicc.tile
// CHECK: linalg.index
func.func @refused(%c: memref<4xindex>) {
  linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]} outs(%c : memref<4xindex>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: index):
    %i = linalg.index 0 : index
    linalg.yield %i : index
  }
  return
}
