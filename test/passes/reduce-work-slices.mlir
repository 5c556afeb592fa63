// RUN: aicc-opt %s --reduce-work | filecheck %s
// RUN: aicc-opt %s --reduce-work > %t.once
// RUN: aicc-opt %t.once --reduce-work > %t.twice
// RUN: diff %t.once %t.twice

// CHECK-LABEL: func.func @slice_before_unary(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 3>, starts = array<i64: 0, 2>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.exp"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @slice_before_unary(%x: tensor<2x8xf32>) -> tensor<2x3xf32> {
  %0 = "graph.exp"(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 3>, starts = array<i64: 0, 2>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// What is repeated stays as it is.
// CHECK-LABEL: func.func @slice_before_binary(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 3>, starts = array<i64: 1, 2>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 1, 3>, starts = array<i64: 1, 2>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: %[[D:.*]] = "graph.slice"(%arg2) {sizes = array<i64: 3>, starts = array<i64: 2>, steps = array<i64: 1>}
// CHECK-NEXT: %[[E:.*]] = "graph.add"(%[[C]], %[[D]])
// CHECK-NEXT: return %[[E]]
func.func @slice_before_binary(%x: tensor<2x8xf32>, %y: tensor<2x8xf32>, %z: tensor<8xf32>) -> tensor<1x3xf32> {
  %0 = "graph.mul"(%x, %y) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.add"(%0, %z) : (tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
  %2 = "graph.slice"(%1) {sizes = array<i64: 1, 3>, starts = array<i64: 1, 2>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<1x3xf32>
  return %2 : tensor<1x3xf32>
}

// CHECK-LABEL: func.func @slice_of_read_value(
// CHECK-NEXT: %[[A:.*]] = "graph.exp"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%[[A]]) {sizes = array<i64: 2, 3>, starts = array<i64: 0, 2>, steps = array<i64: 1, 1>}
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @slice_of_read_value(%x: tensor<2x8xf32>) -> (tensor<2x8xf32>, tensor<2x3xf32>) {
  %0 = "graph.exp"(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 3>, starts = array<i64: 0, 2>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<2x3xf32>
  return %0, %1 : tensor<2x8xf32>, tensor<2x3xf32>
}

// The maximum is part of the kernel of the convolution.
// CHECK-LABEL: func.func @slice_of_fused_value(
// CHECK-NEXT: %[[A:.*]] = "graph.conv"(%arg0, %arg1) {{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: %[[B:.*]] = "graph.relu"(%[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.slice"(%[[B]]) {sizes = array<i64: 1, 1, 4, 4>, starts = array<i64: 0, 0, 0, 0>, steps = array<i64: 1, 1, 1, 1>}
// CHECK-NEXT: return %[[C]]
func.func @slice_of_fused_value(%x: tensor<1x2x4x4xf32>, %w: tensor<4x2x1x1xf32>) -> tensor<1x1x4x4xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x2x4x4xf32>, tensor<4x2x1x1xf32>) -> tensor<1x4x4x4xf32>
  %1 = "graph.relu"(%0) : (tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32>
  %2 = "graph.slice"(%1) {sizes = array<i64: 1, 1, 4, 4>, starts = array<i64: 0, 0, 0, 0>, steps = array<i64: 1, 1, 1, 1>} : (tensor<1x4x4x4xf32>) -> tensor<1x1x4x4xf32>
  return %2 : tensor<1x1x4x4xf32>
}

// CHECK-LABEL: func.func @slice_before_all(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 1, 3>, starts = array<i64: 0, 0, 0>, steps = array<i64: 1, 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.layer_norm"(%[[A]], %arg2) {{.*}}axis = -1 : i64
// CHECK-NEXT: %[[C:.*]] = "graph.matmul"(%[[B]], %arg1) {rhs_layout = "KN"}
// CHECK-NEXT: %[[D:.*]] = "graph.tanh"(%[[C]])
// CHECK-NEXT: return %[[D]]
func.func @slice_before_all(%x: tensor<2x5x3xf32>, %w: tensor<3x4xf32>, %s: tensor<3xf32>) -> tensor<2x1x4xf32> {
  %0 = "graph.layer_norm"(%x, %s) {axis = -1 : i64, center = true, epsilon = 1.000000e-05 : f64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<2x5x3xf32>, tensor<3xf32>) -> tensor<2x5x3xf32>
  %1 = "graph.matmul"(%0, %w) {rhs_layout = "KN"} : (tensor<2x5x3xf32>, tensor<3x4xf32>) -> tensor<2x5x4xf32>
  %2 = "graph.tanh"(%1) : (tensor<2x5x4xf32>) -> tensor<2x5x4xf32>
  %3 = "graph.slice"(%2) {sizes = array<i64: 2, 1, 4>, starts = array<i64: 0, 0, 0>, steps = array<i64: 1, 1, 1>} : (tensor<2x5x4xf32>) -> tensor<2x1x4xf32>
  return %3 : tensor<2x1x4xf32>
}

// The columns of a computed operand are not sliced, so the maximum stays where it is.
// CHECK-LABEL: func.func @slice_of_fused_columns(
// CHECK-NEXT: %[[A:.*]] = "graph.matmul"(%arg0, %arg1) {rhs_layout = "KN"}
// CHECK-NEXT: %[[B:.*]] = "graph.relu"(%[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.slice"(%[[B]]) {sizes = array<i64: 2, 5, 1>, starts = array<i64: 0, 0, 0>, steps = array<i64: 1, 1, 1>}
// CHECK-NEXT: return %[[C]]
func.func @slice_of_fused_columns(%x: tensor<2x5x3xf32>, %w: tensor<3x4xf32>) -> tensor<2x5x1xf32> {
  %0 = "graph.matmul"(%x, %w) {rhs_layout = "KN"} : (tensor<2x5x3xf32>, tensor<3x4xf32>) -> tensor<2x5x4xf32>
  %1 = "graph.relu"(%0) : (tensor<2x5x4xf32>) -> tensor<2x5x4xf32>
  %2 = "graph.slice"(%1) {sizes = array<i64: 2, 5, 1>, starts = array<i64: 0, 0, 0>, steps = array<i64: 1, 1, 1>} : (tensor<2x5x4xf32>) -> tensor<2x5x1xf32>
  return %2 : tensor<2x5x1xf32>
}

// Three operands, of which two thirds are needed, are more than the whole.
// CHECK-LABEL: func.func @slice_of_most(
// CHECK-NEXT: %[[A:.*]] = "graph.less"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.where"(%[[A]], %arg2, %arg1)
// CHECK-NEXT: %[[C:.*]] = "graph.slice"(%[[B]]) {sizes = array<i64: 2, 6>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>}
// CHECK-NEXT: return %[[C]]
func.func @slice_of_most(%x: tensor<2x8xf32>, %y: tensor<2x8xf32>, %z: tensor<2x8xf32>) -> tensor<2x6xf32> {
  %0 = "graph.less"(%x, %y) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xi1>
  %1 = "graph.where"(%0, %z, %y) : (tensor<2x8xi1>, tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %2 = "graph.slice"(%1) {sizes = array<i64: 2, 6>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<2x6xf32>
  return %2 : tensor<2x6xf32>
}

// CHECK-LABEL: func.func @gather_before_unary(
// CHECK-NEXT: %[[A:.*]] = "graph.gather"(%arg0, %arg1) {axis = 1 : i64}
// CHECK-NEXT: %[[B:.*]] = "graph.exp"(%[[A]])
// CHECK-NEXT: return %[[B]]
func.func @gather_before_unary(%x: tensor<2x8xf32>, %k: tensor<3xi64>) -> tensor<2x3xf32> {
  %0 = "graph.exp"(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.gather"(%0, %k) {axis = 1 : i64} : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @gather_before_scaling(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.gather"(%arg0, %arg1) {axis = 0 : i64}
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[B]], %[[A]])
// CHECK-NEXT: return %[[C]]
func.func @gather_before_scaling(%x: tensor<8x2xf32>, %k: tensor<3xi64>) -> tensor<3x2xf32> {
  %0 = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%x, %0) : (tensor<8x2xf32>, tensor<f32>) -> tensor<8x2xf32>
  %2 = "graph.gather"(%1, %k) {axis = 0 : i64} : (tensor<8x2xf32>, tensor<3xi64>) -> tensor<3x2xf32>
  return %2 : tensor<3x2xf32>
}

// CHECK-LABEL: func.func @gather_of_weights(
// CHECK-NEXT: %[[A:.*]] = "graph.exp"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.gather"(%[[A]], %arg1) {axis = 1 : i64}
// CHECK-NEXT: return %[[B]]
func.func @gather_of_weights(%w: tensor<2x8xf32> {aicc.weight = "w"}, %k: tensor<3xi64>) -> tensor<2x3xf32> {
  %0 = "graph.exp"(%w) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.gather"(%0, %k) {axis = 1 : i64} : (tensor<2x8xf32>, tensor<3xi64>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @gather_of_as_many(
// CHECK-NEXT: %[[A:.*]] = "graph.exp"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.gather"(%[[A]], %arg1) {axis = 1 : i64}
// CHECK-NEXT: return %[[B]]
func.func @gather_of_as_many(%x: tensor<2x8xf32>, %k: tensor<8xi64>) -> tensor<2x8xf32> {
  %0 = "graph.exp"(%x) : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.gather"(%0, %k) {axis = 1 : i64} : (tensor<2x8xf32>, tensor<8xi64>) -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// CHECK-LABEL: func.func @slice_before_softmax(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 8>, starts = array<i64: 1, 0>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.softmax"(%[[A]]) {axis = -1 : i64, log = false}
// CHECK-NEXT: return %[[B]]
func.func @slice_before_softmax(%x: tensor<2x8xf32>) -> tensor<1x8xf32> {
  %0 = "graph.softmax"(%x) {axis = -1 : i64, log = false} : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 1, 8>, starts = array<i64: 1, 0>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<1x8xf32>
  return %1 : tensor<1x8xf32>
}

// CHECK-LABEL: func.func @slice_along_softmax(
// CHECK-NEXT: %[[A:.*]] = "graph.softmax"(%arg0) {axis = -1 : i64, log = false}
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%[[A]]) {sizes = array<i64: 2, 1>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>}
// CHECK-NEXT: return %[[B]]
func.func @slice_along_softmax(%x: tensor<2x8xf32>) -> tensor<2x1xf32> {
  %0 = "graph.softmax"(%x) {axis = -1 : i64, log = false} : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 1>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>} : (tensor<2x8xf32>) -> tensor<2x1xf32>
  return %1 : tensor<2x1xf32>
}

// CHECK-LABEL: func.func @slice_before_layer_norm(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 1, 4>, starts = array<i64: 0, 0, 0>, steps = array<i64: 1, 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.layer_norm"(%[[A]], %arg1) {{.*}}axis = -1 : i64
// CHECK-NEXT: return %[[B]]
func.func @slice_before_layer_norm(%x: tensor<2x3x4xf32>, %s: tensor<4xf32>) -> tensor<2x1x4xf32> {
  %0 = "graph.layer_norm"(%x, %s) {axis = -1 : i64, center = true, epsilon = 1.000000e-05 : f64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<2x3x4xf32>, tensor<4xf32>) -> tensor<2x3x4xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 1, 4>, starts = array<i64: 0, 0, 0>, steps = array<i64: 1, 1, 1>} : (tensor<2x3x4xf32>) -> tensor<2x1x4xf32>
  return %1 : tensor<2x1x4xf32>
}

// CHECK-LABEL: func.func @slice_along_layer_norm(
// CHECK-NEXT: %[[A:.*]] = "graph.layer_norm"(%arg0, %arg1) {{.*}}axis = 1 : i64
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%[[A]]) {sizes = array<i64: 2, 1, 4>, starts = array<i64: 0, 0, 0>, steps = array<i64: 1, 1, 1>}
// CHECK-NEXT: return %[[B]]
func.func @slice_along_layer_norm(%x: tensor<2x3x4xf32>, %s: tensor<3x4xf32>) -> tensor<2x1x4xf32> {
  %0 = "graph.layer_norm"(%x, %s) {axis = 1 : i64, center = true, epsilon = 1.000000e-05 : f64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<2x3x4xf32>, tensor<3x4xf32>) -> tensor<2x3x4xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 1, 4>, starts = array<i64: 0, 0, 0>, steps = array<i64: 1, 1, 1>} : (tensor<2x3x4xf32>) -> tensor<2x1x4xf32>
  return %1 : tensor<2x1x4xf32>
}

