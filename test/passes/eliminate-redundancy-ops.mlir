// RUN: aicc-opt %s --eliminate-redundancy | filecheck %s
// RUN: aicc-opt %s --eliminate-redundancy > %t.once
// RUN: aicc-opt %t.once --eliminate-redundancy > %t.twice
// RUN: diff %t.once %t.twice

// CHECK-LABEL: func.func @no_pad(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @no_pad(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 0>, low = array<i64: 0, 0>, mode = "constant"} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.abs"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @real_pad(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pad"(%arg0, %[[A]]) {high = array<i64: -1, 1>, low = array<i64: 1, -1>, mode = "constant"}
// CHECK-NEXT: return %[[B]]
func.func @real_pad(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: -1, 1>, low = array<i64: 1, -1>, mode = "constant"} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @reduction_of_ones(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[A]]
func.func @reduction_of_ones(%x: tensor<2x1x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 1>, keepdims = false} : (tensor<2x1x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @reduction_of_more(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_mean"(%arg0) {axes = array<i64: 1>, keepdims = false}
// CHECK-NEXT: return %[[A]]
func.func @reduction_of_more(%x: tensor<2x2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 1>, keepdims = false} : (tensor<2x2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @cumsum_of_ones(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @cumsum_of_ones(%x: tensor<2x1x3xf32>) -> tensor<2x1x3xf32> {
  %0 = "graph.cumsum"(%x) {axis = 1 : i64, exclusive = false, reverse = false} : (tensor<2x1x3xf32>) -> tensor<2x1x3xf32>
  %1 = "graph.abs"(%0) : (tensor<2x1x3xf32>) -> tensor<2x1x3xf32>
  return %1 : tensor<2x1x3xf32>
}

// Of nothing, the sum is 0.
// CHECK-LABEL: func.func @exclusive_cumsum_of_ones(
// CHECK-NEXT: %[[A:.*]] = "graph.cumsum"(%arg0) {axis = 1 : i64, exclusive = true, reverse = false}
// CHECK-NEXT: return %[[A]]
func.func @exclusive_cumsum_of_ones(%x: tensor<2x1x3xf32>) -> tensor<2x1x3xf32> {
  %0 = "graph.cumsum"(%x) {axis = 1 : i64, exclusive = true, reverse = false} : (tensor<2x1x3xf32>) -> tensor<2x1x3xf32>
  return %0 : tensor<2x1x3xf32>
}

// CHECK-LABEL: func.func @position_among_one(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0> : tensor<i64>}
// CHECK-NEXT: %[[B:.*]] = "graph.expand"(%[[A]]) {shape = array<i64: 2, 1, 3>}
// CHECK-NEXT: return %[[B]]
func.func @position_among_one(%x: tensor<2x1x3xf32>) -> tensor<2x1x3xi64> {
  %0 = "graph.arg_max"(%x) {axis = 1 : i64, keepdims = true, select_last = false} : (tensor<2x1x3xf32>) -> tensor<2x1x3xi64>
  return %0 : tensor<2x1x3xi64>
}

// CHECK-LABEL: func.func @position_among_two(
// CHECK-NEXT: %[[A:.*]] = "graph.arg_max"(%arg0) {axis = 1 : i64, keepdims = true, select_last = false}
// CHECK-NEXT: return %[[A]]
func.func @position_among_two(%x: tensor<2x2x3xf32>) -> tensor<2x1x3xi64> {
  %0 = "graph.arg_max"(%x) {axis = 1 : i64, keepdims = true, select_last = false} : (tensor<2x2x3xf32>) -> tensor<2x1x3xi64>
  return %0 : tensor<2x1x3xi64>
}

// NaN stays NaN.
// CHECK-LABEL: func.func @softmax_of_one(
// CHECK-NEXT: %[[A:.*]] = "graph.softmax"(%arg0) {axis = 1 : i64, log = false}
// CHECK-NEXT: return %[[A]]
func.func @softmax_of_one(%x: tensor<2x1x3xf32>) -> tensor<2x1x3xf32> {
  %0 = "graph.softmax"(%x) {axis = 1 : i64, log = false} : (tensor<2x1x3xf32>) -> tensor<2x1x3xf32>
  return %0 : tensor<2x1x3xf32>
}

// CHECK-LABEL: func.func @unit_max_pool(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @unit_max_pool(%x: tensor<1x4x6x8xf32>) -> tensor<1x4x6x8xf32> {
  %0 = "graph.max_pool"(%x) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 1, 1>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x4x6x8xf32>) -> tensor<1x4x6x8xf32>
  %1 = "graph.abs"(%0) : (tensor<1x4x6x8xf32>) -> tensor<1x4x6x8xf32>
  return %1 : tensor<1x4x6x8xf32>
}

// CHECK-LABEL: func.func @unit_average_pool_with_strides(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 4, 3, 3>, starts = array<i64: 0, 0, 0, 0>, steps = array<i64: 1, 1, 2, 3>}
// CHECK-NEXT: return %[[A]]
func.func @unit_average_pool_with_strides(%x: tensor<1x4x6x8xf32>) -> tensor<1x4x3x3xf32> {
  %0 = "graph.average_pool"(%x) {ceil_mode = false, count_include_pad = false, dilations = array<i64: 1, 1>, kernel = array<i64: 1, 1>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 3>} : (tensor<1x4x6x8xf32>) -> tensor<1x4x3x3xf32>
  return %0 : tensor<1x4x3x3xf32>
}

// CHECK-LABEL: func.func @unit_pool_channels_last(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 2, 3, 8>, starts = array<i64: 0, 0, 0, 0>, steps = array<i64: 1, 3, 2, 1>}
// CHECK-NEXT: return %[[A]]
func.func @unit_pool_channels_last(%x: tensor<1x4x6x8xf32>) -> tensor<1x2x3x8xf32> {
  %0 = "graph.max_pool"(%x) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 1, 1>, layout = "NHWC", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 3, 2>} : (tensor<1x4x6x8xf32>) -> tensor<1x2x3x8xf32>
  return %0 : tensor<1x2x3x8xf32>
}

// CHECK-LABEL: func.func @larger_pool(
// CHECK-NEXT: %[[A:.*]] = "graph.max_pool"(%arg0) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 1, 2>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
// CHECK-NEXT: return %[[A]]
func.func @larger_pool(%x: tensor<1x4x6x8xf32>) -> tensor<1x4x6x7xf32> {
  %0 = "graph.max_pool"(%x) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 1, 2>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x4x6x8xf32>) -> tensor<1x4x6x7xf32>
  return %0 : tensor<1x4x6x7xf32>
}

