// RUN: aicc-opt %s --split-input-file --outline-bodies | filecheck %s
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
// CHECK-NOT: graph.if
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

// Without control flow nothing changes.
// CHECK-LABEL: func.func @main
// CHECK-NEXT: "graph.relu"
// CHECK-NEXT: return
// CHECK-NOT: func.func
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "graph.relu"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
