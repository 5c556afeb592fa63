// RUN: aicc-opt %s --outline-kernels | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(outline-kernels,outline-kernels)' | filecheck %s
// RUN: aicc-opt %s --pass-pipeline='builtin.module(outline-kernels,graph-to-linalg)' | filecheck %s --check-prefix=LINALG

// Bodies become calls of kernels like @main; calls of control functions and bodies get destinations.
// CHECK-LABEL: func.func @if_0_then
// CHECK-SAME: bufferization.writable = false
// CHECK-SAME: bufferization.writable = true
// CHECK: call @elementwise_4_{{[0-9a-f]+}}(%arg0, %arg1)
// CHECK-LABEL: func.func private @if_0
// CHECK-SAME: %arg2: tensor<4xui8> {bufferization.writable = true}
// CHECK: %[[E:.*]] = tensor.empty() : tensor<4xui8>
// CHECK: func.call @if_0_then(%arg1, %[[E]])
// CHECK-LABEL: func.func @main
// CHECK: %[[D:.*]] = tensor.empty() : tensor<4xui8>
// CHECK: call @if_0(%arg0, %arg1, %[[D]])

// The op stays until bufferisation, on signless tensors.
// LINALG-LABEL: func.func private @if_0
// LINALG-SAME: tensor<4xi8>
// LINALG: "graph.if"
// LINALG: func.call @if_0_then({{.*}}) : (tensor<4xi8>, tensor<4xi8>) -> tensor<4xi8>
// LINALG: materialize_in_destination
func.func @if_0_then(%x: tensor<4xui8>) -> tensor<4xui8> attributes {aicc.body} {
  %0 = "graph.add"(%x, %x) : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xui8>
  return %0 : tensor<4xui8>
}
func.func @if_0_else(%x: tensor<4xui8>) -> tensor<4xui8> attributes {aicc.body} {
  return %x : tensor<4xui8>
}
func.func private @if_0(%c: tensor<i1>, %x: tensor<4xui8>) -> tensor<4xui8> attributes {aicc.control, aicc.kernel = "if"} {
  %0 = "graph.if"(%c) ({
    %1 = func.call @if_0_then(%x) : (tensor<4xui8>) -> tensor<4xui8>
    "graph.region_yield"(%1) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xui8>) -> ()
  }, {
    %1 = func.call @if_0_else(%x) : (tensor<4xui8>) -> tensor<4xui8>
    "graph.region_yield"(%1) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xui8>) -> ()
  }) {resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>) -> tensor<4xui8>
  return %0 : tensor<4xui8>
}
func.func @main(%c: tensor<i1> {aicc.input = "c"}, %x: tensor<4xui8> {aicc.input = "x"}) -> (tensor<4xui8> {aicc.output = "y"}) {
  %0 = call @if_0(%c, %x) : (tensor<i1>, tensor<4xui8>) -> tensor<4xui8>
  %1 = "graph.add"(%0, %x) : (tensor<4xui8>, tensor<4xui8>) -> tensor<4xui8>
  return %1 : tensor<4xui8>
}
