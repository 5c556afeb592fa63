// RUN: aicc-opt %s --lower-vectors | filecheck %s
// RUN: aicc-opt %s --lower-vectors > %t.once
// RUN: aicc-opt %t.once --lower-vectors > %t.twice
// RUN: diff %t.once %t.twice

#z = affine_map<(m) -> ()>
#r = affine_map<(m) -> (m)>
#o = affine_map<(m, n) -> (m, n)>
#row = affine_map<(m, n) -> (m)>

// Exponentials are added up while they are stored; lanes beyond the row are left out of the sum.
// CHECK-LABEL: func.func @exponentials_and_their_sum
// CHECK: %[[SUMS:.*]]:4 = scf.for
// CHECK-COUNT-4: math.exp
// CHECK-COUNT-4: vector.store
// CHECK-COUNT-4: arith.addf
// CHECK: scf.yield
// CHECK: math.exp
// CHECK: vector.maskedstore
// CHECK: arith.select
// CHECK-NOT: vector.load
// CHECK-COUNT-8: vector.shuffle
// CHECK-NOT: linalg
func.func @exponentials_and_their_sum(%a: memref<1x200xf32>, %b: memref<1x200xf32>, %s: memref<1xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.generic {indexing_maps = [#o, #o], iterator_types = ["parallel", "parallel"]} ins(%a : memref<1x200xf32>) outs(%b : memref<1x200xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32):
    %e = math.exp %x : f32
    linalg.yield %e : f32
  }
  linalg.generic {indexing_maps = [#z, #r], iterator_types = ["parallel"]} ins(%zero : f32) outs(%s : memref<1xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32):
    linalg.yield %x : f32
  }
  linalg.generic {indexing_maps = [#o, #row], iterator_types = ["parallel", "reduction"]} ins(%b : memref<1x200xf32>) outs(%s : memref<1xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32):
    %t = arith.addf %y, %x : f32
    linalg.yield %t : f32
  }
  return
}

// A sum of something else is a walk of its own.
// CHECK-LABEL: func.func @sum_of_another_row
// CHECK: scf.for
// CHECK: math.exp
// CHECK: scf.for
// CHECK-NOT: math.exp
// CHECK: arith.addf
// CHECK-COUNT-8: vector.shuffle
func.func @sum_of_another_row(%a: memref<1x200xf32>, %b: memref<1x200xf32>, %c: memref<1x200xf32>, %s: memref<1xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.generic {indexing_maps = [#o, #o], iterator_types = ["parallel", "parallel"]} ins(%a : memref<1x200xf32>) outs(%b : memref<1x200xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32):
    %e = math.exp %x : f32
    linalg.yield %e : f32
  }
  linalg.generic {indexing_maps = [#z, #r], iterator_types = ["parallel"]} ins(%zero : f32) outs(%s : memref<1xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32):
    linalg.yield %x : f32
  }
  linalg.generic {indexing_maps = [#o, #row], iterator_types = ["parallel", "reduction"]} ins(%c : memref<1x200xf32>) outs(%s : memref<1xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32):
    %t = arith.addf %y, %x : f32
    linalg.yield %t : f32
  }
  return
}

// Between the two, the row is changed by a call.
// CHECK-LABEL: func.func @changed_in_between
// CHECK: scf.for
// CHECK: math.exp
// CHECK: call @change
// CHECK: scf.for
// CHECK-COUNT-8: vector.shuffle
func.func private @change(memref<1x200xf32>)
func.func @changed_in_between(%a: memref<1x200xf32>, %b: memref<1x200xf32>, %s: memref<1xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.generic {indexing_maps = [#o, #o], iterator_types = ["parallel", "parallel"]} ins(%a : memref<1x200xf32>) outs(%b : memref<1x200xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32):
    %e = math.exp %x : f32
    linalg.yield %e : f32
  }
  func.call @change(%b) : (memref<1x200xf32>) -> ()
  linalg.generic {indexing_maps = [#z, #r], iterator_types = ["parallel"]} ins(%zero : f32) outs(%s : memref<1xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32):
    linalg.yield %x : f32
  }
  linalg.generic {indexing_maps = [#o, #row], iterator_types = ["parallel", "reduction"]} ins(%b : memref<1x200xf32>) outs(%s : memref<1xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32):
    %t = arith.addf %y, %x : f32
    linalg.yield %t : f32
  }
  return
}

// A maximum without regard to NaN: a comparison and a selection, on vectors and between lanes.
// CHECK-LABEL: func.func @larger
// CHECK: scf.for
// CHECK-COUNT-4: arith.cmpf ogt
// CHECK-COUNT-4: arith.select
// CHECK: scf.yield
// CHECK-COUNT-8: vector.shuffle
// CHECK-NOT: linalg
func.func @larger(%a: memref<1x256xf32>, %s: memref<1xf32>) {
  linalg.generic {indexing_maps = [#o, #row], iterator_types = ["parallel", "reduction"]} ins(%a : memref<1x256xf32>) outs(%s : memref<1xf32>) attrs = {aicc.tile = 16 : i64} {
  ^bb0(%x: f32, %y: f32):
    %c = arith.cmpf ogt, %x, %y : f32
    %m = arith.select %c, %x, %y : f32
    linalg.yield %m : f32
  }
  return
}
