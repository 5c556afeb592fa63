// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(outline-kernels,graph-to-linalg)' | filecheck %s

// A walk per row and tree, as long as it is at a node and not longer than there are nodes.
// CHECK: func.func private
// CHECK: linalg.generic
// CHECK: scf.while
// CHECK: arith.cmpi sge
// CHECK: arith.cmpi slt
// CHECK: scf.condition
func.func @main(%x: tensor<9x4xf32> {aicc.input = "x"}, %f: tensor<7xi32> {aicc.weight = "f"}, %t: tensor<7xf32> {aicc.weight = "t"}, %r: tensor<7xi8> {aicc.weight = "r"}, %p: tensor<7xi32> {aicc.weight = "p"}, %roots: tensor<2xi32> {aicc.weight = "roots"}) -> (tensor<9x2xi64> {aicc.output = "y"}) {
  %0 = "graph.tree_walk"(%x, %f, %t, %r, %p, %p, %roots) : (tensor<9x4xf32>, tensor<7xi32>, tensor<7xf32>, tensor<7xi8>, tensor<7xi32>, tensor<7xi32>, tensor<2xi32>) -> tensor<9x2xi64>
  return %0 : tensor<9x2xi64>
}

// -----

// Each matrix is copied, and eliminated column by column with the largest pivot.
// CHECK: func.func private
// CHECK: scf.for
// CHECK: linalg.generic
// CHECK: scf.for
// CHECK: scf.for
// CHECK: math.absf
// CHECK: arith.cmpf ogt
func.func @main(%x: tensor<2x3x3xf32> {aicc.input = "x"}) -> (tensor<2xf32> {aicc.output = "y"}) {
  %0 = "graph.determinant"(%x) : (tensor<2x3x3xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// The four neighbours of a moved position are read, and weighted.
// CHECK: func.func private
// CHECK: linalg.generic
// CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel"]
// CHECK: math.floor
// CHECK: math.floor
// CHECK-COUNT-4: tensor.extract {{.*}} : tensor<1x4x5x6xf32>
// CHECK: linalg.yield
func.func @main(%x: tensor<1x4x5x6xf32> {aicc.input = "x"}, %o: tensor<1x8x4x5xf32> {aicc.input = "o"}) -> (tensor<1x4x4x4x5xf32> {aicc.output = "y"}) {
  %0 = "graph.deform_columns"(%x, %o) {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x5x6xf32>, tensor<1x8x4x5xf32>) -> tensor<1x4x4x4x5xf32>
  return %0 : tensor<1x4x4x4x5xf32>
}

// -----

// The elements of a bin, from bounds that are data.
// CHECK: func.func private
// CHECK: linalg.generic
// CHECK: math.round
// CHECK: scf.for
// CHECK: scf.for
// CHECK: arith.maximumf
func.func @main(%x: tensor<2x3x12x16xf32> {aicc.input = "x"}, %r: tensor<20x5xf32> {aicc.input = "r"}) -> (tensor<20x3x3x4xf32> {aicc.output = "y"}) {
  %0 = "graph.region_max_pool"(%x, %r) {size = array<i64: 3, 4>, scale = 1.000000e+00 : f64} : (tensor<2x3x12x16xf32>, tensor<20x5xf32>) -> tensor<20x3x3x4xf32>
  return %0 : tensor<20x3x3x4xf32>
}

// -----

// Unsigned tensors inside of @main alone: it is lowered all the same.
// CHECK: func.func @main(%{{[a-z0-9]+}}: tensor<4xf32>
// CHECK: tensor.empty() : tensor<4xi8>
// CHECK-NOT: ui8
// CHECK: return
func.func @main(%x: tensor<4xf32> {aicc.input = "x"}) -> (tensor<4xf32> {aicc.output = "y"}) {
  %0 = "graph.cast"(%x) {to = ui8} : (tensor<4xf32>) -> tensor<4xui8>
  %1 = "graph.cast"(%0) {to = f32} : (tensor<4xui8>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}
