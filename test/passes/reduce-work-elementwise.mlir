// RUN: aicc-opt %s --reduce-work | filecheck %s
// RUN: aicc-opt %s --reduce-work > %t.once
// RUN: aicc-opt %t.once --reduce-work > %t.twice
// RUN: diff %t.once %t.twice

// CHECK-LABEL: func.func @unary_before_expand(
// CHECK-NEXT: %[[A:.*]] = "graph.exp"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 4, 3>}
// CHECK-NEXT: return %[[B]]
func.func @unary_before_expand(%x: tensor<1x3xf32>) -> tensor<4x3xf32> {
  %0 = "graph.expand"(%x) {shape = array<i64: 4, 3>} : (tensor<1x3xf32>) -> tensor<4x3xf32>
  %1 = "graph.exp"(%0) : (tensor<4x3xf32>) -> tensor<4x3xf32>
  return %1 : tensor<4x3xf32>
}

// CHECK-LABEL: func.func @binary_before_expand(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 4, 2, 3>}
// CHECK-NEXT: return %[[B]]
func.func @binary_before_expand(%x: tensor<2x3xf32>, %y: tensor<3xf32>) -> tensor<4x2x3xf32> {
  %0 = "graph.expand"(%x) {shape = array<i64: 4, 2, 3>} : (tensor<2x3xf32>) -> tensor<4x2x3xf32>
  %1 = "graph.add"(%0, %y) : (tensor<4x2x3xf32>, tensor<3xf32>) -> tensor<4x2x3xf32>
  return %1 : tensor<4x2x3xf32>
}

// CHECK-LABEL: func.func @expand_that_is_needed(
// CHECK-NEXT: %[[A:.*]] = "graph.expand"(%arg0) {shape = array<i64: 4, 3>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%[[A]], %arg1)
// CHECK-NEXT: return %[[B]]
func.func @expand_that_is_needed(%x: tensor<1x3xf32>, %y: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %0 = "graph.expand"(%x) {shape = array<i64: 4, 3>} : (tensor<1x3xf32>) -> tensor<4x3xf32>
  %1 = "graph.add"(%0, %y) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  return %1 : tensor<4x3xf32>
}

// An elementwise op joins the one that computes its operand.
// CHECK-LABEL: func.func @relu_before_transpose(
// CHECK-NEXT: %[[A:.*]] = "graph.matmul"(%arg0, %arg1) {rhs_layout = "KN"}
// CHECK-NEXT: %[[B:.*]] = "graph.relu"(%[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.transpose"(%[[B]]) {permutation = array<i64: 0, 2, 1>}
// CHECK-NEXT: return %[[C]]
func.func @relu_before_transpose(%x: tensor<2x5x3xf32>, %w: tensor<3x4xf32>) -> tensor<2x4x5xf32> {
  %0 = "graph.matmul"(%x, %w) {rhs_layout = "KN"} : (tensor<2x5x3xf32>, tensor<3x4xf32>) -> tensor<2x5x4xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 0, 2, 1>} : (tensor<2x5x4xf32>) -> tensor<2x4x5xf32>
  %2 = "graph.relu"(%1) : (tensor<2x4x5xf32>) -> tensor<2x4x5xf32>
  return %2 : tensor<2x4x5xf32>
}

