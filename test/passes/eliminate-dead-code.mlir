// RUN: aicc-opt %s --eliminate-dead-code | filecheck %s
// RUN: aicc-opt %s --eliminate-dead-code > %t.once
// RUN: aicc-opt %t.once --eliminate-dead-code > %t.twice
// RUN: diff %t.once %t.twice

// What nothing reads goes, and with it what only that reads, a loss and its weight say.
// CHECK-LABEL: func.func @unread(
// CHECK-SAME: %arg0: tensor<4xf32>, %arg1: tensor<4xf32> {aicc.weight = "w"})
// CHECK-NEXT: %[[M:.*]] = "graph.mul"(%arg0, %arg1)
// CHECK-NEXT: return %[[M]]
func.func @unread(%x: tensor<4xf32>, %v: tensor<4xf32> {aicc.weight = "v"}, %w: tensor<4xf32> {aicc.weight = "w"}) -> tensor<4xf32> {
  %0 = "graph.mul"(%x, %w) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = "graph.sub"(%0, %v) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %2 = "graph.mul"(%1, %1) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = "graph.reduce_mean"(%2) {axes = array<i64: 0>, keepdims = false} : (tensor<4xf32>) -> tensor<f32>
  return %0 : tensor<4xf32>
}

// Inputs are part of the signature.
// CHECK-LABEL: func.func @unread_input(
// CHECK-SAME: %arg0: tensor<4xf32>, %arg1: tensor<4xf32>)
func.func @unread_input(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// CHECK-LABEL: func.func @known_branch(
// CHECK-NEXT: %[[E:.*]] = "graph.exp"(%arg0)
// CHECK-NEXT: return %[[E]]
func.func @known_branch(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = "graph.constant"() {value = dense<true> : tensor<1xi1>} : () -> tensor<1xi1>
  %0 = "graph.if"(%c) ({
    %1 = "graph.exp"(%x) : (tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%1) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }, {
    %2 = "graph.neg"(%x) : (tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%2) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<1xi1>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// A branch in a branch; both are known.
// CHECK-LABEL: func.func @known_branches(
// CHECK-NEXT: %[[N:.*]] = "graph.neg"(%arg0)
// CHECK-NEXT: return %[[N]]
func.func @known_branches(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = "graph.constant"() {value = dense<false> : tensor<i1>} : () -> tensor<i1>
  %0 = "graph.if"(%c) ({
    "graph.region_yield"(%x) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }, {
    %d = "graph.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
    %1 = "graph.if"(%d) ({
      %2 = "graph.neg"(%x) : (tensor<4xf32>) -> tensor<4xf32>
      "graph.region_yield"(%2) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
    }, {
      "graph.region_yield"(%x) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
    }) {resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>) -> tensor<4xf32>
    "graph.region_yield"(%1) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @unknown_branch(
// CHECK: "graph.if"
func.func @unknown_branch(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "graph.if"(%c) ({
    "graph.region_yield"(%x) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }, {
    %2 = "graph.neg"(%x) : (tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%2) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// Inside a region, too, unread ops go.
// CHECK-LABEL: func.func @unread_inside(
// CHECK: "graph.if"
// CHECK-NOT: "graph.exp"
// CHECK: return
func.func @unread_inside(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "graph.if"(%c) ({
    %1 = "graph.exp"(%x) : (tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%x) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }, {
    %2 = "graph.neg"(%x) : (tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%2) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @unread_control_flow(
// CHECK-NEXT: return %arg1
func.func @unread_control_flow(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "graph.if"(%c) ({
    "graph.region_yield"(%x) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }, {
    %2 = "graph.neg"(%x) : (tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%2) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>) -> tensor<4xf32>
  return %x : tensor<4xf32>
}

// A call may have effects.
// CHECK-LABEL: func.func @unread_call(
// CHECK: call @log
// CHECK: "graph.if"
// CHECK: call @log
func.func private @log(tensor<4xf32>) -> tensor<4xf32>
func.func @unread_call(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = call @log(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %1 = "graph.if"(%c) ({
    %2 = func.call @log(%x) : (tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%2) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }, {
    "graph.region_yield"(%x) {operandSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<4xf32>) -> ()
  }) {resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>) -> tensor<4xf32>
  return %x : tensor<4xf32>
}

// A loop that never runs gives what it takes, and a stack of nothing.
// CHECK-LABEL: func.func @loop_never_run(
// CHECK-NEXT: %[[E:.*]] = "graph.constant"() {value = dense<> : tensor<0x4xf32>}
// CHECK-NEXT: return %arg0, %[[E]]
func.func @loop_never_run(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<0x4xf32>) {
  %n = "graph.constant"() {value = dense<0> : tensor<i64>} : () -> tensor<i64>
  %c = "graph.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  %0:2 = "graph.loop"(%n, %c, %x) ({
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %v: tensor<4xf32>):
    %1 = "graph.exp"(%v) : (tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%go, %1, %v) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>, tensor<4xf32>, tensor<4xf32>) -> ()
  }) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> (tensor<4xf32>, tensor<0x4xf32>)
  return %0#0, %0#1 : tensor<4xf32>, tensor<0x4xf32>
}

// CHECK-LABEL: func.func @loop_run_once(
// CHECK-NEXT: %[[E:.*]] = "graph.exp"(%arg0)
// CHECK-NEXT: %[[S:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 4>}
// CHECK-NEXT: return %[[E]], %[[S]]
func.func @loop_run_once(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<1x4xf32>) {
  %n = "graph.constant"() {value = dense<1> : tensor<i64>} : () -> tensor<i64>
  %c = "graph.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  %0:2 = "graph.loop"(%n, %c, %x) ({
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %v: tensor<4xf32>):
    %1 = "graph.exp"(%v) : (tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%go, %1, %v) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>, tensor<4xf32>, tensor<4xf32>) -> ()
  }) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> (tensor<4xf32>, tensor<1x4xf32>)
  return %0#0, %0#1 : tensor<4xf32>, tensor<1x4xf32>
}

// CHECK-LABEL: func.func @loop_run_often(
// CHECK: "graph.loop"
func.func @loop_run_often(%n: tensor<i64>, %x: tensor<4xf32>) -> tensor<4xf32> {
  %c = "graph.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  %0 = "graph.loop"(%n, %c, %x) ({
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %v: tensor<4xf32>):
    %1 = "graph.exp"(%v) : (tensor<4xf32>) -> tensor<4xf32>
    "graph.region_yield"(%go, %1) {operandSegmentSizes = array<i32: 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i1>, tensor<4xf32>) -> ()
  }) {operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>, resultSegmentSizes = array<i32: 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0>} : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
