// RUN: aicc-opt %s --replace-ops | filecheck %s
// RUN: aicc-opt %s --replace-ops > %t.once
// RUN: aicc-opt %t.once --replace-ops > %t.twice
// RUN: diff %t.once %t.twice

// Windows side by side: nothing overlaps.
// CHECK-LABEL: func.func @blocks(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg1) {shape = array<i64: 3, 2, 1, 2, 1, 2>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 3, 5, 1, 0, 2, 4>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 8, 3, 1, 1>}
// CHECK-NEXT: %[[D:.*]] = "graph.conv"(%arg0, %[[C]]) {{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: %[[E:.*]] = "graph.reshape"(%[[D]]) {shape = array<i64: 1, 2, 2, 2, 3, 3>}
// CHECK-NEXT: %[[F:.*]] = "graph.transpose"(%[[E]]) {permutation = array<i64: 0, 3, 4, 1, 5, 2>}
// CHECK-NEXT: %[[G:.*]] = "graph.reshape"(%[[F]]) {shape = array<i64: 1, 2, 6, 6>}
// CHECK-NEXT: return %[[G]]
func.func @blocks(%x: tensor<1x3x3x3xf32>, %w: tensor<3x2x2x2xf32> {aicc.weight = "w"}) -> tensor<1x2x6x6xf32> {
  %0 = "graph.conv_transpose"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0>, output_padding = array<i64: 0, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x3x3x3xf32>, tensor<3x2x2x2xf32>) -> tensor<1x2x6x6xf32>
  return %0 : tensor<1x2x6x6xf32>
}

// Four phases, of 1 x 1, 1 x 2, 2 x 1 and 2 x 2 taps.
// CHECK-LABEL: func.func @overlapping(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 3, 2, 1, 1>, starts = array<i64: 0, 0, 1, 1>, steps = array<i64: 1, 1, -2, -2>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 1, 0, 2, 3>}
// CHECK-NEXT: %[[C:.*]] = "graph.conv"(%arg0, %[[B]]) {{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: %[[D:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 3, 2, 1, 2>, starts = array<i64: 0, 0, 1, 2>, steps = array<i64: 1, 1, -2, -2>}
// CHECK-NEXT: %[[E:.*]] = "graph.transpose"(%[[D]]) {permutation = array<i64: 1, 0, 2, 3>}
// CHECK-NEXT: %[[F:.*]] = "graph.conv"(%arg0, %[[E]]) {{.*}}pads = array<i64: 0, 0, 0, 1>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: %[[G:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 3, 2, 2, 1>, starts = array<i64: 0, 0, 2, 1>, steps = array<i64: 1, 1, -2, -2>}
// CHECK-NEXT: %[[H:.*]] = "graph.transpose"(%[[G]]) {permutation = array<i64: 1, 0, 2, 3>}
// CHECK-NEXT: %[[I:.*]] = "graph.conv"(%arg0, %[[H]]) {{.*}}pads = array<i64: 0, 0, 1, 0>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: %[[J:.*]] = "graph.slice"(%arg1) {sizes = array<i64: 3, 2, 2, 2>, starts = array<i64: 0, 0, 2, 2>, steps = array<i64: 1, 1, -2, -2>}
// CHECK-NEXT: %[[K:.*]] = "graph.transpose"(%[[J]]) {permutation = array<i64: 1, 0, 2, 3>}
// CHECK-NEXT: %[[L:.*]] = "graph.conv"(%arg0, %[[K]]) {{.*}}pads = array<i64: 0, 0, 1, 1>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: %[[M:.*]] = "graph.concat"(%[[C]], %[[F]], %[[I]], %[[L]]) {{.*}}axis = 1 : i64
// CHECK-NEXT: %[[N:.*]] = "graph.reshape"(%[[M]]) {shape = array<i64: 1, 2, 2, 2, 4, 4>}
// CHECK-NEXT: %[[O:.*]] = "graph.transpose"(%[[N]]) {permutation = array<i64: 0, 3, 4, 1, 5, 2>}
// CHECK-NEXT: %[[P:.*]] = "graph.reshape"(%[[O]]) {shape = array<i64: 1, 2, 8, 8>}
// CHECK-NEXT: return %[[P]]
func.func @overlapping(%x: tensor<1x3x4x4xf32>, %w: tensor<3x2x3x3xf32> {aicc.weight = "w"}) -> tensor<1x2x8x8xf32> {
  %0 = "graph.conv_transpose"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0>, output_padding = array<i64: 1, 1>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<1x3x4x4xf32>, tensor<3x2x3x3xf32>) -> tensor<1x2x8x8xf32>
  return %0 : tensor<1x2x8x8xf32>
}