// CHECK-LABEL: func.func @scaling_before_layout_cast(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.conv"(%arg0, %arg1) {{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: %[[D:.*]] = "graph.layout_cast"(%[[C]]) {source = "NCHW", target = "NHWC"}
// CHECK-NEXT: return %[[D]]
func.func @scaling_before_layout_cast(%x: tensor<1x2x4x4xf32>, %w: tensor<4x2x1x1xf32>) -> tensor<1x4x4x4xf32> {
  %0 = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x2x4x4xf32>, tensor<4x2x1x1xf32>) -> tensor<1x4x4x4xf32>
  %2 = "graph.layout_cast"(%1) {source = "NCHW", target = "NHWC"} : (tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32>
  %3 = "graph.mul"(%0, %2) : (tensor<f32>, tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32>
  return %3 : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: func.func @bias_before_reshape(
// CHECK-NEXT: %[[A:.*]] = "graph.matmul"(%arg0, %arg1) {rhs_layout = "KN"}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%[[A]], %arg2)
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 1, 10, 4>}
// CHECK-NEXT: return %[[C]]
func.func @bias_before_reshape(%x: tensor<2x5x3xf32>, %w: tensor<3x4xf32>, %v: tensor<4xf32>) -> tensor<1x10x4xf32> {
  %0 = "graph.matmul"(%x, %w) {rhs_layout = "KN"} : (tensor<2x5x3xf32>, tensor<3x4xf32>) -> tensor<2x5x4xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 1, 10, 4>} : (tensor<2x5x4xf32>) -> tensor<1x10x4xf32>
  %2 = "graph.add"(%1, %v) : (tensor<1x10x4xf32>, tensor<4xf32>) -> tensor<1x10x4xf32>
  return %2 : tensor<1x10x4xf32>
}

// CHECK-LABEL: func.func @bias_across_reshape(
// CHECK-NEXT: %[[A:.*]] = "graph.matmul"(%arg0, %arg1) {rhs_layout = "KN"}
// CHECK-NEXT: %[[B:.*]] = "graph.reshape"(%[[A]]) {shape = array<i64: 1, 20, 2>}
// CHECK-NEXT: %[[C:.*]] = "graph.add"(%[[B]], %arg2)
// CHECK-NEXT: return %[[C]]
func.func @bias_across_reshape(%x: tensor<2x5x3xf32>, %w: tensor<3x4xf32>, %v: tensor<2xf32>) -> tensor<1x20x2xf32> {
  %0 = "graph.matmul"(%x, %w) {rhs_layout = "KN"} : (tensor<2x5x3xf32>, tensor<3x4xf32>) -> tensor<2x5x4xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 1, 20, 2>} : (tensor<2x5x4xf32>) -> tensor<1x20x2xf32>
  %2 = "graph.add"(%1, %v) : (tensor<1x20x2xf32>, tensor<2xf32>) -> tensor<1x20x2xf32>
  return %2 : tensor<1x20x2xf32>
}

// Nothing computes it.
// CHECK-LABEL: func.func @relu_of_moved_argument(
// CHECK-NEXT: %[[A:.*]] = "graph.transpose"(%arg0) {permutation = array<i64: 1, 0>}
// CHECK-NEXT: %[[B:.*]] = "graph.relu"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @relu_of_moved_argument(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = "graph.relu"(%0) : (tensor<3x2xf32>) -> tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// CHECK-LABEL: func.func @relu_of_read_transpose(
// CHECK-NEXT: %[[A:.*]] = "graph.matmul"(%arg0, %arg1) {rhs_layout = "KN"}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 0, 2, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.relu"(%[[B]])
// CHECK-NEXT: return %[[B]], %[[C]]
func.func @relu_of_read_transpose(%x: tensor<2x5x3xf32>, %w: tensor<3x4xf32>) -> (tensor<2x4x5xf32>, tensor<2x4x5xf32>) {
  %0 = "graph.matmul"(%x, %w) {rhs_layout = "KN"} : (tensor<2x5x3xf32>, tensor<3x4xf32>) -> tensor<2x5x4xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 0, 2, 1>} : (tensor<2x5x4xf32>) -> tensor<2x4x5xf32>
  %2 = "graph.relu"(%1) : (tensor<2x4x5xf32>) -> tensor<2x4x5xf32>
  return %1, %2 : tensor<2x4x5xf32>, tensor<2x4x5xf32>
}

// CHECK-LABEL: func.func @sum_of_transposes(
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 0, 2, 3, 1>}
// CHECK-NEXT: return %[[B]]
func.func @sum_of_transposes(%x: tensor<1x2x4x4xf32>, %y: tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32>
  %1 = "graph.transpose"(%y) {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32>
  %2 = "graph.add"(%0, %1) : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  return %2 : tensor<1x4x4x2xf32>
}

// CHECK-LABEL: func.func @sum_of_one_transpose(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.layout_cast"(%[[A]]) {source = "NCHW", target = "NHWC"}
// CHECK-NEXT: return %[[B]]
func.func @sum_of_one_transpose(%x: tensor<1x4x6x8xf32>) -> tensor<1x6x8x4xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x4x6x8xf32>) -> tensor<1x6x8x4xf32>
  %1 = "graph.mul"(%0, %0) : (tensor<1x6x8x4xf32>, tensor<1x6x8x4xf32>) -> tensor<1x6x8x4xf32>
  return %1 : tensor<1x6x8x4xf32>
}

