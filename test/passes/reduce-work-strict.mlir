// RUN: aicc-opt %s --reduce-work | filecheck %s
// RUN: aicc-opt %s --reduce-work > %t.once
// RUN: aicc-opt %t.once --reduce-work > %t.twice
// RUN: diff %t.once %t.twice

module attributes {aicc.strict_fp} {

// CHECK-LABEL: func.func @sum_of_scaled(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg0, %[[A]])
// CHECK-NEXT: %[[C:.*]] = "graph.reduce_sum"(%[[B]]) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: return %[[C]]
func.func @sum_of_scaled(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %0 = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%x, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.reduce_sum"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %2 : tensor<2x1xf32>
}

// Integers have no rounding.
// CHECK-LABEL: func.func @sum_of_scaled_integers(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_sum"(%arg0) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<5> : tensor<i32>}
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @sum_of_scaled_integers(%x: tensor<2x3xi32>) -> tensor<2x1xi32> {
  %0 = "graph.constant"() {value = dense<5> : tensor<i32>} : () -> tensor<i32>
  %1 = "graph.mul"(%x, %0) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  %2 = "graph.reduce_sum"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xi32>) -> tensor<2x1xi32>
  return %2 : tensor<2x1xi32>
}

// The maximum takes no part in rounding.
// CHECK-LABEL: func.func @maximum_of_scaled(
// CHECK-NEXT: %[[A:.*]] = "graph.reduce_max"(%arg0) {axes = array<i64: 1>, keepdims = true}
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>}
// CHECK-NEXT: %[[C:.*]] = "graph.mul"(%[[A]], %[[B]])
// CHECK-NEXT: return %[[C]]
func.func @maximum_of_scaled(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  %0 = "graph.constant"() {value = dense<5.000000e-01> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.mul"(%x, %0) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  %2 = "graph.reduce_max"(%1) {axes = array<i64: 1>, keepdims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  return %2 : tensor<2x1xf32>
}

// The sums would lose zeros, which decide the sign of a zero.
// CHECK-LABEL: func.func @idle_taps(
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %arg1) {dilations = array<i64: 8>, {{.*}}pads = array<i64: 8, 8>
// CHECK-NEXT: return %[[Y]]
func.func @idle_taps(%x: tensor<1x3x6xf32>, %w: tensor<4x3x3xf32> {aicc.weight = "w"}) -> tensor<1x4x6xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 8>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 8, 8>, strides = array<i64: 1>} : (tensor<1x3x6xf32>, tensor<4x3x3xf32>) -> tensor<1x4x6xf32>
  return %0 : tensor<1x4x6xf32>
}

// CHECK-LABEL: func.func @idle_taps_of_integers(
// CHECK-NEXT: %[[W:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 4, 3, 1>, starts = array<i64: 0, 0, 1>, steps = array<i64: 1, 1, 1>}
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %[[W]]) {dilations = array<i64: 1>, {{.*}}pads = array<i64: 0, 0>
// CHECK-NEXT: return %[[Y]]
func.func @idle_taps_of_integers(%x: tensor<1x3x6xi32>, %w: tensor<4x3x3xi32> {aicc.weight = "w"}) -> tensor<1x4x6xi32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 8>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 8, 8>, strides = array<i64: 1>} : (tensor<1x3x6xi32>, tensor<4x3x3xi32>) -> tensor<1x4x6xi32>
  return %0 : tensor<1x4x6xi32>
}

}
