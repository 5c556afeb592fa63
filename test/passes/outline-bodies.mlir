// RUN: aicc-opt %s --split-input-file --outline-bodies | filecheck %s
// RUN: aicc-opt %s --split-input-file --outline-bodies=hoist=false | filecheck %s --check-prefix=KEPT
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(outline-bodies,outline-bodies)' | filecheck %s

// The body becomes a function, with what it reads from around it as arguments; constants come along.
// The condition is constant, the second carried value stays: neither is a matter of the body.
// CHECK-LABEL: func.func @loop_0_body
// CHECK-SAME: (%[[I:.*]]: tensor<i64>, %[[V:.*]]: tensor<4xf32>, %[[W:.*]]: tensor<4xf32>) -> tensor<4xf32>
// CHECK-SAME: aicc.body
// CHECK: graph.constant{{.*}}2.000000e+00
// CHECK: "graph.mul"(%[[V]]
// CHECK: "graph.add"({{.*}}, %[[W]])
// CHECK: return
// CHECK-LABEL: func.func private @loop_0
// CHECK-SAME: (%[[N:.*]]: tensor<i64>, %[[X:.*]]: tensor<4xf32>, %[[A:.*]]: tensor<4xf32>)
// CHECK-SAME: aicc.control
// CHECK-SAME: aicc.kernel = "loop"
// CHECK: "graph.loop"(%[[N]], %{{.*}}, %[[X]], %[[A]])
// CHECK: ^bb0(%[[J:.*]]: tensor<i64>, %{{.*}}: tensor<i1>, %[[P:.*]]: tensor<4xf32>, %[[Q:.*]]: tensor<4xf32>):
// CHECK: %[[R:.*]] = func.call @loop_0_body(%[[J]], %[[P]], %[[A]])
// CHECK: %[[T:.*]] = "graph.constant"
// CHECK: "graph.region_yield"(%[[T]], %[[R]], %[[Q]])
// CHECK-LABEL: func.func @main
// CHECK: call @loop_0(%arg0, %arg1, %arg2)
// CHECK-NOT: graph.loop
func.func @main(%n: tensor<i64>, %x: tensor<4xf32>, %w: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %go = "graph.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  %two = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %0:2 = "graph.loop"(%n, %go, %x, %w) ({
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %v: tensor<4xf32>, %same: tensor<4xf32>):
    %f = "graph.cast"(%i) {to = f32} : (tensor<i64>) -> tensor<f32>
    %1 = "graph.mul"(%v, %two) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    %2 = "graph.mul"(%1, %f) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    %3 = "graph.add"(%2, %w) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%go, %3, %same) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>, tensor<4xf32>, tensor<4xf32>) -> ()
  }) {operandSegmentSizes = array<i32: 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i64>, tensor<i1>, tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>)
  return %0#0, %0#1 : tensor<4xf32>, tensor<4xf32>
}

// -----

// What is the same in every iteration is computed before the loop.
// CHECK-LABEL: func.func @loop_0_body
// CHECK-NOT: graph.exp
// KEPT-LABEL: func.func @loop_0_body
// KEPT: "graph.exp"
// CHECK-LABEL: func.func @main
// CHECK: %[[E:.*]] = "graph.exp"(%arg2)
// CHECK: call @loop_0(%arg0, %arg1, %[[E]])
func.func @main(%n: tensor<i64>, %x: tensor<4xf32>, %w: tensor<4xf32>) -> tensor<4xf32> {
  %go = "graph.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  %0 = "graph.loop"(%n, %go, %x) ({
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %v: tensor<4xf32>):
    %1 = "graph.exp"(%w) : (tensor<4xf32>) -> tensor<4xf32>
    %2 = "graph.add"(%v, %1) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%go, %2) {operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>, tensor<4xf32>) -> ()
  }) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// Branches inside a body are outlined, too; what only one of them needs is not computed for both.
