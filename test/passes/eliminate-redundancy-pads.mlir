// RUN: aicc-opt %s --eliminate-redundancy | filecheck %s
// RUN: aicc-opt %s --eliminate-redundancy > %t.once
// RUN: aicc-opt %t.once --eliminate-redundancy > %t.twice
// RUN: diff %t.once %t.twice

// CHECK-LABEL: func.func @pad_of_pad(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.500000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pad"(%arg0, %[[A]]) {high = array<i64: 1, 3>, low = array<i64: 1, 1>, mode = "constant"}
// CHECK-NEXT: return %[[B]]
func.func @pad_of_pad(%x: tensor<2x3xf32>) -> tensor<4x7xf32> {
  %0 = "graph.constant"() {value = dense<1.500000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 2>, low = array<i64: 1, 0>, mode = "constant"} : (tensor<2x3xf32>, tensor<f32>) -> tensor<3x5xf32>
  %2 = "graph.constant"() {value = dense<1.500000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.pad"(%1, %2) {high = array<i64: 1, 1>, low = array<i64: 0, 1>, mode = "constant"} : (tensor<3x5xf32>, tensor<f32>) -> tensor<4x7xf32>
  return %3 : tensor<4x7xf32>
}

// CHECK-LABEL: func.func @pad_of_edge_pad(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pad"(%arg0, %[[A]]) {high = array<i64: 1, 3>, low = array<i64: 1, 1>, mode = "edge"}
// CHECK-NEXT: return %[[B]]
func.func @pad_of_edge_pad(%x: tensor<2x3xf32>) -> tensor<4x7xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 2>, low = array<i64: 1, 0>, mode = "edge"} : (tensor<2x3xf32>, tensor<f32>) -> tensor<3x5xf32>
  %2 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.pad"(%1, %2) {high = array<i64: 1, 1>, low = array<i64: 0, 1>, mode = "edge"} : (tensor<3x5xf32>, tensor<f32>) -> tensor<4x7xf32>
  return %3 : tensor<4x7xf32>
}

// CHECK-LABEL: func.func @pad_with_another_number(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.500000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pad"(%arg0, %[[A]]) {high = array<i64: 0, 2>, low = array<i64: 1, 0>, mode = "constant"}
// CHECK-NEXT: %[[C:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[D:.*]] = "graph.pad"(%[[B]], %[[C]]) {high = array<i64: 1, 1>, low = array<i64: 0, 1>, mode = "constant"}
// CHECK-NEXT: return %[[D]]
func.func @pad_with_another_number(%x: tensor<2x3xf32>) -> tensor<4x7xf32> {
  %0 = "graph.constant"() {value = dense<1.500000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 2>, low = array<i64: 1, 0>, mode = "constant"} : (tensor<2x3xf32>, tensor<f32>) -> tensor<3x5xf32>
  %2 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %3 = "graph.pad"(%1, %2) {high = array<i64: 1, 1>, low = array<i64: 0, 1>, mode = "constant"} : (tensor<3x5xf32>, tensor<f32>) -> tensor<4x7xf32>
  return %3 : tensor<4x7xf32>
}

