// RUN: aicc-opt %s --lower-vectors | filecheck %s
// RUN: aicc-opt %s --lower-vectors > %t.once
// RUN: aicc-opt %t.once --lower-vectors > %t.twice
// RUN: diff %t.once %t.twice

#s = affine_map<(m, n) -> ()>
#o = affine_map<(m, n) -> (m, n)>
#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>
#r = affine_map<(m, n) -> (n)>

// Ten sums go through memory: two rows of two vectors at a time are followed by the function, then
// the row that is left. The last five lanes of a row are masked.
// CHECK-LABEL: func.func @rows_of_a_function
// CHECK: %[[T:.*]] = memref.alloc
// CHECK: %[[SUMS:.*]]:10 = scf.for
// CHECK: vector.store %[[SUMS]]#0, %[[T]]
// CHECK: vector.maskedstore %[[T]]{{.*}}%[[SUMS]]#9
// CHECK: scf.for %[[ROW:.*]] = %{{.*}} to %{{.*}} step
// CHECK: vector.load %[[T]][%[[ROW]]
// CHECK-COUNT-4: math.erf
// CHECK: vector.store %{{.*}}, %arg3[%[[ROW]]
// CHECK: }
// CHECK: vector.load %[[T]]
// CHECK-COUNT-2: math.erf
// CHECK: vector.maskedstore %arg3
// CHECK-NOT: linalg
func.func @rows_of_a_function(%a: memref<5x64xf32>, %b: memref<64x21xf32>, %bias: memref<21xf32>, %c: memref<5x21xf32>) {
  %zero = arith.constant 0.0 : f32
  %t = memref.alloc() : memref<5x21xf32>
  linalg.generic {indexing_maps = [#s, #o], iterator_types = ["parallel", "parallel"]} ins(%zero : f32) outs(%t : memref<5x21xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32):
    linalg.yield %x : f32
  }
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%a, %b : memref<5x64xf32>, memref<64x21xf32>) outs(%t : memref<5x21xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %p = arith.mulf %x, %y : f32
    %q = arith.addf %z, %p : f32
    linalg.yield %q : f32
  }
  linalg.generic {indexing_maps = [#o, #r, #o], iterator_types = ["parallel", "parallel"]} ins(%t, %bias : memref<5x21xf32>, memref<21xf32>) outs(%c : memref<5x21xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %p = arith.addf %x, %y : f32
    %q = math.erf %p : f32
    linalg.yield %q : f32
  }
  return
}

// Few sums stay in registers.
// CHECK-LABEL: func.func @small_tile
// CHECK-NOT: memref.alloc
// CHECK: %[[SUMS:.*]]:2 = scf.for
// CHECK-NOT: scf.for
// CHECK: math.erf %[[SUMS]]#0
// CHECK-NEXT: math.erf %[[SUMS]]#1
// CHECK-NOT: linalg
func.func @small_tile(%a: memref<2x640xf32>, %b: memref<640x16xf32>, %c: memref<2x16xf32>) {
  %zero = arith.constant 0.0 : f32
  %t = memref.alloc() : memref<2x16xf32>
  linalg.generic {indexing_maps = [#s, #o], iterator_types = ["parallel", "parallel"]} ins(%zero : f32) outs(%t : memref<2x16xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32):
    linalg.yield %x : f32
  }
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%a, %b : memref<2x640xf32>, memref<640x16xf32>) outs(%t : memref<2x16xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %p = arith.mulf %x, %y : f32
    %q = arith.addf %z, %p : f32
    linalg.yield %q : f32
  }
  linalg.generic {indexing_maps = [#o, #o], iterator_types = ["parallel", "parallel"]} ins(%t : memref<2x16xf32>) outs(%c : memref<2x16xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32):
    %q = math.erf %x : f32
    linalg.yield %q : f32
  }
  return
}

// In place: the function reads what the sum stored.
// CHECK-LABEL: func.func @in_place
// CHECK: %[[SUMS:.*]]:12 = scf.for
// CHECK-COUNT-12: vector.store %[[SUMS]]#{{[0-9]+}}, %arg2
// CHECK: scf.for
// CHECK-COUNT-4: vector.load %arg2
// CHECK-COUNT-4: math.exp
// CHECK-COUNT-4: vector.store %{{.*}}, %arg2
// CHECK-NOT: linalg
func.func @in_place(%a: memref<6x64xf32>, %b: memref<64x32xf32>, %c: memref<6x32xf32>) {
  linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]} ins(%a, %b : memref<6x64xf32>, memref<64x32xf32>) outs(%c : memref<6x32xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %p = arith.mulf %x, %y : f32
    %q = arith.addf %z, %p : f32
    linalg.yield %q : f32
  }
  linalg.generic {indexing_maps = [#o], iterator_types = ["parallel", "parallel"]} outs(%c : memref<6x32xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32):
    %q = math.exp %x : f32
    linalg.yield %q : f32
  }
  return
}