// The padding is no multiple of the stride: the first position is cut off.
// CHECK-LABEL: func.func @skipped(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg1) {shape = array<i64: 3, 2, 2, 2, 2, 2>}
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%[[A]]) {sizes = array<i64: 3, 2, 2, 2, 2, 2>, starts = array<i64: 0, 0, 1, 0, 1, 0>, steps = array<i64: 1, 1, -1, 1, -1, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.transpose"(%[[B]]) {permutation = array<i64: 3, 5, 1, 0, 2, 4>}
// CHECK-NEXT: %[[D:.*]] = "graph.reshape"(%[[C]]) {shape = array<i64: 8, 3, 2, 2>}
// CHECK-NEXT: %[[E:.*]] = "graph.conv"(%arg0, %[[D]]) {{.*}}pads = array<i64: 1, 1, 1, 1>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: %[[F:.*]] = "graph.reshape"(%[[E]]) {shape = array<i64: 1, 2, 2, 2, 4, 4>}
// CHECK-NEXT: %[[G:.*]] = "graph.transpose"(%[[F]]) {permutation = array<i64: 0, 3, 4, 1, 5, 2>}
// CHECK-NEXT: %[[H:.*]] = "graph.reshape"(%[[G]]) {shape = array<i64: 1, 2, 8, 8>}
// CHECK-NEXT: %[[I:.*]] = "graph.slice"(%[[H]]) {sizes = array<i64: 1, 2, 6, 6>, starts = array<i64: 0, 0, 1, 1>, steps = array<i64: 1, 1, 1, 1>}
// CHECK-NEXT: return %[[I]]
func.func @skipped(%x: tensor<1x3x3x3xf32>, %w: tensor<3x2x4x4xf32> {aicc.weight = "w"}) -> tensor<1x2x6x6xf32> {
  %0 = "graph.conv_transpose"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0>, output_padding = array<i64: 0, 0>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<1x3x3x3xf32>, tensor<3x2x4x4xf32>) -> tensor<1x2x6x6xf32>
  return %0 : tensor<1x2x6x6xf32>
}

// CHECK-LABEL: func.func @with_bias(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg1) {shape = array<i64: 3, 2, 1, 2>}
// CHECK-NEXT: %[[B:.*]] = "graph.transpose"(%[[A]]) {permutation = array<i64: 3, 1, 0, 2>}
// CHECK-NEXT: %[[C:.*]] = "graph.reshape"(%[[B]]) {shape = array<i64: 4, 3, 1>}
// CHECK-NEXT: %[[D:.*]] = "graph.reshape"(%arg2) {shape = array<i64: 1, 2>}
// CHECK-NEXT: %[[E:.*]] = "graph.expand"(%[[D]]) {shape = array<i64: 2, 2>}
// CHECK-NEXT: %[[F:.*]] = "graph.reshape"(%[[E]]) {shape = array<i64: 4>}
// CHECK-NEXT: %[[G:.*]] = "graph.conv"(%arg0, %[[C]], %[[F]]) {{.*}}pads = array<i64: 0, 0>{{.*}}strides = array<i64: 1>
// CHECK-NEXT: %[[H:.*]] = "graph.reshape"(%[[G]]) {shape = array<i64: 1, 2, 2, 4>}
// CHECK-NEXT: %[[I:.*]] = "graph.transpose"(%[[H]]) {permutation = array<i64: 0, 2, 3, 1>}
// CHECK-NEXT: %[[J:.*]] = "graph.reshape"(%[[I]]) {shape = array<i64: 1, 2, 8>}
// CHECK-NEXT: return %[[J]]
func.func @with_bias(%x: tensor<1x3x4xf32>, %w: tensor<3x2x2xf32> {aicc.weight = "w"}, %v: tensor<2xf32>) -> tensor<1x2x8xf32> {
  %0 = "graph.conv_transpose"(%x, %w, %v) {dilations = array<i64: 1>, group = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 1>, output_padding = array<i64: 0>, pads = array<i64: 0, 0>, strides = array<i64: 2>} : (tensor<1x3x4xf32>, tensor<3x2x2xf32>, tensor<2xf32>) -> tensor<1x2x8xf32>
  return %0 : tensor<1x2x8xf32>
}