// CHECK-LABEL: func.func @if_0_then
// CHECK: "graph.exp"
// CHECK-LABEL: func.func @if_0_else
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>)
// CHECK-NEXT: return %[[X]]
// CHECK-LABEL: func.func private @if_0(
// CHECK: "graph.if"
// CHECK: func.call @if_0_then
// CHECK: func.call @if_0_else
// CHECK-LABEL: func.func @loop_0_body
// CHECK: call @if_0
// CHECK-LABEL: func.func private @loop_0(
// CHECK-LABEL: func.func @main
// CHECK-NEXT: call @loop_0
func.func @main(%n: tensor<i64>, %go: tensor<i1>, %x: tensor<4xf32>, %w: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "graph.loop"(%n, %go, %x) ({
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %v: tensor<4xf32>):
    %1 = "graph.if"(%go) ({
      %2 = "graph.exp"(%w) : (tensor<4xf32>) -> tensor<4xf32>
      "graph.region_yield"(%2) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
    }, {
      "graph.region_yield"(%v) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
    }) {resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>) -> tensor<4xf32>
    "graph.region_yield"(%go, %1) {operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>, tensor<4xf32>) -> ()
  }) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// A scan becomes a loop that takes its elements by their position.
// CHECK-LABEL: func.func @loop_0_body
// CHECK-SAME: (%[[I:.*]]: tensor<i64>, %[[S:.*]]: tensor<2xf32>, %[[X:.*]]: tensor<5x2xf32>)
// CHECK: %[[E:.*]] = "graph.gather"(%[[X]], %[[I]])
// CHECK: "graph.add"(%[[S]], %[[E]])
// CHECK-LABEL: func.func private @loop_0(
// CHECK: graph.constant{{.*}}dense<5> : tensor<i64>
// CHECK: "graph.loop"
// CHECK-LABEL: func.func @scan
// CHECK: call @loop_0(%arg0, %arg1)
// CHECK-NOT: graph.scan
func.func @scan(%s: tensor<2xf32>, %x: tensor<5x2xf32>) -> (tensor<2xf32>, tensor<5x2xf32>) {
  %0:2 = "graph.scan"(%s, %x) ({
  ^bb0(%state: tensor<2xf32>, %slice: tensor<2xf32>):
    %2 = "graph.add"(%state, %slice) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    "graph.region_yield"(%2, %2) {operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2xf32>, tensor<2xf32>) -> ()
  }) {states = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<2xf32>, tensor<5x2xf32>) -> (tensor<2xf32>, tensor<5x2xf32>)
  return %0#0, %0#1 : tensor<2xf32>, tensor<5x2xf32>
}

// -----

// A product of each element by a matrix from around the loop is one product of all of them. That of
// the state stays.
// CHECK-LABEL: func.func @loop_0_body
// CHECK: %[[R:.*]] = "graph.gather"({{.*}}) {{.*}}: (tensor<5x1x3xf32>, tensor<i64>) -> tensor<1x3xf32>
// CHECK-NOT: graph.gather
// CHECK: "graph.matmul"
// CHECK-NOT: graph.matmul
// CHECK: return
// CHECK-LABEL: func.func @products
// CHECK: %[[F:.*]] = "graph.reshape"(%arg2) {shape = array<i64: 5, 2>}
// CHECK: %[[P:.*]] = "graph.matmul"(%[[F]], %arg3)
// CHECK: %[[T:.*]] = "graph.reshape"(%[[P]]) {shape = array<i64: 5, 1, 3>}
// CHECK: call @loop_0({{.*}}%[[T]]
func.func @products(%n: tensor<i64>, %h: tensor<1x3xf32>, %x: tensor<5x1x2xf32>, %w: tensor<2x3xf32>, %u: tensor<3x3xf32>) -> tensor<1x3xf32> {
  %go = "graph.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  %0 = "graph.loop"(%n, %go, %h) ({
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %v: tensor<1x3xf32>):
    %1 = "graph.gather"(%x, %i) {axis = 0 : i64} : (tensor<5x1x2xf32>, tensor<i64>) -> tensor<1x2xf32>
    %2 = "graph.matmul"(%1, %w) {rhs_layout = "KN"} : (tensor<1x2xf32>, tensor<2x3xf32>) -> tensor<1x3xf32>
    %3 = "graph.matmul"(%v, %u) {rhs_layout = "KN"} : (tensor<1x3xf32>, tensor<3x3xf32>) -> tensor<1x3xf32>
    %4 = "graph.add"(%2, %3) : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x3xf32>
    "graph.region_yield"(%go, %4) {operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>, tensor<1x3xf32>) -> ()
  }) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i64>, tensor<i1>, tensor<1x3xf32>) -> tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}

// -----

// Without control flow nothing changes.
// CHECK-LABEL: func.func @straight
// CHECK-NEXT: "graph.relu"
// CHECK-NEXT: return
// CHECK-NOT: func.func
func.func @straight(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "graph.relu"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
