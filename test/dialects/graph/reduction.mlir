// RUN: aicc-opt %s --split-input-file --verify-diagnostics | aicc-opt --split-input-file | filecheck %s

// CHECK-LABEL: func.func @ops
// CHECK: "graph.reduce_sum"{{.*}} -> tensor<4x1x6xf32>
// CHECK: "graph.reduce_max"{{.*}} -> tensor<5xf32>
// CHECK: "graph.arg_max"{{.*}} -> tensor<4x6xi64>
// CHECK: "graph.softmax"
// CHECK: "graph.layer_norm"
// CHECK: "graph.max_pool"{{.*}} -> tensor<1x2x3x3xf32>
// CHECK: "graph.average_pool"{{.*}} -> tensor<1x2x2x2xf32>
func.func @ops(%x: tensor<4x5x6xf32>, %s: tensor<6xf32>, %i: tensor<1x2x6x6xf32>) {
  %0 = "graph.reduce_sum"(%x) {axes = array<i64: 1>, keepdims = true} : (tensor<4x5x6xf32>) -> tensor<4x1x6xf32>
  %1 = "graph.reduce_max"(%x) {axes = array<i64: 0, -1>, keepdims = false} : (tensor<4x5x6xf32>) -> tensor<5xf32>
  %2 = "graph.arg_max"(%x) {axis = 1 : i64, keepdims = false, select_last = false} : (tensor<4x5x6xf32>) -> tensor<4x6xi64>
  %3 = "graph.softmax"(%x) {axis = -1 : i64} : (tensor<4x5x6xf32>) -> tensor<4x5x6xf32>
  %4 = "graph.layer_norm"(%x, %s) {axis = -1 : i64, operandSegmentSizes = array<i32: 1, 1, 0>} : (tensor<4x5x6xf32>, tensor<6xf32>) -> tensor<4x5x6xf32>
  %5 = "graph.max_pool"(%i) {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x2x6x6xf32>) -> tensor<1x2x3x3xf32>
  %6 = "graph.average_pool"(%i) {kernel = array<i64: 3, 3>, strides = array<i64: 3, 3>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>} : (tensor<1x2x6x6xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----

func.func @axis(%x: tensor<4x5xf32>) {
  // expected-error @below {{'graph.softmax' op axis 2 is outside a rank-2 tensor}}
  %0 = "graph.softmax"(%x) {axis = 2 : i64} : (tensor<4x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @axes(%x: tensor<4x5xf32>) {
  // expected-error @below {{'graph.reduce_sum' op axes [0, -2] repeat}}
  %0 = "graph.reduce_sum"(%x) {axes = array<i64: 0, -2>, keepdims = false} : (tensor<4x5xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @statistics(%x: tensor<1x3x4x4xf32>, %s: tensor<4xf32>) {
  // expected-error @below {{'graph.batch_norm' op expects scale of 3 elements, got tensor<4xf32>}}
  %0 = "graph.batch_norm"(%x, %s, %s, %s, %s) : (tensor<1x3x4x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<1x3x4x4xf32>
  return
}
