// RUN: aicc-opt %s --replace-ops | filecheck %s
// RUN: aicc-opt %s --replace-ops > %t.once
// RUN: aicc-opt %t.once --replace-ops > %t.twice
// RUN: diff %t.once %t.twice

// The second of two windows around the same pixels is made of the first; the third of the second.
// CHECK-LABEL: func.func @windows_in_windows(
// CHECK-NEXT: %[[A:.*]] = "graph.max_pool"(%arg0) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.max_pool"(%[[A]]) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
// CHECK-NEXT: %[[C:.*]] = "graph.max_pool"(%[[A]]) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
// CHECK-NEXT: %[[D:.*]] = "graph.max_pool"(%[[C]]) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 5, 5>, layout = "NCHW", pads = array<i64: 2, 2, 2, 2>, strides = array<i64: 1, 1>}
// CHECK-NEXT: return %[[A]], %[[B]], %[[D]]
func.func @windows_in_windows(%x: tensor<1x2x6x7xf32>) -> (tensor<1x2x6x7xf32>, tensor<1x2x6x7xf32>, tensor<1x2x6x7xf32>) {
  %0 = "graph.max_pool"(%x) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<1x2x6x7xf32>) -> tensor<1x2x6x7xf32>
  %1 = "graph.max_pool"(%x) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 5, 5>, layout = "NCHW", pads = array<i64: 2, 2, 2, 2>, strides = array<i64: 1, 1>} : (tensor<1x2x6x7xf32>) -> tensor<1x2x6x7xf32>
  %2 = "graph.max_pool"(%x) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 9, 9>, layout = "NCHW", pads = array<i64: 4, 4, 4, 4>, strides = array<i64: 1, 1>} : (tensor<1x2x6x7xf32>) -> tensor<1x2x6x7xf32>
  return %0, %1, %2 : tensor<1x2x6x7xf32>, tensor<1x2x6x7xf32>, tensor<1x2x6x7xf32>
}

// Strides: the windows are not around every pixel.
// CHECK-LABEL: func.func @windows_with_strides(
// CHECK-NEXT: %[[A:.*]] = "graph.max_pool"(%arg0) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>}
// CHECK-NEXT: %[[B:.*]] = "graph.max_pool"(%arg0) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 5, 5>, layout = "NCHW", pads = array<i64: 2, 2, 2, 2>, strides = array<i64: 2, 2>}
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @windows_with_strides(%x: tensor<1x2x6x7xf32>) -> (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>) {
  %0 = "graph.max_pool"(%x) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<1x2x6x7xf32>) -> tensor<1x2x3x4xf32>
  %1 = "graph.max_pool"(%x) {ceil_mode = false, dilations = array<i64: 1, 1>, kernel = array<i64: 5, 5>, layout = "NCHW", pads = array<i64: 2, 2, 2, 2>, strides = array<i64: 2, 2>} : (tensor<1x2x6x7xf32>) -> tensor<1x2x3x4xf32>
  return %0, %1 : tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>
}

// A large window: columns first.
// CHECK-LABEL: func.func @large_window(
// CHECK-NEXT: %[[A:.*]] = "graph.max_pool"(%arg0) {ceil_mode = true, dilations = array<i64: 1, 1>, kernel = array<i64: 8, 1>, layout = "NHWC", pads = array<i64: 3, 0, 2, 0>, strides = array<i64: 3, 1>}
// CHECK-NEXT: %[[B:.*]] = "graph.max_pool"(%[[A]]) {ceil_mode = true, dilations = array<i64: 1, 1>, kernel = array<i64: 1, 7>, layout = "NHWC", pads = array<i64: 0, 2, 0, 3>, strides = array<i64: 1, 2>}
// CHECK-NEXT: return %[[B]]
func.func @large_window(%x: tensor<1x12x11x2xf32>) -> tensor<1x4x6x2xf32> {
  %0 = "graph.max_pool"(%x) {ceil_mode = true, dilations = array<i64: 1, 1>, kernel = array<i64: 8, 7>, layout = "NHWC", pads = array<i64: 3, 2, 2, 3>, strides = array<i64: 3, 2>} : (tensor<1x12x11x2xf32>) -> tensor<1x4x6x2xf32>
  return %0 : tensor<1x4x6x2xf32>
}

// The divisors are known: fewer at the border.
// CHECK-LABEL: func.func @mean_of_what_is_inside(
// CHECK-NEXT: %[[A:.*]] = "graph.constant"() {value = dense<1.500000e+00> : tensor<1xf32>}
// CHECK-NEXT: %[[B:.*]] = "graph.constant"() {value = dense<1.000000e+00> : tensor<1xf32>}
// CHECK-NEXT: %[[C:.*]] = "graph.expand"(%[[B]]) {shape = array<i64: 7>}
// CHECK-NEXT: %[[D:.*]] = "graph.constant"() {value = dense<1.500000e+00> : tensor<1xf32>}
// CHECK-NEXT: %[[E:.*]] = "graph.concat"(%[[A]], %[[C]], %[[D]]) {axis = 0 : i64, {{operandSegmentSizes = array<i32: [^>]*>}}}
// CHECK-NEXT: %[[F:.*]] = "graph.reshape"(%[[E]]) {shape = array<i64: 1, 1, 9, 1>}
// CHECK-NEXT: %[[G:.*]] = "graph.constant"() {value = dense<[1.500000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00, 1.500000e+00]> : tensor<5xf32>}
// CHECK-NEXT: %[[H:.*]] = "graph.reshape"(%[[G]]) {shape = array<i64: 1, 1, 1, 5>}
// CHECK-NEXT: %[[I:.*]] = "graph.average_pool"(%arg0) {ceil_mode = false, count_include_pad = true, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
// CHECK-NEXT: %[[J:.*]] = "graph.mul"(%[[F]], %[[H]])
// CHECK-NEXT: %[[K:.*]] = "graph.mul"(%[[I]], %[[J]])
// CHECK-NEXT: return %[[K]]
func.func @mean_of_what_is_inside(%x: tensor<1x2x9x5xf32>) -> tensor<1x2x9x5xf32> {
  %0 = "graph.average_pool"(%x) {ceil_mode = false, count_include_pad = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>} : (tensor<1x2x9x5xf32>) -> tensor<1x2x9x5xf32>
  return %0 : tensor<1x2x9x5xf32>
}

// CHECK-LABEL: func.func @mean_without_padding(
// CHECK-NEXT: %[[A:.*]] = "graph.average_pool"(%arg0) {ceil_mode = false, count_include_pad = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
// CHECK-NEXT: return %[[A]]
func.func @mean_without_padding(%x: tensor<1x2x9x5xf32>) -> tensor<1x2x7x3xf32> {
  %0 = "graph.average_pool"(%x) {ceil_mode = false, count_include_pad = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (tensor<1x2x9x5xf32>) -> tensor<1x2x7x3xf32>
  return %0 : tensor<1x2x7x3xf32>
}

// Windows that may lie outside the image.
// CHECK-LABEL: func.func @mean_with_a_last_window(
// CHECK-NEXT: %[[A:.*]] = "graph.average_pool"(%arg0) {ceil_mode = true, count_include_pad = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>}
// CHECK-NEXT: return %[[A]]
func.func @mean_with_a_last_window(%x: tensor<1x2x6x6xf32>) -> tensor<1x2x4x4xf32> {
  %0 = "graph.average_pool"(%x) {ceil_mode = true, count_include_pad = false, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, layout = "NCHW", pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>} : (tensor<1x2x6x6xf32>) -> tensor<1x2x4x4xf32>
  return %0 : tensor<1x2x4x4xf32>
}
