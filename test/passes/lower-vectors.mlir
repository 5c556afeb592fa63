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

// Two steps per iteration and one left over; the next block of columns is asked for, a share of
// 8 elements per step and tile, and the rows of the next tile.
// CHECK-LABEL: func.func @ahead
// CHECK: scf.for %[[BLOCK:.*]] = %{{.*}} to %{{.*}} step
// CHECK: scf.for %[[ROW:.*]] = %{{.*}} to %{{.*}} step
// CHECK: scf.for %{{.*}} = %{{.*}} to %{{.*}} step %{{.*}} iter_args
// CHECK: memref.prefetch {{.*}} read, locality<3>, data : memref<1x201x16xf32
// CHECK: memref.prefetch {{.*}} read, locality<2>, data : memref<2x201xf32
// CHECK-COUNT-4: vector.fma
// CHECK: scf.yield
// CHECK-COUNT-2: vector.fma
// CHECK-NOT: aicc.unroll
#a3 = affine_map<(m, b, n, k) -> (m, k)>
#b3 = affine_map<(m, b, n, k) -> (b, k, n)>
#c3 = affine_map<(m, b, n, k) -> (m, b, n)>
func.func @ahead(%a: memref<4x201xf32>, %b: memref<8x201x16xf32>, %c: memref<4x8x16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  scf.for %i = %c0 to %c8 step %c1 {
    %panel = memref.subview %b[%i, 0, 0] [1, 201, 16] [1, 1, 1] : memref<8x201x16xf32> to memref<1x201x16xf32, strided<[3216, 16, 1], offset: ?>>
    scf.for %m = %c0 to %c4 step %c2 {
      %rows = memref.subview %a[%m, 0] [2, 201] [1, 1] : memref<4x201xf32> to memref<2x201xf32, strided<[201, 1], offset: ?>>
      %tile = memref.subview %c[%m, %i, 0] [2, 1, 16] [1, 1, 1] : memref<4x8x16xf32> to memref<2x1x16xf32, strided<[128, 16, 1], offset: ?>>
      linalg.generic {indexing_maps = [#a3, #b3, #c3], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%rows, %panel : memref<2x201xf32, strided<[201, 1], offset: ?>>, memref<1x201x16xf32, strided<[3216, 16, 1], offset: ?>>) outs(%tile : memref<2x1x16xf32, strided<[128, 16, 1], offset: ?>>) attrs = {aicc.tile = 16 : i64, aicc.unroll = 2 : i64, aicc.prefetch = ["panel", "rows"]} {
      ^bb0(%x: f32, %y: f32, %z: f32):
        %p = arith.mulf %x, %y : f32
        %q = arith.addf %z, %p : f32
        linalg.yield %q : f32
      }
    }
  }
  return
}

// The columns of an unpacked operand: a share of the next ones, row by row; and, to be written, the
// part of the result that the last operation of the tile stores to.
// CHECK-LABEL: func.func @apart
// CHECK: scf.for %[[BLOCK:.*]] = %{{.*}} to %{{.*}} step
// CHECK: scf.for %[[ROW:.*]] = %{{.*}} to %{{.*}} step
// CHECK: %[[STORED:.*]] = memref.subview %arg2
// CHECK: scf.for %{{.*}} = %{{.*}} to %{{.*}} step %{{.*}} iter_args
// CHECK: memref.prefetch %{{.*}} read, locality<3>, data : memref<200x16xf32
// CHECK: memref.prefetch %[[STORED]]{{.*}} write, locality<3>
#a4 = affine_map<(m, n, k) -> (m, k)>
#b4 = affine_map<(m, n, k) -> (k, n)>
#c4 = affine_map<(m, n, k) -> (m, n)>
#d4 = affine_map<(m, n) -> (m, n)>
func.func @apart(%a: memref<4x200xf32>, %b: memref<200x128xf32>, %c: memref<4x128xf32>) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %c16 = arith.constant 16 : index
  %c128 = arith.constant 128 : index
  %zero = arith.constant 0.0 : f32
  scf.for %i = %c0 to %c128 step %c16 {
    %panel = memref.subview %b[0, %i] [200, 16] [1, 1] : memref<200x128xf32> to memref<200x16xf32, strided<[128, 1], offset: ?>>
    scf.for %m = %c0 to %c4 step %c2 {
      %rows = memref.subview %a[%m, 0] [2, 200] [1, 1] : memref<4x200xf32> to memref<2x200xf32, strided<[200, 1], offset: ?>>
      %t = memref.alloc() : memref<2x16xf32>
      linalg.generic {indexing_maps = [affine_map<(m, n) -> ()>, #d4], iterator_types = ["parallel", "parallel"]} ins(%zero : f32) outs(%t : memref<2x16xf32>) attrs = {aicc.tile = 16 : i64} {
      ^bb0(%x: f32, %y: f32):
        linalg.yield %x : f32
      }
      linalg.generic {indexing_maps = [#a4, #b4, #c4], iterator_types = ["parallel", "parallel", "reduction"]} ins(%rows, %panel : memref<2x200xf32, strided<[200, 1], offset: ?>>, memref<200x16xf32, strided<[128, 1], offset: ?>>) outs(%t : memref<2x16xf32>) attrs = {aicc.tile = 16 : i64, aicc.unroll = 4 : i64, aicc.prefetch = ["panel", "output"]} {
      ^bb0(%x: f32, %y: f32, %z: f32):
        %p = arith.mulf %x, %y : f32
        %q = arith.addf %z, %p : f32
        linalg.yield %q : f32
      }
      %stored = memref.subview %c[%m, %i] [2, 16] [1, 1] : memref<4x128xf32> to memref<2x16xf32, strided<[128, 1], offset: ?>>
      linalg.generic {indexing_maps = [#d4, #d4], iterator_types = ["parallel", "parallel"]} ins(%t : memref<2x16xf32>) outs(%stored : memref<2x16xf32, strided<[128, 1], offset: ?>>) attrs = {aicc.tile = 16 : i64} {
      ^bb0(%x: f32, %y: f32):
        %r = arith.maximumf %x, %zero : f32
        linalg.yield %r : f32
      }
    }
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