// CHECK-LABEL: func.func @slice_rows_before_matmul(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 1, 3>, starts = array<i64: 0, 0, 0>, steps = array<i64: 1, 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.matmul"(%[[A]], %arg1) {rhs_layout = "KN"}
// CHECK-NEXT: return %[[B]]
func.func @slice_rows_before_matmul(%x: tensor<2x5x3xf32>, %w: tensor<3x4xf32>) -> tensor<2x1x4xf32> {
  %0 = "graph.matmul"(%x, %w) {rhs_layout = "KN"} : (tensor<2x5x3xf32>, tensor<3x4xf32>) -> tensor<2x5x4xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 1, 4>, starts = array<i64: 0, 0, 0>, steps = array<i64: 1, 1, 1>} : (tensor<2x5x4xf32>) -> tensor<2x1x4xf32>
  return %1 : tensor<2x1x4xf32>
}

// CHECK-LABEL: func.func @slice_columns_before_matmul(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 3, 2>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.matmul"(%arg0, %[[A]]) {rhs_layout = "KN"}
// CHECK-NEXT: return %[[B]]
func.func @slice_columns_before_matmul(%x: tensor<2x5x3xf32>, %w: tensor<3x4xf32> {aicc.weight = "w"}) -> tensor<2x5x2xf32> {
  %0 = "graph.matmul"(%x, %w) {rhs_layout = "KN"} : (tensor<2x5x3xf32>, tensor<3x4xf32>) -> tensor<2x5x4xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 5, 2>, starts = array<i64: 0, 0, 1>, steps = array<i64: 1, 1, 1>} : (tensor<2x5x4xf32>) -> tensor<2x5x2xf32>
  return %1 : tensor<2x5x2xf32>
}