// CHECK-LABEL: func.func @stride_one(
// CHECK-NEXT: %[[A:.*]] = "graph.reshape"(%arg1) {shape = array<i64: 3, 2, 3, 1, 3, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.slice"(%[[A]]) {sizes = array<i64: 3, 2, 3, 1, 3, 1>, starts = array<i64: 0, 0, 2, 0, 2, 0>, steps = array<i64: 1, 1, -1, 1, -1, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.transpose"(%[[B]]) {permutation = array<i64: 3, 5, 1, 0, 2, 4>}
// CHECK-NEXT: %[[D:.*]] = "graph.reshape"(%[[C]]) {shape = array<i64: 2, 3, 3, 3>}
// CHECK-NEXT: %[[E:.*]] = "graph.conv"(%arg0, %[[D]]) {{.*}}pads = array<i64: 1, 1, 1, 1>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: %[[F:.*]] = "graph.reshape"(%[[E]]) {shape = array<i64: 1, 1, 1, 2, 4, 4>}
// CHECK-NEXT: %[[G:.*]] = "graph.transpose"(%[[F]]) {permutation = array<i64: 0, 3, 4, 1, 5, 2>}
// CHECK-NEXT: %[[H:.*]] = "graph.reshape"(%[[G]]) {shape = array<i64: 1, 2, 4, 4>}
// CHECK-NEXT: return %[[H]]
func.func @stride_one(%x: tensor<1x3x4x4xf32>, %w: tensor<3x2x3x3xf32> {aicc.weight = "w"}) -> tensor<1x2x4x4xf32> {
  %0 = "graph.conv_transpose"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0>, output_padding = array<i64: 0, 0>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<1x3x4x4xf32>, tensor<3x2x3x3xf32>) -> tensor<1x2x4x4xf32>
  return %0 : tensor<1x2x4x4xf32>
}

// CHECK-LABEL: func.func @computed_filters(
// CHECK-NEXT: %[[A:.*]] = "graph.conv_transpose"(%arg0, %arg1) {{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 2, 2>
// CHECK-NEXT: return %[[A]]
func.func @computed_filters(%x: tensor<1x3x3x3xf32>, %w: tensor<3x2x2x2xf32>) -> tensor<1x2x6x6xf32> {
  %0 = "graph.conv_transpose"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0>, output_padding = array<i64: 0, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x3x3x3xf32>, tensor<3x2x2x2xf32>) -> tensor<1x2x6x6xf32>
  return %0 : tensor<1x2x6x6xf32>
}

// CHECK-LABEL: func.func @groups(
// CHECK-NEXT: %[[A:.*]] = "graph.conv_transpose"(%arg0, %arg1) {{.*}}group = 2 : i64{{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 2, 2>
// CHECK-NEXT: return %[[A]]
func.func @groups(%x: tensor<1x4x3x3xf32>, %w: tensor<4x1x2x2xf32> {aicc.weight = "w"}) -> tensor<1x2x6x6xf32> {
  %0 = "graph.conv_transpose"(%x, %w) {dilations = array<i64: 1, 1>, group = 2 : i64, operandSegmentSizes = array<i32: 1, 1, 0>, output_padding = array<i64: 0, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x4x3x3xf32>, tensor<4x1x2x2xf32>) -> tensor<1x2x6x6xf32>
  return %0 : tensor<1x2x6x6xf32>
}

// CHECK-LABEL: func.func @phases_without_taps(
// CHECK-NEXT: %[[A:.*]] = "graph.conv_transpose"(%arg0, %arg1) {{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 3, 3>
// CHECK-NEXT: return %[[A]]
func.func @phases_without_taps(%x: tensor<1x3x3x3xf32>, %w: tensor<3x2x2x2xf32> {aicc.weight = "w"}) -> tensor<1x2x8x8xf32> {
  %0 = "graph.conv_transpose"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0>, output_padding = array<i64: 0, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 3, 3>} : (tensor<1x3x3x3xf32>, tensor<3x2x2x2xf32>) -> tensor<1x2x8x8xf32>
  return %0 : tensor<1x2x8x8xf32>
}

// CHECK-LABEL: func.func @cut_off(
// CHECK-NEXT: %[[A:.*]] = "graph.conv_transpose"(%arg0, %arg1) {{.*}}pads = array<i64: 0, 0, 4, 4>{{.*}}strides = array<i64: 2, 2>
// CHECK-NEXT: return %[[A]]
func.func @cut_off(%x: tensor<1x3x4x4xf32>, %w: tensor<3x2x2x2xf32> {aicc.weight = "w"}) -> tensor<1x2x4x4xf32> {
  %0 = "graph.conv_transpose"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0>, output_padding = array<i64: 0, 0>, pads = array<i64: 0, 0, 4, 4>, strides = array<i64: 2, 2>} : (tensor<1x3x4x4xf32>, tensor<3x2x2x2xf32>) -> tensor<1x2x4x4xf32>
  return %0 : tensor<1x2x4x4xf32>
}
