// RUN: aicc-opt %s --fuse-linear | filecheck %s
// RUN: sed -e '1i module attributes {aicc.strict_fp} {' -e '$a }' %s | aicc-opt - --fuse-linear | filecheck %s --check-prefix=STRICT
// RUN: aicc-opt %s --fuse-linear=disable=scale-result | filecheck %s --check-prefix=OFF
// RUN: aicc-opt %s --fuse-linear > %t.once
// RUN: aicc-opt %t.once --fuse-linear > %t.twice
// RUN: diff %t.once %t.twice

// A factor per output channel: filters and bias take it. (scale-result)
// CHECK-LABEL: func.func @scale_result
// CHECK-NEXT: %[[S1:.*]] = "graph.reshape"(%arg3) {shape = array<i64: 6>}
// CHECK-NEXT: %[[B:.*]] = "graph.mul"(%arg2, %[[S1]])
// CHECK: %[[W:.*]] = "graph.mul"(%arg1, %{{.*}}) : (tensor<6x4x3x3xf32>, tensor<6x1x1x1xf32>)
// CHECK: %[[Y:.*]] = "graph.conv"(%arg0, %[[W]], %[[B]])
// CHECK-NEXT: return %[[Y]]
// STRICT-LABEL: func.func @scale_result
// STRICT: "graph.conv"(%arg0, %arg1, %arg2)
// STRICT-NEXT: "graph.mul"
// OFF-LABEL: func.func @scale_result
// OFF: "graph.conv"(%arg0, %arg1, %arg2)
func.func @scale_result(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32> {aicc.weight = "w"}, %b: tensor<6xf32> {aicc.weight = "b"}, %s: tensor<6x1x1xf32> {aicc.weight = "s"}) -> tensor<1x6x6x6xf32> {
  %0 = "graph.conv"(%x, %w, %b) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>, tensor<6xf32>) -> tensor<1x6x6x6xf32>
  %1 = "graph.mul"(%0, %s) : (tensor<1x6x6x6xf32>, tensor<6x1x1xf32>) -> tensor<1x6x6x6xf32>
  return %1 : tensor<1x6x6x6xf32>
}