// CHECK-LABEL: func.func @cutting_pad(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 1, 2>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>}
// CHECK-NEXT: return %[[A]]
func.func @cutting_pad(%x: tensor<2x3xf32>) -> tensor<1x2xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: -1, 0>, low = array<i64: 0, -1>, mode = "constant"} : (tensor<2x3xf32>, tensor<f32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// CHECK-LABEL: func.func @slice_of_pad(
// CHECK-NEXT: %[[A:.*]] = "graph.slice"(%arg0) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 1>, steps = array<i64: 1, 1>}
// CHECK-NEXT: return %[[A]]
func.func @slice_of_pad(%x: tensor<2x3xf32>) -> tensor<2x2xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 1, 1>, low = array<i64: 1, 1>, mode = "constant"} : (tensor<2x3xf32>, tensor<f32>) -> tensor<4x5xf32>
  %2 = "graph.slice"(%1) {sizes = array<i64: 2, 2>, starts = array<i64: 1, 2>, steps = array<i64: 1, 1>} : (tensor<4x5xf32>) -> tensor<2x2xf32>
  return %2 : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @slice_of_padding(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pad"(%arg0, %[[A]]) {high = array<i64: 1, 1>, low = array<i64: 1, 1>, mode = "constant"}
// CHECK-NEXT: %[[C:.*]] = "graph.slice"(%[[B]]) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 2>, steps = array<i64: 1, 1>}
// CHECK-NEXT: return %[[C]]
func.func @slice_of_padding(%x: tensor<2x3xf32>) -> tensor<2x2xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 1, 1>, low = array<i64: 1, 1>, mode = "constant"} : (tensor<2x3xf32>, tensor<f32>) -> tensor<4x5xf32>
  %2 = "graph.slice"(%1) {sizes = array<i64: 2, 2>, starts = array<i64: 0, 2>, steps = array<i64: 1, 1>} : (tensor<4x5xf32>) -> tensor<2x2xf32>
  return %2 : tensor<2x2xf32>
}

// CHECK-LABEL: func.func @pad_into_conv(
// CHECK-NEXT: %[[A:.*]] = "graph.conv"(%arg0, %arg1) {{.*}}pads = array<i64: 2, 2, 2, 2>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: return %[[A]]
func.func @pad_into_conv(%x: tensor<1x2x6x6xf32>, %w: tensor<4x2x3x3xf32>) -> tensor<1x4x8x8xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>, mode = "constant"} : (tensor<1x2x6x6xf32>, tensor<f32>) -> tensor<1x2x8x8xf32>
  %2 = "graph.conv"(%1, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<1x2x8x8xf32>, tensor<4x2x3x3xf32>) -> tensor<1x4x8x8xf32>
  return %2 : tensor<1x4x8x8xf32>
}

// CHECK-LABEL: func.func @pad_into_conv_channels_last(
// CHECK-NEXT: %[[A:.*]] = "graph.conv"(%arg0, %arg1) {{.*}}layout = "NHWC"{{.*}}pads = array<i64: 1, 2, 0, 1>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: return %[[A]]
func.func @pad_into_conv_channels_last(%x: tensor<1x6x6x2xf32>, %w: tensor<4x2x3x3xf32>) -> tensor<1x5x7x4xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 0, 1, 0>, low = array<i64: 0, 1, 2, 0>, mode = "constant"} : (tensor<1x6x6x2xf32>, tensor<f32>) -> tensor<1x7x9x2xf32>
  %2 = "graph.conv"(%1, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NHWC", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x7x9x2xf32>, tensor<4x2x3x3xf32>) -> tensor<1x5x7x4xf32>
  return %2 : tensor<1x5x7x4xf32>
}

