// RUN: aicc-opt %s --split-input-file --expand-attention | filecheck %s
// RUN: aicc-opt %s --split-input-file --pass-pipeline='builtin.module(expand-attention{all-ops=true})' | filecheck %s --check-prefix=ALL
// RUN: aicc-opt %s --split-input-file --expand-attention > %t.once
// RUN: aicc-opt %t.once --split-input-file --expand-attention > %t.twice
// RUN: diff %t.once %t.twice

// The fused kernel is for this one.
// CHECK-LABEL: func.func @fused(
// CHECK-NEXT: "graph.attention"
// ALL-LABEL: func.func @fused(
// ALL: %[[K:.*]] = "graph.transpose"(%arg1) {permutation = array<i64: 0, 2, 3, 1>}
// ALL: %[[V:.*]] = "graph.transpose"(%arg2) {permutation = array<i64: 0, 2, 1, 3>}
// ALL: %[[S:.*]] = "graph.matmul"(%arg0, %[[K]])
// ALL: %[[T:.*]] = "graph.mul"(%[[S]], %{{.*}})
// ALL: %[[M:.*]] = "graph.add"(%[[T]], %arg3)
// ALL: %[[P:.*]] = "graph.softmax"(%[[M]]) {axis = 3 : i64, log = false}
// ALL: %[[Y:.*]] = "graph.matmul"(%[[P]], %[[V]])
// ALL: "graph.transpose"(%[[Y]]) {permutation = array<i64: 0, 2, 1, 3>}
func.func @fused(%q: tensor<1x4x40x32xf32>, %k: tensor<1x40x4x32xf32>, %v: tensor<1x40x4x32xf32>, %m: tensor<1x1x1x40xf32>) -> tensor<1x40x4x32xf32> {
  %0 = "graph.attention"(%q, %k, %v, %m) {scale = 0.125 : f64, k_layout = "BSHD", v_layout = "BSHD", y_layout = "BSHD", operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<1x4x40x32xf32>, tensor<1x40x4x32xf32>, tensor<1x40x4x32xf32>, tensor<1x1x1x40xf32>) -> tensor<1x40x4x32xf32>
  return %0 : tensor<1x40x4x32xf32>
}

// -----

// Grouped heads: the queries of two heads are rows of one product. Nothing is repeated.
// CHECK-LABEL: func.func @f16_with_groups(
// CHECK-NOT: graph.expand
// CHECK: %[[Q:.*]] = "graph.reshape"(%arg0) {shape = array<i64: 1, 2, 80, 32>}
// CHECK: "graph.matmul"(%[[Q]], %{{.*}}) {{.*}} -> tensor<1x2x80x40xf16>
// CHECK: "graph.softmax"
// CHECK: "graph.matmul"(%{{.*}}, %arg2) {{.*}} -> tensor<1x2x80x32xf16>
// CHECK: "graph.reshape"(%{{.*}}) {shape = array<i64: 1, 4, 40, 32>}
func.func @f16_with_groups(%q: tensor<1x4x40x32xf16>, %k: tensor<1x2x40x32xf16>, %v: tensor<1x2x40x32xf16>) -> tensor<1x4x40x32xf16> {
  %0 = "graph.attention"(%q, %k, %v) {operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<1x4x40x32xf16>, tensor<1x2x40x32xf16>, tensor<1x2x40x32xf16>) -> tensor<1x4x40x32xf16>
  return %0 : tensor<1x4x40x32xf16>
}

// -----

// Rows that see no key give zeros.
// CHECK-LABEL: func.func @f64_guarded(
// CHECK: "graph.matmul"
// CHECK: %[[M:.*]] = "graph.reduce_max"
// CHECK: %[[E:.*]] = "graph.equal"(%[[M]],
// CHECK: "graph.where"(%[[E]],
func.func @f64_guarded(%q: tensor<1x4x1x32xf64>, %k: tensor<1x4x40x32xf64>, %m: tensor<40xf64>) -> tensor<1x4x1x32xf64> {
  %0 = "graph.attention"(%q, %k, %k, %m) {guard = "empty", operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<1x4x1x32xf64>, tensor<1x4x40x32xf64>, tensor<1x4x40x32xf64>, tensor<40xf64>) -> tensor<1x4x1x32xf64>
  return %0 : tensor<1x4x1x32xf64>
}

// -----

// No reassociation: no fused kernel.
module attributes {aicc.strict_fp} {
  // CHECK-LABEL: func.func @strict(
  // CHECK-NOT: "graph.attention"
  func.func @strict(%q: tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32> {
    %0 = "graph.attention"(%q, %q, %q) {operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<1x4x40x32xf32>, tensor<1x4x40x32xf32>, tensor<1x4x40x32xf32>) -> tensor<1x4x40x32xf32>
    return %0 : tensor<1x4x40x32xf32>
  }
}

// -----

// Heads 4 to 7 are keys, 8 to 11 values.
// CHECK-LABEL: func.func @heads_of_one_tensor(
// CHECK: "graph.attention"
// ALL-LABEL: func.func @heads_of_one_tensor(
// ALL: "graph.slice"(%arg0) {sizes = array<i64: 1, 40, 4, 32>, starts = array<i64: 0, 0, 0, 0>
// ALL: "graph.slice"(%arg0) {sizes = array<i64: 1, 40, 4, 32>, starts = array<i64: 0, 0, 4, 0>
// ALL: "graph.slice"(%arg0) {sizes = array<i64: 1, 40, 4, 32>, starts = array<i64: 0, 0, 8, 0>
func.func @heads_of_one_tensor(%x: tensor<1x40x12x32xf32>) -> tensor<1x4x40x32xf32> {
  %0 = "graph.attention"(%x, %x, %x) {heads = array<i64: 4, 4>, first = array<i64: 0, 4, 8>, q_layout = "BSHD", k_layout = "BSHD", v_layout = "BSHD", operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<1x40x12x32xf32>, tensor<1x40x12x32xf32>, tensor<1x40x12x32xf32>) -> tensor<1x4x40x32xf32>
  return %0 : tensor<1x4x40x32xf32>
}
