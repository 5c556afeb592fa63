// RUN: aicc-opt %s --split-input-file --hoist-weight-math | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(hoist-weight-math,hoist-weight-math)' | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(hoist-weight-math,fuse,hoist-weight-math)' | filecheck %s --check-prefix=FUSED

// Results that @main reads, also through a view, become arguments; the view stays in both.
// CHECK-LABEL: func.func @prepare
// CHECK-SAME: %[[G:.*]]: tensor<4xf32> {aicc.weight = "g"}
// CHECK-SAME: %[[W:.*]]: tensor<3x4xf32> {aicc.weight = "w"}
// CHECK-SAME: -> (tensor<4xf32> {aicc.output = "norm.add"}, tensor<3x4xf32> {aicc.output = "norm.mul"})
// CHECK: %[[C:.*]] = "graph.constant"
// CHECK-NEXT: %[[S:.*]] = "graph.add"(%[[G]], %[[C]])
// CHECK-NEXT: %[[R:.*]] = "graph.reshape"(%[[S]]) {shape = array<i64: 1, 4>}
// CHECK-NEXT: %[[M:.*]] = "graph.mul"(%[[W]], %[[R]])
// CHECK-NEXT: return %[[S]], %[[M]]
// CHECK-LABEL: func.func @main
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32> {aicc.input = "x"}
// CHECK-SAME: %[[PS:.*]]: tensor<4xf32> {aicc.prepared = "norm.add"}
// CHECK-SAME: %[[PM:.*]]: tensor<3x4xf32> {aicc.prepared = "norm.mul"}
// CHECK-SAME: -> (tensor<2x4xf32> {aicc.output = "y"})
// CHECK-NEXT: %[[P:.*]] = "graph.matmul"(%[[X]], %[[PM]])
// CHECK-NEXT: %[[V:.*]] = "graph.reshape"(%[[PS]]) {shape = array<i64: 1, 4>}
// CHECK-NEXT: "graph.add"(%[[P]], %[[V]])
// What follows a group is no weight math, though a group has no operands.
// FUSED-LABEL: func.func @prepare
// FUSED-NOT: graph.matmul
// FUSED-LABEL: func.func @main
// FUSED: "graph.group"
// FUSED: "graph.transpose"
func.func @main(%x: tensor<2x3xf32> {aicc.input = "x"}, %w: tensor<3x4xf32> {aicc.weight = "w"}, %g: tensor<4xf32> {aicc.weight = "g"}) -> (tensor<2x4xf32> {aicc.output = "y"}) {
  %c = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %s = "graph.add"(%g, %c) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32> loc("norm")
  %r = "graph.reshape"(%s) {shape = array<i64: 1, 4>} : (tensor<4xf32>) -> tensor<1x4xf32>
  %m = "graph.mul"(%w, %r) : (tensor<3x4xf32>, tensor<1x4xf32>) -> tensor<3x4xf32> loc("norm")
  %0 = "graph.matmul"(%x, %m) : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  %v = "graph.reshape"(%s) {shape = array<i64: 1, 4>} : (tensor<4xf32>) -> tensor<1x4xf32>
  %1 = "graph.add"(%0, %v) : (tensor<2x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
  %2 = "graph.transpose"(%1) {permutation = array<i64: 1, 0>} : (tensor<2x4xf32>) -> tensor<4x2xf32>
  %3 = "graph.transpose"(%2) {permutation = array<i64: 1, 0>} : (tensor<4x2xf32>) -> tensor<2x4xf32>
  return %3 : tensor<2x4xf32>
}

// -----

// Views of weights, and what only repeats one, cost nothing here: no @prepare. %u is not read.
// CHECK-NOT: func.func @prepare
// CHECK: func.func @main
// CHECK-SAME: %[[X:.*]]: tensor<2x3xf32> {aicc.input = "x"}
// CHECK-SAME: %[[W:.*]]: tensor<3xf32> {aicc.weight = "w"})
// CHECK-NEXT: "graph.reshape"(%[[W]])
// CHECK-NEXT: "graph.expand"
// CHECK-NEXT: "graph.add"
func.func @main(%x: tensor<2x3xf32> {aicc.input = "x"}, %w: tensor<3xf32> {aicc.weight = "w"}, %u: tensor<9xf32> {aicc.weight = "u"}) -> (tensor<2x3xf32> {aicc.output = "y"}) {
  %0 = "graph.reshape"(%w) {shape = array<i64: 1, 3>} : (tensor<3xf32>) -> tensor<1x3xf32>
  %1 = "graph.expand"(%0) {shape = array<i64: 2, 3>} : (tensor<1x3xf32>) -> tensor<2x3xf32>
  %2 = "graph.add"(%x, %1) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return %2 : tensor<2x3xf32>
}

// -----

// An input is not read in vain: its place in the signature is the user's.
// CHECK: func.func @main
// CHECK-SAME: aicc.input = "unread"
func.func @main(%x: tensor<3xf32> {aicc.input = "x"}, %y: tensor<3xf32> {aicc.input = "unread"}) -> (tensor<3xf32> {aicc.output = "y"}) {
  %0 = "graph.exp"(%x) : (tensor<3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// An existing @prepare is extended; "p", which only the new result needs, is no result any more.
// Names stay unique.
// CHECK-LABEL: func.func @prepare
// CHECK-SAME: {aicc.weight = "w"}
// CHECK-SAME: {aicc.weight = "neg"}
// CHECK-SAME: -> (tensor<3xf32> {aicc.output = "neg.1"})
// CHECK: %[[P:.*]] = "graph.exp"
// CHECK-NEXT: %[[A:.*]] = "graph.add"(%[[P]],
// CHECK-NEXT: %[[N:.*]] = "graph.neg"(%[[A]])
// CHECK-NEXT: return %[[N]]
// CHECK-LABEL: func.func @main
// CHECK-SAME: {aicc.input = "x"}, %[[Q:.*]]: tensor<3xf32> {aicc.prepared = "neg.1"})
// CHECK-NEXT: "graph.add"(%{{.*}}, %[[Q]])
func.func @prepare(%w: tensor<3xf32> {aicc.weight = "w"}) -> (tensor<3xf32> {aicc.output = "p"}) {
  %0 = "graph.exp"(%w) : (tensor<3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}
func.func @main(%x: tensor<3xf32> {aicc.input = "x"}, %p: tensor<3xf32> {aicc.prepared = "p"}, %v: tensor<3xf32> {aicc.weight = "neg"}) -> (tensor<3xf32> {aicc.output = "y"}) {
  %0 = "graph.add"(%p, %v) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %1 = "graph.neg"(%0) : (tensor<3xf32>) -> tensor<3xf32>
  %2 = "graph.add"(%x, %1) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %2 : tensor<3xf32>
}
