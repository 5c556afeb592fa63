// RUN: aicc-opt %s --replace-ops | filecheck %s
// RUN: aicc-opt %s --replace-ops > %t.once
// RUN: aicc-opt %t.once --replace-ops > %t.twice
// RUN: diff %t.once %t.twice

// A window over everything is a reduction.
// CHECK-LABEL: func.func @mean_of_everything(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_mean"(%arg0) {axes = array<i64: 2, 3>, keepdims = true}
// CHECK-NEXT: return %[[A]]
func.func @mean_of_everything(%x: tensor<1x4x6x8xf32>) -> tensor<1x4x1x1xf32> {
  %0 = "graph.average_pool"(%x) {ceil_mode = false, count_include_pad = false, dilations = array<i64: 1, 1>, kernel = array<i64: 6, 8>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x4x6x8xf32>) -> tensor<1x4x1x1xf32>
  return %0 : tensor<1x4x1x1xf32>
}

// CHECK-LABEL: func.func @maximum_of_everything(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_max"(%arg0) {axes = array<i64: 1, 2>, keepdims = true}
// CHECK-NEXT: return %[[A]]
func.func @maximum_of_everything(%x: tensor<1x4x6x8xf32>) -> tensor<1x1x1x8xf32> {
  %0 = "graph.max_pool"(%x) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 4, 6>, layout = "NHWC", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x4x6x8xf32>) -> tensor<1x1x1x8xf32>
  return %0 : tensor<1x1x1x8xf32>
}

// CHECK-LABEL: func.func @mean_of_most(
// CHECK-NEXT: %[[A:.*]] = "graph.average_pool"(%arg0) {ceil_mode = false, count_include_pad = false, dilations = array<i64: 1, 1>, kernel = array<i64: 6, 7>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
// CHECK-NEXT: return %[[A]]
func.func @mean_of_most(%x: tensor<1x4x6x8xf32>) -> tensor<1x4x1x2xf32> {
  %0 = "graph.average_pool"(%x) {ceil_mode = false, count_include_pad = false, dilations = array<i64: 1, 1>, kernel = array<i64: 6, 7>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x4x6x8xf32>) -> tensor<1x4x1x2xf32>
  return %0 : tensor<1x4x1x2xf32>
}

// CHECK-LABEL: func.func @maximum_with_pads(
// CHECK-NEXT: %[[A:.*]] = "graph.max_pool"(%arg0) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 6, 8>, layout = "NCHW", pads = array<i64: 1, 0, 0, 0>, strides = array<i64: 1, 1>}
// CHECK-NEXT: return %[[A]]
func.func @maximum_with_pads(%x: tensor<1x4x6x8xf32>) -> tensor<1x4x2x1xf32> {
  %0 = "graph.max_pool"(%x) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 6, 8>, layout = "NCHW", pads = array<i64: 1, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x4x6x8xf32>) -> tensor<1x4x2x1xf32>
  return %0 : tensor<1x4x2x1xf32>
}

// Reductions of one kind are one.
// CHECK-LABEL: func.func @mean_of_means(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_mean"(%arg0) {axes = array<i64: 2, 3>, keepdims = false}
// CHECK-NEXT: return %[[A]]
func.func @mean_of_means(%x: tensor<1x4x6x8xf32>) -> tensor<1x4xf32> {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 3>, keepdims = false} : (tensor<1x4x6x8xf32>) -> tensor<1x4x6xf32>
  %1 = "graph.reduce_mean"(%0) {axes = array<i64: 2>, keepdims = false} : (tensor<1x4x6xf32>) -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// CHECK-LABEL: func.func @sum_of_sums(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_sum"(%arg0) {axes = array<i64: 0, 1, 3>, keepdims = false}
// CHECK-NEXT: %[[B:.*]] = "graph.reshape"(%[[A]]) {shape = array<i64: 6, 1>}
// CHECK-NEXT: return %[[B]]
func.func @sum_of_sums(%x: tensor<1x4x6x8xf32>) -> tensor<6x1xf32> {
  %0 = "graph.reduce_sum"(%x) {axes = array<i64: -1>, keepdims = true} : (tensor<1x4x6x8xf32>) -> tensor<1x4x6x1xf32>
  %1 = "graph.reduce_sum"(%0) {axes = array<i64: 0, 1>, keepdims = false} : (tensor<1x4x6x1xf32>) -> tensor<6x1xf32>
  return %1 : tensor<6x1xf32>
}

