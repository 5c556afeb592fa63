// RUN: aicc-opt %s | aicc-opt | filecheck %s

// CHECK-LABEL: func.func @if
// CHECK: "graph.if"
// CHECK: "graph.region_yield"
// CHECK: "graph.region_yield"
func.func @if(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "graph.if"(%c) ({
    %1 = "graph.relu"(%x) : (tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%1) {operandSegmentSizes = array<i32: 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<4xf32>) -> ()
  }, {
    "graph.region_yield"(%x) {operandSegmentSizes = array<i32: 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<4xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<i1>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @loop
// CHECK: "graph.loop"
func.func @loop(%n: tensor<i64>, %c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "graph.loop"(%n, %c, %x) ({
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %v: tensor<4xf32>):
    %1 = "graph.relu"(%v) : (tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%go, %1) {operandSegmentSizes = array<i32: 1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<i1>, tensor<4xf32>) -> ()
  }) {operandSegmentSizes = array<i32: 1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>, resultSegmentSizes = array<i32: 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @scan
// CHECK: "graph.scan"
// CHECK: -> (tensor<2xf32>, tensor<5x2xf32>)
func.func @scan(%s: tensor<2xf32>, %x: tensor<5x2xf32>) -> tensor<5x2xf32> {
  %0, %1 = "graph.scan"(%s, %x) ({
  ^bb0(%state: tensor<2xf32>, %slice: tensor<2xf32>):
    %2 = "graph.add"(%state, %slice) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    "graph.region_yield"(%2, %2) {operandSegmentSizes = array<i32: 1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<2xf32>, tensor<2xf32>) -> ()
  }) {states = 1 : i64, operandSegmentSizes = array<i32: 1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0>, resultSegmentSizes = array<i32: 1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<2xf32>, tensor<5x2xf32>) -> (tensor<2xf32>, tensor<5x2xf32>)
  return %1 : tensor<5x2xf32>
}