// CHECK-LABEL: func.func @sum_of_different_transposes(
// CHECK-NEXT: %[[A:.*]] = "graph.transpose"(%arg0) {permutation = array<i64: 0, 2, 3, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%arg1) {permutation = array<i64: 0, 3, 2, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.add"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @sum_of_different_transposes(%x: tensor<1x2x4x4xf32>, %y: tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32>
  %1 = "graph.transpose"(%y) {permutation = array<i64: 0, 3, 2, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32>
  %2 = "graph.add"(%0, %1) : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  return %2 : tensor<1x4x4x2xf32>
}

// CHECK-LABEL: func.func @sum_of_read_transpose(
// CHECK-NEXT: %[[A:.*]] = "graph.transpose"(%arg0) {permutation = array<i64: 0, 2, 3, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%arg1) {permutation = array<i64: 0, 2, 3, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.add"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[A]], %[[C]]
func.func @sum_of_read_transpose(%x: tensor<1x2x4x4xf32>, %y: tensor<1x2x4x4xf32>) -> (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32>
  %1 = "graph.transpose"(%y) {permutation = array<i64: 0, 2, 3, 1>} : (tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32>
  %2 = "graph.add"(%0, %1) : (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) -> tensor<1x4x4x2xf32>
  return %0, %2 : tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>
}

// CHECK-LABEL: func.func @narrowing_before_transpose(
// CHECK-NEXT: %[[A:.*]] = "graph.cast"(%arg0) {to = f16}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 1, 0>}
// CHECK-NEXT: return %[[B]]
func.func @narrowing_before_transpose(%x: tensor<2x3xf32>) -> tensor<3x2xf16> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = "graph.cast"(%0) {to = f16} : (tensor<3x2xf32>) -> tensor<3x2xf16>
  return %1 : tensor<3x2xf16>
}

// CHECK-LABEL: func.func @widening_after_transpose(
// CHECK-NEXT: %[[A:.*]] = "graph.transpose"(%arg0) {permutation = array<i64: 1, 0>}
// CHECK-NEXT: %[[B:.*]] = "graph.cast"(%[[A]]) {to = f32}
// CHECK-NEXT: return %[[B]]
func.func @widening_after_transpose(%x: tensor<2x3xi8>) -> tensor<3x2xf32> {
  %0 = "graph.cast"(%x) {to = f32} : (tensor<2x3xi8>) -> tensor<2x3xf32>
  %1 = "graph.transpose"(%0) {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// CHECK-LABEL: func.func @widening_before_nothing(
// CHECK-NEXT: %[[A:.*]] = "graph.transpose"(%arg0) {permutation = array<i64: 1, 0>}
// CHECK-NEXT: %[[B:.*]] = "graph.cast"(%[[A]]) {to = f64}
// CHECK-NEXT: return %[[B]]
func.func @widening_before_nothing(%x: tensor<2x3xf32>) -> tensor<3x2xf64> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = "graph.cast"(%0) {to = f64} : (tensor<3x2xf32>) -> tensor<3x2xf64>
  return %1 : tensor<3x2xf64>
}

// CHECK-LABEL: func.func @narrowing_of_read_transpose(
// CHECK-NEXT: %[[A:.*]] = "graph.transpose"(%arg0) {permutation = array<i64: 1, 0>}
// CHECK-NEXT: %[[B:.*]] = "graph.cast"(%[[A]]) {to = f16}
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @narrowing_of_read_transpose(%x: tensor<2x3xf32>) -> (tensor<3x2xf32>, tensor<3x2xf16>) {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = "graph.cast"(%0) {to = f16} : (tensor<3x2xf32>) -> tensor<3x2xf16>
  return %0, %1 : tensor<3x2xf32>, tensor<3x2xf16>
}

// x is broadcast by the other operand: the reshape is not one of the result.
// CHECK-LABEL: func.func @comparison_that_broadcasts(
// CHECK: %[[A:.*]] = "graph.reshape"
// CHECK-NEXT: "graph.less"(%[[A]], %arg1)
func.func @comparison_that_broadcasts(%x: tensor<7x1x1xf32>, %b: tensor<4xf32>) -> tensor<7x4xi1> {
  %0 = "graph.relu"(%x) : (tensor<7x1x1xf32>) -> tensor<7x1x1xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 7, 1>} : (tensor<7x1x1xf32>) -> tensor<7x1xf32>
  %2 = "graph.less"(%1, %b) : (tensor<7x1xf32>, tensor<4xf32>) -> tensor<7x4xi1>
  return %2 : tensor<7x4xi1>
}
