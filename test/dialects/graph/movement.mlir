// RUN: aicc-opt %s --split-input-file --verify-diagnostics | aicc-opt --split-input-file | filecheck %s

// CHECK-LABEL: func.func @ops
// CHECK: "graph.reshape"
// CHECK: "graph.transpose"
// CHECK: "graph.expand"
// CHECK: "graph.slice"
// CHECK: "graph.concat"{{.*}} -> tensor<5x3xf32>
// CHECK: "graph.pad"{{.*}} -> tensor<4x2xf32>
// CHECK: "graph.layout_cast"{{.*}} -> tensor<1x4x5x3xf32>
func.func @ops(%x: tensor<2x3xf32>, %z: tensor<3x3xf32>, %v: tensor<f32>, %i: tensor<1x3x4x5xf32>) {
  %0 = "graph.reshape"(%x) {shape = array<i64: 6>} : (tensor<2x3xf32>) -> tensor<6xf32>
  %1 = "graph.transpose"(%x) {permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %2 = "graph.expand"(%v) {shape = array<i64: 4>} : (tensor<f32>) -> tensor<4xf32>
  %3 = "graph.slice"(%x) {starts = array<i64: 1, 2>, sizes = array<i64: 1, 2>, steps = array<i64: 1, -2>} : (tensor<2x3xf32>) -> tensor<1x2xf32>
  %4 = "graph.concat"(%x, %z) {axis = 0 : i64, operandSegmentSizes = array<i32: 1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<5x3xf32>
  %5 = "graph.pad"(%x, %v) {low = array<i64: 1, 0>, high = array<i64: 1, -1>} : (tensor<2x3xf32>, tensor<f32>) -> tensor<4x2xf32>
  %6 = "graph.layout_cast"(%i) {source = "NCHW", target = "NHWC"} : (tensor<1x3x4x5xf32>) -> tensor<1x4x5x3xf32>
  return
}

// -----

func.func @reshape(%x: tensor<2x3xf32>) {
  // expected-error @below {{'graph.reshape' op cannot give tensor<2x3xf32> the shape [5]}}
  %0 = "graph.reshape"(%x) {shape = array<i64: 5>} : (tensor<2x3xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @slice(%x: tensor<4xf32>) {
  // expected-error @below {{'graph.slice' op start 2, size 3, step 1 leave dimension 4}}
  %0 = "graph.slice"(%x) {starts = array<i64: 2>, sizes = array<i64: 3>, steps = array<i64: 1>} : (tensor<4xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @concat(%x: tensor<2x3xf32>, %z: tensor<3x4xf32>) {
  // expected-error @below {{'graph.concat' op cannot join tensor<2x3xf32> and tensor<3x4xf32> along axis 0}}
  %0 = "graph.concat"(%x, %z) {axis = 0 : i64, operandSegmentSizes = array<i32: 1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<5x3xf32>
  return
}

// -----

func.func @constant() {
  // expected-error @below {{'graph.constant' op holds 65 elements; more than 64 must be a weight argument}}
  %0 = "graph.constant"() {value = dense<0.0> : tensor<65xf32>} : () -> tensor<65xf32>
  return
}

// -----

func.func @group(%x: tensor<4xf32>) {
  // expected-error @below {{'graph.group' op yielded value 0 has type tensor<4xf32>, expected tensor<5xf32>}}
  %0 = "graph.group"() ({
    "graph.yield"(%x) {operandSegmentSizes = array<i32: 1>} : (tensor<4xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1>} : () -> tensor<5xf32>
  return
}