// CHECK-LABEL: func.func @slice_columns_of_computed_matmul(
// CHECK-NEXT: %[[A:.*]] = "graph.matmul"(%arg0, %arg1) {rhs_layout = "KN"}
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%[[A]]) {sizes = array<i64: 2, 5, 2>, starts = array<i64: 0, 0, 1>, steps = array<i64: 1, 1, 1>}
// CHECK-NEXT: return %[[B]]
func.func @slice_columns_of_computed_matmul(%x: tensor<2x5x3xf32>, %w: tensor<3x4xf32>) -> tensor<2x5x2xf32> {
  %0 = "graph.matmul"(%x, %w) {rhs_layout = "KN"} : (tensor<2x5x3xf32>, tensor<3x4xf32>) -> tensor<2x5x4xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 5, 2>, starts = array<i64: 0, 0, 1>, steps = array<i64: 1, 1, 1>} : (tensor<2x5x4xf32>) -> tensor<2x5x2xf32>
  return %1 : tensor<2x5x2xf32>
}

// CHECK-LABEL: func.func @slice_before_sum(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 3, 2>, starts = array<i64: 0, 0, 1>, steps = array<i64: 1, 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.reduce_sum"(%[[A]]) {axes = array<i64: 1>, keepdims = false}
// CHECK-NEXT: return %[[B]]
func.func @slice_before_sum(%x: tensor<2x3x4xf32>) -> tensor<2x2xf32> {
  %0 = "graph.reduce_sum"(%x) {axes = array<i64: 1>, keepdims = false} : (tensor<2x3x4xf32>) -> tensor<2x4xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>} : (tensor<2x4xf32>) -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @slice_before_sum_with_dimension(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 3, 2>, starts = array<i64: 1, 0, 1>, steps = array<i64: 1, 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.reduce_sum"(%[[A]]) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: return %[[B]]
func.func @slice_before_sum_with_dimension(%x: tensor<2x3x4xf32>) -> tensor<1x1x2xf32> {
  %0 = "graph.reduce_sum"(%x) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3x4xf32>) -> tensor<2x1x4xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 1, 1, 2>, starts = array<i64: 1, 0, 1>, steps = array<i64: 1, 1, 1>} : (tensor<2x1x4xf32>) -> tensor<1x1x2xf32>
  return %1 : tensor<1x1x2xf32>
}