// CHECK-LABEL: func.func @pad_of_channels(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pad"(%arg0, %[[A]]) {high = array<i64: 0, 0, 0, 0>, low = array<i64: 0, 1, 0, 0>, mode = "constant"}
// CHECK-NEXT: %[[C:.*]] = "graph.conv"(%[[B]], %arg1) {{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: return %[[C]]
func.func @pad_of_channels(%x: tensor<1x1x6x6xf32>, %w: tensor<4x2x3x3xf32>) -> tensor<1x4x4x4xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 0, 0, 0>, low = array<i64: 0, 1, 0, 0>, mode = "constant"} : (tensor<1x1x6x6xf32>, tensor<f32>) -> tensor<1x2x6x6xf32>
  %2 = "graph.conv"(%1, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x2x6x6xf32>, tensor<4x2x3x3xf32>) -> tensor<1x4x4x4xf32>
  return %2 : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: func.func @pad_with_ones(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pad"(%arg0, %[[A]]) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>, mode = "constant"}
// CHECK-NEXT: %[[C:.*]] = "graph.conv"(%[[B]], %arg1) {{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: return %[[C]]
func.func @pad_with_ones(%x: tensor<1x2x6x6xf32>, %w: tensor<4x2x3x3xf32>) -> tensor<1x4x6x6xf32> {
  %0 = "graph.constant"() {value = dense<1.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>, mode = "constant"} : (tensor<1x2x6x6xf32>, tensor<f32>) -> tensor<1x2x8x8xf32>
  %2 = "graph.conv"(%1, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x2x8x8xf32>, tensor<4x2x3x3xf32>) -> tensor<1x4x6x6xf32>
  return %2 : tensor<1x4x6x6xf32>
}

// CHECK-LABEL: func.func @pad_that_cuts(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pad"(%arg0, %[[A]]) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, -1, 1>, mode = "constant"}
// CHECK-NEXT: %[[C:.*]] = "graph.conv"(%[[B]], %arg1) {{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: return %[[C]]
func.func @pad_that_cuts(%x: tensor<1x2x6x6xf32>, %w: tensor<4x2x3x3xf32>) -> tensor<1x4x4x6xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, -1, 1>, mode = "constant"} : (tensor<1x2x6x6xf32>, tensor<f32>) -> tensor<1x2x6x8xf32>
  %2 = "graph.conv"(%1, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x2x6x8xf32>, tensor<4x2x3x3xf32>) -> tensor<1x4x4x6xf32>
  return %2 : tensor<1x4x4x6xf32>
}

// CHECK-LABEL: func.func @pad_read_elsewhere(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pad"(%arg0, %[[A]]) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>, mode = "constant"}
// CHECK-NEXT: %[[C:.*]] = "graph.conv"(%[[B]], %arg1) {{.*}}pads = array<i64: 0, 0, 0, 0>{{.*}}strides = array<i64: 1, 1>
// CHECK-NEXT: %[[D:.*]] = "graph.abs"(%[[B]])
// CHECK-NEXT: return %[[C]], %[[D]]
func.func @pad_read_elsewhere(%x: tensor<1x2x6x6xf32>, %w: tensor<4x2x3x3xf32>) -> (tensor<1x4x6x6xf32>, tensor<1x2x8x8xf32>) {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>, mode = "constant"} : (tensor<1x2x6x6xf32>, tensor<f32>) -> tensor<1x2x8x8xf32>
  %2 = "graph.conv"(%1, %w) {dilations = array<i64: 1, 1>, filter_layout = "OIHW", group = 1 : i64, layout = "NCHW", operandSegmentSizes = array<i32: 1, 1, 0>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x2x8x8xf32>, tensor<4x2x3x3xf32>) -> tensor<1x4x6x6xf32>
  %3 = "graph.abs"(%1) : (tensor<1x2x8x8xf32>) -> tensor<1x2x8x8xf32>
  return %2, %3 : tensor<1x4x6x6xf32>, tensor<1x2x8x8xf32>
}

// Padding of its own is not counted, that of the operand is.
// CHECK-LABEL: func.func @pad_into_average_pool(
// CHECK-NEXT: %[[A:.*]] = "graph.average_pool"(%arg0) {ceil_mode = false, count_include_pad = true, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>}
// CHECK-NEXT: return %[[A]]
func.func @pad_into_average_pool(%x: tensor<1x2x6x6xf32>) -> tensor<1x2x3x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>, mode = "constant"} : (tensor<1x2x6x6xf32>, tensor<f32>) -> tensor<1x2x8x8xf32>
  %2 = "graph.average_pool"(%1) {ceil_mode = false, count_include_pad = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x2x8x8xf32>) -> tensor<1x2x3x3xf32>
  return %2 : tensor<1x2x3x3xf32>
}

// CHECK-LABEL: func.func @pad_into_average_pool_that_pads(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pad"(%arg0, %[[A]]) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>, mode = "constant"}
// CHECK-NEXT: %[[C:.*]] = "graph.average_pool"(%[[B]]) {ceil_mode = false, count_include_pad = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>}
// CHECK-NEXT: return %[[C]]
func.func @pad_into_average_pool_that_pads(%x: tensor<1x2x6x6xf32>) -> tensor<1x2x4x4xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>, mode = "constant"} : (tensor<1x2x6x6xf32>, tensor<f32>) -> tensor<1x2x8x8xf32>
  %2 = "graph.average_pool"(%1) {ceil_mode = false, count_include_pad = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<1x2x8x8xf32>) -> tensor<1x2x4x4xf32>
  return %2 : tensor<1x2x4x4xf32>
}