// In groups the output channels of a transposed convolution are split.
// CHECK-LABEL: func.func @scale_transposed
// CHECK: "graph.reshape"(%arg1) {shape = array<i64: 2, 2, 3, 3, 3>}
// CHECK: "graph.reshape"({{.*}}) {shape = array<i64: 2, 1, 3, 1, 1>}
// CHECK: "graph.conv_transpose"
// CHECK-NEXT: return
func.func @scale_transposed(%x: tensor<1x4x8x8xf32>, %w: tensor<4x3x3x3xf32> {aicc.weight = "w"}, %s: tensor<1x6x1x1xf32> {aicc.weight = "s"}) -> tensor<1x6x10x10xf32> {
  %0 = "graph.conv_transpose"(%x, %w) {dilations = array<i64: 1, 1>, group = 2 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, output_padding = array<i64: 0, 0>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x6x10x10xf32>
  %1 = "graph.div"(%0, %s) : (tensor<1x6x10x10xf32>, tensor<1x6x1x1xf32>) -> tensor<1x6x10x10xf32>
  return %1 : tensor<1x6x10x10xf32>
}

// A factor above zero passes relu; the sum of a known offset is scaled too.
// CHECK-LABEL: func.func @scale_through
// CHECK: %[[P:.*]] = "graph.matmul"(%arg0, %{{.*}})
// CHECK: %[[A:.*]] = "graph.add"(%[[P]], %{{.*}})
// CHECK-NEXT: %[[R:.*]] = "graph.relu"(%[[A]])
// CHECK-NEXT: return %[[R]]
func.func @scale_through(%x: tensor<5x4xf32>, %w: tensor<4x6xf32> {aicc.weight = "w"}, %b: tensor<6xf32> {aicc.weight = "b"}) -> tensor<5x6xf32> {
  %s = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.matmul"(%x, %w) : (tensor<5x4xf32>, tensor<4x6xf32>) -> tensor<5x6xf32>
  %1 = "graph.add"(%0, %b) : (tensor<5x6xf32>, tensor<6xf32>) -> tensor<5x6xf32>
  %2 = "graph.relu"(%1) : (tensor<5x6xf32>) -> tensor<5x6xf32>
  %3 = "graph.mul"(%2, %s) : (tensor<5x6xf32>, tensor<f32>) -> tensor<5x6xf32>
  return %3 : tensor<5x6xf32>
}

// A factor below zero does not pass relu.
// CHECK-LABEL: func.func @negative_factor
// CHECK: "graph.matmul"(%arg0, %arg1)
// CHECK-NEXT: "graph.relu"
// CHECK-NEXT: "graph.mul"
func.func @negative_factor(%x: tensor<5x4xf32>, %w: tensor<4x6xf32> {aicc.weight = "w"}) -> tensor<5x6xf32> {
  %s = "graph.constant"() {value = dense<-2.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.matmul"(%x, %w) : (tensor<5x4xf32>, tensor<4x6xf32>) -> tensor<5x6xf32>
  %2 = "graph.relu"(%0) : (tensor<5x6xf32>) -> tensor<5x6xf32>
  %3 = "graph.mul"(%2, %s) : (tensor<5x6xf32>, tensor<f32>) -> tensor<5x6xf32>
  return %3 : tensor<5x6xf32>
}

// The product without the factor is a result, too.
// CHECK-LABEL: func.func @scale_second_user
// CHECK-NEXT: "graph.matmul"(%arg0, %arg1)
// CHECK-NEXT: "graph.mul"
// CHECK-NEXT: return
func.func @scale_second_user(%x: tensor<5x4xf32>, %w: tensor<4x6xf32> {aicc.weight = "w"}, %s: tensor<6xf32> {aicc.weight = "s"}) -> (tensor<5x6xf32>, tensor<5x6xf32>) {
  %0 = "graph.matmul"(%x, %w) : (tensor<5x4xf32>, tensor<4x6xf32>) -> tensor<5x6xf32>
  %1 = "graph.mul"(%0, %s) : (tensor<5x6xf32>, tensor<6xf32>) -> tensor<5x6xf32>
  return %0, %1 : tensor<5x6xf32>, tensor<5x6xf32>
}

// A factor per position is not one per channel.
// CHECK-LABEL: func.func @scale_per_position
// CHECK-NEXT: "graph.conv"(%arg0, %arg1)
// CHECK-NEXT: "graph.mul"
func.func @scale_per_position(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32> {aicc.weight = "w"}, %s: tensor<6x6xf32> {aicc.weight = "s"}) -> tensor<1x6x6x6xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x6x6xf32>
  %1 = "graph.mul"(%0, %s) : (tensor<1x6x6x6xf32>, tensor<6x6xf32>) -> tensor<1x6x6x6xf32>
  return %1 : tensor<1x6x6x6xf32>
}

// A factor per input channel, in two groups. Zeros beyond the border stay zeros. (scale-operand)
// CHECK-LABEL: func.func @scale_operand
// CHECK: "graph.mul"({{.*}} : (tensor<2x3x2x3x3xf32>, tensor<2x1x2x1x1xf32>)
// CHECK: "graph.conv"(%arg0,
func.func @scale_operand(%x: tensor<1x4x8x8xf32>, %w: tensor<6x2x3x3xf32> {aicc.weight = "w"}, %s: tensor<1x4x1x1xf32> {aicc.weight = "s"}) -> tensor<1x6x8x8xf32> {
  %0 = "graph.mul"(%x, %s) : (tensor<1x4x8x8xf32>, tensor<1x4x1x1xf32>) -> tensor<1x4x8x8xf32>
  %1 = "graph.conv"(%0, %w) {dilations = array<i64: 1, 1>, group = 2 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<6x2x3x3xf32>) -> tensor<1x6x8x8xf32>
  return %1 : tensor<1x6x8x8xf32>
}

// Another op reads the scaled image.
// CHECK-LABEL: func.func @scaled_for_another
// CHECK-NEXT: "graph.mul"
// CHECK-NEXT: "graph.conv"
// CHECK-NEXT: "graph.relu"
func.func @scaled_for_another(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32> {aicc.weight = "w"}, %s: tensor<1x4x1x1xf32> {aicc.weight = "s"}) -> (tensor<1x6x6x6xf32>, tensor<1x4x8x8xf32>) {
  %0 = "graph.mul"(%x, %s) : (tensor<1x4x8x8xf32>, tensor<1x4x1x1xf32>) -> tensor<1x4x8x8xf32>
  %1 = "graph.conv"(%0, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x6x6xf32>
  %2 = "graph.relu"(%0) : (tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
  return %1, %2 : tensor<1x6x6x6xf32>, tensor<1x4x8x8xf32>
}

// What an offset adds to every position of a convolution without padding. (offset-operand)
// CHECK-LABEL: func.func @offset_operand
// CHECK: %[[B:.*]] = "graph.reduce_sum"(%{{.*}}) {axes = array<i64: 1, 2, 3>
// CHECK: %[[Y:.*]] = "graph.conv"(%arg0, %arg1, %[[B]])
// CHECK-NEXT: return %[[Y]]
func.func @offset_operand(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32> {aicc.weight = "w"}, %s: tensor<1x4x1x1xf32> {aicc.weight = "s"}) -> tensor<1x6x6x6xf32> {
  %0 = "graph.sub"(%x, %s) : (tensor<1x4x8x8xf32>, tensor<1x4x1x1xf32>) -> tensor<1x4x8x8xf32>
  %1 = "graph.conv"(%0, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x6x6xf32>
  return %1 : tensor<1x6x6x6xf32>
}

// The padding is added after the offset.
// CHECK-LABEL: func.func @offset_padded
// CHECK-NEXT: "graph.add"
// CHECK-NEXT: "graph.conv"
func.func @offset_padded(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32> {aicc.weight = "w"}, %s: tensor<1x4x1x1xf32> {aicc.weight = "s"}) -> tensor<1x6x8x8xf32> {
  %0 = "graph.add"(%x, %s) : (tensor<1x4x8x8xf32>, tensor<1x4x1x1xf32>) -> tensor<1x4x8x8xf32>
  %1 = "graph.conv"(%0, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x8x8xf32>
  return %1 : tensor<1x6x8x8xf32>
}

// One offset for all channels and a constant: the bias. Exact. (conv-bias)
// CHECK-LABEL: func.func @conv_bias
// CHECK: %[[B:.*]] = "graph.constant"() {value = dense<2.000000e+00> : tensor<6xf32>}
// CHECK: "graph.conv"(%arg0, %arg1, %[[B]])
// CHECK-NEXT: return
// STRICT-LABEL: func.func @conv_bias
// STRICT: "graph.conv"(%arg0, %arg1, %{{.*}})
// STRICT-NEXT: return
func.func @conv_bias(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32> {aicc.weight = "w"}) -> tensor<1x6x6x6xf32> {
  %s = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x6x6xf32>
  %1 = "graph.add"(%s, %0) : (tensor<f32>, tensor<1x6x6x6xf32>) -> tensor<1x6x6x6xf32>
  return %1 : tensor<1x6x6x6xf32>
}

// An offset that the run computes stays beside the convolution.
// CHECK-LABEL: func.func @conv_unknown_bias
// CHECK-NEXT: "graph.conv"(%arg0, %arg1)
// CHECK-NEXT: "graph.add"
func.func @conv_unknown_bias(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32> {aicc.weight = "w"}, %s: tensor<1x6x1x1xf32>) -> tensor<1x6x6x6xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x6x6xf32>
  %1 = "graph.add"(%0, %s) : (tensor<1x6x6x6xf32>, tensor<1x6x1x1xf32>) -> tensor<1x6x6x6xf32>
  return %1 : tensor<1x6x6x6xf32>
}

// Two biases. (conv-bias-sum)
// CHECK-LABEL: func.func @conv_bias_sum
// CHECK: %[[N:.*]] = "graph.neg"
// CHECK-NEXT: %[[B:.*]] = "graph.add"(%arg2, %[[N]])
// CHECK-NEXT: "graph.conv"(%arg0, %arg1, %[[B]])
// CHECK-NEXT: return
// STRICT-LABEL: func.func @conv_bias_sum
// STRICT: "graph.conv"
// STRICT-NEXT: "graph.sub"
func.func @conv_bias_sum(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32> {aicc.weight = "w"}, %b: tensor<6xf32> {aicc.weight = "b"}, %s: tensor<6x1x1xf32> {aicc.weight = "s"}) -> tensor<1x6x6x6xf32> {
  %0 = "graph.conv"(%x, %w, %b) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>, tensor<6xf32>) -> tensor<1x6x6x6xf32>
  %1 = "graph.sub"(%0, %s) : (tensor<1x6x6x6xf32>, tensor<6x1x1xf32>) -> tensor<1x6x6x6xf32>
  return %1 : tensor<1x6x6x6xf32>
}

// The difference the other way round. (negated-conv)
// CHECK-LABEL: func.func @negated_conv
// CHECK: "graph.neg"(%arg1)
// CHECK: "graph.conv"(%arg0, %{{.*}}, %{{.*}})
// CHECK-NEXT: return
func.func @negated_conv(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32> {aicc.weight = "w"}, %s: tensor<6x1x1xf32> {aicc.weight = "s"}) -> tensor<1x6x6x6xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x6x6xf32>
  %1 = "graph.sub"(%s, %0) : (tensor<6x1x1xf32>, tensor<1x6x6x6xf32>) -> tensor<1x6x6x6xf32>
  return %1 : tensor<1x6x6x6xf32>
}

// The filter is computed in the run: negating it would cost as much.
// CHECK-LABEL: func.func @negated_unknown
// CHECK-NEXT: "graph.conv"(%arg0, %arg1)
// CHECK-NEXT: "graph.sub"
func.func @negated_unknown(%x: tensor<1x4x8x8xf32>, %w: tensor<6x4x3x3xf32>, %s: tensor<6x1x1xf32> {aicc.weight = "s"}) -> tensor<1x6x6x6xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x6x6xf32>
  %1 = "graph.sub"(%s, %0) : (tensor<6x1x1xf32>, tensor<1x6x6x6xf32>) -> tensor<1x6x6x6xf32>
  return %1 : tensor<1x6x6x6xf32>
}

// Offsets of a product meet. (offset-sum)
// CHECK-LABEL: func.func @offset_sum
// CHECK: %[[B:.*]] = "graph.add"(%arg2, %arg3)
// CHECK: "graph.add"(%{{.*}}, %[[B]])
// CHECK-NEXT: return
func.func @offset_sum(%x: tensor<5x4xf32>, %w: tensor<4x6xf32> {aicc.weight = "w"}, %b: tensor<6xf32> {aicc.weight = "b"}, %c: tensor<1x6xf32> {aicc.weight = "c"}) -> tensor<5x6xf32> {
  %0 = "graph.matmul"(%x, %w) : (tensor<5x4xf32>, tensor<4x6xf32>) -> tensor<5x6xf32>
  %1 = "graph.add"(%0, %b) : (tensor<5x6xf32>, tensor<6xf32>) -> tensor<5x6xf32>
  %2 = "graph.add"(%1, %c) : (tensor<5x6xf32>, tensor<1x6xf32>) -> tensor<5x6xf32>
  return %2 : tensor<5x6xf32>
}

// One offset per row, one per column: their sum would be a matrix of weights.
// CHECK-LABEL: func.func @offset_sum_grows
// CHECK-NEXT: "graph.matmul"
// CHECK-NEXT: "graph.add"
// CHECK-NEXT: "graph.add"
func.func @offset_sum_grows(%x: tensor<5x4xf32>, %w: tensor<4x6xf32> {aicc.weight = "w"}, %b: tensor<6xf32> {aicc.weight = "b"}, %c: tensor<5x1xf32> {aicc.weight = "c"}) -> tensor<5x6xf32> {
  %0 = "graph.matmul"(%x, %w) : (tensor<5x4xf32>, tensor<4x6xf32>) -> tensor<5x6xf32>
  %1 = "graph.add"(%0, %b) : (tensor<5x6xf32>, tensor<6xf32>) -> tensor<5x6xf32>
  %2 = "graph.add"(%1, %c) : (tensor<5x6xf32>, tensor<5x1xf32>) -> tensor<5x6xf32>
  return %2 : tensor<5x6xf32>
}

// 4 x 6 multiply-adds per row in place of 4 x 9 + 9 x 6. (merge-matmuls)
// CHECK-LABEL: func.func @merge_matmuls
// CHECK: %[[W:.*]] = "graph.matmul"(%arg1, %arg2)
// CHECK-NEXT: "graph.matmul"(%arg0, %[[W]])
// CHECK-NEXT: return
func.func @merge_matmuls(%x: tensor<5x4xf32>, %v: tensor<4x9xf32> {aicc.weight = "v"}, %w: tensor<9x6xf32> {aicc.weight = "w"}) -> tensor<5x6xf32> {
  %0 = "graph.matmul"(%x, %v) : (tensor<5x4xf32>, tensor<4x9xf32>) -> tensor<5x9xf32>
  %1 = "graph.matmul"(%0, %w) : (tensor<5x9xf32>, tensor<9x6xf32>) -> tensor<5x6xf32>
  return %1 : tensor<5x6xf32>
}

// A bottleneck is less work than its product.
// CHECK-LABEL: func.func @bottleneck
// CHECK-NEXT: "graph.matmul"(%arg0, %arg1)
// CHECK-NEXT: "graph.matmul"
func.func @bottleneck(%x: tensor<5x9xf32>, %v: tensor<9x2xf32> {aicc.weight = "v"}, %w: tensor<2x9xf32> {aicc.weight = "w"}) -> tensor<5x9xf32> {
  %0 = "graph.matmul"(%x, %v) : (tensor<5x9xf32>, tensor<9x2xf32>) -> tensor<5x2xf32>
  %1 = "graph.matmul"(%0, %w) : (tensor<5x2xf32>, tensor<2x9xf32>) -> tensor<5x9xf32>
  return %1 : tensor<5x9xf32>
}

// A kernel of 1 without activation after a convolution. (merge-convs)
// CHECK-LABEL: func.func @merge_convs
// CHECK: "graph.matmul"({{.*}} : (tensor<4x6xf32>, tensor<6x36xf32>)
// CHECK: "graph.conv"(%arg0, %{{[0-9]+}}, %{{[0-9]+}}) {{.*}} pads = array<i64: 1, 1, 1, 1>
// CHECK-NEXT: return
func.func @merge_convs(%x: tensor<1x4x8x8xf32>, %v: tensor<6x4x3x3xf32> {aicc.weight = "v"}, %b: tensor<6xf32> {aicc.weight = "b"}, %w: tensor<4x6x1x1xf32> {aicc.weight = "w"}) -> tensor<1x4x8x8xf32> {
  %0 = "graph.conv"(%x, %v, %b) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<1x4x8x8xf32>, tensor<6x4x3x3xf32>, tensor<6xf32>) -> tensor<1x6x8x8xf32>
  %1 = "graph.conv"(%0, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x6x8x8xf32>, tensor<4x6x1x1xf32>) -> tensor<1x4x8x8xf32>
  return %1 : tensor<1x4x8x8xf32>
}

