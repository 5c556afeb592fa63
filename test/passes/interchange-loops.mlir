// RUN: aicc-opt %s --interchange-loops | filecheck %s
// RUN: aicc-opt %s --interchange-loops > %t.once
// RUN: aicc-opt %t.once --interchange-loops > %t.twice
// RUN: diff %t.once %t.twice

// Maps of what follows, in the new order of iterators.
// CHECK-DAG: #[[LHS:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-DAG: #[[RHS:.*]] = affine_map<(d0, d1, d2) -> (d1, d2)>
// CHECK-DAG: #[[OUT:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG: #[[IMAGE:.*]] = affine_map<(d0, d1, d2, d3) -> (d1, d0 * 2 + d2, d3)>
#lhs = affine_map<(d0, d1, d2) -> (d0, d2)>
#rhs = affine_map<(d0, d1, d2) -> (d2, d1)>
#turned = affine_map<(d0, d1, d2) -> (d1, d2)>
#out = affine_map<(d0, d1, d2) -> (d0, d1)>

// Columns of the right operand become rows.
// CHECK-LABEL: func.func private @product
// CHECK: linalg.generic {indexing_maps = [#[[LHS]], #[[RHS]], #[[OUT]]]
// CHECK-SAME: iterator_types = ["parallel", "reduction", "parallel"]
func.func private @product(%a: tensor<5x7xf32>, %b: tensor<7x9xf32>, %c: tensor<5x9xf32>) -> tensor<5x9xf32> attributes {aicc.kernel = "matmul"} {
  %0 = linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "reduction"]} ins(%a, %b : tensor<5x7xf32>, tensor<7x9xf32>) outs(%c : tensor<5x9xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %1 = arith.mulf %x, %y : f32
    %2 = arith.addf %z, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<5x9xf32>
  return %0 : tensor<5x9xf32>
}

// Both operands are read along rows by the sum.
// CHECK-LABEL: func.func private @rows_times_rows
// CHECK: iterator_types = ["parallel", "parallel", "reduction"]
func.func private @rows_times_rows(%a: tensor<5x7xf32>, %b: tensor<9x7xf32>, %c: tensor<5x9xf32>) -> tensor<5x9xf32> attributes {aicc.kernel = "matmul"} {
  %0 = linalg.generic {indexing_maps = [#lhs, #turned, #out], iterator_types = ["parallel", "parallel", "reduction"]} ins(%a, %b : tensor<5x7xf32>, tensor<9x7xf32>) outs(%c : tensor<5x9xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %1 = arith.mulf %x, %y : f32
    %2 = arith.addf %z, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<5x9xf32>
  return %0 : tensor<5x9xf32>
}

// Windows of one row and three channels, two rows apart; neighbours in the result are read side by side.
// CHECK-LABEL: func.func private @windows
// CHECK: linalg.generic {indexing_maps = [#[[IMAGE]],
// CHECK-SAME: iterator_types = ["parallel", "reduction", "reduction", "parallel"]
func.func private @windows(%x: tensor<3x9x8xf32>, %w: tensor<3x3xf32>, %y: tensor<4x8xf32>) -> tensor<4x8xf32> attributes {aicc.kernel = "conv"} {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d2, d0 * 2 + d3, d1)>, affine_map<(d0, d1, d2, d3) -> (d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction", "reduction"]} ins(%x, %w : tensor<3x9x8xf32>, tensor<3x3xf32>) outs(%y : tensor<4x8xf32>) {
  ^bb0(%in: f32, %f: f32, %out: f32):
    %1 = arith.mulf %in, %f : f32
    %2 = arith.addf %out, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// Every second element of a row: no vector reads it as it lies.
// CHECK-LABEL: func.func private @strided
// CHECK: iterator_types = ["parallel", "reduction"]
func.func private @strided(%x: tensor<9xf32>, %w: tensor<3x4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> attributes {aicc.kernel = "conv"} {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0 * 2 + d1)>, affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x, %w : tensor<9xf32>, tensor<3x4xf32>) outs(%y : tensor<4xf32>) {
  ^bb0(%in: f32, %f: f32, %out: f32):
    %1 = arith.mulf %in, %f : f32
    %2 = arith.addf %out, %1 : f32
    linalg.yield %2 : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// One number.
// CHECK-LABEL: func.func private @scalar
// CHECK: iterator_types = []
func.func private @scalar(%x: tensor<f32>, %y: tensor<f32>) -> tensor<f32> attributes {aicc.kernel = "elementwise"} {
  %0 = linalg.generic {indexing_maps = [affine_map<() -> ()>, affine_map<() -> ()>], iterator_types = []} ins(%x : tensor<f32>) outs(%y : tensor<f32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = arith.negf %in : f32
    linalg.yield %1 : f32
  } -> tensor<f32>
  return %0 : tensor<f32>
}

// All elements are summed: the result has no dimension.
// CHECK-LABEL: func.func private @sum
// CHECK: iterator_types = ["reduction"]
func.func private @sum(%x: tensor<9xf32>, %y: tensor<f32>) -> tensor<f32> attributes {aicc.kernel = "reduction"} {
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>], iterator_types = ["reduction"]} ins(%x : tensor<9xf32>) outs(%y : tensor<f32>) {
  ^bb0(%in: f32, %out: f32):
    %1 = arith.addf %in, %out : f32
    linalg.yield %1 : f32
  } -> tensor<f32>
  return %0 : tensor<f32>
}
