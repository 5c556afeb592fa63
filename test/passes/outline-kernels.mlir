// RUN: aicc-opt %s --split-input-file --outline-kernels | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(outline-kernels,outline-kernels)' | filecheck %s

// Each op becomes a call; equal kernels are one function; the last one writes into the output.
// CHECK-LABEL: func.func @main
// CHECK-SAME: aicc.input = "x"
// CHECK-SAME: aicc.output = "y"
// CHECK: %[[E:.*]] = tensor.empty() : tensor<4x8xf32>
// CHECK: %[[A:.*]] = call @[[RELU:elementwise_4x8_[0-9a-f]+]](%arg0, %[[E]])
// CHECK: %[[B:.*]] = call @[[RELU]](%[[A]], %arg1)
// CHECK: return %[[B]]
// CHECK: func.func private @[[RELU]]
// CHECK-SAME: bufferization.writable = false
// CHECK-SAME: bufferization.writable = true
// CHECK-SAME: aicc.kernel = "elementwise"
// CHECK: "graph.relu"
// CHECK-NOT: func.func
func.func @main(%x: tensor<4x8xf32> {aicc.input = "x"}) -> (tensor<4x8xf32> {aicc.output = "y"}) {
  %0 = "graph.relu"(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = "graph.relu"(%0) : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// -----

// A constant goes into the kernel that reads it; a reshape stays a view.
// CHECK-LABEL: func.func @main
// CHECK-NOT: graph.constant
// CHECK: graph.reshape
// CHECK: call @elementwise_8
// CHECK: func.func private
// CHECK: graph.constant
// CHECK: graph.add
func.func @main(%x: tensor<2x4xf32> {aicc.input = "x"}) -> (tensor<8xf32> {aicc.output = "y"}) {
  %c = "graph.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "graph.reshape"(%x) {shape = array<i64: 8>} : (tensor<2x4xf32>) -> tensor<8xf32>
  %1 = "graph.add"(%0, %c) : (tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
  return %1 : tensor<8xf32>
}

// -----

// An input that is returned is copied by a kernel.
// CHECK-LABEL: func.func @main
// CHECK: call @data_movement_3
// CHECK: func.func private @data_movement_3
// CHECK: return %arg0
func.func @main(%x: tensor<3xf32> {aicc.input = "x"}) -> (tensor<3xf32> {aicc.output = "y"}) {
  return %x : tensor<3xf32>
}

// -----

// The body of a group is one kernel, of the class of its most demanding op.
// CHECK-LABEL: func.func @main
// CHECK: call @matmul_2x4
// CHECK: func.func private @matmul_2x4
// CHECK: graph.matmul
// CHECK: graph.relu
func.func @main(%x: tensor<2x3xf32> {aicc.input = "x"}, %w: tensor<3x4xf32> {aicc.weight = "w"}) -> (tensor<2x4xf32> {aicc.output = "y"}) {
  %0 = "graph.group"() ({
    %1 = "graph.matmul"(%x, %w) : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
    %2 = "graph.relu"(%1) : (tensor<2x4xf32>) -> tensor<2x4xf32>
    "graph.yield"(%2) {operandSegmentSizes = array<i32: 1>} : (tensor<2x4xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1>} : () -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}