// The bias of the first convolution is missing beyond the border.
// CHECK-LABEL: func.func @merge_padded
// CHECK-NEXT: "graph.conv"
// CHECK-NEXT: "graph.conv"
func.func @merge_padded(%x: tensor<1x4x8x8xf32>, %v: tensor<20x4x1x1xf32> {aicc.weight = "v"}, %b: tensor<20xf32> {aicc.weight = "b"}, %w: tensor<4x20x3x3xf32> {aicc.weight = "w"}) -> tensor<1x4x8x8xf32> {
  %0 = "graph.conv"(%x, %v, %b) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<1x4x8x8xf32>, tensor<20x4x1x1xf32>, tensor<20xf32>) -> tensor<1x20x8x8xf32>
  %1 = "graph.conv"(%0, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x20x8x8xf32>, tensor<4x20x3x3xf32>) -> tensor<1x4x8x8xf32>
  return %1 : tensor<1x4x8x8xf32>
}

// A convolution over the whole image, then a matrix. (merge-conv-matmul)
// CHECK-LABEL: func.func @merge_conv_matmul
// CHECK: %[[Y:.*]] = "graph.conv"(%arg0,
// CHECK-NEXT: %[[R:.*]] = "graph.reshape"(%[[Y]]) {shape = array<i64: 1, 3>}
// CHECK-NEXT: return %[[R]]
func.func @merge_conv_matmul(%x: tensor<1x4x3x3xf32>, %v: tensor<6x4x3x3xf32> {aicc.weight = "v"}, %w: tensor<6x3xf32> {aicc.weight = "w"}) -> tensor<1x3xf32> {
  %0 = "graph.conv"(%x, %v) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x3x3xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x1x1xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 1, 6>} : (tensor<1x6x1x1xf32>) -> tensor<1x6xf32>
  %2 = "graph.matmul"(%1, %w) : (tensor<1x6xf32>, tensor<6x3xf32>) -> tensor<1x3xf32>
  return %2 : tensor<1x3xf32>
}

