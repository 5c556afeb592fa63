// RUN: aicc-opt %s --reduce-work | filecheck %s
// RUN: aicc-opt %s --reduce-work > %t.once
// RUN: aicc-opt %t.once --reduce-work > %t.twice
// RUN: diff %t.once %t.twice

// CHECK-LABEL: func.func @maximum_before_transpose(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_max"(%arg0) {axes = array<i64: 2>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 2, 0, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 2, 3>}
// CHECK-NEXT: return %[[C]]
func.func @maximum_before_transpose(%x: tensor<2x3x4xf32>) -> tensor<2x3xf32> {
  %0 = "graph.transpose"(%x) {permutation = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  %1 = "graph.reduce_max"(%0) {axes = array<i64: 0>, keepdims = false} : (tensor<4x2x3xf32>) -> tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @sum_before_layout_cast(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_mean"(%arg0) {axes = array<i64: 2, 3>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 0, 2, 3, 1>}
// CHECK-NEXT: return %[[B]]
func.func @sum_before_layout_cast(%x: tensor<1x4x6x8xf32>) -> tensor<1x1x1x4xf32> {
  %0 = "graph.layout_cast"(%x) {source = "NCHW", target = "NHWC"} : (tensor<1x4x6x8xf32>) -> tensor<1x6x8x4xf32>
  %1 = "graph.reduce_mean"(%0) {axes = array<i64: 1, 2>, keepdims = true} : (tensor<1x6x8x4xf32>) -> tensor<1x1x1x4xf32>
  return %1 : tensor<1x1x1x4xf32>
}

// CHECK-LABEL: func.func @sum_before_scaling(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_sum"(%arg0) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>}
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @sum_before_scaling(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %0 = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%x, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.reduce_sum"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %2 : tensor<2x1xf32>
}

// CHECK-LABEL: func.func @mean_before_division(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_mean"(%arg0) {axes = array<i64: 1>, keepdims = false}
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<4.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[C:.*]] = "graph.div"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @mean_before_division(%x: tensor<2x3xf32>) -> tensor<2xf32> {
  %0 = "graph.constant"() {value = dense<4.000000e+00> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
  %1 = "graph.div"(%x, %0) : (tensor<2x3xf32>, tensor<1x1xf32>) -> tensor<2x3xf32>
  %2 = "graph.reduce_mean"(%1) {axes = array<i64: 1>, keepdims = false} : (tensor<2x3xf32>) -> tensor<2xf32>
  return %2 : tensor<2xf32>
}

// CHECK-LABEL: func.func @sum_before_left_shift(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_sum"(%arg0) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<2> : tensor<i32>}
// CHECK-NEXT: %[[C:.*]] = "graph.shift_left"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @sum_before_left_shift(%x: tensor<2x3xi32>) -> tensor<2x1xi32> {
  %0 = "graph.constant"() {value = dense<2> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.shift_left"(%x, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %2 = "graph.reduce_sum"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xi32>) -> tensor<2x1xi32>
  return %2 : tensor<2x1xi32>
}

// Each shift drops bits of its own.
// CHECK-LABEL: func.func @sum_of_right_shifts(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<2> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.shift_right"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.reduce_sum"(%[[B]]) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: return %[[C]]
func.func @sum_of_right_shifts(%x: tensor<2x3xi32>) -> tensor<2x1xi32> {
  %0 = "graph.constant"() {value = dense<2> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.shift_right"(%x, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %2 = "graph.reduce_sum"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xi32>) -> tensor<2x1xi32>
  return %2 : tensor<2x1xi32>
}

// CHECK-LABEL: func.func @sum_of_integer_quotients(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<2> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.div"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.reduce_sum"(%[[B]]) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: return %[[C]]
func.func @sum_of_integer_quotients(%x: tensor<2x3xi32>) -> tensor<2x1xi32> {
  %0 = "graph.constant"() {value = dense<2> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.div"(%x, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %2 = "graph.reduce_sum"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xi32>) -> tensor<2x1xi32>
  return %2 : tensor<2x1xi32>
}

// 0 * NaN is NaN.
// CHECK-LABEL: func.func @sum_of_zeros(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.reduce_sum"(%[[B]]) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: return %[[C]]
func.func @sum_of_zeros(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%x, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.reduce_sum"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %2 : tensor<2x1xf32>
}

// CHECK-LABEL: func.func @sum_of_products(
// CHECK-NEXT: %[[A:.*]] = "graph.mul"(%arg0, %arg1)
// CHECK-NEXT: %[[B:.*]] = "graph.reduce_sum"(%[[A]]) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: return %[[B]]
func.func @sum_of_products(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %0 = "graph.mul"(%x, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "graph.reduce_sum"(%0) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %1 : tensor<2x1xf32>
}

// CHECK-LABEL: func.func @maximum_before_scaling(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_max"(%arg0) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @maximum_before_scaling(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%x, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.reduce_max"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %2 : tensor<2x1xf32>
}

// CHECK-LABEL: func.func @maximum_before_negative_scaling(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_min"(%arg0) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<-3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @maximum_before_negative_scaling(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %0 = "graph.constant"() {value = dense<-3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%x, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.reduce_max"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %2 : tensor<2x1xf32>
}

// Products of integers wrap around.
// CHECK-LABEL: func.func @maximum_of_scaled_integers(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<3> : tensor<i32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.reduce_max"(%[[B]]) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: return %[[C]]
func.func @maximum_of_scaled_integers(%x: tensor<2x3xi32>) -> tensor<2x1xi32> {
  %0 = "graph.constant"() {value = dense<3> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.mul"(%x, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %2 = "graph.reduce_max"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xi32>) -> tensor<2x1xi32>
  return %2 : tensor<2x1xi32>
}

// CHECK-LABEL: func.func @mean_before_shifting(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_mean"(%arg0) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[C:.*]] = "graph.add"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @mean_before_shifting(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.add"(%x, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.reduce_mean"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %2 : tensor<2x1xf32>
}

// CHECK-LABEL: func.func @minimum_before_shifting(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_min"(%arg0) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[C:.*]] = "graph.sub"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @minimum_before_shifting(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.sub"(%x, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.reduce_min"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %2 : tensor<2x1xf32>
}

// One shift for every element of the sum.
// CHECK-LABEL: func.func @sum_of_shifted(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.reduce_sum"(%[[B]]) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: return %[[C]]
func.func @sum_of_shifted(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %0 = "graph.constant"() {value = dense<3.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.add"(%x, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.reduce_sum"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %2 : tensor<2x1xf32>
}
