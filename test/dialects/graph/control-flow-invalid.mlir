// RUN: aicc-opt %s --split-input-file --verify-diagnostics

func.func @branch(%c: tensor<i1>, %x: tensor<4xf32>, %z: tensor<5xf32>) -> tensor<4xf32> {
  // expected-error @below {{'graph.if' op the else branch yields tensor<5xf32>, expected tensor<4xf32>}}
  %0 = "graph.if"(%c) ({
    "graph.region_yield"(%x) {operandSegmentSizes = array<i32: 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<4xf32>) -> ()
  }, {
    "graph.region_yield"(%z) {operandSegmentSizes = array<i32: 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<5xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<i1>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @condition(%c: tensor<i32>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{'graph.if' op the condition must be one bool, got tensor<i32>}}
  %0 = "graph.if"(%c) ({
    "graph.region_yield"(%x) {operandSegmentSizes = array<i32: 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<4xf32>) -> ()
  }, {
    "graph.region_yield"(%x) {operandSegmentSizes = array<i32: 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<4xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<i32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @carried(%n: tensor<i64>, %c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{'graph.loop' op the body takes nothing, expected tensor<4xf32>}}
  %0 = "graph.loop"(%n, %c, %x) ({
  ^bb0(%i: tensor<i64>, %go: tensor<i1>):
    "graph.region_yield"(%go, %x) {operandSegmentSizes = array<i32: 1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<i1>, tensor<4xf32>) -> ()
  }) {operandSegmentSizes = array<i32: 1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>, resultSegmentSizes = array<i32: 1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>} : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
