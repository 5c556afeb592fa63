// RUN: aicc-opt %s --split-input-file --fold-batch-norm | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(fold-batch-norm,fold-batch-norm)' | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(fold-batch-norm,fuse-linear,fold-constants,cse)' | filecheck %s --check-prefix=FOLDED

// CHECK-LABEL: func.func @conv(
// CHECK-SAME: %[[X:.*]]: tensor<1x3x8x8xf32>, %[[W:.*]]: tensor<4x3x3x3xf32> {{.*}}, %[[B:.*]]: tensor<4xf32> {{.*}}, %[[SCALE:.*]]: tensor<4xf32> {{.*}}, %[[BIAS:.*]]: tensor<4xf32> {{.*}}, %[[MEAN:.*]]: tensor<4xf32> {{.*}}, %[[VAR:.*]]: tensor<4xf32>
// CHECK: %[[Y:.*]] = "graph.conv"(%[[X]], %[[W]], %[[B]])
// CHECK: %[[EPS:.*]] = "graph.constant"() {value = dense<1.000000e-03> : tensor<f32>}
// CHECK-NEXT: %[[V:.*]] = "graph.add"(%[[VAR]], %[[EPS]])
// CHECK-NEXT: %[[D:.*]] = "graph.sqrt"(%[[V]])
// CHECK-NEXT: %[[F:.*]] = "graph.div"(%[[SCALE]], %[[D]])
// CHECK-NEXT: %[[M:.*]] = "graph.mul"(%[[MEAN]], %[[F]])
// CHECK-NEXT: %[[O:.*]] = "graph.sub"(%[[BIAS]], %[[M]])
// CHECK-NEXT: %[[F4:.*]] = "graph.reshape"(%[[F]]) {shape = array<i64: 1, 4, 1, 1>}
// CHECK-NEXT: %[[P:.*]] = "graph.mul"(%[[Y]], %[[F4]])
// CHECK-NEXT: %[[O4:.*]] = "graph.reshape"(%[[O]]) {shape = array<i64: 1, 4, 1, 1>}
// CHECK-NEXT: %[[S:.*]] = "graph.add"(%[[P]], %[[O4]])
// CHECK-NEXT: return %[[S]]
// Filters and bias take both.
// FOLDED-LABEL: func.func @conv(
// FOLDED: %[[Y:.*]] = "graph.conv"(%arg0, %{{.*}}, %{{.*}})
// FOLDED-NEXT: return %[[Y]]
func.func @conv(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32> {aicc.weight = "w"}, %b: tensor<4xf32> {aicc.weight = "b"}, %scale: tensor<4xf32> {aicc.weight = "s"}, %bias: tensor<4xf32> {aicc.weight = "t"}, %mean: tensor<4xf32> {aicc.weight = "m"}, %var: tensor<4xf32> {aicc.weight = "v"}) -> tensor<1x4x8x8xf32> {
  %0 = "graph.conv"(%x, %w, %b) {dilations = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x8x8xf32>
  %1 = "graph.batch_norm"(%0, %scale, %bias, %mean, %var) {epsilon = 0.001 : f64} : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x8x8xf32>
  return %1 : tensor<1x4x8x8xf32>
}

// -----

// Small statistics are inline: factor and offset become constants. A bias that is added is taken in:
// s = 2 / sqrt(3.9999 + 0.0001) = 1, t = 1 - 3 * s + 5 * s = 3.
// FOLDED-LABEL: func.func @added_bias
// FOLDED: %[[P:.*]] = "graph.matmul"
// FOLDED: %[[B:.*]] = "graph.constant"() {value = dense<3.000000e+00> : tensor<1x2xf32>}
// FOLDED-NEXT: %[[Y:.*]] = "graph.add"(%[[P]], %[[B]])
// FOLDED-NEXT: return %[[Y]]
func.func @added_bias(%x: tensor<5x3xf32>, %w: tensor<3x2xf32> {aicc.weight = "w"}) -> tensor<5x2xf32> {
  %scale = "graph.constant"() {value = dense<2.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %one = "graph.constant"() {value = dense<1.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %mean = "graph.constant"() {value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %var = "graph.constant"() {value = dense<3.9999> : tensor<2xf32>} : () -> tensor<2xf32>
  %b = "graph.constant"() {value = dense<5.0> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
  %0 = "graph.matmul"(%x, %w) : (tensor<5x3xf32>, tensor<3x2xf32>) -> tensor<5x2xf32>
  %1 = "graph.add"(%0, %b) : (tensor<5x2xf32>, tensor<1x2xf32>) -> tensor<5x2xf32>
  %2 = "graph.batch_norm"(%1, %scale, %one, %mean, %var) {epsilon = 0.0001 : f64} : (tensor<5x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<5x2xf32>
  return %2 : tensor<5x2xf32>
}

// -----

// Output channels are the second dimension of these filters.
// FOLDED-LABEL: func.func @conv_transpose
// FOLDED: "graph.reshape"(%{{.*}}) {shape = array<i64: 1, 1, 4, 1, 1>}
// FOLDED: "graph.conv_transpose"
// FOLDED-NEXT: return
func.func @conv_transpose(%x: tensor<1x3x8x8xf32>, %w: tensor<3x4x2x2xf32> {aicc.weight = "w"}, %s: tensor<4xf32> {aicc.weight = "s"}) -> tensor<1x4x16x16xf32> {
  %0 = "graph.conv_transpose"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, output_padding = array<i64: 0, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x3x8x8xf32>, tensor<3x4x2x2xf32>) -> tensor<1x4x16x16xf32>
  %1 = "graph.batch_norm"(%0, %s, %s, %s, %s) : (tensor<1x4x16x16xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x4x16x16xf32>
  return %1 : tensor<1x4x16x16xf32>
}

// -----

// Without a producer: one multiplication, one addition.
// CHECK-LABEL: func.func @alone
// CHECK-SAME: %[[X:.*]]: tensor<1x8x8x4xf32>,
// CHECK-NOT: graph.batch_norm
// CHECK: %[[F:.*]] = "graph.reshape"(%{{.*}}) {shape = array<i64: 1, 1, 1, 4>}
// CHECK-NEXT: %[[M:.*]] = "graph.mul"(%[[X]], %[[F]])
// CHECK-NEXT: %[[O:.*]] = "graph.reshape"(%{{.*}}) {shape = array<i64: 1, 1, 1, 4>}
// CHECK-NEXT: "graph.add"(%[[M]], %[[O]])
func.func @alone(%x: tensor<1x8x8x4xf32>, %s: tensor<4xf32> {aicc.weight = "s"}) -> tensor<1x8x8x4xf32> {
  %0 = "graph.batch_norm"(%x, %s, %s, %s, %s) {layout = "NHWC"} : (tensor<1x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x8x8x4xf32>
  return %0 : tensor<1x8x8x4xf32>
}

// -----

// Another user needs the unscaled product: only the norm itself changes.
// FOLDED-LABEL: func.func @second_user
// FOLDED: %[[P:.*]] = "graph.matmul"(%arg0, %arg1)
// FOLDED: "graph.mul"(%[[P]],
// FOLDED: return %{{.*}}, %[[P]]
func.func @second_user(%x: tensor<5x3xf32>, %w: tensor<3x2xf32> {aicc.weight = "w"}, %s: tensor<2xf32> {aicc.weight = "s"}) -> (tensor<5x2xf32>, tensor<5x2xf32>) {
  %0 = "graph.matmul"(%x, %w) : (tensor<5x3xf32>, tensor<3x2xf32>) -> tensor<5x2xf32>
  %1 = "graph.batch_norm"(%0, %s, %s, %s, %s) : (tensor<5x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<5x2xf32>
  return %1, %0 : tensor<5x2xf32>, tensor<5x2xf32>
}

// -----

// A matrix that is computed in the run would have to be scaled in every run.
// FOLDED-LABEL: func.func @unknown_matrix
// FOLDED: %[[P:.*]] = "graph.matmul"(%arg0, %arg1)
// FOLDED: "graph.mul"(%[[P]],
func.func @unknown_matrix(%x: tensor<5x3xf32>, %w: tensor<3x2xf32>, %s: tensor<2xf32> {aicc.weight = "s"}) -> tensor<5x2xf32> {
  %0 = "graph.matmul"(%x, %w) : (tensor<5x3xf32>, tensor<3x2xf32>) -> tensor<5x2xf32>
  %1 = "graph.batch_norm"(%0, %s, %s, %s, %s) : (tensor<5x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<5x2xf32>
  return %1 : tensor<5x2xf32>
}

// -----

// Statistics of the run's own data.
// CHECK-LABEL: func.func @unknown_statistics
// CHECK: "graph.batch_norm"
func.func @unknown_statistics(%x: tensor<5x2xf32>, %s: tensor<2xf32>) -> tensor<5x2xf32> {
  %0 = "graph.batch_norm"(%x, %s, %s, %s, %s) : (tensor<5x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<5x2xf32>
  return %0 : tensor<5x2xf32>
}

// -----

// CHECK-LABEL: module attributes {aicc.strict_fp}
// CHECK: "graph.batch_norm"
module attributes {aicc.strict_fp} {
  func.func @strict(%x: tensor<5x2xf32>, %s: tensor<2xf32> {aicc.weight = "s"}) -> tensor<5x2xf32> {
    %0 = "graph.batch_norm"(%x, %s, %s, %s, %s) : (tensor<5x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<5x2xf32>
    return %0 : tensor<5x2xf32>
  }
}