// CHECK-LABEL: func.func @slice_before_pad(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 3>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.pad"(%[[B]], %[[A]]) {high = array<i64: 0, 0>, low = array<i64: 0, 1>, mode = "constant"}
// CHECK-NEXT: return %[[C]]
func.func @slice_before_pad(%x: tensor<2x8xf32>) -> tensor<2x4xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 2>, low = array<i64: 0, 2>, mode = "constant"} : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x12xf32>
  %2 = "graph.slice"(%1) {sizes = array<i64: 2, 4>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>} : (tensor<2x12xf32>) -> tensor<2x4xf32>
  return %2 : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @slice_of_padding_alone(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pad"(%arg0, %[[A]]) {high = array<i64: 0, 2>, low = array<i64: 0, 2>, mode = "constant"}
// CHECK-NEXT: %[[C:.*]] = "graph.slice"(%[[B]]) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>}
// CHECK-NEXT: return %[[C]]
func.func @slice_of_padding_alone(%x: tensor<2x8xf32>) -> tensor<2x2xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 2>, low = array<i64: 0, 2>, mode = "constant"} : (tensor<2x8xf32>, tensor<f32>) -> tensor<2x12xf32>
  %2 = "graph.slice"(%1) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<2x12xf32>) -> tensor<2x2xf32>
  return %2 : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @slice_before_concat(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 2, 3>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%arg2) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.concat"(%[[A]], %[[B]]) {{.*}}axis = 1 : i64