// CHECK-LABEL: func.func @pad_into_max_pool(
// CHECK-NEXT: %[[A:.*]] = "graph.max_pool"(%arg0) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>}
// CHECK-NEXT: return %[[A]]
func.func @pad_into_max_pool(%x: tensor<1x2x6x6xf32>) -> tensor<1x2x3x3xf32> {
  %0 = "graph.constant"() {value = dense<0xFF800000> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>, mode = "constant"} : (tensor<1x2x6x6xf32>, tensor<f32>) -> tensor<1x2x8x8xf32>
  %2 = "graph.max_pool"(%1) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x2x8x8xf32>) -> tensor<1x2x3x3xf32>
  return %2 : tensor<1x2x3x3xf32>
}

// No element is below 0.
// CHECK-LABEL: func.func @zeros_into_max_pool(
// CHECK-NEXT: %[[A:.*]] = "graph.relu"(%arg0)
// CHECK-NEXT: %[[B:.*]] = "graph.max_pool"(%[[A]]) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>}
// CHECK-NEXT: return %[[B]]
func.func @zeros_into_max_pool(%x: tensor<1x2x6x6xf32>) -> tensor<1x2x3x3xf32> {
  %0 = "graph.relu"(%x) : (tensor<1x2x6x6xf32>) -> tensor<1x2x6x6xf32>
  %1 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %2 = "graph.pad"(%0, %1) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>, mode = "constant"} : (tensor<1x2x6x6xf32>, tensor<f32>) -> tensor<1x2x8x8xf32>
  %3 = "graph.max_pool"(%2) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x2x8x8xf32>) -> tensor<1x2x3x3xf32>
  return %3 : tensor<1x2x3x3xf32>
}

// CHECK-LABEL: func.func @zeros_that_win(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pad"(%arg0, %[[A]]) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>, mode = "constant"}
// CHECK-NEXT: %[[C:.*]] = "graph.max_pool"(%[[B]]) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>}
// CHECK-NEXT: return %[[C]]
func.func @zeros_that_win(%x: tensor<1x2x6x6xf32>) -> tensor<1x2x3x3xf32> {
  %0 = "graph.constant"() {value = dense<0.000000e+00> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>, mode = "constant"} : (tensor<1x2x6x6xf32>, tensor<f32>) -> tensor<1x2x8x8xf32>
  %2 = "graph.max_pool"(%1) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x2x8x8xf32>) -> tensor<1x2x3x3xf32>
  return %2 : tensor<1x2x3x3xf32>
}

// CHECK-LABEL: func.func @pad_into_max_pool_ceil(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<0xFF800000> : tensor<f32>}
// CHECK-NEXT: %[[B:.*]] = "graph.pad"(%arg0, %[[A]]) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>, mode = "constant"}
// CHECK-NEXT: %[[C:.*]] = "graph.max_pool"(%[[B]]) {ceil_mode = true, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>}
// CHECK-NEXT: return %[[C]]
func.func @pad_into_max_pool_ceil(%x: tensor<1x2x6x6xf32>) -> tensor<1x2x4x4xf32> {
  %0 = "graph.constant"() {value = dense<0xFF800000> : tensor<f32>} : () -> tensor<f32>
  %1 = "graph.pad"(%x, %0) {high = array<i64: 0, 0, 1, 1>, low = array<i64: 0, 0, 1, 1>, mode = "constant"} : (tensor<1x2x6x6xf32>, tensor<f32>) -> tensor<1x2x8x8xf32>
  %2 = "graph.max_pool"(%1) {ceil_mode = true, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>} : (tensor<1x2x8x8xf32>) -> tensor<1x2x4x4xf32>
  return %2 : tensor<1x2x4x4xf32>
}