// More outputs than before.
// CHECK-LABEL: func.func @widening_matmul
// CHECK-NEXT: "graph.conv"(%arg0, %arg1)
func.func @widening_matmul(%x: tensor<1x4x3x3xf32>, %v: tensor<6x4x3x3xf32> {aicc.weight = "v"}, %w: tensor<6x9xf32> {aicc.weight = "w"}) -> tensor<1x9xf32> {
  %0 = "graph.conv"(%x, %v) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x3x3xf32>, tensor<6x4x3x3xf32>) -> tensor<1x6x1x1xf32>
  %1 = "graph.reshape"(%0) {shape = array<i64: 1, 6>} : (tensor<1x6x1x1xf32>) -> tensor<1x6xf32>
  %2 = "graph.matmul"(%1, %w) : (tensor<1x6xf32>, tensor<6x9xf32>) -> tensor<1x9xf32>
  return %2 : tensor<1x9xf32>
}

// Branches on one image, added up: one filter, its centre takes in the smaller ones. (merge-branches)
// CHECK-LABEL: func.func @merge_branches
// CHECK: "graph.pad"({{.*}}) {high = array<i64: 0, 0, 2>, low = array<i64: 0, 0, 0>
// CHECK: "graph.slice"({{.*}}) {sizes = array<i64: 2, 4>
// CHECK: %[[S:.*]] = "graph.add"(%arg1, %{{.*}})
// CHECK: %[[V:.*]] = "graph.pad"(%arg2, {{.*}}) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>
// CHECK-NEXT: %[[W:.*]] = "graph.add"(%[[S]], %[[V]])
// CHECK-NEXT: %[[Y:.*]] = "graph.conv"(%arg0, %[[W]], %arg3)
// CHECK-NEXT: return %[[Y]]
// STRICT-LABEL: func.func @merge_branches
// STRICT: "graph.conv"
// STRICT-NEXT: "graph.conv"
func.func @merge_branches(%x: tensor<1x4x8x8xf32>, %w: tensor<4x2x3x3xf32> {aicc.weight = "w"}, %v: tensor<4x2x1x1xf32> {aicc.weight = "v"}, %b: tensor<4xf32> {aicc.weight = "b"}, %s: tensor<4x1x1xf32> {aicc.weight = "s"}) -> tensor<1x4x8x8xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, group = 2 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<4x2x3x3xf32>) -> tensor<1x4x8x8xf32>
  %1 = "graph.conv"(%x, %v, %b) {dilations = array<i64: 1, 1>, group = 2 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<1x4x8x8xf32>, tensor<4x2x1x1xf32>, tensor<4xf32>) -> tensor<1x4x8x8xf32>
  %2 = "graph.mul"(%x, %s) : (tensor<1x4x8x8xf32>, tensor<4x1x1xf32>) -> tensor<1x4x8x8xf32>
  %3 = "graph.add"(%2, %0) : (tensor<1x4x8x8xf32>, tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
  %4 = "graph.add"(%3, %1) : (tensor<1x4x8x8xf32>, tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
  return %4 : tensor<1x4x8x8xf32>
}

// Taps that lie two apart read other pixels.
// CHECK-LABEL: func.func @other_pixels
// CHECK-NEXT: "graph.conv"(%arg0, %arg1)
// CHECK-NEXT: "graph.conv"(%arg0, %arg2)
func.func @other_pixels(%x: tensor<1x4x8x8xf32>, %w: tensor<4x4x3x3xf32> {aicc.weight = "w"}, %v: tensor<4x4x3x3xf32> {aicc.weight = "v"}) -> tensor<1x4x8x8xf32> {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x8x8xf32>
  %1 = "graph.conv"(%x, %v) {dilations = array<i64: 2, 2>, group = 1 : i64, pads = array<i64: 2, 2, 2, 2>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x8x8xf32>
  %2 = "graph.add"(%0, %1) : (tensor<1x4x8x8xf32>, tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
  return %2 : tensor<1x4x8x8xf32>
}

// One branch is read elsewhere, the other reads another image.
// CHECK-LABEL: func.func @branches_apart
// CHECK-COUNT-3: "graph.conv"
func.func @branches_apart(%x: tensor<1x4x8x8xf32>, %z: tensor<1x4x8x8xf32>, %w: tensor<4x4x1x1xf32> {aicc.weight = "w"}) -> (tensor<1x4x8x8xf32>, tensor<1x4x8x8xf32>) {
  %0 = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<4x4x1x1xf32>) -> tensor<1x4x8x8xf32>
  %1 = "graph.conv"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<4x4x1x1xf32>) -> tensor<1x4x8x8xf32>
  %2 = "graph.conv"(%z, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<1x4x8x8xf32>, tensor<4x4x1x1xf32>) -> tensor<1x4x8x8xf32>
  %3 = "graph.add"(%0, %1) : (tensor<1x4x8x8xf32>, tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
  %4 = "graph.add"(%3, %2) : (tensor<1x4x8x8xf32>, tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
  return %4, %1 : tensor<1x4x8x8xf32>, tensor<1x4x8x8xf32>
}