// CHECK-NEXT: return %[[C]]
func.func @slice_before_concat(%x: tensor<2x4xf32>, %y: tensor<2x4xf32>, %z: tensor<2x4xf32>) -> tensor<2x5xf32> {
  %0 = "graph.concat"(%x, %y, %z) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x12xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 5>, starts = array<i64: 0, 5>, steps = array<i64: 1, 1>} : (tensor<2x12xf32>) -> tensor<2x5xf32>
  return %1 : tensor<2x5xf32>
}

// CHECK-LABEL: func.func @slice_over_concat(
// CHECK-NEXT: %[[A:.*]] = "graph.concat"(%arg0, %arg1) {{.*}}axis = 1 : i64
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%[[A]]) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 1>, steps = array<i64: 1, 3>}
// CHECK-NEXT: return %[[B]]
func.func @slice_over_concat(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) -> tensor<2x2xf32> {
  %0 = "graph.concat"(%x, %y) {axis = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 1>, steps = array<i64: 1, 3>} : (tensor<2x7xf32>) -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @slice_of_each_operand(
// CHECK-NEXT: %[[A:.*]] = "graph.concat"(%arg0, %arg0, %arg0) {{.*}}axis = 0 : i64
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%[[A]]) {sizes = array<i64: 6, 7>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>}
// CHECK-NEXT: return %[[B]]
func.func @slice_of_each_operand(%x: tensor<2x8xf32>) -> tensor<6x7xf32> {
  %0 = "graph.concat"(%x, %x, %x) {axis = 0 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2x8xf32>, tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<6x8xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 6, 7>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<6x8xf32>) -> tensor<6x7xf32>
  return %1 : tensor<6x7xf32>
}

// CHECK-LABEL: func.func @crop_into_conv_transpose(
// CHECK-NEXT: %[[A:.*]] = "graph.conv_transpose"(%arg0, %arg1) {{.*}}pads = array<i64: 1, 1, 1, 2>{{.*}}strides = array<i64: 2, 2>
// CHECK-NEXT: return %[[A]]
func.func @crop_into_conv_transpose(%x: tensor<1x2x3x3xf32>, %w: tensor<2x2x3x3xf32>) -> tensor<1x2x6x5xf32> {
  %0 = "graph.conv_transpose"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0>, output_padding = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x2x3x3xf32>, tensor<2x2x3x3xf32>) -> tensor<1x2x8x8xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 1, 2, 6, 5>, starts = array<i64: 0, 0, 1, 1>, steps = array<i64: 1, 1, 1, 1>} : (tensor<1x2x8x8xf32>) -> tensor<1x2x6x5xf32>
  return %1 : tensor<1x2x6x5xf32>
}

// CHECK-LABEL: func.func @crop_of_channels(
// CHECK-NEXT: %[[A:.*]] = "graph.conv_transpose"(%arg0, %arg1) {{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 2, 2>
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%[[A]]) {sizes = array<i64: 1, 1, 7, 7>, starts = array<i64: 0, 0, 0, 0>, steps = array<i64: 1, 1, 1, 1>}
// CHECK-NEXT: return %[[B]]
func.func @crop_of_channels(%x: tensor<1x2x3x3xf32>, %w: tensor<2x2x3x3xf32>) -> tensor<1x1x7x7xf32> {
  %0 = "graph.conv_transpose"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0>, output_padding = array<i64: 0, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x2x3x3xf32>, tensor<2x2x3x3xf32>) -> tensor<1x2x7x7xf32>
  %1 = "graph.slice"(%0) {sizes = array<i64: 1, 1, 7, 7>, starts = array<i64: 0, 0, 0, 0>, steps = array<i64: 1, 1, 1, 1>} : (tensor<1x2x7x7xf32>) -> tensor<1x1x7x7xf32>
  return %1 : tensor<1x1x7x7xf32>
}