// CHECK-LABEL: func.func @maximum_of_maxima(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_max"(%arg0) {axes = array<i64: 0, 2>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.reshape"(%[[A]]) {shape = array<i64: 4, 1, 8>}
// CHECK-NEXT: return %[[B]]
func.func @maximum_of_maxima(%x: tensor<1x4x6x8xf32>) -> tensor<4x1x8xf32> {
  %0 = "graph.reduce_max"(%x) {axes = array<i64: 0>, keepdims = false} : (tensor<1x4x6x8xf32>) -> tensor<4x6x8xf32>
  %1 = "graph.reduce_max"(%0) {axes = array<i64: 1>, keepdims = true} : (tensor<4x6x8xf32>) -> tensor<4x1x8xf32>
  return %1 : tensor<4x1x8xf32>
}

// CHECK-LABEL: func.func @maximum_of_minima(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_min"(%arg0) {axes = array<i64: 3>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.reduce_max"(%[[A]]) {axes = array<i64: 2>, keepdims = true}
// CHECK-NEXT: return %[[B]]
func.func @maximum_of_minima(%x: tensor<1x4x6x8xf32>) -> tensor<1x4x1x1xf32> {
  %0 = "graph.reduce_min"(%x) {axes = array<i64: 3>, keepdims = true} : (tensor<1x4x6x8xf32>) -> tensor<1x4x6x1xf32>
  %1 = "graph.reduce_max"(%0) {axes = array<i64: 2>, keepdims = true} : (tensor<1x4x6x1xf32>) -> tensor<1x4x1x1xf32>
  return %1 : tensor<1x4x1x1xf32>
}

// CHECK-LABEL: func.func @mean_of_read_means(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_mean"(%arg0) {axes = array<i64: 3>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.reduce_mean"(%[[A]]) {axes = array<i64: 2>, keepdims = true}
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @mean_of_read_means(%x: tensor<1x4x6x8xf32>) -> (tensor<1x4x6x1xf32>, tensor<1x4x1x1xf32>) {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 3>, keepdims = true} : (tensor<1x4x6x8xf32>) -> tensor<1x4x6x1xf32>
  %1 = "graph.reduce_mean"(%0) {axes = array<i64: 2>, keepdims = true} : (tensor<1x4x6x1xf32>) -> tensor<1x4x1x1xf32>
  return %0, %1 : tensor<1x4x6x1xf32>, tensor<1x4x1x1xf32>
}

// Each mean of integers is truncated.
// CHECK-LABEL: func.func @mean_of_integer_means(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_mean"(%arg0) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.reduce_mean"(%[[A]]) {axes = array<i64: 0>, keepdims = true}
// CHECK-NEXT: return %[[B]]
func.func @mean_of_integer_means(%x: tensor<2x3xi32>) -> tensor<1x1xi32> {
  %0 = "graph.reduce_mean"(%x) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xi32>) -> tensor<2x1xi32>
  %1 = "graph.reduce_mean"(%0) {axes = array<i64: 0>, keepdims = true} : (tensor<2x1xi32>) -> tensor<1x1xi32>
  return %1 : tensor<1x1xi32>
}

// CHECK-LABEL: func.func @sum_of_integer_sums(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_sum"(%arg0) {axes = array<i64: 0, 1>, keepdims = true}
// CHECK-NEXT: return %[[A]]
func.func @sum_of_integer_sums(%x: tensor<2x3xi32>) -> tensor<1x1xi32> {
  %0 = "graph.reduce_sum"(%x) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xi32>) -> tensor<2x1xi32>
  %1 = "graph.reduce_sum"(%0) {axes = array<i64: 0>, keepdims = true} : (tensor<2x1xi32>) -> tensor<1x1xi32>
  return %1 : tensor<1x1xi32>
}