// CHECK-LABEL: func.func @identity_interpolation(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @identity_interpolation(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[[0], [1], [2]]> : tensor<3x1xi64>} : () -> tensor<3x1xi64>
  %1 = "graph.constant"() {value = dense<1.000000e+00> : tensor<3x1xf32>} : () -> tensor<3x1xf32>
  %2 = "graph.interpolate"(%x, %0, %1) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<3x1xi64>, tensor<3x1xf32>) -> tensor<2x3xf32>
  %3 = "graph.abs"(%2) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @real_interpolation(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<
// CHECK-NEXT: %[[C:.*]] = "graph.interpolate"(%arg0, %[[A]], %[[B]]) {axis = 1 : i64}
// CHECK-NEXT: return %[[C]]
func.func @real_interpolation(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[[0], [1], [2]]> : tensor<3x1xi64>} : () -> tensor<3x1xi64>
  %1 = "graph.constant"() {value = dense<[[1.000000e+00], [5.000000e-01], [1.000000e+00]]> : tensor<3x1xf32>} : () -> tensor<3x1xf32>
  %2 = "graph.interpolate"(%x, %0, %1) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<3x1xi64>, tensor<3x1xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @reversal_of_ones(
// CHECK-NEXT: %[[A:.*]] = "graph.abs"(%arg0)
// CHECK-NEXT: return %[[A]]
func.func @reversal_of_ones(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[1, 0, 1]> : tensor<3xi64>} : () -> tensor<3xi64>
  %1 = "graph.reverse_sequence"(%x, %0) {batch_axis = 1 : i64, time_axis = 0 : i64} : (tensor<2x3xf32>, tensor<3xi64>) -> tensor<2x3xf32>
  %2 = "graph.abs"(%1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @reversal_of_two(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<
// CHECK-NEXT: %[[B:.*]] = "graph.reverse_sequence"(%arg0, %[[A]]) {batch_axis = 1 : i64, time_axis = 0 : i64}
// CHECK-NEXT: return %[[B]]
func.func @reversal_of_two(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "graph.constant"() {value = dense<[1, 2, 1]> : tensor<3xi64>} : () -> tensor<3xi64>
  %1 = "graph.reverse_sequence"(%x, %0) {batch_axis = 1 : i64, time_axis = 0 : i64} : (tensor<2x3xf32>, tensor<3xi64>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @expand_before_matmul(
// CHECK-NEXT: %[[A:.*]] = "graph.matmul"(%arg0, %arg1) {rhs_layout = "KN"}
// CHECK-NEXT: return %[[A]]
func.func @expand_before_matmul(%x: tensor<2x3xf32>, %y: tensor<5x3x4xf32>) -> tensor<5x2x4xf32> {
  %0 = "graph.expand"(%x) {shape = array<i64: 5, 2, 3>} : (tensor<2x3xf32>) -> tensor<5x2x3xf32>
  %1 = "graph.matmul"(%0, %y) {rhs_layout = "KN"} : (tensor<5x2x3xf32>, tensor<5x3x4xf32>) -> tensor<5x2x4xf32>
  return %1 : tensor<5x2x4xf32>
}

// CHECK-LABEL: func.func @expand_that_matmul_needs(
// CHECK-NEXT: %[[A:.*]] = "graph.expand"(%arg0) {shape = array<i64: 5, 2, 3>}
// CHECK-NEXT: %[[B:.*]] = "graph.matmul"(%[[A]], %arg1) {rhs_layout = "KN"}
// CHECK-NEXT: return %[[B]]
func.func @expand_that_matmul_needs(%x: tensor<2x3xf32>, %y: tensor<3x4xf32>) -> tensor<5x2x4xf32> {
  %0 = "graph.expand"(%x) {shape = array<i64: 5, 2, 3>} : (tensor<2x3xf32>) -> tensor<5x2x3xf32>
  %1 = "graph.matmul"(%0, %y) {rhs_layout = "KN"} : (tensor<5x2x3xf32>, tensor<3x4xf32>) -> tensor<5x2x4xf32>
  return %1 : tensor<5x2x4xf32>
}
